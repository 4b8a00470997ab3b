//! A lead: a referred person. v2 calls it a referral.

use entity::MirroredTable;

use super::{
    promoter,
    promotion::{self, PROMOTER as PROMOTION_PROMOTER},
};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        merge::Cell,
        payload::{
            checked,
            object::{FieldMapping, ObjectReader, field, referenced_id, renamed},
            v2_event::V2Event,
            value::ValueType::{Code, Decimal, Flag, Id, Text, Time, Tree},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "promoter_id",
    "promotion_id",
    "state",
    "email",
    "uid",
    "username",
    "website",
    "first_name",
    "last_name",
    "customer_since",
    "cancelled_at",
    "plan_name",
    "suspicion",
    "created_at",
    "split_promotion_id",
    "split_percentage_value",
    "custom_fields",
    "visitor_sub_id",
    "entry_source",
    "comment",
    "metadata",
    "is_expired",
])
.indexed(&["uid", "created_at", "customer_since", "cancelled_at"]);

static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "email", Code),
    field(&REGISTERS, "uid", Code),
    field(&REGISTERS, "customer_since", Time),
    field(&REGISTERS, "cancelled_at", Time),
    field(&REGISTERS, "plan_name", Text),
    field(&REGISTERS, "username", Text),
    field(&REGISTERS, "website", Text),
    field(&REGISTERS, "first_name", Text),
    field(&REGISTERS, "last_name", Text),
    field(&REGISTERS, "created_at", Time),
];
/// The second is the name in the vendor's prose.
static STATE: &[FieldMapping] = &[field(&REGISTERS, "state", Code), renamed(&REGISTERS, "status", "state", Code)];

static V1_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "suspicion", Code),
    field(&REGISTERS, "split_promotion_id", Id),
    field(&REGISTERS, "split_percentage_value", Decimal),
    field(&REGISTERS, "custom_fields", Tree),
    field(&REGISTERS, "visitor_sub_id", Text),
];
static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "entry_source", Code),
    field(&REGISTERS, "comment", Text),
    field(&REGISTERS, "metadata", Tree),
    field(&REGISTERS, "is_expired", Flag),
];
static V2_SUSPICION: &[FieldMapping] =
    &[renamed(&REGISTERS, "fraud_check", "suspicion", Code), field(&REGISTERS, "suspicion", Code)];
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);
static V2_PROMOTION: FieldMapping = renamed(&REGISTERS, "promoter_campaign_id", "promotion_id", Id);
const STATE_REGISTER: u8 = REGISTERS.number("state");
const CANCELLED_AT: u8 = REGISTERS.number("cancelled_at");
const PROMOTER: u8 = REGISTERS.number("promoter_id");
const PROMOTION: u8 = REGISTERS.number("promotion_id");
const SPLIT_PROMOTION: u8 = REGISTERS.number("split_promotion_id");
const SPLIT_PERCENTAGE: u8 = REGISTERS.number("split_percentage_value");

/// A lead's own event of creation.
pub fn v1_created(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    v1_event(updates, data, Precedence::Created)
}

/// A lead's own later event.
pub fn v1_updated(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    v1_event(updates, data, Precedence::Updated)
}

/// An opt-in before signup. Only a third party's guide documents this event: its payload may lack a state.
pub fn v1_subscribed(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    let id = v1_event(updates, data, Precedence::Created)?;
    let mut lead = updates.row(MirroredTable::Lead, id, Precedence::Created);
    updates.set(&mut lead, STATE_REGISTER, Cell::Text("subscribed".to_owned()));
    Some(id)
}

/// Only a lead's own events name its promoter and promotion.
fn v1_event(updates: &mut EventUpdates, data: &JsonValue<'_>, precedence: Precedence) -> Option<i64> {
    let mut lead = v1_object(updates, data, precedence)?;
    lead.clear_deleted_at();
    lead.nested_id("promoter", PROMOTER);
    lead.nested_id("promotion", PROMOTION);
    let id = lead.id;
    promoter::v1_beside(updates, data);
    Some(id)
}

/// A lead nested in a reward's event. The promoter beside it is the earner, who with tiers and splits is not the
/// lead's own: neither promoter nor promotion is set.
pub fn v1_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    v1_object(updates, json, Precedence::Snapshot).map(|lead| lead.id)
}

fn v1_object<'r, 'j>(
    updates: &'r mut EventUpdates,
    json: &'r JsonValue<'j>,
    precedence: Precedence,
) -> Option<ObjectReader<'r, 'j>> {
    let mut lead = ObjectReader::with_id(updates, MirroredTable::Lead, json, precedence)?;
    lead.first_of(STATE);
    lead.fields(FIELDS);
    lead.fields(V1_FIELDS);
    Some(lead)
}

/// A referral's own event: only these name its promoter and enrolment, also after a move.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    v2_own(updates, event, Told::Anything)
}

/// A referral has cancelled. Version 2 does not tell when: it was at the time of the event.
pub fn v2_cancelled(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    v2_own(updates, event, Told::Cancellation)
}

/// A referral has moved to another enrolment of its promoter, who has crossed the threshold of a campaign.
pub fn v2_moved(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    v2_own(updates, event, Told::Move)
}

/// What a referral's own event tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Move,
    Cancellation,
    Anything,
}

fn v2_own(updates: &mut EventUpdates, event: &V2Event<'_, '_>, told: Told) -> Option<i64> {
    let mut lead = event.own_object(updates, MirroredTable::Lead, "referral")?;
    if told == Told::Cancellation && matches!(lead.current("cancelled_at"), None | Some(JsonValue::Null)) {
        let updates = lead.updates();
        if updates.has_time() {
            let at = Cell::Int(updates.ms());
            lead.set_from(&["cancelled_at"], CANCELLED_AT, at);
        }
    }
    v2_object(&mut lead);
    promotion::v2_owner(&mut lead, &V2_PROMOTION, &V2_PROMOTER, told == Told::Move);
    v2_split(&mut lead);
    Some(lead.id)
}

/// A referral nested in a commission, whose earner is, with tiers and splits, not the referral's own promoter:
/// neither promoter nor promotion is set.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut lead = ObjectReader::with_id(updates, MirroredTable::Lead, json, Precedence::Snapshot)?;
    v2_object(&mut lead);
    Some(lead.id)
}

fn v2_object(lead: &mut ObjectReader<'_, '_>) {
    lead.first_of(STATE);
    lead.first_of(V2_SUSPICION);
    lead.fields(FIELDS);
    lead.fields(V2_FIELDS);
}

/// The first other enrolment that shares the commissions. (v1 has no field for more than one.)
fn v2_split(lead: &mut ObjectReader<'_, '_>) {
    let path = "lead.split_details";
    match lead.current("split_details") {
        None => {}
        Some(JsonValue::Null) => v2_split_with(lead, path, None),
        Some(parts) => {
            let listed = checked::list(lead.updates(), path, Some(parts));
            if listed.len() > 1 {
                lead.updates().warn(path, "list has several parts, of which the first is kept");
            }
            match listed.first() {
                // An empty list means that there is no split.
                None | Some(JsonValue::Null) if matches!(parts, JsonValue::List(_)) => v2_split_with(lead, path, None),
                first => {
                    if let Some(part) = checked::object(lead.updates(), path, first) {
                        v2_split_with(lead, path, Some(part));
                    }
                }
            }
        }
    }
}

/// Sets the split, or that there is none. What is not usable leaves the columns unset.
fn v2_split_with(lead: &mut ObjectReader<'_, '_>, path: &str, part: Option<&JsonValue<'_>>) {
    let mut id_of = |id, nested| part.and_then(|part| referenced_id(lead.updates(), path, part, id, nested));
    let promotion = id_of("promoter_campaign_id", "promoter_campaign");
    let promoter = id_of("promoter_id", "promoter");
    if part.is_some() && promotion.is_none() {
        lead.updates().warn(format_args!("{path}.promoter_campaign_id"), "missing");
    }
    let filled = |key| part.and_then(|part| part.get(key)).filter(|json| **json != JsonValue::Null);
    let keys = ["split_details"];
    if promotion.is_some() || (filled("promoter_campaign_id").is_none() && filled("promoter_campaign").is_none()) {
        lead.set_from(&keys, SPLIT_PROMOTION, promotion.map_or(Cell::Null, Cell::Int));
    }
    let percentage = filled("percentage").map_or(Some(Cell::Null), |percentage| {
        checked::value(lead.updates(), format_args!("{path}.percentage"), Decimal, percentage)
    });
    if let Some(percentage) = percentage {
        lead.set_from(&keys, SPLIT_PERCENTAGE, percentage);
    }
    if let (Some(promotion), Some(promoter)) = (promotion, promoter) {
        let updates = lead.updates();
        let mut promotion = updates.row(MirroredTable::Promotion, promotion, Precedence::Snapshot);
        updates.set(&mut promotion, PROMOTION_PROMOTER, Cell::Int(promoter));
    }
}
