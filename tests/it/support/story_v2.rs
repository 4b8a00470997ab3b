//! Generated events of webhooks v2 about the actors of a v1 [story](super::story): everything that
//! can happen to them, deletions included, in both spellings, with fields missing, null or filled, and
//! with times that tie.

use proptest::{
    prelude::*,
    strategy::{BoxedStrategy, Union},
};
use serde_json::{Value, json};

use super::story::{CAMPAIGN, Field, PARENT, PROMOTER, balance, count, object, one_of, text, time};

const PROMOTION: i64 = PROMOTER + 1_000_000;
const LEAD: i64 = 30_100_001;
const COMMISSION: i64 = 14_100_001;
const PAYOUT: i64 = 2_710_001;
const METHOD: i64 = 810_001;
const BATCH: i64 = 61_001;
const DOCUMENT: i64 = 910_001;

/// Up to a dozen bodies, in no order. Some are two events of one second.
pub fn events() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec((event(), 0..20_i64), 1..12).prop_map(|events| {
        let complete = |(at, (mut event, second)): (usize, (Value, i64))| {
            event["event_id"] = json!(format!("7d3c1f00-0000-4000-8000-{at:012}"));
            event["timestamp"] = json!(promograph::time::format_ms(1_741_000_000_000 + second * 1_000));
            event
        };
        events.into_iter().enumerate().map(complete).collect()
    })
}

fn event() -> BoxedStrategy<Value> {
    let kinds = [
        of("promoter", PROMOTER, &["balance.updated", "profile.updated"], promoter(PROMOTER)),
        of("promoter", PARENT, &[], promoter(PARENT)),
        of("promoter_campaign", PROMOTION, &["accepted", "blocked", "inactive"], promotion()),
        of("referral", LEAD, &["converted", "cancelled", "moved"], referral()),
        of("commission", COMMISSION, &["approved", "pending", "denied"], commission()),
        of("payout", PAYOUT, &["processing", "completed", "failed"], payout()),
        of("payout_method", METHOD, &[], method()),
        of("payments_batch", BATCH, &["initiated", "completed"], batch()),
        of("contract_document", DOCUMENT, &["signed"], document()),
        link(),
    ];
    Union::new(kinds).boxed()
}

/// An event of an object; the envelope may leave out what `data` says, and the reverse.
fn of(entity: &'static str, id: i64, special: &'static [&str], data: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let common = if entity == "contract_document" { &[][..] } else { &["created", "updated", "updated", "deleted"] };
    let parts: Vec<_> = common.iter().chain(special).copied().collect();
    (proptest::sample::select(parts), data, any::<bool>(), changes())
        .prop_map(move |(part, mut data, named, changes)| {
            if named && part == "deleted" {
                data = Value::Null;
            }
            if part == "profile.updated" {
                let profile = json!({"id": 5_200_001, "country": "FR"});
                data = if named { with(profile, "promoter_id", json!(id)) } else { with(data, "profile", profile) };
            }
            let mut event =
                json!({"event_type": format!("{entity}.{part}"), "action": "updated", "changes": changes, "data": data});
            if named {
                event["entity_id"] = json!(id);
                event["entity_type"] = json!(entity);
            }
            event
        })
        .boxed()
}

fn changes() -> BoxedStrategy<Value> {
    one_of(&[
        json!({}),
        json!({"state": ["signup", "active"], "email": [null, "new@x.example"]}),
        json!({"status": ["pending", "approved"], "promoter_campaign_id": [PROMOTION, 6_100_002], "cust_id": ["a", null]}),
        json!({"balances": [{}, {"cash": 7}], "is_selected": [false, true], "odd": 5}),
    ])
}

fn state() -> BoxedStrategy<Value> {
    one_of(&[json!("pending"), json!("active"), json!("customer"), json!("approved"), json!("never_heard_of")])
}

fn tiny(id: i64) -> BoxedStrategy<Value> {
    object(Some(id), vec![("email", text()), ("name", text())])
}

fn promoter(id: i64) -> BoxedStrategy<Value> {
    let profile: Vec<Field> = vec![
        ("id", one_of(&[json!(5_200_001)])),
        ("first_name", text()),
        ("avatar", text()),
        ("avatar_url", text()),
        ("twitter_url", text()),
        ("w8_form_url", text()),
    ];
    let fields: Vec<Field> = vec![
        ("email", text()),
        ("name", text()),
        ("status", state()),
        ("cust_id", text()),
        ("balances", balance()),
        ("earnings_balance", balance()),
        ("paid_balance", balance()),
        ("joined_at", time()),
        ("created_at", time()),
        ("archived_at", time()),
        ("custom_fields", one_of(&[json!({"b": 1, "a": null}), json!({})])),
        ("profile", object(None, profile)),
        ("parent_promoter", tiny(PARENT)),
        ("promoter_campaigns", promotion().prop_map(|promotion| json!([promotion])).boxed()),
        ("selected_payout_method", method()),
    ];
    object(Some(id), fields)
}

fn promotion() -> BoxedStrategy<Value> {
    let stats = vec![("clicks_count", count()), ("referrals_count", count()), ("revenue_amount", count())];
    let fields: Vec<Field> = vec![
        ("state", state()),
        ("promoter_id", one_of(&[json!(PROMOTER)])),
        ("promoter", tiny(PROMOTER)),
        ("campaign", object(Some(CAMPAIGN), vec![("name", text()), ("is_private", one_of(&[json!(true)]))])),
        ("ref_token", text()),
        ("coupon", text()),
        ("created_at", time()),
        ("stats", object(None, stats)),
    ];
    object(Some(PROMOTION), fields)
}

fn referral() -> BoxedStrategy<Value> {
    let fields: Vec<Field> = vec![
        ("state", state()),
        ("status", state()),
        ("email", text()),
        ("uid", text()),
        ("customer_since", time()),
        ("fraud_check", one_of(&[json!("ad_source")])),
        ("suspicion", one_of(&[json!("no_suspicion")])),
        ("promoter_campaign", promotion()),
        ("metadata", one_of(&[json!({"x": [1, null]}), json!({})])),
        (
            "split_details",
            one_of(&[
                json!([]),
                json!([{"promoter_campaign_id": 6_100_004, "promoter_id": PARENT, "percentage": 12.5}]),
            ]),
        ),
    ];
    object(Some(LEAD), fields)
}

fn commission() -> BoxedStrategy<Value> {
    let fields: Vec<Field> = vec![
        ("status", state()),
        ("amount", one_of(&[json!(4_999), json!(-100)])),
        ("sale_amount", count()),
        ("event_id", text()),
        ("tier", one_of(&[json!(1)])),
        ("is_paid", one_of(&[json!(true), json!("false")])),
        ("promoter_campaign", promotion()),
        ("promoter_id", one_of(&[json!(PROMOTER)])),
        ("referral", object(Some(LEAD), vec![("email", text()), ("uid", text())])),
        ("referral_id", one_of(&[json!(LEAD)])),
        ("reward", object(Some(71_021), vec![("name", text())])),
    ];
    object(Some(COMMISSION), fields)
}

fn payout() -> BoxedStrategy<Value> {
    let fields: Vec<Field> = vec![
        ("status", state()),
        ("amount", one_of(&[json!(149.97), json!("2.5")])),
        ("paid_at", time()),
        ("payments_batch_id", one_of(&[json!(BATCH)])),
        ("payout_method", method()),
        ("promoter", tiny(PROMOTER)),
        ("campaign", object(Some(CAMPAIGN), vec![("name", text())])),
        ("error", text()),
    ];
    object(Some(PAYOUT), fields)
}

fn method() -> BoxedStrategy<Value> {
    let fields: Vec<Field> = vec![
        ("method", one_of(&[json!("wise"), json!("paypal")])),
        ("date_added", time()),
        ("is_selected", one_of(&[json!(true), json!(false)])),
        ("details", one_of(&[json!({"email": "a@b.example"}), json!("text")])),
        ("promoter_id", one_of(&[json!(PROMOTER)])),
    ];
    object(Some(METHOD), fields)
}

fn batch() -> BoxedStrategy<Value> {
    let fields: Vec<Field> =
        vec![("status", state()), ("total", count()), ("completed_at", time()), ("ext_reference", text())];
    object(Some(BATCH), fields)
}

fn document() -> BoxedStrategy<Value> {
    let fields: Vec<Field> = vec![
        ("promoter_id", one_of(&[json!(PROMOTER)])),
        ("signed_at", time()),
        ("contract", object(Some(4_711), vec![("name", text())])),
        ("contract_version", one_of(&[json!(3), json!({"id": 12})])),
    ];
    object(Some(DOCUMENT), fields)
}

/// A commission comes to a payout, or leaves it; in each of the shapes that it may have.
fn link() -> BoxedStrategy<Value> {
    let shape = prop_oneof![
        Just(json!({"payout_id": PAYOUT, "commission_id": COMMISSION})),
        Just(json!({"id": 990_001, "payout": {"id": PAYOUT}, "commission": {"id": COMMISSION}})),
        payout().prop_map(|payout| with(payout, "commissions", json!([{"id": COMMISSION}, {"id": 14_100_002}]))),
        // With a field that tells it from a row of both ids, whatever else is missing.
        commission().prop_map(|commission| with(with(commission, "payout_id", json!(PAYOUT)), "tier", json!(1))),
    ];
    let part = proptest::sample::select(vec!["added", "added", "removed", "created", "updated", "deleted"]);
    (part, shape)
        .prop_map(
            |(part, data)| json!({"event_type": format!("payout.commissions.{part}"), "changes": {}, "data": data}),
        )
        .boxed()
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}
