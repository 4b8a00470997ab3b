//! Webhooks: authenticates deliveries, redacts them and has them stored.
//!
//! ```text
//! bytes -> authenticate -> parse (redact and read the envelope in one scan) -> intake -> answer
//! ```
//!
//! | Module | Does |
//! |---|---|
//! | `routes` | the routes, and the handling of one request |
//! | `authenticate` | tokens and signatures: who may deliver |
//! | `endpoints` | the configured tokens and signing secrets |
//! | `signature` | `X-Webhook-Signature` |
//! | `parse` | a body → the event that is stored |
//! | `envelope` | which event a body says it is |
//! | `redact` | takes secrets out of a body |
//! | `answer` | status codes and bodies of the answers, and their counters |
//!
//! No 2xx goes out before the event is committed. Nothing but the envelope is interpreted: what an event means is the
//! projection's business, after the answer.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use bytes::Bytes;

use crate::{inbox::Delivery, intake::Intake};

mod answer;
mod authenticate;
mod endpoints;
mod envelope;
mod parse;
mod redact;
mod routes;
mod signature;

pub use answer::DeliveryCounters;
pub use endpoints::{EndpointError, Endpoints, SignatureMode, SigningSecrets};
pub use routes::{BODY_LIMIT, fallback, router};

/// The default time in which a body must arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// The state of the webhook routes; cheap to clone.
#[derive(Clone, Debug)]
pub struct WebhookState {
    intake: Intake,
    endpoints: Endpoints,
    secrets: SigningSecrets,
    counters: Arc<DeliveryCounters>,
    /// When a delivery was last stored, in milliseconds since 1970; 0 for none since the start.
    last_stored_at: Arc<AtomicI64>,
    body_limit: usize,
    body_timeout: Duration,
}

/// The event that the routes would store for an authenticated body: redacted, with its envelope read. For callers that
/// make or import events themselves.
#[must_use]
pub fn parse_delivery(body: &Bytes, endpoints: &Endpoints, now_ms: i64) -> Delivery {
    parse::parse(body, endpoints.token_matcher(), now_ms).delivery
}

impl WebhookState {
    /// Combines the parts, with default limits.
    ///
    /// # Errors
    /// When no delivery could ever be authenticated: neither a token nor a secret is set, or a signature is required
    /// without a secret to check it with.
    pub fn new(
        intake: impl Into<Intake>,
        endpoints: Endpoints,
        secrets: SigningSecrets,
    ) -> Result<Self, EndpointError> {
        endpoints::check(&endpoints, &secrets)?;
        let (counters, last_stored_at) = (Arc::default(), Arc::default());
        let (body_limit, body_timeout) = (BODY_LIMIT, BODY_TIMEOUT);
        Ok(Self { intake: intake.into(), endpoints, secrets, counters, last_stored_at, body_limit, body_timeout })
    }

    /// Sets the largest body, in bytes.
    #[must_use]
    pub fn with_body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    /// Sets the time in which a body must arrive.
    #[must_use]
    pub fn with_body_timeout(self, body_timeout: Duration) -> Self {
        Self { body_timeout, ..self }
    }

    /// Where deliveries are stored.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// Deliveries by their answer.
    #[must_use]
    pub fn counters(&self) -> &DeliveryCounters {
        &self.counters
    }
}
