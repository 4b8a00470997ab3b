//! A lead: at the root of its own events, nested in those of rewards.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Id, Text, Time, Tree},
    },
    Own, beside,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{LEAD, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&LEAD, "email", Code),
    told(&LEAD, "uid", Code),
    told(&LEAD, "customer_since", Time),
    told(&LEAD, "cancelled_at", Time),
    told(&LEAD, "plan_name", Text),
    told(&LEAD, "suspicion", Code),
    told(&LEAD, "username", Text),
    told(&LEAD, "website", Text),
    told(&LEAD, "first_name", Text),
    told(&LEAD, "last_name", Text),
    told(&LEAD, "created_at", Time),
    told(&LEAD, "split_promotion_id", Id),
    told(&LEAD, "split_percentage_value", Decimal),
    told(&LEAD, "custom_fields", Tree),
    told(&LEAD, "visitor_sub_id", Text),
];
/// The second is the name that the vendor's prose has for it.
static STATE: &[Field] = &[told(&LEAD, "state", Code), told_as(&LEAD, "status", "state", Code)];
const STATE_REGISTER: u8 = LEAD.register("state");
const PROMOTER: u8 = LEAD.register("promoter_id");
const PROMOTION: u8 = LEAD.register("promotion_id");

/// A lead's own event: only these say whose lead it is.
pub fn event(updates: &mut EventUpdates, data: &Json<'_>, rank: Precedence) -> Own {
    let mut lead = object(updates, data, rank)?;
    lead.exists();
    lead.refers("promoter", PROMOTER);
    lead.refers("promotion", PROMOTION);
    let id = lead.id;
    beside(updates, data);
    Some(id)
}

/// An opt-in before signup. Only a third party's guide knows this event: its payload may lack a state.
pub fn subscribed(updates: &mut EventUpdates, data: &Json<'_>) -> Own {
    let id = event(updates, data, Precedence::Created)?;
    let mut lead = updates.row(Table::Lead, id, Precedence::Created);
    updates.set(&mut lead, STATE_REGISTER, Cell::Text("subscribed".to_owned()));
    Some(id)
}

/// A lead nested in a reward's event. The promoter beside it is the earner, who with tiers and splits
/// is not the lead's own: neither promoter nor promotion is told.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    object(updates, json, Precedence::Snapshot).map(|lead| lead.id)
}

fn object<'r, 'j>(updates: &'r mut EventUpdates, json: &'r Json<'j>, rank: Precedence) -> Option<Object<'r, 'j>> {
    let mut lead = Object::with_id(updates, Table::Lead, json, rank)?;
    lead.spelled(STATE);
    lead.fields(FIELDS);
    Some(lead)
}
