//! Values are compared exactly or refused, never truncated, on both databases.

use entity::lead;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{
    Promograph, TestApp, TestDatabase,
    events::{kept, store},
    on_both,
};

/// 2025-05-01T00:00:01.031Z
const AT: i64 = 1_746_057_601_031;

/// A lead that signed up at this time, if at all.
async fn lead(test: &TestDatabase, id: i64, at: Option<i64>) {
    let row = lead::ActiveModel {
        id: Set(id),
        email_folded: Set(String::new()),
        created_at: Set(at),
        is_stub: Set(false),
        field_clocks: Set("[]".to_owned()),
        first_seen_at: Set(0),
        updated_at: Set(0),
        ..Default::default()
    };
    lead::Entity::insert(row).exec_without_returning(&test.database.write).await.unwrap();
}

#[tokio::test]
async fn times_with_more_than_milliseconds_are_compared_exactly() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (id, at) in [(1, Some(AT)), (2, Some(AT + 1)), (3, None)] {
            lead(&test, id, at).await;
        }
        let time = |fraction: &str| format!("2025-05-01T00:00:01.{fraction}Z");
        for (comparator, fraction, expected) in [
            ("eq", "031", &[1][..]),
            ("eq", "031000000000", &[1]),
            ("eq", "0315", &[]),
            ("ne", "0315", &[1, 2]),
            ("lt", "031", &[]),
            ("lt", "0310000001", &[1]),
            ("lte", "0315", &[1]),
            ("lt", "0320000000000000001", &[1, 2]),
            ("gt", "0315", &[2]),
            ("gte", "0315", &[2]),
            ("gte", "031", &[1, 2]),
            ("gte", "0320000000000000001", &[]),
            ("gt", "0309999", &[1, 2]),
        ] {
            let compared = json!({comparator: time(fraction)});
            assert_eq!(found(&app, &compared).await, expected, "{compared}");
            let literal = format!(
                r#"{{ leads(filter: {{createdAt: {{{comparator}: "{}"}}}}) {{ totalCount }} }}"#,
                time(fraction)
            );
            assert_eq!(app.admin().data(&literal).await["leads"]["totalCount"], expected.len(), "{literal}");
        }
        for (comparator, fractions, expected) in
            [("in", ["0315", "032"], &[2][..]), ("notIn", ["0315", "032"], &[1]), ("notIn", ["0315", "0325"], &[1, 2])]
        {
            let compared = json!({comparator: fractions.map(time)});
            assert_eq!(found(&app, &compared).await, expected, "{compared}");
        }
        let within = json!({"gte": time("0305"), "lt": time("0315")});
        assert_eq!(found(&app, &within).await, [1], "from one bound to the other");
        let offset = json!({"gt": "2025-05-01T02:00:01.0315+02:00"});
        assert_eq!(found(&app, &offset).await, [2]);
    })
    .await;
}

/// The start of the first of May 2025, UTC.
const MIDNIGHT: i64 = AT - 1_031;

#[tokio::test]
async fn a_date_without_a_time_is_the_start_of_its_day_in_utc_wherever_a_time_is_given() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (id, at) in [(1, Some(MIDNIGHT - 1)), (2, Some(MIDNIGHT)), (3, Some(AT))] {
            lead(&test, id, at).await;
        }
        let mut event = kept("one", br#"{"event": {"id": 1, "type": "other"}, "data": {}}"#);
        event.received_at = MIDNIGHT;
        store(&test.database, &[event]).await;
        app.settle().await;
        for (comparator, expected) in
            [("eq", &[2][..]), ("ne", &[1, 3]), ("lt", &[1]), ("lte", &[1, 2]), ("gt", &[3]), ("gte", &[2, 3])]
        {
            assert_eq!(found(&app, &json!({comparator: "2025-05-01"})).await, expected, "{comparator}");
            let literal =
                format!(r#"{{ leads(filter: {{createdAt: {{{comparator}: "2025-05-01"}}}}) {{ totalCount }} }}"#);
            assert_eq!(app.admin().data(&literal).await["leads"]["totalCount"], expected.len(), "{literal}");
        }
        assert_eq!(found(&app, &json!({"in": ["2025-05-01"]})).await, [2]);
        let listed = r#"{ webhookEvents(filter: {receivedAt: {gte: "2025-05-01", lt: "2025-05-02"}}) { totalCount } }"#;
        assert_eq!(app.admin().data(listed).await["webhookEvents"]["totalCount"], 1);
        let document = "mutation($i: ReplayEventsInput!) { replayEvents(input: $i) { replayed } }";
        for (from, until, expected) in [("2025-05-01", "2025-05-02", 1), ("2025-04-30", "2025-05-01", 0)] {
            let bounds = json!({"receivedFrom": from, "receivedUntil": until});
            let answer = app.admin().query_with(document, json!({"i": bounds})).await.data();
            assert_eq!(answer["replayEvents"]["replayed"], expected, "{bounds}");
            app.settle().await;
            let literal = document
                .replace("($i: ReplayEventsInput!)", "")
                .replace("$i", &format!(r#"{{receivedFrom: "{from}", receivedUntil: "{until}"}}"#));
            assert_eq!(app.admin().data(&literal).await["replayEvents"]["replayed"], expected, "{literal}");
            app.settle().await;
        }
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        promograph.prints(&["events", "list", "--since", "2025-05-01", "--until", "2025-05-02"]).await;
    })
    .await;
}

/// The leads whose `createdAt` is like this.
async fn found(app: &TestApp, compared: &Value) -> Vec<i64> {
    let document = "query($f: LeadFilter) { leads(filter: $f, orderBy: {field: ID}) { nodes { firstPromoterId } } }";
    let answer = app.admin().query_with(document, json!({"f": {"createdAt": compared}})).await.data();
    let nodes = answer["leads"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["firstPromoterId"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn what_cannot_be_compared_exactly_is_refused_by_name() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (kind, field, value) in [
            ("Lead", "createdAt", json!("2016-12-31T23:59:60Z")),
            ("Lead", "createdAt", json!("2025-02-30T00:00:00Z")),
            ("Lead", "createdAt", json!("2025-02-30")),
            ("Lead", "createdAt", json!("2025-5-1")),
            ("Lead", "createdAt", json!("10000-01-01T00:00:00Z")),
            ("Lead", "createdAt", json!("2025-05-01T00:00:00")),
            ("Lead", "createdAt", json!(1_746_057_601)),
            ("Lead", "firstPromoterId", json!(9_223_372_036_854_775_808_u64)),
            ("Lead", "firstPromoterId", json!("9223372036854775808")),
            ("Lead", "firstPromoterId", json!(1.5)),
            ("Reward", "amount", json!("0.00005")),
            ("Reward", "amount", json!(0.00005)),
            ("Reward", "amount", json!("922337203685477.5808")),
            ("Reward", "amount", json!(922_337_203_685_477.6)),
        ] {
            let plural = format!("{}s", kind.to_lowercase());
            for compared in [json!({"eq": value}), json!({"notIn": [value]})] {
                let document = format!("query($f: {kind}Filter) {{ {plural}(filter: $f) {{ totalCount }} }}");
                let body = json!({"query": document, "variables": {"f": {field: compared}}}).to_string();
                let headers = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
                let answer = app.admin().send("POST", "/graphql", &headers, body).await;
                let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
                assert_eq!(
                    (answer.status.as_u16(), answer.codes()),
                    (400, vec!["BAD_USER_INPUT"]),
                    "{field} {compared}"
                );
                assert!(message.contains(field), "{message}");
            }
        }
    })
    .await;
}

/// JSON's readers keep a double of a number: what it does not hold is never compared rounded.
#[tokio::test]
async fn a_number_with_more_digits_than_json_keeps_is_refused_in_a_variable_as_in_a_literal() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for number in ["75.00000000000000000001", "1e-400", "922337203685477.58071"] {
            let document = "query($f: RewardFilter) { rewards(filter: $f) { totalCount } }";
            let body = format!(r#"{{"query": "{document}", "variables": {{"f": {{"amount": {{"eq": {number}}}}}}}}}"#);
            let headers = [("content-type", "application/json")];
            let answer = app.admin().send("POST", "/graphql", &headers, body).await;
            assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_REQUEST"]), "{number}");
            let literal = format!("{{ rewards(filter: {{amount: {{eq: {number}}}}}) {{ totalCount }} }}");
            assert_eq!(app.admin().query(&literal).await.codes(), ["GRAPHQL_PARSE_FAILED"], "{number}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_bounds_of_replays_and_listings_are_not_cut() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        let app = TestApp::new(&test);
        let mut event = kept("one", br#"{"event": {"id": 1, "type": "other"}, "data": {}}"#);
        event.received_at = AT;
        store(&test.database, &[event]).await;
        app.settle().await;
        for (from, until, expected) in [
            ("0305", "0311", 1),
            ("031", "0310000000000000001", 1),
            ("0310000000000000001", "0320", 0),
            ("030", "0310", 0),
        ] {
            let time = |fraction| format!("2025-05-01T00:00:01.{fraction}Z");
            let (from, until) = (time(from), time(until));
            let input = json!({"receivedFrom": from, "receivedUntil": until});
            let document = "mutation($i: ReplayEventsInput!) { replayEvents(input: $i) { replayed } }";
            let answer = app.admin().query_with(document, json!({"i": input})).await.data();
            assert_eq!(answer["replayEvents"]["replayed"], expected, "{from} {until}");
            app.settle().await;
        }
        let leap = json!({"i": {"receivedFrom": "2016-12-31T23:59:60Z"}});
        let document = "mutation($i: ReplayEventsInput!) { replayEvents(input: $i) { replayed } }";
        let answer = app.admin().query_with(document, leap).await;
        assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("no leap second"), "{answer:?}");
        let output = promograph.run(&["events", "list", "--since", "2016-12-31T23:59:60Z"]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains("expected a time"), "{said}");
    })
    .await;
}
