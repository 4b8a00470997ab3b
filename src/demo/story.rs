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
    cast::{Enrolment, Ids, Lead, Promoter},
    payload::{Accepted, Envelope, Fulfilment, Head, SignedUp, Time},
    random::Random,
    rules::{CAMPAIGNS, Campaign, PLANS, Reward},
};

mod sales;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// 2026-11-01T00:00:00Z. Fixed, so that the same seed gives the same events for ever.
pub const END: i64 = 1_793_491_200_000;
/// 24 months earlier.
pub const START: i64 = END - 730 * DAY;
/// The time before the first lead, in which the first promoters join.
const LEAD_IN: i64 = 20 * DAY;

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

#[derive(Debug)]
struct Entry {
    at: i64,
    order: u64,
    due: Due,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
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

    /// Promoters join early and then less: by the square of their number.
    fn join_time(&mut self) -> i64 {
        let (number, all) = (self.promoters.len() as u64, u64::from(self.plan.promoters));
        if number >= all {
            return i64::MAX;
        }
        if number == 0 {
            return START + HOUR;
        }
        let span = u128::from((END - DAY).abs_diff(START));
        let (done, all) = (u128::from(number) * 1000 + u128::from(self.random.below(1000)), u128::from(all) * 1000);
        START + HOUR + i64::try_from(span * done * done / (all * all)).unwrap_or_default()
    }

    /// Leads come more and more often: three times as often at the end as at the start.
    fn lead_time(&mut self) -> i64 {
        if self.leads >= self.plan.leads {
            return i64::MAX;
        }
        let span = u128::from((END - HOUR).abs_diff(START + LEAD_IN));
        let all = u128::from(self.plan.leads) * 1000;
        let done = u128::from(self.leads) * 1000 + u128::from(self.random.below(1000));
        // t = u (3 - u) / 2 climbs with 3/2 at the start and with 1/2 at the end.
        let since_start = span * done * (3 * all - done) / (2 * all * all);
        START + LEAD_IN + i64::try_from(since_start).unwrap_or_default()
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

    fn new_enrolment(&mut self, promoter: usize, campaign: &'static Campaign) -> Enrolment {
        self.enrolments += 1;
        let mut ref_id = Promoter::ref_id(self.ids, promoter);
        if campaign.number > 1 {
            ref_id.push_str(&campaign.number.to_string());
        }
        Enrolment::new(self.ids.promotion(self.enrolments), campaign, ref_id)
    }

    fn draw_campaign(&mut self) -> &'static Campaign {
        let mut draw = self.random.below(100);
        for campaign in &CAMPAIGNS {
            if draw < campaign.share {
                return campaign;
            }
            draw -= campaign.share;
        }
        &CAMPAIGNS[0]
    }

    fn join(&mut self, at: i64) {
        let number = self.promoters.len();
        // The first joins every campaign's kind in turn, so that a small demo has them all.
        let campaign = if number < CAMPAIGNS.len() { &CAMPAIGNS[number] } else { self.draw_campaign() };
        let parent = match self.popular.len() {
            0 => None,
            many => self.random.chance(15).then(|| self.popular[self.random.index(many)].1),
        };
        let enrolment = self.new_enrolment(number, campaign);
        self.promoters.push(Promoter {
            number,
            joined_at: at - self.random.between(40, 400),
            accepted: false,
            parent,
            enrolments: vec![enrolment],
            earned: [0; 4],
            paid: [0; 4],
            settled: 0,
        });
        let promoter = &self.promoters[number];
        let data = SignedUp {
            promoter: promoter.body(self.ids, true),
            promotions: vec![promoter.enrolments[0].body(self.ids, promoter)],
        };
        self.tell("promoter_signed_up", at, data);
        let early = number < CAMPAIGNS.len();
        if campaign.auto_approve || early {
            self.schedule(at + 2 * MINUTE, Due::Acceptance { promoter: number, enrolment: 0 });
        } else if self.random.chance(85) {
            let waits = self.random.between(HOUR, 9 * DAY);
            self.schedule(at + waits, Due::Acceptance { promoter: number, enrolment: 0 });
        }
    }

    fn accept(&mut self, at: i64, number: usize, enrolment: usize) {
        if enrolment == 0 {
            self.promoters[number].accepted = true;
            let total = self.popular.last().map_or(0, |(total, _)| *total);
            let popularity = if number < CAMPAIGNS.len() { 40 } else { self.random.popularity() };
            self.popular.push((total + popularity, number));
            if self.random.chance(15) {
                let waits = self.random.between(20 * DAY, 200 * DAY);
                self.schedule(at + waits, Due::SecondCampaign { promoter: number });
            }
        }
        let promoter = &self.promoters[number];
        let enrolment = &promoter.enrolments[enrolment];
        let data = Accepted {
            state: "accepted",
            campaign: self.ids.campaign_body(enrolment.campaign),
            promoter: promoter.body(self.ids, false),
            promotion: enrolment.body(self.ids, promoter),
        };
        self.tell("promoter_accepted", at, data);
    }

    fn enrol_again(&mut self, at: i64, number: usize) {
        let first = self.promoters[number].enrolments[0].campaign;
        let campaign = self.draw_campaign();
        if campaign.number != first.number {
            let enrolment = self.new_enrolment(number, campaign);
            self.promoters[number].enrolments.push(enrolment);
            self.accept(at, number, 1);
        }
    }

    /// A promoter that somebody came through, by popularity.
    fn draw_promoter(&mut self) -> Option<usize> {
        let total = self.popular.last()?.0;
        let draw = self.random.below(total);
        let place = self.popular.partition_point(|(sum, _)| *sum <= draw);
        self.popular.get(place).map(|(_, promoter)| *promoter)
    }

    fn lead_in(&mut self, at: i64) {
        self.leads += 1;
        // The first promoter joins at the start and is accepted long before the first lead.
        let Some(promoter) = self.draw_promoter() else { return };
        let enrolment = self.random.index(self.promoters[promoter].enrolments.len());
        let mut lead = Lead {
            number: i64::try_from(self.leads).unwrap_or_default(),
            promoter,
            enrolment,
            created_at: at - self.random.between(20, 120),
            customer_since: None,
            cancelled_at: None,
            plan: self.random.index(PLANS.len()),
            payments: 0,
            split: None,
        };
        if self.random.chance(1) {
            let partner = self.draw_promoter().filter(|partner| *partner != promoter);
            lead.split = partner.map(|partner| (self.promoters[partner].enrolments[0].id, partner, 30));
        }
        let visitors = self.random.between(2, 40);
        let counters = &mut self.promoters[promoter].enrolments[enrolment];
        counters.visitors += visitors;
        counters.leads += 1;
        self.tell_of_lead("lead_signup", at, &lead);
        let lead = Box::new(lead);
        match self.random.below(100) {
            0..22 => {
                let waits = self.random.between(10 * MINUTE, 21 * DAY);
                self.schedule(at + waits, Due::Payment(lead));
            }
            22..25 => {
                let waits = self.random.between(DAY, 40 * DAY);
                self.schedule(at + waits, Due::Cancellation(lead));
            }
            _ => {}
        }
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
