//! The integration tests: one binary, one file per subject.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod auth;
mod cli;
mod crash;
mod demo;
mod events_command;
mod http;
mod inbox;
mod migration;
mod projection;
mod settings;
mod support;
mod webhook_answers;
mod webhook_authentication;
