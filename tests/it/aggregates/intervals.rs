//! Groups by calendar intervals.

use std::collections::BTreeMap;

use entity::lead;
use promograph::time::calendar::{Calendar, Interval};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{Dice, TestApp, TestDatabase, on_both, rows};

/// More leads, created at these times.
async fn created_at(test: &TestDatabase, promoter: Option<i64>, times: &[Option<i64>]) {
    let row = |(index, at): (usize, &Option<i64>)| lead::ActiveModel {
        id: Set(1_000 + i64::try_from(index).unwrap()),
        promoter_id: Set(promoter),
        created_at: Set(*at),
        is_stub: Set(false),
        field_clocks: Set("[]".to_owned()),
        first_seen_at: Set(0),
        updated_at: Set(0),
        ..Default::default()
    };
    let rows: Vec<_> = times.iter().enumerate().map(row).collect();
    for rows in rows.chunks(500) {
        lead::Entity::insert_many(rows.to_vec()).exec_without_returning(&test.database.write).await.unwrap();
    }
}

fn ms(time: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis()
}

#[tokio::test]
async fn a_month_begins_at_its_first_midnight_in_the_time_zone() {
    on_both(async |test: TestDatabase| {
        let times = [
            "2025-02-28T22:59:59.999Z",
            "2025-02-28T23:00:00Z",
            "2025-03-30T12:00:00Z",
            "2025-03-31T21:59:59.999Z",
            "2025-03-31T22:00:00Z",
            "2025-06-01T00:00:00Z",
        ];
        let times: Vec<_> = times.iter().map(|time| Some(ms(time))).chain([None]).collect();
        created_at(&test, None, &times).await;
        let app = TestApp::new(&test);
        let document = "query ($z: TimeZone!) { leads { groups(interval: { field: CREATED_AT, unit: MONTH, timezone: $z }, by: STATE) {
            key { start state } aggregate { count } } } }";
        let counts = async |zone: &str| {
            let data = app.admin().query_with(document, json!({ "z": zone })).await.data();
            let groups = data["leads"]["groups"].as_array().unwrap().iter();
            groups.map(|group| (group["key"]["start"].clone(), group["aggregate"]["count"].clone())).collect::<Vec<_>>()
        };
        let expected = [
            (Value::Null, json!(1)),
            (json!("2025-01-31T23:00:00.000Z"), json!(1)),
            (json!("2025-02-28T23:00:00.000Z"), json!(3)),
            (json!("2025-03-31T22:00:00.000Z"), json!(1)),
            // Months without leads are left out.
            (json!("2025-05-31T22:00:00.000Z"), json!(1)),
        ];
        assert_eq!(counts("Europe/Berlin").await, expected);
        let in_utc = [
            (Value::Null, json!(1)),
            (json!("2025-02-01T00:00:00.000Z"), json!(2)),
            (json!("2025-03-01T00:00:00.000Z"), json!(3)),
            (json!("2025-06-01T00:00:00.000Z"), json!(1)),
        ];
        assert_eq!(counts("UTC").await, in_utc);
    })
    .await;
}

#[tokio::test]
async fn every_row_is_in_the_interval_that_holds_its_time() {
    on_both(async |test: TestDatabase| {
        let mut dice = Dice::new([7, 0, 0, 0]);
        let (from, days) = (ms("2015-01-01T00:00:00Z"), 15 * 365);
        // Many on and beside the hours, where intervals begin.
        let times: Vec<_> = (0..600)
            .map(|_| from + dice.number(days * 96) * 900_000 + *dice.pick(&[-1, 0, 0, 1]))
            .collect();
        created_at(&test, None, &times.iter().copied().map(Some).collect::<Vec<_>>()).await;
        let app = TestApp::new(&test);
        let document = "query ($z: TimeZone!, $u: Interval!) { leads {
            groups(first: 10000, interval: { field: CREATED_AT, unit: $u, timezone: $z }) { key { start } aggregate { count } } } }";
        for zone in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca"] {
            let calendar = Calendar::of_zone(zone).unwrap();
            for unit in [Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year] {
                let mut expected: BTreeMap<i64, u64> = BTreeMap::new();
                for time in &times {
                    *expected.entry(calendar.start(unit, *time).unwrap()).or_default() += 1;
                }
                let name = Interval::ALL.iter().find(|(known, ..)| *known == unit).unwrap().1;
                let data = app.admin().query_with(document, json!({ "z": zone, "u": name })).await.data();
                let groups = data["leads"]["groups"].as_array().unwrap().iter();
                let found = groups.map(|group| {
                    (ms(group["key"]["start"].as_str().unwrap()), group["aggregate"]["count"].as_u64().unwrap())
                });
                assert_eq!(found.collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>(), "{zone} {name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn intervals_below_rows_are_of_the_rows_there() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        created_at(&test, Some(1), &[Some(ms("2025-05-01T00:00:00Z"))]).await;
        let app = TestApp::new(&test);
        let document = "{ promoters(orderBy: { field: ID }) { nodes { leads { groups(
            interval: { field: CREATED_AT, unit: YEAR, timezone: \"UTC\" }, orderBy: { field: START, direction: DESC }
        ) { key { start } aggregate { count } } } } } }";
        let group = |start: Value, count: i64| json!({ "key": { "start": start }, "aggregate": { "count": count } });
        let (epoch, late) = (json!("1970-01-01T00:00:00.000Z"), json!("2025-01-01T00:00:00.000Z"));
        let of = |groups: Value| json!({ "leads": { "groups": groups } });
        let first = of(json!([group(late, 1), group(epoch.clone(), 4), group(Value::Null, 1)]));
        let second = of(json!([group(epoch, 4), group(Value::Null, 1)]));
        assert_eq!(app.admin().data(document).await["promoters"]["nodes"], json!([first, second]));
        assert_eq!(app.promoter(2).data(document).await["promoters"]["nodes"], json!([second]));
        // Of no rows there is no group.
        let none = "{ leads(filter: { state: { eq: DENIED } }) { groups(interval: { field: CREATED_AT, unit: DAY, timezone: \"UTC\" }) {
            key { start } } } }";
        assert_eq!(app.admin().data(none).await["leads"]["groups"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn intervals_that_cannot_be_told_are_refused_by_name() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        created_at(&test, Some(1), &[Some(ms("2025-05-01T00:00:00Z")), Some(ms("9999-12-31T23:59:59Z"))]).await;
        let app = TestApp::new(&test);
        for (filter, interval, named) in [
            ("", "unit: HOUR, timezone: \"UTC\"", "createdAt"),
            ("", "unit: YEAR, timezone: \"UTC\"", "createdAt"),
            ("(filter: { createdAt: { lt: \"2026-01-01\" } })", "unit: HOUR, timezone: \"UTC\"", "10000 intervals"),
        ] {
            let groups = format!("groups(interval: {{ field: CREATED_AT, {interval} }}) {{ aggregate {{ count }} }}");
            let answer = app.admin().query(&format!("{{ leads{filter} {{ {groups} }} }}")).await;
            let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(answer.codes() == ["BAD_USER_INPUT"] && message.contains(named), "{interval}: {message}");
        }
        let unknown = "{ leads { groups(interval: { field: CREATED_AT, unit: DAY, timezone: \"Mars/Olympus\" }) { aggregate { count } } } }";
        let answer = app.admin().query(unknown).await;
        assert!(answer.codes() == ["GRAPHQL_VALIDATION_FAILED"] && answer.text.contains("time zone"), "{}", answer.text);
        let hidden = "{ leads { groups(interval: { field: UPDATED_AT, unit: DAY, timezone: \"UTC\" }) { aggregate { count } } } }";
        assert_eq!(app.promoter(1).query(hidden).await.codes(), ["FORBIDDEN"]);
        let without = "{ leads { groups(by: STATE, orderBy: { field: START }) { aggregate { count } } } }";
        assert_eq!(app.admin().query(without).await.codes(), ["BAD_USER_INPUT"]);
    })
    .await;
}
