//! A commission.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Flag, Id, Integer, Text, Time},
    },
    Event, Own, owner, referral, reward,
};
use crate::projection::{
    clock::Precedence,
    tables::{COMMISSION, Table},
    updates::EventUpdates,
};

/// `event_id` is the sale's id at the billing provider, not the webhook event's.
static FIELDS: &[Field] = &[
    told(&COMMISSION, "status", Code),
    told(&COMMISSION, "amount", Decimal),
    told(&COMMISSION, "unit", Code),
    told(&COMMISSION, "sale_amount", Integer),
    told_as(&COMMISSION, "event_id", "sale_event_id", Code),
    told(&COMMISSION, "tier", Integer),
    told(&COMMISSION, "created_at", Time),
    told(&COMMISSION, "commission_type", Code),
    told(&COMMISSION, "original_sale_amount", Integer),
    told(&COMMISSION, "original_sale_currency", Code),
    told(&COMMISSION, "plan_id", Code),
    told(&COMMISSION, "is_paid", Flag),
    told(&COMMISSION, "is_split", Flag),
    told(&COMMISSION, "is_self_referral", Flag),
    told_as(&COMMISSION, "fraud_check", "suspicion", Code),
    told(&COMMISSION, "internal_note", Text),
    told(&COMMISSION, "external_note", Text),
    told(&COMMISSION, "status_updated_at", Time),
];
static LEAD: Field = told_as(&COMMISSION, "referral_id", "lead_id", Id);
static REWARD: Field = told(&COMMISSION, "reward_id", Id);
static PROMOTER: Field = told(&COMMISSION, "promoter_id", Id);
static PROMOTION: Field = told_as(&COMMISSION, "promoter_campaign_id", "promotion_id", Id);

/// A commission's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut commission = event.own(updates, Table::Commission, "commission")?;
    object(&mut commission);
    Some(commission.id)
}

/// Tells a commission that is nested in another entity's event, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut commission = Object::with_id(updates, Table::Commission, json, Precedence::Snapshot)?;
    object(&mut commission);
    Some(commission.id)
}

fn object(commission: &mut Object<'_, '_>) {
    commission.fields(FIELDS);
    owner::tell(commission, &PROMOTION, &PROMOTER, true);
    commission.related("referral", &LEAD, referral::nested);
    commission.related("reward", &REWARD, reward::nested);
}
