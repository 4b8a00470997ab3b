//! A promoter: beside or around everything that v1 sends. Its secrets are read by nobody.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Balances, Code, Id, Text, Time},
        warning,
    },
    profile, promotion,
};
use crate::projection::{
    clock::Precedence,
    tables::{PROMOTER, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&PROMOTER, "status", Code),
    told(&PROMOTER, "email", Code),
    told(&PROMOTER, "cust_id", Code),
    told_as(&PROMOTER, "created_at", "joined_at", Time),
    told(&PROMOTER, "default_promotion_id", Id),
    told(&PROMOTER, "default_ref_id", Code),
    told(&PROMOTER, "pref", Code),
    told(&PROMOTER, "parent_promoter_id", Id),
    told(&PROMOTER, "note", Text),
    told(&PROMOTER, "w8_form_url", Text),
    told(&PROMOTER, "w9_form_url", Text),
    told_as(&PROMOTER, "earnings_balance", "earned_balance", Balances),
    told(&PROMOTER, "current_balance", Balances),
    told(&PROMOTER, "paid_balance", Balances),
    told(&PROMOTER, "pending_balance", Balances),
];

/// Tells a promoter with profile and promotions, and gives its id; `own` if the event is about it.
pub fn tell(updates: &mut EventUpdates, json: &Json<'_>, rank: Precedence, own: bool) -> Option<i64> {
    let mut promoter = Object::with_id(updates, Table::Promoter, json, rank)?;
    promoter.fields(FIELDS);
    if own {
        promoter.exists();
    }
    let id = promoter.id;
    if let Some(json) = warning::object(updates, "promoter.profile", json.get("profile")) {
        profile::tell(updates, id, json, rank);
        if own {
            // It comes with its promoter, who may have been deleted.
            Object::keyed(updates, Table::Profile, id, json, rank).exists();
        }
    }
    // An empty list does not say that there are none.
    for json in warning::list(updates, "promoter.promotions", json.get("promotions")) {
        promotion::tell(updates, json, Some(id));
    }
    Some(id)
}
