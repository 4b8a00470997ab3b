//! The webhooks of the story. A number names the trap.

use serde_json::{Value, json};

/// Promoters 51, 52 (who recruited 51) and 53, and the enrolment of each in campaign 41.
pub const MIRA: i64 = 51;
pub const PAT: i64 = 52;
pub const SID: i64 = 53;

/// All of them, in the order of delivery.
pub fn all() -> Vec<Value> {
    [people(), leads(), commissions(), payouts()].concat()
}

fn v2(event_type: &str, at: &str, id: i64, data: &Value) -> Value {
    let entity = event_type.rsplit_once('.').map_or("", |(entity, _)| entity);
    let entity = if entity == "payout.commissions" { "payout_commission" } else { entity };
    json!({
        "event_id": format!("{event_type} {id} {at}"),
        "event_type": event_type,
        "entity_type": entity,
        "entity_id": id,
        "changes": {},
        "data": data,
        "timestamp": at,
    })
}

fn v1(event_type: &str, at: &str, data: &Value) -> Value {
    json!({"event": {"id": format!("{event_type} {at}"), "type": event_type, "created_at": at}, "data": data})
}

fn enrolment(promoter: i64) -> Value {
    json!({"id": promoter + 10, "campaign_id": 41, "promoter_id": promoter})
}

fn referral(id: i64, promoter: i64, state: &str, created: &str, since: Option<&str>) -> Value {
    json!({
        "id": id,
        "state": state,
        "email": format!("lead{id}@customer.example"),
        "created_at": created,
        "customer_since": since,
        "promoter_campaign": enrolment(promoter),
    })
}

/// A commission of version 2: id, earner, lead, status, (sale id, sale amount), amount.
fn commission(id: i64, earner: i64, lead: i64, status: &str, sale: (&str, i64), amount: i64) -> Value {
    json!({
        "id": id,
        "status": status,
        "commission_type": "sale",
        "event_id": sale.0,
        "sale_amount": sale.1,
        "unit": "cash",
        "amount": amount,
        "tier": 1,
        "is_paid": false,
        "is_self_referral": false,
        "created_at": "2025-03-20T10:00:00Z",
        "promoter_campaign": enrolment(earner),
        "referral": {"id": lead},
    })
}

/// The object with other values.
pub fn with(mut data: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        data[key] = value.clone();
    }
    data
}

fn created(data: &Value) -> Value {
    v2("commission.created", "2025-03-20T10:00:01Z", data["id"].as_i64().unwrap(), data)
}

fn people() -> Vec<Value> {
    let promoter =
        |id: i64| json!({"id": id, "email": format!("p{id}@partners.example"), "joined_at": "2025-01-01T00:00:00Z"});
    let enrolled = |id: i64| {
        // 18: counters of a lifetime.
        let stats = json!({"stats": {"revenue_amount": 1_049_790, "sales_count": 22, "referrals_count": 34, "customers_count": 10}});
        v2("promoter_campaign.created", "2025-01-02T00:00:00Z", id + 10, &with(enrolment(id), &stats))
    };
    let mut events: Vec<_> =
        [MIRA, PAT, SID].map(|id| v2("promoter.created", "2025-01-01T00:00:00Z", id, &promoter(id))).into();
    events.extend([MIRA, PAT, SID].map(enrolled));
    events
}

fn leads() -> Vec<Value> {
    let (feb, paid) = ("2025-02-27T08:00:00Z", "2025-03-10T09:00:00Z");
    // 5: one lead and one conversion, told by five events of two versions.
    let one = |state: &str, since: Option<&str>| {
        let promotion = json!({"id": MIRA + 10, "promoter_id": MIRA, "campaign_id": 41});
        json!({"id": 31, "state": state, "email": "lead31@customer.example", "created_at": feb, "customer_since": since,
            "promotion": promotion, "promoter": {"id": MIRA}})
    };
    vec![
        v1("lead_signup", "2025-02-27T08:00:01Z", &one("signup", None)),
        v1("lead_signup", "2025-02-27T08:00:05Z", &one("signup", None)),
        v2("referral.created", "2025-02-27T08:00:02Z", 31, &referral(31, MIRA, "signup", feb, None)),
        v1("new_customer", "2025-03-10T09:00:01Z", &one("active", Some(paid))),
        v1("lead_becomes_referral", "2025-03-10T09:00:01Z", &one("active", Some(paid))),
        v2("referral.converted", "2025-03-10T09:00:02Z", 31, &referral(31, MIRA, "active", feb, Some(paid))),
        // 6: Mira's lead was moved to Sid.
        v2("referral.created", "2025-03-05T10:00:00Z", 32, &referral(32, MIRA, "signup", "2025-03-05T10:00:00Z", None)),
        v2(
            "referral.updated",
            "2025-03-06T10:00:00Z",
            32,
            &with(
                referral(32, MIRA, "moved", "2025-03-05T10:00:00Z", None),
                &json!({"email": "lead32@customer.example (moved)"}),
            ),
        ),
        v2(
            "referral.created",
            "2025-03-06T10:00:00Z",
            33,
            &referral(33, SID, "active", "2025-03-05T10:00:00Z", Some("2025-03-06T12:00:00Z")),
        ),
        v2("referral.created", "2025-03-20T08:00:00Z", 34, &referral(34, PAT, "signup", "2025-03-20T08:00:00Z", None)),
        // 13: paid in January, cancelled in February, came back and cancelled again.
        v2(
            "referral.converted",
            "2025-01-08T00:00:00Z",
            35,
            &referral(35, PAT, "active", "2025-01-05T00:00:00Z", Some("2025-01-08T00:00:00Z")),
        ),
        v2(
            "referral.cancelled",
            "2025-02-03T00:00:00Z",
            35,
            &referral(35, PAT, "cancelled", "2025-01-05T00:00:00Z", Some("2025-01-08T00:00:00Z")),
        ),
        v2(
            "referral.updated",
            "2025-02-20T00:00:00Z",
            35,
            &referral(35, PAT, "active", "2025-01-05T00:00:00Z", Some("2025-01-08T00:00:00Z")),
        ),
        v2(
            "referral.cancelled",
            "2025-03-15T00:00:00Z",
            35,
            &referral(35, PAT, "cancelled", "2025-01-05T00:00:00Z", Some("2025-01-08T00:00:00Z")),
        ),
        // 7, 19: paid, which earned nobody anything, and is in a state of the account's own.
        v2(
            "referral.converted",
            "2025-03-12T00:00:00Z",
            36,
            &referral(36, MIRA, "vip", "2025-02-28T23:59:59.999Z", Some("2025-03-12T00:00:00Z")),
        ),
    ]
}

fn commissions() -> Vec<Value> {
    let of_one = commission(401, MIRA, 31, "approved", ("in_1", 1_000), 200);
    let of_tier_2 = with(commission(402, PAT, 31, "approved", ("in_1", 1_000), 50), &json!({"tier": 2}));
    let moved = json!({"created_at": "2025-03-31T23:30:00Z"});
    let told_by_v1 = |id: i64, lead: i64, sale: &str, amount: i64, of: i64, at: &str| {
        json!({"id": id, "status": "approved", "event_id": sale, "conversion_amount": of, "amount": amount, "unit": "cash",
            "tier_level": 1, "created_at": at, "lead": {"id": lead}, "promoter": {"id": MIRA},
            "promotion": {"id": MIRA + 10, "promoter_id": MIRA, "campaign_id": 41}})
    };
    vec![
        created(&of_one),
        // 4: the same one by version 1.
        v1(
            "reward_created",
            "2025-03-20T10:00:00.500Z",
            &told_by_v1(401, 31, "in_1", 200, 1_000, "2025-03-20T10:00:00Z"),
        ),
        // 1, 2: the tier above and a second rule tell the same sale.
        v2("commission.approved", "2025-03-21T00:00:00Z", 402, &of_tier_2),
        // 17: delivered late.
        v2("commission.created", "2025-03-20T10:00:01Z", 402, &with(of_tier_2, &json!({"status": "pending"}))),
        // 10: no money.
        created(&with(commission(403, MIRA, 31, "approved", ("in_1", 1_000), 10), &json!({"unit": "credits"}))),
        // 2: a split sale to Sid's lead, whose halves are earned by Mira and Sid.
        created(&with(commission(404, MIRA, 33, "pending", ("in_2", 600), 60), &json!({"is_split": true}))),
        created(&with(commission(405, SID, 33, "pending", ("in_2", 600), 60), &json!({"is_split": true}))),
        // 3: a bonus.
        created(&with(
            commission(406, MIRA, 31, "approved", ("", 0), 25),
            &json!({"event_id": null, "sale_amount": null, "commission_type": "custom"}),
        )),
        // 8: a partial refund.
        created(&commission(407, MIRA, 31, "approved", ("in_1_refund", -400), -80)),
        // 9: a denied one and its partial refund.
        created(&commission(408, MIRA, 31, "denied", ("in_3", 300), 60)),
        created(&commission(409, MIRA, 31, "denied", ("in_3_refund", -200), -40)),
        // 11: the customer paid in yen.
        created(&with(
            commission(410, MIRA, 31, "approved", ("in_4", 250), 50),
            &json!({"original_sale_amount": 40_000, "original_sale_currency": "JPY"}),
        )),
        // 20: Pat refers Pat.
        created(&with(commission(411, PAT, 34, "approved", ("in_5", 100), 20), &json!({"is_self_referral": true}))),
        // 14, 15: in the last hour of UTC's March; the event is from April.
        v2(
            "commission.created",
            "2025-04-02T00:00:00Z",
            412,
            &with(commission(412, MIRA, 31, "approved", ("in_7", 80), 16), &moved),
        ),
        // Deleted: it never was.
        created(&commission(413, MIRA, 31, "approved", ("in_9", 5_000), 1_000)),
        v2(
            "commission.deleted",
            "2025-03-22T00:00:00Z",
            413,
            &commission(413, MIRA, 31, "approved", ("in_9", 5_000), 1_000),
        ),
        // Version 1 alone, in January: whether it is paid is never told.
        v1("reward_created", "2025-01-10T00:00:00Z", &told_by_v1(414, 35, "in_8", 100, 500, "2025-01-10T00:00:00Z")),
    ]
}

/// 12: Mira is paid for `in_1` in April, less what is held back, plus taxes.
fn payouts() -> Vec<Value> {
    let payout = json!({"id": 91, "status": "completed", "amount": 150, "unit": "cash", "paid_at": "2025-04-05T00:00:00Z",
        "due_date": "2025-04-01T00:00:00Z", "total_incl_tax": 178.5, "promoter": {"id": MIRA}, "campaign": {"id": 41}});
    let link = json!({"id": 95, "payout": {"id": 91}, "commission": {"id": 401}});
    let due = json!({"id": 92, "status": "pending", "amount": 70, "unit": "cash", "promoter": {"id": PAT}, "due_date": "2025-05-01T00:00:00Z"});
    vec![
        v2("payout.commissions.created", "2025-04-01T00:00:00Z", 95, &link),
        v2("payout.completed", "2025-04-05T00:00:00Z", 91, &payout),
        v2("payout.created", "2025-04-01T00:00:00Z", 92, &due),
    ]
}
