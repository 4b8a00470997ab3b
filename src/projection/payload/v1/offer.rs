//! What a referred customer gets: an object nested in promotions and campaigns.

use super::super::{
    field::{Field, Object, told},
    json::Json,
    value::Shape::{Code, Decimal, Line},
};
use crate::projection::{
    clock::Precedence,
    tables::{OFFER, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&OFFER, "name", Line),
    told(&OFFER, "amount", Decimal),
    told(&OFFER, "unit", Code),
    told(&OFFER, "default_promo_code", Code),
];

/// Tells an offer, and gives its id.
pub fn tell(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut offer = Object::with_id(updates, Table::Offer, json, Precedence::Snapshot)?;
    offer.fields(FIELDS);
    Some(offer.id)
}
