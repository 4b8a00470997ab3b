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
    clock::Rank,
    facts::Facts,
    merge::Cell,
    tables::{PROMOTION, Table},
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
pub fn event(facts: &mut Facts, event: &Event<'_, '_>) -> Own {
    let mut promotion = event.own(facts, Table::Promotion, "promoter_campaign")?;
    object(&mut promotion);
    let id = promotion.id;
    below(facts, event.data, event.changes, id, event.action.rank());
    Some(id)
}

/// Tells an enrolment that is nested in another entity's event; its promoter is the one around it if
/// it names none.
pub fn nested(facts: &mut Facts, json: &Json<'_>, promoter: Option<i64>) -> Option<i64> {
    let mut promotion = Object::with_id(facts, Table::Promotion, json, Rank::Snapshot)?;
    object(&mut promotion);
    if let Some(promoter) = promoter {
        promotion.tell(PROMOTER.register(), Cell::Int(promoter));
    }
    let id = promotion.id;
    below(facts, json, &NULL, id, Rank::Snapshot);
    Some(id)
}

fn object(promotion: &mut Object<'_, '_>) {
    promotion.fields(FIELDS);
    promotion.related("promoter", &PROMOTER, promoter::nested);
    promotion.related("campaign", &CAMPAIGN, campaign::nested);
}

fn below<'j>(facts: &mut Facts, json: &Json<'j>, changes: &Json<'j>, id: i64, rank: Rank) {
    let stats = told_now(facts, json, Some(changes), "stats");
    let stats = warning::object(facts, "promotion.stats", stats).unwrap_or(&NULL);
    Object::keyed(facts, Table::Promotion, id, stats, rank).changed_by(changes).fields(STATS);
    for key in ["rewards_for_promoters", "rewards_for_referrals"] {
        let rules = told_now(facts, json, Some(changes), key);
        reward::listed(facts, key, rules);
    }
}
