//! Nothing is sent for a change that the viewer does not see.

use promograph::{
    auth::Viewer,
    projection::{Changes, Notice, drain},
    time::now_ms,
};
use serde_json::{Value, json};

use super::{id, tell};
use crate::support::{TestApp, TestDatabase, eventually, live::Wire, on_both};

/// The promoter who has the leads, and one who has a part of the shared ones.
const OWNER: i64 = 5;
const PARTNER: i64 = 6;

/// A webhook v2 about a row. Events with a larger number are later.
fn event(number: i64, kind: &str, id: i64, changed: Value) -> Value {
    let mut data = json!({ "id": id });
    let Value::Object(changed) = changed else { panic!("no object") };
    data.as_object_mut().unwrap().extend(changed);
    json!({
        "event_id": format!("e-{number}"), "event_type": kind, "entity_id": id, "changes": {},
        "timestamp": format!("2026-03-01T00:{number:02}:00Z"), "data": data,
    })
}

/// Both promoters with an enrolment each, and lead 7, which they share.
async fn shared_lead(app: &TestApp) {
    for (number, promoter) in [(1, OWNER), (2, PARTNER)] {
        let enrolment = json!({ "promoter_id": promoter, "campaign_id": 9, "promoter": { "id": promoter } });
        tell(app, event(number, "promoter_campaign.created", promoter * 10, enrolment)).await;
    }
    tell(app, json!({
        "event": { "id": 3, "type": "lead_signup", "created_at": "2026-03-01T00:03:00Z" },
        "data": {
            "id": 7, "state": "signup", "email": "a@customer.example", "plan_name": "basic", "suspicion": "no_suspicion",
            "promoter": { "id": OWNER }, "promotion": { "id": OWNER * 10, "promoter_id": OWNER, "campaign_id": 9 },
            "split_promotion_id": PARTNER * 10, "split_percentage_value": 30,
        },
    })).await;
}

/// A change of the lead that only some see.
fn lead(number: i64, changed: Value) -> Value {
    let mut data = json!({ "id": 7 });
    let Value::Object(changed) = changed else { panic!("no object") };
    data.as_object_mut().unwrap().extend(changed);
    json!({
        "event": { "id": number, "type": "lead_signup", "created_at": format!("2026-03-01T00:{number:02}:00Z") },
        "data": data,
    })
}

const LEADS: &str = "subscription { leadChanged { updatedAt lead { state email suspicion planName updatedAt } } }";
const RESUMED: &str =
    "subscription($after: ID) { leadChanged(after: $after) { lastEventId lead { state email suspicion planName } } }";

#[tokio::test]
async fn a_message_comes_only_if_something_changed_that_the_viewer_sees() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        shared_lead(&app).await;
        let address = app.listen().await;
        let viewers = [
            Viewer::Promoter { id: OWNER },
            Viewer::Promoter { id: PARTNER },
            Viewer::Analyst { pii: false },
            Viewer::Analyst { pii: true },
        ];
        let mut wires = Vec::new();
        for viewer in viewers {
            let mut wire = Wire::open(address, &app.token_of(viewer)).await;
            wire.subscribe(&app, "1", LEADS).await;
            wires.push(wire);
        }
        for (number, hidden, plan, told) in [
            (4, json!({ "suspicion": "self_referral" }), "b", [false, false, true, true]),
            // The analyst sees the address masked.
            (6, json!({ "email": "another@customer.example" }), "c", [true, false, true, true]),
            (8, json!({ "uid": "cus_1" }), "d", [true, false, false, true]),
        ] {
            tell(&app, lead(number, hidden.clone())).await;
            for (index, (wire, _)) in wires.iter_mut().zip(told).enumerate().filter(|(_, (_, told))| *told) {
                let sent = wire.data("1").await;
                assert_ne!(sent["leadChanged"]["lead"]["planName"], plan, "viewer {index} after {hidden}");
            }
            // Whether the others were sent it shows by what comes next: all of them see the plan.
            tell(&app, lead(number + 1, json!({ "plan_name": plan }))).await;
            for (index, wire) in wires.iter_mut().enumerate() {
                let next = wire.data("1").await["leadChanged"].clone();
                assert_eq!(next["lead"]["planName"], plan, "viewer {index} after {hidden}: {next}");
                assert!(next["updatedAt"].is_string());
                assert_eq!(next["lead"]["updatedAt"].is_null(), index < 2, "{next}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_resumes_or_lost_notices_is_not_sent_what_changed_out_of_sight() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        shared_lead(&app).await;
        let address = app.listen().await;
        let viewers =
            [Viewer::Promoter { id: OWNER }, Viewer::Promoter { id: PARTNER }, Viewer::Analyst { pii: false }];
        let start = async |viewer: Viewer, after: Option<&Value>| {
            let mut wire = Wire::open(address, &app.token_of(viewer)).await;
            wire.subscribe_with(&app, "1", RESUMED, json!({ "after": after })).await;
            wire
        };
        // Nobody but the analyst sees lead 8.
        let other = async |number: i64| {
            let before = now_ms() + 1;
            eventually("the clock moves on", async || now_ms() > before).await;
            let state = if number == 4 { "active" } else { "cancelled" };
            tell(&app, event(number, "referral.updated", 8, json!({ "state": state }))).await;
        };
        let plan = async |wire: &mut Wire| wire.data("1").await["leadChanged"]["lead"]["planName"].clone();
        other(4).await;
        let events = app.admin().data("{ webhookEvents(first: 1) { nodes { id } } }").await;
        let after = events["webhookEvents"]["nodes"][0]["id"].clone();
        tell(&app, lead(5, json!({ "suspicion": "self_referral" }))).await;
        tell(&app, lead(6, json!({ "uid": "cus_1" }))).await;
        let mut wires = Vec::new();
        for viewer in viewers {
            wires.push(start(viewer, Some(&after)).await);
        }
        assert_eq!(plan(&mut wires[0]).await, "basic", "the owner sees the uid");
        assert_eq!(plan(&mut wires[2]).await, Value::Null, "what it resumes behind comes again");
        assert_eq!(plan(&mut wires[2]).await, "basic", "the analyst sees the suspicion");
        tell(&app, lead(7, json!({ "plan_name": "next" }))).await;
        for wire in &mut wires {
            assert_eq!(plan(wire).await, "next", "and the partner neither");
        }

        other(8).await;
        let mut wires = Vec::new();
        for viewer in viewers {
            wires.push(start(viewer, None).await);
        }
        // Written by a process that this one does not hear.
        app.deliver(lead(9, json!({ "email": "z@customer.example", "uid": "cus_2" })).to_string()).await;
        drain(&app.database, &Changes::new(), now_ms()).await.unwrap();
        app.changes.publish(Notice::Lost);
        assert_eq!(plan(&mut wires[0]).await, "next", "the owner sees the address");
        let mut masked = plan(&mut wires[2]).await;
        if masked.is_null() {
            // What was sent last may come again: lead 8.
            masked = plan(&mut wires[2]).await;
        }
        assert_eq!(masked, "next", "the analyst sees it masked");
        tell(&app, lead(10, json!({ "plan_name": "last" }))).await;
        for wire in &mut wires {
            assert_eq!(plan(wire).await, "last");
        }
    })
    .await;
}

#[tokio::test]
async fn what_changed_out_of_sight_does_not_count_among_what_may_be_missed() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.replay = 1);
        for id in 20..24 {
            let created_at = "2026-03-01T00:01:00Z";
            let data = json!({ "id": id, "state": "active", "plan_name": "basic", "promoter": { "id": OWNER } });
            let event = json!({ "id": id - 19, "type": "lead_signup", "created_at": created_at });
            tell(&app, json!({ "event": event, "data": data })).await;
        }
        let before = now_ms() + 1;
        eventually("the clock moves on", async || now_ms() > before).await;
        tell(&app, event(2, "referral.updated", 8, json!({ "state": "active" }))).await;
        let events = app.admin().data("{ webhookEvents(first: 1) { nodes { id } } }").await;
        let after = events["webhookEvents"]["nodes"][0]["id"].clone();
        let hide = |number: i64, id: i64, changed: Value| {
            let mut event = lead(number, changed);
            event["data"]["id"] = json!(id);
            event
        };
        for id in 20..24 {
            tell(&app, hide(id, id, json!({ "suspicion": "self_referral" }))).await;
        }
        let address = app.listen().await;
        let resumed = async || {
            let mut wire = Wire::open(address, &app.token_of(Viewer::Promoter { id: OWNER })).await;
            wire.start_with("1", RESUMED, json!({ "after": after })).await;
            wire
        };
        tell(&app, hide(30, 22, json!({ "plan_name": "seen" }))).await;
        tell(&app, hide(31, 23, json!({ "suspicion": "no_suspicion" }))).await;
        let mut wire = resumed().await;
        assert_eq!(wire.data("1").await["leadChanged"]["lead"]["planName"], "seen");
        // Two are too many.
        tell(&app, hide(32, 20, json!({ "plan_name": "seen" }))).await;
        let mut wire = resumed().await;
        assert_eq!(wire.error("1").await, "REFETCH");
    })
    .await;
}

#[tokio::test]
async fn a_promoter_is_not_told_of_notes_nor_of_batches() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, event(1, "promoter.created", OWNER, json!({ "email": "p@partners.example" }))).await;
        let payout = |number: i64, more: Value| {
            let mut data = json!({ "promoter_id": OWNER, "promoter": { "id": OWNER } });
            let Value::Object(more) = more else { panic!("no object") };
            data.as_object_mut().unwrap().extend(more);
            event(number, "payout.updated", 40, data)
        };
        tell(&app, payout(2, json!({ "status": "pending" }))).await;
        let address = app.listen().await;
        let mut wire = Wire::open(address, &app.token_of(Viewer::Promoter { id: OWNER })).await;
        wire.subscribe(&app, "p", "subscription { promoterChanged { promoter { id custId note } } }").await;
        wire.subscribe(&app, "o", "subscription { payoutChanged { payout { status error } } }").await;
        tell(&app, event(3, "promoter.updated", OWNER, json!({ "note": "slow" }))).await;
        tell(&app, event(4, "promoter.updated", OWNER, json!({ "cust_id": "crm-1" }))).await;
        assert_eq!(
            wire.data("p").await["promoterChanged"]["promoter"],
            json!({ "id": id("promoter", OWNER), "custId": "crm-1", "note": null })
        );
        tell(&app, payout(5, json!({ "error": "no such account" }))).await;
        tell(&app, payout(6, json!({ "payments_batch": { "id": 30 } }))).await;
        tell(&app, payout(7, json!({ "status": "completed" }))).await;
        let sent = wire.data("o").await["payoutChanged"]["payout"].clone();
        assert_eq!(sent, json!({ "status": "COMPLETED", "error": null }));
    })
    .await;
}
