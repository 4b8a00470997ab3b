//! What a request costs, and what is refused before anything is done for it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use promograph::limits::{RateLimits, RequestLimits};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::{
    support::{Backend, TestApp, TestDatabase, live::Wire, on_both, rows, set_rates},
    visibility::TABLE,
};

mod shapes;
mod within_limits;

use shapes::{relations, tree};

/// The cost that an answer tells.
async fn cost(app: &TestApp, document: &str, variables: Value) -> u64 {
    let answer = app.admin().query_with(document, variables).await;
    answer.body["extensions"]["cost"]["requested"].as_u64().unwrap_or_else(|| panic!("{answer:?}"))
}

#[tokio::test]
async fn a_value_costs_the_same_as_a_literal_a_variable_and_a_default() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let inside = "{ id ... on Promoter { leads(first: 7) { nodes { id } } } }";
        let leads = "{ nodes { id } }";
        let nested = "{ nodes { leads(first: 3, filter: { promotionId: { in: $v } }) { nodes { id } } } }";
        let many = json!(vec!["cHJvbW90ZXI6MQ"; 20]);
        let relation = json!({"commissions": {"some": {"tier": {"gt": 1}}}});
        for (ty, field, value, expected) in [
            ("[ID!]!", format!("nodes(ids: $v) {inside}"), many.clone(), 20 * 8),
            ("[ID!]!", format!("nodes(ids: $v) {inside}"), json!("cHJvbW90ZXI6MQ"), 8),
            ("ID!", format!("nodes(ids: [$v, \"cHJvbW90ZXI6MQ\", $v]) {inside}"), json!("cHJvbW90ZXI6MQ"), 24),
            ("Int", format!("leads(first: $v) {leads}"), json!(40), 40),
            ("Int", format!("leads(last: $v) {leads}"), json!(40), 40),
            ("Int", format!("leads(first: $v) {leads}"), json!(null), 25),
            ("Int", format!("promoters(first: 2) {{ nodes {{ leads(first: $v) {leads} }} }}"), json!(9), 2 * 10),
            ("LeadFilter", format!("leads(filter: $v) {leads}"), relation.clone(), 25 + 110),
            ("LeadFilter", format!("leads(filter: {{ not: $v }}) {leads}"), relation.clone(), 25 + 110),
            ("[LeadFilter!]", format!("leads(filter: {{ and: $v }}) {leads}"), json!([relation, relation]), 25 + 220),
            ("String", format!("leads(filter: {{ email: {{ contains: $v }} }}) {leads}"), json!("a"), 25 + 100),
            ("[ID!]", format!("promoters(first: 2) {nested}"), many, 2 * (1 + 20 + 3)),
        ] {
            let literal = literal(&value);
            let (given, given_null) = (json!({"v": value}), json!({}));
            let written = field.replace("$v", &literal);
            for (document, variables) in [
                (format!("{{ {written} }}"), &given_null),
                (format!("query ($v: {ty}) {{ {field} }}"), &given),
                (format!("query ($v: {ty} = {literal}) {{ {field} }}"), &given_null),
            ] {
                assert_eq!(cost(&app, &document, variables.clone()).await, expected, "{document}");
            }
        }
        // Only the operation that runs has values; the others cost nothing.
        let several = "query A($n: Int = 200) { leads(first: $n) { nodes { id } } } query B { leads { nodes { id } } }";
        for (name, variables, expected) in [("A", json!({}), 200), ("A", json!({"n": 3}), 3), ("B", json!({}), 25)] {
            let request = json!({"query": several, "variables": variables, "operationName": name});
            let answers =
                [app.admin().post(&request).await.body, app.admin().post(&json!([request])).await.body[0].clone()];
            for answer in answers {
                assert_eq!(answer["extensions"]["cost"]["requested"], expected, "{name}");
            }
        }
    })
    .await;
}

/// A JSON value as it stands in a document.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", literal(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn totals_cost_their_own_statements_where_rows_do_not_add_up_to_them() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let report = async |arguments: &str, fields: &str| {
            let period = "period: { last: { count: 1, unit: MONTH } }";
            cost(&app, &format!("{{ performance({period} {arguments}) {{ {fields} }} }}"), json!({})).await
        };
        let both = "totals { promotersActive } nodes { promotersActive }";
        let without = report("by: [CAMPAIGN]", "nodes { promotersActive }").await;
        // A scan, and the object of the totals.
        assert_eq!(report("by: [CAMPAIGN]", both).await - without, 2_000 + 100);
        let compared = report("by: [CAMPAIGN] compareTo: PREVIOUS_YEAR", "nodes { promotersActive }").await;
        assert_eq!(report("by: [CAMPAIGN] compareTo: PREVIOUS_YEAR", both).await - compared, 4_000 + 100);
        let added = report("by: [CAMPAIGN]", "nodes { referrals }").await;
        assert_eq!(report("by: [CAMPAIGN]", "totals { referrals } nodes { referrals }").await - added, 100);
        assert_eq!(report("", both).await - report("", "nodes { promotersActive }").await, 100);
    })
    .await;
}

#[tokio::test]
async fn cohorts_cost_the_statements_of_the_selected_figures() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let scans = async |fields: &str| {
            cost(&app, &format!("{{ leadCohorts(months: 1) {{ {fields} }} }}"), json!({})).await / 2_000
        };
        for (fields, statements) in [
            ("cohort", 0),
            ("cohort size", 1),
            ("periods { offset }", 0),
            ("periods { offset converted }", 1),
            ("size periods { active }", 3),
            ("periods { sales revenue }", 1),
            ("size periods { converted cancelled active sales revenue }", 4),
        ] {
            assert_eq!(scans(fields).await, statements, "{fields}");
        }
    })
    .await;
}

/// What costs nothing hides the cost of all that is selected below it.
#[tokio::test]
async fn every_root_field_of_queries_that_returns_objects_costs_something() {
    let app = TestApp::new(&TestDatabase::migrated(Backend::Sqlite).await);
    for (name, field, _) in TABLE.iter().filter(|(name, field, _)| *name != "replayEvents" && field.ends_with('}')) {
        assert!(cost(&app, &format!("{{ {field} }}"), json!({})).await > 0, "{name}");
    }
}

#[tokio::test]
async fn a_subscription_costs_what_its_values_cost() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with(&test, RequestLimits { cost: 150, ..RequestLimits::default() }, |_| {});
        let mut wire = Wire::open(app.listen().await, &app.token_of(promograph::auth::Viewer::Admin)).await;
        let filter = r#"{ promotion: { campaign: { name: { eq: "x" } } } }"#;
        for (document, variables) in [
            (format!("subscription {{ leadChanged(filter: {filter}) {{ id }} }}"), json!({})),
            (format!("subscription ($f: LeadFilter = {filter}) {{ leadChanged(filter: $f) {{ id }} }}"), json!({})),
            (
                "subscription ($f: LeadFilter) { leadChanged(filter: $f) { id } }".to_owned(),
                json!({"f": {"promotion": {"campaign": {"name": {"eq": "x"}}}}}),
            ),
            (
                "subscription ($n: Int = 150) { leadChanged { lead { commissions(first: $n) { nodes { id } } } } }"
                    .to_owned(),
                json!({}),
            ),
        ] {
            wire.start_with("1", &document, variables).await;
            let message = wire.message().await;
            assert_eq!(message["payload"][0]["extensions"]["rule"], "cost", "{document}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn too_many_relations_are_refused_alike_on_both_databases_before_anything_is_read() {
    on_both(async |mut test: TestDatabase| {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        test.database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let app = TestApp::new(&test);
        let all = |filters: Value| json!({ "f": { "and": filters } });
        let filtered = "query ($f: LeadFilter) { leads(filter: $f) { nodes { id } } }";
        let lists = (0..20).fold(String::new(), |text, index| {
            format!("{text} a{index}: promoters(first: 1) {{ totalCount nodes {{ leads {{ totalCount }} payouts {{ totalCount nodes {{ id }} }} commissions {{ nodes {{ id }} }} }} }}")
        });
        let (deepest, deep, wide, wider) = (tree(4), tree(3), relations(41), relations(200));
        // For a promoter each id is looked up.
        let ids = relations(30);
        let compared = json!(vec![json!({"promotionId": {"isNull": false}}); 41]);
        for (document, variables, rule, limit) in [
            (deepest.as_str(), json!({}), "joins", 40),
            (deep.as_str(), json!({}), "joins", 40),
            (wide.as_str(), json!({}), "joins", 40),
            (wider.as_str(), json!({}), "joins", 40),
            (ids.as_str(), json!({}), "joins", 40),
            (filtered, all(compared), "joins", 40),
            (filtered, all(json!(vec![json!({"commissions": {"some": {}}}); 95])), "joins", 40),
            (
                "query ($f: LeadFilter) { promoters(first: 1) { nodes { leads(filter: $f) { totalCount } } } }",
                all(json!(vec![json!({"promotion": {}}); 41])),
                "joins",
                40,
            ),
            (
                "subscription ($f: LeadFilter) { leadChanged(filter: $f) { id } }",
                all(json!(vec![json!({"promotion": {}}); 41])),
                "joins",
                40,
            ),
            (&format!("{{ {lists} }}"), json!({}), "statements", 100),
        ] {
            for client in [app.admin(), app.promoter(7)] {
                let answer = client.query_with(document, variables.clone()).await;
                assert_eq!(answer.codes(), ["LIMIT_EXCEEDED"], "{document}");
                let told = &answer.body["errors"][0]["extensions"];
                let setting = format!("PROMOGRAPH_LIMIT_{}", rule.to_uppercase());
                assert_eq!(
                    [&told["rule"], &told["limit"], &told["setting"]],
                    [&json!(rule), &json!(limit), &json!(setting)],
                    "{document}"
                );
                assert!(told["actual"].as_u64() > Some(limit), "{told}");
                assert_eq!(answer.body.get("data"), None);
            }
        }
        assert_eq!(count.load(Ordering::SeqCst), 0);
    })
    .await;
}

#[tokio::test]
async fn a_relation_is_counted_once_however_often_it_is_selected() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::with(&test, RequestLimits { joins: 2, ..RequestLimits::default() }, |_| {});
        let fragments = (0..12).fold(String::new(), |text, index| {
            format!("{text} fragment F{index} on Lead {{ promoter {{ id email }} promotion {{ id }} again: promoter {{ joinedAt }} }}")
        });
        let spread = (0..12).fold(String::new(), |text, index| format!("{text} ...F{index}"));
        let data = app.admin().data(&format!("{{ leads {{ nodes {{ {spread} }} edges {{ node {{ {spread} }} }} }} }} {fragments}")).await;
        assert_eq!(data["leads"]["nodes"].as_array().unwrap().len(), 15);
        let answer = app.admin().query("{ leads { nodes { promoter { parent { id } } promotion { id } } } }").await;
        assert_eq!(answer.body["errors"][0]["extensions"]["actual"], 3);
    })
    .await;
}

#[tokio::test]
async fn many_relations_with_all_their_columns_are_read_on_both_databases() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::new(&test);
        for client in [app.admin(), app.analyst(false), app.promoter(2)] {
            let data = client.data(&relations(22)).await;
            assert!(!data["promotions"]["nodes"].as_array().unwrap().is_empty(), "{data}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_and_its_first_list_may_have_more_columns_than_one_statement() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::with(&test, RequestLimits { joins: 200, ..RequestLimits::default() }, |_| {});
        let lists = relations(50);
        let promotion = lists.strip_prefix("{ promotions(first: 2) { nodes ").unwrap().strip_suffix(" } }").unwrap();
        let document =
            format!("{{ lead(firstPromoterId: 1) {{ promotion {promotion} promoter {{ promotions {{ nodes {promotion} }} }} }} }}");
        let data = app.admin().data(&document).await;
        assert!(!data["lead"]["promoter"]["promotions"]["nodes"].as_array().unwrap().is_empty(), "{data}");
    })
    .await;
}

#[tokio::test]
async fn filters_over_relations_cost_what_they_may_look_at() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::new(&test);
        let document = "query ($f: LeadFilter) { leads(first: 10, filter: $f) { totalCount nodes { id } } }";
        let asked = async |filter: Value| cost(&app, document, json!({ "f": filter })).await;
        let plain = asked(json!({"state": {"eq": "SIGNUP"}})).await;
        assert_eq!(plain, 10 + 100 + 2, "comparing costs next to nothing");
        let one = json!({"commissions": {"some": {"amount": {"gt": 1}}}});
        // For the rows and for the count.
        assert_eq!(asked(one.clone()).await, 10 + 100 + 2 * 110);
        assert_eq!(asked(json!({"not": one, "promoter": {"email": {"startsWith": "a"}}})).await, 10 + 100 + 2 * 310);
        let long = json!({"commissions": {"some": {"lead": {"commissions": {"some": {"lead": {}}}}}}});
        let twenty = app.admin().query_with(document, json!({"f": {"or": vec![long; 20]}})).await;
        assert_eq!(twenty.codes(), ["LIMIT_EXCEEDED"]);
        // What a filter costs is paid, and for every row that its list hangs on.
        let rates = RateLimits { rate_points: 300, ..RateLimits::default() };
        let app = TestApp::with(&test, RequestLimits::default(), |state| set_rates(state, &rates));
        let per_parent =
            "query ($f: LeadFilter) { promoters(first: 100) { nodes { leads(first: 1, filter: $f) { nodes { id } } } } }";
        for (filter, remaining) in [(json!({}), 297), (json!({"commissions": {"some": {}}}), 196)] {
            let answer = app.admin().query_with(per_parent, json!({ "f": filter })).await;
            assert!(answer.codes().is_empty(), "{answer:?}");
            let told = answer.headers["ratelimit-remaining"].to_str().unwrap().parse::<u64>().unwrap();
            assert!(told.abs_diff(remaining) < 15, "{told} are left: some flow in meanwhile");
        }
    })
    .await;
}

#[tokio::test]
async fn filters_that_lead_down_to_the_same_rows_again_are_refused_and_others_are_not() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::new(&test);
        let again = r#"promoter: { leads: { none: { or: [{ promoter: { leads: { some: { uid: { eq: "x" } } } } }] } } }"#;
        for document in [
            format!("{{ leads(filter: {{ {again} }}) {{ totalCount }} }}"),
            format!("{{ promoters(filter: {{ leads: {{ some: {{ {again} }} }} }}) {{ nodes {{ id }} }} }}"),
            "{ payouts(filter: { commissions: { some: { payouts: { some: { commissions: { some: {} } } } } } }) { totalCount } }".to_owned(),
        ] {
            for client in [app.admin(), app.promoter(2)] {
                let answer = client.query(&document).await;
                assert_eq!(answer.body["errors"][0]["extensions"]["rule"], "cost", "{document}: {answer:?}");
            }
        }
        let down = r"{ promotions: { some: { leads: { some: { commissions: { some: { tier: { gt: 1 } } } } } } } }";
        for (document, most) in [
            (format!("{{ campaigns(filter: {down}) {{ totalCount nodes {{ id }} }} }}"), 25_000),
            ("{ leads(filter: { promoter: { leads: { some: { commissions: { none: {} } } } } }) { totalCount } }".into(), 2_000),
        ] {
            assert!(cost(&app, &document, json!({})).await < most, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_backend_keeps_few_statements_and_none_that_is_large() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    rows::programme(&test.database.write, 3).await;
    let app = TestApp::new(&test);
    for index in 0..80 {
        // Each has a text of its own.
        let own = format!(
            "{{ campaigns(filter: {{ and: [{}] }}) {{ nodes {{ id }} }} }}",
            "{ name: { eq: \"a\" } } ".repeat(index + 1)
        );
        app.admin().data(&own).await;
        if index % 8 == 0 {
            app.admin().data(&relations(22 - index / 8)).await;
        }
    }
    let read = async |sql: &str| {
        let statement = Statement::from_string(test.database.backend, sql);
        test.database.read.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    assert!(read("select count(*) from pg_prepared_statements").await <= 64);
    let tables = "(length(statement) - length(replace(statement, ' join ', ''))) / length(' join ')";
    let large = format!("select count(*) from pg_prepared_statements where {tables} > 20");
    assert_eq!(read(&large).await, 0);
    let kept = read("select sum(total_bytes)::bigint from pg_backend_memory_contexts").await;
    assert!(kept < 60_000_000, "{kept}");
}
