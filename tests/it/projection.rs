//! The projection: what events tell, in which order ever, and how batches are applied.

mod changes;
mod lease;
mod queue;
mod reading;
mod replay;
mod stories;
mod tables;
