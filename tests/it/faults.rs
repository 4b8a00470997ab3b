//! What goes wrong inside is told to the log, and to nobody else.

use promograph::database::{Database, sqlite_url};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{Backend, Promograph, Socket, TestApp, TestDatabase, eventually, on_both};

const LEADS: &str = "{ leads { nodes { email } } }";

#[tokio::test]
async fn a_failure_of_the_database_is_internal_with_an_id_by_which_the_log_explains_it() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let url = match test.backend {
            Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
            Backend::Postgres => test.url.clone(),
        };
        let database = Database::connect(&url).await.unwrap();
        database.write.execute_unprepared("alter table lead rename column email to secret_column").await.unwrap();
        let mut client = Socket::connect(&server.address).await.unwrap();
        let body = json!({ "query": LEADS }).to_string();
        let (status, answer) = client.post("/graphql", &token, body.as_bytes()).await.unwrap();
        let said: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status, &said["data"]), (200, &json!({ "leads": null })));
        let error = &said["errors"][0];
        assert_eq!((&error["message"], &error["extensions"]["code"]), (&json!("internal error"), &json!("INTERNAL")));
        for internal in ["email", "does not exist", "no such", "select", "sqlx", "SQL"] {
            assert!(!answer.contains(internal), "{answer}");
        }
        let id = error["extensions"]["requestId"].as_str().unwrap();
        eventually("the log explains it", async || {
            let log = server.log();
            log.lines().any(|line| line.contains(id) && line.contains("a read failed") && line.contains("email"))
        })
        .await;
        assert!(!server.log().contains(&token));
    })
    .await;
}

#[tokio::test]
async fn a_caller_may_name_the_request_if_the_name_is_sane() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let id = async |given: &str| {
            let answer = app.anonymous().send("GET", "/health", &[("x-request-id", given)], "").await;
            answer.headers["x-request-id"].to_str().unwrap().to_owned()
        };
        assert_eq!(id("gateway-1.2_3").await, "gateway-1.2_3");
        for odd in ["a b", "<script>", &"a".repeat(65), ""] {
            assert_eq!(id(odd).await.len(), 36, "{odd}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_error_is_json_wherever_it_comes_from() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let admin = app.admin();
        let json = ("content-type", "application/json");
        for (method, path, headers, body, code) in [
            ("GET", "/nowhere", &[][..], "", "NOT_FOUND"),
            ("GET", "/assets/nothing.js", &[], "", "NOT_FOUND"),
            ("PATCH", "/graphql", &[json], "{}", "METHOD_NOT_ALLOWED"),
            ("POST", "/metrics", &[], "", "METHOD_NOT_ALLOWED"),
            ("POST", "/graphql", &[json], "{", "BAD_REQUEST"),
            ("POST", "/graphql", &[("content-type", "text/plain")], "{}", "UNSUPPORTED_MEDIA_TYPE"),
            (
                "POST",
                "/graphql",
                &[("content-type", "application/x-www-form-urlencoded")],
                "query=%7Ba%7D",
                "UNSUPPORTED_MEDIA_TYPE",
            ),
            (
                "POST",
                "/graphql",
                &[("content-type", "multipart/form-data; boundary=x")],
                "--x--",
                "UNSUPPORTED_MEDIA_TYPE",
            ),
            ("POST", "/graphql", &[], "{}", "UNSUPPORTED_MEDIA_TYPE"),
        ] {
            let answer = admin.send(method, path, headers, body).await;
            assert!(answer.status.is_client_error(), "{method} {path}: {answer:?}");
            assert_eq!(answer.codes(), [code], "{method} {path}");
            assert!(answer.headers["content-type"].to_str().unwrap().contains("json"), "{method} {path}");
        }
    })
    .await;
}
