//! Payments, refunds and cancellations of customers, and the commissions that they earn.

use serde_json::json;

use super::{
    super::{
        actors::{Commission, Counters, Lead, Referred, Sale},
        clock::{DAY, HOUR},
        programme::{LOSING_PROMOTERS, Reward, TARGET_CUSTOMERS, TIER_TWO, Unit, Webhooks},
        v1,
    },
    Action, Simulation,
};

/// What one promoter earns.
#[derive(Clone, Copy)]
struct Earning {
    promoter: usize,
    enrolment: usize,
    reward: &'static Reward,
    amount: i64,
    tier: i64,
    is_split: bool,
    sale: Option<(Referred, Sale)>,
}

impl Simulation {
    /// A payment; the first one makes the lead a customer.
    pub(super) fn pay(&mut self, at: i64, mut lead: Box<Lead>) {
        let price = lead.plan().price;
        let (first, before) = (lead.payments == 0, lead.state);
        lead.payments += 1;
        if first {
            lead.customer_since = Some(at - 700);
            lead.state = "active";
        }
        let counters = &mut self.promoters[lead.promoter].enrolments[lead.enrolment].counters;
        counters.sales += 1;
        counters.sales_total += price;
        if first {
            counters.customers += 1;
            counters.active_customers += 1;
        }
        // FirstPromoter stamps a reward some milliseconds before the event that it follows from.
        self.earn_all(at - 96, &lead, price);
        if first {
            self.announce_customer(at, before, &lead);
            self.reach_target(at, &lead);
        }
        self.schedule_next(at, lead);
    }

    /// Webhooks v1 have two event types for a new customer; sometimes both are sent, with one event id.
    fn announce_customer(&mut self, at: i64, before: &str, lead: &Lead) {
        if self.webhooks_of(lead.promoter, lead.enrolment) == Webhooks::V2 {
            let changes = json!({ "state": [before, lead.state] });
            self.emit_lead_v2("referral.converted", at, changes, lead);
            return;
        }
        let event = self.next_event();
        let draw = self.random.below(100);
        if draw < 75 {
            self.emit_lead_v1(event, "lead_becomes_referral", at, lead);
        }
        if draw >= 70 {
            self.emit_lead_v1(event, "new_customer", at, lead);
        }
    }

    fn schedule_next(&mut self, at: i64, lead: Box<Lead>) {
        let campaign = self.promoters[lead.promoter].enrolments[lead.enrolment].campaign;
        let earning_payments = campaign.referral.as_ref().or(campaign.promotion.as_ref()).map_or(1, |r| r.payments);
        let period = lead.plan().days * DAY;
        if LOSING_PROMOTERS.contains(&lead.promoter) {
            self.schedule_between(at + 2 * DAY, at + 25 * DAY, Action::Cancellation(lead));
        } else if self.random.chance(6) {
            self.schedule_between(at + DAY, at + 12 * DAY, Action::Refund(lead));
        } else if self.random.chance(10) {
            self.schedule_between(at + 2 * DAY, at + period, Action::Cancellation(lead));
        } else if lead.payments < earning_payments {
            // Payments without a commission send no webhook, so they are left out.
            self.schedule(at + period, Action::Payment(lead));
        } else if self.random.chance(20) {
            self.schedule_between(at + 2 * DAY, at + 400 * DAY, Action::Cancellation(lead));
        }
    }

    pub(super) fn refund(&mut self, at: i64, mut lead: Box<Lead>) {
        let price = lead.plan().price;
        let counters = &mut self.promoters[lead.promoter].enrolments[lead.enrolment].counters;
        counters.refunds += 1;
        counters.refunds_total -= price;
        self.earn_all(at, &lead, -price);
        if self.webhooks_of(lead.promoter, lead.enrolment) == Webhooks::V2 && self.random.chance(70) {
            counters_of(self, &lead).active_customers -= 1;
            lead.state = "refunded";
            self.emit_lead_v2("referral.updated", at + 10, json!({ "state": ["active", "refunded"] }), &lead);
        } else {
            self.schedule_between(at + HOUR, at + 2 * DAY, Action::Cancellation(lead));
        }
    }

    pub(super) fn cancel(&mut self, at: i64, mut lead: Box<Lead>) {
        let before = lead.state;
        lead.cancelled_at = Some(at - 300);
        lead.state = "cancelled";
        let counters = counters_of(self, &lead);
        counters.cancellations += 1;
        if lead.customer_since.is_some() {
            counters.active_customers -= 1;
        }
        match self.webhooks_of(lead.promoter, lead.enrolment) {
            Webhooks::V1 => {
                let event = self.next_event();
                self.emit_lead_v1(event, "lead_cancelled", at, &lead);
            }
            Webhooks::V2 => {
                self.emit_lead_v2("referral.cancelled", at, json!({ "state": [before, "cancelled"] }), &lead);
            }
        }
    }

    /// The commissions of a sale (with a negative price: of its refund): for the promoter by the campaign's rewards, for
    /// a split partner, and for the promoter's parent.
    fn earn_all(&mut self, at: i64, lead: &Lead, price: i64) {
        let campaign = self.promoters[lead.promoter].enrolments[lead.enrolment].campaign;
        let (promoter, enrolment) = (lead.promoter, lead.enrolment);
        let sale = Some((lead.who, Sale { price, payment: lead.payments, plan: lead.plan().name }));
        let own = |reward, amount, is_split| Earning { promoter, enrolment, reward, amount, tier: 1, is_split, sale };
        if let Some(reward) = campaign.referral.as_ref().filter(|reward| lead.payments <= reward.payments) {
            let whole = reward.of(price);
            let shared = lead.split.map_or(0, |(_, _, share)| whole * share / 100);
            self.earn(at, lead, own(reward, whole - shared, lead.split.is_some()));
            if let Some((_, partner, _)) = lead.split {
                let earning = Earning { promoter: partner, enrolment: 0, ..own(reward, shared, true) };
                self.earn(at, lead, earning);
            }
        }
        if let Some(reward) = campaign.promotion.as_ref().filter(|_| lead.payments == 1) {
            self.earn(at, lead, own(reward, reward.of(price), false));
        }
        if let Some(parent) = self.promoters[promoter].parent.filter(|_| campaign.referral.is_some()) {
            let earning = own(&TIER_TWO, TIER_TWO.of(price), false);
            self.earn(at, lead, Earning { promoter: parent, enrolment: 0, tier: 2, ..earning });
        }
    }

    /// The target reward: earned once, not for a particular lead.
    fn reach_target(&mut self, at: i64, lead: &Lead) {
        let (promoter, enrolment) = (lead.promoter, lead.enrolment);
        let state = &mut self.promoters[promoter].enrolments[enrolment];
        let Some(reward) = state.campaign.target.as_ref() else { return };
        if state.counters.customers < TARGET_CUSTOMERS || state.target_reached_at.is_some() {
            return;
        }
        state.target_reached_at = Some(at);
        let amount = reward.of(1);
        let earning = Earning { promoter, enrolment, reward, amount, tier: 1, is_split: false, sale: None };
        self.earn(at + 50, lead, earning);
    }

    fn earn(&mut self, at: i64, lead: &Lead, earning: Earning) {
        let Earning { promoter, enrolment, reward, amount, tier, is_split, sale } = earning;
        self.commissions += 1;
        let campaign = self.promoters[promoter].enrolments[enrolment].campaign;
        let by_v1 = campaign.webhooks == Webhooks::V1;
        // A refund takes back what was earned without an admin.
        let approved = campaign.auto_approve || amount < 0 || (by_v1 && self.random.chance(30));
        let denied = !approved && by_v1 && self.random.chance(5);
        let commission = Commission {
            id: self.ids.commission(self.commissions),
            status: match (approved, denied) {
                (true, _) => "approved",
                (false, true) => "denied",
                (false, false) => "pending",
            },
            created_at: at - 150,
            status_updated_at: approved.then_some(at - 150),
            is_paid: false,
            is_split,
            promoter,
            enrolment,
            reward,
            amount,
            tier,
            sale,
        };
        if by_v1 {
            self.earn_by_v1(at, lead, &commission);
        } else {
            self.earn_by_v2(at, commission);
        }
    }

    fn earn_by_v1(&mut self, at: i64, lead: &Lead, commission: &Commission) {
        let &Commission { promoter, enrolment, reward, amount, .. } = commission;
        let earner = &mut self.promoters[promoter];
        if commission.status != "denied" {
            earner.earned[reward.unit.place()] += amount;
            // Other units than cash count as paid at once, since no webhook says when they are fulfilled.
            if reward.unit == Unit::Cash {
                earner.paid_untold += amount;
            } else {
                earner.paid[reward.unit.place()] += amount.max(0);
            }
        }
        let mut data = v1::reward_created(self.ids, commission);
        data["lead"] = json!(commission.sale.map(|_| v1::lead(self.ids, lead)));
        let data = self.with_promoter(data, promoter, enrolment);
        self.emit_v1("reward_created", at, data);
        if reward.unit != Unit::Cash && amount > 0 {
            let fulfilment = Action::Fulfilment { promoter, enrolment, reward, amount };
            self.schedule_between(at + HOUR, at + 3 * DAY, fulfilment);
        }
    }

    fn earn_by_v2(&mut self, at: i64, commission: Commission) {
        self.emit_commission("commission.created", at, json!({}), &commission);
        if commission.status == "approved" {
            self.owe(at, commission);
        } else if !self.random.chance(4) {
            // The others are forgotten.
            self.schedule_between(at + 2 * DAY, at + 35 * DAY, Action::Review(Box::new(commission)));
        }
    }
}

fn counters_of<'a>(simulation: &'a mut Simulation, lead: &Lead) -> &'a mut Counters {
    &mut simulation.promoters[lead.promoter].enrolments[lead.enrolment].counters
}
