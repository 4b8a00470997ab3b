//! A campaign: nested in enrolments and payouts, never an event's own entity.

use super::super::{
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Flag, Line, Text},
};
use crate::projection::{
    clock::Precedence,
    tables::{CAMPAIGN, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&CAMPAIGN, "name", Line),
    told(&CAMPAIGN, "color", Code),
    told(&CAMPAIGN, "landing_url", Text),
    told(&CAMPAIGN, "description", Text),
    told(&CAMPAIGN, "auto_approve_promoters", Flag),
    told_as(&CAMPAIGN, "is_private", "private", Flag),
    told(&CAMPAIGN, "private", Flag),
];

/// Tells a campaign, and gives its id.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut campaign = Object::with_id(updates, Table::Campaign, json, Precedence::Snapshot)?;
    campaign.fields(FIELDS);
    Some(campaign.id)
}
