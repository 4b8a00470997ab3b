//! The programme: campaigns, offers for customers, rewards of promoters, and pricing plans. Fixed, so that a small demo has
//! every kind of reward as well.

use std::ops::Range;

use super::clock::DAY;

/// The unit of an amount, as FirstPromoter writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Cash,
    Credits,
    Points,
    FreeMonths,
}

impl Unit {
    pub const ALL: [Self; 4] = [Self::Cash, Self::Credits, Self::Points, Self::FreeMonths];

    /// Its index in [`Self::ALL`].
    pub fn place(self) -> usize {
        self as usize
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credits => "credits",
            Self::Points => "points",
            Self::FreeMonths => "free_months",
        }
    }
}

/// The webhooks of a campaign: FirstPromoter's users choose them for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Webhooks {
    V1,
    V2,
}

/// The discount of a referred customer.
#[derive(Debug)]
pub struct Offer {
    pub number: i64,
    pub name: &'static str,
    /// By `unit`; `discount_per` is a percentage, `mon_discount` minor units.
    pub amount: f64,
    pub unit: &'static str,
    pub promo_code: &'static str,
}

/// What a reward is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewardKind {
    Referral,
    Promotion,
    Target,
    Tier,
}

/// A rule by which promoters earn.
#[derive(Debug)]
pub struct Reward {
    pub number: i64,
    pub name: &'static str,
    pub kind: RewardKind,
    pub unit: Unit,
    pub rate: Rate,
    /// The number of payments of one customer that it is earned for.
    pub payments: u32,
}

/// How much a reward is.
#[derive(Clone, Copy, Debug)]
pub enum Rate {
    /// Per sale, in the reward's unit.
    Amount(i64),
    /// The share of the sale, in hundredths of a percent.
    Share(i64),
}

impl Reward {
    const fn new(number: i64, name: &'static str, unit: Unit, rate: Rate, payments: u32) -> Self {
        Self { number, name, kind: RewardKind::Referral, unit, rate, payments }
    }

    const fn once(number: i64, name: &'static str, kind: RewardKind, unit: Unit, amount: i64) -> Self {
        Self { number, name, kind, unit, rate: Rate::Amount(amount), payments: 1 }
    }

    /// What a sale of this price earns; of a refund the price is negative.
    pub fn of(&self, price: i64) -> i64 {
        match self.rate {
            Rate::Amount(amount) => amount * price.signum(),
            Rate::Share(hundredths) => price * hundredths / 10_000,
        }
    }
}

/// A campaign of the programme.
#[derive(Debug)]
pub struct Campaign {
    pub number: i64,
    pub name: &'static str,
    /// The last part of its landing page's URL.
    pub page: &'static str,
    pub description: Option<&'static str>,
    pub webhooks: Webhooks,
    /// Whether promoters are invited and sign a contract.
    pub private: bool,
    pub color: &'static str,
    pub auto_approve: bool,
    pub running: bool,
    /// The share of new promoters, in percent.
    pub share: u64,
    /// The share of leads that become customers, in percent.
    pub conversion: u64,
    pub offer: Offer,
    pub referral: Option<Reward>,
    pub promotion: Option<Reward>,
    /// Earned once, with the tenth customer.
    pub target: Option<Reward>,
}

impl Campaign {
    pub fn landing(&self) -> String {
        format!("https://www.example.com/{}", self.page)
    }
}

/// Payouts are made every four weeks, so that every calendar month has one.
pub const PAYOUT_PERIOD: i64 = 28 * DAY;
/// The time in which customers may still want their money back.
pub const PAYOUT_WAIT: i64 = 14 * DAY;
/// The smallest payout in cash, in minor units.
pub const MIN_PAYOUT: i64 = 2000;
/// The number of customers that unlocks a campaign's target reward.
pub const TARGET_CUSTOMERS: i64 = 10;
/// What a promoter's parent earns by each sale.
pub static TIER_TWO: Reward = Reward {
    number: 90,
    name: "5% of what recruited promoters sell",
    kind: RewardKind::Tier,
    unit: Unit::Cash,
    rate: Rate::Share(500),
    payments: u32::MAX,
};

const fn offer(number: i64, name: &'static str, amount: f64, unit: &'static str, promo_code: &'static str) -> Offer {
    Offer { number, name, amount, unit, promo_code }
}

/// What most campaigns have in common.
const COMMON: Campaign = Campaign {
    number: 0,
    name: "",
    page: "",
    description: None,
    webhooks: Webhooks::V2,
    private: false,
    color: "",
    auto_approve: false,
    running: true,
    share: 0,
    conversion: 0,
    offer: offer(0, "", 0.0, "", ""),
    referral: None,
    promotion: None,
    target: None,
};

pub static CAMPAIGNS: [Campaign; 8] = [
    Campaign {
        number: 1,
        name: "Main programme",
        description: Some("Open to everybody"),
        color: "#4f46e5",
        share: 24,
        conversion: 20,
        offer: offer(1, "10% off the first year", 10.0, "discount_per", " WELCOME-10"),
        referral: Some(Reward::new(1, "20% of the first three payments", Unit::Cash, Rate::Share(2000), 3)),
        target: Some(Reward::once(11, "500 points for ten customers", RewardKind::Target, Unit::Points, 500)),
        ..COMMON
    },
    Campaign {
        number: 2,
        name: "Agency partners",
        page: "agencies",
        description: Some("By invitation"),
        private: true,
        color: "#0e9384",
        auto_approve: true,
        share: 14,
        conversion: 32,
        offer: offer(2, "20% off the first year", 20.0, "discount_per", "AGENCY-20"),
        referral: Some(Reward::new(2, "27.5% of the first sale", Unit::Cash, Rate::Share(2750), 1)),
        ..COMMON
    },
    Campaign {
        number: 3,
        name: "Customers refer customers",
        page: "friends",
        webhooks: Webhooks::V1,
        color: "#dc6803",
        auto_approve: true,
        share: 16,
        conversion: 28,
        offer: offer(3, "A month for free", 1.0, "free_months", "FRIEND"),
        promotion: Some(Reward::once(3, "A free month per friend", RewardKind::Promotion, Unit::FreeMonths, 1)),
        ..COMMON
    },
    Campaign {
        number: 4,
        name: "Creators",
        page: "creators",
        description: Some("Flat rates for videos and newsletters"),
        webhooks: Webhooks::V1,
        color: "#c11574",
        share: 14,
        conversion: 12,
        offer: offer(4, "7.5% off", 7.5, "discount_per", "CREATOR"),
        referral: Some(Reward::once(4, "25.00 per customer", RewardKind::Referral, Unit::Cash, 2500)),
        promotion: Some(Reward::once(14, "40 credits per customer", RewardKind::Promotion, Unit::Credits, 40)),
        ..COMMON
    },
    Campaign {
        number: 5,
        name: "Launch week (closed)",
        page: "launch",
        description: Some("Ended; who came by it still earns"),
        webhooks: Webhooks::V1,
        color: "#667085",
        running: false,
        share: 4,
        conversion: 15,
        offer: offer(5, "5.00 off", 500.0, "mon_discount", "LAUNCH"),
        referral: Some(Reward::new(5, "10% of two payments", Unit::Cash, Rate::Share(1000), 2)),
        ..COMMON
    },
    Campaign {
        number: 6,
        name: "Resellers",
        page: "resellers",
        description: Some("By contract, for a year of payments"),
        private: true,
        color: "#7a5af8",
        share: 8,
        conversion: 26,
        offer: offer(6, "5% off", 5.0, "discount_per", "RESELLER"),
        referral: Some(Reward::new(6, "15% for a year", Unit::Cash, Rate::Share(1500), 12)),
        ..COMMON
    },
    Campaign {
        number: 7,
        name: "Education",
        page: "education",
        description: Some("Schools and teachers"),
        color: "#0086c9",
        auto_approve: true,
        share: 8,
        conversion: 16,
        offer: offer(7, "30% off", 30.0, "discount_per", "SCHOOL"),
        referral: Some(Reward::once(7, "120 credits per school", RewardKind::Referral, Unit::Credits, 120)),
        ..COMMON
    },
    Campaign {
        number: 8,
        name: "Communities",
        page: "communities",
        description: Some("Forums and meetups"),
        color: "#e31b54",
        share: 12,
        conversion: 18,
        offer: offer(8, "Two weeks for free", 0.5, "free_months", "MEETUP"),
        referral: Some(Reward::new(8, "10% of the first sale", Unit::Cash, Rate::Share(1000), 1)),
        promotion: Some(Reward::once(18, "50 points per customer", RewardKind::Promotion, Unit::Points, 50)),
        ..COMMON
    },
];

/// The promoters whose few customers all cancel, by number: those who join after one for each campaign.
pub const LOSING_PROMOTERS: Range<usize> = CAMPAIGNS.len()..CAMPAIGNS.len() + 2;
/// How many leads each of them refers.
pub const LOSING_LEADS: i64 = 3;

/// A plan that customers pay for.
#[derive(Debug)]
pub struct PricingPlan {
    pub name: &'static str,
    /// Per payment, in minor units.
    pub price: i64,
    /// Between payments.
    pub days: i64,
}

pub static PRICING_PLANS: [PricingPlan; 5] = [
    PricingPlan { name: "starter-monthly", price: 1900, days: 30 },
    PricingPlan { name: "starter-yearly", price: 19_000, days: 365 },
    PricingPlan { name: "team-monthly", price: 4900, days: 30 },
    PricingPlan { name: "team-yearly", price: 49_900, days: 365 },
    PricingPlan { name: "scale-monthly", price: 14_900, days: 30 },
];

/// The currencies that customers pay in: ISO 4217, and its minor units per 1,000 of the account's. The first is the
/// account's own.
pub static CURRENCIES: [(&str, i64); 5] = [("USD", 1000), ("EUR", 920), ("GBP", 790), ("JPY", 1500), ("BRL", 5400)];
