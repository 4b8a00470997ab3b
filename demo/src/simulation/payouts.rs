//! What becomes of commissions: they are approved or denied, collected in payouts, and paid.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    super::{
        actors::{Commission, PaymentsBatch, Payout, Promoter},
        clock::{DAY, HOUR, time},
        programme::{MIN_PAYOUT, PAYOUT_PERIOD, PAYOUT_WAIT, Reward, Unit},
        v1, v2,
    },
    Action, Simulation,
};

impl Simulation {
    pub(super) fn emit_commission(
        &mut self,
        event_type: &'static str,
        at: i64,
        changes: Value,
        commission: &Commission,
    ) {
        let data = v2::commission(self.ids, &self.promoters[commission.promoter], commission);
        self.emit_v2(event_type, at, changes, data);
    }

    fn emit_payout(&mut self, event_type: &'static str, at: i64, before: &str, payout: &Payout) {
        let data = v2::payout(self.ids, &self.promoters[payout.promoter], payout);
        let changes = if before.is_empty() { json!({}) } else { json!({ "status": [before, payout.status] }) };
        self.emit_v2(event_type, at, changes, data);
    }

    /// An admin decides on a commission.
    pub(super) fn review(&mut self, at: i64, mut commission: Commission) {
        let is_self_referral = commission.sale.is_some_and(|(lead, _)| lead.is_promoter(self.ids));
        let draw = self.random.below(100);
        // Only what is earned beside another commission, so that the sale stays.
        if commission.tier == 2 && draw < 10 {
            self.emit_commission("commission.deleted", at, json!({}), &commission);
            return;
        }
        let denied = draw < if is_self_referral { 60 } else { 7 };
        commission.status = if denied { "denied" } else { "approved" };
        commission.status_updated_at = Some(at);
        let changes = json!({ "status": ["pending", commission.status] });
        if denied {
            self.emit_commission("commission.denied", at, changes, &commission);
        } else {
            self.emit_commission("commission.approved", at, changes, &commission);
            self.owe(at, commission);
        }
    }

    /// An approved commission is to be paid: cash with others, every other unit by itself.
    pub(super) fn owe(&mut self, at: i64, commission: Commission) {
        let (unit, amount) = (commission.reward.unit, commission.amount);
        let promoter = &mut self.promoters[commission.promoter];
        promoter.earned[unit.place()] += amount;
        if unit == Unit::Cash {
            promoter.unpaid.push(commission);
        } else if amount > 0 {
            let payout = self.make_payout(at + 5, vec![commission]);
            // Some are forgotten.
            if self.random.chance(90) {
                self.schedule_between(at + HOUR, at + 9 * DAY, Action::Fulfilled(Box::new(payout)));
            }
        }
    }

    /// A payout of these commissions, which are of one promoter, one enrolment and one unit.
    fn make_payout(&mut self, at: i64, commissions: Vec<Commission>) -> Payout {
        self.payouts += 1;
        let first = &commissions[0];
        let payout = Payout {
            id: self.ids.payout(self.payouts),
            status: "pending",
            promoter: first.promoter,
            enrolment: first.enrolment,
            unit: first.reward.unit,
            amount: commissions.iter().map(|commission| commission.amount).sum(),
            created_at: at,
            processing_started_at: None,
            failed_at: None,
            paid_at: None,
            batch: None,
            commissions,
        };
        self.emit_payout("payout.created", at, "", &payout);
        for commission in &payout.commissions {
            let data = json!({ "payout_id": payout.id, "commission_id": commission.id });
            self.emit_v2("payout.commissions.added", at, json!({}), data);
        }
        payout
    }

    /// Collects what every promoter is owed in cash.
    pub(super) fn make_payouts(&mut self, at: i64) {
        for number in 0..self.promoters.len() {
            let promoter = &mut self.promoters[number];
            promoter.paid[Unit::Cash.place()] += std::mem::take(&mut promoter.paid_untold);
            let mut by_enrolment = BTreeMap::<_, Vec<_>>::new();
            for commission in promoter.unpaid.drain(..) {
                by_enrolment.entry(commission.enrolment).or_default().push(commission);
            }
            for commissions in by_enrolment.into_values() {
                if commissions.iter().map(|commission| commission.amount).sum::<i64>() < MIN_PAYOUT {
                    self.promoters[number].unpaid.extend(commissions);
                } else {
                    let payout = self.make_payout(at, commissions);
                    self.pending.push(payout);
                }
            }
            self.tell_balances(at, number);
        }
        self.schedule(at + PAYOUT_WAIT, Action::PayDay);
        self.schedule(at + PAYOUT_PERIOD, Action::PayoutRun);
    }

    /// If they have changed since they were last told.
    fn tell_balances(&mut self, at: i64, number: usize) {
        let promoter = &mut self.promoters[number];
        let before = std::mem::replace(&mut promoter.told, promoter.earned);
        if before != promoter.earned {
            let [before, after] = [before, promoter.earned].map(|amounts| Promoter::by_unit(|unit| amounts[unit]));
            let mut data = v2::promoter_in_short(self.ids, promoter);
            data["balances"] = after.clone();
            self.emit_v2("promoter.balance.updated", at, json!({ "balances": [before, after] }), data);
        }
    }

    /// Pays what waits, as far as the promoters have said where to, in one batch.
    pub(super) fn pay_out(&mut self, at: i64) {
        let (payable, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|payout| self.promoters[payout.promoter].method.is_some());
        self.pending = waiting;
        if payable.is_empty() {
            return;
        }
        self.batches += 1;
        let mut batch = PaymentsBatch {
            id: self.ids.batch(self.batches),
            started_at: at,
            total: payable.iter().map(|payout| payout.amount).sum(),
            promoters: payable.iter().map(|payout| payout.promoter).collect::<BTreeSet<_>>().len(),
            payouts: payable,
        };
        for (event_type, status) in [("payments_batch.created", "pending"), ("payments_batch.processing", "processing")]
        {
            self.emit_v2(event_type, at, json!({}), v2::payments_batch(&batch, status, None));
        }
        for payout in &mut batch.payouts {
            let before = std::mem::replace(&mut payout.status, "processing");
            payout.batch = Some(batch.id);
            payout.processing_started_at = Some(at);
            self.emit_payout("payout.processing", at, before, payout);
        }
        self.schedule(at + HOUR, Action::Settlement(Box::new(batch)));
    }

    /// The payouts of a batch have been paid, but for a few.
    pub(super) fn settle(&mut self, at: i64, mut batch: PaymentsBatch) {
        let payouts = std::mem::take(&mut batch.payouts);
        let data = v2::payments_batch(&batch, "completed", Some(at));
        self.emit_v2("payments_batch.completed", at, json!({ "status": ["processing", "completed"] }), data);
        for mut payout in payouts {
            if payout.failed_at.is_none() && self.random.chance(3) {
                // It is tried again in the next batch.
                payout.failed_at = Some(at);
                payout.status = "failed";
                self.emit_payout("payout.failed", at, "processing", &payout);
                self.pending.push(payout);
            } else {
                self.complete(at, payout);
            }
        }
    }

    /// A payout has been paid or fulfilled.
    pub(super) fn complete(&mut self, at: i64, mut payout: Payout) {
        let before = std::mem::replace(&mut payout.status, "completed");
        payout.paid_at = Some(at);
        self.promoters[payout.promoter].paid[payout.unit.place()] += payout.amount;
        self.emit_payout("payout.completed", at, before, &payout);
        if payout.unit == Unit::Cash {
            for mut commission in payout.commissions {
                commission.is_paid = true;
                self.emit_commission("commission.updated", at + 20, json!({ "is_paid": [false, true] }), &commission);
            }
        }
    }

    /// Webhooks v1 announce a reward that is no cash, and nothing of it afterwards.
    pub(super) fn announce_fulfilment(
        &mut self,
        at: i64,
        number: usize,
        enrolment: usize,
        reward: &Reward,
        amount: i64,
    ) {
        self.payouts += 1;
        let has_issues = self.random.chance(3);
        let promoter = &self.promoters[number];
        let promotions = promoter.enrolments.iter().map(|enrolment| v1::promotion(self.ids, promoter, enrolment));
        let mut nested = v1::promoter(self.ids, promoter, false);
        nested["promotions"] = promotions.collect();
        let data = json!({
            "id": self.ids.payout(self.payouts),
            "status": "pending",
            "amount": amount,
            "unit": reward.unit.as_str(),
            "date_paid": null,
            "due_date": time(at + 14 * DAY),
            "created_at": time(at - 2000),
            "has_issues": has_issues,
            "reward": v1::reward(self.ids, reward),
            "promoter": nested,
            "campaign": v1::campaign(self.ids, promoter.enrolments[enrolment].campaign),
        });
        self.emit_v1("fulfilment_pending", at, data);
    }
}
