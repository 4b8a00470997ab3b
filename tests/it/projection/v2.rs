//! What webhooks v2 update: one test per trap of the sender's payloads.

use entity::MirroredTable::{
    Campaign, Commission, ContractDocument, Lead, Payout, PayoutMethod, Profile, Promoter, Promotion, Reward,
};
use promograph::projection::{
    merge::Cell,
    parse::{self, IdSpace, ParsedPayload},
};
use serde_json::{Value, json};

use crate::support::{
    events::{NOW, kept, kept_all},
    fixture,
    mirror::Mirror,
};

/// The mirror after these bodies.
pub(super) fn after(bodies: &[Value]) -> Mirror {
    Mirror::after(&kept_all(bodies))
}

/// The mirror after these fixtures.
pub(super) fn after_fixtures(names: &[&str]) -> Mirror {
    after(&names.iter().map(|name| serde_json::from_str(&fixture(&format!("v2/{name}"))).unwrap()).collect::<Vec<_>>())
}

/// A body about this object, at this second.
pub(super) fn event(event_type: &str, second: u32, id: i64, data: &Value) -> Value {
    json!({
        "event_id": format!("event-{second}"), "event_type": event_type, "entity_id": id, "changes": {}, "data": data,
        "timestamp": format!("2025-03-01T00:00:{second:02}Z"),
    })
}

#[test]
fn a_promoter_brings_profile_enrolments_parent_and_payout_method() {
    let mirror = after_fixtures(&["promoter_updated"]);
    let mira = 5_100_001;
    assert_eq!(mirror.text(Promoter, mira, "cust_id"), Some("crm-8812"));
    assert_eq!(mirror.text(Promoter, mira, "note"), None);
    assert_eq!(mirror.text(Promoter, mira, "name"), Some("Mira Ọkáfọ̀r"));
    assert_eq!(mirror.int(Promoter, mira, "parent_promoter_id"), Some(5_100_002));
    assert_eq!(mirror.text(Promoter, 5_100_002, "email"), Some("leo@partners.example"));
    assert_eq!(
        mirror.text(Promoter, mira, "earned_balance"),
        Some(r#"{"cash":314937,"credits":null,"free_months":3}"#)
    );
    assert!(!mirror.was_set(Promoter, mira, "current_balance") && !mirror.was_set(Promoter, mira, "status"));
    assert_eq!(mirror.text(Promoter, mira, "custom_fields"), Some(r#"{"newsletter":"yes","tax_class":3}"#));
    assert_eq!(mirror.text(Profile, mira, "company_number"), Some("RC-88120"));
    assert_eq!(mirror.int(Profile, mira, "profile_id"), Some(5_200_001));
    assert_eq!(mirror.text(Promotion, 6_100_001, "state"), Some("accepted"));
    assert_eq!(mirror.text(Promotion, 6_100_001, "promo_code"), Some("MIRA15"));
    assert!(!mirror.was_set(Promotion, 6_100_001, "deleted_at"), "a nested object never sets it");
    assert_eq!(mirror.text(Campaign, 41_001, "color"), Some("#3b82f6"));
    assert_eq!(mirror.int(PayoutMethod, 810_001, "promoter_id"), Some(mira));
    assert!(!mirror.was_set(PayoutMethod, 810_001, "is_selected"), "the one selected before is not named");
}

#[test]
fn the_first_payloads_spelled_fields_like_v1() {
    let old = json!({
        "id": 1, "status": "active", "created_at": "2025-01-01T00:00:00Z", "earnings_balance": {"cash": 5},
        "paid_balance": {"cash": 2}, "default_ref_id": "mira", "profile": {"avatar_url": "https://a.example"},
    });
    let mirror = after(&[event("promoter.updated", 1, 1, &old)]);
    assert_eq!(mirror.text(Promoter, 1, "status"), Some("active"));
    assert_eq!(mirror.int(Promoter, 1, "joined_at"), Some(1_735_689_600_000));
    assert_eq!(mirror.text(Promoter, 1, "earned_balance"), Some(r#"{"cash":5}"#));
    assert_eq!(mirror.text(Promoter, 1, "paid_balance"), Some(r#"{"cash":2}"#));
    assert_eq!(mirror.text(Profile, 1, "avatar_url"), Some("https://a.example"));
    let old =
        json!({"id": 7, "status": "customer", "suspicion": "ad_source", "plan_name": "Team", "cancelled_at": null});
    let mirror = after(&[event("referral.updated", 1, 7, &old)]);
    assert_eq!(mirror.text(Lead, 7, "state"), Some("customer"), "the enum knows what it means");
    assert_eq!(mirror.text(Lead, 7, "suspicion"), Some("ad_source"));
    let old = json!({"id": 5, "currency": "USD", "promoter_id": 1, "referral_id": 7});
    let mirror = after(&[event("commission.created", 1, 5, &old)]);
    assert_eq!(mirror.int(Commission, 5, "promoter_id"), Some(1));
    assert_eq!(mirror.int(Commission, 5, "lead_id"), Some(7));
    assert!(mirror.is_stub(Lead, 7) && !mirror.was_set(Commission, 5, "unit"));
}

#[test]
fn a_referral_cancelled_at_the_time_of_the_event_unless_that_tells_another() {
    let cancelled = |second, data: &Value| event("referral.cancelled", second, 7, data);
    let silent = cancelled(5, &json!({"id": 7, "state": "cancelled"}));
    let at = promograph::time::parse_ms(silent["timestamp"].as_str().unwrap());
    for data in [json!({"id": 7}), json!({"id": 7, "cancelled_at": null})] {
        assert_eq!(after(&[cancelled(5, &data)]).int(Lead, 7, "cancelled_at"), at, "{data}");
    }
    let told = json!({"id": 7, "cancelled_at": "2025-01-01T00:00:00Z"});
    assert_eq!(after(&[cancelled(5, &told)]).int(Lead, 7, "cancelled_at"), Some(1_735_689_600_000));
    let mut listed = cancelled(5, &json!({"id": 7}));
    listed["changes"] = json!({"cancelled_at": [null, "2025-01-01T00:00:00Z"]});
    assert_eq!(after(&[listed]).int(Lead, 7, "cancelled_at"), Some(1_735_689_600_000));
    // The last one counts, whatever the order of delivery.
    let again = cancelled(9, &json!({"id": 7}));
    let last = promograph::time::parse_ms(again["timestamp"].as_str().unwrap());
    for order in [[silent.clone(), again.clone()], [again, silent]] {
        assert_eq!(after(&order).int(Lead, 7, "cancelled_at"), last);
    }
    let mut timeless = cancelled(5, &json!({"id": 7, "state": "cancelled"}));
    timeless["timestamp"] = Value::Null;
    assert_eq!(after(&[timeless]).int(Lead, 7, "cancelled_at"), None);
}

#[test]
fn of_two_spellings_the_filled_one_counts() {
    let both = json!({"id": 7, "state": null, "status": "lead", "fraud_check": "", "suspicion": "ad_source"});
    let mirror = after(&[event("referral.updated", 1, 7, &both)]);
    assert_eq!(mirror.text(Lead, 7, "state"), Some("lead"));
    assert_eq!(mirror.text(Lead, 7, "suspicion"), Some("ad_source"));
}

#[test]
fn a_listed_change_wins_over_every_other_value_of_the_same_second() {
    let mut changed = event("referral.updated", 1, 7, &json!({"id": 7, "state": "active", "uid": "a"}));
    changed["event_id"] = json!("a");
    changed["changes"] = json!({"state": ["signup", "active"], "customer_since": [null, "2025-01-01T00:00:00Z"]});
    let snapshot =
        event("referral.updated", 1, 7, &json!({"id": 7, "state": "signup", "uid": "z", "customer_since": null}));
    for order in [[changed.clone(), snapshot.clone()], [snapshot, changed]] {
        let mirror = after(&order);
        assert_eq!(mirror.text(Lead, 7, "state"), Some("active"));
        assert_eq!(
            mirror.int(Lead, 7, "customer_since"),
            Some(1_735_689_600_000),
            "the data lacks it, the change has it"
        );
        assert_eq!(mirror.text(Lead, 7, "uid"), Some("z"), "of the rest the larger event id wins");
    }
}

#[test]
fn state_comes_from_the_data_and_not_from_the_name() {
    let denied = json!({"id": 5, "status": "denied"});
    assert_eq!(after(&[event("commission.approved", 1, 5, &denied)]).text(Commission, 5, "status"), Some("denied"));
    assert!(!after(&[event("commission.approved", 1, 5, &json!({}))]).was_set(Commission, 5, "status"));
    let approved = json!({"id": 5, "status": "approved"});
    let both = [event("commission.updated", 1, 5, &approved), event("commission.approved", 1, 5, &approved)];
    let mut turned = both.clone();
    turned.reverse();
    assert_eq!(after(&both).dump(), after(&turned).dump());
}

#[test]
fn a_deletion_needs_no_data_and_a_later_event_undoes_it() {
    let lead = |second, event_type: &str, data: Value| event(event_type, second, 7, &data);
    let created = lead(1, "referral.created", json!({"id": 7, "email": "a@b.example"}));
    let deleted = lead(2, "referral.deleted", Value::Null);
    let seen_again = lead(3, "referral.updated", json!({"id": 7}));
    for order in [[created.clone(), deleted.clone()], [deleted.clone(), created.clone()]] {
        let mirror = after(&order);
        assert_eq!(mirror.int(Lead, 7, "deleted_at"), Some(1_740_787_202_000));
        assert_eq!(mirror.text(Lead, 7, "email"), Some("a@b.example"));
    }
    assert_eq!(after(&[seen_again, deleted.clone(), created]).int(Lead, 7, "deleted_at"), None);
    let nested = event("commission.created", 4, 5, &json!({"id": 5, "referral": {"id": 7}}));
    assert!(after(&[deleted, nested]).int(Lead, 7, "deleted_at").is_some(), "a nested object does not bring it back");
    let tie = lead(2, "referral.updated", json!({"id": 7}));
    let gone = lead(2, "referral.deleted", json!({"id": 7}));
    assert!(after(&[gone, tie]).int(Lead, 7, "deleted_at").is_some(), "in one second the deletion is the last");
}

#[test]
fn a_profile_is_deleted_with_its_promoter_and_comes_back_with_it() {
    let promoter = |second, event_type: &str, data: Value| event(event_type, second, 3, &data);
    let filled = json!({"id": 3, "profile": {"id": 8, "country": "DE"}});
    let created = promoter(1, "promoter.created", filled.clone());
    let deleted = promoter(2, "promoter.deleted", filled);
    let nested = event("commission.created", 3, 5, &json!({"id": 5, "promoter": {"id": 3, "profile": {"id": 8}}}));
    let mirror = after(&[nested, deleted.clone(), created.clone()]);
    for table in [Promoter, Profile] {
        assert_eq!(mirror.int(table, 3, "deleted_at"), Some(1_740_787_202_000));
    }
    let again = promoter(4, "promoter.updated", json!({"id": 3, "profile": {"id": 8}}));
    let mirror = after(&[again, deleted, created]);
    for table in [Promoter, Profile] {
        assert_eq!(mirror.int(table, 3, "deleted_at"), None);
    }
    assert_eq!(mirror.text(Profile, 3, "country"), Some("DE"));
    let bare = after(&[promoter(1, "promoter.updated", json!({"id": 3}))]);
    assert!(!bare.has(Profile, 3), "there is no profile");
}

#[test]
fn an_enrolment_has_v2s_names_for_codes_links_and_counters() {
    let mirror = after_fixtures(&["promoter_campaign_updated"]);
    let promotion = 6_100_001;
    assert_eq!(mirror.text(Promotion, promotion, "ref_id"), Some("mira"));
    assert_eq!(mirror.text(Promotion, promotion, "customer_promo_code"), Some("MIRA15"));
    assert_eq!(mirror.int(Promotion, promotion, "visitors_count"), Some(812));
    assert_eq!(mirror.int(Promotion, promotion, "leads_count"), Some(34));
    assert_eq!(mirror.int(Promotion, promotion, "sales_total"), Some(1_049_790));
    assert!(!mirror.was_set(Promotion, promotion, "status"), "that is v1's vocabulary");
    assert_eq!(mirror.text(Reward, 71_021, "reward_type"), Some("sale"));
    let states = ["promoter_campaign_accepted", "promoter_campaign_blocked", "promoter_campaign_rejected"];
    assert_eq!(after_fixtures(&states).text(Promotion, promotion, "state"), Some("accepted"), "by time");
}

#[test]
fn a_profile_is_found_by_its_promoter_whatever_the_event_is_about() {
    let mirror = after_fixtures(&["promoter_profile_updated"]);
    assert_eq!(mirror.int(Profile, 5_100_001, "profile_id"), Some(5_200_001));
    assert_eq!(mirror.text(Profile, 5_100_001, "vat_id"), Some("NG-0117"));
    assert_eq!(mirror.text(Promoter, 5_100_001, "w8_form_url"), Some("https://files.example/w8-mira.pdf"));
    let mut of_promoter =
        event("promoter.profile.updated", 1, 3, &json!({"id": 3, "email": "a@b.example", "country": "DE"}));
    of_promoter["entity_type"] = json!("Promoter");
    let mirror = after(&[of_promoter]);
    assert_eq!(mirror.text(Promoter, 3, "email"), Some("a@b.example"));
    assert_eq!(mirror.text(Profile, 3, "country"), Some("DE"));
    assert!(!mirror.was_set(Profile, 3, "profile_id"), "that id is the promoter's");
    let nested = event("promoter.profile.updated", 1, 3, &json!({"id": 3, "profile": {"id": 8, "country": "DE"}}));
    assert_eq!(after(&[nested]).int(Profile, 3, "profile_id"), Some(8));
    let nobodys = event("promoter.profile.updated", 1, 8, &json!({"id": 8, "country": "DE"}));
    let reading = parse::parse_event(&kept("e", nobodys.to_string().as_bytes()), IdSpace::Shared, NOW);
    assert_eq!(reading, ParsedPayload::Failed("not applied: profile.promoter_id: missing".to_owned()));
}

#[test]
fn a_moved_balance_is_the_promoters_whatever_the_event_is_about() {
    let of_promoter = after_fixtures(&["promoter_balance_updated"]);
    assert_eq!(of_promoter.text(Promoter, 5_100_001, "earned_balance"), Some(r#"{"cash":314937,"free_months":3}"#));
    let mut row =
        event("promoter.balance.updated", 1, 99, &json!({"id": 99, "promoter_id": 3, "current_balance": {"cash": -1}}));
    row["entity_type"] = json!("balance");
    let mirror = after(&[row]);
    assert_eq!(mirror.text(Promoter, 3, "current_balance"), Some(r#"{"cash":-1}"#));
    assert!(!mirror.has(Promoter, 99));
}

#[test]
fn social_accounts_of_both_versions_are_one_value() {
    let profile = json!({"twitter_url": "https://t.example", "facebook_url": "", "youtube_url": null});
    let mirror = after(&[event("promoter.updated", 1, 3, &json!({"id": 3, "profile": profile}))]);
    assert_eq!(mirror.text(Profile, 3, "social_accounts"), Some(r#"{"twitter":{"url":"https://t.example"}}"#));
    let without = after(&[event("promoter.updated", 1, 3, &json!({"id": 3, "profile": {"country": "DE"}}))]);
    assert!(!without.was_set(Profile, 3, "social_accounts"));
}

#[test]
fn an_envelope_and_data_that_disagree_on_the_id_wait_for_a_person() {
    let event = event("referral.updated", 1, 7, &json!({"id": 8, "state": "active"}));
    let reading = parse::parse_event(&kept("e", event.to_string().as_bytes()), IdSpace::Shared, NOW);
    assert_eq!(
        reading,
        ParsedPayload::Failed("not applied: lead.id: number is not the same id as in entity_id".to_owned())
    );
    let mut of_other = event;
    of_other["entity_type"] = json!("customer");
    assert_eq!(after(&[of_other]).text(Lead, 8, "state"), Some("active"), "then the data's own id counts");
}

#[test]
fn ids_that_are_not_shared_keep_v2_out_of_what_v1_fills() {
    let read = |name: &str| parse::parse_event(&kept("e", fixture(name).as_bytes()), IdSpace::Separate, NOW);
    for name in ["v2/referral_created", "v2/payout_method_created", "v2/contract_document_signed", "v2/payout_deleted"]
    {
        assert!(
            matches!(read(name), ParsedPayload::Ignored(reason) if reason.contains("PROMOGRAPH_V1_V2_SAME_IDS")),
            "{name}"
        );
    }
    assert!(matches!(read("v2/payments_batch_created"), ParsedPayload::Updates(_)));
    assert!(matches!(read("lead_signup"), ParsedPayload::Updates(_)));
}

#[test]
fn what_is_sensitive_and_of_no_use_is_in_no_column() {
    let mirror = after_fixtures(&["contract_document_signed", "promoter_updated", "payout_completed"]);
    assert!(!format!("{:?}", mirror.dump()).contains("192.0.2.17"), "the address that a contract was signed from");
    assert_eq!(mirror.text(ContractDocument, 910_001, "contract_version"), Some("3"));
    assert_eq!(mirror.int(ContractDocument, 910_001, "contract_id"), Some(4_711));
    assert_eq!(mirror.int(ContractDocument, 910_001, "promoter_id"), Some(5_100_001));
    assert_eq!(mirror.cell(Payout, 2_710_002, "tax_rate"), &Cell::Int(75_000));
}
