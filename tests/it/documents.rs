//! Documents that a request names instead of bringing them along.

use promograph::{
    graphql::TrustedMode,
    graphql::{Api, ApiConfig, TrustedDocuments},
    limits::RequestLimits,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Promograph, Socket, TestApp, TestDatabase, escaped, on_both, rows};

const PROMOTERS: &str = "query Promoters($n: Int) { promoters(first: $n) { nodes { firstPromoterId } } }";

/// Deeper than the limit allows.
fn deep() -> String {
    let (down, up) = ("promotions { nodes { promoter { ", "} } } ");
    format!("{{ promoter(email: \"a\") {{ {} id {} }} }}", down.repeat(5), up.repeat(5))
}

fn persisted(text: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hex::encode(Sha256::digest(text))}})
}

fn trusting(test: &TestDatabase, manifest: &Value, mode: TrustedMode) -> TestApp {
    let trusted = TrustedDocuments::parse(manifest.to_string().as_bytes(), mode, &RequestLimits::default()).unwrap();
    let api = Api::new(ApiConfig { trusted_documents: Some(trusted), ..TestApp::api_config(test) });
    TestApp::with(test, RequestLimits::default(), |state| state.api = api)
}

#[tokio::test]
async fn a_document_is_sent_once_and_then_named_by_its_hash_by_post_and_get() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::new(&test);
        let client = app.analyst(false);
        let named = json!({"extensions": persisted(PROMOTERS), "variables": {"n": 2}});
        let unknown = client.post(&named).await;
        assert_eq!((unknown.status.as_u16(), unknown.codes()), (200, vec!["PERSISTED_QUERY_NOT_FOUND"]));
        assert_eq!(unknown.body["errors"][0]["message"], "PersistedQueryNotFound");
        assert_eq!(unknown.headers["cache-control"], "no-store");

        let sent = json!({"query": PROMOTERS, "extensions": persisted(PROMOTERS), "variables": {"n": 1}});
        let nodes = |answer: Value| answer["promoters"]["nodes"].as_array().unwrap().len();
        assert_eq!(nodes(client.post(&sent).await.data()), 1);
        assert_eq!(nodes(client.post(&named).await.data()), 2);
        // Others at the same server may name it too, and see their own rows.
        assert_eq!(nodes(app.promoter(3).post(&named).await.data()), 1);
        let extensions = escaped(&persisted(PROMOTERS).to_string());
        let by_get = client.get(&format!("/graphql?extensions={extensions}&variables=%7B%22n%22%3A3%7D")).await;
        assert_eq!(nodes(by_get.data()), 3);
        assert_eq!(app.anonymous().post(&named).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn a_document_that_is_not_good_is_not_kept() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let deep = deep();
        for (text, code) in [
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("{", "GRAPHQL_PARSE_FAILED"),
            (deep.as_str(), "LIMIT_EXCEEDED"),
            ("{ promoters(first: 200) { nodes { leads(first: 200) { nodes { commissions(first: 200) { totalCount } } } } } }", "LIMIT_EXCEEDED"),
        ] {
            let sent = json!({"query": text, "extensions": persisted(text)});
            assert_eq!(app.admin().post(&sent).await.codes(), [code], "{text}");
            let named = app.admin().post(&json!({"extensions": persisted(text)})).await;
            assert_eq!(named.codes(), ["PERSISTED_QUERY_NOT_FOUND"], "{text}");
        }
        let other = json!({"query": "{ __typename }", "extensions": persisted("{ viewer { role } }")});
        assert_eq!(app.admin().post(&other).await.codes(), ["BAD_REQUEST"]);
    })
    .await;
}

#[tokio::test]
async fn a_known_document_is_measured_anew_with_every_variables() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with(&test, RequestLimits { cost: 100, ..RequestLimits::default() }, |_| {});
        let client = app.admin();
        for _ in 0..2 {
            let good = client.query_with(PROMOTERS, json!({"n": 100})).await;
            assert_eq!(good.body["extensions"]["cost"]["requested"], 100);
            let many = client.query_with(PROMOTERS, json!({"n": 101})).await;
            assert_eq!(many.codes(), ["LIMIT_EXCEEDED"]);
        }
    })
    .await;
}

/// Once for each class of viewers and each shape of variables; what depends on its values each time.
#[tokio::test]
async fn a_query_is_compiled_once_whatever_its_values_are() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let compilations = async || {
            let text = app.admin().get("/metrics").await.text;
            let line = text.lines().find_map(|line| line.strip_prefix("promograph_graphql_compilations_total "));
            line.expect("they are counted").parse::<u64>().unwrap()
        };
        let (admin, before) = (app.admin(), compilations().await);
        let query = "query ($id: BigInt, $filter: LeadFilter) { promoter(firstPromoterId: $id) { id leads(filter: $filter) { totalCount } } }";
        for id in 1..6 {
            let filter = json!({ "createdAt": { "gte": format!("2026-0{id}-01") } });
            admin.query_with(query, json!({ "id": id, "filter": filter })).await.data();
        }
        assert_eq!(compilations().await, before + 1);
        app.promoter(1).query_with(query, json!({ "id": 1, "filter": null })).await.data();
        app.promoter(2).query_with(query, json!({ "id": 2, "filter": null })).await.data();
        assert_eq!(compilations().await, before + 2);
        for id in ["cHJvbW90ZXI6NQ", "cHJvbW90ZXI6Ng"] {
            admin.query_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await.data();
        }
        assert!(compilations().await >= before + 4, "the type is in the id");
    })
    .await;
}

#[tokio::test]
async fn a_known_document_answers_as_a_new_one_whatever_operation_is_named() {
    on_both(async |test: TestDatabase| {
        let document = "query A { viewer { role } } mutation B { replayEvents(input: {}) { replayed } }";
        let (fresh, known) = (TestApp::new(&test), TestApp::new(&test));
        known.admin().post(&json!({"query": document, "operationName": "A"})).await.data();
        for name in [json!("A"), json!("C"), json!(""), json!(null)] {
            let request = json!({"query": document, "operationName": name});
            let (first, second) = (fresh.admin().post(&request).await, known.admin().post(&request).await);
            assert_eq!((first.status, &first.body), (second.status, &second.body), "{name}");
        }
        let path = "/graphql?operationName=B&query=".to_owned() + &escaped(document);
        assert_eq!(known.admin().get(&path).await.codes(), ["METHOD_NOT_ALLOWED"]);
    })
    .await;
}

#[tokio::test]
async fn where_only_trusted_documents_count_all_others_are_refused() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let introspection = "{ __schema { queryType { name } } }";
        let manifest = json!({"a1": PROMOTERS, "b2": "mutation { replayEvents(input: {}) { replayed } }"});
        let app = trusting(&test, &manifest, TrustedMode::Only);
        let client = app.admin();
        for named in [
            json!({"documentId": "a1"}),
            json!({"id": "a1"}),
            json!({"doc_id": "a1"}),
            json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "a1"}}}),
            json!({"extensions": persisted(PROMOTERS)}),
            json!({"query": PROMOTERS}),
        ] {
            assert_eq!(client.post(&named).await.data()["promoters"]["nodes"].as_array().unwrap().len(), 2, "{named}");
        }
        assert_eq!(client.get("/graphql?documentId=a1").await.status, 200);
        assert_eq!(client.get("/graphql?documentId=b2").await.codes(), ["METHOD_NOT_ALLOWED"]);
        for refused in [
            json!({"query": "{ viewer { role } }"}),
            json!({"query": introspection}),
            json!({"query": "{ __typename }"}),
            json!({"query": format!("{PROMOTERS} ")}),
            json!({"query": introspection, "extensions": persisted(introspection)}),
            json!({"query": introspection, "documentId": "a1"}),
            json!({"extensions": persisted(introspection)}),
            json!({"documentId": "c3"}),
        ] {
            let answer = client.post(&refused).await;
            assert_eq!(answer.codes(), ["DOCUMENT_NOT_TRUSTED"], "{refused}");
            let batch = client.post(&json!([refused])).await;
            assert_eq!(batch.body[0]["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED", "{refused}");
        }
        let app = trusting(&test, &json!({"a1": introspection}), TrustedMode::Only);
        assert_eq!(app.admin().post(&json!({"id": "a1"})).await.status, 200, "introspection may be trusted too");
    })
    .await;
}

#[tokio::test]
async fn trusted_documents_may_stand_beside_free_ones() {
    on_both(async |test: TestDatabase| {
        let app = trusting(&test, &json!({"a1": PROMOTERS}), TrustedMode::Allow);
        assert_eq!(app.admin().post(&json!({"documentId": "a1"})).await.status, 200);
        assert_eq!(app.admin().query("{ viewer { role } }").await.status, 200);
        assert_eq!(app.admin().post(&json!({"documentId": "c3"})).await.codes(), ["DOCUMENT_NOT_TRUSTED"]);
        let named = json!({"query": "{ __typename }", "extensions": persisted("{ __typename }")});
        assert_eq!(app.admin().post(&named).await.status, 200);
    })
    .await;
}

#[test]
fn a_manifest_that_is_not_good_is_refused_with_the_document_and_the_reason() {
    let (deep, limits) = (deep(), RequestLimits::default());
    for (text, reason) in [("{ nothing }", "nothing"), ("query {", "expected"), (deep.as_str(), "nested fields")] {
        let manifest = json!({"good": PROMOTERS, "bad": text}).to_string();
        let said = TrustedDocuments::parse(manifest.as_bytes(), TrustedMode::Only, &limits).unwrap_err();
        assert!(said.starts_with(r#"document "bad": "#) && said.contains(reason), "{said}");
    }
}

#[tokio::test]
async fn a_server_trusts_the_manifest_of_its_settings_and_nothing_else() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test).with("PROMOGRAPH_TRUSTED_DOCUMENTS", "documents.json");
        let manifest = json!({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "a1", "name": "Role", "type": "query", "body": "query Role { viewer { role } }"}]});
        std::fs::write(promograph.folder().join("documents.json"), manifest.to_string()).unwrap();
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut socket = Socket::connect(&server.address).await.unwrap();
        let hash = br#"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "a1"}}}"#;
        let (status, body) = socket.post("/graphql", &token, hash).await.unwrap();
        assert!(status == 200 && body.contains(r#"{"role":"ADMIN"}"#), "{body}");
        let (_, body) = socket.post("/graphql", &token, br#"{"query": "{ __typename }"}"#).await.unwrap();
        assert!(body.contains("DOCUMENT_NOT_TRUSTED"), "{body}");
    })
    .await;
}
