//! A campaign: nested in enrolments and payouts, never an event's own entity.

use super::super::{
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Flag, Line, Text},
};
use crate::projection::{
    clock::Rank,
    facts::Facts,
    tables::{CAMPAIGN, Table},
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
pub fn nested(facts: &mut Facts, json: &Json<'_>) -> Option<i64> {
    let mut campaign = Object::with_id(facts, Table::Campaign, json, Rank::Snapshot)?;
    campaign.fields(FIELDS);
    Some(campaign.id)
}
