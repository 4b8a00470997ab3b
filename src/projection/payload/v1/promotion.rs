//! A promotion: a promoter's enrolment in a campaign, with its codes, counters and current rewards.

use super::{
    super::{
        field::{Field, Object, id_of, told},
        json::Json,
        value::Shape::{Code, Flag, Id, Integer, Line, Text, Time},
        warning,
    },
    campaign, offer, reward,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{PROMOTION, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&PROMOTION, "promoter_id", Id),
    told(&PROMOTION, "campaign_id", Id),
    told(&PROMOTION, "status", Code),
    told(&PROMOTION, "ref_id", Code),
    told(&PROMOTION, "promo_code", Code),
    told(&PROMOTION, "customer_promo_code", Code),
    told(&PROMOTION, "target_reached_at", Time),
    told(&PROMOTION, "referral_link", Text),
    told(&PROMOTION, "hidden", Flag),
    told(&PROMOTION, "visitors_count", Integer),
    told(&PROMOTION, "leads_count", Integer),
    told(&PROMOTION, "customers_count", Integer),
    told(&PROMOTION, "active_customers_count", Integer),
    told(&PROMOTION, "sales_count", Integer),
    told(&PROMOTION, "refunds_count", Integer),
    told(&PROMOTION, "cancellations_count", Integer),
    told(&PROMOTION, "sales_total", Integer),
    told(&PROMOTION, "refunds_total", Integer),
];
const PROMOTER: u8 = PROMOTION.register("promoter_id");
const CAMPAIGN: u8 = PROMOTION.register("campaign_id");
const STATE: u8 = PROMOTION.register("state");
const OFFER: u8 = PROMOTION.register("current_offer_id");
const REFERRAL_REWARD: u8 = PROMOTION.register("current_referral_reward_id");
const PROMOTION_REWARD: u8 = PROMOTION.register("current_promotion_reward_id");
const TARGET_REWARD: u8 = PROMOTION.register("current_target_reward_id");

/// Tells a promotion that is nested in another entity's event. Abbreviated ones do not name their
/// promoter: then it is the one beside or around.
pub fn tell(updates: &mut EventUpdates, json: &Json<'_>, promoter: Option<i64>) -> Option<i64> {
    object(updates, json, Precedence::Snapshot, promoter, None).map(|promotion| promotion.id)
}

/// Tells the promotion that an acceptance is about. The event's `state` is the promotion's.
pub fn accepted(updates: &mut EventUpdates, data: &Json<'_>) -> Option<i64> {
    let beside = |key| data.get(key).and_then(id_of);
    let json = data.get("promotion")?;
    let mut promotion = object(updates, json, Precedence::Updated, beside("promoter"), beside("campaign"))?;
    promotion.exists();
    if let Some(state) = data.get("state")
        && let Some(state) = promotion.value("state", Code, state)
    {
        promotion.tell(STATE, state);
    }
    Some(promotion.id)
}

fn object<'r, 'j>(
    updates: &'r mut EventUpdates,
    json: &'r Json<'j>,
    rank: Precedence,
    promoter: Option<i64>,
    campaign: Option<i64>,
) -> Option<Object<'r, 'j>> {
    let mut promotion = Object::with_id(updates, Table::Promotion, json, rank)?;
    promotion.fields(FIELDS);
    for (key, register, beside) in [("promoter_id", PROMOTER, promoter), ("campaign_id", CAMPAIGN, campaign)] {
        if let (Some(id), None) = (beside, promotion.json(key)) {
            promotion.tell(register, Cell::Int(id));
        }
    }
    promotion.nested("current_offer", OFFER, offer::tell);
    promotion.nested("current_referral_reward", REFERRAL_REWARD, reward::tell);
    promotion.nested("current_promotion_reward", PROMOTION_REWARD, reward::tell);
    promotion.nested("current_target_reward", TARGET_REWARD, reward::tell);
    // A null here says nothing of the campaign, which always has a name.
    let campaign = promotion.json("campaign_id").and_then(|id| Id.read(id).ok());
    let name = promotion.json("campaign_name");
    let name = name.and_then(|name| warning::value(promotion.updates(), "promotion.campaign_name", Line, name));
    if let (Some(Cell::Int(id)), Some(Cell::Text(name))) = (campaign, name) {
        campaign::name(promotion.updates(), id, name);
    }
    Some(promotion)
}
