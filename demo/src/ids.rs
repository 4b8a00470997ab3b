//! The ids of a simulated programme, and the payloads of its fixed parts: campaigns, offers and rewards.

use super::{
    payload::{CampaignBody, OfferBody, RewardBody},
    programme::{Campaign, Offer, Reward},
    random::mix,
};

/// The ids of one seed. They do not overlap with those of another seed, or with FirstPromoter's real ones, which are far
/// lower.
#[derive(Clone, Copy, Debug)]
pub struct IdRange {
    pub seed: u64,
    base: i64,
}

/// The distance between the ids of two seeds. The ids of the largest seed are below 2^53.
const IDS_PER_SEED: i64 = 1_000_000_000;

impl IdRange {
    pub fn of(seed: u32) -> Self {
        Self { seed: mix(u64::from(seed)), base: i64::from(seed) * IDS_PER_SEED }
    }

    pub fn event(self, number: i64) -> i64 {
        self.base + 22_000_000 + number
    }

    pub fn campaign(self, campaign: &Campaign) -> i64 {
        self.base + 13_200 + campaign.number
    }

    pub fn promoter(self, number: usize) -> i64 {
        self.base + 3_900_000 + i64::try_from(number).unwrap_or_default()
    }

    pub fn promotion(self, number: i64) -> i64 {
        self.base + 4_200_000 + number
    }

    pub fn lead(self, number: i64) -> i64 {
        self.base + 21_000_000 + number
    }

    pub fn commission(self, number: i64) -> i64 {
        self.base + 11_000_000 + number
    }

    pub fn payout(self, number: i64) -> i64 {
        self.base + 2_700_000 + number
    }

    pub fn offer(self, offer: &Offer) -> OfferBody {
        OfferBody {
            id: self.base + 67_200 + offer.number,
            name: offer.name,
            amount: offer.amount,
            unit: offer.unit,
            default_promo_code: offer.promo_code,
        }
    }

    pub fn reward(self, reward: &Reward) -> RewardBody {
        RewardBody {
            id: self.base + 128_300 + reward.number,
            amount: reward.amount.or((reward.number == 2).then_some(0)),
            reward_type: reward.kind,
            unit: reward.unit.as_str(),
            name: reward.name,
            #[expect(clippy::cast_precision_loss, reason = "hundredths of a percent are small")]
            per_of_sale: reward.per_of_sale.map(|hundredths| hundredths as f64 / 100.0),
            default_promo_code: "",
        }
    }

    pub fn campaign_body(self, campaign: &Campaign) -> CampaignBody {
        CampaignBody {
            id: self.campaign(campaign),
            name: campaign.name,
            landing_url: campaign.landing,
            description: campaign.description,
            private: campaign.private,
            color: campaign.color,
            default_webhook_url: None,
            auto_approve_rewards: campaign.auto_approve,
            auto_approve_promoters: campaign.auto_approve,
            offer: Some(self.offer(&campaign.offer)),
            referral_reward: campaign.referral.as_ref().map(|reward| self.reward(reward)),
            promotion_reward: campaign.promotion.as_ref().map(|reward| self.reward(reward)),
            target_reward: campaign.target.as_ref().map(|reward| self.reward(reward)),
        }
    }
}
