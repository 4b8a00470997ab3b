//! Live data: subscriptions over `WebSocket` (`graphql-transport-ws`, and the older `graphql-ws`) and
//! server-sent events, all on `/graphql`. Queries and mutations work there as well.
//!
//! `admission` knows who is connected and ends what a token no longer allows, `entrance` lets in whom a
//! token allows, `protocol` is the text of `graphql-transport-ws`, `socket` and `operation` run it,
//! `outbox` bounds what waits for a slow reader. `subscriptions_transport_ws` has the older protocol
//! spoken by async-graphql-axum, and `sse` is the other transport. What is sent is none of their business: see
//! [`Stream`](crate::graphql::subscription::Stream).

mod admission;
mod entrance;
mod init;
mod operation;
mod origin;
mod outbox;
mod protocol;
mod socket;
mod sse;
mod subscriptions_transport_ws;

pub use admission::{Live, Size};
pub(super) use socket::{is_upgrade, upgrade};
pub(super) use sse::{Asked, answer};
