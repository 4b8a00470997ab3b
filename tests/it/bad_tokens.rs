//! What whoever shows a bad token learns, and what the log and the commands say of it.

use promograph::{
    auth::{Viewer, issued},
    database::{Database, sqlite_url},
    time::now_ms,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{
    Backend, Promograph, Socket, TestApp, TestDatabase, eventually,
    live::{Came, Wire},
    on_both,
    provider::{claims, hs256},
};

/// What the server signs tokens with.
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const LEADS: &str = "subscription { leadChanged { lead { id } } }";

#[tokio::test]
async fn an_expired_token_and_a_revoked_one_are_told_apart_on_every_transport() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let (revoked, id) = app.issue(Viewer::Admin).await;
        issued::revoke(&app.database, &id, now_ms()).await.unwrap();
        let expired = app.token_for(Viewer::Admin, -1);
        let (head, _) = expired.rsplit_once('.').unwrap();
        let forged = format!("{head}.{}", "A".repeat(43));
        for (token, reason, told) in [
            (&revoked, json!("revoked"), "the token was revoked"),
            (&expired, json!("expired"), "the token has expired"),
            (&forged, Value::Null, "a valid token is needed"),
        ] {
            let json = ("content-type", "application/json");
            let upgrade = [
                ("connection", "upgrade"),
                ("upgrade", "websocket"),
                ("sec-websocket-protocol", "graphql-transport-ws"),
            ];
            let query = r#"{"query": "{ __typename }"}"#;
            for (what, method, headers) in [
                ("HTTP", "POST", &[json][..]),
                ("SSE", "POST", &[json, ("accept", "text/event-stream")]),
                ("WebSocket", "GET", &upgrade),
            ] {
                let answer = app.bearer(token).send(method, "/graphql", headers, query).await;
                let extensions = &answer.body["errors"][0]["extensions"];
                assert_eq!((answer.status.as_u16(), &extensions["reason"]), (401, &reason), "{what} {told}");
            }
            for protocol in ["graphql-transport-ws", "graphql-ws"] {
                let mut wire = Wire::upgrade(address, &[("sec-websocket-protocol", protocol)]).await.unwrap();
                wire.send(json!({"type": "connection_init", "payload": {"token": token}})).await;
                let mut came = wire.came().await;
                // In the older protocol a message says it, too.
                while let Came::Message(_) = came {
                    came = wire.came().await;
                }
                assert_eq!(came, Came::Closed(4403, format!("Forbidden: UNAUTHENTICATED, {told}")), "{protocol}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_ends_with_its_token_is_told_why() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let (revoked, id) = app.issue(Viewer::Admin).await;
        let expiring = app.token_for(Viewer::Admin, 2);
        for (token, reason, told) in
            [(&revoked, "revoked", "the token was revoked"), (&expiring, "expired", "the token has expired")]
        {
            let mut wire = Wire::open(address, token).await;
            let mut stream = app.bearer(token).events(LEADS).await;
            if reason == "revoked" {
                issued::revoke(&app.database, &id, now_ms()).await.unwrap();
            }
            assert_eq!(wire.came().await, Came::Closed(4403, format!("Forbidden: UNAUTHENTICATED, {told}")));
            let last = stream.next().await.unwrap().data;
            assert_eq!(last["errors"][0]["extensions"], json!({"code": "UNAUTHENTICATED", "reason": reason}));
        }
    })
    .await;
}

#[tokio::test]
async fn the_log_says_once_a_minute_for_each_subject_why_tokens_are_refused() {
    let promograph = Promograph::new().with("PROMOGRAPH_JWT_SECRET", SECRET);
    let header = json!({"alg": "HS256"});
    let now = now_ms() / 1000;
    let signed = |secret: &str, changes: Value| hs256(Some(secret.as_bytes()), &header, &claims(&changes));
    let server = promograph.serve().await;
    let kept = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let list = promograph.prints(&["token", "list"]).await;
    let id = list.lines().nth(1).unwrap().split(' ').next().unwrap().to_owned();
    promograph.prints(&["token", "revoke", &id]).await;
    let stolen = signed("another-key-another-key-another-key-", json!({"sub": "mallory@example.com"}));
    let expired = |sub: &str, exp: i64| signed(SECRET, json!({"sub": sub, "exp": now - exp, "iat": null}));
    for (token, times) in [
        (Some(stolen.clone()), 3),
        // From the same address: it was said already that nothing there can be believed.
        (None, 2),
        (Some("nonsense".to_owned()), 2),
        (Some(expired("ann@example.com", 1)), 3),
        (Some(expired("ann@example.com", 2)), 2),
        (Some(expired("bob@example.com", 1)), 2),
        (Some(signed(SECRET, json!({"sub": "eve@example.com", "nbf": now + 3600}))), 2),
        (Some(kept.clone()), 3),
    ] {
        for _ in 0..times {
            let mut socket = Socket::connect(&server.address).await.unwrap();
            let authorization =
                token.as_ref().map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
            let request =
                format!("GET /schema.graphql HTTP/1.1\r\nhost: x\r\n{authorization}connection: close\r\n\r\n");
            socket.write(&request).await.unwrap();
            assert_eq!(socket.answer().await.unwrap().0, 401);
        }
    }
    eventually("the last is logged", async || server.log().contains("names no promoter any more")).await;
    let log = server.log();
    assert_eq!(server.stop().await, Some(0));
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let refused: Vec<_> = lines.filter(|line| line["message"] == "refused a request without a valid token").collect();
    let said: Vec<_> =
        refused.iter().map(|line| (line["level"].as_str().unwrap(), line["reason"].as_str().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("INFO", "its signature is invalid"),
            ("INFO", "it expired"),
            ("INFO", "it expired"),
            ("INFO", "it is not valid yet"),
            ("INFO", "it is revoked, not in the database, or names no promoter any more"),
        ]
    );
    assert_eq!(refused[4]["token.id"], id);
    for secret in ["@example.com", &kept, stolen.split('.').next_back().unwrap()] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_token_for_a_promoter_who_is_not_there_is_made_with_a_warning() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        let url = match test.backend {
            Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
            Backend::Postgres => test.url.clone(),
        };
        let db = Database::connect(&url).await.unwrap();
        let rows = "insert into promoter (id, is_stub, deleted_at, first_seen_at, updated_at) \
            values (1, false, null, 0, 0), (2, true, null, 0, 0), (3, false, 5, 0, 0)";
        db.write.execute_unprepared(rows).await.unwrap();
        for (id, warning) in [
            ("1", None),
            ("2", Some("warning: of promoter 2 nothing is known yet")),
            ("3", Some("warning: promoter 3 was deleted")),
            ("99", Some("warning: no promoter 99 is known yet")),
        ] {
            let output = promograph.run(&["token", "issue", "--role", "promoter", "--promoter", id]).await;
            let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
            assert!(output.status.success() && out.lines().count() == 1 && out.split('.').count() == 3, "{out} {said}");
            match warning {
                None => assert_eq!(said, ""),
                Some(warning) => assert!(said.starts_with(warning) && said.lines().count() == 1, "{said}"),
            }
        }
        db.close().await.unwrap();
    })
    .await;
}
