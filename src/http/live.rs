//! Live data on `/graphql`: operations over `WebSocket` (`graphql-transport-ws`, and the older `graphql-ws`) and
//! server-sent events.
//!
//! `upgrade` accepts a socket, `connection_init` authenticates it, `admission` tracks open connections and ends those
//! whose token is not valid any more. `graphql_transport_ws` with `protocol` and `operation` is the first protocol,
//! `subscriptions_transport_ws` the older one by async-graphql-axum, and `sse` the other transport. `outbox` bounds what
//! waits for a slow client. What is sent comes from
//! [`SubscriptionStream`](crate::graphql::subscription::SubscriptionStream).

mod admission;
mod connection_init;
mod graphql_transport_ws;
mod operation;
mod outbox;
mod protocol;
mod socket;
mod sse;
mod subscriptions_transport_ws;
mod upgrade;

pub(super) use admission::Admission;
pub use admission::{Live, LiveCounts};
pub(super) use sse::{StreamRequest, answer};
pub(super) use upgrade::{is_upgrade, upgrade};
