//! Read connections are shared fairly: a caller whose statements wait does not delay others.

use std::{sync::atomic::Ordering, time::Duration};

use axum::http::StatusCode;
use promograph::{
    auth::Viewer,
    limits::RequestLimits,
    projection::{Change, Commit, Notice},
    time::now_ms,
};
use tokio::task::JoinSet;

use crate::support::{
    Answer, Client, TestApp, TestDatabase,
    endless::{mend, spoil},
    eventually,
    live::Wire,
    on_both, rows,
};

const LEADS: &str = "{ leads { totalCount } }";
const CAMPAIGNS: &str = "{ campaigns { totalCount } }";

/// No request is given up, so nothing gets free by that.
async fn patient(test: &TestDatabase) -> TestApp {
    rows::programme(&test.database.write, 3).await;
    TestApp::with(test, RequestLimits { duration: Duration::from_secs(3600), ..RequestLimits::default() }, |_| {})
}

/// Sends this number of concurrent requests for leads.
fn ask(asking: &mut JoinSet<Answer>, client: impl Fn() -> Client, times: usize) {
    for _ in 0..times {
        let client = client();
        asking.spawn(async move { client.query(LEADS).await });
    }
}

/// How many connections read, and how many of those are counted as slow.
fn taken(test: &TestDatabase) -> (usize, usize) {
    let (seen, _) = test.database.read.usage();
    (seen.taken, seen.slow)
}

fn cancelled(test: &TestDatabase) -> u64 {
    test.database.read.counters().unwrap().cancelled.load(Ordering::SeqCst)
}

#[tokio::test]
async fn endless_reads_leave_connections_to_other_subjects_and_are_cancelled() {
    on_both(async |test: TestDatabase| {
        let app = patient(&test).await;
        spoil(&test.database, "lead").await;
        let mut asking = JoinSet::new();
        ask(&mut asking, || app.admin(), 8);
        eventually("the others wait", async || {
            let (seen, _) = test.database.read.usage();
            (seen.taken, seen.waiting) == (3, 5)
        })
        .await;
        for other in [app.analyst(false), app.analyst(true), app.promoter(2)] {
            other.data(CAMPAIGNS).await;
        }
        assert_eq!((taken(&test).0, cancelled(&test)), (3, 0), "no statement was cancelled for that");
        asking.shutdown().await;
        eventually("all connections are free", async || {
            let (seen, _) = test.database.read.usage();
            (seen.taken, seen.waiting) == (0, 0)
        })
        .await;
        assert_eq!(cancelled(&test), 3, "those that waited took no connection");
        mend(&test.database, "lead").await;
        app.admin().data(LEADS).await;
    })
    .await;
}

#[tokio::test]
async fn endless_reads_of_two_subjects_do_not_delay_a_third() {
    on_both(async |test: TestDatabase| {
        let app = patient(&test).await;
        spoil(&test.database, "lead").await;
        let mut asking = JoinSet::new();
        ask(&mut asking, || app.admin(), 5);
        ask(&mut asking, || app.analyst(false), 5);
        // Two of each are slow, and one of each is on a connection for quick ones.
        eventually("the slow ones are moved", async || taken(&test) == (6, 4)).await;
        app.promoter(2).data(CAMPAIGNS).await;
        assert_eq!((taken(&test), cancelled(&test)), ((6, 4), 0), "no statement was cancelled for that");
        asking.shutdown().await;
        eventually("all connections are free", async || taken(&test).0 == 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_subscriber_with_endless_reads_does_not_delay_other_subscribers() {
    on_both(async |test: TestDatabase| {
        let app = patient(&test).await;
        let address = app.listen().await;
        let mut waiting = Wire::open(address, &app.token_of(Viewer::Admin)).await;
        for id in ["1", "2", "3", "4"] {
            waiting.subscribe(&app, id, "subscription { leadChanged { lead { firstPromoterId } } }").await;
        }
        let mut other = Wire::open(address, &app.token_of(Viewer::Promoter { id: 2 })).await;
        other.subscribe(&app, "1", "subscription { promoterChanged { promoter { firstPromoterId } } }").await;
        spoil(&test.database, "lead").await;
        let tell = |entity, id| {
            let commit = Commit { rows: [Change { entity, id }].into(), at: now_ms(), event: None };
            app.changes.publish(Notice::Rows(commit));
        };
        tell("lead", 1);
        eventually("the reads are at work", async || taken(&test).0 == 2).await;
        tell("promoter", 2);
        let data = other.data("1").await;
        assert_eq!(data["promoterChanged"]["promoter"]["firstPromoterId"], 2);
        assert_eq!((taken(&test).0, cancelled(&test)), (2, 0), "no statement was cancelled for that");
    })
    .await;
}

#[tokio::test]
async fn endless_token_lookups_delay_neither_readiness_nor_projection() {
    on_both(async |test: TestDatabase| {
        let app = patient(&test).await;
        let token = app.issue(Viewer::Admin).await.0;
        spoil(&test.database, "api_token").await;
        let mut asking = JoinSet::new();
        ask(&mut asking, || app.bearer(&token), 4);
        let own = test.database.internal(promograph::database::Workload::Tokens);
        eventually("the look-ups are at work", async || own.usage().0.taken == 2).await;
        assert_eq!(app.anonymous().get("/ready").await.status, StatusCode::OK);
        app.settle().await;
        let given_up = own.counters().unwrap().cancelled.load(Ordering::SeqCst);
        assert_eq!((own.usage().0.taken, given_up), (2, 0), "no statement was cancelled for that");
    })
    .await;
}
