//! The integration tests: one binary, one file per subject.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod events_command;
mod inbox;
mod migration;
mod support;
mod webhook_answers;
mod webhook_authentication;
