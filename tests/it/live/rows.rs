//! Which rows are sent, and as whose.

use promograph::{
    auth::Viewer,
    projection::{Changes, Notice, drain},
    time::now_ms,
};
use serde_json::json;

use super::{LEADS, admin, id, lead, seen, tell, tell_fixture};
use crate::support::{
    TestApp, TestDatabase,
    example::{LEO, MIRA},
    live::Wire,
    on_both,
};

#[tokio::test]
async fn a_change_is_sent_as_the_row_is_now_with_the_event_that_told_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        let document = "subscription { change: leadChanged { __typename id updatedAt lastEventId
            lead { ...Fields } again: lead { email promoter { email } } } }
            fragment Fields on Lead { id state deletedAt commissions { totalCount } }";
        wire.subscribe(&app, "1", document).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        let data = wire.data("1").await;
        let expected = app.admin().data("{ lead(firstPromoterId: 7) { updatedAt } webhookEvents { nodes { id } } }").await;
        assert_eq!(
            data,
            json!({ "change": {
                "__typename": "LeadChange", "id": id("lead", 7), "updatedAt": expected["lead"]["updatedAt"],
                "lastEventId": expected["webhookEvents"]["nodes"][0]["id"],
                "lead": { "id": id("lead", 7), "state": "SIGNUP", "deletedAt": null, "commissions": { "totalCount": 0 } },
                "again": { "email": "lead-7@customer.example", "promoter": { "email": "promoter-5@partners.example" } },
            } })
        );
        tell(&app, json!({
            "event_id": "e", "event_type": "referral.deleted", "entity_id": 7, "changes": {}, "data": null,
            "timestamp": "2025-04-01T00:00:00Z",
        })).await;
        let data = wire.data("1").await;
        assert_eq!(data["change"]["lead"]["deletedAt"], json!("2025-04-01T00:00:00.000Z"), "deleting is a change");
    })
    .await;
}

#[tokio::test]
async fn every_source_sends_its_rows() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        for (fixture, document, expected) in [
            (
                "promoter_signed_up",
                "promoterChanged { promoter { firstPromoterId } }",
                json!({ "promoter": { "firstPromoterId": MIRA } }),
            ),
            (
                "reward_created",
                "commissionChanged { commission { firstPromoterId } }",
                json!({ "commission": { "firstPromoterId": 14_100_001 } }),
            ),
            (
                "v2/payout_completed",
                "payoutChanged { payout { firstPromoterId } }",
                json!({ "payout": { "firstPromoterId": 2_710_002 } }),
            ),
        ] {
            let name = document.split(' ').next().unwrap();
            wire.subscribe(&app, name, &format!("subscription {{ {document} }}")).await;
            tell_fixture(&app, fixture).await;
            loop {
                let message = wire.message().await;
                if message["id"] == name && message["payload"]["data"][name] == expected {
                    break;
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_viewer_gets_only_what_the_lists_show_him() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let document = "subscription { leadChanged { lead { firstPromoterId email suspicion promoter { email } } } }";
        let mut analyst = Wire::open(address, &app.token_of(Viewer::Analyst { pii: false })).await;
        let mut mira = Wire::open(address, &app.token_of(Viewer::Promoter { id: MIRA })).await;
        let mut leo = Wire::open(address, &app.token_of(Viewer::Promoter { id: LEO })).await;
        for wire in [&mut analyst, &mut mira, &mut leo] {
            wire.subscribe(&app, "1", document).await;
        }
        tell(&app, lead(1, 7, MIRA, "signup")).await;
        tell(&app, lead(2, 8, LEO, "signup")).await;
        let row = |id: i64, email: &str, promoter: &str| json!({ "leadChanged": { "lead": {
            "firstPromoterId": id, "email": email, "suspicion": null, "promoter": { "email": promoter },
        } } });
        let (of_mira, of_leo) = (format!("promoter-{MIRA}@partners.example"), format!("promoter-{LEO}@partners.example"));
        assert_eq!(analyst.data("1").await, row(7, "l***@customer.example", "p***@partners.example"));
        assert_eq!(analyst.data("1").await, row(8, "l***@customer.example", "p***@partners.example"));
        assert_eq!(mira.data("1").await, row(7, "lead-7@customer.example", &of_mira));
        assert_eq!(leo.data("1").await, row(8, "lead-8@customer.example", &of_leo), "the first one was not his");
        // A lead that moves to somebody else is not sent to who had it.
        tell(&app, json!({
            "event_id": "e", "event_type": "referral.moved", "entity_id": 8, "changes": {}, "timestamp": "2025-04-01T00:00:00Z",
            "data": { "id": 8, "promoter_campaign": { "id": 70, "promoter": { "id": MIRA } }, "promoter": { "id": MIRA } },
        })).await;
        assert_eq!(mira.data("1").await["leadChanged"]["lead"]["firstPromoterId"], 8);
        tell(&app, lead(3, 9, LEO, "signup")).await;
        assert_eq!(leo.data("1").await["leadChanged"]["lead"]["firstPromoterId"], 9);
    })
    .await;
}

#[tokio::test]
async fn filter_and_promoter_choose_the_rows_and_are_refused_where_lists_refuse_them() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let mut wire = Wire::open(address, &admin(&app)).await;
        let filtered = "subscription($states: [LeadState!]) { leadChanged(filter: { state: { in: $states } }) { lead { firstPromoterId } } }";
        wire.subscribe_with(&app, "active", filtered, json!({ "states": ["ACTIVE"] })).await;
        let of_promoter = "subscription($id: ID) { leadChanged(promoterId: $id) { lead { firstPromoterId } } }";
        wire.subscribe_with(&app, "of-5", of_promoter, json!({ "id": id("promoter", 5) })).await;
        wire.subscribe_with(&app, "self", "subscription($id: ID) { promoterChanged(promoterId: $id) { promoter { firstPromoterId } } }", json!({ "id": id("promoter", 6) })).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(wire.data("of-5").await["leadChanged"]["lead"]["firstPromoterId"], 7);
        tell(&app, lead(2, 8, 6, "active")).await;
        let mut two = [wire.message().await, wire.message().await];
        two.sort_by_key(|message| message["id"].to_string());
        assert_eq!(two[0]["payload"]["data"]["leadChanged"]["lead"]["firstPromoterId"], 8);
        assert_eq!(two[1]["payload"]["data"]["promoterChanged"]["promoter"]["firstPromoterId"], 6);

        let mut analyst = Wire::open(address, &app.token_of(Viewer::Analyst { pii: false })).await;
        for (document, code) in [
            (r#"subscription { leadChanged(filter: { email: { eq: "a@b.example" } }) { id } }"#, "FORBIDDEN"),
            ("subscription { leadChanged(filter: { state: null }) { id } }", "BAD_USER_INPUT"),
            (r#"subscription { leadChanged(promoterId: "5") { id } }"#, "BAD_USER_INPUT"),
            (r#"subscription { leadChanged(promoterId: "bGVhZDo3") { id } }"#, "BAD_USER_INPUT"),
            ("subscription { webhookEventReceived { id } }", "FORBIDDEN"),
        ] {
            analyst.start("x", document).await;
            assert_eq!(analyst.error("x").await, code, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn many_rows_of_one_commit_come_one_message_each_and_who_lost_notices_reads_anew() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        for number in 0..250 {
            app.deliver(lead(number, 1000 + number, 5, "signup").to_string()).await;
        }
        app.settle().await;
        let mut came = Vec::new();
        for _ in 0..250 {
            came.push(seen(&wire.data("1").await).0);
        }
        came.sort_unstable();
        assert_eq!(came, (1000..1250).collect::<Vec<_>>());

        // Written by a process that this one does not hear.
        app.deliver(lead(300, 7, 5, "signup").to_string()).await;
        promograph::projection::drain(
            &app.database,
            &promograph::projection::Changes::new(),
            promograph::time::now_ms(),
        )
        .await
        .unwrap();
        app.changes.publish(Notice::Lost);
        loop {
            // What was sent last may come again.
            if seen(&wire.data("1").await).0 == 7 {
                break;
            }
        }
        tell(&app, lead(301, 8, 5, "signup")).await;
        assert_eq!(seen(&wire.data("1").await), (8, "SIGNUP"));
    })
    .await;
}

#[tokio::test]
async fn who_lost_notices_is_not_sent_again_what_was_sent_before_the_last_change() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        for number in [1, 2] {
            tell(&app, lead(number, number, 5, "signup")).await;
            assert_eq!(seen(&wire.data("1").await).0, number);
        }
        app.deliver(lead(3, 3, 5, "signup").to_string()).await;
        drain(&app.database, &Changes::new(), now_ms()).await.unwrap();
        app.changes.publish(Notice::Lost);
        loop {
            match seen(&wire.data("1").await).0 {
                2 => {}
                id => break assert_eq!(id, 3),
            }
        }
    })
    .await;
}
