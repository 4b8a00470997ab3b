use std::collections::{BTreeMap, HashSet};

use chrono::DateTime;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{DemoConfig, Simulation, clock::DAY};

const END: i64 = 1_793_491_200_000;
const SMALL: DemoConfig = DemoConfig { promoters: 40, leads: 1500, seed: 1, end_ms: END };

fn bodies(config: DemoConfig) -> Vec<(&'static str, Value)> {
    let read = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    Simulation::new(config).map(|event| (event.event_type, read(&event.body))).collect()
}

fn is_v1(body: &Value) -> bool {
    body["event"].is_object()
}

fn parse(time: &Value) -> i64 {
    DateTime::parse_from_rfc3339(time.as_str().expect("a time")).expect("a time").timestamp_millis()
}

fn time(body: &Value) -> i64 {
    parse(if is_v1(body) { &body["event"]["created_at"] } else { &body["timestamp"] })
}

fn id(value: &Value) -> i64 {
    value["id"].as_i64().expect("an id")
}

fn event_id(body: &Value) -> String {
    if is_v1(body) { id(&body["event"]).to_string() } else { body["event_id"].as_str().expect("an id").to_owned() }
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_other_ids() {
    let events = |seed| Simulation::new(DemoConfig { seed, ..SMALL }).map(|event| event.body).collect::<Vec<_>>();
    assert_eq!(events(1), events(1));
    let ids = |seed| {
        let bodies = bodies(DemoConfig { seed, ..SMALL });
        bodies.iter().map(|(_, body)| event_id(body)).collect::<HashSet<_>>()
    };
    assert!(ids(1).is_disjoint(&ids(2)));
}

/// Times of the body become the time from the end on.
fn relative(value: &mut Value, end: i64) {
    match value {
        Value::String(text) => {
            if let Ok(time) = DateTime::parse_from_rfc3339(text) {
                *text = (time.timestamp_millis() - end).to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| relative(value, end)),
        Value::Object(fields) => fields.values_mut().for_each(|value| relative(value, end)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn another_end_shifts_all_times_and_changes_nothing_else() {
    let events = |end_ms| {
        let mut bodies = bodies(DemoConfig { end_ms, ..SMALL });
        for (_, body) in &mut bodies {
            relative(body, end_ms);
        }
        bodies
    };
    assert_eq!(events(END), events(END + 123 * DAY));
}

#[test]
fn every_version_makes_the_same_events() {
    for (config, expected) in [
        (SMALL, "c651e486047ffde11bea495d51492f709bbaccfb7b3e62b1d43fa020e7cfd9eb"),
        (
            DemoConfig { promoters: 60, seed: 7, ..SMALL },
            "757d9b8b3d2f75051ec2ed1e3957af7ad7068f87bd74ca8da0aafbdd6e50c98a",
        ),
    ] {
        let hash = Simulation::new(config).fold(Sha256::new(), |hash, event| hash.chain_update(event.body));
        assert_eq!(hex::encode(hash.finalize()), expected, "events that were made before would not be duplicates");
    }
}

#[test]
fn events_of_both_versions_come_within_the_two_years() {
    let mut types = BTreeMap::new();
    for (event_type, body) in bodies(SMALL) {
        assert_eq!(if is_v1(&body) { &body["event"]["type"] } else { &body["event_type"] }, event_type);
        assert!((END - 730 * DAY..END).contains(&time(&body)), "{body}");
        *types.entry(event_type).or_insert(0) += 1;
    }
    let v1 = types.keys().filter(|event_type| !event_type.contains('.')).count();
    assert!(v1 == 8 && types.len() - v1 > 20, "{types:?}");
    assert_eq!(types["lead_signup"] + types["referral.created"], SMALL.leads);
    assert_eq!(types["promoter_signed_up"] + types["promoter.created"], u64::from(SMALL.promoters));
}

#[test]
fn an_event_type_and_id_never_come_twice() {
    let mut seen = HashSet::new();
    for (event_type, body) in bodies(SMALL) {
        assert!(seen.insert((event_type, event_id(&body))));
    }
}

#[test]
fn events_refer_only_to_what_earlier_events_created() {
    let mut seen = HashSet::new();
    for (event_type, body) in bodies(SMALL) {
        let data = &body["data"];
        let entity = match event_type {
            "lead_signup" => "referral",
            "promoter_signed_up" => "promoter",
            "reward_created" => "commission",
            "fulfilment_pending" => "payout",
            _ => event_type.strip_suffix(".created").unwrap_or_default(),
        };
        if !entity.is_empty() {
            let object = if event_type == "promoter_signed_up" { &data["promoter"] } else { data };
            assert!(seen.insert((entity, id(object))), "{event_type}");
        }
        let names = |entity, id: &Value| {
            assert!(id.as_i64().is_none_or(|id| seen.contains(&(entity, id))), "{event_type}: {entity} {id} in {body}");
        };
        names("promoter", &data["promoter"]["id"]);
        names("promoter", &data["promoter"]["parent_promoter_id"]);
        names("promoter", &data["parent_promoter"]["id"]);
        names("promoter", &data["promoter_campaign"]["promoter_id"]);
        names("referral", &data["lead"]["id"]);
        names("referral", &data["referral"]["id"]);
        names("payout", &data["payout_id"]);
        names("commission", &data["commission_id"]);
        names("payments_batch", &data["payments_batch_id"]);
        names("payout_method", &data["payout_method"]["id"]);
        if let Some((entity, "updated" | "deleted" | "approved" | "denied" | "completed" | "converted" | "cancelled")) =
            event_type.rsplit_once('.')
            && entity != "promoter.balance"
        {
            names(entity, &data["id"]);
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
fn the_ids_of_payouts_and_commissions_of_every_seed_make_one_key() {
    let seed = super::MAX_SEED;
    for (event_type, body) in bodies(DemoConfig { seed, ..SMALL }) {
        if event_type == "payout.commissions.added" {
            assert!(body["data"]["payout_id"].as_i64().is_some_and(|id| id < 1 << 31));
            assert!(body["data"]["commission_id"].as_i64().is_some_and(|id| id < 1 << 32));
        }
    }
}

#[test]
fn every_address_is_made_up() {
    for event in Simulation::new(SMALL) {
        let body = String::from_utf8(event.body).expect("text");
        for (at, _) in body.match_indices('@') {
            let ends = ["@example.com\"", "@example.com (moved)\""];
            assert!(ends.iter().any(|end| body[at..].starts_with(end)), "{}", &body[at..at + 20]);
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
        let bodies = bodies(DemoConfig { promoters, leads, seed: 7, ..SMALL });
        let count =
            |types: [&str; 2]| bodies.iter().filter(|(event_type, _)| types.contains(event_type)).count() as u64;
        assert_eq!(count(["lead_signup", "referral.created"]), leads);
        assert_eq!(count(["promoter_signed_up", "promoter.created"]), u64::from(promoters));
    }
}
