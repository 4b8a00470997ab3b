//! Whose a referral or a commission is.

use entity::MirroredTable::{Commission, Lead, Promotion};
use serde_json::{Value, json};

use super::v2::{after, after_fixtures, event};

#[test]
fn a_referral_is_moved_by_its_own_event_and_never_by_a_commission() {
    let moved = after_fixtures(&["referral_moved"]);
    assert_eq!(moved.int(Lead, 30_100_008, "promotion_id"), Some(6_100_004));
    assert_eq!(moved.int(Lead, 30_100_008, "promoter_id"), Some(5_100_002));
    assert_eq!(moved.text(Lead, 30_100_008, "state"), Some("moved"));
    let from = |campaign: i64, promoter: i64| json!({"id": campaign, "promoter_id": promoter});
    let created = event("referral.created", 1, 7, &json!({"id": 7, "promoter_campaign": from(10, 1)}));
    let mut moved = event("referral.moved", 2, 7, &json!({"id": 7, "promoter_campaign": from(20, 2)}));
    moved["changes"] = json!({"promoter_campaign_id": [10, 20]});
    let late = event("referral.created", 1, 7, &json!({"id": 7, "promoter_campaign": from(10, 1)}));
    let tier_2 = json!({"id": 5, "tier": 2, "promoter_campaign": from(30, 3), "referral": {"id": 7, "promoter_campaign": from(30, 3)}});
    let mirror = after(&[created, moved, late, event("commission.created", 9, 5, &tier_2)]);
    assert_eq!(mirror.int(Lead, 7, "promotion_id"), Some(20));
    assert_eq!(mirror.int(Lead, 7, "promoter_id"), Some(2));
    assert_eq!(mirror.int(Commission, 5, "promoter_id"), Some(3));
    assert_eq!(mirror.int(Promotion, 10, "promoter_id"), Some(1));
}

#[test]
fn a_promoter_loses_a_referral_of_which_only_the_enrolment_is_listed_as_changed() {
    let from = |campaign: i64, promoter: i64| json!({"id": campaign, "promoter_id": promoter});
    let created = event("referral.created", 1, 7, &json!({"id": 7, "promoter_campaign": from(10, 1)}));
    let change = |event_type: &str, data: Value| {
        let mut changed = event(event_type, 2, 7, &data);
        changed["changes"] = json!({"promoter_campaign_id": [10, 20]});
        let mirror = after(&[changed, created.clone()]);
        assert_eq!(mirror.int(Lead, 7, "promotion_id"), Some(20));
        mirror.int(Lead, 7, "promoter_id")
    };
    assert_eq!(change("referral.updated", json!({"id": 7})), None, "whose enrolment 20 is nobody says");
    assert_eq!(change("referral.updated", json!({"id": 7, "promoter": {"id": 2}})), Some(2));
    assert_eq!(change("referral.updated", json!({"id": 7, "promoter_campaign": from(20, 2)})), Some(2));
    assert_eq!(change("referral.moved", json!({"id": 7})), Some(1), "between campaigns of one promoter");

    let earned = event("commission.created", 1, 5, &json!({"id": 5, "promoter_campaign": from(10, 1)}));
    let mut changed = event("commission.updated", 2, 5, &json!({"id": 5}));
    changed["changes"] = json!({"promoter_campaign_id": [10, 20]});
    let mirror = after(&[earned, changed]);
    assert_eq!(mirror.int(Commission, 5, "promoter_id"), Some(1), "who earned something has earned it");
}

#[test]
fn a_split_names_the_other_enrolment() {
    let mirror = after_fixtures(&["referral_created"]);
    assert_eq!(mirror.int(Lead, 30_100_001, "split_promotion_id"), Some(6_100_003));
    assert_eq!(mirror.int(Lead, 30_100_001, "split_percentage_value"), Some(333_333));
    assert_eq!(mirror.int(Promotion, 6_100_003, "promoter_id"), Some(5_100_003));
    let ended = event("referral.updated", 59, 30_100_001, &json!({"id": 30_100_001, "split_details": []}));
    assert!(after(&[ended]).was_set(Lead, 30_100_001, "split_promotion_id"));
}
