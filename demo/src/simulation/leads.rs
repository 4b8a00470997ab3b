//! Leads that sign up, and what becomes of them.

use serde_json::json;

use super::{
    super::{
        actors::{Lead, Referred},
        clock::{DAY, HOUR, MINUTE},
        programme::{LOSING_LEADS, LOSING_PROMOTERS, PRICING_PLANS, Webhooks},
    },
    Action, Simulation,
};

/// The time before the first lead, in which the first promoters join.
const LEAD_IN: i64 = 20 * DAY;
/// The more frequent ones several times.
const SOURCES: [&str; 8] = ["cookie", "cookie", "cookie", "cookie", "coupon", "coupon", "api", "manual_admin"];

impl Simulation {
    /// When the next lead signs up: three times as often at the end as at the start.
    pub(super) fn lead_time(&mut self) -> i64 {
        if self.leads >= self.config.leads {
            return i64::MAX;
        }
        let span = u128::from((self.end - HOUR).abs_diff(self.start + LEAD_IN));
        let all = u128::from(self.config.leads) * 1000;
        let done = u128::from(self.leads) * 1000 + u128::from(self.random.below(1000));
        // t = u (3 - u) / 2 climbs with 3/2 at the start and with 1/2 at the end.
        let since_start = span * done * (3 * all - done) / (2 * all * all);
        self.start + LEAD_IN + i64::try_from(since_start).unwrap_or_default()
    }

    /// A promoter who refers a lead, drawn by popularity.
    fn draw_promoter(&mut self) -> Option<usize> {
        let total = self.popular.last()?.0;
        let draw = self.random.below(total);
        let place = self.popular.partition_point(|(sum, _)| *sum <= draw);
        self.popular.get(place).map(|(_, promoter)| *promoter)
    }

    pub(super) fn sign_up_lead(&mut self, at: i64) {
        self.leads += 1;
        // The first promoter joins at the start and is accepted long before the first lead.
        let Some(drawn) = self.draw_promoter() else { return };
        let losing = LOSING_PROMOTERS.contains(&drawn);
        let referred: i64 = self.promoters[drawn].enrolments.iter().map(|enrolment| enrolment.counters.leads).sum();
        let promoter = if losing && referred >= LOSING_LEADS { 0 } else { drawn };
        let losing = losing && promoter == drawn;
        let enrolment = self.random.index(self.promoters[promoter].enrolments.len());
        let webhooks = self.webhooks_of(promoter, enrolment);
        // Only webhooks v2 know the state of a lead that waits for approval.
        let by_hand = webhooks == Webhooks::V2 && self.random.chance(4) && !losing;
        let number = i64::try_from(self.leads).unwrap_or_default();
        let mut lead = Lead {
            who: Referred { number, person: number },
            state: if by_hand { "pending" } else { "signup" },
            source: if by_hand { "manual_affiliate" } else { SOURCES[self.random.index(SOURCES.len())] },
            promoter,
            enrolment,
            created_at: at - self.random.between(20, 120),
            customer_since: None,
            cancelled_at: None,
            plan: self.random.index(PRICING_PLANS.len()),
            payments: 0,
            split: None,
        };
        if self.random.chance(8) {
            let partner = self.draw_promoter().filter(|partner| *partner != promoter);
            lead.split = partner.map(|partner| (self.promoters[partner].enrolments[0].id, partner, 30));
        }
        let visitors = self.random.between(2, 40);
        let counters = &mut self.promoters[promoter].enrolments[enrolment].counters;
        counters.visitors += visitors;
        counters.leads += 1;
        let lead = Box::new(lead);
        match webhooks {
            Webhooks::V1 => {
                let event = self.next_event();
                self.emit_lead_v1(event, "lead_signup", at, &lead);
            }
            Webhooks::V2 => self.emit_lead_v2("referral.created", at, json!({}), &lead),
        }
        // A lead that was entered by hand waits for an admin, some for ever; of the others some are denied or moved.
        if by_hand && self.random.chance(15) {
            return;
        }
        if by_hand || (webhooks == Webhooks::V2 && self.random.chance(5) && !losing) {
            self.schedule_between(at + HOUR, at + 6 * DAY, Action::LeadReview(lead));
        } else {
            self.follow(at, lead);
        }
    }

    /// What becomes of a lead that signed up.
    fn follow(&mut self, at: i64, lead: Box<Lead>) {
        let promoter = &self.promoters[lead.promoter];
        let campaign = promoter.enrolments[lead.enrolment].campaign;
        let at_home = matches!(promoter.person(self.ids).country, "US" | "GB");
        let buys_itself = lead.who.is_promoter(self.ids);
        let loyal = campaign.conversion + if at_home { 6 } else { 0 } + if buys_itself { 40 } else { 0 };
        let conversion = if LOSING_PROMOTERS.contains(&lead.promoter) { 100 } else { loyal };
        let draw = self.random.below(100);
        if draw < conversion {
            self.schedule_between(at + 10 * MINUTE, at + 21 * DAY, Action::Payment(lead));
        } else if draw < conversion + 3 {
            self.schedule_between(at + DAY, at + 40 * DAY, Action::Cancellation(lead));
        }
    }

    /// An admin approves, denies or moves a lead.
    pub(super) fn review_lead(&mut self, at: i64, mut lead: Box<Lead>) {
        let before = lead.state;
        let draw = self.random.below(100);
        let receiver = self.draw_promoter().filter(|receiver| {
            self.webhooks_of(*receiver, 0) == Webhooks::V2
                && *receiver != lead.promoter
                && !LOSING_PROMOTERS.contains(receiver)
                // The one that is to come has its number already.
                && self.leads + 1 < self.config.leads
        });
        lead.state = match before {
            "pending" if draw < 70 => "signup",
            "signup" if draw < 60 && receiver.is_some() => "moved",
            _ => "denied",
        };
        if lead.state != "signup" {
            // Moved and denied ones do not count as referred.
            self.promoters[lead.promoter].enrolments[lead.enrolment].counters.leads -= 1;
        }
        let changes = json!({ "state": [before, lead.state] });
        self.emit_lead_v2("referral.updated", at, changes, &lead);
        match (lead.state, receiver) {
            ("signup", _) => self.follow(at, lead),
            ("moved", Some(promoter)) => {
                self.leads += 1;
                let who = Referred { number: i64::try_from(self.leads).unwrap_or_default(), ..lead.who };
                let moved =
                    Lead { who, state: "signup", source: "manual_admin", promoter, enrolment: 0, split: None, ..*lead };
                self.promoters[promoter].enrolments[0].counters.leads += 1;
                self.emit_lead_v2("referral.created", at + 5, json!({}), &moved);
                self.follow(at, Box::new(moved));
            }
            _ => {}
        }
    }
}
