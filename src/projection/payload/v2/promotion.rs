//! An enrolment, which v2 calls a promoter campaign: by itself, and nested in what it brought.

use super::{
    super::{
        field::{Field, Object, told, told_as, told_now},
        json::Json,
        value::Shape::{Code, Id, Integer, Text, Time},
        warning,
    },
    Event, NULL, Own, campaign, promoter, reward,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{PROMOTION, Table},
    updates::EventUpdates,
};

/// v1's `status` is another vocabulary (whether the offer is running), which v2 does not tell.
static FIELDS: &[Field] = &[
    told(&PROMOTION, "state", Code),
    told_as(&PROMOTION, "ref_token", "ref_id", Code),
    told_as(&PROMOTION, "ref_link", "referral_link", Text),
    told_as(&PROMOTION, "coupon", "promo_code", Code),
    told_as(&PROMOTION, "display_coupon", "customer_promo_code", Code),
    told(&PROMOTION, "direct_url", Text),
    told(&PROMOTION, "created_at", Time),
];
static STATS: &[Field] = &[
    told_as(&PROMOTION, "clicks_count", "visitors_count", Integer),
    told_as(&PROMOTION, "referrals_count", "leads_count", Integer),
    told(&PROMOTION, "customers_count", Integer),
    told(&PROMOTION, "active_customers_count", Integer),
    told(&PROMOTION, "sales_count", Integer),
    told_as(&PROMOTION, "revenue_amount", "sales_total", Integer),
];
static PROMOTER: Field = told(&PROMOTION, "promoter_id", Id);
static CAMPAIGN: Field = told(&PROMOTION, "campaign_id", Id);

/// An enrolment's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let mut promotion = event.own(updates, Table::Promotion, "promoter_campaign")?;
    object(&mut promotion);
    let id = promotion.id;
    below(updates, event.data, event.changes, id, event.action.rank());
    Some(id)
}

/// Tells an enrolment that is nested in another entity's event; its promoter is the one around it if
/// it names none.
pub fn nested(updates: &mut EventUpdates, json: &Json<'_>, promoter: Option<i64>) -> Option<i64> {
    let mut promotion = Object::with_id(updates, Table::Promotion, json, Precedence::Snapshot)?;
    object(&mut promotion);
    if let Some(promoter) = promoter {
        promotion.tell(PROMOTER.register(), Cell::Int(promoter));
    }
    let id = promotion.id;
    below(updates, json, &NULL, id, Precedence::Snapshot);
    Some(id)
}

fn object(promotion: &mut Object<'_, '_>) {
    promotion.fields(FIELDS);
    promotion.related("promoter", &PROMOTER, promoter::nested);
    promotion.related("campaign", &CAMPAIGN, campaign::nested);
}

fn below<'j>(updates: &mut EventUpdates, json: &Json<'j>, changes: &Json<'j>, id: i64, rank: Precedence) {
    let stats = told_now(updates, json, Some(changes), "stats");
    let stats = warning::object(updates, "promotion.stats", stats).unwrap_or(&NULL);
    Object::keyed(updates, Table::Promotion, id, stats, rank).changed_by(changes).fields(STATS);
    for key in ["rewards_for_promoters", "rewards_for_referrals"] {
        let rules = told_now(updates, json, Some(changes), key);
        reward::listed(updates, key, rules);
    }
}
