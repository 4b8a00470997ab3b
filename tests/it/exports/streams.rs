//! What ends an export before its file does.

use axum::{body::Body, http::StatusCode};
use http_body_util::BodyExt as _;
use promograph::{
    auth::Viewer,
    limits::{RateLimits, RequestLimits},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{fill, lines, refused, run};
use crate::support::{TestApp, TestDatabase, eventually, on_both, set_rates};

#[tokio::test]
async fn an_export_waits_for_points_instead_of_breaking_off() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let rates = RateLimits { rate_points: 60, ..RateLimits::default() };
        let app = TestApp::with(&test, RequestLimits::default(), |state| set_rates(state, &rates));
        for _ in 0..53 {
            app.admin().data("{ __typename }").await;
        }
        // Three pages of three points, of which seven are there; one flows in every second.
        let answer = app.admin().get("/export/leads.csv?fields=id").await;
        assert_eq!(lines(&answer).len(), 452);
        let answer = app.admin().get("/export/leads.csv?fields=id").await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (429, "RATE_LIMITED"), "the first page is a request");
        assert!(answer.headers.contains_key("retry-after"));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_finished_breaks_off_visibly() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::new(&test);
        let body = async || {
            let response = app.admin().raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
            assert_eq!(response.status(), StatusCode::OK);
            let mut body = response.into_body();
            assert!(body.frame().await.unwrap().unwrap().is_data());
            body
        };
        // The second page cannot be read.
        let mut broken = body().await;
        run(&test, "alter table lead rename to lead_away").await;
        assert!(broken.frame().await.unwrap().is_err());
        run(&test, "alter table lead_away rename to lead").await;
        // The server stops.
        let mut stopped = body().await;
        app.stop.cancel();
        assert!(stopped.frame().await.unwrap().is_err());
    })
    .await;
}

#[tokio::test]
async fn a_client_over_http_sees_that_a_file_is_not_complete() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let long = "x".repeat(200_000);
        run(&test, &format!("update lead set username = '{long}' where id = 90000")).await;
        let limits = RequestLimits { answer_bytes: 100_000, ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        let mut socket = TcpStream::connect(app.listen().await).await.unwrap();
        let request = format!(
            "GET /export/leads.csv?fields=firstPromoterId,username HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
             authorization: Bearer {}\r\n\r\n",
            app.token_of(Viewer::Admin)
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // The connection may also be reset.
        let _ = socket.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\n449,\r\n"), "{answer}");
        // A page is read with one row more than it has.
        assert!(!answer.contains("90000,") && !answer.ends_with("\r\n0\r\n\r\n"), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn an_export_ends_with_its_token() {
    on_both(async |test: TestDatabase| {
        fill(&test, 4_000).await;
        let app = TestApp::new(&test);
        let client = app.admin_until(2);
        let response = client.raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().unwrap().is_data());
        eventually("the token expires", async || client.query("{ __typename }").await.status == 401).await;
        // The timer may be a millisecond later than the clock.
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            frames.push(frame.is_ok());
        }
        assert!(frames.len() < 20 && frames.last() == Some(&false), "{frames:?}");
    })
    .await;
}

#[tokio::test]
async fn a_client_that_stops_reading_holds_no_connection_and_no_place() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::new(&test);
        let (admin, mut open) = (app.admin(), Vec::new());
        for _ in 0..300 {
            let response = admin.raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
            assert_eq!(response.status(), StatusCode::OK, "more than may be in flight at the same time");
            let mut body = response.into_body();
            assert!(body.frame().await.unwrap().unwrap().is_data());
            open.push(body);
        }
        assert_eq!(admin.data("{ leads { totalCount } }").await["leads"]["totalCount"], 451);
        let metrics = admin.get("/metrics").await.text;
        let value = |name: &str| metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        assert_eq!(value("promograph_requests_in_flight "), Some(0.0), "{metrics}");
        assert_eq!(value("promograph_read_connections_in_use "), Some(0.0), "{metrics}");
    })
    .await;
}
