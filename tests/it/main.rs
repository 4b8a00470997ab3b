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
mod http;
mod inbox;
mod limits;
mod listed;
mod migration;
mod oracle;
mod paging;
mod plans;
mod projection;
mod seeds;
mod settings;
mod statements;
mod support;
mod visibility;
mod webhook_answers;
mod webhook_authentication;
