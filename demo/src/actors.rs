//! The actors of the simulation, promoters with their enrolments and leads, and their payloads.

use super::{
    ids::IdRange,
    names::Person,
    payload::{
        Balance, CustomFields, LeadBody, ProfileBody, PromoterBody, PromotionBody, SocialAccount, SocialAccounts, Time,
    },
    programme::{Campaign, PRICING_PLANS, PricingPlan, Unit},
    random::{code, mix},
};

/// A promoter in one campaign, with its current counters.
#[derive(Debug)]
pub struct Enrolment {
    pub id: i64,
    pub campaign: &'static Campaign,
    pub ref_id: String,
    pub target_reached_at: Option<i64>,
    pub visitors: i64,
    pub leads: i64,
    pub customers: i64,
    pub active_customers: i64,
    pub sales: i64,
    pub sales_total: i64,
    pub refunds: i64,
    pub refunds_total: i64,
    pub cancellations: i64,
}

impl Enrolment {
    pub fn new(id: i64, campaign: &'static Campaign, ref_id: String) -> Self {
        Self {
            id,
            campaign,
            ref_id,
            target_reached_at: None,
            visitors: 0,
            leads: 0,
            customers: 0,
            active_customers: 0,
            sales: 0,
            sales_total: 0,
            refunds: 0,
            refunds_total: 0,
            cancellations: 0,
        }
    }

    pub fn body(&self, ids: IdRange, promoter: &Promoter) -> PromotionBody {
        let campaign = self.campaign;
        let own_code = self.id % 4 == 0;
        PromotionBody {
            id: self.id,
            status: if campaign.running { "offer_running" } else { "offer_inactive" },
            ref_id: self.ref_id.clone(),
            promo_code: own_code.then(|| format!("coupon_{}", self.id)),
            customer_promo_code: own_code.then(|| format!("{}-{}", self.ref_id.to_uppercase(), campaign.offer.number)),
            target_reached_at: self.target_reached_at.map(Time),
            promoter_id: ids.promoter(promoter.number),
            campaign_id: ids.campaign(campaign),
            referral_link: format!("{}?fpr={}", campaign.landing, self.ref_id),
            current_offer: Some(ids.offer(&campaign.offer)),
            current_referral_reward: campaign.referral.as_ref().map(|reward| ids.reward(reward)),
            current_promotion_reward: campaign.promotion.as_ref().map(|reward| ids.reward(reward)),
            current_target_reward: campaign.target.as_ref().map(|reward| ids.reward(reward)),
            campaign_name: campaign.name,
            hidden: self.id % 50 == 0,
            visitors_count: self.visitors,
            leads_count: self.leads,
            customers_count: self.customers,
            refunds_count: self.refunds,
            cancellations_count: self.cancellations,
            sales_count: self.sales,
            sales_total: self.sales_total,
            refunds_total: self.refunds_total,
            active_customers_count: self.active_customers,
        }
    }
}

/// A promoter, with the amounts earned and paid out so far, by unit in the order of [`Unit::ALL`].
#[derive(Debug)]
pub struct Promoter {
    pub number: usize,
    pub joined_at: i64,
    pub accepted: bool,
    pub parent: Option<usize>,
    pub enrolments: Vec<Enrolment>,
    pub earned: [i64; 4],
    pub paid: [i64; 4],
    /// The last month, counted from the start, for which cash was paid out.
    pub paid_month: i64,
}

impl Promoter {
    pub fn ref_id(ids: IdRange, number: usize) -> String {
        let person = Person::of(ids.seed ^ number as u64);
        format!("{}{}", person.first.to_lowercase(), code(ids.seed ^ number as u64, 4))
    }

    /// The current payload. `fresh`: at signup, with a temporary password and without balances.
    pub fn body(&self, ids: IdRange, fresh: bool) -> PromoterBody {
        let draw = mix(ids.seed ^ (self.number as u64).rotate_left(32));
        let person = Person::of(ids.seed ^ self.number as u64);
        let handle = format!("{}{}", person.last.to_lowercase(), self.number);
        let balance = |of: &dyn Fn(usize) -> i64| {
            (!fresh).then(|| Balance(std::array::from_fn(|unit| (Unit::ALL[unit].as_str(), of(unit)))))
        };
        let id = ids.promoter(self.number);
        PromoterBody {
            id,
            status: if self.accepted { "active" } else { "pending" },
            cust_id: draw.is_multiple_of(3).then(|| format!("crm-{}", 1000 + self.number)),
            email: format!("{}@example.com", Self::ref_id(ids, self.number)),
            created_at: Time(self.joined_at),
            temp_password: fresh.then(|| format!("{}-Demo", code(draw ^ 1, 6))),
            default_promotion_id: self.enrolments[0].id,
            pref: code(draw, 7),
            default_ref_id: self.enrolments[0].ref_id.clone(),
            note: draw.is_multiple_of(11).then_some("Met at a conference; wants the newsletter kit."),
            w8_form_url: draw.is_multiple_of(13).then(|| format!("https://files.example.com/w8/{id}.pdf")),
            w9_form_url: draw.is_multiple_of(17).then(|| format!("https://files.example.com/w9/{id}.pdf")),
            parent_promoter_id: self.parent.map(|parent| ids.promoter(parent)),
            earnings_balance: balance(&|unit| self.earned[unit]),
            current_balance: balance(&|unit| self.earned[unit] - self.paid[unit]),
            paid_balance: balance(&|unit| self.paid[unit]),
            auth_token: code(draw ^ 2, 32),
            profile: ProfileBody {
                id: id + 27_000,
                first_name: person.first,
                last_name: person.last,
                website: if draw.is_multiple_of(2) { person.website(self.number as u64) } else { String::new() },
                company_name: if draw % 5 < 2 { person.company() } else { String::new() },
                phone_number: if draw.is_multiple_of(7) { "+1 202 555 0143" } else { "" },
                address: if draw.is_multiple_of(7) { "1 Example Street\nExampletown" } else { "" },
                vat_id: "",
                country: person.country,
                paypal_email: if draw % 3 == 1 { person.email(self.number as u64) } else { String::new() },
                avatar_url: "",
                description: None,
                social_accounts: SocialAccounts {
                    twitter: social(draw.is_multiple_of(3), "twitter", &handle),
                    youtube: social(draw.is_multiple_of(5), "youtube", &handle),
                    facebook: SocialAccount::default(),
                    linkedin: social(draw.is_multiple_of(4), "linkedin", &handle),
                    instagram: SocialAccount::default(),
                },
            },
            promotions: Some(Vec::new()),
        }
    }
}

fn social(has: bool, platform: &str, handle: &str) -> SocialAccount {
    SocialAccount { url: if has { format!("https://{platform}.example.com/{handle}") } else { String::new() } }
}

/// A referred person.
#[derive(Clone, Debug)]
pub struct Lead {
    pub number: i64,
    pub promoter: usize,
    pub enrolment: usize,
    pub created_at: i64,
    pub customer_since: Option<i64>,
    pub cancelled_at: Option<i64>,
    pub plan: usize,
    /// Payments made so far.
    pub payments: u32,
    /// Another promoter who gets a share of the commissions: the promotion's id, its promoter, the share in percent.
    pub split: Option<(i64, usize, i64)>,
}

impl Lead {
    pub fn plan(&self) -> &'static PricingPlan {
        &PRICING_PLANS[self.plan]
    }

    /// Without promoter and promotion.
    pub fn body(&self, ids: IdRange) -> LeadBody {
        let number = u64::try_from(self.number).unwrap_or_default();
        let draw = mix(ids.seed ^ number.rotate_left(17));
        let person = Person::of(draw);
        LeadBody {
            id: ids.lead(self.number),
            state: match (self.cancelled_at, self.customer_since) {
                (Some(_), _) => "cancelled",
                (None, Some(_)) => "active",
                (None, None) => "signup",
            },
            email: person.email(number),
            uid: if draw.is_multiple_of(4) { String::new() } else { format!("cus_{}", code(draw, 10)) },
            customer_since: self.customer_since.map(Time),
            cancelled_at: self.cancelled_at.map(Time),
            plan_name: self.customer_since.map(|_| self.plan().name),
            suspicion: match draw % 100 {
                0 | 1 => "same_ip_suspicion",
                2 => "ad_source",
                3 if draw.is_multiple_of(7) => "same_promoter_email",
                _ => "no_suspicion",
            },
            username: draw.is_multiple_of(6).then(|| format!("{}{number}", person.first.to_lowercase())),
            website: draw.is_multiple_of(9).then(|| person.website(number)),
            created_at: Time(self.created_at),
            split_promotion_id: self.split.map(|(promotion, _, _)| promotion),
            split_percentage_value: self.split.map(|(_, _, share)| share),
            custom_fields: draw.is_multiple_of(3).then(|| CustomFields {
                company_name: person.company(),
                seats: i64::try_from(1 + draw % 60).unwrap_or_default(),
            }),
            visitor_sub_id: ["newsletter", "video", "sidebar", "podcast"]
                .get(usize::try_from(draw >> 40).unwrap_or_default() % 9)
                .copied(),
            promotion: None,
            promoter: None,
        }
    }
}
