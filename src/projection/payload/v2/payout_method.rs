//! Where a promoter wants to be paid: by itself, and nested in payouts and promoters.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Flag, Id, Time, Tree},
    },
    Event, Own, promoter,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{PAYOUT_METHOD, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&PAYOUT_METHOD, "method", Code),
    told_as(&PAYOUT_METHOD, "date_added", "added_at", Time),
    told(&PAYOUT_METHOD, "is_disabled", Flag),
    told(&PAYOUT_METHOD, "is_selected", Flag),
    told(&PAYOUT_METHOD, "details", Tree),
];
static PROMOTER: Field = told(&PAYOUT_METHOD, "promoter_id", Id);

/// A payout method's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut method = event.own(updates, Table::PayoutMethod, "payout_method")?;
    object(&mut method);
    Some(method.id)
}

/// Tells a payout method that is nested in another entity's event, and gives its id. Its promoter is
/// the one around it: the published shape names none.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>, promoter: Option<i64>) -> Option<i64> {
    let mut method = Object::with_id(updates, Table::PayoutMethod, json, Precedence::Snapshot)?;
    object(&mut method);
    if let Some(promoter) = promoter {
        method.tell(PROMOTER.register(), Cell::Int(promoter));
    }
    Some(method.id)
}

fn object(method: &mut Object<'_, '_>) {
    method.fields(FIELDS);
    method.related("promoter", &PROMOTER, promoter::nested);
}
