//! A fulfilment that waits for delivery: its id is a payout's, not a commission's.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Flag, Time},
    },
    Own, beside, campaign, reward,
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
    told_as(&PAYOUT, "date_paid", "paid_at", Time),
    told(&PAYOUT, "due_date", Time),
    told(&PAYOUT, "created_at", Time),
    told(&PAYOUT, "has_issues", Flag),
];
const PROMOTER: u8 = PAYOUT.register("promoter_id");
const CAMPAIGN: u8 = PAYOUT.register("campaign_id");
const REWARD: u8 = PAYOUT.register("reward_id");

/// A fulfilment's own event; it comes again for the same fulfilment, with news.
pub fn event(updates: &mut EventUpdates, data: &Json<'_>) -> Own {
    let mut payout = Object::with_id(updates, Table::Payout, data, Precedence::Updated)?;
    payout.exists();
    payout.fields(FIELDS);
    payout.nested("reward", REWARD, reward::tell);
    payout.nested("campaign", CAMPAIGN, campaign::tell);
    payout.refers("promoter", PROMOTER);
    let id = payout.id;
    beside(updates, data);
    Some(id)
}
