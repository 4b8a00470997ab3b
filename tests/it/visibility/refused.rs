//! A field that is refused is null, with an error at its own path; everything else is answered.

use http_body_util::BodyExt as _;
use promograph::{graphql::catalog::CATALOG, read::model::Link};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{
    Answer, TestApp, TestDatabase,
    example::{self, MIRA},
    live::Wire,
    on_both,
};

const LEAD: &str = "bGVhZDozMDEwMDAwMQ";

/// The codes and paths of the errors.
fn errors(answer: &Answer) -> Vec<(&str, Value)> {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    errors.map(|error| (error["extensions"]["code"].as_str().unwrap(), error["path"].clone())).collect()
}

/// Senders may write numbers that no double holds, and nest deeper than JSON readers like.
#[tokio::test]
async fn a_forbidden_field_has_its_path_beside_any_json() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let deep = format!("{}1e400{}", "[".repeat(200), "]".repeat(200));
        let sql = format!(r#"update lead set custom_fields = '{{"n":1e400,"deep":{deep}}}' where id = 30100001"#);
        test.database.write.execute_unprepared(&sql).await.unwrap();
        let document = r#"{"query": "{ leads { nodes { customFields events { totalCount } } } }"}"#;
        let response =
            app.promoter(MIRA).raw("POST", "/graphql", &[("content-type", "application/json")], document).await;
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = std::str::from_utf8(&body).unwrap();
        let row = format!(r#"{{"customFields":{{"n":1e400,"deep":{deep}}},"events":null}}"#);
        assert!(text.contains(&row), "{text}");
        assert!(
            text.contains(r#""code":"FORBIDDEN""#) && text.contains(r#""path":["leads","nodes",0,"events"]"#),
            "{text}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_forbidden_field_costs_no_more_than_itself() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let nodes = format!(
            r#"{{ nodes(ids: ["{LEAD}", "bGVhZDox", "{LEAD}"]) {{ id ... on Lead {{ firstPromoterId events {{ totalCount }} }} }} }}"#
        );
        let node = format!(r#"{{ node(id: "{LEAD}") {{ ... on Lead {{ firstPromoterId events {{ totalCount }} }} }} }}"#);
        for (document, data, paths) in [
            (
                "{ leads(first: 1) { nodes { firstPromoterId events { totalCount } } totalCount } }",
                json!({"leads": {"nodes": [{"firstPromoterId": 30_100_001, "events": null}], "totalCount": 1}}),
                json!([["leads", "nodes", 0, "events"]]),
            ),
            (
                "{ a: leads { edges { row: node { e: events { totalCount } f: events(first: 0) { nodes { id } } } } } viewer { role } }",
                json!({"a": {"edges": [{"row": {"e": null, "f": null}}]}, "viewer": {"role": "PROMOTER"}}),
                json!([["a", "edges", 0, "row", "e"], ["a", "edges", 0, "row", "f"]]),
            ),
            (&node, json!({"node": {"firstPromoterId": 30_100_001, "events": null}}), json!([["node", "events"]])),
            (
                &nodes,
                json!({"nodes": [
                    {"id": LEAD, "firstPromoterId": 30_100_001, "events": null}, null,
                    {"id": LEAD, "firstPromoterId": 30_100_001, "events": null},
                ]}),
                json!([["nodes", 0, "events"], ["nodes", 2, "events"]]),
            ),
            (
                "{ viewer { promoter { firstPromoterId events { totalCount } leads { nodes { events { totalCount } promoter { firstPromoterId } } } } } }",
                json!({"viewer": {"promoter": {"firstPromoterId": MIRA, "events": null, "leads": {
                    "nodes": [{"events": null, "promoter": {"firstPromoterId": MIRA}}],
                }}}}),
                json!([["viewer", "promoter", "events"], ["viewer", "promoter", "leads", "nodes", 0, "events"]]),
            ),
            (
                "{ lead(firstPromoterId: 30100001) { promoter { firstPromoterId events { totalCount } } } lead2: lead(firstPromoterId: 1) { events { totalCount } } }",
                json!({"lead": {"promoter": {"firstPromoterId": MIRA, "events": null}}, "lead2": null}),
                json!([["lead", "promoter", "events"]]),
            ),
        ] {
            let answer = app.promoter(MIRA).query(document).await;
            assert_eq!((answer.status.as_u16(), &answer.body["data"]), (200, &data), "{document}");
            let expected: Vec<_> = paths.as_array().unwrap().iter().map(|path| ("FORBIDDEN", path.clone())).collect();
            assert_eq!(errors(&answer), expected, "{document}");
        }
        let document = "{ leads {\n nodes { id\n events { totalCount } } } }";
        let answer = app.analyst(true).query(document).await;
        assert_eq!(answer.body["errors"][0]["locations"], json!([{"line": 3, "column": 2}]));
    })
    .await;
}

#[tokio::test]
async fn arguments_that_are_refused_below_a_row_cost_no_more_than_their_field() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        for entity in CATALOG.iter() {
            for relation in entity.relations.iter().filter(|relation| !matches!(relation.link, Link::ToOne { .. })) {
                let (plural, name) = (entity.plural, relation.name);
                for (arguments, code) in [
                    ("(first: 0)", "BAD_USER_INPUT"),
                    ("(first: 1, last: 1)", "BAD_USER_INPUT"),
                    ("(after: \"x\")", "BAD_USER_INPUT"),
                    ("(filter: { id: { eq: null } })", "BAD_USER_INPUT"),
                    ("(filter: { not: { not: { not: { not: { not: { not: { not: {} } } } } } } })", "BAD_USER_INPUT"),
                    ("(orderBy: [{ field: ID }, { field: ID }])", "BAD_USER_INPUT"),
                ] {
                    let document = format!("{{ {plural} {{ nodes {{ id {name}{arguments} {{ totalCount }} }} }} }}");
                    let answer = app.admin().query(&document).await;
                    let rows = answer.body["data"][plural]["nodes"].as_array().unwrap_or_else(|| panic!("{document}: {}", answer.text));
                    let expected: Vec<_> = (0..rows.len()).map(|row| (code, json!([plural, "nodes", row, name]))).collect();
                    assert_eq!(errors(&answer), expected, "{document}");
                    assert!(rows.iter().all(|row| row["id"].is_string() && row[name].is_null()), "{document}");
                }
            }
        }
        // What only some viewers may compare.
        let document = "{ promoters { nodes { a: leads { totalCount } b: leads(filter: { email: { isNull: true } }) { totalCount } c: leads(orderBy: { field: EMAIL }) { totalCount } } } }";
        let answer = app.analyst(false).query(document).await;
        let rows = answer.body["data"]["promoters"]["nodes"].as_array().unwrap();
        assert!(rows.len() > 1 && rows.iter().all(|row| row["a"].is_object() && row["b"].is_null() && row["c"].is_null()));
        assert_eq!(errors(&answer).len(), 2 * rows.len());
        assert!(errors(&answer).iter().all(|(code, _)| *code == "FORBIDDEN"));
    })
    .await;
}

#[tokio::test]
async fn a_variable_that_is_refused_below_a_row_costs_no_more_than_its_field() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let document = "query ($d: OrderDirection = ASC) { promoters(first: 1) { nodes { id leads(orderBy: { field: ID, direction: $d }) { totalCount } } } }";
        let answer = app.admin().query_with(document, json!({"d": null})).await;
        assert_eq!(errors(&answer), [("BAD_USER_INPUT", json!(["promoters", "nodes", 0, "leads"]))]);
        assert!(answer.body["data"]["promoters"]["nodes"][0]["id"].is_string());
    })
    .await;
}

#[tokio::test]
async fn a_message_of_a_subscription_tells_what_is_refused_in_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let token = app.token_of(promograph::auth::Viewer::Analyst { pii: false });
        let mut wire = Wire::open(app.listen().await, &token).await;
        let document = "subscription { leadChanged { id lead { firstPromoterId events { totalCount } promoter { leads(first: 0) { totalCount } } } } }";
        wire.subscribe(&app, "x", document).await;
        example::tell(&app).await;
        let message = wire.message().await;
        let payload = &message["payload"];
        let lead = &payload["data"]["leadChanged"]["lead"];
        assert!(lead["firstPromoterId"].is_number() && lead["events"].is_null(), "{message}");
        let told: Vec<_> =
            payload["errors"].as_array().unwrap().iter().map(|error| (&error["extensions"]["code"], &error["path"])).collect();
        let paths = [json!(["leadChanged", "lead", "events"]), json!(["leadChanged", "lead", "promoter", "leads"])];
        assert_eq!(told, [(&json!("FORBIDDEN"), &paths[0]), (&json!("BAD_USER_INPUT"), &paths[1])]);
    })
    .await;
}
