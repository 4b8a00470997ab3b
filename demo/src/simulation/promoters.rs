//! Promoters who sign up, are accepted and say where to be paid.

use serde_json::{Value, json};

use super::{
    super::{
        actors::{Counters, Enrolment, PayoutMethod, Promoter},
        clock::{DAY, HOUR, MINUTE, time},
        programme::{CAMPAIGNS, Campaign, LOSING_PROMOTERS, Webhooks},
        v1, v2,
    },
    Action, Simulation,
};

/// The more frequent ones several times.
const METHODS: [&str; 8] = ["paypal", "paypal", "paypal", "bank", "bank", "wise", "crypto", "dots"];

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
        let early = number < LOSING_PROMOTERS.end;
        let campaign = if early { &CAMPAIGNS[number % CAMPAIGNS.len()] } else { self.draw_campaign() };
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

    fn emit_enrolment(&mut self, event_type: &'static str, at: i64, changes: Value, number: usize, enrolment: usize) {
        let promoter = &self.promoters[number];
        let data = v2::enrolment(self.ids, promoter, &promoter.enrolments[enrolment]);
        self.emit_v2(event_type, at, changes, data);
    }

    /// Tells the counters of all enrolments, as they are at the end. Webhooks v1 tell them with every lead and reward.
    pub(super) fn tell_counters(&mut self, at: i64) {
        for number in 0..self.promoters.len() {
            for enrolment in 0..self.promoters[number].enrolments.len() {
                let known = &self.promoters[number].enrolments[enrolment];
                if known.campaign.webhooks == Webhooks::V2 && known.counters != Counters::default() {
                    self.emit_enrolment("promoter_campaign.updated", at, json!({}), number, enrolment);
                }
            }
        }
    }

    pub(super) fn accept(&mut self, at: i64, number: usize, enrolment: usize) {
        if enrolment == 0 {
            self.promoters[number].accepted = true;
            let total = self.popular.last().map_or(0, |(total, _)| *total);
            let popularity = if number < LOSING_PROMOTERS.end { 40 } else { self.random.popularity() };
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
        if campaign.private {
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
            if campaign.webhooks == Webhooks::V2 {
                self.emit_enrolment("promoter_campaign.created", at, json!({}), number, 1);
            }
            self.accept(at + 5, number, 1);
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
}
