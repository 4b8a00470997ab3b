//! The server itself as the API shows it: who asks, how fresh the mirror is, stored events.

use std::sync::Arc;

use promograph::{
    data_dir::DataDir,
    graphql::{Api, ApiConfig},
    inbox::{Delivery, EventStatus, Inbox, Protocol},
    intake::{Intake, Spool},
    limits::RequestLimits,
};
use serde_json::{Value, json};
use tokio::sync::SetOnce;
use tokio_util::sync::CancellationToken;

use crate::support::{TestApp, TestDatabase, eventually, fixture, on_both};

#[tokio::test]
async fn freshness_counts_events_by_status_for_staff_only() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "{ freshness { lastReceivedAt lastAppliedAt lagMilliseconds counts { status count } } }";
        let empty = json!({ "lastReceivedAt": null, "lastAppliedAt": null, "lagMilliseconds": 0, "counts": [] });
        assert_eq!(app.admin().data(document).await["freshness"], empty);
        app.deliver(fixture("lead_signup")).await;
        let waiting = app.analyst(false).data(document).await["freshness"].clone();
        assert_eq!(waiting["counts"], json!([{ "status": "PENDING", "count": 1 }]));
        assert_eq!(waiting["lastAppliedAt"], Value::Null);
        assert!(waiting["lagMilliseconds"].as_i64().unwrap() >= 0 && waiting["lastReceivedAt"].is_string());
        app.settle().await;
        let applied = app.admin().data(document).await["freshness"].clone();
        assert_eq!(applied["counts"], json!([{ "status": "APPLIED", "count": 1 }]));
        assert_eq!(applied["lagMilliseconds"], json!(0));
        assert!(applied["lastAppliedAt"].is_string());
        assert_eq!(app.promoter(1).data(document).await["freshness"]["counts"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn freshness_counts_what_waits_in_the_spool_for_staff_only() {
    on_both(async |test: TestDatabase| {
        let (folder, stop) = (tempfile::tempdir().unwrap(), CancellationToken::new());
        let spool = Spool::open(&DataDir::open(folder.path()).unwrap(), stop.clone()).await.unwrap();
        // This intake takes the database for unavailable until it is set.
        let ready = Arc::new(SetOnce::new());
        let inbox = Inbox::start(test.database.clone(), stop.clone());
        let intake = Intake::new(inbox, Some(spool.clone()), ready.clone());
        let app = TestApp::with(&test, RequestLimits::default(), |state| {
            state.api = Api::new(ApiConfig { spool: Some(spool), ..state.api.config().clone() });
        });
        let document = "{ freshness { spooled } }";
        intake.store(lead_signup()).await.unwrap();
        for staff in [app.admin(), app.analyst(false)] {
            assert_eq!(staff.data(document).await["freshness"], json!({ "spooled": 1 }));
        }
        assert_eq!(app.promoter(1).data(document).await["freshness"], json!({ "spooled": null }));
        ready.set(()).unwrap();
        tokio::spawn(intake.drain(stop.clone()));
        eventually("the spool is empty", async || {
            app.admin().data(document).await["freshness"] == json!({ "spooled": 0 })
        })
        .await;
        stop.cancel();
    })
    .await;
}

fn lead_signup() -> Delivery {
    Delivery {
        protocol: Protocol::V1,
        event_type: "lead_signup".to_owned(),
        event_id: "1".to_owned(),
        occurred_at: None,
        body_hash: "1".repeat(64),
        body: fixture("lead_signup").into(),
        status: EventStatus::Pending,
        error: None,
        received_at: 1_000,
    }
}

#[tokio::test]
async fn the_viewer_is_told_what_the_token_says_and_the_currency_of_all_money() {
    on_both(async |test: TestDatabase| {
        let currency = |state: &mut promograph::http::AppState| {
            state.api = Api::new(ApiConfig { currency: Some("EUR".to_owned()), ..state.api.config().clone() });
        };
        let app = TestApp::with(&test, promograph::limits::RequestLimits::default(), currency);
        let document = "{ viewer { role subject seesContactData currency promoter { id } } }";
        assert_eq!(
            app.analyst(true).data(document).await["viewer"],
            json!({ "role": "ANALYST", "subject": "test", "seesContactData": true, "currency": "EUR", "promoter": null })
        );
    })
    .await;
}

#[tokio::test]
async fn an_admin_reads_stored_events_and_replays_them() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("lead_signup")).await;
        app.deliver(fixture("promoter_signed_up")).await;
        app.settle().await;
        let document = "{ webhookEvents(filter: { eventType: { eq: \"lead_signup\" } }) { nodes {
            id protocol eventType eventId status attempts deliveries body error
        } } }";
        let data = app.admin().data(document).await;
        let event = &data["webhookEvents"]["nodes"][0];
        assert_eq!((&event["protocol"], &event["eventType"]), (&json!("v1"), &json!("lead_signup")));
        assert_eq!((&event["status"], &event["deliveries"]), (&json!("APPLIED"), &json!(1)));
        let body = event["body"].as_str().unwrap();
        assert!(
            body.contains("\"auth_token\": \"[redacted]\"") || body.contains("\"auth_token\":\"[redacted]\""),
            "{body}"
        );
        let one = "query ($id: ID!) { webhookEvent(id: $id) { eventType } node(id: $id) { __typename } }";
        let again = app.admin().query_with(one, json!({ "id": event["id"] })).await.data();
        assert_eq!(
            again,
            json!({ "webhookEvent": { "eventType": "lead_signup" }, "node": { "__typename": "WebhookEvent" } })
        );
        let hidden = app.analyst(true).query_with(one, json!({ "id": event["id"] })).await;
        assert_eq!(hidden.body["data"], json!({ "webhookEvent": null, "node": null }));
        assert_eq!(hidden.codes(), ["FORBIDDEN"]);

        let replay = "mutation ($input: ReplayEventsInput!) { replayEvents(input: $input) { replayed } }";
        for (input, replayed) in [
            (json!({ "ids": [event["id"]] }), 1),
            (json!({ "types": ["lead_signup", "promoter_signed_up"] }), 2),
            (json!({ "statuses": ["FAILED"] }), 0),
            (json!({ "receivedFrom": "2020-01-01T00:00:00Z", "types": ["lead_signup"] }), 1),
            (json!({ "receivedUntil": "2020-01-01T00:00:00Z" }), 0),
            (json!({ "withWarnings": true, "statuses": ["FAILED"] }), 0),
            (json!({ "withWarnings": false, "types": ["lead_signup"] }), 1),
        ] {
            let answer = app.admin().query_with(replay, json!({ "input": input })).await.data();
            assert_eq!(answer["replayEvents"]["replayed"], json!(replayed), "{input}");
            app.settle().await;
        }
        for (input, code) in [
            (json!({}), "BAD_USER_INPUT"),
            (json!({ "withWarnings": false }), "BAD_USER_INPUT"),
            (json!({ "ids": [] }), "BAD_USER_INPUT"),
            (json!({ "ids": ["x"] }), "BAD_USER_INPUT"),
            (json!({ "types": ["lead\u{0}signup"] }), "BAD_USER_INPUT"),
            (json!({ "receivedFrom": "yesterday" }), "BAD_USER_INPUT"),
        ] {
            let answer = app.admin().query_with(replay, json!({ "input": input })).await;
            assert_eq!((answer.codes(), &answer.body["data"]), (vec![code], &Value::Null), "{input}");
        }
    })
    .await;
}

#[tokio::test]
async fn mutations_need_post() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let get = "/graphql?query=mutation%7BreplayEvents(input%3A%7Btypes%3A%5B%22x%22%5D%7D)%7Breplayed%7D%7D";
        let answer = app.admin().get(get).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (405, vec!["METHOD_NOT_ALLOWED"]));
    })
    .await;
}
