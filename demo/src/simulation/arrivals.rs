//! Arrivals: promoters who sign up and are accepted, and leads that they refer.

use super::{
    super::{
        actors::{Enrolment, Lead, Promoter},
        payload::{PromoterAccepted, PromoterSignedUp},
        programme::{CAMPAIGNS, Campaign, PRICING_PLANS},
    },
    Action, DAY, END, HOUR, MINUTE, START, Simulation,
};

/// The time before the first lead, in which the first promoters join.
const LEAD_IN: i64 = 20 * DAY;

impl Simulation {
    /// When the next promoter joins: at a time that grows with the square of its number.
    pub(super) fn join_time(&mut self) -> i64 {
        let (number, all) = (self.promoters.len() as u64, u64::from(self.config.promoters));
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

    /// When the next lead signs up: three times as often at the end as at the start.
    pub(super) fn lead_time(&mut self) -> i64 {
        if self.leads >= self.config.leads {
            return i64::MAX;
        }
        let span = u128::from((END - HOUR).abs_diff(START + LEAD_IN));
        let all = u128::from(self.config.leads) * 1000;
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
        // The first promoters join the campaigns in turn, so that a small demo has them all.
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
            paid_month: 0,
        });
        let promoter = &self.promoters[number];
        let data = PromoterSignedUp {
            promoter: promoter.body(self.ids, true),
            promotions: vec![promoter.enrolments[0].body(self.ids, promoter)],
        };
        self.emit("promoter_signed_up", at, data);
        let early = number < CAMPAIGNS.len();
        if campaign.auto_approve || early {
            self.schedule(at + 2 * MINUTE, Action::Acceptance { promoter: number, enrolment: 0 });
        } else if self.random.chance(85) {
            let waits = self.random.between(HOUR, 9 * DAY);
            self.schedule(at + waits, Action::Acceptance { promoter: number, enrolment: 0 });
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
                self.schedule(at + waits, Action::SecondCampaign { promoter: number });
            }
        }
        let promoter = &self.promoters[number];
        let enrolment = &promoter.enrolments[enrolment];
        let data = PromoterAccepted {
            state: "accepted",
            campaign: self.ids.campaign_body(enrolment.campaign),
            promoter: promoter.body(self.ids, false),
            promotion: enrolment.body(self.ids, promoter),
        };
        self.emit("promoter_accepted", at, data);
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
        let Some(promoter) = self.draw_promoter() else { return };
        let enrolment = self.random.index(self.promoters[promoter].enrolments.len());
        let mut lead = Lead {
            number: i64::try_from(self.leads).unwrap_or_default(),
            promoter,
            enrolment,
            created_at: at - self.random.between(20, 120),
            customer_since: None,
            cancelled_at: None,
            plan: self.random.index(PRICING_PLANS.len()),
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
        self.emit_lead_event("lead_signup", at, &lead);
        let lead = Box::new(lead);
        match self.random.below(100) {
            0..22 => {
                let waits = self.random.between(10 * MINUTE, 21 * DAY);
                self.schedule(at + waits, Action::Payment(lead));
            }
            22..25 => {
                let waits = self.random.between(DAY, 40 * DAY);
                self.schedule(at + waits, Action::Cancellation(lead));
            }
            _ => {}
        }
    }
}
