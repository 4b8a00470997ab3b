//! Server-sent events.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{LEADS, lead, seen, tell};
use crate::support::{TestApp, TestDatabase, live::EventStream, on_both};

const EVENTS: (&str, &str) = ("accept", "text/event-stream");

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"))
}

#[tokio::test]
async fn a_subscription_is_streamed_by_post_and_by_get_and_its_ids_resume_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut posted = app.admin().events(LEADS).await;
        let path = format!("/graphql?query={}", encoded(LEADS));
        let response = app.admin().raw("GET", &path, &[EVENTS], String::new()).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut got = EventStream::new(response.into_body());
        crate::support::eventually("both are heard", async || app.changes.subscriber_count() == 2).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        let event = posted.next().await.unwrap();
        assert_eq!((event.name.as_str(), seen(&event.data["data"])), ("next", (7, "SIGNUP")));
        assert_eq!(event.id.as_deref(), event.data["data"]["leadChanged"]["lastEventId"].as_str());
        assert_eq!(got.next().await, Some(event.clone()));
        drop(got);
        tell(&app, lead(2, 8, 5, "signup")).await;
        // As a browser comes back by itself.
        let last = event.id.unwrap();
        let response = app.admin().raw("GET", &path, &[EVENTS, ("last-event-id", &last)], String::new()).await;
        let mut again = EventStream::new(response.into_body());
        while seen(&again.data().await).0 != 8 {}
    })
    .await;
}

#[tokio::test]
async fn queries_and_mutations_are_one_message_and_mutations_never_go_by_get() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut stream = app.admin().events("{ viewer { role } }").await;
        assert_eq!(stream.data().await, json!({ "viewer": { "role": "ADMIN" } }));
        assert_eq!(stream.next().await.unwrap().name, "complete");
        assert_eq!(stream.next().await, None);
        let mutation = r#"mutation { replayEvents(input: { types: ["none"] }) { replayed } }"#;
        assert_eq!(app.admin().events(mutation).await.data().await, json!({ "replayEvents": { "replayed": 0 } }));
        let path = format!("/graphql?query={}", encoded(mutation));
        assert_eq!(app.admin().raw("GET", &path, &[EVENTS], String::new()).await.status(), 405);
        assert_eq!(app.admin().events("{ nothing }").await.error().await, "GRAPHQL_VALIDATION_FAILED");
        let two = "subscription { a: leadChanged { id } b: leadChanged { id } }";
        assert_eq!(app.admin().events(two).await.error().await, "GRAPHQL_VALIDATION_FAILED");
    })
    .await;
}

#[tokio::test]
async fn an_event_stream_shows_that_somebody_is_there_at_once_and_then_now_and_then() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.keep_alive = Duration::from_millis(100));
        let headers = [EVENTS, ("content-type", "application/json")];
        let response = app.admin().raw("POST", "/graphql", &headers, json!({ "query": LEADS }).to_string()).await;
        let mut body = response.into_body().into_data_stream();
        for _ in 0..3 {
            let comment = timeout(Duration::from_secs(60), body.next()).await.expect("nothing came");
            assert_eq!(comment.unwrap().unwrap(), ":\n\n");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_request_is_answered_as_elsewhere() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let json_type = ("content-type", "application/json");
        let body = json!({ "query": LEADS }).to_string();
        let both = ("accept", "application/json, text/event-stream");
        let list = json!([{ "query": LEADS }]).to_string();
        for (client, headers, body, status) in [
            (app.anonymous(), vec![EVENTS, json_type], body.clone(), 401),
            (app.bearer("no.token.really"), vec![EVENTS, json_type], body.clone(), 401),
            (app.admin(), vec![EVENTS], body.clone(), 415),
            (app.admin(), vec![EVENTS, json_type], "{}".to_owned(), 400),
            (app.admin(), vec![EVENTS, json_type], list, 400),
        ] {
            assert_eq!(client.raw("POST", "/graphql", &headers, body).await.status(), status);
        }
        // Who takes JSON as well gets a stream for a subscription only.
        let answer =
            app.admin().send("POST", "/graphql", &[both, json_type], r#"{"query":"{ viewer { role } }"}"#).await;
        assert_eq!(answer.body["data"]["viewer"]["role"], Value::from("ADMIN"));
        let response = app.admin().raw("POST", "/graphql", &[both, json_type], body).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    })
    .await;
}
