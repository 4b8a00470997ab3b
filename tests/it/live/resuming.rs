//! `after`: what was missed comes first.

use promograph::{
    projection::{Changes, drain},
    time::now_ms,
};
use serde_json::{Value, json};

use super::{LEADS, admin, lead, seen, tell};
use crate::support::{TestApp, TestDatabase, live::Wire, on_both};

const RESUMED: &str =
    "subscription($after: ID) { leadChanged(after: $after) { lead { firstPromoterId state } lastEventId } }";

fn with_replay(test: &TestDatabase, replay: usize) -> TestApp {
    TestApp::with_live(test, |settings| settings.replay = replay)
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed_and_then_what_comes() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        tell(&app, lead(1, 6, 5, "signup")).await;
        let first = wire.data("1").await["leadChanged"]["lastEventId"].clone();
        tell(&app, lead(2, 7, 5, "signup")).await;
        let hint = wire.data("1").await["leadChanged"]["lastEventId"].clone();
        assert!(first.is_string() && hint.is_string() && first != hint);
        drop(wire);

        for (number, id) in [(3, 8), (4, 9), (5, 8)] {
            tell(&app, lead(number, id, 5, if number == 5 { "active" } else { "signup" })).await;
        }
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.start_with("1", RESUMED, json!({ "after": hint })).await;
        let mut missed = vec![wire.data("1").await];
        if seen(&missed[0]).0 == 7 {
            // The change that the hint stands for may come again.
            missed = vec![wire.data("1").await];
        }
        missed.push(wire.data("1").await);
        let named = missed.iter().all(|data| data["leadChanged"]["lastEventId"] == hint);
        assert!(named, "who is interrupted meanwhile resumes from the same place: {missed:?}");
        let missed: Vec<_> = missed.iter().map(seen).collect();
        assert_eq!(missed, [(9, "SIGNUP"), (8, "ACTIVE")], "in the order of their last changes, each once");
        tell(&app, lead(6, 10, 5, "signup")).await;
        assert_eq!(seen(&wire.data("1").await).0, 10);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_was_replayed_since_hides_nothing_that_was_missed() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        let hint = wire.data("1").await["leadChanged"]["lastEventId"].clone();
        tell(&app, lead(2, 8, 5, "signup")).await;
        let replay = "mutation($ids: [ID!]) { replayEvents(input: { ids: $ids }) { replayed } }";
        let replayed = app.admin().query_with(replay, json!({ "ids": [hint] })).await.data();
        assert_eq!(replayed, json!({ "replayEvents": { "replayed": 1 } }));
        app.settle().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.start_with("1", RESUMED, json!({ "after": hint })).await;
        let mut came = Vec::new();
        while !came.contains(&8) {
            came.push(seen(&wire.data("1").await).0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_names_no_event_whose_changes_come_behind_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        let elsewhere = Changes::new();
        let (mut heard, mut notices) = (elsewhere.subscribe(), Vec::new());
        for number in [1, 2] {
            app.deliver(lead(number, number, 5, "signup").to_string()).await;
            drain(&app.database, &elsewhere, now_ms()).await.unwrap();
            notices.push(heard.recv().await.unwrap());
        }
        // Both at once, so they are read together.
        for notice in notices {
            app.changes.publish(notice);
        }
        let events = app.admin().data("{ webhookEvents { nodes { id eventId } } }").await;
        for number in [1, 2] {
            let data = wire.data("1").await;
            assert_eq!(seen(&data).0, number);
            let named = &data["leadChanged"]["lastEventId"];
            let node = json!({ "id": named, "eventId": number.to_string() });
            assert!(events["webhookEvents"]["nodes"].as_array().unwrap().contains(&node), "{number}: {data} {events}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_made_up_for_is_told_by_a_code() {
    on_both(async |test: TestDatabase| {
        let app = with_replay(&test, 3);
        let address = app.listen().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        wire.subscribe(&app, "live", LEADS).await;
        tell(&app, lead(1, 1, 5, "signup")).await;
        let hint = wire.data("live").await["leadChanged"]["lastEventId"].clone();
        for number in 2..5 {
            tell(&app, lead(number, number, 5, "signup")).await;
            wire.data("live").await;
        }
        wire.start_with("far", RESUMED, json!({ "after": hint })).await;
        assert_eq!(wire.error("far").await, "REFETCH", "four rows changed since then");
        let gone = super::id("webhookEvent", 5);
        let patient = TestApp::new(&test);
        let mut other = Wire::open(patient.listen().await, &admin(&patient)).await;
        other.start_with("gone", RESUMED, json!({ "after": gone })).await;
        assert_eq!(other.error("gone").await, "REFETCH", "nobody knows what was missed, however little it is");
        for (after, code) in [
            (json!(gone), "REFETCH"),
            (json!("no id"), "BAD_USER_INPUT"),
            (json!(super::id("lead", 1)), "BAD_USER_INPUT"),
        ] {
            wire.start_with("x", RESUMED, json!({ "after": after })).await;
            assert_eq!(wire.error("x").await, code, "{after}");
        }
        // The same for who is there and lost more than is made up for.
        for number in 10..15 {
            app.deliver(lead(number, number, 5, "signup").to_string()).await;
        }
        promograph::projection::drain(
            &app.database,
            &promograph::projection::Changes::new(),
            promograph::time::now_ms(),
        )
        .await
        .unwrap();
        app.changes.publish(promograph::projection::Notice::Lost);
        assert_eq!(wire.error("live").await, "REFETCH");
        wire.start_with("again", RESUMED, json!({ "after": Value::Null })).await;
        tell(&app, lead(20, 20, 5, "signup")).await;
        assert_eq!(seen(&wire.data("again").await).0, 20);
    })
    .await;
}
