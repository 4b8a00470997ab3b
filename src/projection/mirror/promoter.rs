//! A promoter, in or beside almost every event. Its secrets are never read.

use entity::MirroredTable;

use super::{campaign, payout_method, profile, promotion};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        payload::{
            checked,
            object::{FieldMapping, ObjectReader, current_value, field, id_of, referenced_id, renamed},
            v2_event::{NULL, V2Action, V2Event},
            value::ValueType::{Balances, Code, Id, Text, Time, Tree},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "status",
    "email",
    "cust_id",
    "pref",
    "default_ref_id",
    "note",
    "w8_form_url",
    "w9_form_url",
    "joined_at",
    "parent_promoter_id",
    "default_promotion_id",
    "earned_balance",
    "current_balance",
    "paid_balance",
    "pending_balance",
    "name",
    "archived_at",
    "last_login_at",
    "custom_fields",
])
.indexed(&["cust_id", "joined_at"]);

/// v2 has no status any more, but its first payloads still had one.
static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "email", Code),
    field(&REGISTERS, "cust_id", Code),
    field(&REGISTERS, "note", Text),
    field(&REGISTERS, "default_ref_id", Code),
    field(&REGISTERS, "default_promotion_id", Id),
];
static BALANCES: &[FieldMapping] = &[
    field(&REGISTERS, "current_balance", Balances),
    field(&REGISTERS, "paid_balance", Balances),
    field(&REGISTERS, "pending_balance", Balances),
];
static EARNED_BALANCE: FieldMapping = renamed(&REGISTERS, "earnings_balance", "earned_balance", Balances);
static PARENT: FieldMapping = field(&REGISTERS, "parent_promoter_id", Id);
/// v1 has them in the promoter, v2 in the profile.
pub static FORMS: &[FieldMapping] = &[field(&REGISTERS, "w8_form_url", Text), field(&REGISTERS, "w9_form_url", Text)];

static V1_FIELDS: &[FieldMapping] =
    &[renamed(&REGISTERS, "created_at", "joined_at", Time), field(&REGISTERS, "pref", Code)];
static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "name", Text),
    field(&REGISTERS, "archived_at", Time),
    field(&REGISTERS, "last_login_at", Time),
    field(&REGISTERS, "custom_fields", Tree),
];
static V2_JOINED: &[FieldMapping] =
    &[field(&REGISTERS, "joined_at", Time), renamed(&REGISTERS, "created_at", "joined_at", Time)];
/// The vendor calls `balances` the breakdown of the earnings.
static V2_EARNED_BALANCE: &[FieldMapping] = &[
    renamed(&REGISTERS, "balances", "earned_balance", Balances),
    renamed(&REGISTERS, "earnings_balance", "earned_balance", Balances),
];

/// A promoter signed up.
pub fn v1_signed_up(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    let json = data.get("promoter")?;
    let id = id_of(json);
    for promotion in checked::list(updates, "data.promotions", data.get("promotions")) {
        promotion::v1_nested(updates, promotion, id);
    }
    v1_object(updates, json, Precedence::Created, true)
}

/// An acceptance updates both: the promotion, whose state it sets, and the promoter.
pub fn v1_accepted(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    if let Some(json) = checked::object(updates, "data.campaign", data.get("campaign")) {
        campaign::v1_nested(updates, json);
    }
    let promotion = promotion::v1_accepted(updates, data);
    let promoter = data.get("promoter").and_then(|json| v1_object(updates, json, Precedence::Updated, true));
    promotion.or(promoter)
}

/// Reads the promotion and the promoter that most events of v1 have beside their own object.
pub fn v1_beside(updates: &mut EventUpdates, data: &JsonValue<'_>) {
    let promoter = data.get("promoter").and_then(id_of);
    if let Some(json) = checked::object(updates, "data.promotion", data.get("promotion")) {
        promotion::v1_nested(updates, json, promoter);
    }
    if let Some(json) = checked::object(updates, "data.promoter", data.get("promoter")) {
        v1_object(updates, json, Precedence::Snapshot, false);
    }
}

/// Reads a promoter with profile and promotions; `is_own` if the event is about it.
fn v1_object(updates: &mut EventUpdates, json: &JsonValue<'_>, precedence: Precedence, is_own: bool) -> Option<i64> {
    let mut promoter = ObjectReader::with_id(updates, MirroredTable::Promoter, json, precedence)?;
    for fields in [FIELDS, V1_FIELDS, BALANCES, FORMS] {
        promoter.fields(fields);
    }
    promoter.field(&EARNED_BALANCE);
    promoter.field(&PARENT);
    if is_own {
        promoter.clear_deleted_at();
    }
    let id = promoter.id;
    if let Some(json) = checked::object(updates, "promoter.profile", json.get("profile")) {
        profile::v1_nested(updates, id, json, precedence, is_own);
    }
    // An empty list does not mean that there are none.
    for json in checked::list(updates, "promoter.promotions", json.get("promotions")) {
        promotion::v1_nested(updates, json, Some(id));
    }
    Some(id)
}

/// A promoter's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut promoter = event.own_object(updates, MirroredTable::Promoter, "promoter")?;
    v2_object(&mut promoter);
    let id = promoter.id;
    v2_inner(updates, event.data, event.changes, id, event.action.precedence());
    // Its profile is deleted with it, and exists again when it is sent again.
    if event.action == V2Action::Deleted || matches!(event.current(updates, "profile"), Some(JsonValue::Object(_))) {
        event.set_deleted_at(updates, MirroredTable::Profile, id);
    }
    Some(id)
}

/// Reads a promoter that is nested in another entity's event, and returns its id.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>) -> Option<i64> {
    let mut promoter = ObjectReader::with_id(updates, MirroredTable::Promoter, json, Precedence::Snapshot)?;
    v2_object(&mut promoter);
    let id = promoter.id;
    v2_inner(updates, json, &NULL, id, Precedence::Snapshot);
    Some(id)
}

/// Balances have changed. What the event is about is not documented: the promoter, or something with a promoter.
pub fn v2_balance_updated(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let Some(id) = v2_promoter_id(updates, event) else { return v2_event(updates, event) };
    event.set_deleted_at(updates, MirroredTable::Promoter, id);
    let precedence = event.action.precedence();
    let promoter = ObjectReader::with_key(updates, MirroredTable::Promoter, id, event.data, precedence);
    v2_balances(&mut promoter.with_changes(event.changes));
    Some(id)
}

/// A profile has changed. What the event is about is not documented: the promoter, or the profile.
pub fn v2_profile_updated(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let is_nested = matches!(event.current(updates, "profile"), Some(JsonValue::Object(_)));
    let precedence = event.action.precedence();
    match v2_promoter_id(updates, event).filter(|_| !is_nested) {
        Some(id) => {
            profile::v2_object(updates, id, event.data, precedence, Some(event.changes));
            Some(id)
        }
        None if is_nested || event.is_about("promoter") == Some(true) => {
            let id = v2_event(updates, event)?;
            // The fields of the profile may also be in the promoter itself, whose id is not the profile's.
            profile::v2_in_promoter(updates, id, event.data, precedence, event.changes);
            Some(id)
        }
        None => {
            updates.warn("profile.promoter_id", "missing");
            None
        }
    }
}

/// The promoter that the event names beside or around its object.
fn v2_promoter_id(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    referenced_id(updates, "promoter", event.data, "promoter_id", "promoter")
}

fn v2_object(promoter: &mut ObjectReader<'_, '_>) {
    promoter.fields(FIELDS);
    promoter.fields(V2_FIELDS);
    promoter.first_of(V2_JOINED);
    v2_balances(promoter);
    promoter.relation("parent_promoter", &PARENT, v2_nested);
}

fn v2_balances(promoter: &mut ObjectReader<'_, '_>) {
    promoter.first_of(V2_EARNED_BALANCE);
    promoter.fields(BALANCES);
}

fn v2_inner<'j>(
    updates: &mut EventUpdates,
    json: &JsonValue<'j>,
    changes: &JsonValue<'j>,
    id: i64,
    precedence: Precedence,
) {
    let mut current = |key| current_value(updates, json, Some(changes), key);
    let (profile, campaigns, method) =
        (current("profile"), current("promoter_campaigns"), current("selected_payout_method"));
    if let Some(profile) = checked::object(updates, "promoter.profile", profile) {
        profile::v2_object(updates, id, profile, precedence, None);
    }
    for json in checked::list(updates, "promoter.promoter_campaigns", campaigns) {
        promotion::v2_nested(updates, json, Some(id));
    }
    if let Some(method) = checked::object(updates, "promoter.selected_payout_method", method) {
        payout_method::v2_nested(updates, method, Some(id));
    }
}
