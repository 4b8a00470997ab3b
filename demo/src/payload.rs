//! The bodies of FirstPromoter's webhooks v1.

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};

/// A time in milliseconds since 1970, serialised as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub i64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Only a time beyond the calendar has no date.
        let time = DateTime::from_timestamp_millis(self.0).unwrap_or_default();
        serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

#[derive(Serialize)]
pub struct EventBody<D> {
    pub event: EventHead,
    pub data: D,
}

#[derive(Serialize)]
pub struct EventHead {
    pub id: i64,
    #[serde(rename = "type")]
    pub event_type: &'static str,
    pub created_at: Time,
}

/// A lead: the root of lead events (with `promoter` and `promotion`), or nested (without).
#[derive(Serialize)]
pub struct LeadBody {
    pub id: i64,
    pub state: &'static str,
    pub email: String,
    pub uid: String,
    pub customer_since: Option<Time>,
    pub cancelled_at: Option<Time>,
    pub plan_name: Option<&'static str>,
    pub suspicion: &'static str,
    pub username: Option<String>,
    pub website: Option<String>,
    pub created_at: Time,
    pub split_promotion_id: Option<i64>,
    pub split_percentage_value: Option<i64>,
    pub custom_fields: Option<CustomFields>,
    pub visitor_sub_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotion: Option<PromotionBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoter: Option<PromoterBody>,
}

#[derive(Serialize)]
pub struct CustomFields {
    pub company_name: String,
    pub seats: i64,
}

#[derive(Serialize)]
pub struct PromotionBody {
    pub id: i64,
    pub status: &'static str,
    pub ref_id: String,
    pub promo_code: Option<String>,
    pub customer_promo_code: Option<String>,
    pub target_reached_at: Option<Time>,
    pub promoter_id: i64,
    pub campaign_id: i64,
    pub referral_link: String,
    pub current_offer: Option<OfferBody>,
    pub current_referral_reward: Option<RewardBody>,
    pub current_promotion_reward: Option<RewardBody>,
    pub current_target_reward: Option<RewardBody>,
    pub campaign_name: &'static str,
    pub hidden: bool,
    pub visitors_count: i64,
    pub leads_count: i64,
    pub customers_count: i64,
    pub refunds_count: i64,
    pub cancellations_count: i64,
    pub sales_count: i64,
    pub sales_total: i64,
    pub refunds_total: i64,
    pub active_customers_count: i64,
}

#[derive(Serialize)]
pub struct OfferBody {
    pub id: i64,
    pub name: &'static str,
    pub amount: f64,
    pub unit: &'static str,
    pub default_promo_code: &'static str,
}

#[derive(Serialize)]
pub struct RewardBody {
    pub id: i64,
    pub amount: Option<i64>,
    #[serde(rename = "type")]
    pub reward_type: &'static str,
    pub unit: &'static str,
    pub name: &'static str,
    pub per_of_sale: Option<f64>,
    pub default_promo_code: &'static str,
}

/// Amounts by unit. FirstPromoter leaves out zeros.
pub struct Balance(pub [(&'static str, i64); 4]);

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter(|(_, amount)| *amount != 0).copied())
    }
}

#[derive(Serialize)]
pub struct PromoterBody {
    pub id: i64,
    pub status: &'static str,
    pub cust_id: Option<String>,
    pub email: String,
    pub created_at: Time,
    pub temp_password: Option<String>,
    pub default_promotion_id: i64,
    pub pref: String,
    pub default_ref_id: String,
    pub note: Option<&'static str>,
    pub w8_form_url: Option<String>,
    pub w9_form_url: Option<String>,
    pub parent_promoter_id: Option<i64>,
    pub earnings_balance: Option<Balance>,
    pub current_balance: Option<Balance>,
    pub paid_balance: Option<Balance>,
    pub auth_token: String,
    pub profile: ProfileBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotions: Option<Vec<PromotionBody>>,
}

#[derive(Serialize)]
pub struct ProfileBody {
    pub id: i64,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub website: String,
    pub company_name: String,
    pub phone_number: &'static str,
    pub address: &'static str,
    pub vat_id: &'static str,
    pub country: &'static str,
    pub paypal_email: String,
    pub avatar_url: &'static str,
    pub description: Option<&'static str>,
    pub social_accounts: SocialAccounts,
}

#[derive(Serialize)]
pub struct SocialAccounts {
    pub twitter: SocialAccount,
    pub youtube: SocialAccount,
    pub facebook: SocialAccount,
    pub linkedin: SocialAccount,
    pub instagram: SocialAccount,
}

#[derive(Default, Serialize)]
pub struct SocialAccount {
    pub url: String,
}

#[derive(Serialize)]
pub struct CampaignBody {
    pub id: i64,
    pub name: &'static str,
    pub landing_url: &'static str,
    pub description: Option<&'static str>,
    pub private: bool,
    pub color: &'static str,
    pub default_webhook_url: Option<&'static str>,
    pub auto_approve_rewards: bool,
    pub auto_approve_promoters: bool,
    pub offer: Option<OfferBody>,
    pub referral_reward: Option<RewardBody>,
    pub promotion_reward: Option<RewardBody>,
    pub target_reward: Option<RewardBody>,
}

#[derive(Serialize)]
pub struct PromoterSignedUp {
    pub promoter: PromoterBody,
    pub promotions: Vec<PromotionBody>,
}

#[derive(Serialize)]
pub struct PromoterAccepted {
    pub state: &'static str,
    pub campaign: CampaignBody,
    pub promoter: PromoterBody,
    pub promotion: PromotionBody,
}

/// An earned reward: a commission in the server's terms.
#[derive(Serialize)]
pub struct RewardCreated {
    pub id: i64,
    pub status: &'static str,
    pub amount: i64,
    pub unit: &'static str,
    pub created_at: Time,
    pub event_id: Option<String>,
    pub conversion_amount: Option<i64>,
    pub tier_level: i64,
    pub split_type: Option<&'static str>,
    pub lead: Option<LeadBody>,
    pub promoter: PromoterBody,
    pub promotion: PromotionBody,
}

#[derive(Serialize)]
pub struct FulfilmentPending {
    pub id: i64,
    pub status: &'static str,
    pub amount: i64,
    pub unit: &'static str,
    pub date_paid: Option<Time>,
    pub due_date: Option<Time>,
    pub created_at: Time,
    pub has_issues: bool,
    pub reward: RewardBody,
    pub promoter: PromoterBody,
    pub campaign: CampaignBody,
}
