//! Generated stories: signup, acceptance, lead, conversion, two rewards of different tiers,
//! cancellation, fulfilment; with fields missing, null or filled, and with times that tie.

use proptest::{
    prelude::*,
    strategy::{BoxedStrategy, Union},
};
use serde_json::{Map, Value, json};

/// The ids of a story's actors.
pub(super) const PROMOTER: i64 = 5_100_001;
pub(super) const PARENT: i64 = 5_100_002;
pub(super) const CAMPAIGN: i64 = 41_001;

/// The eight bodies of one story, in the order in which they happened.
pub fn story() -> impl Strategy<Value = Vec<Value>> {
    let times = proptest::collection::vec(prop_oneof![Just(0_i64), Just(0), 1..3_000_i64], EVENTS);
    let conversion = prop_oneof![Just("lead_becomes_referral"), Just("new_customer")];
    let signup = prop_oneof![Just("promoter_signed_up"), Just("promoter_signs_up")];
    let data = (
        signed_up(),
        accepted(),
        with_party(lead("signup"), PROMOTER),
        with_party(lead("active"), PROMOTER),
        reward(PROMOTER, 1),
        reward(PARENT, 2),
        with_party(lead("cancelled"), PROMOTER),
        fulfilment(),
    );
    (times, conversion, signup, data).prop_map(|(pauses, conversion, signup, data)| {
        let (signed_up, accepted, lead, converted, direct, tier_2, cancelled, fulfilment) = data;
        let told = [
            (signup, signed_up),
            ("promoter_accepted", accepted),
            ("lead_signup", lead),
            (conversion, converted),
            ("reward_created", direct),
            ("reward_created", tier_2),
            ("lead_cancelled", cancelled),
            ("fulfilment_pending", fulfilment),
        ];
        let mut ms = 1_741_000_000_000;
        let event = |(at, ((event_type, data), pause)): (usize, ((&str, Value), i64))| {
            ms += pause;
            let created_at = promograph::time::format_ms(ms);
            json!({"event": {"id": 700 + at / 2, "type": event_type, "created_at": created_at}, "data": data})
        };
        told.into_iter().zip(pauses).enumerate().map(event).collect()
    })
}

/// How many events a story has.
const EVENTS: usize = 8;

pub(super) type Field = (&'static str, BoxedStrategy<Value>);

/// An object of which each field may be missing or null; the id never is.
pub(super) fn object(id: Option<i64>, fields: Vec<Field>) -> BoxedStrategy<Value> {
    let maybe = |(key, value): Field| {
        let value = prop_oneof![1 => Just(None), 1 => Just(Some(Value::Null)), 4 => value.prop_map(Some)];
        value.prop_map(move |value| value.map(|value| (key.to_owned(), value)))
    };
    let fields: Vec<_> = fields.into_iter().map(maybe).collect();
    let complete = move |fields: Vec<Option<(String, Value)>>| {
        let id = id.map(|id| ("id".to_owned(), json!(id)));
        Value::Object(id.into_iter().chain(fields.into_iter().flatten()).collect::<Map<_, _>>())
    };
    fields.prop_map(complete).boxed()
}

pub(super) fn one_of(values: &[Value]) -> BoxedStrategy<Value> {
    Union::new(values.iter().cloned().map(Just)).boxed()
}

pub(super) fn count() -> BoxedStrategy<Value> {
    one_of(&[json!(0), json!(1), json!("2"), json!(3)])
}

pub(super) fn time() -> BoxedStrategy<Value> {
    one_of(&[json!("2025-03-04T09:30:00.125Z"), json!("2025-03-05T00:00:00Z"), json!("")])
}

pub(super) fn text() -> BoxedStrategy<Value> {
    one_of(&[json!("a"), json!(" B "), json!(""), json!("Ünï\u{0}")])
}

fn rule(id: i64) -> BoxedStrategy<Value> {
    let fields = vec![
        ("name", text()),
        ("type", one_of(&[json!("per_referral")])),
        ("unit", one_of(&[json!("cash"), json!("free_months")])),
        ("amount", one_of(&[json!(0), json!(12.5), json!("1e999")])),
        ("per_of_sale", count()),
        ("default_promo_code", text()),
    ];
    object(Some(id), fields)
}

pub(super) fn balance() -> BoxedStrategy<Value> {
    one_of(&[json!({}), json!({"cash": 100}), json!({"cash": -1, "free_months": 2}), json!({"points": null})])
}

fn promotion(id: i64, promoter: i64) -> BoxedStrategy<Value> {
    let fields = vec![
        ("promoter_id", one_of(&[json!(promoter)])),
        ("campaign_id", one_of(&[json!(CAMPAIGN)])),
        ("campaign_name", text()),
        ("status", one_of(&[json!("offer_running"), json!("offer_inactive")])),
        ("ref_id", text()),
        ("promo_code", text()),
        ("hidden", one_of(&[json!(true), json!(false)])),
        ("visitors_count", count()),
        ("sales_total", one_of(&[json!(201_000), json!(-5)])),
        ("target_reached_at", time()),
        ("current_offer", rule(70_011)),
        ("current_referral_reward", rule(71_021)),
        ("current_promotion_reward", rule(71_022)),
    ];
    object(Some(id), fields)
}

fn promoter(id: i64) -> BoxedStrategy<Value> {
    let profile = object(
        None,
        vec![
            ("id", one_of(&[json!(id + 100_000)])),
            ("first_name", text()),
            ("company_name", text()),
            ("country", one_of(&[json!("DE"), json!("")])),
            ("social_accounts", one_of(&[json!({}), json!({"x": {"url": "u"}, "b": {"url": ""}})])),
        ],
    );
    let fields = vec![
        ("status", one_of(&[json!("active"), json!("pending")])),
        ("email", text()),
        ("cust_id", text()),
        ("created_at", time()),
        ("default_promotion_id", one_of(&[json!(id + 1_000_000), json!("6100009")])),
        ("parent_promoter_id", one_of(&[json!(PARENT), json!(5_100_003)])),
        ("note", text()),
        ("earnings_balance", balance()),
        ("current_balance", balance()),
        ("profile", profile),
        ("promotions", proptest::collection::vec(promotion(id + 1_000_000, id), 0..2).prop_map(Value::from).boxed()),
    ];
    object(Some(id), fields)
}

fn lead(state: &'static str) -> BoxedStrategy<Value> {
    let fields = vec![
        ("state", one_of(&[json!(state)])),
        ("status", one_of(&[json!(state)])),
        ("email", text()),
        ("uid", text()),
        ("customer_since", time()),
        ("cancelled_at", time()),
        ("created_at", time()),
        ("plan_name", text()),
        ("split_promotion_id", one_of(&[json!(6_100_004)])),
        ("split_percentage_value", one_of(&[json!(33.3333), json!("50")])),
        ("custom_fields", one_of(&[json!({"b": 1, "a": [null, "x"]}), json!({})])),
    ];
    object(Some(30_100_001), fields)
}

/// The object with promoter and promotion beside.
fn with_party(root: BoxedStrategy<Value>, id: i64) -> BoxedStrategy<Value> {
    let party = object(None, vec![("promoter", promoter(id)), ("promotion", promotion(id + 1_000_000, id))]);
    (root, party).prop_map(|(root, party)| joined(root, party)).boxed()
}

fn joined(mut root: Value, beside: Value) -> Value {
    if let (Value::Object(root), Value::Object(beside)) = (&mut root, beside) {
        root.extend(beside);
    }
    root
}

fn signed_up() -> BoxedStrategy<Value> {
    let promotions = proptest::collection::vec(promotion(PROMOTER + 1_000_000, PROMOTER), 0..3);
    (promoter(PROMOTER), promotions)
        .prop_map(|(promoter, promotions)| json!({"promoter": promoter, "promotions": promotions}))
        .boxed()
}

fn campaign() -> BoxedStrategy<Value> {
    let fields = vec![
        ("name", text()),
        ("landing_url", text()),
        ("private", one_of(&[json!(true), json!("false")])),
        ("offer", rule(70_011)),
        ("referral_reward", rule(71_021)),
    ];
    object(Some(CAMPAIGN), fields)
}

fn accepted() -> BoxedStrategy<Value> {
    (promoter(PROMOTER), promotion(PROMOTER + 1_000_000, PROMOTER), campaign())
        .prop_map(|(promoter, promotion, campaign)| {
            json!({"state": "accepted", "promoter": promoter, "promotion": promotion, "campaign": campaign})
        })
        .boxed()
}

fn reward(earner: i64, tier: i64) -> BoxedStrategy<Value> {
    let fields = vec![
        ("status", one_of(&[json!("pending"), json!("approved")])),
        ("amount", one_of(&[json!(4_999), json!(-100)])),
        ("unit", one_of(&[json!("cash")])),
        ("created_at", time()),
        ("event_id", one_of(&[json!("in_1Qx7Team")])),
        ("conversion_amount", one_of(&[json!(49_990)])),
        ("tier_level", one_of(&[json!(tier)])),
        ("lead", lead("active")),
    ];
    with_party(object(Some(14_100_000 + tier), fields), earner)
}

fn fulfilment() -> BoxedStrategy<Value> {
    let fields = vec![
        ("status", one_of(&[json!("pending")])),
        ("amount", one_of(&[json!(2.5)])),
        ("unit", one_of(&[json!("free_months")])),
        ("due_date", time()),
        ("has_issues", one_of(&[json!(true), json!(false)])),
        ("reward", rule(71_022)),
        ("campaign", campaign()),
        ("promoter", promoter(PROMOTER)),
    ];
    object(Some(2_710_001), fields)
}
