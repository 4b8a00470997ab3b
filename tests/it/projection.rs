//! The projection: what events tell, in which order ever, and how batches are applied.

mod backlog;
mod bad_input;
mod changes;
mod clocks;
mod lease;
mod light;
mod queue;
mod reading;
mod replay;
mod stories;
mod tables;
mod v2;
mod v2_changes;
mod v2_ids;
mod v2_owners;
mod v2_payouts;
mod v2_stories;
mod warnings;
