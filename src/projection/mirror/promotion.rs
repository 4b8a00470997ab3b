//! A promotion: a promoter's enrolment in a campaign. v2 calls it a promoter campaign.

use entity::MirroredTable;

use super::{campaign, offer, promoter, reward};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        merge::Cell,
        payload::{
            checked,
            object::{FieldMapping, ObjectReader, current_value, field, id_of, referenced_id, renamed},
            v2_event::{NULL, V2Event},
            value::ValueType::{Code, Flag, Id, Integer, Line, Text, Time},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "promoter_id",
    "campaign_id",
    "status",
    "state",
    "ref_id",
    "promo_code",
    "customer_promo_code",
    "target_reached_at",
    "referral_link",
    "hidden",
    "visitors_count",
    "leads_count",
    "customers_count",
    "active_customers_count",
    "sales_count",
    "refunds_count",
    "cancellations_count",
    "sales_total",
    "refunds_total",
    "current_offer_id",
    "current_referral_reward_id",
    "current_promotion_reward_id",
    "current_target_reward_id",
    "created_at",
    "direct_url",
])
.indexed(&["promo_code"]);

static V1_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "promoter_id", Id),
    field(&REGISTERS, "campaign_id", Id),
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "ref_id", Code),
    field(&REGISTERS, "promo_code", Code),
    field(&REGISTERS, "customer_promo_code", Code),
    field(&REGISTERS, "target_reached_at", Time),
    field(&REGISTERS, "referral_link", Text),
    field(&REGISTERS, "hidden", Flag),
    field(&REGISTERS, "visitors_count", Integer),
    field(&REGISTERS, "leads_count", Integer),
    field(&REGISTERS, "customers_count", Integer),
    field(&REGISTERS, "active_customers_count", Integer),
    field(&REGISTERS, "sales_count", Integer),
    field(&REGISTERS, "refunds_count", Integer),
    field(&REGISTERS, "cancellations_count", Integer),
    field(&REGISTERS, "sales_total", Integer),
    field(&REGISTERS, "refunds_total", Integer),
];
/// v1's `status` has other values (whether the offer is running), which v2 does not send.
static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "state", Code),
    renamed(&REGISTERS, "ref_token", "ref_id", Code),
    renamed(&REGISTERS, "ref_link", "referral_link", Text),
    renamed(&REGISTERS, "coupon", "promo_code", Code),
    renamed(&REGISTERS, "display_coupon", "customer_promo_code", Code),
    field(&REGISTERS, "direct_url", Text),
    field(&REGISTERS, "created_at", Time),
];
static V2_STATS: &[FieldMapping] = &[
    renamed(&REGISTERS, "clicks_count", "visitors_count", Integer),
    renamed(&REGISTERS, "referrals_count", "leads_count", Integer),
    field(&REGISTERS, "customers_count", Integer),
    field(&REGISTERS, "active_customers_count", Integer),
    field(&REGISTERS, "sales_count", Integer),
    renamed(&REGISTERS, "revenue_amount", "sales_total", Integer),
];
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);
static V2_CAMPAIGN: FieldMapping = field(&REGISTERS, "campaign_id", Id);
/// The register of the promoter.
pub const PROMOTER: u8 = REGISTERS.number("promoter_id");
const CAMPAIGN: u8 = REGISTERS.number("campaign_id");
const STATE: u8 = REGISTERS.number("state");
const OFFER: u8 = REGISTERS.number("current_offer_id");
const REFERRAL_REWARD: u8 = REGISTERS.number("current_referral_reward_id");
const PROMOTION_REWARD: u8 = REGISTERS.number("current_promotion_reward_id");
const TARGET_REWARD: u8 = REGISTERS.number("current_target_reward_id");

/// Reads a promotion that is nested in another entity's event. Abbreviated ones do not name their promoter: then it
/// is the one beside or around it.
pub fn v1_nested(updates: &mut EventUpdates, json: &JsonValue<'_>, promoter: Option<i64>) -> Option<i64> {
    v1_object(updates, json, Precedence::Snapshot, promoter, None).map(|promotion| promotion.id)
}

/// Reads the promotion that an acceptance is about. The event's `state` is the promotion's.
pub fn v1_accepted(updates: &mut EventUpdates, data: &JsonValue<'_>) -> Option<i64> {
    let id_beside = |key| data.get(key).and_then(id_of);
    let json = data.get("promotion")?;
    let (promoter, campaign) = (id_beside("promoter"), id_beside("campaign"));
    let mut promotion = v1_object(updates, json, Precedence::Updated, promoter, campaign)?;
    promotion.clear_deleted_at();
    if let Some(state) = data.get("state")
        && let Some(state) = promotion.parse("state", Code, state)
    {
        promotion.set(STATE, state);
    }
    Some(promotion.id)
}

fn v1_object<'r, 'j>(
    updates: &'r mut EventUpdates,
    json: &'r JsonValue<'j>,
    precedence: Precedence,
    promoter: Option<i64>,
    campaign: Option<i64>,
) -> Option<ObjectReader<'r, 'j>> {
    let mut promotion = ObjectReader::with_id(updates, MirroredTable::Promotion, json, precedence)?;
    promotion.fields(V1_FIELDS);
    for (key, register, beside) in [("promoter_id", PROMOTER, promoter), ("campaign_id", CAMPAIGN, campaign)] {
        if let (Some(id), None) = (beside, promotion.get(key)) {
            promotion.set(register, Cell::Int(id));
        }
    }
    promotion.nested("current_offer", OFFER, offer::v1_nested);
    promotion.nested("current_referral_reward", REFERRAL_REWARD, reward::v1_nested);
    promotion.nested("current_promotion_reward", PROMOTION_REWARD, reward::v1_nested);
    promotion.nested("current_target_reward", TARGET_REWARD, reward::v1_nested);
    // A null here means nothing for the campaign, which always has a name.
    let campaign = promotion.get("campaign_id").and_then(|id| Id.parse(id).ok());
    let name = promotion.get("campaign_name");
    let name = name.and_then(|name| checked::value(promotion.updates(), "promotion.campaign_name", Line, name));
    if let (Some(Cell::Int(id)), Some(Cell::Text(name))) = (campaign, name) {
        campaign::v1_name(promotion.updates(), id, name);
    }
    Some(promotion)
}

/// An enrolment's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let mut promotion = event.own_object(updates, MirroredTable::Promotion, "promoter_campaign")?;
    v2_object(&mut promotion);
    let id = promotion.id;
    v2_inner(updates, event.data, event.changes, id, event.action.precedence());
    Some(id)
}

/// Reads an enrolment that is nested in another entity's event; its promoter is the one around it if it names none.
pub fn v2_nested(updates: &mut EventUpdates, json: &JsonValue<'_>, promoter: Option<i64>) -> Option<i64> {
    let mut promotion = ObjectReader::with_id(updates, MirroredTable::Promotion, json, Precedence::Snapshot)?;
    v2_object(&mut promotion);
    if let Some(promoter) = promoter {
        promotion.set(PROMOTER, Cell::Int(promoter));
    }
    let id = promotion.id;
    v2_inner(updates, json, &NULL, id, Precedence::Snapshot);
    Some(id)
}

fn v2_object(promotion: &mut ObjectReader<'_, '_>) {
    promotion.fields(V2_FIELDS);
    promotion.relation("promoter", &V2_PROMOTER, promoter::v2_nested);
    promotion.relation("campaign", &V2_CAMPAIGN, campaign::v2_nested);
}

fn v2_inner<'j>(
    updates: &mut EventUpdates,
    json: &JsonValue<'j>,
    changes: &JsonValue<'j>,
    id: i64,
    precedence: Precedence,
) {
    let stats = current_value(updates, json, Some(changes), "stats");
    let stats = checked::object(updates, "promotion.stats", stats).unwrap_or(&NULL);
    let stats = ObjectReader::with_key(updates, MirroredTable::Promotion, id, stats, precedence);
    stats.with_changes(changes).fields(V2_STATS);
    for key in ["rewards_for_promoters", "rewards_for_referrals"] {
        let rewards = current_value(updates, json, Some(changes), key);
        reward::v2_listed(updates, key, rewards);
    }
}

/// Sets the owner of a referral or commission: its enrolment, which nests promoter and campaign, and its promoter, as
/// far as the object names them. Published samples name neither. `keeps_promoter`: a changed enrolment is one of the
/// same promoter.
pub fn v2_owner(
    object: &mut ObjectReader<'_, '_>,
    promotion: &FieldMapping,
    promoter: &FieldMapping,
    keeps_promoter: bool,
) {
    object.relation("promoter", promoter, promoter::v2_nested);
    let keys = ["promoter_campaign", "promoter_campaign_id", "promoter_id"];
    match object.current("promoter_campaign") {
        Some(JsonValue::Null) => object.set_from(&keys, promoter.register(), Cell::Null),
        Some(json) => {
            if let Some(id) = referenced_id(object.updates(), "promotion", json, "promoter_id", "promoter") {
                object.set_from(&keys, promoter.register(), Cell::Int(id));
            }
        }
        None => {}
    }
    object.relation("promoter_campaign", promotion, |updates, json| v2_nested(updates, json, None));
    if !keeps_promoter && object.is_listed_as_changed(&keys[..2]) && object.is_set(promotion.register()) {
        // It has another enrolment now, whose promoter is unknown: not the promoter before.
        object.set_from(&keys, promoter.register(), Cell::Null);
    }
}
