//! The projection: what events tell, in which order ever, and how batches are applied.

mod bad_input;
mod changes;
mod lease;
mod queue;
mod reading;
mod replay;
mod stories;
mod tables;
