//! Under overload a caller is refused at once, while others are served and webhooks are taken.

use std::time::Duration;

use axum::http::StatusCode;
use promograph::{auth::Viewer, limits::RequestLimits};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    Answer, TestApp, TestDatabase,
    endless::{mend, spoil},
    escaped, eventually, fixture,
    live::Wire,
    on_both, rows,
};

/// Requests that one caller alone may have in flight.
const OF_ONE_CALLER: usize = 128;
const LEADS: &str = "{ leads { totalCount } }";
const CAMPAIGNS: &str = "{ campaigns { totalCount } }";

/// A server where as many requests of the admin are in flight as one caller may have: they read without end.
async fn overloaded(test: &TestDatabase) -> (TestApp, JoinSet<Answer>) {
    rows::programme(&test.database.write, 3).await;
    let limits = RequestLimits { duration: Duration::from_secs(3600), ..RequestLimits::default() };
    let app = TestApp::with(test, limits, |_| {});
    spoil(&test.database, "lead").await;
    let mut asking = JoinSet::new();
    for _ in 0..OF_ONE_CALLER {
        let client = app.admin();
        asking.spawn(async move { client.query(LEADS).await });
    }
    in_flight(test, OF_ONE_CALLER).await;
    (app, asking)
}

async fn in_flight(test: &TestDatabase, count: usize) {
    eventually("that many requests are in flight", async || {
        let (seen, _) = test.database.read.usage();
        seen.taken + seen.waiting == count
    })
    .await;
}

fn assert_refused(answer: &Answer) {
    assert_eq!((answer.status, answer.codes()), (StatusCode::SERVICE_UNAVAILABLE, vec!["UNAVAILABLE"]), "{answer:?}");
    assert_eq!(
        (&answer.headers["retry-after"], &answer.headers["cache-control"]),
        (&"1".parse().unwrap(), &"no-store".parse().unwrap())
    );
    let extensions = json!({
        "code": "UNAVAILABLE", "rule": "requestsInFlight", "limit": OF_ONE_CALLER, "actual": OF_ONE_CALLER + 1,
        "retryAfterSeconds": 1,
    });
    assert_eq!(answer.body["errors"][0]["extensions"], extensions);
}

#[tokio::test]
async fn the_next_request_of_a_caller_is_refused_at_once_on_every_transport_and_reads_nothing() {
    on_both(async |test: TestDatabase| {
        let (app, mut asking) = overloaded(&test).await;
        assert!(asking.try_join_next().is_none(), "nothing is refused below the bound");
        let admin = app.admin();
        assert_refused(&admin.query(CAMPAIGNS).await);
        assert_refused(&admin.post(&json!([{ "query": CAMPAIGNS }, { "query": CAMPAIGNS }])).await);
        let path = format!("/graphql?query={}", escaped(CAMPAIGNS));
        for accept in ["application/graphql-response+json", "text/event-stream"] {
            assert_refused(&admin.send("GET", &path, &[("accept", accept)], "").await);
        }
        let mut socket = Wire::open(app.listen().await, &app.token_of(Viewer::Admin)).await;
        for (id, document) in [("1", CAMPAIGNS), ("2", "subscription { leadChanged { id } }")] {
            socket.start(id, document).await;
            assert_eq!(socket.error(id).await, "UNAVAILABLE");
        }
        in_flight(&test, OF_ONE_CALLER).await;

        asking.shutdown().await;
        in_flight(&test, 0).await;
        mend(&test.database, "lead").await;
        admin.data(LEADS).await;
    })
    .await;
}

#[tokio::test]
async fn other_callers_are_served_and_webhooks_taken_while_one_is_refused() {
    on_both(async |test: TestDatabase| {
        let (app, _asking) = overloaded(&test).await;
        for other in [app.analyst(false), app.analyst(true), app.promoter(2)] {
            other.data(CAMPAIGNS).await;
        }
        app.deliver(fixture("seed_lead_signup")).await;
        assert_refused(&app.admin().query(CAMPAIGNS).await);
        let metrics = app.analyst(false).get("/metrics").await.text;
        for line in ["promograph_requests_in_flight 128\n", "promograph_requests_shed_total 1\n"] {
            assert!(metrics.contains(line), "{metrics}");
        }
    })
    .await;
}
