//! What happens over two years, in the order of time: an endless-tape simulation that keeps the
//! promoters and the customers who still have something coming, and nothing of the rest. A million
//! leads take some ten megabytes.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use serde::Serialize;

use super::{
    Plan,
    cast::{Lead, Promoter},
    ids::Ids,
    payload::{Envelope, Fulfilment, Head, Time},
    random::Random,
    rules::{Campaign, Reward},
};

mod arrivals;
mod queue;
mod sales;

use queue::Entry;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// 2026-11-01T00:00:00Z. Fixed, so that the same seed gives the same events for ever.
pub const END: i64 = 1_793_491_200_000;
/// 24 months earlier.
pub const START: i64 = END - 730 * DAY;

/// One webhook.
#[derive(Debug)]
pub struct Event {
    /// FirstPromoter's name of what happened.
    pub event_type: &'static str,
    /// The JSON body.
    pub body: Vec<u8>,
}

/// What is to come, and when.
#[derive(Debug)]
enum Due {
    Acceptance { promoter: usize, enrolment: usize },
    SecondCampaign { promoter: usize },
    Payment(Box<Lead>),
    Refund(Box<Lead>),
    Cancellation(Box<Lead>),
    Fulfilment { promoter: usize, campaign: &'static Campaign, reward: &'static Reward, amount: i64 },
}

/// All events of a demo, oldest first (but for those that FirstPromoter itself sends out of order).
#[derive(Debug)]
pub struct Story {
    plan: Plan,
    ids: Ids,
    random: Random,
    promoters: Vec<Promoter>,
    leads: u64,
    next_join: i64,
    next_lead: i64,
    /// Accepted promoters, each with the sum of popularities up to and with it.
    popular: Vec<(u64, usize)>,
    due: BinaryHeap<Reverse<Entry>>,
    ready: VecDeque<Event>,
    scheduled: u64,
    events: i64,
    enrolments: i64,
    commissions: i64,
    payouts: i64,
}

impl Story {
    /// Starts to tell; each event is made when it is asked for.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let ids = Ids::of(plan.seed);
        let mut story = Self {
            plan,
            ids,
            random: Random::new(ids.seed),
            promoters: Vec::new(),
            leads: 0,
            next_join: 0,
            next_lead: 0,
            popular: Vec::new(),
            due: BinaryHeap::new(),
            ready: VecDeque::new(),
            scheduled: 0,
            events: 0,
            enrolments: 0,
            commissions: 0,
            payouts: 0,
        };
        story.next_join = story.join_time();
        story.next_lead = story.lead_time();
        story
    }

    /// How many leads have come in so far.
    #[must_use]
    pub fn leads(&self) -> u64 {
        self.leads
    }

    fn schedule(&mut self, at: i64, due: Due) {
        // What would come after the end has not happened yet.
        if at < END {
            self.scheduled += 1;
            self.due.push(Reverse(Entry { at, order: self.scheduled, due }));
        }
    }

    /// Lets the next thing happen; false when there is none.
    fn step(&mut self) -> bool {
        let due = self.due.peek().map_or(i64::MAX, |Reverse(entry)| entry.at);
        let at = due.min(self.next_join).min(self.next_lead);
        if at == i64::MAX {
            return false;
        }
        if at == self.next_join {
            self.join(at);
            self.next_join = self.join_time();
        } else if at == self.next_lead {
            self.lead_in(at);
            self.next_lead = self.lead_time();
        } else if let Some(Reverse(entry)) = self.due.pop() {
            match entry.due {
                Due::Acceptance { promoter, enrolment } => self.accept(at, promoter, enrolment),
                Due::SecondCampaign { promoter } => self.enrol_again(at, promoter),
                Due::Payment(lead) => self.pay(at, lead),
                Due::Refund(lead) => self.refund(at, lead),
                Due::Cancellation(lead) => self.cancel(at, lead),
                Due::Fulfilment { promoter, campaign, reward, amount } => {
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

    fn tell<D: Serialize>(&mut self, event_type: &'static str, at: i64, data: D) {
        let id = self.event_id();
        self.tell_as(id, event_type, at, data);
    }

    fn tell_as<D: Serialize>(&mut self, id: i64, event_type: &'static str, at: i64, data: D) {
        let envelope = Envelope { event: Head { id, event_type, created_at: Time(at) }, data };
        // Strings, numbers and string keys always have a JSON form.
        let body = serde_json::to_vec(&envelope).unwrap_or_default();
        self.ready.push_back(Event { event_type, body });
    }

    fn tell_of_lead(&mut self, event_type: &'static str, at: i64, lead: &Lead) {
        let id = self.event_id();
        self.tell_of_lead_as(id, event_type, at, lead);
    }

    fn tell_of_lead_as(&mut self, id: i64, event_type: &'static str, at: i64, lead: &Lead) {
        let promoter = &self.promoters[lead.promoter];
        let mut data = lead.body(self.ids);
        data.promotion = Some(promoter.enrolments[lead.enrolment].body(self.ids, promoter));
        data.promoter = Some(promoter.body(self.ids, false));
        self.tell_as(id, event_type, at, data);
    }

    fn fulfil(&mut self, at: i64, number: usize, campaign: &Campaign, reward: &Reward, amount: i64) {
        self.payouts += 1;
        let id = self.ids.payout(self.payouts);
        let has_issues = self.random.chance(3);
        let promoter = &self.promoters[number];
        let mut body = promoter.body(self.ids, false);
        body.promotions =
            Some(promoter.enrolments.iter().map(|enrolment| enrolment.body(self.ids, promoter)).collect());
        let data = Fulfilment {
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
        self.tell("fulfilment_pending", at, data);
    }
}

impl Iterator for Story {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
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
