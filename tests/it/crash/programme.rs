//! Events that contradict each other: few rows, told by many events, late, half empty and at one time.

use promograph::time::format_ms;
use serde_json::{Value, json};

use crate::support::Dice;

/// When the first of them happened.
const BEGAN: i64 = 1_741_000_000_000;
const LEADS: i64 = 2_000;
const PROMOTERS: i64 = 40;
const STATES: [(&str, &str); 4] = [
    ("lead_signup", "signup"),
    ("lead_subscribed", "subscribed"),
    ("lead_becomes_referral", "active"),
    ("lead_cancelled", "cancelled"),
];

/// An event of this id about some lead and promoter.
pub fn event(id: i64, dice: &mut Dice) -> Value {
    let (event_type, state) = *dice.pick(&STATES);
    let promoter = 5_000_000 + dice.number(PROMOTERS);
    let mut lead = json!({"id": 30_000_000 + dice.number(LEADS), "state": state});
    maybe(&mut lead, "email", json!(format!("lead-{id}@customer.example")), dice);
    maybe(&mut lead, "plan_name", json!(format!("plan {}", id % 7)), dice);
    maybe(&mut lead, "cancelled_at", json!(format_ms(BEGAN + id)), dice);
    lead["promoter"] = json!({"id": promoter, "status": "active"});
    maybe(&mut lead["promoter"], "email", json!(format!("promoter-{id}@partner.example")), dice);
    maybe(&mut lead["promoter"], "earnings_balance", json!({"cash": id % 1_000, "points": id % 3}), dice);
    maybe(&mut lead["promoter"], "parent_promoter_id", json!(5_000_000 + dice.number(PROMOTERS)), dice);
    lead["promotion"] = json!({"id": promoter + 1_000_000, "promoter_id": promoter, "campaign_id": 41_000 + id % 5});
    maybe(&mut lead["promotion"], "visitors_count", json!(id % 100), dice);
    // Many at the same time: then the id decides.
    let created_at = format_ms(BEGAN + 1_000 * dice.number(300));
    json!({"event": {"id": id, "type": event_type, "created_at": created_at}, "data": lead})
}

fn maybe(object: &mut Value, field: &str, value: Value, dice: &mut Dice) {
    if dice.percent(60) {
        object[field] = if dice.percent(15) { Value::Null } else { value };
    }
}
