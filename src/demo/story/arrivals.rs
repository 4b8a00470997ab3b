//! Who comes, when, and through whom: promoters and leads.

use super::{
    super::{
        cast::{Enrolment, Lead, Promoter},
        payload::{Accepted, SignedUp},
        rules::{CAMPAIGNS, Campaign, PLANS},
    },
    DAY, Due, END, HOUR, MINUTE, START, Story,
};

/// The time before the first lead, in which the first promoters join.
const LEAD_IN: i64 = 20 * DAY;

impl Story {
    /// Promoters join early and then less: by the square of their number.
    pub(super) fn join_time(&mut self) -> i64 {
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
    pub(super) fn lead_time(&mut self) -> i64 {
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

    pub(super) fn join(&mut self, at: i64) {
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

    pub(super) fn accept(&mut self, at: i64, number: usize, enrolment: usize) {
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

    pub(super) fn enrol_again(&mut self, at: i64, number: usize) {
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

    pub(super) fn lead_in(&mut self, at: i64) {
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
}
