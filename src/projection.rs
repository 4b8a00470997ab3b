//! From stored events to mirrored rows: parse, merge, write, notify.
//!
//! [`parse`] reads an event into [`updates`] of rows, with the readers of [`mirror`]; [`merge`](mod@merge) applies them
//! by their [`clock`]s; `store` writes a batch of events in one transaction. A [`Projector`] does so in the background
//! while its process holds the [`lease`]. After each commit a [`NoticePoller`] in every process publishes its
//! [`Changes`], and the [`version`] of the mirror has grown.

pub mod changes;
pub mod clock;
mod digest;
pub mod field_clocks;
pub mod lease;
pub mod merge;
pub mod mirror;
pub mod parse;
mod payload;
mod projector;
mod prune;
mod queue;
mod queue_cursor;
mod rebuild;
pub mod registers;
mod replay;
mod store;
pub mod updates;
pub mod version;

pub use changes::{Change, Changes, Commit, Notice, NoticePoller, notice_writer, pg_listener};
pub use digest::{Digest, digest};
pub use projector::{OutcomeCounts, Projector, ProjectorConfig, ProjectorError, StepOutcome, drain};
pub use prune::prune;
pub use rebuild::{RebuildProgress, RebuildReport, rebuild};
pub use replay::{ReplaySelection, replay, replay_with_timeout};
