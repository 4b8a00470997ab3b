//! What each event type of v1 updates: one test per trap of the sender's payloads.

use std::collections::BTreeSet;

use entity::MirroredTable::{Campaign, Commission, Lead, Offer, Payout, Profile, Promoter, Promotion, Reward};
use promograph::projection::{
    merge::Cell,
    mirror::{V1_EVENTS, V2_EVENTS},
    parse::{self, IdSpace, ParsedPayload},
};
use serde_json::{Value, json};

use crate::support::{
    all_fixtures,
    events::{NOW, kept, kept_all},
    fixture,
    mirror::Mirror,
};

/// The mirror after these bodies.
fn after(bodies: &[Value]) -> Mirror {
    Mirror::after(&kept_all(bodies))
}

/// The mirror after these fixtures.
fn after_fixtures(names: &[&str]) -> Mirror {
    after(&names.iter().map(|name| body(name)).collect::<Vec<_>>())
}

fn body(name: &str) -> Value {
    serde_json::from_slice(fixture(name).as_bytes()).unwrap()
}

/// A body of this type and time of day.
pub(super) fn event(event_type: &str, second: u32, data: &Value) -> Value {
    let created_at = format!("2025-03-01T00:00:{second:02}Z");
    json!({"event": {"id": second, "type": event_type, "created_at": created_at}, "data": data})
}

#[test]
fn a_lead_signup_updates_lead_promotion_promoter_profile_and_rewards() {
    let mirror = after_fixtures(&["seed_lead_signup"]);
    let lead = 21_381_518;
    assert_eq!(mirror.text(Lead, lead, "state"), Some("signup"));
    assert_eq!(mirror.text(Lead, lead, "email"), Some("goqucugo@mailinator.com"));
    assert_eq!(mirror.text(Lead, lead, "uid"), None);
    assert!(mirror.was_set(Lead, lead, "uid") && mirror.was_set(Lead, lead, "customer_since"));
    assert_eq!(mirror.int(Lead, lead, "created_at"), Some(1_727_963_120_031));
    assert_eq!(mirror.int(Lead, lead, "promoter_id"), Some(3_920_164));
    assert_eq!(mirror.int(Lead, lead, "promotion_id"), Some(4_210_924));
    assert!(mirror.was_set(Lead, lead, "deleted_at"), "its own event proves that it exists");

    let promotion = 4_210_924;
    assert_eq!(mirror.text(Promotion, promotion, "status"), Some("offer_running"));
    assert_eq!(mirror.text(Promotion, promotion, "ref_id"), Some("afpxunub"));
    assert_eq!(mirror.int(Promotion, promotion, "campaign_id"), Some(13_202));
    assert_eq!(mirror.cell(Promotion, promotion, "hidden"), &Cell::Bool(false));
    assert_eq!(mirror.int(Promotion, promotion, "sales_total"), Some(201_000));
    assert_eq!(mirror.int(Promotion, promotion, "refunds_total"), Some(-1_000));
    assert_eq!(mirror.int(Promotion, promotion, "current_offer_id"), Some(67_212));
    assert_eq!(mirror.int(Promotion, promotion, "current_referral_reward_id"), Some(128_312));
    assert!(mirror.was_set(Promotion, promotion, "current_target_reward_id"));
    assert!(!mirror.was_set(Promotion, promotion, "deleted_at"), "a nested object never sets it");
    assert!(!mirror.was_set(Promotion, promotion, "state"), "that is v2's vocabulary");

    assert_eq!(mirror.text(Campaign, 13_202, "name"), Some("Main Campaign"));
    assert_eq!(mirror.int(Offer, 67_212, "amount"), Some(50_000), "in 1/10,000");
    assert_eq!(mirror.int(Reward, 128_312, "per_of_sale"), Some(200_000));
    assert_eq!(mirror.text(Reward, 128_312, "reward_type"), Some("per_referral"));
    assert_eq!(mirror.text(Reward, 128_312, "default_promo_code"), None);

    let promoter = 3_920_164;
    assert_eq!(mirror.text(Promoter, promoter, "status"), Some("active"));
    assert_eq!(mirror.int(Promoter, promoter, "joined_at"), Some(1_650_986_904_800));
    assert_eq!(mirror.text(Promoter, promoter, "earned_balance"), Some(r#"{"cash":50744}"#));
    assert!(!mirror.was_set(Promoter, promoter, "pending_balance"));
    assert!(mirror.is_stub(Promotion, 4_210_919), "the default promotion is only referred to");
    assert_eq!(mirror.int(Profile, promoter, "profile_id"), Some(3_947_800));
    assert_eq!(mirror.text(Profile, promoter, "country"), Some("US"));
    let accounts = mirror.text(Profile, promoter, "social_accounts").unwrap();
    assert!(accounts.starts_with(r#"{"facebook":{"url":""},"instagram""#), "{accounts}");
}

#[test]
fn a_signup_takes_the_promotions_beside_the_promoter() {
    let mirror = after_fixtures(&["seed_promoter_signed_up"]);
    assert_eq!(mirror.text(Promoter, 9_000_800, "status"), Some("pending"));
    assert!(mirror.was_set(Promoter, 9_000_800, "deleted_at"));
    assert_eq!(mirror.cell(Promoter, 9_000_800, "earned_balance"), &Cell::Null);
    assert_eq!(mirror.int(Promotion, 11_027_500, "promoter_id"), Some(9_000_800));
    assert_eq!(mirror.text(Campaign, 13_202, "name"), Some("Main Campaign"));
    assert_eq!(mirror.text(Profile, 9_000_800, "company_name"), Some("Smith Media"));
}

#[test]
fn every_event_type_has_a_fixture_and_all_fields_of_every_fixture_are_read() {
    let mut read = BTreeSet::new();
    for body in all_fixtures() {
        let event = kept("e", body.as_bytes());
        match parse::parse_event(&event, IdSpace::Shared, NOW) {
            ParsedPayload::Updates(updates) => {
                assert!(updates.warnings().is_empty(), "{body}: {:?}", updates.warnings());
                read.insert(event.event_type);
            }
            other => assert!(matches!(other, ParsedPayload::Ignored("a test delivery")), "{body}: {other:?}"),
        }
    }
    let known = V1_EVENTS.iter().map(|(name, _)| *name).chain(V2_EVENTS.iter().map(|(name, ..)| *name));
    assert_eq!(read, known.map(str::to_owned).collect());
}

#[test]
fn an_acceptance_is_the_state_of_the_promotion_not_of_the_promoter() {
    let mirror = after_fixtures(&["promoter_accepted"]);
    assert_eq!(mirror.text(Promotion, 6_100_001, "state"), Some("accepted"));
    assert!(mirror.was_set(Promotion, 6_100_001, "deleted_at") && mirror.was_set(Promoter, 5_100_001, "deleted_at"));
    assert_eq!(mirror.text(Promoter, 5_100_001, "status"), Some("active"));
    assert_eq!(mirror.text(Campaign, 41_001, "landing_url"), Some("https://shop.example/start"));
    assert_eq!(mirror.text(Campaign, 41_001, "description"), None);
    assert_eq!(mirror.cell(Campaign, 41_001, "auto_approve_promoters"), &Cell::Bool(true));
    assert_eq!(mirror.int(Campaign, 41_001, "offer_id"), Some(70_011));
    assert_eq!(mirror.text(Offer, 70_011, "default_promo_code"), Some("SPRING-15"), "codes are trimmed");
    assert_eq!(mirror.cell(Reward, 71_021, "amount"), &Cell::Null, "a percentage rule may have none");
}

#[test]
fn a_conversion_has_two_names_and_means_the_same() {
    let data = body("new_customer")["data"].clone();
    let referral = after(&[event("lead_becomes_referral", 1, &data)]);
    let customer = after(&[event("new_customer", 1, &data)]);
    for column in ["state", "customer_since", "promoter_id", "deleted_at", "split_promotion_id"] {
        assert_eq!(referral.cell(Lead, 30_100_001, column), customer.cell(Lead, 30_100_001, column), "{column}");
        assert!(customer.was_set(Lead, 30_100_001, column), "{column}");
    }
    assert_eq!(customer.int(Lead, 30_100_001, "split_percentage_value"), Some(333_333));
    assert!(customer.has(Promotion, 6_100_003), "the split's other promotion gets a stub");
    let fields = customer.text(Lead, 30_100_001, "custom_fields");
    assert_eq!(fields, Some(r#"{"company_name":"Anna GmbH","seats":12,"tags":["trial","éu"]}"#));
}

#[test]
fn a_reward_never_says_whose_lead_it_is() {
    let mirror = after_fixtures(&["reward_created_tier_2"]);
    let (lead, commission) = (30_100_001, 14_100_002);
    assert_eq!(mirror.text(Lead, lead, "state"), Some("active"));
    assert!(!mirror.was_set(Lead, lead, "promoter_id") && !mirror.was_set(Lead, lead, "promotion_id"));
    assert!(!mirror.was_set(Lead, lead, "deleted_at"));
    assert_eq!(mirror.int(Commission, commission, "lead_id"), Some(lead));
    assert_eq!(mirror.int(Commission, commission, "promoter_id"), Some(5_100_002));
    assert_eq!(mirror.int(Commission, commission, "tier"), Some(2));
    assert_eq!(mirror.int(Commission, commission, "sale_amount"), Some(49_990));
    assert_eq!(mirror.text(Commission, commission, "sale_event_id"), Some("in_1Qx7Team"));
    assert_eq!(mirror.text(Commission, commission, "split_type"), None);
    assert!(!mirror.has(Reward, commission), "what was earned is no rule");
    let whole = after_fixtures(&["reward_created_tier_2", "lead_signup"]);
    assert_eq!(whole.int(Lead, lead, "promoter_id"), Some(5_100_001));
}

#[test]
fn a_reward_without_a_lead_says_so() {
    let mirror = after(&[event("reward_created", 1, &json!({"id": 5, "amount": -100, "lead": null}))]);
    assert!(mirror.was_set(Commission, 5, "lead_id"));
    assert_eq!(mirror.int(Commission, 5, "amount"), Some(-1_000_000), "a refund's is negative");
    assert!(!mirror.was_set(Commission, 5, "promoter_id"));
}

#[test]
fn a_fulfilment_is_a_payout() {
    let mirror = after_fixtures(&["fulfilment_pending"]);
    assert_eq!(mirror.int(Payout, 2_710_001, "amount"), Some(25_000), "in 1/10,000");
    assert_eq!(mirror.int(Payout, 2_710_001, "reward_id"), Some(71_022));
    assert_eq!(mirror.int(Payout, 2_710_001, "promoter_id"), Some(5_100_001));
    assert_eq!(mirror.cell(Payout, 2_710_001, "has_issues"), &Cell::Bool(false));
    assert!(!mirror.has(Commission, 2_710_001));
}

#[test]
fn the_state_of_a_lead_is_called_status_too() {
    let state = |data: Value| after(&[event("lead_signup", 1, &data)]).cell(Lead, 7, "state").clone();
    assert_eq!(state(json!({"id": 7, "status": "signup"})), Cell::Text("signup".into()));
    assert_eq!(state(json!({"id": 7, "state": "active", "status": "signup"})), Cell::Text("active".into()));
    assert_eq!(state(json!({"id": 7, "state": null, "status": "signup"})), Cell::Text("signup".into()));
    let mirror = after(&[event("lead_signup", 1, &json!({"id": 7, "state": null}))]);
    assert!(mirror.was_set(Lead, 7, "state"));
    assert!(!after(&[event("lead_signup", 1, &json!({"id": 7}))]).was_set(Lead, 7, "state"));
    assert_eq!(state(json!({"id": 7, "state": "never_heard_of"})), Cell::Text("never_heard_of".into()));
}

#[test]
fn an_opt_in_is_a_lead_that_is_subscribed() {
    let mirror = after(&[event("lead_subscribed", 1, &json!({"id": "7", "email": "a@b.example"}))]);
    assert_eq!(mirror.text(Lead, 7, "state"), Some("subscribed"));
}

#[test]
fn a_missing_field_is_not_set_and_null_is() {
    let full =
        event("lead_signup", 1, &json!({"id": 7, "email": "a@b.example", "plan_name": "Team", "promoter": {"id": 1}}));
    let partial = event("lead_cancelled", 2, &json!({"id": 7, "plan_name": null, "promoter": null}));
    let mirror = after(&[full, partial]);
    assert_eq!(mirror.text(Lead, 7, "email"), Some("a@b.example"));
    assert_eq!(mirror.text(Lead, 7, "plan_name"), None);
    assert_eq!(mirror.int(Lead, 7, "promoter_id"), None);
    assert!(mirror.is_stub(Promoter, 1), "who was referred to stays");
}

#[test]
fn a_reference_that_loses_still_gets_its_row() {
    let newer = event("lead_signup", 9, &json!({"id": 7, "promoter": {"id": 1}}));
    let older =
        event("lead_signup", 1, &json!({"id": 7, "promoter": {"id": 2}, "promotion": {"id": 3, "promoter_id": 4}}));
    let mirror = after(&[newer, older]);
    assert_eq!(mirror.int(Lead, 7, "promoter_id"), Some(1));
    assert!(mirror.is_stub(Promoter, 2) && mirror.is_stub(Promoter, 4) && !mirror.is_stub(Promotion, 3));
}

#[test]
fn an_abbreviated_promotion_belongs_to_the_promoter_beside_or_around_it() {
    let data = json!({"id": 7, "promotion": {"id": 3}, "promoter": {"id": 1, "promotions": [{"id": 4}, {"id": 5, "promoter_id": null}]}});
    let mirror = after(&[event("lead_signup", 1, &data)]);
    assert_eq!(mirror.int(Promotion, 3, "promoter_id"), Some(1));
    assert_eq!(mirror.int(Promotion, 4, "promoter_id"), Some(1));
    assert_eq!(mirror.int(Promotion, 5, "promoter_id"), None);
    assert!(mirror.was_set(Promotion, 5, "promoter_id"));
}

#[test]
fn of_two_copies_in_one_event_the_one_it_is_about_counts() {
    let data = json!({
        "id": 7, "promotion": {"id": 3, "visitors_count": 10},
        "promoter": {"id": 1, "promotions": [{"id": 3, "visitors_count": 99, "leads_count": 5}]}
    });
    let mirror = after(&[event("lead_signup", 1, &data)]);
    assert_eq!(mirror.int(Promotion, 3, "visitors_count"), Some(10));
    assert_eq!(mirror.int(Promotion, 3, "leads_count"), Some(5));
}

#[test]
fn a_balance_map_is_one_register() {
    let with_balance = |second, balance: Value| {
        event("promoter_signed_up", second, &json!({"promoter": {"id": 1, "earnings_balance": balance}}))
    };
    let newer = with_balance(2, json!({"points": 3}));
    let older = with_balance(1, json!({"cash": 100, "points": 1}));
    for order in [[older.clone(), newer.clone()], [newer.clone(), older.clone()]] {
        assert_eq!(after(&order).text(Promoter, 1, "earned_balance"), Some(r#"{"points":3}"#));
    }
    assert_eq!(after(&[newer.clone(), with_balance(3, Value::Null)]).text(Promoter, 1, "earned_balance"), None);
    assert_eq!(after(&[newer, with_balance(3, json!(5))]).text(Promoter, 1, "earned_balance"), Some(r#"{"points":3}"#));
}

#[test]
fn a_campaign_keeps_its_name_when_a_promotion_has_none() {
    let named = |second, name: Value| {
        event("lead_signup", second, &json!({"id": 7, "promotion": {"id": 3, "campaign_id": 4, "campaign_name": name}}))
    };
    let mirror = after(&[named(1, json!("Main")), named(2, Value::Null), named(3, json!(""))]);
    assert_eq!(mirror.text(Campaign, 4, "name"), Some("Main"));
}

#[test]
fn secrets_of_the_sender_are_in_no_column() {
    let mirror = after(&[body("promoter_signed_up"), body("promoter_accepted"), body("reward_created")]);
    let dump = format!("{:?}", mirror.dump());
    for secret in ["secret", "whtoken", "XPQ-rT"] {
        assert!(!dump.contains(secret), "{secret}");
    }
}
