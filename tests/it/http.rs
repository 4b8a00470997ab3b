//! What all routes have in common, and GraphQL over HTTP.

use axum::http::StatusCode;
use promograph::{
    auth::{Viewer, issued},
    limits::RequestLimits,
    time::now_ms,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, fixture, on_both};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn no_route_with_data_is_open() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let anonymous = app.anonymous();
        let document = json!({"query": "{ __schema { queryType { name } } }"}).to_string();
        let answers = [
            anonymous.send("POST", "/graphql", &[JSON], document.clone()).await,
            anonymous.get("/graphql?query=%7B__typename%7D").await,
            anonymous.get("/schema.graphql").await,
            app.bearer("nonsense").get("/schema.graphql").await,
            app.bearer(&"x".repeat(100_000)).send("POST", "/graphql", &[JSON], document.clone()).await,
            // What is wrong with the request is not told to who may not ask.
            anonymous.send("POST", "/graphql", &[], "no JSON").await,
            // Two tokens: a proxy may have looked at the other one.
            app.admin().send("POST", "/graphql", &[JSON, ("authorization", "Bearer x")], document).await,
        ];
        for answer in &answers {
            assert_eq!((answer.status, answer.codes()), (StatusCode::UNAUTHORIZED, vec!["UNAUTHENTICATED"]));
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
            assert_eq!(answer.body, answers[0].body, "one answer for every bad token");
        }
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_user_may_ask() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for user in [app.admin(), app.analyst(false), app.analyst(true), app.promoter(7)] {
            assert_eq!(user.data("{ __typename }").await, json!({"__typename": "Query"}));
        }
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_gets_the_answer_of_every_bad_token_and_the_reason() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (token, id) = app.issue(Viewer::Admin).await;
        issued::revoke(&app.database, &id, now_ms()).await.unwrap();
        let answer = app.bearer(&token).query("{ __typename }").await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::UNAUTHORIZED, vec!["UNAUTHENTICATED"]));
        let mut expected = app.anonymous().query("{ __typename }").await.body;
        expected["errors"][0]["extensions"]["reason"] = json!("revoked");
        assert_eq!(answer.body, expected);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_unavailable_and_the_process_still_lives() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (token, _) = app.issue(Viewer::Admin).await;
        app.database.close().await.unwrap();
        let answer = app.bearer(&token).query("{ __typename }").await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::SERVICE_UNAVAILABLE, vec!["UNAVAILABLE"]));
        // A token that is not looked up: then the read itself says so.
        let read = app.admin().query("{ promoters { totalCount } }").await;
        assert_eq!((&read.body["data"], read.codes()), (&json!({"promoters": null}), vec!["UNAVAILABLE"]));
        assert_eq!(app.anonymous().get("/health").await.status, StatusCode::OK);
        let ready = app.anonymous().get("/ready").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.body, json!({"status": "not_ready", "database": "unreachable", "migrations": "unknown"}));
    })
    .await;
}

#[tokio::test]
async fn a_restart_of_the_database_between_two_reads_is_not_noticed() {
    on_both(async |test: TestDatabase| {
        if test.database.is_sqlite() {
            return;
        }
        let app = TestApp::new(&test);
        let (token, _) = app.issue(Viewer::Admin).await;
        let several = "{ a: promoters { totalCount } b: leads { totalCount } c: campaigns { totalCount } }";
        app.admin().data(several).await;
        let server = sea_orm::Database::connect(&test.url).await.unwrap();
        let end_others = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()";
        server.execute_unprepared(end_others).await.unwrap();
        app.bearer(&token).data(several).await;
    })
    .await;
}

#[tokio::test]
async fn ready_tells_how_far_the_projector_is_behind() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("lead_signup")).await;
        let behind = app.anonymous().get("/ready").await;
        assert_eq!((behind.status, &behind.body["projector"]["pending"]), (StatusCode::OK, &json!(1)));
        assert!(behind.body["projector"]["oldestPendingAgeMs"].as_i64().unwrap() >= 0);
        app.settle().await;
        // An app of its own, since an answer is given again for a while.
        let up_to_date = TestApp::new(&test).anonymous().get("/ready").await;
        let expected = json!({"pending": 0, "pendingIsCapped": false, "oldestPendingAgeMs": 0, "heldBack": 0});
        assert_eq!(up_to_date.body["projector"], expected);
    })
    .await;
}

#[tokio::test]
async fn a_missing_migration_is_not_ready() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        db.write.execute_unprepared("delete from seaql_migrations where version like '%create_sales'").await.unwrap();
        let ready = TestApp::new(&test).anonymous().get("/ready").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.body, json!({"status": "not_ready", "database": "ok", "migrations": "missing"}));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_route_or_method_is_told_as_json() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let answer = app.anonymous().get("/nowhere").await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::NOT_FOUND, vec!["NOT_FOUND"]));
        for (method, path, allowed) in
            [("DELETE", "/graphql", "GET,HEAD,POST"), ("POST", "/health", "GET,HEAD"), ("PUT", "/graphiql", "GET,HEAD")]
        {
            let answer = app.admin().send(method, path, &[], "").await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::METHOD_NOT_ALLOWED, vec!["METHOD_NOT_ALLOWED"]));
            assert_eq!(answer.headers["allow"], allowed, "{method} {path}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let id = async |path| app.anonymous().get(path).await.headers["x-request-id"].to_str().unwrap().to_owned();
        assert_ne!(id("/health").await, id("/health").await);
        assert_eq!(id("/nowhere").await.len(), 36);
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_not_a_request_says_what_is_wrong() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let admin = app.admin();
        for (body, said) in [
            ("", "not JSON"),
            ("{", "not JSON"),
            ("5", "must be a JSON object"),
            ("{}", "`query` is missing"),
            (r#"{"query": 5}"#, "`query` must be a string, got a number"),
            (r#"{"query": "{a}", "variables": []}"#, "`variables` must be an object, got a list"),
            (r#"{"query": "{a}", "operationName": {}}"#, "`operationName` must be a string, got an object"),
            ("[]", "empty"),
            (r#"[{"query": "{ __typename }"}, {}]"#, "Request 1: `query` is missing"),
        ] {
            let answer = admin.send("POST", "/graphql", &[JSON], body).await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["BAD_REQUEST"]), "{body}");
            assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains(said), "{answer:?}");
        }
        let form = ("content-type", "application/x-www-form-urlencoded");
        let answer = admin.send("POST", "/graphql", &[form], "query=%7B__typename%7D").await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(answer.codes(), ["UNSUPPORTED_MEDIA_TYPE"]);
        let answer = admin.send("POST", "/graphql", &[JSON], " ".repeat(2 * 1024 * 1024)).await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::PAYLOAD_TOO_LARGE, vec!["PAYLOAD_TOO_LARGE"]));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_requests_gets_a_list_of_answers_in_its_order() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with(&test, RequestLimits { batch: 2, ..RequestLimits::default() }, |_| {});
        let one = |alias: &str| json!({"query": format!("{{ {alias}: __typename }}")});
        let answer = app.admin().post(&json!([one("a"), one("b")])).await;
        let data: Vec<&Value> = answer.body.as_array().unwrap().iter().map(|answer| &answer["data"]).collect();
        assert_eq!(data, [&json!({"a": "Query"}), &json!({"b": "Query"})]);
        let answer = app.admin().post(&json!([one("a"), one("b"), one("c")])).await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["LIMIT_EXCEEDED"]));
    })
    .await;
}

#[tokio::test]
async fn a_link_can_ask_but_not_change() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let answer =
            admin.get("/graphql?query=query+A%7Ba:__typename%7D+query+B%7Bb:__typename%7D&operationName=B").await;
        assert_eq!(answer.data(), json!({"b": "Query"}));
        let answer = admin.get("/graphql?query=mutation%7B__typename%7D").await;
        assert_eq!((answer.status, answer.codes()), (StatusCode::METHOD_NOT_ALLOWED, vec!["METHOD_NOT_ALLOWED"]));
        assert_eq!(answer.headers["allow"], "POST");
        for unreadable in ["/graphql", "/graphql?query=%7B__typename%7D&variables=x"] {
            let answer = admin.get(unreadable).await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["BAD_REQUEST"]), "{unreadable}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_status_of_a_document_that_is_not_run_depends_on_what_the_client_accepts() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let modern = ("accept", "application/graphql-response+json, application/json;q=0.9");
        for (headers, kind, status) in [
            (&[JSON][..], "application/json", StatusCode::OK),
            (&[JSON, modern], "application/graphql-response+json", StatusCode::BAD_REQUEST),
        ] {
            let answer = admin.send("POST", "/graphql", headers, r#"{"query": "{ nothing }"}"#).await;
            assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (status, kind));
            assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"]);
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    })
    .await;
}

#[tokio::test]
async fn the_schema_is_given_to_who_has_a_token() {
    on_both(async |test: TestDatabase| {
        let answer = TestApp::new(&test).promoter(7).get("/schema.graphql").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body.as_str(), Some(promograph::graphql::sdl().as_str()));
    })
    .await;
}

#[tokio::test]
async fn what_well_known_clients_send_is_taken() {
    on_both(async |test: TestDatabase| {
        let admin = TestApp::new(&test).admin();
        let one = r#"{"query": "{ __typename }", "operationName": "", "variables": null, "extensions": null}"#;
        let data = json!({"__typename": "Query"});
        assert_eq!(admin.send("POST", "/graphql", &[JSON], one).await.data(), data);
        assert_eq!(admin.send("POST", "/graphql", &[JSON], format!("\u{feff}{one}")).await.data(), data);
        let batch = admin.send("POST", "/graphql", &[JSON], format!("[{one}]")).await;
        assert_eq!(batch.body[0]["data"], data, "{batch:?}");
        for parameters in
            ["operationName=", "variables=", "variables=null&extensions=null", "extensions=&id=&operationName="]
        {
            let answer = admin.get(&format!("/graphql?query=%7B__typename%7D&{parameters}")).await;
            assert_eq!(answer.data(), data, "{parameters}");
        }
        let events = [JSON, ("accept", "text/event-stream")];
        let streamed = admin.send("POST", "/graphql", &events, one).await;
        assert!(streamed.text.contains(r#"{"__typename":"Query"}"#), "{streamed:?}");
    })
    .await;
}

#[tokio::test]
async fn the_root_is_a_page_that_reveals_no_data() {
    on_both(async |test: TestDatabase| {
        let anonymous = TestApp::new(&test).anonymous();
        for method in ["GET", "HEAD"] {
            let answer = anonymous.send(method, "/", &[], "").await;
            assert_eq!(
                (answer.status, &answer.headers["content-type"]),
                (StatusCode::OK, &"text/html; charset=utf-8".parse().unwrap())
            );
        }
        assert_eq!(anonymous.send("POST", "/", &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    })
    .await;
}
