//! GraphQL: the schema, the executor, and what is answered by which.
//!
//! [`catalog`] declares the types, [`schema`] makes one model of them, and [`Api::execute`] runs
//! documents by it for every transport alike. async-graphql brings the syntax tree and introspects;
//! rows never pass through its per-field futures. [`executor`] is the way back: the API as the
//! services of its crates take it.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::http::StatusCode;
use bytes::Bytes;
use prometheus_client::metrics::{
    family::Family,
    histogram::{Histogram, exponential_buckets},
};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

pub mod catalog;
pub mod schema;

mod answer;
mod coerce;
mod collect;
mod cost;
mod documents;
mod engine;
mod error;
mod execute;
pub mod executor;
mod limits;
mod mutation;
mod rate;
mod root;
pub mod subscription;
mod syntax;
mod tokens;
mod unchanged;
mod validate;

pub use documents::Named;
pub use execute::Allowed;
pub use unchanged::Seen;

use crate::{
    auth::Session,
    database::{Database, Places, Rules},
    projection::Changes,
    rate::{Buckets, Level},
    read::Reader,
    settings::{LimitArgs, LiveArgs, RateArgs},
};
use answer::Answer;
use documents::Documents;
use engine::Engine;

/// A GraphQL request, from whatever transport.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The document; empty when it is only named.
    pub query: String,
    /// Which document it is, by id or hash.
    pub named: Option<Named>,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// The variables' values.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The response object as JSON.
    pub body: Bytes,
    /// 200 when the document was run, else the status of the fault that prevented it.
    pub status: StatusCode,
    /// After how many seconds it is worth trying again, if it was refused for being too early.
    pub retry_after_s: Option<u64>,
    /// The same as long as the answer is; none where that cannot be told.
    pub tag: Option<String>,
    /// When the document was not run: the errors of the body, as a JSON list.
    pub refusal: Option<Bytes>,
}

/// How long requests took, in seconds.
pub type Durations = Family<[(&'static str, &'static str); 2], Histogram, fn() -> Histogram>;

fn durations() -> Histogram {
    // From a quarter of a millisecond to sixteen seconds.
    Histogram::new(exponential_buckets(0.000_25, 2.0, 17))
}

/// How much later than we the database ends a statement by itself.
const NET: Duration = Duration::from_secs(5);

/// Answers requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api {
    reader: Reader,
    engine: Engine,
    documents: Documents,
    limits: Arc<LimitArgs>,
    db: Database,
    wake: Arc<Notify>,
    currency: Option<Arc<str>>,
    rates: Arc<Buckets<rate::Subject>>,
    durations: Durations,
    changes: Changes,
    live_reads: Places,
    replay: usize,
}

/// Reads for subscribers that run at the same time, so that the others find a connection.
const LIVE_READS: Rules = Rules { quick: 3, slow: 2, each: 2, each_slow: 1 };

impl Api {
    /// Reads this database within these limits; `wake` wakes the projector after a replay.
    #[must_use]
    pub fn new(db: Database, limits: LimitArgs, wake: Arc<Notify>) -> Self {
        db.read.end_statements_after(limits.duration + NET);
        let reader = Reader::new(&db, &catalog::CATALOG);
        Self {
            reader,
            engine: ENGINE.clone(),
            documents: Documents::default(),
            limits: Arc::new(limits),
            db,
            wake,
            currency: None,
            rates: Arc::new(Buckets::of(RateArgs::default().rate_points)),
            durations: Durations::new_with_constructor(durations),
            changes: Changes::new(),
            live_reads: Places::new(LIVE_READS),
            replay: LiveArgs::default().replay,
        }
    }

    /// With so many points a minute for every subject.
    #[must_use]
    pub fn with_rate(mut self, points: u32) -> Self {
        self.rates = Arc::new(Buckets::of(points));
        self
    }

    /// With the currency of all money (ISO 4217), which no webhook tells.
    #[must_use]
    pub fn with_currency(mut self, currency: Option<&str>) -> Self {
        self.currency = currency.map(Arc::from);
        self
    }

    /// Subscriptions hear these changes; so many rows are sent again to who missed some.
    #[must_use]
    pub fn with_changes(mut self, changes: Changes, replay: usize) -> Self {
        self.changes = changes;
        self.replay = replay;
        self
    }

    /// Runs a request for this session. `now_ms` is the time in milliseconds since 1970.
    pub async fn execute(&self, session: &Session, request: &Request, allowed: Allowed, now_ms: i64) -> Response {
        self.execute_by((self.deadline(), 0), session, request, allowed, now_ms).await
    }

    /// When a request that begins now is given up.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.limits.duration
    }

    /// Runs a request as [`Self::execute`] does, and gives it up at `deadline`: what the database does
    /// for it is cancelled there. The same happens when the future is dropped. `taken` are the bytes of those
    /// before it in its batch: all of them together may have as many as one answer.
    pub async fn execute_by(
        &self,
        (deadline, taken): (Instant, usize),
        session: &Session,
        request: &Request,
        allowed: Allowed,
        now_ms: i64,
    ) -> Response {
        if deadline <= Instant::now() {
            // Others of the same batch took all the time there was.
            return Answer::late(self.limits.duration).finish();
        }
        self.timed(deadline, self.run(session, request, allowed, taken, now_ms)).await
    }

    async fn timed(&self, deadline: Instant, run: impl Future<Output = Answer>) -> Response {
        let started = Instant::now();
        let answer = timeout_at(deadline, run).await.unwrap_or_else(|_| Answer::late(self.limits.duration));
        self.durations.get_or_create(&answer.labels()).observe(started.elapsed().as_secs_f64());
        answer.finish()
    }

    /// How long requests took, by kind (`query`, `mutation`, or `none` where nothing was run) and code.
    #[must_use]
    pub fn durations(&self) -> Durations {
        self.durations.clone()
    }

    /// What is left of the share of a session's subject.
    #[must_use]
    pub fn rate(&self, session: &Session, now: Instant) -> Level {
        self.rates.look(&rate::Subject::of(session), now)
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

/// The schema in GraphQL's own language, sorted, as `schema.graphql` has it. Needs no database.
#[must_use]
pub fn sdl() -> String {
    ENGINE.sdl()
}
