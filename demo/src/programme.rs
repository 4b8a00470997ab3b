//! The programme: campaigns, offers for customers, rewards of promoters, and pricing plans. Fixed, so that a small demo has
//! every kind of reward as well.

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

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credits => "credits",
            Self::Points => "points",
            Self::FreeMonths => "free_months",
        }
    }
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

/// A rule by which promoters earn.
#[derive(Debug)]
pub struct Reward {
    pub number: i64,
    pub name: &'static str,
    pub kind: &'static str,
    pub unit: Unit,
    /// Per sale, in `unit`; `None` for a percentage.
    pub amount: Option<i64>,
    /// The share of the sale, in hundredths of a percent.
    pub per_of_sale: Option<i64>,
    /// The number of payments of one customer that it is earned for.
    pub payments: u32,
}

/// A campaign of the programme.
#[derive(Debug)]
pub struct Campaign {
    pub number: i64,
    pub name: &'static str,
    pub landing: &'static str,
    pub description: Option<&'static str>,
    pub private: bool,
    pub color: &'static str,
    pub auto_approve: bool,
    pub running: bool,
    /// The share of new promoters, in percent.
    pub share: u64,
    pub offer: Offer,
    pub referral: Option<Reward>,
    pub promotion: Option<Reward>,
    /// Earned once, with the tenth customer.
    pub target: Option<Reward>,
}

/// The number of customers that unlocks a campaign's target reward.
pub const TARGET_CUSTOMERS: i64 = 10;
/// The share of a sale that a promoter's parent earns, in hundredths of a percent.
pub const TIER_TWO_SHARE: i64 = 500;

pub static CAMPAIGNS: [Campaign; 5] = [
    Campaign {
        number: 1,
        name: "Main programme",
        landing: "https://www.example.com/",
        description: Some("Open to everybody"),
        private: false,
        color: "#4f46e5",
        auto_approve: false,
        running: true,
        share: 45,
        offer: Offer {
            number: 1,
            name: "10% off the first year",
            amount: 10.0,
            unit: "discount_per",
            promo_code: " WELCOME-10",
        },
        referral: Some(cash(1, "20% of the first three payments", None, Some(2000), 3)),
        promotion: None,
        target: Some(Reward {
            number: 11,
            name: "500 points for ten customers",
            kind: "per_target",
            unit: Unit::Points,
            amount: Some(500),
            per_of_sale: None,
            payments: 1,
        }),
    },
    Campaign {
        number: 2,
        name: "Agency partners",
        landing: "https://www.example.com/agencies",
        description: Some("By invitation, with two tiers"),
        private: true,
        color: "#0e9384",
        auto_approve: true,
        running: true,
        share: 20,
        offer: Offer {
            number: 2,
            name: "20% off the first year",
            amount: 20.0,
            unit: "discount_per",
            promo_code: "AGENCY-20",
        },
        referral: Some(cash(2, "27.5% of the first sale", None, Some(2750), 1)),
        promotion: None,
        target: None,
    },
    Campaign {
        number: 3,
        name: "Customers refer customers",
        landing: "https://www.example.com/friends",
        description: None,
        private: false,
        color: "#dc6803",
        auto_approve: true,
        running: true,
        share: 20,
        offer: Offer { number: 3, name: "A month for free", amount: 1.0, unit: "free_months", promo_code: "FRIEND" },
        referral: None,
        promotion: Some(Reward {
            number: 3,
            name: "A free month per friend",
            kind: "per_promotion",
            unit: Unit::FreeMonths,
            amount: Some(1),
            per_of_sale: None,
            payments: 1,
        }),
        target: None,
    },
    Campaign {
        number: 4,
        name: "Creators",
        landing: "https://www.example.com/creators",
        description: Some("Flat rates for videos and newsletters"),
        private: false,
        color: "#c11574",
        auto_approve: false,
        running: true,
        share: 10,
        offer: Offer { number: 4, name: "7.5% off", amount: 7.5, unit: "discount_per", promo_code: "CREATOR" },
        referral: Some(cash(4, "25.00 per customer", Some(2500), None, 1)),
        promotion: Some(Reward {
            number: 14,
            name: "40 credits per customer",
            kind: "per_promotion",
            unit: Unit::Credits,
            amount: Some(40),
            per_of_sale: None,
            payments: 1,
        }),
        target: None,
    },
    Campaign {
        number: 5,
        name: "Launch week (closed)",
        landing: "https://www.example.com/launch",
        description: Some("Ended; who came by it still earns"),
        private: false,
        color: "#667085",
        auto_approve: false,
        running: false,
        share: 5,
        offer: Offer { number: 5, name: "5.00 off", amount: 500.0, unit: "mon_discount", promo_code: "LAUNCH" },
        referral: Some(cash(5, "10% of two payments", None, Some(1000), 2)),
        promotion: None,
        target: None,
    },
];

const fn cash(number: i64, name: &'static str, amount: Option<i64>, per_of_sale: Option<i64>, payments: u32) -> Reward {
    Reward { number, name, kind: "per_referral", unit: Unit::Cash, amount, per_of_sale, payments }
}

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
