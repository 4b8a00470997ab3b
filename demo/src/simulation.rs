//! The discrete-event simulation: two years of the programme, in the order of time.
//!
//! It keeps promoters and scheduled actions only, so a million leads take about ten megabytes.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, VecDeque},
};

use serde::Serialize;

use super::{
    DemoConfig,
    actors::{Lead, Promoter},
    ids::IdRange,
    payload::{EventBody, EventHead, FulfilmentPending, Time},
    programme::{Campaign, Reward},
    random::Random,
};

mod arrivals;
mod sales;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The end of every simulation, in milliseconds since 1970: 2026-11-01T00:00:00Z. Fixed, so that the same seed gives the
/// same events at any time.
pub const END: i64 = 1_793_491_200_000;
/// Two years earlier.
pub(crate) const START: i64 = END - 730 * DAY;

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
    SecondCampaign { promoter: usize },
    Payment(Box<Lead>),
    Refund(Box<Lead>),
    Cancellation(Box<Lead>),
    Fulfilment { promoter: usize, campaign: &'static Campaign, reward: &'static Reward, amount: i64 },
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
    promoters: Vec<Promoter>,
    leads: u64,
    next_join: i64,
    next_lead: i64,
    /// Accepted promoters, each with the running total of popularities.
    popular: Vec<(u64, usize)>,
    agenda: BinaryHeap<Reverse<ScheduledAction>>,
    ready: VecDeque<DemoEvent>,
    scheduled: u64,
    events: i64,
    enrolments: i64,
    commissions: i64,
    payouts: i64,
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
            promoters: Vec::new(),
            leads: 0,
            next_join: 0,
            next_lead: 0,
            popular: Vec::new(),
            agenda: BinaryHeap::new(),
            ready: VecDeque::new(),
            scheduled: 0,
            events: 0,
            enrolments: 0,
            commissions: 0,
            payouts: 0,
        };
        simulation.next_join = simulation.join_time();
        simulation.next_lead = simulation.lead_time();
        simulation
    }

    /// The number of leads so far.
    #[must_use]
    pub fn leads(&self) -> u64 {
        self.leads
    }

    fn schedule(&mut self, at: i64, action: Action) {
        if at < END {
            self.scheduled += 1;
            self.agenda.push(Reverse(ScheduledAction { at, order: self.scheduled, action }));
        }
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
                Action::SecondCampaign { promoter } => self.enrol_again(at, promoter),
                Action::Payment(lead) => self.pay(at, lead),
                Action::Refund(lead) => self.refund(at, lead),
                Action::Cancellation(lead) => self.cancel(at, lead),
                Action::Fulfilment { promoter, campaign, reward, amount } => {
                    self.fulfil(at, promoter, campaign, reward, amount);
                }
            }
        }
        true
    }

    fn event_id(&mut self) -> i64 {
        self.events += 1;
        self.ids.event(self.events)
    }

    fn emit<D: Serialize>(&mut self, event_type: &'static str, at: i64, data: D) {
        let id = self.event_id();
        self.emit_as(id, event_type, at, data);
    }

    fn emit_as<D: Serialize>(&mut self, id: i64, event_type: &'static str, at: i64, data: D) {
        let body = EventBody { event: EventHead { id, event_type, created_at: Time(at) }, data };
        // Strings, numbers and string keys always have a JSON form.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        self.ready.push_back(DemoEvent { event_type, body });
    }

    fn emit_lead_event(&mut self, event_type: &'static str, at: i64, lead: &Lead) {
        let id = self.event_id();
        self.emit_lead_event_as(id, event_type, at, lead);
    }

    fn emit_lead_event_as(&mut self, id: i64, event_type: &'static str, at: i64, lead: &Lead) {
        let promoter = &self.promoters[lead.promoter];
        let mut data = lead.body(self.ids);
        data.promotion = Some(promoter.enrolments[lead.enrolment].body(self.ids, promoter));
        data.promoter = Some(promoter.body(self.ids, false));
        self.emit_as(id, event_type, at, data);
    }

    fn fulfil(&mut self, at: i64, number: usize, campaign: &Campaign, reward: &Reward, amount: i64) {
        self.payouts += 1;
        let id = self.ids.payout(self.payouts);
        let has_issues = self.random.chance(3);
        let promoter = &self.promoters[number];
        let mut body = promoter.body(self.ids, false);
        body.promotions =
            Some(promoter.enrolments.iter().map(|enrolment| enrolment.body(self.ids, promoter)).collect());
        let data = FulfilmentPending {
            id,
            status: "pending",
            amount,
            unit: reward.unit.as_str(),
            date_paid: None,
            due_date: Some(Time(at + 14 * DAY)),
            created_at: Time(at - 2000),
            has_issues,
            reward: self.ids.reward(reward),
            promoter: body,
            campaign: self.ids.campaign_body(campaign),
        };
        self.emit("fulfilment_pending", at, data);
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
