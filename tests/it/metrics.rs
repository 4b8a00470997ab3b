//! What a monitoring system sees.

use axum::http::StatusCode;
use promograph::auth::Viewer;

use crate::support::{
    Cluster, Promograph, Socket, TOKEN, TestApp, TestDatabase, eventually, fixture, live::Wire, on_both,
    senders::Senders,
};

/// The value of a series; none when it is not there.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(line.parse().unwrap())
}

#[tokio::test]
async fn metrics_are_for_admins_and_analysts() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        assert_eq!(app.anonymous().get("/metrics").await.status, StatusCode::UNAUTHORIZED);
        let promoter = app.promoter(7).get("/metrics").await;
        assert_eq!((promoter.status, promoter.codes()), (StatusCode::FORBIDDEN, vec!["FORBIDDEN"]));
        for user in [app.admin(), app.analyst(false)] {
            let answer = user.get("/metrics").await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
            assert!(answer.text.ends_with("# EOF\n"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_happened_is_counted() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for _ in 0..2 {
            app.deliver(fixture("lead_signup")).await;
        }
        app.anonymous().send("POST", "/webhooks/firstpromoter/guess", &[], "{}").await;
        app.settle().await;
        app.admin().data("{ leads { totalCount } }").await;
        app.admin().query("{ nothing }").await;
        let text = app.admin().get("/metrics").await.text;
        for (series, expected) in [
            ("promograph_webhook_deliveries_total{answer=\"kept\"}", 1.0),
            ("promograph_webhook_deliveries_total{answer=\"duplicate\"}", 1.0),
            ("promograph_webhook_deliveries_total{answer=\"unauthenticated\"}", 1.0),
            ("promograph_events{status=\"applied\"}", 1.0),
            ("promograph_projector_lag_seconds", 0.0),
            ("promograph_database_up", 1.0),
            ("promograph_graphql_request_duration_seconds_count{kind=\"query\",code=\"OK\"}", 1.0),
            (
                "promograph_graphql_request_duration_seconds_count{kind=\"none\",code=\"GRAPHQL_VALIDATION_FAILED\"}",
                1.0,
            ),
            ("promograph_http_request_duration_seconds_count{route=\"/graphql\",status=\"200\"}", 2.0),
            ("promograph_read_statements_total", 1.0),
            ("promograph_read_statements_cancelled_total", 0.0),
            ("promograph_read_connections_max", 8.0),
            ("promograph_reads_waiting", 0.0),
            ("promograph_requests_in_flight", 0.0),
            ("promograph_requests_shed_total", 0.0),
        ] {
            assert_eq!(value(&text, series), Some(expected), "{series}\n{text}");
        }
        assert!(!text.contains(TOKEN) && !text.contains("guess"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_is_live_is_counted_while_it_is_open() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (address, changes) = (app.listen().await, "subscription { leadChanged { id } }");
        let mut wire = Wire::open(address, &app.token_of(Viewer::Admin)).await;
        let silent = Wire::silent(address).await;
        wire.start("1", changes).await;
        wire.start("2", changes).await;
        let stream = app.admin().events(changes).await;
        let series = ["promograph_live_sockets", "promograph_live_streams", "promograph_live_subscriptions"];
        let counted = async || {
            let text = app.admin().get("/metrics").await.text;
            series.map(|series| value(&text, series))
        };
        eventually("all are counted", async || counted().await == [Some(2.0), Some(1.0), Some(3.0)]).await;
        drop((wire, silent, stream));
        eventually("none is left", async || counted().await == [Some(0.0); 3]).await;
    })
    .await;
}

#[tokio::test]
async fn the_running_server_tells_of_its_connections_and_its_memory() {
    let promograph = Promograph::new().with("PROMOGRAPH_MAX_CONNECTIONS", "77");
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "analyst"]).await;
    let _other = Socket::connect(&server.address).await.unwrap();
    let mut client = Socket::connect(&server.address).await.unwrap();
    let request = format!("GET /metrics HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n");
    client.write(request).await.unwrap();
    let (_, text) = client.answer().await.unwrap();
    assert_eq!(value(&text, "promograph_connections"), Some(2.0), "{text}");
    assert_eq!(value(&text, "promograph_connections_max"), Some(77.0));
    assert!(value(&text, "promograph_process_resident_memory_bytes") > Some(1e6), "{text}");
    assert!(value(&text, "promograph_process_cpu_seconds").is_some(), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_can_be_watched_while_it_lasts_with_a_token_that_was_valid_before() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let server = promograph.serve().await;
    let issue = async |name| promograph.prints(&["token", "issue", "--role", "analyst", "--name", name]).await;
    let (token, other, revoked) = (issue("seen").await, issue("unseen").await, issue("revoked").await);
    let metrics = async |token: &str| {
        let mut socket = Socket::connect(&server.address).await.unwrap();
        let head = format!("GET /metrics HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n");
        socket.write(head).await.unwrap();
        socket.answer().await.unwrap()
    };
    let listed = promograph.prints(&["token", "list"]).await;
    let line = listed.lines().find(|line| line.ends_with("  revoked")).unwrap();
    promograph.prints(&["token", "revoke", line.split_whitespace().next().unwrap()]).await;
    let before: Vec<_> = [metrics(&token).await.0, metrics(&revoked).await.0].into();
    assert_eq!(before, [200, 401]);

    cluster.stop().await;
    let senders = Senders::new();
    senders.send(&server.address, 1, 5).await;
    let (status, text) = metrics(&token).await;
    assert_eq!(status, 200, "{text}");
    let spooled = value(&text, "promograph_spool_events_total{step=\"spooled\"}").unwrap();
    assert!(spooled >= 5.0, "{text}");
    for (series, expected) in [
        ("promograph_database_up", 0.0),
        ("promograph_database_outages_total", 1.0),
        ("promograph_spool_waiting", spooled),
        ("promograph_spool_events_total{step=\"drained\"}", 0.0),
    ] {
        assert_eq!(value(&text, series), Some(expected), "{series}\n{text}");
    }
    assert!(value(&text, "promograph_spool_oldest_age_seconds").is_some());
    assert_eq!(metrics(&revoked).await.0, 401);
    assert_eq!(metrics(&other).await.0, 503, "whether it counts nobody knows");

    cluster.resume().await;
    eventually("the spool drains", async || {
        let text = metrics(&token).await.1;
        value(&text, "promograph_spool_events_total{step=\"drained\"}") == Some(spooled)
            && value(&text, "promograph_spool_waiting") == Some(0.0)
            && value(&text, "promograph_database_up") == Some(1.0)
    })
    .await;
}
