//! A payout: of money, or a non-monetary fulfilment.

use super::{
    super::{
        field::{Field, Object, told},
        json::Json,
        value::Shape::{Code, Decimal, Id, Text, Time},
    },
    Event, Own, campaign, named, payments_batch, payout_method, promoter,
};
use crate::projection::{
    clock::Precedence,
    tables::{PAYOUT, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&PAYOUT, "status", Code),
    told(&PAYOUT, "amount", Decimal),
    told(&PAYOUT, "unit", Code),
    told(&PAYOUT, "paid_at", Time),
    told(&PAYOUT, "due_date", Time),
    told(&PAYOUT, "created_at", Time),
    told(&PAYOUT, "period_start", Time),
    told(&PAYOUT, "period_end", Time),
    told(&PAYOUT, "tax_rate", Decimal),
    told(&PAYOUT, "total_incl_tax", Decimal),
    told(&PAYOUT, "processing_started_at", Time),
    told(&PAYOUT, "failed_at", Time),
    told(&PAYOUT, "error", Text),
];
static PROMOTER: Field = told(&PAYOUT, "promoter_id", Id);
static CAMPAIGN: Field = told(&PAYOUT, "campaign_id", Id);
static METHOD: Field = told(&PAYOUT, "payout_method_id", Id);
static BATCH: Field = told(&PAYOUT, "payments_batch_id", Id);

/// A payout's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut payout = event.own(updates, Table::Payout, "payout")?;
    object(&mut payout);
    Some(payout.id)
}

/// Tells a payout that is nested in another entity's event, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut payout = Object::with_id(updates, Table::Payout, json, Precedence::Snapshot)?;
    object(&mut payout);
    Some(payout.id)
}

fn object(payout: &mut Object<'_, '_>) {
    payout.fields(FIELDS);
    payout.related("promoter", &PROMOTER, promoter::nested);
    payout.related("campaign", &CAMPAIGN, campaign::nested);
    payout.related("payments_batch", &BATCH, payments_batch::nested);
    let json = payout.own_json();
    let promoter = named(payout.updates(), "payout", json, "promoter_id", "promoter");
    payout.related("payout_method", &METHOD, |updates, json| payout_method::nested(updates, json, promoter));
}
