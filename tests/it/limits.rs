//! What one request may ask for.

use promograph::settings::LimitArgs;
use serde_json::json;

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
            assert_eq!(answer.body["errors"][0]["extensions"]["limit"]["name"], json!(limit));
        }
        let directives = format!("{{ promoters {{ nodes {{ {} }} }} }}", "id @skip(if: false) ".repeat(51));
        let answer = app.admin().query(&directives).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["limit"], json!({ "name": "directives", "maximum": 50, "actual": 51 }));
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
        let limits = LimitArgs { depth: 3, aliases: 1, cost: 1, ..LimitArgs::default() };
        let app = TestApp::with(&test, limits, |_| {});
        let data = app.admin().data(INTROSPECTION).await;
        assert_eq!(data["__schema"]["queryType"]["name"], json!("Query"));
        assert_eq!(data["__schema"]["mutationType"]["name"], json!("Mutation"));
    })
    .await;
}
