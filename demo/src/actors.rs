//! The actors of the simulation and what they own: promoters with enrolments, leads, commissions and payouts.

use serde_json::Value;

use super::{
    ids::IdRange,
    names::Person,
    programme::{CURRENCIES, Campaign, PRICING_PLANS, PricingPlan, Reward, Unit},
    random::{code, mix},
};

/// A promoter in one campaign, with its current counters.
#[derive(Debug)]
pub struct Enrolment {
    pub id: i64,
    pub campaign: &'static Campaign,
    pub ref_id: String,
    pub created_at: i64,
    pub state: &'static str,
    pub target_reached_at: Option<i64>,
    pub counters: Counters,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counters {
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
    /// Approved commissions in cash that no payout includes. Only webhooks v2 announce payouts.
    pub unpaid: Vec<Commission>,
    /// The earned cash that is paid without a webhook.
    pub paid_untold: i64,
    /// `earned` as webhooks v2 told it last.
    pub told: [i64; 4],
    pub method: Option<PayoutMethod>,
}

#[derive(Clone, Copy, Debug)]
pub struct PayoutMethod {
    pub kind: &'static str,
    pub added_at: i64,
}

impl Promoter {
    pub fn person(&self, ids: IdRange) -> Person {
        Person::of(ids.seed ^ self.number as u64)
    }

    /// Decides what the promoter has told of itself.
    pub fn traits(&self, ids: IdRange) -> u64 {
        mix(ids.seed ^ (self.number as u64).rotate_left(32))
    }

    pub fn ref_id(ids: IdRange, number: usize) -> String {
        let person = Person::of(ids.seed ^ number as u64);
        format!("{}{}", person.first.to_lowercase(), code(ids.seed ^ number as u64, 4))
    }

    pub fn email(&self, ids: IdRange) -> String {
        format!("{}@example.com", Self::ref_id(ids, self.number))
    }

    /// Amounts by unit. FirstPromoter leaves out zeros.
    pub fn by_unit(amounts: impl Fn(usize) -> i64) -> Value {
        let amounts = Unit::ALL.iter().map(|unit| (unit.as_str(), amounts(unit.place())));
        amounts.filter(|(_, amount)| *amount != 0).collect()
    }
}

/// What identifies a lead. A lead that was moved is a new one with another number, but the same person.
#[derive(Clone, Copy, Debug)]
pub struct Referred {
    pub number: i64,
    pub person: i64,
}

impl Referred {
    /// Decides what is known of the person.
    pub fn traits(self, ids: IdRange) -> u64 {
        mix(ids.seed ^ self.person.unsigned_abs().rotate_left(17))
    }

    pub fn person(self, ids: IdRange) -> Person {
        Person::of(self.traits(ids))
    }

    pub fn email(self, ids: IdRange) -> String {
        self.person(ids).email(self.person.unsigned_abs())
    }

    pub fn uid(self, ids: IdRange) -> String {
        let traits = self.traits(ids);
        if traits.is_multiple_of(4) { String::new() } else { format!("cus_{}", code(traits, 10)) }
    }

    /// Whether the promoter is its own customer.
    pub fn is_promoter(self, ids: IdRange) -> bool {
        (3..6).contains(&(self.traits(ids) % 100))
    }

    pub fn suspicion(self, ids: IdRange) -> &'static str {
        match self.traits(ids) % 100 {
            0 | 1 => "same_ip_suspicion",
            2 => "ad_source",
            3..6 => "same_promoter_email",
            _ => "no_suspicion",
        }
    }
}

/// A referred person.
#[derive(Clone, Debug)]
pub struct Lead {
    pub who: Referred,
    pub state: &'static str,
    pub source: &'static str,
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
}

/// A sale, or with a negative price its refund.
#[derive(Clone, Copy, Debug)]
pub struct Sale {
    pub price: i64,
    pub payment: u32,
    pub plan: &'static str,
}

impl Sale {
    /// Its id at the billing provider. A refund has its own.
    pub fn id(&self, lead: i64) -> String {
        let refund = if self.price < 0 { "_refund" } else { "" };
        format!("in_{}{}{refund}", code(lead.unsigned_abs(), 12), self.payment)
    }

    /// What the customer paid: the amount in minor units of another currency, and its code; none if it is the account's.
    pub fn original(&self, lead: Referred, ids: IdRange) -> (i64, Option<&'static str>) {
        let draw = usize::try_from(lead.traits(ids) >> 48).unwrap_or_default() % (2 * CURRENCIES.len());
        let (currency, rate) = CURRENCIES.get(draw).copied().unwrap_or(CURRENCIES[0]);
        (self.price * rate / CURRENCIES[0].1, (currency != CURRENCIES[0].0).then_some(currency))
    }
}

/// What one promoter earned.
#[derive(Clone, Debug)]
pub struct Commission {
    pub id: i64,
    pub status: &'static str,
    pub created_at: i64,
    pub status_updated_at: Option<i64>,
    pub is_paid: bool,
    pub is_split: bool,
    pub promoter: usize,
    pub enrolment: usize,
    pub reward: &'static Reward,
    pub amount: i64,
    pub tier: i64,
    /// The customer and the sale; none of a grant.
    pub sale: Option<(Referred, Sale)>,
}

/// What one promoter is paid for one enrolment.
#[derive(Debug)]
pub struct Payout {
    pub id: i64,
    pub status: &'static str,
    pub promoter: usize,
    pub enrolment: usize,
    pub unit: Unit,
    pub amount: i64,
    pub created_at: i64,
    pub processing_started_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub paid_at: Option<i64>,
    pub batch: Option<i64>,
    pub commissions: Vec<Commission>,
}

/// Payouts that are paid in one run.
#[derive(Debug)]
pub struct PaymentsBatch {
    pub id: i64,
    pub started_at: i64,
    pub total: i64,
    pub promoters: usize,
    pub payouts: Vec<Payout>,
}
