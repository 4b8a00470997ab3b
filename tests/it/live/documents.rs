//! Which documents are subscriptions, and what else a socket runs.

use serde_json::json;

use super::{admin, lead, tell};
use crate::support::{TestApp, TestDatabase, live::Wire, on_both};

#[tokio::test]
async fn a_subscription_has_one_root_field() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        let two = "a: leadChanged { id } b: payoutChanged { id }";
        for refused in [
            format!("subscription {{ {two} }}"),
            format!("subscription {{ ...F }} fragment F on Subscription {{ {two} }}"),
            "subscription { leadChanged { id } ... on Subscription { ...F } } fragment F on Subscription { payoutChanged { id } }".to_owned(),
            format!("query Q {{ viewer {{ role }} }} subscription S {{ {two} }}"),
            "subscription { __typename }".to_owned(),
            "subscription { ... { __typename } }".to_owned(),
            "subscription { __schema { types { name } } }".to_owned(),
            "subscription { leadChanged { id } __typename }".to_owned(),
            "subscription { leadChanged @skip(if: true) { id } }".to_owned(),
            "subscription($yes: Boolean!) { leadChanged @include(if: $yes) { id } }".to_owned(),
            "subscription { leadChanged { id } payoutChanged @skip(if: true) { id } }".to_owned(),
            "subscription { leadChanged }".to_owned(),
            "subscription { leadChanged { lead } }".to_owned(),
            "subscription { leads { totalCount } }".to_owned(),
            "subscription { leadChanged(first: 1) { id } }".to_owned(),
            "subscription($a: Int) { leadChanged(after: $a) { id } }".to_owned(),
            "subscription { leadChanged { id a: id a: updatedAt } }".to_owned(),
            "subscription { leadChanged { id } leadChanged(promoterId: \"x\") { id } }".to_owned(),
        ] {
            wire.start("x", &refused).await;
            assert_eq!(wire.error("x").await, "GRAPHQL_VALIDATION_FAILED", "{refused}");
        }
        for (at, good) in [
            "subscription { leadChanged { id } }",
            "subscription { ...F } fragment F on Subscription { ... on Subscription { leadChanged { ...G } } } fragment G on LeadChange { id }",
            "subscription { leadChanged { id } ...F } fragment F on Subscription { leadChanged { updatedAt } }",
            "subscription($no: Boolean = false, $yes: Boolean!) { leadChanged { id @include(if: $yes) updatedAt @include(if: $no) } }",
            "query Q { viewer { role } } subscription S { x: leadChanged { lead { id @skip(if: false) } } }",
        ]
        .into_iter()
        .enumerate()
        {
            let payload = json!({ "query": good, "variables": { "yes": true }, "operationName": good.starts_with("query").then_some("S") });
            let before = app.changes.subscriber_count();
            wire.send(json!({ "type": "subscribe", "id": "good", "payload": payload })).await;
            crate::support::eventually("the subscription is heard", async || app.changes.subscriber_count() > before).await;
            tell(&app, lead(i64::try_from(at).unwrap(), i64::try_from(at).unwrap() + 100, 5, "signup")).await;
            assert!(wire.data("good").await.is_object(), "{good}");
            wire.send(json!({ "type": "complete", "id": "good" })).await;
            crate::support::eventually("it is not heard any more", async || app.changes.subscriber_count() == before).await;
        }
    })
    .await;
}

#[tokio::test]
async fn queries_and_mutations_run_on_a_socket_as_elsewhere() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        for (document, data) in [
            (
                "{ leads { totalCount } viewer { role } }",
                json!({ "leads": { "totalCount": 1 }, "viewer": { "role": "ADMIN" } }),
            ),
            (
                "mutation { replayEvents(input: { types: [\"none\"] }) { replayed } }",
                json!({ "replayEvents": { "replayed": 0 } }),
            ),
        ] {
            wire.start("q", document).await;
            assert_eq!(wire.data("q").await, data);
            assert_eq!(wire.message().await, json!({ "type": "complete", "id": "q" }));
        }
        wire.start("q", "{ lead(firstPromoterId: 7, email: \"x\") { id } viewer { role } }").await;
        let message = wire.message().await;
        assert_eq!(
            (&message["type"], &message["payload"]["data"]["lead"]),
            (&json!("next"), &json!(null)),
            "{message}"
        );
        assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(wire.message().await["type"], "complete");
        wire.start("q", "{ nothing }").await;
        assert_eq!(wire.error("q").await, "GRAPHQL_VALIDATION_FAILED");
    })
    .await;
}

#[tokio::test]
async fn without_a_stream_a_subscription_is_told_what_it_needs() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let answer = app.admin().query("subscription { leadChanged { id } }").await;
        assert_eq!(answer.codes(), ["BAD_REQUEST"]);
        assert!(answer.text.contains("text/event-stream"), "{}", answer.text);
    })
    .await;
}

#[tokio::test]
async fn a_document_that_is_refused_elsewhere_is_refused_on_a_socket() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        for (document, code) in [
            ("mutation { replayEvents(input: { statuses: [\"FAILED\"] }) { replayed } }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { leadChanged(filter: { state: { eq: \"ACTIVE\" } }) { id } }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription($a: ID @foo) { leadChanged(promoterId: $a) { id } }", "GRAPHQL_VALIDATION_FAILED"),
            ("query { __typename { x } }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription () { leadChanged { id } }", "GRAPHQL_PARSE_FAILED"),
            ("subscription { leadChanged(promoterId: \"\\ud83d\") { id } }", "GRAPHQL_PARSE_FAILED"),
        ] {
            wire.start("x", document).await;
            assert_eq!(wire.error("x").await, code, "{document}");
        }
    })
    .await;
}
