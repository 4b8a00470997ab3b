//! The integration tests: one binary, one file per subject.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod about_server;
mod auth;
mod bad_documents;
mod catalog;
mod cli;
mod crash;
mod demo;
mod events_command;
mod fuzz;
mod http;
mod inbox;
mod limits;
mod lineage;
mod listed;
mod migration;
mod oracle;
mod paging;
mod plans;
mod projection;
mod rates;
mod rebuild;
mod seeds;
mod settings;
mod slow_clients;
mod spool;
mod spool_outages;
mod statements;
mod stopping;
mod support;
mod two_servers;
mod visibility;
mod webhook_answers;
mod webhook_authentication;
