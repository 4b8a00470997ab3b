//! A campaign: nested in acceptances and fulfilments, never an event's own entity.

use super::{
    super::{
        field::{Field, Object, told},
        json::Json,
        value::Shape::{Code, Flag, Line, Text},
    },
    offer, reward,
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{CAMPAIGN, Table},
    updates::EventUpdates,
};

/// The default webhook URL, which may hold our own token, is left out on purpose.
static FIELDS: &[Field] = &[
    told(&CAMPAIGN, "name", Line),
    told(&CAMPAIGN, "landing_url", Text),
    told(&CAMPAIGN, "description", Text),
    told(&CAMPAIGN, "private", Flag),
    told(&CAMPAIGN, "color", Code),
    told(&CAMPAIGN, "auto_approve_rewards", Flag),
    told(&CAMPAIGN, "auto_approve_promoters", Flag),
];
const NAME: u8 = CAMPAIGN.register("name");
const OFFER: u8 = CAMPAIGN.register("offer_id");
const REFERRAL_REWARD: u8 = CAMPAIGN.register("referral_reward_id");
const PROMOTION_REWARD: u8 = CAMPAIGN.register("promotion_reward_id");
const TARGET_REWARD: u8 = CAMPAIGN.register("target_reward_id");

/// Tells a campaign, and gives its id.
pub fn tell(updates: &mut EventUpdates, json: &Json<'_>) -> Option<i64> {
    let mut campaign = Object::with_id(updates, Table::Campaign, json, Precedence::Snapshot)?;
    campaign.fields(FIELDS);
    campaign.nested("offer", OFFER, offer::tell);
    campaign.nested("referral_reward", REFERRAL_REWARD, reward::tell);
    campaign.nested("promotion_reward", PROMOTION_REWARD, reward::tell);
    campaign.nested("target_reward", TARGET_REWARD, reward::tell);
    Some(campaign.id)
}

/// Tells a campaign's name, as a promotion says it.
pub fn name(updates: &mut EventUpdates, id: i64, name: String) {
    let mut campaign = updates.row(Table::Campaign, id, Precedence::Snapshot);
    updates.set(&mut campaign, NAME, Cell::Text(name));
}
