//! The API: its parts, and the entry points of every transport.

use std::{sync::Arc, time::Duration};

use prometheus_client::metrics::{
    family::Family,
    histogram::{Histogram, exponential_buckets},
};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use super::{
    INTROSPECTION, TrustedDocuments,
    catalog::CATALOG,
    concurrency::{ConcurrencyLimiter, InFlightRequest},
    conditional,
    documents::Documents,
    introspection::IntrospectionEngine,
    rate_limit::SubjectLimiter,
    request::{AllowedOperations, Request, Response},
    response::ResponseBuilder,
};
use crate::{
    auth::Session,
    database::{Database, FairSemaphore, ShareKey, SlotLimits},
    error::ApiError,
    intake::Spool,
    limits::{LiveLimits, RateLimits, RequestLimits},
    projection::Changes,
    rate_limit::RateLevel,
    read::Reader,
};

/// Request durations in seconds, by kind of operation (`query`, `mutation`, or `none` if nothing was executed) and
/// error code.
pub type RequestDurations = Family<[(&'static str, &'static str); 2], Histogram, fn() -> Histogram>;

fn durations() -> Histogram {
    // From a quarter of a millisecond to sixteen seconds.
    Histogram::new(exponential_buckets(0.000_25, 2.0, 17))
}

/// What an [`Api`] is made of. [`ApiConfig::new`] has the defaults of the settings.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// The database of the mirror and the stored events.
    pub db: Database,
    /// Limits of every request.
    pub limits: RequestLimits,
    /// Currency of all money (ISO 4217). No webhook names it.
    pub currency: Option<String>,
    /// Documents that the operator trusts, if there is a manifest.
    pub trusted_documents: Option<TrustedDocuments>,
    /// Points per minute of each token subject.
    pub rate_points: u32,
    /// Source of the changes that subscriptions deliver.
    pub changes: Changes,
    /// Maximum number of missed rows that a resumed subscription is sent.
    pub replay_rows: usize,
    /// Wakes the projector after a replay.
    pub wake: Arc<Notify>,
    /// The spool of this server, if it has one: `freshness` counts its events.
    pub spool: Option<Spool>,
}

impl ApiConfig {
    /// Default limits, no trusted documents, and changes that nobody writes.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self {
            db,
            limits: RequestLimits::default(),
            currency: None,
            trusted_documents: None,
            rate_points: RateLimits::default().rate_points,
            changes: Changes::new(),
            replay_rows: LiveLimits::default().replay,
            wake: Arc::default(),
            spool: None,
        }
    }
}

/// Executes requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api {
    pub(super) config: Arc<ApiConfig>,
    pub(super) reader: Reader,
    pub(super) introspection: IntrospectionEngine,
    /// The settings that responses follow from, as text.
    pub(super) response_settings: Arc<str>,
    pub(super) documents: Documents,
    pub(super) rates: Arc<SubjectLimiter>,
    pub(super) live_reads: FairSemaphore,
    concurrency: ConcurrencyLimiter,
    durations: RequestDurations,
}

/// Reads of subscriptions that run at the same time. The rest of the pool is left to requests.
const LIVE_READS: SlotLimits = SlotLimits { fast: 3, slow: 2, per_key: 2, slow_per_key: 1 };

/// Safety margin added to `statement_timeout` beyond the request's deadline.
const STATEMENT_TIMEOUT_MARGIN: Duration = Duration::from_secs(5);

/// The share of the database connections that a session's subject has.
pub(super) fn share_of(session: &Session) -> ShareKey {
    ShareKey::of(&(session.viewer, &session.subject))
}

impl Api {
    /// The API over these parts.
    #[must_use]
    pub fn new(config: ApiConfig) -> Self {
        Self {
            reader: Reader::new(&config.db, &CATALOG),
            introspection: INTROSPECTION.clone(),
            response_settings: conditional::response_settings(&config).into(),
            documents: Documents::new(config.trusted_documents.clone()),
            rates: Arc::new(SubjectLimiter::new(config.rate_points)),
            live_reads: FairSemaphore::new(LIVE_READS),
            concurrency: ConcurrencyLimiter::default(),
            durations: RequestDurations::new_with_constructor(durations),
            config: Arc::new(config),
        }
    }

    /// Its parts, to make another one with some of them changed.
    #[must_use]
    pub fn config(&self) -> &ApiConfig {
        &self.config
    }

    /// The time after which the database should end a statement on its own: later than any request's deadline.
    #[must_use]
    pub fn statement_timeout(limits: &RequestLimits) -> Duration {
        limits.duration + STATEMENT_TIMEOUT_MARGIN
    }

    /// Admits a request of this session, before any work is done for it: transports hold the result until they have the
    /// response. A batch is one request.
    ///
    /// # Errors
    /// When the server is overloaded.
    pub fn admit(&self, session: &Session) -> Result<InFlightRequest, ApiError> {
        self.concurrency.admit(share_of(session))
    }

    /// How many queries were compiled since the start, for the metrics.
    #[must_use]
    pub fn compilations(&self) -> u64 {
        self.documents.compilations()
    }

    /// The limiter of requests in flight, for the metrics.
    #[must_use]
    pub fn concurrency(&self) -> &ConcurrencyLimiter {
        &self.concurrency
    }

    /// Executes a request. `now_ms` is the time in milliseconds since 1970.
    pub async fn execute(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        now_ms: i64,
    ) -> Response {
        self.execute_by((self.deadline(), 0), session, request, allowed, now_ms).await
    }

    /// The deadline of a request that starts now.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.config.limits.duration
    }

    /// As [`Self::execute`], with a deadline at which its statements are cancelled in the database. They are also cancelled
    /// when the future is dropped. `taken` is the size of the batch's earlier responses in bytes: all responses of a batch
    /// share the maximum size of one.
    pub async fn execute_by(
        &self,
        (deadline, taken): (Instant, usize),
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        now_ms: i64,
    ) -> Response {
        if deadline <= Instant::now() {
            // Earlier requests of the batch used up the time.
            return ResponseBuilder::late(self.config.limits.duration).finish();
        }
        self.timed(deadline, self.run(session, request, allowed, taken, now_ms)).await.finish()
    }

    /// Runs until the deadline, and counts the duration.
    pub(super) async fn timed(&self, deadline: Instant, run: impl Future<Output = ResponseBuilder>) -> ResponseBuilder {
        let started = Instant::now();
        let answer =
            timeout_at(deadline, run).await.unwrap_or_else(|_| ResponseBuilder::late(self.config.limits.duration));
        self.durations.get_or_create(&answer.labels()).observe(started.elapsed().as_secs_f64());
        answer
    }

    /// The durations of all requests so far.
    #[must_use]
    pub fn durations(&self) -> RequestDurations {
        self.durations.clone()
    }

    /// The rate limit of a session's subject, and what is left of it.
    #[must_use]
    pub fn rate(&self, session: &Session, now: Instant) -> RateLevel {
        self.rates.level(session, now)
    }

    /// A reader within the share of a session's subject.
    pub(super) fn reader_for(&self, session: &Session) -> Reader {
        self.reader.with_share(share_of(session))
    }
}
