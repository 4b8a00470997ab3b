//! What one request may ask for.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::http::StatusCode;
use promograph::limits::RequestLimits;
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, on_both};

/// What `GraphiQL` asks before anything else.
const INTROSPECTION: &str = include_str!("limits/introspection.graphql");

#[tokio::test]
async fn every_limit_is_refused_by_its_name() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let aliases = (0..31).map(|index| format!("a{index}: __typename")).collect::<Vec<_>>().join(" ");
        let nested = (0..20).fold(String::new(), |text, level| {
            let next = if level < 19 { format!("...F{}", level + 1) } else { "id".to_owned() };
            format!("{text} fragment F{level} on Promoter {{ a: parent {{ {next} }} b: parent {{ {next} }} }}")
        });
        for (document, limit) in [
            (format!("{{ __typename }} # {}", "x".repeat(100_000)), "queryBytes"),
            (format!("{{ {} }}", "a ".repeat(10_001)), "tokens"),
            (format!("{{ promoters {{ nodes {} {{ id }} {} }} }}", "{ parent ".repeat(12), "}".repeat(12)), "depth"),
            (format!("{{ {aliases} }}"), "aliases"),
            (format!("{{ promoters {{ nodes {{ ...F0 }} }} }} {nested}"), "depth"),
            (format!("{{ {} }}", "promoters { totalCount } ".repeat(21)), "rootFields"),
            ("{ promoters(first: 200) { nodes { leads(first: 200) { nodes { commissions(first: 200) { nodes { id } } } } } } }".to_owned(), "cost"),
            (format!("{}{}", "{ promoters ".repeat(65), "}".repeat(65)), "nesting"),
            ("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".to_owned(), "introspectionLists"),
        ] {
            let answer = app.admin().query(&document).await;
            assert_eq!(answer.codes(), ["LIMIT_EXCEEDED"], "{limit}: {answer:?}");
            let extensions = &answer.body["errors"][0]["extensions"];
            assert_eq!(extensions["rule"], json!(limit));
            let setting = match limit {
                "nesting" | "introspectionLists" => json!(null),
                "queryBytes" => json!("PROMOGRAPH_LIMIT_QUERY_BYTES"),
                "rootFields" => json!("PROMOGRAPH_LIMIT_ROOT_FIELDS"),
                limit => json!(format!("PROMOGRAPH_LIMIT_{}", limit.to_uppercase())),
            };
            assert_eq!(extensions["setting"], setting);
            assert!(extensions["actual"].as_u64() > extensions["limit"].as_u64(), "{extensions}");
        }
        let directives = format!("{{ promoters {{ nodes {{ {} }} }} }}", "id @skip(if: false) ".repeat(51));
        let answer = app.admin().query(&directives).await;
        let expected = json!({
            "code": "LIMIT_EXCEEDED", "rule": "directives", "limit": 50, "actual": 51,
            "setting": "PROMOGRAPH_LIMIT_DIRECTIVES",
        });
        assert_eq!(answer.body["errors"][0]["extensions"], expected);
    })
    .await;
}

#[tokio::test]
async fn cost_multiplies_page_sizes_and_is_told() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "query ($n: Int) { promoters(first: 10) { totalCount nodes { profile { id } leads(first: $n) { nodes { id } } } } }";
        // 10 promoters with a profile and 20 leads each, and what counting scans.
        let answer = app.admin().query_with(document, json!({ "n": 20 })).await;
        assert_eq!(answer.body["extensions"]["cost"], json!({ "requested": 10 * (1 + 1 + 20) + 100, "maximum": 100_000 }));
        // 25 rows where no number is given.
        let answer = app.admin().query_with(document, json!({})).await;
        assert_eq!(answer.body["extensions"]["cost"]["requested"], json!(10 * (1 + 1 + 25) + 100));
    })
    .await;
}

#[tokio::test]
async fn introspection_works_under_the_limits() {
    on_both(async |test: TestDatabase| {
        let limits = RequestLimits { depth: 3, aliases: 1, cost: 1, ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        let data = app.admin().data(INTROSPECTION).await;
        assert_eq!(data["__schema"]["queryType"]["name"], json!("Query"));
        assert_eq!(data["__schema"]["mutationType"]["name"], json!("Mutation"));
    })
    .await;
}

#[tokio::test]
async fn what_no_setting_limits_is_told_by_its_name_too() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let ids = vec!["bGVhZDox"; 201];
        let values = vec!["x"; 1_001];
        for (document, variables, rule, limit, actual) in [
            ("query ($n: Int) { leads(first: $n) { totalCount } }", json!({ "n": 201 }), "pageSize", 200, 201),
            ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids }), "ids", 200, 201),
            (
                "query ($f: LeadFilter) { leads(filter: $f) { totalCount } }",
                json!({ "f": { "email": { "in": values } } }),
                "filterList",
                1_000,
                1_001,
            ),
            (
                "query ($f: LeadFilter) { leads(filter: $f) { totalCount } }",
                json!({ "f": { "state": { "notIn": vec!["SIGNUP"; 1_001] } } }),
                "filterList",
                1_000,
                1_001,
            ),
            (
                "query ($f: LeadFilter) { leads(filter: $f) { totalCount } }",
                json!({ "f": { "or": vec![json!({}); 300] } }),
                "filterTerms",
                200,
                201,
            ),
            (
                "query ($f: LeadFilter) { leads(filter: $f) { totalCount } }",
                json!({ "f": (0..8).fold(json!({}), |inner, _| json!({ "not": inner })) }),
                "filterDepth",
                6,
                7,
            ),
        ] {
            let answer = app.admin().query_with(document, variables).await;
            let expected = json!({ "code": "BAD_USER_INPUT", "rule": rule, "limit": limit, "actual": actual });
            assert_eq!(answer.body["errors"][0]["extensions"], expected);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_read_for_a_request_that_is_refused() {
    on_both(async |mut test: TestDatabase| {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        test.database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let app = TestApp::with(&test, RequestLimits { cost: 1_000, ..RequestLimits::default() }, |_| {});
        let repeated = format!("{{ promoters {{ nodes {{ {} }} }} }}", "id ".repeat(100_000));
        let aliased = (0..21).fold(String::new(), |text, index| format!("{text} a{index}: leads {{ totalCount }}"));
        for document in [
            "{ leads { totalCount } promoters(first: 200) { nodes { leads(first: 200) { nodes { id } } } } }"
                .to_owned(),
            repeated,
            format!("{{ {aliased} }}"),
            "{ leads { totalCount } promoters { nodes { nothing } } }".to_owned(),
            "{ leads { totalCount } a: promoters { totalCount } a: leads { totalCount } }".to_owned(),
        ] {
            let answer = app.admin().query(&document).await;
            assert_eq!(answer.body.get("data"), None, "{document}");
        }
        let batch = vec![json!({ "query": "{ leads { totalCount } }" }); 2_000];
        let answer = app.admin().post(&json!(batch)).await;
        let expected = json!({
            "code": "LIMIT_EXCEEDED", "rule": "batch", "limit": 10, "actual": 2_000,
            "setting": "PROMOGRAPH_LIMIT_BATCH",
        });
        assert_eq!(answer.body["errors"][0]["extensions"], expected);
        assert_eq!(count.load(Ordering::SeqCst), 0);
        app.admin().data("{ leads { totalCount } }").await;
        assert_eq!(count.load(Ordering::SeqCst), 1, "statements are counted");
    })
    .await;
}

#[tokio::test]
async fn cost_is_told_also_when_the_request_is_refused() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with(&test, RequestLimits { cost: 10, ..RequestLimits::default() }, |_| {});
        let expected = json!({ "requested": 11, "maximum": 10 });
        let answer = app.admin().query("{ leads(first: 11) { nodes { id } } }").await;
        assert_eq!((answer.codes(), &answer.body["extensions"]["cost"]), (vec!["LIMIT_EXCEEDED"], &expected));
        let expected = json!({ "requested": 5, "maximum": 10 });
        let answer = app.admin().query("{ leads(first: 5, last: 1) { nodes { id } } }").await;
        assert!(!answer.codes().is_empty());
        assert_eq!(answer.body["extensions"]["cost"], expected);
    })
    .await;
}

#[tokio::test]
async fn a_large_body_is_refused_by_what_it_says_of_itself() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with(&test, RequestLimits { body_bytes: 1_000, ..RequestLimits::default() }, |_| {});
        let answer =
            app.admin().send("POST", "/graphql", &[("content-type", "application/json")], " ".repeat(1_001)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        let expected = json!({
            "code": "PAYLOAD_TOO_LARGE", "rule": "bodyBytes", "limit": 1_000, "actual": 1_001,
            "setting": "PROMOGRAPH_LIMIT_BODY_BYTES",
        });
        assert_eq!(answer.body["errors"][0]["extensions"], expected);
    })
    .await;
}

#[tokio::test]
async fn variables_that_nest_without_end_are_no_json_for_us() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let body = format!(r#"{{ "query": "{{ __typename }}", "variables": {{ "x": {deep} }} }}"#);
        let answer = app.admin().send("POST", "/graphql", &[("content-type", "application/json")], body).await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["BAD_REQUEST"]));
    })
    .await;
}

#[tokio::test]
async fn variables_have_no_more_values_than_a_document_has_tokens() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "query($f: LeadFilter) { leads(filter: $f) { totalCount } }";
        let terms = |count: usize| json!({"f": {"or": vec![json!({"not": {}}); count]}});
        let mut variables = terms(5_000);
        // Nothing is read by its type before.
        variables["f"]["or"][0] = json!("no filter");
        let many = app.admin().query_with(document, variables).await;
        let extensions = &many.body["errors"][0]["extensions"];
        assert_eq!((many.codes(), &extensions["rule"]), (vec!["LIMIT_EXCEEDED"], &json!("tokens")));
        // Fewer are read by their types, and meet the limit of filters.
        let fewer = app.admin().query_with(document, terms(4_000)).await;
        assert_eq!(fewer.body["errors"][0]["extensions"]["rule"], json!("filterTerms"));
    })
    .await;
}

#[tokio::test]
async fn what_is_beyond_the_terms_of_a_filter_is_not_read() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let rule = async |document: &str, variables: Value| {
            let answer = app.admin().query_with(document, variables).await;
            answer.body["errors"][0]["extensions"]["rule"].clone()
        };
        let document = "query($f: LeadFilter) { leads(filter: $f) { totalCount } }";
        for (wrong, expected) in [(50, Value::Null), (300, json!("filterTerms"))] {
            let mut terms = vec![json!({"not": {}}); 4_000];
            terms[wrong] = json!("no filter");
            assert_eq!(rule(document, json!({"f": {"or": terms}})).await, expected, "{wrong}");
        }
        // A variable that stands in many places is not written out in all of them.
        let places = "$f ".repeat(1_000);
        let document = format!("query($f: LeadFilter!) {{ leads(filter: {{ or: [{places}] }}) {{ totalCount }} }}");
        let answer = app.admin().query_with(&document, json!({"f": {}})).await;
        let message = &answer.body["errors"][0]["message"];
        assert_eq!(*message, json!("argument `filter.or.199`: expected a filter of 200 terms at most"));
    })
    .await;
}

#[tokio::test]
async fn a_document_that_breaks_many_rules_is_told_the_first_twenty() {
    on_both(async |test: TestDatabase| {
        let fields = (0..500).map(|index| format!("unknown{index}")).collect::<Vec<_>>().join(" ");
        let answer = TestApp::new(&test).admin().query(&format!("{{ viewer {{ {fields} }} }}")).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"; 20]);
    })
    .await;
}

#[tokio::test]
async fn a_type_that_is_not_there_is_told_once() {
    on_both(async |test: TestDatabase| {
        let document = "query ($a: Nothing, $b: Nothing) { leads(filter: $a) { totalCount } }";
        let answer = TestApp::new(&test).admin().query(document).await;
        let errors = answer.body["errors"].as_array().unwrap();
        let unknown = errors.iter().filter(|error| error["message"] == json!("there is no type `Nothing`"));
        assert_eq!(unknown.count(), 2, "once for each variable: {}", answer.text);
    })
    .await;
}

#[tokio::test]
async fn fragments_in_a_cycle_are_reported_by_name_and_those_too_deep_by_the_limit() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { __typename ...A }";
        let answer = admin.query(circle).await;
        let error = &answer.body["errors"][0];
        let told = "the fragment `A` spreads itself through `B`: fragments must not form a cycle";
        assert_eq!((answer.codes(), &error["message"]), (vec!["GRAPHQL_VALIDATION_FAILED"], &json!(told)));
        assert_eq!(error["locations"], json!([{"line": 1, "column": 72}]));

        let inner = |index| {
            format!("fragment F{index} on Query {{ {}...F{}{} }} ", "...{".repeat(40), index + 1, "}".repeat(40))
        };
        let deep = format!("{{ ...F0 }} {}{}fragment F2 on Query {{ __typename }}", inner(0), inner(1));
        let answer = admin.query(&deep).await;
        let told = &answer.body["errors"][0]["extensions"];
        assert_eq!(
            (answer.codes(), &told["rule"], &told["limit"]),
            (vec!["LIMIT_EXCEEDED"], &json!("selections"), &json!(64))
        );
    })
    .await;
}

#[tokio::test]
async fn wide_fragments_are_refused_by_the_rule_that_they_break() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        for (level, rule) in [
            ("a: parent { NEXT } b: parent { NEXT } c: parent { NEXT } d: parent { NEXT }", "aliases"),
            ("children(first: 200) { nodes { NEXT } } leads(first: 200) { nodes { promoter { NEXT } } }", "cost"),
        ] {
            // Each level asks for the next one several times.
            let fragment = |index: usize| {
                let next = if index < 2 { format!("id ...F{}", index + 1) } else { "id".to_owned() };
                format!("fragment F{index} on Promoter {{ {} }} ", level.replace("NEXT", &next))
            };
            let fragments = (0..3).map(fragment).collect::<String>();
            let answer = admin.query(&format!("{{ promoters {{ nodes {{ ...F0 }} }} }} {fragments}")).await;
            assert_eq!(answer.body["errors"][0]["extensions"]["rule"], json!(rule), "{}", answer.text);
        }
    })
    .await;
}
