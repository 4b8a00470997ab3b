//! A commission: what v1 calls a reward that was created.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Integer, Time},
    },
    Own, beside, lead,
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
    told(&COMMISSION, "created_at", Time),
    told_as(&COMMISSION, "event_id", "sale_event_id", Code),
    told_as(&COMMISSION, "conversion_amount", "sale_amount", Integer),
    told_as(&COMMISSION, "tier_level", "tier", Integer),
    told(&COMMISSION, "split_type", Code),
];
const LEAD: u8 = COMMISSION.register("lead_id");
const PROMOTER: u8 = COMMISSION.register("promoter_id");
const PROMOTION: u8 = COMMISSION.register("promotion_id");

/// A commission's own event.
pub fn event(updates: &mut EventUpdates, data: &Json<'_>) -> Own {
    let mut commission = Object::with_id(updates, Table::Commission, data, Precedence::Created)?;
    commission.exists();
    commission.fields(FIELDS);
    commission.nested("lead", LEAD, lead::nested);
    commission.refers("promoter", PROMOTER);
    commission.refers("promotion", PROMOTION);
    let id = commission.id;
    beside(updates, data);
    Some(id)
}
