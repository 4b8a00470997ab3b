//! The discrete-event simulation: two years of the programme, in the order of time.
//!
//! It keeps promoters, what is to be paid to them and scheduled actions only, so a million leads take tens of megabytes.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, VecDeque},
};

use serde_json::{Value, json};

use super::{
    DemoConfig,
    actors::{Commission, Lead, PaymentsBatch, Payout, Promoter},
    clock::{DAY, time},
    ids::IdRange,
    programme::{PAYOUT_PERIOD, Reward, Webhooks},
    random::Random,
    v1, v2,
};

mod leads;
mod payouts;
mod promoters;
mod sales;

/// One webhook.
#[derive(Debug)]
pub struct DemoEvent {
    /// FirstPromoter's name of the event type.
    pub event_type: &'static str,
    /// The JSON body.
    pub body: Vec<u8>,
}

/// A future action of the programme.
#[derive(Debug)]
enum Action {
    Acceptance { promoter: usize, enrolment: usize },
    Rejection { promoter: usize, enrolment: usize },
    SecondCampaign { promoter: usize },
    Contract { promoter: usize, enrolment: usize },
    Method { promoter: usize },
    LeadReview(Box<Lead>),
    Payment(Box<Lead>),
    Refund(Box<Lead>),
    Cancellation(Box<Lead>),
    Review(Box<Commission>),
    Fulfilment { promoter: usize, enrolment: usize, reward: &'static Reward, amount: i64 },
    Fulfilled(Box<Payout>),
    PayoutRun,
    PayDay,
    Settlement(Box<PaymentsBatch>),
    Counters,
}

/// An action and its time. Of two actions at one time, the one scheduled first comes first.
#[derive(Debug)]
struct ScheduledAction {
    at: i64,
    order: u64,
    action: Action,
}

impl PartialEq for ScheduledAction {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for ScheduledAction {}

impl PartialOrd for ScheduledAction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ScheduledAction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// Yields all webhooks of a programme, oldest first, except those that FirstPromoter itself sends out of order.
#[derive(Debug)]
pub struct Simulation {
    config: DemoConfig,
    ids: IdRange,
    random: Random,
    start: i64,
    end: i64,
    promoters: Vec<Promoter>,
    leads: u64,
    next_join: i64,
    next_lead: i64,
    /// Accepted promoters, each with the running total of popularities.
    popular: Vec<(u64, usize)>,
    /// Payouts in cash that wait to be paid.
    pending: Vec<Payout>,
    agenda: BinaryHeap<Reverse<ScheduledAction>>,
    ready: VecDeque<DemoEvent>,
    scheduled: u64,
    events: i64,
    enrolments: i64,
    commissions: i64,
    payouts: i64,
    batches: i64,
}

impl Simulation {
    /// Starts a simulation; events are made on demand.
    #[must_use]
    pub fn new(config: DemoConfig) -> Self {
        let ids = IdRange::of(config.seed);
        let mut simulation = Self {
            config,
            ids,
            random: Random::new(ids.seed),
            start: config.end_ms - 730 * DAY,
            end: config.end_ms,
            promoters: Vec::new(),
            leads: 0,
            next_join: 0,
            next_lead: 0,
            popular: Vec::new(),
            pending: Vec::new(),
            agenda: BinaryHeap::new(),
            ready: VecDeque::new(),
            scheduled: 0,
            events: 0,
            enrolments: 0,
            commissions: 0,
            payouts: 0,
            batches: 0,
        };
        simulation.next_join = simulation.join_time();
        simulation.next_lead = simulation.lead_time();
        // Some days later, so that the last one waits for its day of payment when the simulation ends.
        simulation.schedule(simulation.start + PAYOUT_PERIOD - 5 * DAY, Action::PayoutRun);
        simulation.schedule(simulation.end - 1, Action::Counters);
        simulation
    }

    /// The number of leads so far.
    #[must_use]
    pub fn leads(&self) -> u64 {
        self.leads
    }

    fn schedule(&mut self, at: i64, action: Action) {
        if at < self.end {
            self.scheduled += 1;
            self.agenda.push(Reverse(ScheduledAction { at, order: self.scheduled, action }));
        }
    }

    /// Schedules an action at a time between these two.
    fn schedule_between(&mut self, earliest: i64, latest: i64, action: Action) {
        let at = self.random.between(earliest, latest);
        self.schedule(at, action);
    }

    /// Performs the next action; false when there is none.
    fn step(&mut self) -> bool {
        let scheduled_at = self.agenda.peek().map_or(i64::MAX, |Reverse(next)| next.at);
        let at = scheduled_at.min(self.next_join).min(self.next_lead);
        if at == i64::MAX {
            return false;
        }
        if at == self.next_join {
            self.join(at);
            self.next_join = self.join_time();
        } else if at == self.next_lead {
            self.sign_up_lead(at);
            self.next_lead = self.lead_time();
        } else if let Some(Reverse(next)) = self.agenda.pop() {
            match next.action {
                Action::Acceptance { promoter, enrolment } => self.accept(at, promoter, enrolment),
                Action::Rejection { promoter, enrolment } => self.reject(at, promoter, enrolment),
                Action::SecondCampaign { promoter } => self.enrol_again(at, promoter),
                Action::Contract { promoter, enrolment } => self.sign_contract(at, promoter, enrolment),
                Action::Method { promoter } => self.add_payout_method(at, promoter),
                Action::LeadReview(lead) => self.review_lead(at, lead),
                Action::Payment(lead) => self.pay(at, lead),
                Action::Refund(lead) => self.refund(at, lead),
                Action::Cancellation(lead) => self.cancel(at, lead),
                Action::Review(commission) => self.review(at, *commission),
                Action::Fulfilment { promoter, enrolment, reward, amount } => {
                    self.announce_fulfilment(at, promoter, enrolment, reward, amount);
                }
                Action::Fulfilled(payout) => self.complete(at, *payout),
                Action::PayoutRun => self.make_payouts(at),
                Action::PayDay => self.pay_out(at),
                Action::Settlement(batch) => self.settle(at, *batch),
                Action::Counters => self.tell_counters(at),
            }
        }
        true
    }

    fn webhooks_of(&self, promoter: usize, enrolment: usize) -> Webhooks {
        self.promoters[promoter].enrolments[enrolment].campaign.webhooks
    }

    fn next_event(&mut self) -> i64 {
        self.events += 1;
        self.events
    }

    fn emit_v1(&mut self, event_type: &'static str, at: i64, data: Value) {
        let number = self.next_event();
        self.emit_v1_as(number, event_type, at, data);
    }

    fn emit_v1_as(&mut self, number: i64, event_type: &'static str, at: i64, data: Value) {
        let mut body = json!({ "event": { "id": self.ids.event(number), "type": event_type, "created_at": time(at) } });
        body["data"] = data;
        self.push(event_type, &body);
    }

    /// `data` has the id of the object that the event is about.
    fn emit_v2(&mut self, event_type: &'static str, at: i64, changes: Value, data: Value) {
        let number = self.next_event();
        let entity = event_type.split('.').next();
        let action = match event_type.rsplit('.').next() {
            Some("created" | "added") => "created",
            Some("deleted") => "deleted",
            _ => "updated",
        };
        let id = data.get("id").or_else(|| data.get("payout_id")).cloned();
        let mut body = json!({
            "event_id": self.ids.event_uuid(number),
            "event_type": event_type,
            "action": action,
            "entity_type": entity,
            "entity_id": id,
            "timestamp": time(at),
        });
        body["changes"] = changes;
        body["data"] = data;
        self.push(event_type, &body);
    }

    fn push(&mut self, event_type: &'static str, body: &Value) {
        self.ready.push_back(DemoEvent { event_type, body: body.to_string().into_bytes() });
    }

    /// Adds the promoter and the promotion that are beside the object of a v1 event.
    fn with_promoter(&self, mut data: Value, promoter: usize, enrolment: usize) -> Value {
        let promoter = &self.promoters[promoter];
        data["promotion"] = v1::promotion(self.ids, promoter, &promoter.enrolments[enrolment]);
        data["promoter"] = v1::promoter(self.ids, promoter, false);
        data
    }

    fn emit_lead_v1(&mut self, number: i64, event_type: &'static str, at: i64, lead: &Lead) {
        let data = self.with_promoter(v1::lead(self.ids, lead), lead.promoter, lead.enrolment);
        self.emit_v1_as(number, event_type, at, data);
    }

    fn emit_lead_v2(&mut self, event_type: &'static str, at: i64, changes: Value, lead: &Lead) {
        let data = v2::referral(self.ids, &self.promoters[lead.promoter], lead);
        self.emit_v2(event_type, at, changes, data);
    }
}

impl Iterator for Simulation {
    type Item = DemoEvent;

    fn next(&mut self) -> Option<DemoEvent> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if !self.step() {
                return None;
            }
        }
    }
}
