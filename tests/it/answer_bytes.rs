//! An answer is as large as it may be, and no larger: what does not fit is never held in memory.

use std::sync::atomic::Ordering;

use entity::lead;
use promograph::limits::RequestLimits;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Answer, Backend, TestApp, TestDatabase, live::Wire, on_both, rows};

const LIMIT: usize = 400_000;
/// What one lead's field holds.
const LARGE: usize = 10_000;

/// 20 promoters and 100 leads, each with a large field, at a server with a small limit.
async fn large(test: &TestDatabase) -> TestApp {
    rows::programme(&test.database.write, 20).await;
    let large = json!({"text": "x".repeat(LARGE)}).to_string();
    let update = lead::Entity::update_many().col_expr(lead::Column::CustomFields, Expr::value(large));
    update.filter(lead::Column::Id.gt(0)).exec(&test.database.write).await.unwrap();
    TestApp::with(test, RequestLimits { answer_bytes: LIMIT, ..RequestLimits::default() }, |_| {})
}

fn refused(answer: &Value) {
    let told = &answer["errors"][0]["extensions"];
    let setting = "PROMOGRAPH_LIMIT_ANSWER_BYTES";
    assert_eq!(
        [&told["code"], &told["rule"], &told["limit"], &told["setting"]],
        [&json!("LIMIT_EXCEEDED"), &json!("answerBytes"), &json!(LIMIT), &json!(setting)],
        "{told}"
    );
    assert!(told["actual"].as_u64() > told["limit"].as_u64());
    assert_eq!(answer.get("data"), None, "nothing is given of an answer that is too large");
}

fn leads(key: &str, first: usize) -> String {
    format!("{key}: leads(first: {first}) {{ nodes {{ customFields }} }}")
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_refused_wherever_its_bytes_come_from() {
    on_both(async |test: TestDatabase| {
        let app = large(&test).await;
        let admin = app.admin();
        let ids = |count: usize| vec!["bGVhZDox"; count];
        let aliases = |count: usize| {
            let aliases = (0..count).map(|index| format!("c{index}: customFields"));
            aliases.collect::<Vec<_>>().join(" ")
        };
        let nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Lead { customFields } } }";
        let nested = |count: usize| {
            format!("{{ promoters(first: {count}) {{ nodes {{ id leads {{ nodes {{ customFields }} }} }} }} }}")
        };
        // Rows, root fields, lists below rows, one column under many names, one row in many places.
        for (fits, too_large, variables) in [
            (format!("{{ {} }}", leads("a", 35)), format!("{{ {} }}", leads("a", 100)), [json!({}), json!({})]),
            (
                format!("{{ {} {} {} }}", leads("a", 10), leads("b", 10), leads("c", 10)),
                format!("{{ {} {} {} }}", leads("a", 30), leads("b", 30), leads("c", 30)),
                [json!({}), json!({})],
            ),
            (nested(7), nested(20), [json!({}), json!({})]),
            (
                format!("{{ lead(firstPromoterId: 1) {{ {} }} }}", aliases(25)),
                format!("{{ leads(first: 2) {{ nodes {{ {} }} }} }}", aliases(25)),
                [json!({}), json!({})],
            ),
            (nodes.to_owned(), nodes.to_owned(), [json!({"ids": ids(30)}), json!({"ids": ids(100)})]),
        ] {
            let [small, many] = variables;
            let answer = admin.query_with(&fits, small).await;
            assert!(answer.codes().is_empty() && answer.text.len() < LIMIT, "{fits}: {:?}", answer.codes());
            let answer = admin.query_with(&too_large, many).await;
            refused(&answer.body);
        }
        admin.data("{ leads { totalCount } }").await;
    })
    .await;
}

#[tokio::test]
async fn what_introspection_brings_counts_too() {
    on_both(async |test: TestDatabase| {
        let limits = RequestLimits { answer_bytes: 50_000, ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        let whole = include_str!("limits/introspection.graphql");
        let answer = app.admin().query(whole).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["rule"], "answerBytes");
    })
    .await;
}

#[tokio::test]
async fn the_answers_of_a_batch_share_their_bytes() {
    on_both(async |test: TestDatabase| {
        let app = large(&test).await;
        let request = |first| json!({ "query": format!("{{ {} }}", leads("a", first)) });
        let answer: Answer = app.admin().post(&json!([request(15), request(15), request(15), request(5)])).await;
        assert!(answer.text.len() < LIMIT);
        let answers = answer.body.as_array().unwrap();
        for fits in [0, 1, 3] {
            assert!(answers[fits]["data"].is_object(), "{fits}");
        }
        refused(&answers[2]);
    })
    .await;
}

#[tokio::test]
async fn sockets_and_event_streams_have_the_same_limit() {
    on_both(async |test: TestDatabase| {
        let app = large(&test).await;
        let document = format!("{{ {} }}", leads("a", 100));
        let mut wire = Wire::open(app.listen().await, &app.token_of(promograph::auth::Viewer::Admin)).await;
        wire.start("1", &document).await;
        assert_eq!(wire.error("1").await, "LIMIT_EXCEEDED");
        assert_eq!(app.admin().events(&document).await.error().await, "LIMIT_EXCEEDED");
    })
    .await;
}

#[tokio::test]
async fn a_statement_ends_when_its_rows_do_not_fit_and_the_connections_read_on() {
    on_both(async |test: TestDatabase| {
        let app = large(&test).await;
        for _ in 0..10 {
            refused(&app.admin().query(&format!("{{ {} }}", leads("a", 100))).await.body);
        }
        assert_eq!(test.database.read.counters().unwrap().cancelled.load(Ordering::Relaxed), 10);
        crate::support::eventually("no place is taken", async || test.database.read.usage().0.taken == 0).await;
        app.admin().data("{ leads { totalCount } }").await;
    })
    .await;
}

#[tokio::test]
async fn a_subscriber_gets_large_rows_one_by_one_and_is_told_of_one_that_is_too_large() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let test = TestDatabase::migrated(backend).await;
        let app = TestApp::with(&test, RequestLimits { answer_bytes: 60_000, ..RequestLimits::default() }, |_| {});
        let mut wire = Wire::open(app.listen().await, &app.token_of(promograph::auth::Viewer::Admin)).await;
        let document = "subscription { leadChanged { lead { firstPromoterId email customFields } } }";
        wire.subscribe(&app, "1", document).await;
        let event = |number: i64, bytes: usize| {
            json!({
                "event": { "id": number, "type": "lead_signup", "created_at": format!("2025-03-01T00:00:0{number}Z") },
                "data": {
                    "id": number, "state": "signup", "email": format!("lead-{number}@customer.example"),
                    "custom_fields": { "text": "x".repeat(bytes) },
                    "promoter": { "id": 5, "email": "promoter-5@partners.example" },
                },
            })
        };
        for number in 1..=4 {
            app.deliver(event(number, 40_000).to_string()).await;
        }
        app.settle().await;
        for number in 1..=4 {
            let data = wire.data("1").await;
            assert_eq!(data["leadChanged"]["lead"]["firstPromoterId"], number);
            assert!(data.to_string().len() > 40_000);
        }
        app.deliver(event(5, 80_000).to_string()).await;
        app.settle().await;
        assert_eq!(wire.error("1").await, "LIMIT_EXCEEDED");
    }
}
