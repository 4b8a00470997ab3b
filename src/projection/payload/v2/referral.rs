//! A referral, which is a lead: by itself, and tiny in commissions.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Decimal, Flag, Id, Text, Time, Tree},
        warning,
    },
    Event, Own, named, owner,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{LEAD, PROMOTION, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&LEAD, "email", Code),
    told(&LEAD, "uid", Code),
    told(&LEAD, "customer_since", Time),
    told(&LEAD, "cancelled_at", Time),
    told(&LEAD, "plan_name", Text),
    told(&LEAD, "username", Text),
    told(&LEAD, "website", Text),
    told(&LEAD, "first_name", Text),
    told(&LEAD, "last_name", Text),
    told(&LEAD, "created_at", Time),
    told(&LEAD, "entry_source", Code),
    told(&LEAD, "comment", Text),
    told(&LEAD, "metadata", Tree),
    told(&LEAD, "is_expired", Flag),
];
static STATE: &[Field] = &[told(&LEAD, "state", Code), told_as(&LEAD, "status", "state", Code)];
static SUSPICION: &[Field] = &[told_as(&LEAD, "fraud_check", "suspicion", Code), told(&LEAD, "suspicion", Code)];
static PROMOTER: Field = told(&LEAD, "promoter_id", Id);
static PROMOTION_ID: Field = told_as(&LEAD, "promoter_campaign_id", "promotion_id", Id);
const SPLIT_PROMOTION: u8 = LEAD.register("split_promotion_id");
const SPLIT_PERCENTAGE: u8 = LEAD.register("split_percentage_value");
const PROMOTIONS_PROMOTER: u8 = PROMOTION.register("promoter_id");

/// A referral's own event: only these say whose it is, also after a move.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    own(updates, event, false)
}

/// A referral has moved, since its promoter has crossed the threshold of a campaign.
pub fn moved(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    own(updates, event, true)
}

fn own(updates: &mut EventUpdates, event: &Event<'_, '_>, keeps_promoter: bool) -> Own {
    let mut lead = event.own(updates, Table::Lead, "referral")?;
    object(&mut lead);
    owner::tell(&mut lead, &PROMOTION_ID, &PROMOTER, keeps_promoter);
    split(&mut lead);
    Some(lead.id)
}

/// A referral nested in a commission, whose earner is, with tiers and splits, not the referral's own
/// promoter: neither promoter nor promotion is told.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut lead = Object::with_id(updates, Table::Lead, json, Precedence::Snapshot)?;
    object(&mut lead);
    Some(lead.id)
}

fn object(lead: &mut Object<'_, '_>) {
    lead.spelled(STATE);
    lead.spelled(SUSPICION);
    lead.fields(FIELDS);
}

/// The first other enrolment that shares the commissions. (v1 has no place for more than one.)
fn split(lead: &mut Object<'_, '_>) {
    let place = "lead.split_details";
    match lead.told_now("split_details") {
        None => {}
        Some(Json::Null) => split_with(lead, place, None),
        Some(parts) => {
            let listed = warning::list(lead.updates(), place, Some(parts));
            if listed.len() > 1 {
                lead.updates().warn(place, "list has several parts, of which the first is kept");
            }
            match listed.first() {
                // An empty list says that nobody shares.
                None | Some(Json::Null) if matches!(parts, Json::List(_)) => split_with(lead, place, None),
                first => {
                    if let Some(part) = warning::object(lead.updates(), place, first) {
                        split_with(lead, place, Some(part));
                    }
                }
            }
        }
    }
}

/// Tells who shares, or that nobody does. What cannot be read leaves what was known.
fn split_with(lead: &mut Object<'_, '_>, place: &str, part: Option<&Json<'_>>) {
    let mut named = |id, nested| part.and_then(|part| named(lead.updates(), place, part, id, nested));
    let promotion = named("promoter_campaign_id", "promoter_campaign");
    let promoter = named("promoter_id", "promoter");
    if part.is_some() && promotion.is_none() {
        lead.updates().warn(format_args!("{place}.promoter_campaign_id"), "missing");
    }
    let told = |key| part.and_then(|part| part.get(key)).filter(|json| **json != Json::Null);
    let keys = ["split_details"];
    if promotion.is_some() || (told("promoter_campaign_id").is_none() && told("promoter_campaign").is_none()) {
        lead.refer(&keys, SPLIT_PROMOTION, promotion.map_or(Cell::Null, Cell::Int));
    }
    let percentage = told("percentage").map_or(Some(Cell::Null), |percentage| {
        warning::value(lead.updates(), format_args!("{place}.percentage"), Decimal, percentage)
    });
    if let Some(percentage) = percentage {
        lead.refer(&keys, SPLIT_PERCENTAGE, percentage);
    }
    if let (Some(promotion), Some(promoter)) = (promotion, promoter) {
        let updates = lead.updates();
        let mut promotion = updates.row(Table::Promotion, promotion, Precedence::Snapshot);
        updates.set(&mut promotion, PROMOTIONS_PROMOTER, Cell::Int(promoter));
    }
}
