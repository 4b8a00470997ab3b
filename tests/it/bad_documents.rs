//! Requests that ask for what cannot be: each gets a clear error with a code.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, example, on_both, rows};

#[tokio::test]
async fn a_value_is_refused_in_a_variable_as_in_a_literal_whatever_else_is_wrong() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let app = TestApp::new(&test);
        for (ty, value, field) in [
            ("ID!", "zz", "promoters(filter: { id: { eq: VALUE }, note: { eq: \"x\" } }) { totalCount }"),
            ("String!", "a\0b", "promoter(email: VALUE) { id }"),
            ("ID!", "!!", "leads(filter: { or: [{ id: { eq: VALUE } }, { events: { some: {} } }] }) { totalCount }"),
            ("String", "!!", "leads(first: 2, after: VALUE, filter: { planName: { eq: null } }) { nodes { id } }"),
            ("String", "!!", "lead(firstPromoterId: 1) { commissions(after: VALUE, filter: { planId: { in: null } }) { nodes { id } } }"),
            ("String", "!!", "lead(firstPromoterId: 1) { commissions(before: VALUE) { totalCount } }"),
            ("ID!", "!!", "node(id: VALUE) { id }"),
            ("ID!", "!!", "nodes(ids: [VALUE]) { id }"),
        ] {
            for (index, client) in [app.admin(), app.analyst(false), app.promoter(2)].into_iter().enumerate() {
                let literal = format!("{{ f: {} }}", field.replace("VALUE", &json!(value).to_string()));
                let variable = format!("query ($v: {ty}) {{ f: {} }}", field.replace("VALUE", "$v"));
                let expected = client.query(&literal).await.body;
                let answer = client.query_with(&variable, json!({ "v": value })).await.body;
                let of = |body: &Value| {
                    let error = body["errors"][0].clone();
                    (error["message"].clone(), error["path"].clone(), error["extensions"].clone(), body["data"].clone(), body["extensions"].clone())
                };
                assert!(index > 0 || expected["errors"].is_array(), "{expected}");
                assert_eq!(of(&answer), of(&expected), "{field}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_argument_that_is_refused_fails_its_root_field_alone() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let app = TestApp::new(&test);
        for (field, message) in [
            ("leads(first: 0) { totalCount }", "`first` is 0: expected a number from 1 to 200"),
            ("leads(first: 1000) { totalCount }", "`first` is 1000: expected a number from 1 to 200"),
            ("leads(last: -1) { totalCount }", "`last` is -1: expected a number from 1 to 200"),
            ("leads(first: 1, last: 1) { totalCount }", "`first` and `last` are both given: expected one of them"),
            ("leads(after: \"x\") { totalCount }", "`after` is not a cursor: expected one that this list returned"),
            ("leads(before: \"W10\") { totalCount }", "`before` is not a cursor: expected one that this list returned"),
            ("lead { id }", "`lead` needs exactly one of `id`, `firstPromoterId`, `email`, `uid`"),
            (
                "lead(id: \"x\", uid: \"y\") { id }",
                "`lead` needs exactly one of `id`, `firstPromoterId`, `email`, `uid`",
            ),
            (
                "lead(id: \"x\") { id }",
                "this is not an id of this API: expected the `id` of an object as it was returned",
            ),
            ("lead(id: \"cHJvbW90ZXI6MQ\") { id }", "this is the id of a Promoter: expected the id of a Lead"),
            (
                "node(id: \"cHJvbW90ZXI6KzE\") { id }",
                "this is not an id of this API: expected the `id` of an object as it was returned",
            ),
            (
                "leads(filter: { email: { eq: null } }) { totalCount }",
                "`filter.email.eq` is null: leave it out, or compare with `isNull`",
            ),
            (
                "leads(filter: { email: null }) { totalCount }",
                "`filter.email` is null: leave it out, or compare with `isNull`",
            ),
            (
                "leads(filter: { email: { contains: \"\\u0000\" } }) { totalCount }",
                "`filter.email.contains` contains a NUL character",
            ),
            (
                "leads(orderBy: [{ field: ID }, { field: ID, direction: DESC }]) { totalCount }",
                "`orderBy` names id twice",
            ),
        ] {
            let document = format!("{{ bad: {field} good: promoters {{ totalCount }} }}");
            let answer = app.admin().query(&document).await;
            assert_eq!(answer.status, StatusCode::OK, "{field}");
            let error = &answer.body["errors"][0];
            assert_eq!(error["message"], json!(message), "{field}");
            assert_eq!(error["extensions"]["code"], json!("BAD_USER_INPUT"), "{field}");
            assert_eq!(error["path"], json!(["bad"]), "{field}");
            assert_eq!(answer.body["data"], json!({ "bad": null, "good": { "totalCount": 2 } }), "{field}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_null() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let document = r#"{
            lead(firstPromoterId: 1) { id } promoter(email: "nobody@example.com") { id }
            node(id: "bGVhZDox") { id } nodes(ids: ["bGVhZDox", "bGVhZDozMDEwMDAwMQ"]) { id ... on Lead { email } }
        }"#;
        assert_eq!(
            app.admin().data(document).await,
            json!({
                "lead": null, "promoter": null, "node": null,
                "nodes": [null, { "id": "bGVhZDozMDEwMDAwMQ", "email": "anna@customer.example" }],
            })
        );
    })
    .await;
}

#[tokio::test]
async fn variables_are_refused_by_name() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (declaration, use_, variables, message) in [
            (
                "$f: LeadFilter",
                "filter: $f",
                json!({ "f": { "email": { "eq": 5 } } }),
                "variable `$f.email.eq`: expected a string",
            ),
            (
                "$f: LeadFilter",
                "filter: $f",
                json!({ "f": { "mail": {} } }),
                "variable `$f.mail`: expected a field of LeadFilter",
            ),
            (
                "$f: LeadFilter",
                "filter: $f",
                json!({ "f": [] }),
                "variable `$f`: expected an object of the type LeadFilter",
            ),
            ("$n: Int", "first: $n", json!({ "n": 3_000_000_000_i64 }), "variable `$n`: expected a 32-bit integer"),
            ("$n: Int", "first: $n", json!({ "n": 1.5 }), "variable `$n`: expected a 32-bit integer"),
            ("$n: Int", "first: $n", json!({ "n": 0.5 }), "variable `$n`: expected a 32-bit integer"),
            ("$n: Int!", "first: $n", json!({}), "variable `$n`: expected a value"),
            ("$n: Int!", "first: $n", json!({ "n": null }), "variable `$n`: expected a value other than null"),
            (
                "$o: [LeadOrder!]",
                "orderBy: $o",
                json!({ "o": { "field": "EMIL" } }),
                "variable `$o.field`: expected a value of the enum LeadOrderField: ID, EMAIL, CUSTOMER_SINCE, CANCELLED_AT, CREATED_AT, COMMISSIONS_COUNT, not \"EMIL\"",
            ),
            (
                "$t: DateTime",
                "filter: { createdAt: { gt: $t } }",
                json!({ "t": "yesterday" }),
                "variable `$t`: expected a time such as \"2024-10-03T13:45:20Z\" (RFC 3339, no leap second) or a date such as \"2024-10-03\", from the year 1 to the year 9999, not \"yesterday\"",
            ),
        ] {
            let document = format!("query ({declaration}) {{ leads({use_}) {{ totalCount }} }}");
            let answer = app.admin().query_with(&document, variables).await;
            assert_eq!(answer.body["errors"][0]["message"], json!(message));
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
            assert_eq!(answer.body.get("data"), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_variable_is_refused_where_its_type_does_not_fit() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (declaration, field) in [
            ("$a: String", "leads(filter: { createdAt: { gt: $a } }) { totalCount }"),
            ("$a: String", "leads(first: $a) { totalCount }"),
            ("$a: [Int]", "leads(first: $a) { totalCount }"),
            ("$a: ID", "lead(firstPromoterId: $a) { id }"),
            ("$a: BigInt", "leads(filter: { email: { in: [\"x\", $a] } }) { totalCount }"),
            ("$a: BigInt", "offers(filter: { amount: { lte: $a } }) { totalCount }"),
            ("$a: String", "leads(orderBy: { field: $a }) { totalCount }"),
            ("$a: [ID!]", "nodes(ids: $a) { id }"),
            ("$a: ID", "node(id: $a) { id }"),
            ("$a: String!", "leads @skip(if: $a) { totalCount }"),
            ("$a: Boolean", "leads @skip(if: $a) { totalCount }"),
            ("$a: Int", "promoters { nodes { ...F } } }  fragment F on Promoter { leads(after: $a) { totalCount }"),
        ] {
            let document = format!("query ({declaration}) {{ {field} }}");
            let answer = app.admin().query(&document).await;
            assert_eq!(answer.codes().first(), Some(&"GRAPHQL_VALIDATION_FAILED"), "{document}: {}", answer.text);
        }
        for (declaration, field) in [
            ("$a: Boolean = true", "leads @skip(if: $a) { totalCount }"),
            ("$a: Boolean", "leads(includeDeleted: $a) { totalCount }"),
            ("$a: [LeadOrder!]", "leads(orderBy: $a) { totalCount }"),
            ("$a: OrderDirection", "leads(orderBy: { field: ID, direction: $a }) { totalCount }"),
            ("$a: OrderDirection = DESC", "leads(orderBy: { field: ID, direction: $a }) { totalCount }"),
        ] {
            let answer = app.admin().query(&format!("query ({declaration}) {{ {field} }}")).await;
            assert!(answer.codes().is_empty(), "{declaration}: {}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_filter_is_bounded_in_all_its_parts() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "query ($f: PromoterFilter) { promoters(filter: $f) { totalCount } }";
        let many = |part: Value| json!({ "f": { "or": vec![part; 300] } });
        for part in [json!({}), json!({ "leads": { "some": {} } }), json!({ "email": { "isNull": true } })] {
            let answer = app.admin().query_with(document, many(part)).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
            let message = answer.body["errors"][0]["message"].as_str().unwrap();
            let refused = message.starts_with("variable `$f.or.") && message.ends_with("a filter of 200 terms at most");
            assert!(refused, "{message}");
        }
        let halves = "query ($a: PromoterFilter!, $b: PromoterFilter!) {
            promoters(filter: { and: [$a, $b] }) { totalCount } }";
        let half = json!({ "or": vec![json!({}); 150] });
        let answer = app.admin().query_with(halves, json!({ "a": half, "b": half })).await;
        assert_eq!(answer.body["errors"][0]["message"], json!("`filter` holds more than 200 terms"));
        let deep = (0..8).fold(json!({}), |inner, _| json!({ "not": inner }));
        let answer = app.admin().query_with(document, json!({ "f": deep })).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
    })
    .await;
}

#[tokio::test]
async fn documents_that_are_not_graphql_or_do_not_fit_the_schema_are_refused_without_suggestions() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (document, code) in [
            ("", "GRAPHQL_PARSE_FAILED"),
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ leads(first: 1e999) { totalCount } }", "GRAPHQL_PARSE_FAILED"),
            ("{ promoterz { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ promoters }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ __typename(x: 1) }", "GRAPHQL_VALIDATION_FAILED"),
            (
                "{ promoters { nodes { ...F } } } fragment F on Promoter { a: __typename(x: 1) }",
                "GRAPHQL_VALIDATION_FAILED",
            ),
            ("{ promoters { ...F } } fragment F on PromoterConnection { ...F }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ ...F } fragment F on Promoter { id }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { __typename } query B { __typename }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ leads(first: \"1\") { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
            ("query ($a: Int) { __typename }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ leads(filter: { state: { eq: ACTIVE, eq: SIGNUP } }) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ a: leads { totalCount } a: promoters { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ leads { totalCount } leads(first: 1) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ leads { nodes { a: id } } leads { nodes { a: email } } }", "GRAPHQL_VALIDATION_FAILED"),
            (
                "{ node(id: \"x\") { ... on Lead { a: email } ... on Promoter { a: joinedAt } } }",
                "GRAPHQL_VALIDATION_FAILED",
            ),
        ] {
            let answer = app.admin().query(document).await;
            assert_eq!(answer.codes().first(), Some(&code), "{document}: {answer:?}");
            assert_eq!(answer.body.get("data"), None, "{document}");
            assert!(!answer.body.to_string().contains("Did you mean"), "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn root_keys_keep_their_order_and_equal_keys_merge() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        let app = TestApp::new(&test);
        let document = "query ($yes: Boolean = true) {
            b: promoters { totalCount } __typename a: promoters { nodes { id } }
            ...F @include(if: $yes) skipped: leads @skip(if: $yes) { totalCount }
        }
        fragment F on Query { a: promoters { nodes { email } } viewer { role } }";
        let answer = app.admin().query(document).await;
        let data = &answer.body["data"];
        assert_eq!(data["a"], json!({ "nodes": [{ "id": "cHJvbW90ZXI6MQ", "email": "promoter1@example.com" }] }));
        assert_eq!(data["viewer"], json!({ "role": "ADMIN" }));
        let keys: Vec<_> = ["\"b\"", "\"__typename\"", "\"a\"", "\"viewer\""].map(|key| answer.text.find(key)).to_vec();
        assert!(keys.is_sorted() && keys.iter().all(Option::is_some), "{}", answer.text);
        assert_eq!(data.get("skipped"), None::<&Value>);
    })
    .await;
}

#[tokio::test]
async fn a_null_where_a_default_stands_is_refused_and_nothing_there_takes_the_default() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let app = TestApp::new(&test);
        let document = "query ($d: OrderDirection) { promoters(orderBy: { field: ID, direction: $d }) { nodes { firstPromoterId } } }";
        let ids = app.admin().query_with(document, json!({})).await.data();
        let descending = app.admin().query_with(document, json!({ "d": "DESC" })).await.data();
        assert_eq!(ids["promoters"]["nodes"][0], descending["promoters"]["nodes"][1]);
        let answer = app.admin().query_with(document, json!({ "d": null })).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
    })
    .await;
}

#[tokio::test]
async fn minus_zero_is_a_whole_number() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document =
            "query ($n: BigInt!) { a: leads(filter: { promoter: { firstPromoterId: { eq: $n } } }) { totalCount }
            b: leads(filter: { promoter: { firstPromoterId: { eq: -0 } } }) { totalCount } }";
        let body = json!({ "query": document, "variables": { "n": 1 } }).to_string().replace("\"n\":1", "\"n\":-0");
        let answer = app.admin().send("POST", "/graphql", &[("content-type", "application/json")], body).await;
        assert_eq!(answer.data(), json!({ "a": { "totalCount": 0 }, "b": { "totalCount": 0 } }));
        let answer = app.admin().query("{ leads(first: -0) { totalCount } }").await;
        assert_eq!(answer.body["errors"][0]["message"], json!("`first` is 0: expected a number from 1 to 200"));
    })
    .await;
}

#[tokio::test]
async fn what_the_specification_refuses_is_a_request_error_in_queries_and_mutations_alike() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for document in [
            "query($a: Int @foo) { leads(first: $a) { totalCount } }",
            "query($a: Int @skip(if: true)) { leads(first: $a) { totalCount } }",
            "mutation($i: ReplayEventsInput! @include(if: true)) { replayEvents(input: $i) { replayed } }",
            "{ __typename { x } }",
            "mutation { __typename { x } }",
            "{ ...on } fragment on on Query { __typename }",
            "query () { __typename }",
            "mutation () { __typename }",
            "{ leads() { totalCount } }",
            "{ leads(orderBy: { field: \"ID\" }) { totalCount } viewer { role } }",
            "{ leads(filter: { state: { eq: \"ACTIVE\" } }) { totalCount } }",
            "{ leads(filter: { createdAt: { gt: \"yesterday\" } }) { totalCount } }",
            "{ leads(filter: { promoter: { firstPromoterId: { eq: 9223372036854775808 } } }) { totalCount } }",
            "{ leads(first: 2147483648) { totalCount } }",
            "{ nodes(ids: [null]) { id } }",
            "mutation { replayEvents(input: { statuses: [\"FAILED\"] }) { replayed } }",
            "mutation { replayEvents(input: { statuses: \"FAILED\" }) { replayed } }",
            "mutation { replayEvents(input: { receivedFrom: \"yesterday\" }) { replayed } }",
            "mutation { replayEvents(input: { types: [null] }) { replayed } }",
            "mutation { replayEvents(input: { nothing: 1 }) { replayed } }",
            "mutation($s: [String!]) { replayEvents(input: { statuses: $s }) { replayed } }",
            "mutation { a: replayEvents(input: { types: \"x\" }) { replayed } a: replayEvents(input: { types: \"y\" }) { replayed } }",
            "{ lead(email: \"\\ud83d\") { id } }",
        ] {
            let headers = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
            let body = json!({ "query": document, "variables": { "i": { "types": ["x"] } } }).to_string();
            let answer = app.admin().send("POST", "/graphql", &headers, body).await;
            assert_eq!((answer.status, answer.body.get("data")), (StatusCode::BAD_REQUEST, None), "{document}: {}", answer.text);
            let expected = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"];
            assert!(answer.codes().iter().all(|code| expected.contains(code)), "{document}: {}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_variables_of_a_mutation_are_refused_before_it_runs() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "mutation ($i: ReplayEventsInput!) { a: __typename replayEvents(input: $i) { replayed } }";
        for (input, message) in [
            (
                json!({ "statuses": ["NOTHING"] }),
                "variable `$i.statuses.0`: expected a value of the enum ReplayableStatus: APPLIED, IGNORED, FAILED, not \"NOTHING\"",
            ),
            (
                json!({ "receivedFrom": 1 }),
                "variable `$i.receivedFrom`: expected a time such as \"2024-10-03T13:45:20Z\" \
                 (RFC 3339, no leap second) or a date such as \"2024-10-03\", from the year 1 to the year 9999",
            ),
            (json!({ "nothing": 1 }), "variable `$i.nothing`: expected a field of ReplayEventsInput"),
            (json!(null), "variable `$i`: expected a value other than null"),
        ] {
            let answer = app.admin().query_with(document, json!({ "i": input })).await;
            assert_eq!((answer.codes(), answer.body.get("data")), (vec!["BAD_USER_INPUT"], None));
            assert_eq!(answer.body["errors"][0]["message"], json!(message));
        }
    })
    .await;
}

#[tokio::test]
async fn the_lexis_of_the_current_edition_is_read() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = r#""what it does" query Q("which" $e: String = "\ud83d\ude00") {
            a: leads(filter: { email: { eq: $e } }) { totalCount }
            b: leads(filter: { email: { eq: "\u{1F600}" } }) { totalCount }
        } """a fragment""" fragment F on Query { __typename } query R { ...F }"#;
        let body = json!({ "query": document, "operationName": "Q" });
        let data = app.admin().post(&body).await.data();
        assert_eq!(data, json!({ "a": { "totalCount": 0 }, "b": { "totalCount": 0 } }));
    })
    .await;
}
