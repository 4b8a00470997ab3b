//! `/metrics` in the `OpenMetrics` text format, for admins and analysts. It holds nothing personal, and no label has
//! unbounded values.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{AppState, Live, SharedState, caller::CallerDuringOutage, ready::DatabaseState};
use crate::{
    auth::Viewer,
    database::Database,
    error::{ApiError, ErrorCode},
    inbox::statistics::{self, Backlog, EventCounts},
    time::now_ms,
};

mod process;

/// How long counts of events are reused: counting reads the index of all events.
const CACHE_TTL: Duration = Duration::from_secs(15);
/// How long the database may take.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(3);
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// By route and status.
type RequestDurations = Family<[(&'static str, String); 2], Histogram, fn() -> Histogram>;

/// What is measured per request, and cached counts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: RequestDurations,
    event_counts: Arc<Mutex<Option<(Instant, EventCounts)>>>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { requests: Family::new_with_constructor(durations), event_counts: Arc::default() }
    }
}

impl Metrics {
    /// A request was answered.
    pub(super) fn answered(&self, route: &str, status: u16, took: Duration) {
        let labels = [("route", route.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts of events, at most [`CACHE_TTL`] old; empty while the database does not answer.
    async fn event_counts(&self, db: &Database) -> EventCounts {
        let mut cached = self.event_counts.lock().await;
        if let Some((at, counts)) = cached.as_ref()
            && at.elapsed() < CACHE_TTL
        {
            return counts.clone();
        }
        let counts = match timeout(DATABASE_TIMEOUT, statistics::event_counts(db)).await {
            Ok(Ok(counts)) => counts,
            Ok(Err(error)) => {
                tracing::debug!(%error, "cannot count events");
                EventCounts::default()
            }
            Err(_) => EventCounts::default(),
        };
        *cached = Some((Instant::now(), counts.clone()));
        counts
    }
}

/// From a quarter of a millisecond to sixteen seconds.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 17))
}

/// All metrics.
pub(super) async fn answer(
    State(state): State<SharedState>,
    CallerDuringOutage(session): CallerDuringOutage,
) -> Result<Response, ApiError> {
    if matches!(session.viewer, Viewer::Promoter { .. }) {
        return Err(ApiError::new(ErrorCode::Forbidden, "`/metrics` needs the token of an admin or an analyst"));
    }
    let mut out = Report(Registry::with_prefix("promograph"));
    out.0.register_with_unit(
        "http_request_duration",
        "Requests by route and status",
        Unit::Seconds,
        state.metrics.requests.clone(),
    );
    let graphql = state.api.durations();
    out.0.register_with_unit("graphql_request_duration", "GraphQL requests by kind and code", Unit::Seconds, graphql);
    webhooks(&mut out, &state);
    events(&mut out, &state).await;
    let concurrency = state.api.concurrency();
    out.gauge("requests_in_flight", "Requests of the API that are executed or wait", concurrency.in_flight());
    out.counter("requests_shed", "Requests of the API that were refused under overload", concurrency.shed());
    out.counter(
        "graphql_compilations",
        "Queries that were compiled, as no compiled one was known",
        state.api.compilations(),
    );
    databases(&mut out, &state.db);
    if let Some(limiter) = &state.connection_limiter {
        let (connected, most) = limiter.size();
        out.gauge("connections", "Connections of clients", connected);
        out.gauge("connections_max", "Maximum number of client connections", most);
        out.counter("connections_evicted", "Idle connections that were closed to make room", limiter.evicted());
    }
    live(&mut out, &state.live);
    process::add(&mut out);
    let mut text = String::new();
    encode(&mut text, &out.0).map_err(|_| ApiError::internal())?;
    let headers = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}

fn webhooks(out: &mut Report, state: &AppState) {
    let seen = state.webhook.counters();
    out.counters(
        "webhook_deliveries",
        "Webhook deliveries by answer",
        "answer",
        [
            ("kept", &seen.kept),
            ("duplicate", &seen.duplicates),
            ("unreadable", &seen.unreadable),
            ("unauthenticated", &seen.unauthenticated),
            ("malformed", &seen.malformed),
            ("unavailable", &seen.unavailable),
        ],
    );
    let seen = state.webhook.intake().spool_counters();
    out.counters(
        "spool_events",
        "Events that went through the spool",
        "step",
        [("spooled", &seen.spooled), ("drained", &seen.drained), ("refused", &seen.refused)],
    );
    let outages = seen.outages.load(Ordering::Relaxed);
    out.counter("database_outages", "Outages of the database", outages);
}

async fn events(out: &mut Report, state: &AppState) {
    let report = state.readiness.report().await;
    let age = |received_at: Option<i64>| received_at.map_or(0, |received_at| (now_ms() - received_at).max(0)) / 1000;
    if let Some(waiting) = &report.spool {
        out.gauge("spool_waiting", "Events in the spool", waiting.events);
        let oldest = age(waiting.oldest_received_at);
        out.gauge("spool_oldest_age_seconds", "Age of the oldest event in the spool", oldest);
    }
    let ready = matches!(report.database, DatabaseState::Ready(_));
    out.gauge("database_up", "Whether the database answers and has every migration", u8::from(ready));
    let DatabaseState::Ready(Backlog { oldest_received_at, held, held_since, .. }) = report.database else { return };
    out.gauge("projector_lag_seconds", "Age of the oldest event that is not applied", age(oldest_received_at));
    out.gauge("events_held_back", "Events whose own time is more than 24 hours ahead of the server's clock", held);
    out.gauge("events_held_back_oldest_seconds", "How long the first of them has been held back", age(held_since));
    let EventCounts { by_status: counts, with_warnings } = state.metrics.event_counts(&state.db).await;
    out.gauge("events_with_warnings", "Applied events with warnings", with_warnings);
    let by_status = Family::<[(&str, String); 1], Gauge>::default();
    for (status, count) in counts {
        by_status.get_or_create(&[("status", status)]).set(count);
    }
    out.0.register("events", "Stored webhook events by status", by_status);
}

fn live(out: &mut Report, live: &Live) {
    let size = live.size();
    out.gauge("live_sockets", "Open WebSockets", size.sockets);
    out.gauge("live_streams", "Open event streams", size.streams);
    out.gauge("live_subscriptions", "Running subscriptions", size.subscriptions);
}

fn databases(out: &mut Report, db: &Database) {
    let (reading, most) = db.read.usage();
    out.gauge("read_connections_in_use", "Connections that are reading", reading.taken);
    out.gauge("read_connections_slow", "Reading connections with a slow statement while others wait", reading.slow);
    out.gauge("read_connections_max", "Maximum number of reading connections", most);
    out.gauge("reads_waiting", "Reads that wait for a connection", reading.waiting);
    let (size, idle) = db.writers();
    out.gauge("write_connections", "Open connections for writing", size);
    out.gauge("write_connections_idle", "Idle connections for writing", idle);
    if let Some(seen) = db.read.counters() {
        let number = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        out.counter("read_statements", "SQL statements of the API", number(&seen.statements));
        out.counter(
            "read_statements_cancelled",
            "SQL statements of the API that were cancelled",
            number(&seen.cancelled),
        );
        out.counter("read_connections_made", "Connections opened for reading", number(&seen.connected));
    }
}

/// The metrics of one answer.
struct Report(Registry);

impl Report {
    fn gauge(&mut self, name: &str, help: &str, value: impl TryInto<i64>) {
        let gauge: Gauge = Gauge::default();
        gauge.set(value.try_into().unwrap_or(i64::MAX));
        self.0.register(name, help, gauge);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        self.0.register(name, help, counter);
    }

    fn counters<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: [(&'static str, &std::sync::atomic::AtomicU64); N],
    ) {
        let counters = Family::<[(&str, &str); 1], Counter>::default();
        for (value, counter) in values {
            counters.get_or_create(&[(label, value)]).inc_by(counter.load(Ordering::Relaxed));
        }
        self.0.register(name, help, counters);
    }
}
