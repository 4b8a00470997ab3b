//! Payments, refunds and cancellations of customers, and the commissions that they earn.

use super::{
    super::{
        actors::Lead,
        payload::{RewardCreated, Time},
        programme::{Campaign, Reward, TARGET_CUSTOMERS, TIER_TWO_SHARE, Unit},
        random::code,
    },
    Action, DAY, HOUR, START, Simulation,
};

/// A commission of one promoter.
struct Earning<'a> {
    promoter: usize,
    enrolment: usize,
    campaign: &'static Campaign,
    amount: i64,
    unit: Unit,
    tier: i64,
    /// The sale's id at the billing provider, and its amount in minor units.
    sale: Option<(&'a str, i64)>,
    lead: Option<&'a Lead>,
}

impl Simulation {
    /// A payment; the first one makes the lead a customer.
    pub(super) fn pay(&mut self, at: i64, mut lead: Box<Lead>) {
        let price = lead.plan().price;
        let first = lead.payments == 0;
        lead.payments += 1;
        if first {
            lead.customer_since = Some(at - 700);
        }
        let enrolment = &mut self.promoters[lead.promoter].enrolments[lead.enrolment];
        enrolment.sales += 1;
        enrolment.sales_total += price;
        if first {
            enrolment.customers += 1;
            enrolment.active_customers += 1;
        }
        let sale = sale_id(self.ids.lead(lead.number), lead.payments);
        // FirstPromoter stamps a reward some milliseconds before the event that it follows from.
        self.earn_all(at - 96, &lead, &sale, price);
        if first {
            self.announce_customer(at, &lead);
            self.reach_target(at, &lead);
        }
        self.schedule_next(at, lead);
    }

    /// FirstPromoter has two event types for a new customer; sometimes it sends both, with one event id.
    fn announce_customer(&mut self, at: i64, lead: &Lead) {
        let id = self.event_id();
        let draw = self.random.below(100);
        if draw < 75 {
            self.emit_lead_event_as(id, "lead_becomes_referral", at, lead);
        }
        if draw >= 70 {
            self.emit_lead_event_as(id, "new_customer", at, lead);
        }
    }

    fn schedule_next(&mut self, at: i64, lead: Box<Lead>) {
        let campaign = self.promoters[lead.promoter].enrolments[lead.enrolment].campaign;
        let earning_payments = campaign.referral.as_ref().or(campaign.promotion.as_ref()).map_or(1, |r| r.payments);
        let period = lead.plan().days * DAY;
        if self.random.chance(4) {
            let waits = self.random.between(DAY, 12 * DAY);
            self.schedule(at + waits, Action::Refund(lead));
        } else if self.random.chance(12) {
            let waits = self.random.between(2 * DAY, period);
            self.schedule(at + waits, Action::Cancellation(lead));
        } else if lead.payments < earning_payments {
            // Payments without a commission send no webhook, so they are left out.
            self.schedule(at + period, Action::Payment(lead));
        } else if self.random.chance(20) {
            let waits = self.random.between(2 * DAY, 400 * DAY);
            self.schedule(at + waits, Action::Cancellation(lead));
        }
    }

    pub(super) fn refund(&mut self, at: i64, lead: Box<Lead>) {
        let price = lead.plan().price;
        let enrolment = &mut self.promoters[lead.promoter].enrolments[lead.enrolment];
        enrolment.refunds += 1;
        enrolment.refunds_total -= price;
        let sale = sale_id(self.ids.lead(lead.number), lead.payments);
        self.earn_all(at, &lead, &sale, -price);
        let waits = self.random.between(HOUR, 2 * DAY);
        self.schedule(at + waits, Action::Cancellation(lead));
    }

    pub(super) fn cancel(&mut self, at: i64, mut lead: Box<Lead>) {
        lead.cancelled_at = Some(at - 300);
        let enrolment = &mut self.promoters[lead.promoter].enrolments[lead.enrolment];
        enrolment.cancellations += 1;
        if lead.customer_since.is_some() {
            enrolment.active_customers -= 1;
        }
        self.emit_lead_event("lead_cancelled", at, &lead);
    }

    /// The commissions of a sale (with a negative price: of its refund): for the promoter by the campaign's rewards, for
    /// a split partner, and for the promoter's parent.
    fn earn_all(&mut self, at: i64, lead: &Lead, sale: &str, price: i64) {
        let campaign = self.promoters[lead.promoter].enrolments[lead.enrolment].campaign;
        let (promoter, enrolment) = (lead.promoter, lead.enrolment);
        let sale = Some((sale, price));
        let lead_of = Some(lead);
        if let Some(reward) = campaign.referral.as_ref().filter(|reward| lead.payments <= reward.payments) {
            let whole = commission_amount(reward, price);
            let shared = lead.split.map_or(0, |(_, _, share)| whole * share / 100);
            let (amount, unit, tier) = (whole - shared, reward.unit, 1);
            self.earn(at, &Earning { promoter, enrolment, campaign, amount, unit, tier, sale, lead: lead_of });
            if let Some((_, partner, _)) = lead.split {
                let campaign = self.promoters[partner].enrolments[0].campaign;
                let (promoter, enrolment, amount) = (partner, 0, shared);
                self.earn(at, &Earning { promoter, enrolment, campaign, amount, unit, tier, sale, lead: lead_of });
            }
        }
        if let Some(reward) = campaign.promotion.as_ref().filter(|_| lead.payments == 1) {
            let (amount, unit, tier) = (commission_amount(reward, price), reward.unit, 1);
            self.earn(at, &Earning { promoter, enrolment, campaign, amount, unit, tier, sale, lead: lead_of });
            if price > 0 {
                let waits = self.random.between(HOUR, 3 * DAY);
                self.schedule(at + waits, Action::Fulfilment { promoter, campaign, reward, amount });
            }
        }
        if let Some(parent) = self.promoters[promoter].parent.filter(|_| campaign.referral.is_some()) {
            let campaign = self.promoters[parent].enrolments[0].campaign;
            let (promoter, enrolment, amount) = (parent, 0, price * TIER_TWO_SHARE / 10_000);
            let (unit, tier) = (Unit::Cash, 2);
            self.earn(at, &Earning { promoter, enrolment, campaign, amount, unit, tier, sale, lead: lead_of });
        }
    }

    /// The target reward: earned once, not for a particular lead.
    fn reach_target(&mut self, at: i64, lead: &Lead) {
        let (promoter, enrolment) = (lead.promoter, lead.enrolment);
        let state = &mut self.promoters[promoter].enrolments[enrolment];
        let campaign = state.campaign;
        let Some(reward) = campaign.target.as_ref() else { return };
        if state.customers < TARGET_CUSTOMERS || state.target_reached_at.is_some() {
            return;
        }
        state.target_reached_at = Some(at);
        let (amount, unit, tier, sale) = (reward.amount.unwrap_or(1), reward.unit, 1, None);
        self.earn(at + 50, &Earning { promoter, enrolment, campaign, amount, unit, tier, sale, lead: None });
        self.schedule(at + DAY, Action::Fulfilment { promoter, campaign, reward, amount });
    }

    fn earn(&mut self, at: i64, earning: &Earning<'_>) {
        self.commissions += 1;
        let id = self.ids.commission(self.commissions);
        let approved = earning.campaign.auto_approve || self.random.chance(30);
        let denied = !approved && self.random.chance(3);
        let promoter = &mut self.promoters[earning.promoter];
        // Cash is paid out each month; other units count as paid at once, since no webhook says when they are fulfilled.
        let month = (at - START) / (30 * DAY);
        if month > promoter.paid_month {
            promoter.paid_month = month;
            promoter.paid[0] = promoter.paid[0].max(promoter.earned[0]);
        }
        if !denied {
            let unit = Unit::ALL.iter().position(|unit| *unit == earning.unit).unwrap_or_default();
            promoter.earned[unit] += earning.amount;
            if unit > 0 && earning.amount > 0 {
                promoter.paid[unit] += earning.amount;
            }
        }
        let promoter = &self.promoters[earning.promoter];
        let data = RewardCreated {
            id,
            status: match (approved, denied) {
                (true, _) => "approved",
                (false, true) => "denied",
                (false, false) => "pending",
            },
            amount: earning.amount,
            unit: earning.unit.as_str(),
            created_at: Time(at - 150),
            event_id: earning.sale.map(|(sale, _)| sale.to_owned()),
            conversion_amount: earning.sale.map(|(_, price)| price),
            tier_level: earning.tier,
            split_type: None,
            lead: earning.lead.map(|lead| lead.body(self.ids)),
            promoter: promoter.body(self.ids, false),
            promotion: promoter.enrolments[earning.enrolment].body(self.ids, promoter),
        };
        self.emit("reward_created", at, data);
    }
}

fn commission_amount(reward: &Reward, price: i64) -> i64 {
    match (reward.per_of_sale, reward.amount) {
        (Some(hundredths), _) => price * hundredths / 10_000,
        (None, Some(amount)) => amount * price.signum(),
        (None, None) => 0,
    }
}

fn sale_id(lead: i64, payment: u32) -> String {
    format!("in_{}{payment}", code(u64::try_from(lead).unwrap_or_default(), 12))
}
