//! The protocol's rules, and how much one may have.

use promograph::{auth::Viewer, http::Origin};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};

use super::{LEADS, admin, lead, seen, tell};
use crate::support::{
    TestApp, TestDatabase,
    live::{Came, Wire},
    on_both,
};

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[tokio::test]
async fn a_socket_that_breaks_the_protocol_is_closed_with_its_code() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (address, token) = (app.listen().await, admin(&app));
        let init = json!({ "type": "connection_init", "payload": { "token": token } }).to_string();
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": LEADS } }).to_string();
        for (messages, code) in [
            (vec![&*subscribe], 4401),
            (vec![&init, &init], 4429),
            (vec![&init, &subscribe, &subscribe], 4409),
            (vec!["{"], 4400),
            (vec![r#"{"type":"ping","type":"pong"}"#], 4400),
            (vec![&init, r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","query":"{b}"}}"#], 4400),
            (vec![&init, r#"{"type":"subscribe","id":"1"}"#], 4400),
            (vec![r#"{"type":"connection_init"}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":{"authorization":"Bearer no.token.really"}}"#], 4403),
            (vec![r#"{"type":"connection_init","payload":{"token":5}}"#], 4403),
        ] {
            let mut wire = Wire::silent(address).await;
            for message in &messages {
                wire.send_text(message).await;
            }
            assert_eq!(wire.closed().await, code, "{messages:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn frames_that_cannot_be_read_close_the_socket_with_the_reason() {
    on_both(async |test: TestDatabase| {
        let address = TestApp::new(&test).listen().await;
        let frame = |bytes: Vec<u8>, kind, is_final| Frame::message(bytes, OpCode::Data(kind), is_final);
        let large =
            |bytes| format!("{{\"type\":\"ping\",\"payload\":{{\"x\":\"{}\"}}}}", "x".repeat(bytes)).into_bytes();
        let mut wire = Wire::silent(address).await;
        wire.send_frame(frame(large(1_000_000), Data::Text, true)).await;
        assert_eq!(wire.message().await["type"], "pong", "less than 1 MiB");
        for (frames, code) in [
            (vec![frame(large(1_100_000), Data::Text, true)], 1009),
            (vec![frame(large(7_000_000), Data::Text, true)], 1009),
            // In parts that are each small enough.
            (vec![frame(large(600_000), Data::Text, false), frame(vec![b' '; 600_000], Data::Continue, true)], 1009),
            (vec![frame(b"{\"type\":\"\xff\"}".to_vec(), Data::Text, true)], 1007),
            (vec![frame(b"{}".to_vec(), Data::Continue, true)], 1002),
            (vec![frame(b"{}".to_vec(), Data::Reserved(3), true)], 1002),
            (vec![frame(b"{}".to_vec(), Data::Binary, true)], 4400),
        ] {
            let mut wire = Wire::silent(address).await;
            for frame in frames {
                wire.send_frame(frame).await;
            }
            assert_eq!(wire.closed().await, code);
        }
    })
    .await;
}

#[tokio::test]
async fn an_upgrade_needs_the_protocol_a_known_page_and_no_bad_token() {
    on_both(async |test: TestDatabase| {
        let portal: Origin = Origin::Page("https://portal.example.com".parse().unwrap());
        let app = TestApp::with(&test, promograph::limits::RequestLimits::default(), |state| {
            state.cors_origins = vec![portal];
        });
        let address = app.listen().await;
        let own = format!("http://{address}");
        let good = format!("Bearer {}", admin(&app));
        for (headers, status) in [
            (vec![], 400),
            (vec![("sec-websocket-protocol", "graphql-subscriptions")], 400),
            (vec![PROTOCOL, ("authorization", "Bearer no.token.really")], 401),
            (vec![PROTOCOL, ("authorization", "Bearer")], 401),
            (vec![PROTOCOL, ("authorization", &good), ("authorization", "Basic abc")], 401),
            (vec![PROTOCOL, ("origin", "https://evil.example")], 403),
            (vec![PROTOCOL, ("origin", "null"), ("authorization", &good)], 403),
        ] {
            assert_eq!(Wire::upgrade(address, &headers).await.err(), Some(status), "{headers:?}");
        }
        for headers in [
            vec![PROTOCOL],
            vec![("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")],
            vec![("sec-websocket-protocol", "graphql-ws")],
            vec![PROTOCOL, ("authorization", "Basic cHJveHk6cHJveHk=")],
            vec![PROTOCOL, ("origin", "https://portal.example.com")],
            vec![PROTOCOL, ("origin", &own)],
        ] {
            assert!(Wire::upgrade(address, &headers).await.is_ok(), "{headers:?}");
        }
        // With a token in the header none is needed later; one that comes later counts instead.
        for (payload, role) in [
            (json!(null), "ADMIN"),
            (json!({ "authorization": format!("Bearer {}", app.token_of(Viewer::Promoter { id: 5 })) }), "PROMOTER"),
        ] {
            let mut wire = Wire::upgrade(address, &[PROTOCOL, ("authorization", &good)]).await.unwrap();
            wire.send(json!({ "type": "connection_init", "payload": payload })).await;
            assert_eq!(wire.message().await["type"], "connection_ack");
            wire.start("1", "{ viewer { role } }").await;
            assert_eq!(wire.data("1").await["viewer"]["role"], role);
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_is_taken_as_clients_send_it_beside_a_proxys_credentials() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let (address, token) = (app.listen().await, admin(&app));
        let bearer = format!("Bearer {token}");
        for payload in [
            json!({ "headers": { "Authorization": bearer } }),
            json!({ "authorization": token }),
            json!({ "Authorization": bearer, "headers": { "authorization": bearer } }),
            json!({ "authToken": token, "authorization": null }),
        ] {
            for headers in [vec![PROTOCOL], vec![PROTOCOL, ("authorization", "Basic cHJveHk6cHJveHk=")]] {
                let mut wire = Wire::upgrade(address, &headers).await.unwrap();
                wire.send(json!({ "type": "connection_init", "payload": payload })).await;
                assert_eq!(wire.message().await["type"], "connection_ack", "{headers:?}");
                // Some clients name no operation with an empty name.
                let members =
                    json!({ "query": "{ __typename }", "operationName": "", "variables": null, "extensions": null });
                wire.send(json!({ "type": "subscribe", "id": "1", "payload": members })).await;
                assert_eq!(wire.data("1").await, json!({ "__typename": "Query" }));
            }
        }
        // A proxy's credentials let nobody in.
        let mut wire = Wire::upgrade(address, &[PROTOCOL, ("authorization", "Basic cHJveHk6cHJveHk=")]).await.unwrap();
        wire.send(json!({ "type": "connection_init" })).await;
        assert_eq!(wire.closed().await, 4403);
    })
    .await;
}

#[tokio::test]
async fn a_ping_is_answered_also_before_the_token_came() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::silent(app.listen().await).await;
        wire.send(json!({ "type": "ping", "payload": { "at": 1 } })).await;
        assert_eq!(wire.message().await, json!({ "type": "pong", "payload": { "at": 1 } }));
        wire.send(json!({ "type": "ping" })).await;
        assert_eq!(wire.message().await, json!({ "type": "pong" }));
    })
    .await;
}

#[tokio::test]
async fn a_subject_has_so_many_subscriptions_on_all_its_connections_and_no_more() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.subscriptions = 2);
        let address = app.listen().await;
        let (mut one, mut other) = (Wire::open(address, &admin(&app)).await, Wire::open(address, &admin(&app)).await);
        one.subscribe(&app, "1", LEADS).await;
        other.subscribe(&app, "1", LEADS).await;
        other.start("2", LEADS).await;
        let refused = other.message().await;
        let extensions = &refused["payload"][0]["extensions"];
        let rule = json!({
            "code": "LIMIT_EXCEEDED", "rule": "subscriptions", "limit": 2, "actual": 3, "setting": "PROMOGRAPH_LIVE_SUBSCRIPTIONS",
        });
        assert_eq!(*extensions, rule, "{refused}");
        assert_eq!(app.admin().events(LEADS).await.error().await, "LIMIT_EXCEEDED", "an event stream counts as well");
        // Queries do not count, and a place that gets free can be taken.
        other.start("2", "{ viewer { role } }").await;
        assert_eq!(other.data("2").await["viewer"]["role"], "ADMIN");
        assert_eq!(other.message().await["type"], "complete");
        one.send(json!({ "type": "complete", "id": "1" })).await;
        crate::support::eventually("the first is over", async || app.changes.subscriber_count() == 1).await;
        other.subscribe(&app, "2", LEADS).await;
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&other.message().await["payload"]["data"]).0, 7);
        assert_eq!(seen(&other.message().await["payload"]["data"]).0, 7);
    })
    .await;
}

#[tokio::test]
async fn a_socket_runs_so_many_operations_and_no_more() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.operations = 1);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        wire.start("2", "{ viewer { role } }").await;
        let refused = wire.message().await;
        assert_eq!(refused["payload"][0]["extensions"]["rule"], "operations");
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&wire.data("1").await).0, 7, "the first goes on");
    })
    .await;
}

#[tokio::test]
async fn who_shows_no_token_or_does_nothing_is_not_kept() {
    on_both(async |test: TestDatabase| {
        let second = std::time::Duration::from_secs(1);
        let app = TestApp::with_live(&test, |settings| {
            (settings.init, settings.idle, settings.keep_alive) = (second, 2 * second, second);
        });
        let address = app.listen().await;
        assert_eq!(
            Wire::silent(address).await.came().await,
            Came::Closed(4408, "Connection initialisation timeout".to_owned())
        );
        let mut busy = Wire::open(address, &admin(&app)).await;
        busy.subscribe(&app, "1", LEADS).await;
        let busy = tokio::spawn(async move {
            let data = busy.data("1").await;
            (busy, data)
        });
        // Both answer pings, as clients do by themselves.
        let mut idle = Wire::open(address, &admin(&app)).await;
        assert_eq!(idle.closed().await, 1000);
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&busy.await.unwrap().1).0, 7);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_answer_pings_is_gone_whatever_it_subscribed_to() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.keep_alive = std::time::Duration::from_millis(500));
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        let mut pings = 0;
        let end = loop {
            match wire.next().await {
                Came::Message(message) if message["type"] == "ping" && pings < 100 => pings += 1,
                other => break other,
            }
        };
        assert_eq!(end, Came::Closed(1006, String::new()));
        assert!(pings > 0, "it was asked before");
        crate::support::eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
    })
    .await;
}
