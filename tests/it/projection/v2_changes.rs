//! Values that only an event's `changes` hold.

use entity::MirroredTable::{ContractDocument, Lead, PayoutMethod, Profile, Promoter, Promotion, Reward};
use serde_json::{Value, json};

use super::v2::{after, event};
use crate::support::{
    TestDatabase,
    dump::dump,
    events::{apply, kept, kept_all},
    mirror::{Mirror, updates},
    on_both,
};

fn changed(event_type: &str, id: i64, changes: &Value) -> Value {
    let mut body = event(event_type, 2, id, &json!({ "id": id }));
    body["changes"] = changes.clone();
    body
}

fn warnings(body: &Value) -> Vec<String> {
    updates(&kept("e", body.to_string().as_bytes())).warnings().into_iter().map(str::to_owned).collect()
}

fn lead() -> Value {
    let split = json!([{"promoter_campaign_id": 63, "percentage": 25}]);
    let from = json!({"id": 62, "promoter": {"id": 61}});
    event("referral.created", 1, 7, &json!({"id": 7, "promoter_campaign": from, "split_details": split}))
}

#[tokio::test]
async fn an_enrolment_in_the_changes_alone_moves_the_referral_with_its_promoter() {
    on_both(async |test: TestDatabase| {
        let change = json!({"promoter_campaign": [{"id": 62}, {"id": 72, "promoter": {"id": 71}}]});
        let events = kept_all(&[lead(), changed("referral.updated", 7, &change)]);
        apply(&test.database, &events).await;
        let mirror = Mirror::after(&events);
        assert_eq!(dump(&test.database).await, mirror.dump());
        assert_eq!((mirror.int(Lead, 7, "promotion_id"), mirror.int(Lead, 7, "promoter_id")), (Some(72), Some(71)));
    })
    .await;
}

#[test]
fn what_cannot_be_read_of_an_enrolment_takes_nobody_from_a_referral() {
    for change in [json!([62, "x"]), json!([{"id": 62}, {"id": "x5"}]), json!("x"), json!([{}, {}])] {
        let body = changed("referral.updated", 7, &json!({ "promoter_campaign": change }));
        assert!(!warnings(&body).is_empty(), "{body}");
        let mirror = after(&[lead(), body]);
        assert_eq!((mirror.int(Lead, 7, "promotion_id"), mirror.int(Lead, 7, "promoter_id")), (Some(62), Some(61)));
    }
}

#[test]
fn objects_and_lists_in_the_changes_alone_are_read() {
    let body = changed("referral.moved", 7, &json!({"promoter": [{"id": 61}, {"id": 71, "email": "a@b.example"}]}));
    let mirror = after(&[lead(), body]);
    assert_eq!(mirror.int(Lead, 7, "promoter_id"), Some(71));
    assert_eq!(mirror.text(Promoter, 71, "email"), Some("a@b.example"));

    let split = json!({"split_details": [[], [{"promoter_campaign_id": 64, "percentage": 50}]]});
    let mirror = after(&[lead(), changed("referral.updated", 7, &split)]);
    assert_eq!(mirror.int(Lead, 7, "split_promotion_id"), Some(64));
    assert_eq!(mirror.int(Lead, 7, "split_percentage_value"), Some(500_000));

    let profile = json!({"profile": [null, {"first_name": "Jo"}], "selected_payout_method": [null, {"id": 9}]});
    let mirror = after(&[changed("promoter.updated", 3, &profile)]);
    assert_eq!(mirror.text(Profile, 3, "first_name"), Some("Jo"));
    assert_eq!(mirror.int(PayoutMethod, 9, "promoter_id"), Some(3));

    let rules = json!([[], [{"reward_id": 4, "reward": {"id": 4, "name": "Tenth"}}]]);
    let change = json!({"stats": [{}, {"clicks_count": 5}], "customers_count": [1, 2], "rewards_for_promoters": rules});
    let mirror = after(&[changed("promoter_campaign.updated", 8, &change)]);
    assert_eq!(mirror.int(Promotion, 8, "visitors_count"), Some(5));
    assert_eq!(mirror.int(Promotion, 8, "customers_count"), Some(2));
    assert_eq!(mirror.text(Reward, 4, "name"), Some("Tenth"));

    let change = json!({"contract": [null, {"id": 6, "name": "Terms"}], "contract_version": ["1", "2"]});
    let mirror = after(&[changed("contract_document.signed", 5, &change)]);
    assert_eq!(mirror.int(ContractDocument, 5, "contract_id"), Some(6));
    assert_eq!(mirror.text(ContractDocument, 5, "contract_name"), Some("Terms"));
    assert_eq!(mirror.text(ContractDocument, 5, "contract_version"), Some("2"));
}

#[test]
fn forms_and_networks_of_a_profile_are_read_from_the_changes_and_no_network_is_lost() {
    let profile = |changes: &Value, data: &Value| {
        let mut body = event("promoter.profile.updated", 2, 3, data);
        body["changes"] = changes.clone();
        body
    };
    let data = json!({"promoter_id": 3, "twitter_url": "t"});
    let before = event("promoter.profile.updated", 1, 3, &data);
    let change = json!({"w9_form_url": [null, "w"], "facebook_url": [null, "f"]});
    let both = profile(&change, &data);
    assert!(warnings(&both).is_empty());
    let mirror = after(&[before.clone(), both]);
    assert_eq!(mirror.text(Promoter, 3, "w9_form_url"), Some("w"));
    let accounts = r#"{"facebook":{"url":"f"},"twitter":{"url":"t"}}"#;
    assert_eq!(mirror.text(Profile, 3, "social_accounts"), Some(accounts));

    let alone = profile(&change, &json!({"promoter_id": 3}));
    assert_eq!(warnings(&alone), ["changes.facebook_url: text is not kept: the other networks are unknown"]);
    let mirror = after(&[before, alone]);
    assert_eq!(mirror.text(Profile, 3, "social_accounts"), Some(r#"{"twitter":{"url":"t"}}"#));
}

#[test]
fn a_share_that_cannot_be_read_leaves_the_one_that_was_known() {
    let split = json!([{"promoter_campaign_id": "x5", "percentage": "50%"}]);
    let body = event("referral.updated", 2, 7, &json!({"id": 7, "split_details": split}));
    assert!(!warnings(&body).is_empty());
    let mirror = after(&[lead(), body]);
    assert_eq!(mirror.int(Lead, 7, "split_promotion_id"), Some(63));
    assert_eq!(mirror.int(Lead, 7, "split_percentage_value"), Some(250_000));
}

#[test]
fn an_object_beside_its_id_is_warned_of_if_it_is_none() {
    let data = json!({"payout_id": 1, "commission_id": 2, "payout": "zz", "commission": ["zz"]});
    let expected =
        ["payout_commission.commission: list is not an object", "payout_commission.payout: text is not an object"];
    assert_eq!(warnings(&event("payout.commissions.added", 1, 1, &data)), expected);
}

#[test]
fn an_id_of_an_event_that_is_neither_text_nor_number_is_warned_of() {
    for (id, kind) in [(json!([1]), "list"), (json!({}), "object"), (json!(true), "boolean")] {
        let mut body = lead();
        body["event_id"] = id.clone();
        assert_eq!(warnings(&body), [format!("event_id: {kind} is not text or a number")]);
        let v1 = json!({
            "event": {"id": id, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"}, "data": {"id": 7},
        });
        assert_eq!(warnings(&v1), [format!("event.id: {kind} is not text or a number")]);
    }
}
