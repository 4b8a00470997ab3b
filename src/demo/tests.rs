use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use serde_json::Value;

use super::{Plan, Story, story};
use crate::{
    inbox::{Protocol, Status},
    projection::payload,
    time::parse_ms,
    webhook::{Endpoints, parse_delivery},
};

const SMALL: Plan = Plan { promoters: 40, leads: 1500, seed: 1 };

fn bodies(plan: Plan) -> Vec<(&'static str, Value)> {
    let read = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    Story::new(plan).map(|event| (event.event_type, read(&event.body))).collect()
}

fn id(value: &Value) -> i64 {
    value["id"].as_i64().expect("an id")
}

#[test]
fn the_same_plan_tells_the_same_story_and_another_seed_shares_no_id_with_it() {
    let told = |seed| Story::new(Plan { seed, ..SMALL }).map(|event| event.body).collect::<Vec<_>>();
    assert_eq!(told(1), told(1));
    let ids = |seed| bodies(Plan { seed, ..SMALL }).iter().map(|(_, body)| id(&body["event"])).collect::<HashSet<_>>();
    assert!(ids(1).is_disjoint(&ids(2)));
}

#[test]
fn all_eight_types_come_and_each_body_is_taken_as_a_pending_v1_event() {
    let mut types = BTreeMap::new();
    for event in Story::new(SMALL) {
        let delivery = parse_delivery(&Bytes::from(event.body), &Endpoints::new(&[]), story::END);
        assert_eq!((delivery.protocol, delivery.status), (Protocol::V1, Status::Pending), "{:?}", delivery.error);
        assert_eq!(delivery.event_type, event.event_type);
        let at = delivery.occurred_at.expect("a time");
        assert!((story::START..story::END).contains(&at));
        *types.entry(event.event_type).or_insert(0) += 1;
    }
    assert_eq!(types.len(), 8, "{types:?}");
    assert_eq!(types["lead_signup"], SMALL.leads);
    assert_eq!(types["promoter_signed_up"], u64::from(SMALL.promoters));
}

#[test]
fn the_projection_understands_every_field() {
    for event in Story::new(SMALL) {
        let delivery = parse_delivery(&Bytes::from(event.body), &Endpoints::new(&[]), story::END);
        let kept = payload::StoredEvent {
            protocol: "v1".to_owned(),
            event_type: delivery.event_type,
            event_id: delivery.event_id,
            body_hash: delivery.body_hash,
            body: Some(delivery.body.to_vec()),
            occurred_at: delivery.occurred_at,
            received_at: story::END,
            ..payload::StoredEvent::default()
        };
        match payload::read(&kept, payload::IdSpace::Shared, kept.received_at) {
            payload::ParsedPayload::Updates(updates) => {
                assert!(updates.warnings().is_empty(), "{}: {:?}", kept.event_type, updates.warnings());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn secrets_are_in_what_is_sent_and_not_in_what_is_kept() {
    let event = Story::new(SMALL).next().expect("an event");
    let sent: Value = serde_json::from_slice(&event.body).expect("JSON");
    let kept = parse_delivery(&Bytes::from(event.body), &Endpoints::new(&[]), story::END).body;
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    for secret in ["auth_token", "temp_password"] {
        assert!(sent["data"]["promoter"][secret].as_str().is_some_and(|text| text != "[redacted]"));
        assert_eq!(kept["data"]["promoter"][secret], "[redacted]");
    }
}

#[test]
fn an_event_type_and_id_never_come_twice() {
    let mut seen = HashSet::new();
    for (event_type, body) in bodies(SMALL) {
        assert!(seen.insert((event_type, id(&body["event"]))));
    }
}

#[test]
fn nobody_is_named_who_did_not_come_in_before() {
    let (mut promoters, mut leads, mut promotions) = (HashSet::new(), HashSet::new(), HashMap::new());
    for (event_type, body) in bodies(SMALL) {
        let data = &body["data"];
        let promoter = id(&data["promoter"]);
        if event_type == "promoter_signed_up" {
            promoters.insert(promoter);
            let promotion = &data["promotions"][0];
            promotions.insert(id(promotion), promotion["promoter_id"].as_i64().expect("an id"));
        }
        assert!(promoters.contains(&promoter), "{event_type}");
        assert!(data["promoter"]["parent_promoter_id"].as_i64().is_none_or(|parent| promoters.contains(&parent)));
        if event_type == "promoter_accepted" {
            promotions.insert(id(&data["promotion"]), promoter);
        }
        if data["promotion"].is_object() {
            assert_eq!(promotions.get(&id(&data["promotion"])), Some(&promoter), "{event_type}");
        }
        match event_type {
            "lead_signup" => assert!(leads.insert(id(data))),
            "lead_becomes_referral" | "new_customer" | "lead_cancelled" => assert!(leads.contains(&id(data))),
            "reward_created" if data["lead"].is_object() => assert!(leads.contains(&id(&data["lead"]))),
            _ => {}
        }
    }
}

#[test]
fn events_come_in_the_order_of_time_but_for_the_moments_between_a_sale_and_its_reward() {
    let mut latest = 0;
    for (_, body) in bodies(SMALL) {
        let at = body["event"]["created_at"].as_str().and_then(parse_ms).expect("a time");
        assert!(at >= latest - 150);
        latest = latest.max(at);
    }
}

#[test]
fn refunds_tiers_splits_and_every_unit_are_there() {
    let (mut units, mut tiers, mut refunds, mut for_no_lead, mut split) = (HashSet::new(), HashSet::new(), 0, 0, 0);
    for (event_type, body) in bodies(Plan { leads: 4000, ..SMALL }) {
        let data = &body["data"];
        if event_type == "reward_created" {
            units.insert(data["unit"].as_str().expect("a unit").to_owned());
            tiers.insert(data["tier_level"].as_i64());
            refunds += usize::from(data["amount"].as_i64().is_some_and(|amount| amount < 0));
            for_no_lead += usize::from(data["lead"].is_null());
        }
        split += usize::from(event_type == "lead_signup" && !data["split_promotion_id"].is_null());
    }
    assert_eq!(units.len(), 4);
    assert_eq!(tiers.len(), 2);
    assert!(refunds > 0 && for_no_lead > 0 && split > 0);
}

#[test]
fn every_address_is_made_up() {
    for event in Story::new(SMALL) {
        let body = String::from_utf8(event.body).expect("text");
        for (at, _) in body.match_indices('@') {
            assert!(body[at..].starts_with("@example.com\""), "{}", &body[at..at + 20]);
        }
        for (at, _) in body.match_indices("https://") {
            let host = body[at + 8..].split(['/', '"', '?']).next().expect("a host");
            assert!(host == "example.com" || host.ends_with(".example.com"), "{host}");
        }
    }
}

#[test]
fn the_smallest_and_odd_plans_are_told_to_the_end() {
    for (promoters, leads) in [(1, 0), (1, 1), (1, 50), (3, 7), (500, 3)] {
        let types: Vec<_> =
            bodies(Plan { promoters, leads, seed: 7 }).into_iter().map(|(event_type, _)| event_type).collect();
        assert_eq!(types.iter().filter(|event_type| **event_type == "lead_signup").count() as u64, leads);
        assert_eq!(
            types.iter().filter(|event_type| **event_type == "promoter_signed_up").count() as u64,
            u64::from(promoters)
        );
    }
}
