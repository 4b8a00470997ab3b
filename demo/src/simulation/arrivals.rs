//! Arrivals: promoters who sign up and are accepted, and leads that they refer.

use serde_json::json;

use super::{
    super::{
        actors::{Counters, Enrolment, Lead, PayoutMethod, Promoter, Referred},
        clock::{DAY, HOUR, MINUTE, time},
        programme::{CAMPAIGNS, Campaign, PRICING_PLANS, Webhooks},
        v1, v2,
    },
    Action, Simulation,
};

/// The time before the first lead, in which the first promoters join.
const LEAD_IN: i64 = 20 * DAY;
/// The more frequent ones several times.
const METHODS: [&str; 8] = ["paypal", "paypal", "paypal", "bank", "bank", "wise", "crypto", "dots"];
const SOURCES: [&str; 8] = ["cookie", "cookie", "cookie", "cookie", "coupon", "coupon", "api", "manual_admin"];

impl Simulation {
    /// When the next promoter joins: at a time that grows with the square of its number.
    pub(super) fn join_time(&mut self) -> i64 {
        let (number, all) = (self.promoters.len() as u64, u64::from(self.config.promoters));
        if number >= all {
            return i64::MAX;
        }
        if number == 0 {
            return self.start + HOUR;
        }
        let span = u128::from((self.end - DAY).abs_diff(self.start));
        let (done, all) = (u128::from(number) * 1000 + u128::from(self.random.below(1000)), u128::from(all) * 1000);
        self.start + HOUR + i64::try_from(span * done * done / (all * all)).unwrap_or_default()
    }

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

    fn enrol(&mut self, at: i64, promoter: usize, campaign: &'static Campaign) -> Enrolment {
        self.enrolments += 1;
        let mut ref_id = Promoter::ref_id(self.ids, promoter);
        if campaign.number > 1 {
            ref_id.push_str(&campaign.number.to_string());
        }
        Enrolment {
            id: self.ids.promotion(self.enrolments),
            campaign,
            ref_id,
            created_at: at,
            state: "pending",
            target_reached_at: None,
            counters: Counters::default(),
        }
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
        let early = number < CAMPAIGNS.len();
        let campaign = if early { &CAMPAIGNS[number] } else { self.draw_campaign() };
        let parent = match self.popular.len() {
            0 => None,
            many => self.random.chance(20).then(|| self.popular[self.random.index(many)].1),
        };
        let enrolment = self.enrol(at, number, campaign);
        self.promoters.push(Promoter {
            number,
            joined_at: at - self.random.between(40, 400),
            accepted: false,
            parent,
            enrolments: vec![enrolment],
            earned: [0; 4],
            paid: [0; 4],
            unpaid: Vec::new(),
            paid_untold: 0,
            told: [0; 4],
            method: None,
        });
        let promoter = &self.promoters[number];
        match campaign.webhooks {
            Webhooks::V1 => {
                let promotion = v1::promotion(self.ids, promoter, &promoter.enrolments[0]);
                let data = json!({ "promoter": v1::promoter(self.ids, promoter, true), "promotions": [promotion] });
                self.emit_v1("promoter_signed_up", at, data);
            }
            Webhooks::V2 => {
                let data = v2::promoter(self.ids, promoter);
                self.emit_v2("promoter.created", at, json!({}), data);
                self.emit_enrolment("promoter_campaign.created", at, json!({}), number, 0);
            }
        }
        let acceptance = Action::Acceptance { promoter: number, enrolment: 0 };
        if campaign.auto_approve || early {
            self.schedule(at + 2 * MINUTE, acceptance);
        } else if self.random.chance(85) {
            self.schedule_between(at + HOUR, at + 9 * DAY, acceptance);
        } else if self.random.chance(60) {
            self.schedule_between(at + HOUR, at + 9 * DAY, Action::Rejection { promoter: number, enrolment: 0 });
        }
    }

    fn emit_enrolment(
        &mut self,
        event_type: &'static str,
        at: i64,
        changes: serde_json::Value,
        number: usize,
        enrolment: usize,
    ) {
        let promoter = &self.promoters[number];
        let data = v2::enrolment(self.ids, promoter, &promoter.enrolments[enrolment]);
        self.emit_v2(event_type, at, changes, data);
    }

    pub(super) fn accept(&mut self, at: i64, number: usize, enrolment: usize) {
        if enrolment == 0 {
            self.promoters[number].accepted = true;
            let total = self.popular.last().map_or(0, |(total, _)| *total);
            let popularity = if number < CAMPAIGNS.len() { 40 } else { self.random.popularity() };
            self.popular.push((total + popularity, number));
            if self.random.chance(15) {
                self.schedule_between(at + 20 * DAY, at + 200 * DAY, Action::SecondCampaign { promoter: number });
            }
        }
        self.promoters[number].enrolments[enrolment].state = "accepted";
        let campaign = self.promoters[number].enrolments[enrolment].campaign;
        match campaign.webhooks {
            Webhooks::V1 => {
                let data = json!({ "state": "accepted", "campaign": v1::campaign(self.ids, campaign) });
                let data = self.with_promoter(data, number, enrolment);
                self.emit_v1("promoter_accepted", at, data);
            }
            Webhooks::V2 => {
                let changes = json!({ "state": ["pending", "accepted"] });
                self.emit_enrolment("promoter_campaign.accepted", at, changes, number, enrolment);
                // Those who never say where to pay are owed more and more.
                if self.promoters[number].method.is_none() && self.random.chance(80) {
                    self.schedule_between(at + HOUR, at + 60 * DAY, Action::Method { promoter: number });
                }
            }
        }
        if campaign.contract {
            self.schedule_between(at + HOUR, at + 10 * DAY, Action::Contract { promoter: number, enrolment });
        }
    }

    /// Webhooks v1 do not tell it.
    pub(super) fn reject(&mut self, at: i64, number: usize, enrolment: usize) {
        self.promoters[number].enrolments[enrolment].state = "rejected";
        if self.webhooks_of(number, enrolment) == Webhooks::V2 {
            let changes = json!({ "state": ["pending", "rejected"] });
            self.emit_enrolment("promoter_campaign.rejected", at, changes, number, enrolment);
        }
    }

    pub(super) fn enrol_again(&mut self, at: i64, number: usize) {
        let first = self.promoters[number].enrolments[0].campaign;
        let campaign = self.draw_campaign();
        if campaign.number != first.number {
            let enrolment = self.enrol(at, number, campaign);
            self.promoters[number].enrolments.push(enrolment);
            self.accept(at, number, 1);
        }
    }

    pub(super) fn sign_contract(&mut self, at: i64, number: usize, enrolment: usize) {
        let promoter = &self.promoters[number];
        let data = v2::contract_document(self.ids, promoter, &promoter.enrolments[enrolment], at);
        self.emit_v2("contract_document.signed", at, json!({ "signed_at": [null, time(at)] }), data);
    }

    pub(super) fn add_payout_method(&mut self, at: i64, number: usize) {
        if self.promoters[number].method.is_some() {
            return;
        }
        let method = PayoutMethod { kind: METHODS[self.random.index(METHODS.len())], added_at: at };
        self.promoters[number].method = Some(method);
        let promoter = &self.promoters[number];
        let mut data = v2::payout_method(self.ids, promoter, method);
        data["promoter"] = v2::promoter_in_short(self.ids, promoter);
        self.emit_v2("payout_method.created", at, json!({}), data);
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
        let webhooks = self.webhooks_of(promoter, enrolment);
        // Only webhooks v2 know the state of a lead that waits for approval.
        let by_hand = webhooks == Webhooks::V2 && self.random.chance(4);
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
        if self.random.chance(2) {
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
        // A lead that was entered by hand waits for an admin; of the others some are denied or moved.
        if by_hand || (webhooks == Webhooks::V2 && self.random.chance(3)) {
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
        let conversion = campaign.conversion + if at_home { 6 } else { 0 };
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
                // The one that is to come has its number already.
                && self.leads + 1 < self.config.leads
        });
        lead.state = match before {
            "pending" if draw < 70 => "signup",
            "signup" if draw < 60 && receiver.is_some() => "moved",
            _ => "denied",
        };
        let changes = json!({ "state": [before, lead.state] });
        self.emit_lead_v2("referral.updated", at, changes, &lead);
        match (lead.state, receiver) {
            ("signup", _) => self.follow(at, lead),
            ("moved", Some(promoter)) => {
                self.leads += 1;
                let who = Referred { number: i64::try_from(self.leads).unwrap_or_default(), ..lead.who };
                let moved =
                    Lead { who, state: "signup", source: "manual_admin", promoter, enrolment: 0, split: None, ..*lead };
                self.emit_lead_v2("referral.created", at + 5, json!({}), &moved);
                self.follow(at, Box::new(moved));
            }
            _ => {}
        }
    }
}
