//! Which events told a row: a relation through a table of pairs.

use serde_json::{Value, json};

use crate::support::{
    Client, TestApp, TestDatabase,
    example::{self, LEO, MIRA},
    on_both, rows,
};

/// The numbers of the events of a page, and its `pageInfo`.
async fn page(client: &Client, arguments: &str, cursor: &Value) -> (Vec<i64>, Value) {
    let document = format!(
        "query ($c: String) {{ promoter(firstPromoterId: 1) {{ events({arguments}) {{
            nodes {{ eventId }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    let data = client.query_with(&document, json!({ "c": cursor })).await.data();
    let events = &data["promoter"]["events"];
    let number = |node: &Value| node["eventId"].as_str().unwrap().parse().unwrap();
    (events["nodes"].as_array().unwrap().iter().map(number).collect(), events["pageInfo"].clone())
}

#[tokio::test]
async fn a_list_through_pairs_is_the_same_page_by_page_in_every_order_and_direction() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        rows::lineage(&test.database.write, 50, 3).await;
        let admin = TestApp::new(&test).admin();
        // Events 3, 6, ... tell promoter 1, and so does the last one.
        let expected: Vec<i64> = (1..=16).map(|turn| turn * 3).chain([50]).collect();
        let newest_first: Vec<i64> = expected.iter().rev().copied().collect();
        for (order, expected) in [
            ("", &newest_first),
            (", orderBy: { field: ID }", &expected),
            (", orderBy: { field: RECEIVED_AT }", &expected),
            (", orderBy: [{ field: RECEIVED_AT, direction: DESC }, { field: ID }]", &newest_first),
        ] {
            for (size, cursor, more, next) in [
                ("first: 4", "after", "hasNextPage", "endCursor"),
                ("last: 4", "before", "hasPreviousPage", "startCursor"),
            ] {
                let (mut seen, mut place) = (Vec::new(), Value::Null);
                loop {
                    let (events, info) = page(&admin, &format!("{size}, {cursor}: $c{order}"), &place).await;
                    let at = if size.starts_with('f') { seen.len() } else { 0 };
                    seen.splice(at..at, events);
                    if info[more] == json!(false) {
                        break;
                    }
                    place = info[next].clone();
                }
                assert_eq!(seen, *expected, "{size}{order}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_parent_has_its_own_part_and_count_of_the_pairs() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 4).await;
        rows::lineage(&test.database.write, 7, 3).await;
        let admin = TestApp::new(&test).admin();
        let document = r#"{ promoters(orderBy: { field: ID }) { nodes {
            events(first: 1, filter: { eventType: { eq: "lead_signup" } }) { totalCount edges { node { eventId } } }
            all: events { totalCount }
            leads(first: 1) { nodes { events { nodes { receivedAt } } } }
        } } }"#;
        let data = admin.data(document).await;
        let parts = data["promoters"]["nodes"].as_array().unwrap().iter().map(|node| {
            let event = node["events"]["edges"][0]["node"]["eventId"].as_str().unwrap_or("-");
            (event.to_owned(), node["events"]["totalCount"].clone(), node["all"]["totalCount"].clone())
        });
        let expected = [("6", 1, 3), ("4", 1, 3), ("2", 1, 2), ("-", 0, 0)];
        let expected = expected.map(|(event, told, all)| (event.to_owned(), json!(told), json!(all)));
        assert_eq!(parts.collect::<Vec<_>>(), expected);
    })
    .await;
}

#[tokio::test]
async fn rows_can_be_found_by_what_told_them() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 4).await;
        rows::lineage(&test.database.write, 3, 3).await;
        let admin = TestApp::new(&test).admin();
        for (filter, expected) in [
            (r#"some: { eventId: { eq: "3" } }"#, json!([1])),
            (r#"some: { eventType: { eq: "lead_cancelled" } }"#, json!([1, 2])),
            ("none: {}", json!([4])),
        ] {
            let document = format!(
                "{{ promoters(filter: {{ events: {{ {filter} }} }}, orderBy: {{ field: ID }}) {{ nodes {{ firstPromoterId }} }} }}"
            );
            let data = admin.data(&document).await;
            let found: Vec<_> = data["promoters"]["nodes"].as_array().unwrap().iter().map(|node| node["firstPromoterId"].clone()).collect();
            assert_eq!(json!(found), expected, "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_an_admin_sees_which_events_told_a_row() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        rows::lineage(&test.database.write, 1, 1).await;
        let app = TestApp::new(&test);
        for document in [
            "{ promoters { nodes { events { totalCount } } } }",
            "{ leads { nodes { events { nodes { id } } } } }",
            "{ commissions { nodes { events { nodes { id } } } } }",
            "{ leads { nodes { promoter { events { pageInfo { hasNextPage } } } } } }",
            "{ promoters(filter: { events: { none: {} } }) { totalCount } }",
            "{ leads(filter: { promoter: { events: { some: {} } } }) { totalCount } }",
        ] {
            assert!(app.admin().query(document).await.codes().is_empty(), "{document}");
            for client in [app.analyst(true), app.promoter(1)] {
                let answer = client.query(document).await;
                // One for every row that is seen.
                let codes = answer.codes();
                assert!(codes.iter().all(|code| *code == "FORBIDDEN"), "{document}");
                assert_eq!(codes.is_empty(), answer.text.contains("\"nodes\":[]"), "{document}: {}", answer.text);
                let refused = !answer.text.contains("\"events\":{") && !answer.text.contains("\"totalCount\":");
                assert!(refused, "{document}: {}", answer.text);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn lists_through_pairs_count_towards_the_cost_of_a_request() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "{ promoters(first: 10) { nodes { events(first: 20) { nodes { id } } } } }";
        let answer = app.admin().query(document).await;
        assert_eq!(answer.body["extensions"]["cost"]["requested"], json!(210));
    })
    .await;
}

/// The types of the events of a row, the newest first.
async fn told_by(client: &Client, row: &str) -> Vec<String> {
    let data = client.data(&format!("{{ row: {row} {{ events {{ nodes {{ eventType }} }} }} }}")).await;
    let events = data["row"]["events"]["nodes"].as_array().unwrap();
    events.iter().map(|event| event["eventType"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_row_knows_the_events_that_told_something_of_it_once_each() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let admin = app.admin();
        example::tell(&app).await;
        for again in [false, true] {
            if again {
                let replay = "mutation { replayEvents(input: { statuses: [APPLIED] }) { replayed } }";
                assert_eq!(admin.data(replay).await, json!({ "replayEvents": { "replayed": 13 } }));
                assert_eq!(app.settle().await.applied, 13);
            }
            let leads = told_by(&admin, "lead(firstPromoterId: 30100001)").await;
            let expected = [
                "lead_cancelled",
                "reward_created",
                "reward_created",
                "new_customer",
                "lead_becomes_referral",
                "lead_signup",
                "lead_subscribed",
            ];
            assert_eq!(leads, expected);
            assert_eq!(told_by(&admin, "commission(firstPromoterId: 14100002)").await, ["reward_created"]);
            let of_leo = told_by(&admin, &format!("promoter(firstPromoterId: {LEO})")).await;
            assert!(of_leo.contains(&"reward_created".to_owned()), "{of_leo:?}");
            let of_mira = told_by(&admin, &format!("promoter(firstPromoterId: {MIRA})")).await;
            assert!(!of_mira.is_empty() && of_mira != of_leo, "{of_mira:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_only_referred_to_has_no_events() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(
            r#"{"event":{"id":1,"type":"promoter_signs_up","created_at":"2025-03-01T00:00:00Z"},
                "data":{"promoter":{"id":7,"email":"x@partners.example","parent_promoter_id":8},"promotions":[]}}"#,
        )
        .await;
        app.settle().await;
        assert_eq!(told_by(&app.admin(), "promoter(firstPromoterId: 7)").await, ["promoter_signs_up"]);
        assert!(told_by(&app.admin(), "promoter(firstPromoterId: 8)").await.is_empty());
    })
    .await;
}
