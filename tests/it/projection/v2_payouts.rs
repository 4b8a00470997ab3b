//! Which commissions a payout pays: events whose payloads are not documented.

use entity::MirroredTable::{Commission, PaymentsBatch, Payout, PayoutCommission, PayoutMethod};
use promograph::projection::{
    mirror::link_key,
    parse::{self, IdSpace, ParsedPayload},
};
use serde_json::{Value, json};

use super::v2::{after, after_fixtures, event};
use crate::support::events::{NOW, kept};

fn about(mut event: Value, entity: &str) -> Value {
    event["entity_type"] = json!(entity);
    event
}

#[test]
fn a_link_is_read_from_the_payout_the_commission_or_a_row_of_both() {
    let commission = json!({"id": 5, "tier": 1, "amount": 100});
    let mut with_payout = commission.clone();
    with_payout["payout_id"] = json!(9);
    let mut changed = about(event("payout.commissions.added", 1, 5, &commission), "commission");
    changed["changes"] = json!({"payout_id": [null, 9]});
    let shapes = [
        about(event("payout.commissions.added", 1, 9, &json!({"payout_id": 9, "commission_id": 5})), "payout"),
        about(
            event("payout.commissions.added", 1, 77, &json!({"id": 77, "payout": {"id": 9}, "commission": {"id": 5}})),
            "PayoutCommission",
        ),
        about(
            event("payout.commissions.added", 1, 9, &json!({"id": 9, "status": "pending", "commission_ids": [5]})),
            "payout",
        ),
        about(
            event("payout.commissions.added", 1, 9, &json!({"id": 9, "status": "pending", "commissions": [{"id": 5}]})),
            "payout",
        ),
        about(event("payout.commissions.added", 1, 9, &commission), "payout"),
        about(event("payout.commissions.added", 1, 5, &with_payout), "commission"),
        changed,
        json!({"event_type": "payout.commissions.added", "event_id": "e", "timestamp": "2025-03-01T00:00:01Z", "data": with_payout}),
    ];
    for shape in shapes {
        let mirror = after(std::slice::from_ref(&shape));
        let key = link_key(9, 5).unwrap();
        assert!(mirror.has(PayoutCommission, key), "{shape}");
        assert_eq!(mirror.int(PayoutCommission, key, "payout_id"), Some(9), "{shape}");
        assert_eq!(mirror.int(PayoutCommission, key, "commission_id"), Some(5), "{shape}");
        assert!(mirror.has(Payout, 9) && mirror.has(Commission, 5), "{shape}");
        assert!(!mirror.has(Payout, 77) && !mirror.has(Commission, 9) && !mirror.has(Payout, 5), "{shape}");
    }
}

#[test]
fn a_commission_leaves_a_payout_and_may_come_back() {
    let link_event = |second, part: &str| {
        let data = json!({"payout_id": 9, "commission_id": 5});
        event(&format!("payout.commissions.{part}"), second, 9, &data)
    };
    let key = link_key(9, 5).unwrap();
    let gone = |events: &[Value]| after(events).int(PayoutCommission, key, "deleted_at").is_some();
    assert!(gone(&[link_event(2, "removed"), link_event(1, "added")]));
    assert!(gone(&[link_event(1, "added"), link_event(1, "deleted")]), "in one second it leaves last");
    assert!(!gone(&[link_event(3, "added"), link_event(2, "removed"), link_event(1, "added")]));
    let left = after_fixtures(&["payout_commissions_removed"]);
    let key = link_key(2_710_002, 14_100_007).unwrap();
    assert!(left.int(PayoutCommission, key, "deleted_at").is_some(), "the old payout is in the changes");
}

#[test]
fn half_of_a_link_is_applied_with_a_warning() {
    let payout = about(event("payout.commissions.added", 1, 9, &json!({"id": 9, "status": "pending"})), "payout");
    let kept = kept("e", payout.to_string().as_bytes());
    let ParsedPayload::Updates(updates) = parse::parse_event(&kept, IdSpace::Shared, NOW) else { panic!() };
    assert_eq!(updates.warnings(), ["payout_commission.commission_id: missing"]);
    assert_eq!(after(&[payout]).text(Payout, 9, "status"), Some("pending"));
    let nothing = json!({"event_type": "payout.commissions.added", "event_id": "e", "data": {"reason": "monthly"}});
    let nothing = crate::support::events::kept("e", nothing.to_string().as_bytes());
    assert!(matches!(parse::parse_event(&nothing, IdSpace::Shared, NOW), ParsedPayload::Failed(_)));
}

#[test]
fn a_payout_names_method_and_batch() {
    let mirror = after_fixtures(&["payout_created", "payout_completed", "payout_failed", "payout_processing"]);
    let payout = 2_710_002;
    assert_eq!(mirror.text(Payout, payout, "status"), Some("completed"));
    assert_eq!(mirror.int(Payout, payout, "amount"), Some(149_970_000), "in 1/10,000");
    assert_eq!(mirror.int(Payout, payout, "total_incl_tax"), Some(161_217_750));
    assert_eq!(mirror.int(Payout, payout, "payout_method_id"), Some(810_001));
    assert_eq!(mirror.int(Payout, payout, "payments_batch_id"), Some(61_001));
    assert!(mirror.is_stub(PaymentsBatch, 61_001));
    assert_eq!(mirror.int(PayoutMethod, 810_001, "promoter_id"), Some(5_100_001), "the payout's");
    assert_eq!(mirror.text(PayoutMethod, 810_001, "details"), Some(r#"{"email":"mira@wise.example"}"#));
    let without = after_fixtures(&["payout_cancelled"]);
    assert!(without.was_set(Payout, 2_710_008, "payout_method_id"));
    let gone = after_fixtures(&["payout_deleted"]);
    assert!(gone.int(Payout, 2_710_009, "deleted_at").is_some());
}

#[test]
fn a_batch_that_was_tried_again_is_completed() {
    let all = ["failed", "completed", "processing", "initiated", "updated", "created"];
    let names = all.map(|part| format!("payments_batch_{part}"));
    let mirror = after_fixtures(&names.each_ref().map(String::as_str));
    assert_eq!(mirror.text(PaymentsBatch, 61_001, "status"), Some("completed"));
    assert_eq!(mirror.text(PaymentsBatch, 61_001, "error"), None);
    assert_eq!(mirror.text(PaymentsBatch, 61_001, "ext_id"), Some("tr_77"));
}
