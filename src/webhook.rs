//! Webhooks: lets deliveries in, takes the secrets out of them, and has them kept.
//!
//! ```text
//! bytes -> authenticate -> redact and recognise (one scan) -> intake -> answer
//! ```
//!
//! Nothing is answered with 2xx before it is committed, and nothing is parsed beyond the envelope:
//! what an event means is the projection's business, after the answer.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{inbox::Delivery, intake::Intake};

mod answer;
mod authenticate;
mod counter;
mod edit;
mod endpoint;
mod envelope;
mod key;
mod loose;
mod needle;
mod reading;
mod redact;
mod route;
mod scan;
mod secret_key;
mod signature;
mod text;

pub use counter::Counters;
pub use endpoint::{Endpoints, Mode, Secrets, SettingError};
pub use route::{BODY_LIMIT, answer_elsewhere, router};

/// What the routes work with; cheap to clone.
#[derive(Clone, Debug)]
pub struct WebhookState {
    intake: Intake,
    endpoints: Endpoints,
    secrets: Secrets,
    counters: Arc<Counters>,
    last: Arc<route::Last>,
    body_limit: usize,
    body_timeout: Duration,
}

/// How long a body may take, where nothing else is set.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// What the routes would keep of a body that was let in: redacted, its envelope recognised.
/// For those who make or bring events themselves.
#[must_use]
pub fn recognise(body: &Bytes, endpoints: &Endpoints, now_ms: i64) -> Delivery {
    reading::read(body, endpoints.needles(), now_ms).delivery
}

impl WebhookState {
    /// Puts the settings together.
    ///
    /// # Errors
    /// When they could never let anything in: neither a token nor a secret, or a signature demanded
    /// without a secret to check it with.
    pub fn new(intake: impl Into<Intake>, endpoints: Endpoints, secrets: Secrets) -> Result<Self, SettingError> {
        endpoint::check(&endpoints, &secrets)?;
        let (counters, last) = (Arc::default(), Arc::default());
        let (body_limit, body_timeout) = (BODY_LIMIT, BODY_TIMEOUT);
        Ok(Self { intake: intake.into(), endpoints, secrets, counters, last, body_limit, body_timeout })
    }

    /// Takes bodies of so many bytes.
    #[must_use]
    pub fn with_body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    /// Waits for so long until a body has arrived.
    #[must_use]
    pub fn with_body_timeout(self, body_timeout: Duration) -> Self {
        Self { body_timeout, ..self }
    }

    /// What keeps the deliveries.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// How many deliveries got which answer.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}
