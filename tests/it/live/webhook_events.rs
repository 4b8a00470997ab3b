//! `webhookEventReceived`: what the inbox keeps.

use promograph::{projection::Notice, time::now_ms};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{admin, lead};
use crate::support::{TestApp, TestDatabase, live::Wire, on_both};

const EVENTS: &str = "subscription($after: ID, $type: String) {
    webhookEventReceived(after: $after, filter: { eventType: { eq: $type } }) {
        id lastEventId receivedAt webhookEvent { id eventType eventId status receivedAt }
    }
}";

fn kept(data: &Value) -> &str {
    data["webhookEventReceived"]["webhookEvent"]["eventId"].as_str().unwrap()
}

#[tokio::test]
async fn an_admin_sees_events_as_they_are_kept() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.subscribe_with(&app, "1", EVENTS, json!({ "type": "lead_signup" })).await;
        app.deliver(lead(1, 7, 5, "signup").to_string()).await;
        let data = wire.data("1").await;
        let message = &data["webhookEventReceived"];
        assert_eq!(kept(&data), "1");
        assert_eq!(message["webhookEvent"]["status"], "PENDING", "nothing applied it yet");
        assert_eq!(message["id"], message["webhookEvent"]["id"]);
        assert_eq!(
            (&message["id"], &message["webhookEvent"]["receivedAt"]),
            (&message["lastEventId"], &message["receivedAt"])
        );
        // A repetition is no new event, and another type is left out.
        app.deliver(lead(1, 7, 5, "signup").to_string()).await;
        app.deliver(crate::support::fixture("new_customer")).await;
        app.deliver(lead(2, 7, 5, "signup").to_string()).await;
        assert_eq!(kept(&wire.data("1").await), "2");

        let hint = message["lastEventId"].clone();
        drop(wire);
        app.deliver(lead(3, 7, 5, "signup").to_string()).await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.start_with("1", EVENTS, json!({ "after": hint, "type": "lead_signup" })).await;
        let mut came = Vec::new();
        while came.last().map(String::as_str) != Some("3") {
            came.push(kept(&wire.data("1").await).to_owned());
        }
        assert!(came.ends_with(&["2".to_owned(), "3".to_owned()]), "{came:?}");
        app.changes.publish(Notice::Lost);
        app.deliver(lead(4, 7, 5, "signup").to_string()).await;
        while kept(&wire.data("1").await) != "4" {}
    })
    .await;
}

#[tokio::test]
async fn an_event_that_came_before_another_and_was_kept_after_it_is_not_missed() {
    on_both(async |test: TestDatabase| {
        let (app, elsewhere) = (TestApp::new(&test), TestApp::new(&test));
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe_with(&app, "1", EVENTS, json!({ "type": "lead_signup" })).await;
        app.deliver(lead(1, 7, 5, "signup").to_string()).await;
        assert_eq!(kept(&wire.data("1").await), "1");
        // By a process whose notice was lost, and whose commit took ten seconds: ids have the time of receipt.
        elsewhere.deliver(lead(2, 7, 5, "signup").to_string()).await;
        let ms = now_ms() - 10_000;
        let id = format!("{:08x}-{:04x}-7000-8000-000000000001", ms >> 16, ms & 0xffff);
        let earlier = format!("update webhook_event set id = '{id}', received_at = {ms} where event_id = '2'");
        test.database.write.execute_unprepared(&earlier).await.unwrap();
        app.changes.publish(Notice::Lost);
        while kept(&wire.data("1").await) != "2" {}
    })
    .await;
}
