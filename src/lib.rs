//! Promograph: a server that keeps FirstPromoter's webhooks, mirrors the affiliate programme in a
//! database of its own, and answers GraphQL over it.
//!
//! A webhook's life: [`http`] routes it to [`webhook`], which authenticates the raw bytes, redacts
//! them and hands them to the [`intake`], which keeps them in the database's [`inbox`] or, while the
//! database is away, in the spool; the answer goes out once they are durable. In the background [`projection`] reads what is pending, merges it field by field and writes the tables.
//!
//! A query's life: [`http`] routes it to [`graphql`], which checks limits, validates, and collects
//! the root fields; [`read`] plans each of them as one SQL statement per to-many level, for the
//! viewer that [`auth`] made of the token, and writes the rows as JSON.
//!
//! Dependencies point one way: `cli` → `settings` → `http` → {`webhook`, `graphql`} → {`intake`, `inbox`,
//! `projection`, `read`, `auth`} → `database` → ground modules ([`limits`], [`error`], [`time`], [`secret`], ...) and the
//! `entity` crate. `webhook` and `graphql` never name each other.

#![warn(missing_docs)]

mod address_digest;
pub mod auth;
pub mod body;
mod cache;
pub mod cli;
pub mod data_dir;
pub mod database;
pub mod error;
pub mod graphql;
pub mod http;
pub mod inbox;
pub mod intake;
pub mod json;
pub mod limits;
pub mod number;
pub mod projection;
pub mod rate_limit;
pub mod read;
pub mod request_id;
pub mod secret;
pub mod settings;
pub mod telemetry;
pub mod time;
mod value_parser;
pub mod value_times;
pub mod webhook;
