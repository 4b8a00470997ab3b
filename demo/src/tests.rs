use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::DateTime;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    DemoConfig, Simulation,
    simulation::{END, START},
};

const SMALL: DemoConfig = DemoConfig { promoters: 40, leads: 1500, seed: 1 };

fn bodies(config: DemoConfig) -> Vec<(&'static str, Value)> {
    let read = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    Simulation::new(config).map(|event| (event.event_type, read(&event.body))).collect()
}

fn time(body: &Value) -> i64 {
    let text = body["event"]["created_at"].as_str().expect("a time");
    DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
}

fn id(value: &Value) -> i64 {
    value["id"].as_i64().expect("an id")
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_other_ids() {
    let events = |seed| Simulation::new(DemoConfig { seed, ..SMALL }).map(|event| event.body).collect::<Vec<_>>();
    assert_eq!(events(1), events(1));
    let ids =
        |seed| bodies(DemoConfig { seed, ..SMALL }).iter().map(|(_, body)| id(&body["event"])).collect::<HashSet<_>>();
    assert!(ids(1).is_disjoint(&ids(2)));
}

#[test]
fn every_version_makes_the_same_events() {
    for (config, expected) in [
        (SMALL, "cd98420dc4ce919697f622d47b318f8643441384621b0b14ed07b015d106567c"),
        (
            DemoConfig { promoters: 60, leads: 1500, seed: 7 },
            "a176b929016688b37c4806b203c7b2dab6ea9eba65c0ffdb3b85e9c87ab0d48b",
        ),
    ] {
        let hash = Simulation::new(config).fold(Sha256::new(), |hash, event| hash.chain_update(event.body));
        assert_eq!(hex::encode(hash.finalize()), expected, "events that were made before would not be duplicates");
    }
}

#[test]
fn all_eight_types_come_within_the_two_years() {
    let mut types = BTreeMap::new();
    for (event_type, body) in bodies(SMALL) {
        assert_eq!(body["event"]["type"], event_type);
        assert!((START..END).contains(&time(&body)));
        *types.entry(event_type).or_insert(0) += 1;
    }
    assert_eq!(types.len(), 8, "{types:?}");
    assert_eq!(types["lead_signup"], SMALL.leads);
    assert_eq!(types["promoter_signed_up"], u64::from(SMALL.promoters));
}

#[test]
fn an_event_type_and_id_never_come_twice() {
    let mut seen = HashSet::new();
    for (event_type, body) in bodies(SMALL) {
        assert!(seen.insert((event_type, id(&body["event"]))));
    }
}

#[test]
fn events_refer_only_to_promoters_and_leads_of_earlier_events() {
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
fn events_are_in_the_order_of_time_except_that_a_reward_precedes_its_sale_by_milliseconds() {
    let mut latest = 0;
    for (_, body) in bodies(SMALL) {
        let at = time(&body);
        assert!(at >= latest - 150);
        latest = latest.max(at);
    }
}

#[test]
fn refunds_tiers_splits_and_every_unit_occur() {
    let (mut units, mut tiers, mut refunds, mut for_no_lead, mut split) = (HashSet::new(), HashSet::new(), 0, 0, 0);
    for (event_type, body) in bodies(DemoConfig { leads: 4000, ..SMALL }) {
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
    for event in Simulation::new(SMALL) {
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
fn the_smallest_and_unbalanced_programmes_are_simulated_to_the_end() {
    for (promoters, leads) in [(1, 0), (1, 1), (1, 50), (3, 7), (500, 3)] {
        let types: Vec<_> =
            bodies(DemoConfig { promoters, leads, seed: 7 }).into_iter().map(|(event_type, _)| event_type).collect();
        assert_eq!(types.iter().filter(|event_type| **event_type == "lead_signup").count() as u64, leads);
        assert_eq!(
            types.iter().filter(|event_type| **event_type == "promoter_signed_up").count() as u64,
            u64::from(promoters)
        );
    }
}
