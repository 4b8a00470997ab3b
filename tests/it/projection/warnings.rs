//! Warnings: about every value that is not understood, not used, or stored with a loss.

use entity::MirroredTable;
use promograph::projection::{Changes, ReplaySelection, drain, rebuild, replay};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::reading::event;
use crate::support::{
    TestDatabase,
    events::{NOW, apply, kept, kept_all, stored},
    mirror::{Mirror, updates},
    on_both,
};

/// No part of this may stand in a warning.
const PRIVATE: &str = "jane@mail.example";

fn v2(event_type: &str, data: &Value) -> Value {
    json!({
        "event_id": "e", "event_type": event_type, "entity_id": 7, "changes": {}, "data": data,
        "timestamp": "2025-03-01T00:00:00Z",
    })
}

fn assert_warned(body: &Value, expected: &[&str]) {
    let warnings = updates(&kept("e", body.to_string().as_bytes())).warnings().join("\n");
    assert_eq!(warnings, expected.join("\n"), "{body}");
    assert!(!warnings.contains("jane"), "{warnings}");
}

#[test]
fn every_reader_of_v1_warns_of_what_it_does_not_understand_and_never_says_it() {
    let p = PRIVATE;
    let lead = |data: Value| {
        let mut all = json!({"id": 7});
        all.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        event("lead_signup", 1, &all)
    };
    let promoter = |data: Value| {
        let mut all = json!({"id": 3});
        all.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        lead(json!({"promoter": all}))
    };
    let mut no_time = lead(json!({}));
    no_time["event"]["created_at"] = json!(p);
    for (body, expected) in [
        (lead(json!({"customer_since": p})), &["lead.customer_since: text is not a time"][..]),
        (lead(json!({"email": [p]})), &["lead.email: list is not text"]),
        (lead(json!({"state": {"a": p}, "status": "active"})), &["lead.state: object is not text"]),
        (lead(json!({"custom_fields": p})), &["lead.custom_fields: text is not an object"]),
        (lead(json!({"custom_fields": {p: 1}})), &[]),
        (
            lead(json!({"split_percentage_value": "12.34567"})),
            &["lead.split_percentage_value: text is rounded to 4 decimal places"],
        ),
        (lead(json!({"promoter": p})), &["data.promoter: text is not an object"]),
        (lead(json!({"promotion": [p]})), &["data.promotion: list is not an object"]),
        (promoter(json!({"id": p})), &["promoter.id: text is not an id"]),
        (promoter(json!({"profile": p})), &["promoter.profile: text is not an object"]),
        (promoter(json!({"promotions": {"a": p}})), &["promoter.promotions: object is not a list"]),
        (promoter(json!({"promotions": [p]})), &["promotion: text is not an object"]),
        (promoter(json!({"profile": {"social_accounts": p}})), &["profile.social_accounts: text is not an object"]),
        (promoter(json!({"current_balance": 5})), &["promoter.current_balance: number is not an object"]),
        (
            promoter(
                json!({"paid_balance": {"cash": "1,250", p: "x", "points": true, "credits": 7.5, "free_months": null}}),
            ),
            &[
                "promoter.paid_balance.*: text is not a number",
                "promoter.paid_balance.cash: text is not a number",
                "promoter.paid_balance.points: boolean is not a number",
            ],
        ),
        (
            lead(
                json!({"promotion": {"id": 1, "hidden": p, "visitors_count": 1.5, "current_offer": p, "campaign_name": []}}),
            ),
            &[
                "promotion.campaign_name: list is not text",
                "promotion.current_offer: text is not an object",
                "promotion.hidden: text is not true or false",
                "promotion.visitors_count: number is not a whole number",
            ],
        ),
        (
            event("reward_created", 1, &json!({"id": 7, "amount": "12.5", "conversion_amount": 99.5, "lead": p})),
            &["commission.conversion_amount: number is not a whole number", "commission.lead: text is not an object"],
        ),
        (
            event("promoter_signed_up", 1, &json!({"promoter": {"id": 3}, "promotions": p})),
            &["data.promotions: text is not a list"],
        ),
        (no_time, &["event.created_at: text is not a time"]),
    ] {
        assert_warned(&body, expected);
    }
}

#[test]
fn every_reader_of_v2_warns_of_what_it_does_not_understand_and_never_says_it() {
    let p = PRIVATE;
    let referral = |data: Value| v2("referral.updated", &data);
    let mut listed = referral(json!({"id": 7}));
    listed["changes"] = json!({"state": "active", "created_at": [null, p], "email": [p, "x@y.example"]});
    let mut no_changes = referral(json!({}));
    no_changes["changes"] = json!([p]);
    let mut nobodys = referral(json!({"id": 7}));
    (nobodys["entity_id"], nobodys["entity_type"]) = (json!(p), json!([p]));
    for (body, expected) in [
        (
            listed,
            &["changes.created_at: text is not a time", "changes.state: text is not a list of an old and a new value"]
                [..],
        ),
        (no_changes, &["changes: list is not an object"]),
        (nobodys, &["entity_id: text is not an id", "entity_type: list is not text"]),
        (
            referral(json!({"split_details": [{"percentage": p}, {}]})),
            &[
                "lead.split_details.percentage: text is not a number",
                "lead.split_details.promoter_campaign_id: missing",
                "lead.split_details: list has several parts, of which the first is kept",
            ],
        ),
        (
            referral(
                json!({"promoter_campaign": {"id": 5, "promoter_id": p, "stats": [], "rewards_for_promoters": [{}]}}),
            ),
            &[
                "promotion.promoter_id: text is not an id",
                "promotion.rewards_for_promoters.reward_id: missing",
                "promotion.stats: list is not an object",
            ],
        ),
        (
            v2(
                "promoter.updated",
                &json!({"balances": {"cash": [p]}, "profile": {"twitter_url": 1.5, "youtube_url": {}}, "promoter_campaigns": p}),
            ),
            &[
                "profile.youtube_url: object is not text",
                "promoter.balances.cash: list is not a number",
                "promoter.promoter_campaigns: text is not a list",
            ],
        ),
        (
            v2("payout.commissions.added", &json!({"payout_id": 9, "commissions": [p], "commission_ids": [5, p]})),
            &["commission: text is not an object", "payout_commission.commission_ids: text is not an id"],
        ),
        (
            v2("contract_document.signed", &json!({"contract": p})),
            &["contract_document.contract: text is not an object"],
        ),
    ] {
        assert_warned(&body, expected);
    }
}

#[test]
fn a_spelling_that_cannot_be_read_leaves_the_other_one() {
    let data = json!({"id": 7, "state": {}, "status": "active"});
    let mirror = Mirror::after(&kept_all(&[event("lead_signup", 1, &data), v2("referral.updated", &data)]));
    assert_eq!(mirror.text(MirroredTable::Lead, 7, "state"), Some("active"));
}

#[tokio::test]
async fn warnings_are_kept_with_the_event_and_judged_anew_by_replay_and_rebuild() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let data =
            json!({"id": 7, "email": [], "promoter": {"id": 3, "paid_balance": {"cash": "1,250", "points": 7.5}}});
        let good = event("lead_signup", 2, &json!({"id": 8}));
        apply(db, &kept_all(&[event("lead_signup", 1, &data), good])).await;
        let expected = r#"["lead.email: list is not text","promoter.paid_balance.cash: text is not a number"]"#;
        let warnings = async || stored(db).await.into_iter().map(|event| event.warnings).collect::<Vec<_>>();
        assert_eq!(warnings().await, [Some(expected.to_owned()), None]);
        // As an earlier version left them, which understood less, or more.
        let earlier = "update webhook_event set occurred_at = null, \
            warnings = case when warnings is null then '[\"of old\"]' end";
        for way in ["rebuild", "replay"] {
            db.write.execute_unprepared(earlier).await.unwrap();
            if way == "rebuild" {
                let rebuilt = rebuild(db, &Changes::new(), || NOW, &mut |_| {}).await.unwrap();
                assert_eq!(rebuilt.changed, 0);
            } else {
                let selection = ReplaySelection { with_warnings: true, ..ReplaySelection::default() };
                assert_eq!(replay(db, &selection, NOW).await.unwrap(), 1, "those with warnings");
                replay(db, &ReplaySelection::default(), NOW).await.unwrap();
                assert_eq!(warnings().await, [None, None]);
                assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().applied, 2);
            }
            assert_eq!(warnings().await, [Some(expected.to_owned()), None], "{way}");
            let times: Vec<_> = stored(db).await.into_iter().map(|event| event.occurred_at).collect();
            assert_eq!(times, [Some(1_740_787_201_000), Some(1_740_787_202_000)], "{way}");
        }
    })
    .await;
}
