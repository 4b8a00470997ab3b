//! `ETag` and `If-None-Match`: an answer that did not change is not read again.

use std::sync::atomic::Ordering;

use promograph::{
    database::{Readers, Workload},
    graphql::{Api, ApiConfig},
    limits::RequestLimits,
};
use serde_json::json;

use crate::support::{Client, TestApp, TestDatabase, escaped, fixture, on_both};

const LEADS: &str =
    "query Leads($n: Int) { leads(first: $n) { totalCount nodes { firstPromoterId promoter { email } } } }";

fn path(document: &str) -> String {
    format!("/graphql?query={}", escaped(document))
}

/// Asks by GET with the tags that are known.
async fn get(client: &Client, path: &str, tags: &str) -> (u16, Option<String>, String) {
    let headers: &[(&str, &str)] = if tags.is_empty() { &[] } else { &[("if-none-match", tags)] };
    let answer = client.send("GET", path, headers, String::new()).await;
    let tag = answer.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    let caching = if tag.is_some() { "private, no-cache" } else { "no-store" };
    assert_eq!(answer.headers["cache-control"], caching, "{answer:?}");
    let vary = answer.headers.get_all("vary").iter().any(|line| line == "accept, accept-encoding, authorization");
    assert!(vary, "{answer:?}");
    (answer.status.as_u16(), tag, answer.text)
}

async fn tag(client: &Client, path: &str) -> String {
    let (status, tag, text) = get(client, path, "").await;
    assert_eq!(status, 200, "{text}");
    tag.unwrap_or_else(|| panic!("no tag: {text}"))
}

/// How many statements were run to read.
fn statements(test: &TestDatabase) -> u64 {
    let of = |readers: &Readers| readers.counters().unwrap().statements.load(Ordering::SeqCst);
    of(&test.database.read) + of(&test.database.internal(Workload::Versions))
}

async fn with_a_lead(app: &TestApp) {
    app.deliver(fixture("seed_lead_signup")).await;
    app.settle().await;
}

#[tokio::test]
async fn an_unchanged_answer_takes_one_statement_and_a_change_gives_a_new_one() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (client, path) = (app.admin(), path(LEADS));
        let empty = tag(&client, &path).await;
        let before = statements(&test);
        let quoted = empty.strip_prefix("W/").unwrap();
        for tags in [&empty, quoted, &format!("\"x\", {empty}")] {
            assert_eq!(get(&client, &path, tags).await, (304, Some(empty.clone()), String::new()));
        }
        assert_eq!(statements(&test) - before, 3, "the version, each time");
        for tags in ["*", "\"x\"", quoted.trim_matches('"')] {
            let (status, again, text) = get(&client, &path, tags).await;
            assert!((status, again.as_ref()) == (200, Some(&empty)) && text.contains(r#""totalCount":0"#), "{text}");
        }

        with_a_lead(&app).await;
        let (status, full, text) = get(&client, &path, &empty).await;
        assert!(status == 200 && full.as_ref() != Some(&empty) && text.contains(r#""totalCount":1"#), "{text}");
        assert_eq!(get(&client, &path, full.as_deref().unwrap()).await.0, 304);
        // Told again, it changes nothing but the count of its deliveries.
        with_a_lead(&app).await;
        assert_eq!(get(&client, &path, full.as_deref().unwrap()).await.0, 304);
    })
    .await;
}

#[tokio::test]
async fn a_tag_is_good_for_its_viewer_and_its_request_alone() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        with_a_lead(&app).await;
        let admin = app.admin();
        let mine = tag(&admin, &path(LEADS)).await;
        for other in [app.analyst(true), app.analyst(false), app.promoter(1), app.promoter(2)] {
            let (status, tag, text) = get(&other, &path(LEADS), &mine).await;
            assert!(status == 200 && tag.as_ref() != Some(&mine) && !text.is_empty());
        }
        assert_ne!(tag(&app.promoter(1), &path(LEADS)).await, tag(&app.promoter(2), &path(LEADS)).await);
        for other in [
            path(LEADS) + "&variables=%7B%22n%22%3A1%7D",
            path(LEADS) + "&operationName=Leads",
            path(&format!("{LEADS} ")),
        ] {
            assert_eq!(get(&admin, &other, &mine).await.0, 200, "{other}");
        }
        let modern = [("accept", "application/graphql-response+json"), ("if-none-match", mine.as_str())];
        assert_eq!(admin.send("GET", &path(LEADS), &modern, String::new()).await.status, 200);
        let limited = TestApp::with(&test, RequestLimits { cost: 99_999, ..RequestLimits::default() }, |_| {});
        assert_eq!(get(&limited.admin(), &path(LEADS), &mine).await.0, 200, "the answer tells the limit");
        let api = Api::new(ApiConfig { currency: Some("EUR".to_owned()), ..TestApp::api_config(&test) });
        let priced = TestApp::with(&test, RequestLimits::default(), |state| state.api = api);
        assert_eq!(get(&priced.admin(), &path(LEADS), &mine).await.0, 200, "the answer may tell the currency");
        let without_token = app.anonymous().send("GET", &path(LEADS), &modern[1..], String::new()).await;
        assert!(without_token.status == 401 && !without_token.headers.contains_key("etag"));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_follow_from_the_mirror_alone_has_no_tag() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        with_a_lead(&app).await;
        let data = app.admin().data("{ webhookEvents { nodes { id } } leads { nodes { id } } }").await;
        let id = |name: &str| data[name]["nodes"][0]["id"].as_str().unwrap().to_owned();
        let (event, lead) = (id("webhookEvents"), id("leads"));
        for document in [
            "{ freshness { lastReceivedAt } }".to_owned(),
            "{ webhookEvents { totalCount } }".to_owned(),
            "{ leads { nodes { events { nodes { status } } } } }".to_owned(),
            "{ leads { ...F } } fragment F on LeadConnection { nodes { ... { events { totalCount } } } }".to_owned(),
            "{ leads(filter: {events: {some: {deliveries: {gte: 2}}}}) { totalCount } }".to_owned(),
            "query($f: LeadFilter = {and: [{not: {events: {none: {}}}}]}) { leads(filter: $f) { totalCount } }"
                .to_owned(),
            format!(r#"{{ node(id: "{event}") {{ id }} }}"#),
            format!(r#"{{ nodes(ids: ["{lead}", "{event}"]) {{ id }} }}"#),
            // Answers with errors.
            r#"{ promoter(id: "x") { id } }"#.to_owned(),
            r#"{ leads { nodes { id } } node(id: "x") { id } }"#.to_owned(),
            "{ nothing }".to_owned(),
        ] {
            assert_eq!(get(&app.admin(), &path(&document), "").await.1, None, "{document}");
        }
        for document in [
            format!(r#"{{ node(id: "{lead}") {{ id ... on Lead {{ state }} }} }}"#),
            format!(r#"{{ nodes(ids: ["{lead}"]) {{ id }} }}"#),
            "{ balances { nodes { amount } } payoutMethods { totalCount } }".to_owned(),
            "{ __schema { queryType { name } } __typename }".to_owned(),
        ] {
            tag(&app.admin(), &path(&document)).await;
        }
        let variables = r#"{"f": {"or": [{"events": {"some": {"deliveries": {"gte": 2}}}}]}}"#;
        let filtered =
            path("query($f: LeadFilter) { leads(filter: $f) { totalCount } }") + "&variables=" + &escaped(variables);
        assert_eq!(get(&app.admin(), &filtered, "").await.1, None);
        let posted = app.admin().query("{ leads { totalCount } }").await;
        assert!(posted.headers.get("etag").is_none() && posted.headers["cache-control"] == "no-store");
    })
    .await;
}

#[tokio::test]
async fn what_is_told_of_the_token_belongs_to_that_token() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (one, two) = (app.admin_until(3600), app.admin_until(7200));
        let token = path("{ viewer { expiresAt } }");
        assert_ne!(tag(&one, &token).await, tag(&two, &token).await);
        let rows = path("{ leads { totalCount } }");
        assert_eq!(tag(&one, &rows).await, tag(&two, &rows).await, "a new token does not spoil copies of rows");
    })
    .await;
}

#[tokio::test]
async fn pages_of_other_origins_may_read_tags_and_send_them() {
    on_both(async |test: TestDatabase| {
        let origins = vec![promograph::http::Origin::Any];
        let app = TestApp::with(&test, RequestLimits::default(), |state| state.cors_origins = origins);
        let asked = [
            ("origin", "https://portal.example.com"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization,if-none-match"),
        ];
        let preflight = app.anonymous().send("OPTIONS", "/graphql", &asked, String::new()).await;
        let allowed = preflight.headers["access-control-allow-headers"].to_str().unwrap().to_owned();
        assert!(allowed.contains("if-none-match"), "{allowed}");
        let origin = [("origin", "https://portal.example.com")];
        let answer = app.admin().send("GET", &path("{ leads { totalCount } }"), &origin, String::new()).await;
        let exposed = answer.headers["access-control-expose-headers"].to_str().unwrap();
        assert!(exposed.contains("etag"), "{exposed}");
        assert_eq!(answer.body, json!({"data": {"leads": {"totalCount": 0}}, "extensions": answer.body["extensions"]}));
    })
    .await;
}
