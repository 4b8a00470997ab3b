//! A promoter: by itself, and tiny in what belongs to it.

use super::{
    super::{
        field::{Field, Object, told, told_as, told_now},
        json::Json,
        value::Shape::{Balances, Code, Id, Text, Time, Tree},
        warning,
    },
    Action, Event, NULL, Own, named, payout_method, profile as profiles, promotion,
};
use crate::projection::{
    clock::Precedence,
    tables::{PROMOTER, Table},
    updates::EventUpdates,
};

/// A promoter of v2 has no status of its own; the first payloads still had one.
static FIELDS: &[Field] = &[
    told(&PROMOTER, "status", Code),
    told(&PROMOTER, "email", Code),
    told(&PROMOTER, "name", Text),
    told(&PROMOTER, "cust_id", Code),
    told(&PROMOTER, "note", Text),
    told(&PROMOTER, "archived_at", Time),
    told(&PROMOTER, "last_login_at", Time),
    told(&PROMOTER, "custom_fields", Tree),
    told(&PROMOTER, "default_ref_id", Code),
    told(&PROMOTER, "default_promotion_id", Id),
];
static JOINED: &[Field] = &[told(&PROMOTER, "joined_at", Time), told_as(&PROMOTER, "created_at", "joined_at", Time)];
static PARENT: Field = told(&PROMOTER, "parent_promoter_id", Id);
/// The vendor calls `balances` the breakdown of the earnings.
static EARNED: &[Field] = &[
    told_as(&PROMOTER, "balances", "earned_balance", Balances),
    told_as(&PROMOTER, "earnings_balance", "earned_balance", Balances),
];
static BALANCES: &[Field] = &[
    told(&PROMOTER, "current_balance", Balances),
    told(&PROMOTER, "paid_balance", Balances),
    told(&PROMOTER, "pending_balance", Balances),
];

/// A promoter's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut promoter = event.own(updates, Table::Promoter, "promoter")?;
    object(&mut promoter);
    let id = promoter.id;
    below(updates, event.data, event.changes, id, event.action.rank());
    // Its profile goes with it, and comes back when it is told again.
    if event.action == Action::Deleted || matches!(event.told_now(updates, "profile"), Some(Json::Object(_))) {
        event.exists(updates, Table::Profile, id);
    }
    Some(id)
}

/// Tells a promoter that is nested in another entity's event, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut promoter = Object::with_id(updates, Table::Promoter, json, Precedence::Snapshot)?;
    object(&mut promoter);
    let id = promoter.id;
    below(updates, json, &NULL, id, Precedence::Snapshot);
    Some(id)
}

/// Balances have moved. What the event is about is not documented: the promoter, or something of it.
pub fn balance(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let Some(id) = whose(updates, event) else { return self::event(updates, event) };
    event.exists(updates, Table::Promoter, id);
    let mut promoter =
        Object::keyed(updates, Table::Promoter, id, event.data, event.action.rank()).changed_by(event.changes);
    balances(&mut promoter);
    Some(id)
}

/// A profile has changed. What the event is about is not documented: the promoter, or the profile.
pub fn profile(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let nested = matches!(event.told_now(updates, "profile"), Some(Json::Object(_)));
    let id = match whose(updates, event).filter(|_| !nested) {
        Some(id) => {
            profiles::tell(updates, id, event.data, event.action.rank(), Some(event.changes));
            id
        }
        None if nested || event.is_about("promoter") == Some(true) => {
            let id = self::event(updates, event)?;
            // The fields of the profile may also stand in the promoter itself; its id is no profile's.
            profiles::of_promoter(updates, id, event.data, event.action.rank(), event.changes);
            id
        }
        None => {
            updates.warn("profile.promoter_id", "missing");
            return None;
        }
    };
    Some(id)
}

/// Whose something is, if the event names a promoter beside or around it.
fn whose(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Option<i64> {
    named(updates, "promoter", event.data, "promoter_id", "promoter")
}

fn object(promoter: &mut Object<'_, '_>) {
    promoter.fields(FIELDS);
    promoter.spelled(JOINED);
    balances(promoter);
    promoter.related("parent_promoter", &PARENT, nested);
}

fn balances(promoter: &mut Object<'_, '_>) {
    promoter.spelled(EARNED);
    promoter.fields(BALANCES);
}

fn below<'j>(updates: &mut EventUpdates, json: &Json<'j>, changes: &Json<'j>, id: i64, rank: Precedence) {
    let mut told = |key| told_now(updates, json, Some(changes), key);
    let (profile, campaigns, method) = (told("profile"), told("promoter_campaigns"), told("selected_payout_method"));
    if let Some(profile) = warning::object(updates, "promoter.profile", profile) {
        profiles::tell(updates, id, profile, rank, None);
    }
    for json in warning::list(updates, "promoter.promoter_campaigns", campaigns) {
        promotion::nested(updates, json, Some(id));
    }
    if let Some(method) = warning::object(updates, "promoter.selected_payout_method", method) {
        payout_method::nested(updates, method, Some(id));
    }
}
