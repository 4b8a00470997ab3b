//! From kept events to mirrored rows: read, merge, write.
//!
//! [`payload`] reads an event into [`facts`], [`merge`](mod@merge) applies them to rows by their [`clock`]s.

pub mod clock;
pub mod facts;
pub mod merge;
pub mod payload;
pub mod tables;
pub mod told;
