//! A request that nobody waits for any more costs the database nothing.

use std::{sync::atomic::Ordering, time::Duration};

use axum::http::StatusCode;
use promograph::{database::Database, limits::RequestLimits};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use serde_json::json;

use crate::support::{
    Backend, Cluster, Promograph, Socket, TestApp, TestDatabase,
    endless::{mend, spoil},
    eventually, fixture, on_both, rows,
};

const LEADS: &str = "{ leads { totalCount } }";
const CAMPAIGNS: &str = "{ campaigns { totalCount } }";

fn hasty(test: &TestDatabase) -> TestApp {
    TestApp::with(test, RequestLimits { duration: Duration::from_millis(300), ..RequestLimits::default() }, |_| {})
}

/// How many statements the database works on for the API, as the database itself sees it. `SQLite` is
/// part of the process: there the connections tell.
async fn at_work(database: &Database) -> i64 {
    if database.is_sqlite() {
        return i64::try_from(database.read.usage().0.taken).unwrap();
    }
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' \
        and application_name like 'promograph read %'";
    let row = database.write.query_one_raw(Statement::from_string(database.backend, sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_request_past_its_deadline_is_told_so_and_its_statement_is_cancelled() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = hasty(&test);
        spoil(&test.database, "lead").await;
        // More than there are connections: none of them is lost.
        for _ in 0..6 {
            let answer = app.admin().query(LEADS).await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::GATEWAY_TIMEOUT, vec!["TIMEOUT"]));
            let expected = json!({
                "code": "TIMEOUT", "rule": "durationMs", "limit": 300, "actual": 300,
                "setting": "PROMOGRAPH_LIMIT_DURATION",
            });
            assert_eq!(answer.body["errors"][0]["extensions"], expected);
            assert_eq!(answer.body.get("data"), None);
        }
        eventually("the statements are gone", async || at_work(&test.database).await == 0).await;
        assert_eq!(test.database.read.counters().unwrap().cancelled.load(Ordering::Relaxed), 6);
        app.admin().data(CAMPAIGNS).await;
        mend(&test.database, "lead").await;
        let leads = app.admin().data(LEADS).await;
        assert!(leads["leads"]["totalCount"].as_i64() > Some(0), "{leads}");
    })
    .await;
}

#[tokio::test]
async fn a_request_has_all_the_time_that_is_set_however_long_that_is() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let limits = RequestLimits { duration: Duration::from_secs(11), ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        spoil(&test.database, "lead").await;
        let answers = futures_util::future::join_all((0..8).map(async |_| app.admin().query(LEADS).await)).await;
        for answer in answers {
            assert_eq!((answer.status, answer.codes()), (StatusCode::GATEWAY_TIMEOUT, vec!["TIMEOUT"]));
        }
        eventually("the statements are gone", async || at_work(&test.database).await == 0).await;
        mend(&test.database, "lead").await;
    })
    .await;
}

#[tokio::test]
async fn who_hangs_up_leaves_no_statement_behind() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        // So the database does not end it by itself.
        let limits = RequestLimits { duration: Duration::from_secs(3600), ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        spoil(&test.database, "lead").await;
        let admin = app.admin();
        let asking = tokio::spawn(async move { admin.query(LEADS).await });
        eventually("the statement is at work", async || at_work(&test.database).await == 1).await;
        asking.abort();
        eventually("the statement is gone", async || at_work(&test.database).await == 0).await;
        mend(&test.database, "lead").await;
        app.admin().data(LEADS).await;
    })
    .await;
}

#[tokio::test]
async fn a_batch_has_one_deadline() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = hasty(&test);
        spoil(&test.database, "lead").await;
        let one = json!({ "query": LEADS });
        let answer = app.admin().post(&json!([one, one, one])).await;
        let codes = answer.body.as_array().unwrap().iter().map(|answer| &answer["errors"][0]["extensions"]["code"]);
        assert_eq!(codes.collect::<Vec<_>>(), ["TIMEOUT"; 3]);
        assert_eq!(test.database.read.counters().unwrap().statements.load(Ordering::Relaxed), 1);
    })
    .await;
}

#[tokio::test]
async fn a_mutation_that_waits_for_a_lock_ends_with_its_request() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let app = hasty(&test);
    app.deliver(fixture("lead_signup")).await;
    app.settle().await;
    let holder = test.database.write.begin().await.unwrap();
    holder.execute_unprepared("select id from webhook_event for update").await.unwrap();
    let replay = "mutation { replayEvents(input: { statuses: [APPLIED] }) { replayed } }";
    let answer = app.admin().query(replay).await;
    assert_eq!(answer.codes(), ["TIMEOUT"]);
    eventually("the statement is gone", async || {
        let sql = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' \
            and query like 'update webhook_event%'";
        let row = test.database.read.query_one_raw(Statement::from_string(test.database.backend, sql)).await.unwrap();
        row.unwrap().try_get_by_index::<i64>(0).unwrap() == 0
    })
    .await;
    holder.rollback().await.unwrap();
    assert_eq!(app.admin().data(replay).await["replayEvents"]["replayed"], json!(1));
}

#[tokio::test]
async fn a_client_that_disconnects_ends_its_statement_over_a_real_connection() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    rows::programme(&test.database.write, 3).await;
    spoil(&test.database, "lead").await;
    let promograph = Promograph::on(&test).with("PROMOGRAPH_LIMIT_DURATION", "60m");
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let body = json!({ "query": LEADS }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut client = Socket::connect(&server.address).await.unwrap();
    client.write(request).await.unwrap();
    eventually("the statement is at work", async || at_work(&test.database).await == 1).await;
    drop(client);
    eventually("the statement is gone", async || at_work(&test.database).await == 0).await;
}

#[tokio::test]
async fn a_database_that_hangs_is_told_in_time_and_costs_no_connection_for_ever() {
    let cluster = Cluster::start().await;
    let promograph =
        Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url()).with("PROMOGRAPH_LIMIT_DURATION", "500ms");
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let mut client = Socket::connect(&server.address).await.unwrap();
    let body = json!({ "query": CAMPAIGNS }).to_string().into_bytes();
    assert_eq!(client.post("/graphql", &token, &body).await.unwrap().0, 200);
    cluster.freeze();
    for _ in 0..8 {
        let (status, answer) = client.post("/graphql", &token, &body).await.unwrap();
        assert!(matches!(status, 503 | 504), "{status} {answer}");
    }
    cluster.thaw();
    eventually("it reads again", async || {
        let mut client = Socket::connect(&server.address).await.unwrap();
        client.post("/graphql", &token, &body).await.unwrap().0 == 200
    })
    .await;
}
