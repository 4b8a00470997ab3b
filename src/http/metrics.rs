//! `/metrics`: what a monitoring system asks for, in the text format of Prometheus (`OpenMetrics`).
//!
//! For admins and analysts. Nothing personal is in it, and no label has values without end.

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
use sea_orm::{ConnectionTrait as _, DbErr, Statement};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{AppState, Live, caller::Watcher, ready::Look};
use crate::{
    auth::Viewer,
    database::{Database, Workload, by_status::WARNED},
    error::{ApiError, ErrorCode},
    time::now_ms,
};

mod process;

/// How long counted events are told again: counting them takes a look at each.
const GOOD_FOR: Duration = Duration::from_secs(15);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(3);
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How many events have which status, and how many have warnings.
type Counts = (Vec<(String, i64)>, i64);

type ByRoute = Family<[(&'static str, String); 2], Histogram, fn() -> Histogram>;

/// What is counted at the routes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: ByRoute,
    events: Arc<Mutex<Option<(Instant, Counts)>>>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        Self { requests: Family::new_with_constructor(durations), events: Arc::default() }
    }

    /// A request was answered.
    pub(super) fn answered(&self, route: &str, status: u16, took: Duration) {
        let labels = [("route", route.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Events by status, counted now or a moment ago; none while the database does not answer.
    async fn events(&self, db: &Database) -> Counts {
        let mut last = self.events.lock().await;
        if let Some((at, events)) = last.as_ref()
            && at.elapsed() < GOOD_FOR
        {
            return events.clone();
        }
        let events = match timeout(PATIENCE, count(db)).await {
            Ok(Ok(events)) => events,
            Ok(Err(error)) => {
                tracing::debug!(%error, "cannot count events");
                Counts::default()
            }
            Err(_) => Counts::default(),
        };
        *last = Some((Instant::now(), events.clone()));
        events
    }
}

/// From a quarter of a millisecond to sixteen seconds.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 17))
}

async fn count(db: &Database) -> Result<Counts, DbErr> {
    let sql = "select status, count(*) from webhook_event group by status order by status";
    let connection = db.internal(Workload::Monitoring);
    let rows = connection.query_all_raw(Statement::from_string(db.backend, sql)).await?;
    let by_status = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    let warned = format!("select count(*) from webhook_event where {WARNED}");
    let warned = connection.query_one_raw(Statement::from_string(db.backend, warned)).await?;
    let warned = warned.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok((by_status.collect::<Result<_, DbErr>>()?, warned))
}

/// Everything, for admins and analysts.
pub(super) async fn answer(State(state): State<AppState>, Watcher(session): Watcher) -> Result<Response, ApiError> {
    if matches!(session.viewer, Viewer::Promoter { .. }) {
        return Err(ApiError::new(ErrorCode::Forbidden, "`/metrics` needs the token of an admin or an analyst"));
    }
    let mut out = Sheet(Registry::with_prefix("promograph"));
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
    databases(&mut out, &state.db);
    if let Some(limiter) = &state.connection_limiter {
        let (connected, most) = limiter.size();
        out.gauge("connections", "Connections of clients", connected);
        out.gauge("connections_max", "How many there may be", most);
        out.counter("connections_evicted", "Idle connections that were closed to make room", limiter.evicted());
    }
    live(&mut out, &state.live);
    process::tell(&mut out);
    let mut text = String::new();
    encode(&mut text, &out.0).map_err(|_| ApiError::internal())?;
    let headers = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text).into_response())
}

fn webhooks(out: &mut Sheet, state: &AppState) {
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
    let seen = state.webhook.intake().counters();
    out.counters(
        "spool_events",
        "What went through the spool",
        "step",
        [("spooled", &seen.spooled), ("drained", &seen.drained), ("refused", &seen.refused)],
    );
    let outages = seen.outages.load(Ordering::Relaxed);
    out.counter("database_outages", "How often the database did not take webhooks", outages);
}

async fn events(out: &mut Sheet, state: &AppState) {
    let seen = state.readiness.look().await;
    let age = |received_at: Option<i64>| received_at.map_or(0, |received_at| (now_ms() - received_at).max(0)) / 1000;
    if let Some(waiting) = &seen.spool {
        out.gauge("spool_waiting", "Events in the spool", waiting.events);
        let oldest = age(waiting.oldest_received_at);
        out.gauge("spool_oldest_age_seconds", "How long the oldest of them has waited", oldest);
    }
    let ready = matches!(seen.database, Look::Ready { .. });
    out.gauge("database_up", "Whether the database answers and has every migration", u8::from(ready));
    let Look::Ready { oldest_received_at, held, held_since, .. } = seen.database else { return };
    let lag = age(oldest_received_at);
    out.gauge("projector_lag_seconds", "How long the oldest event has waited to be applied", lag);
    out.gauge("events_held_back", "Events whose own time is more than 24 hours ahead of the server's clock", held);
    out.gauge("events_held_back_oldest_seconds", "How long the first of them has been held back", age(held_since));
    let (counts, warned) = state.metrics.events(&state.db).await;
    out.gauge("events_with_warnings", "Applied events that told something that was not understood", warned);
    let by_status = Family::<[(&str, String); 1], Gauge>::default();
    for (status, count) in counts {
        by_status.get_or_create(&[("status", status)]).set(count);
    }
    out.0.register("events", "Kept webhook events by status", by_status);
}

fn live(out: &mut Sheet, live: &Live) {
    let size = live.size();
    out.gauge("live_sockets", "Open WebSockets", size.sockets);
    out.gauge("live_streams", "Open event streams", size.streams);
    out.gauge("live_subscriptions", "Subscriptions that run on them", size.subscriptions);
}

fn databases(out: &mut Sheet, db: &Database) {
    let (reading, most) = db.read.usage();
    out.gauge("read_connections_in_use", "Connections that read at the moment", reading.taken);
    out.gauge("read_connections_slow", "Those of them whose statement is slow while others wait", reading.slow);
    out.gauge("read_connections_max", "How many there may be", most);
    out.gauge("reads_waiting", "Reads that wait for a connection", reading.waiting);
    let (size, idle) = db.writers();
    out.gauge("write_connections", "Connections for writing that are open", size);
    out.gauge("write_connections_idle", "Those of them that are not in use", idle);
    if let Some(seen) = db.read.counters() {
        let number = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        out.counter("read_statements", "Statements of the API", number(&seen.statements));
        out.counter("read_statements_cancelled", "Those that were cancelled", number(&seen.cancelled));
        out.counter("read_connections_made", "Connections that were made for them", number(&seen.connected));
    }
}

/// What will be printed.
struct Sheet(Registry);

impl Sheet {
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
