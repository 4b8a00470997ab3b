//! Live data: subscriptions over `WebSocket` (`graphql-transport-ws`) and server-sent events, both on
//! `/graphql`. Queries and mutations work there as well.
//!
//! `admission` knows who is connected and ends what a token no longer allows, `protocol` is the
//! `WebSocket` protocol's text, `socket` and `operation` run it, `outbox` bounds what waits for a
//! slow reader. `sse` is the other transport. What is sent is none of their business: see
//! [`Stream`](crate::graphql::subscription::Stream).

mod admission;
mod init;
mod operation;
mod origin;
mod outbox;
mod protocol;
mod socket;
mod sse;

pub use admission::{Live, Size};
pub(super) use socket::{is_upgrade, upgrade};
pub(super) use sse::{Asked, answer};
