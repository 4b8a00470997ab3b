//! How live data ends: by the client, with the token, with the server, and when nobody reads.

use std::time::Duration;

use promograph::auth::{
    Viewer,
    identity::{self, Revocation},
    issued,
};
use promograph::time::now_ms;
use serde_json::json;

use super::{LEADS, admin, lead, seen, tell};
use crate::support::{
    TestApp, TestDatabase, eventually,
    live::Wire,
    on_both,
    provider::{self, ISSUER, RSA, claims},
};

#[tokio::test]
async fn a_client_ends_an_operation_and_may_use_its_id_again() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        for number in 0..3 {
            wire.subscribe(&app, "1", LEADS).await;
            tell(&app, lead(number, 7 + number, 5, "signup")).await;
            assert_eq!(seen(&wire.data("1").await).0, 7 + number);
            wire.send(json!({ "type": "complete", "id": "1" })).await;
            wire.send(json!({ "type": "complete", "id": "unknown" })).await;
            eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
        }
        wire.subscribe(&app, "1", LEADS).await;
        drop(wire);
        eventually("the work stops with the socket", async || app.changes.subscriber_count() == 0).await;
        let stream = app.admin().events(LEADS).await;
        eventually("the subscription is heard", async || app.changes.subscriber_count() == 1).await;
        drop(stream);
        eventually("the work stops with the connection", async || app.changes.subscriber_count() == 0).await;
    })
    .await;
}

#[tokio::test]
async fn everything_ends_when_the_token_is_revoked() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let (token, id) = app.issue(Viewer::Admin).await;
        let (other, _) = app.issue(Viewer::Admin).await;
        let (mut wire, mut idle) = (Wire::open(address, &token).await, Wire::open(address, &token).await);
        let mut good = Wire::open(address, &other).await;
        wire.subscribe(&app, "1", LEADS).await;
        good.subscribe(&app, "1", LEADS).await;
        let mut stream = app.bearer(&token).events(LEADS).await;
        drop(Wire::open(address, &token).await);
        assert!(issued::revoke(&app.database, &id, now_ms()).await.unwrap());
        assert_eq!((wire.closed().await, idle.closed().await), (4403, 4403));
        assert_eq!(stream.error().await, "UNAUTHENTICATED");
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&good.data("1").await).0, 7, "another token goes on");
    })
    .await;
}

#[tokio::test]
async fn what_a_token_of_the_identity_provider_opened_ends_when_its_subject_or_its_id_is_revoked() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&[RSA.jwk()]);
        let app = provider::app(&test, file.path().to_str().unwrap(), provider::expected());
        let address = app.listen().await;
        let now = now_ms();
        let fired = RSA.token(&claims(&json!({ "sub": "fired", "jti": "a" })));
        // Its id looks like one of ours, and its subject came back later.
        let back = RSA.token(&claims(&json!({ "sub": "fired", "jti": "tok_b", "iat": now / 1000 + 30 })));
        let (mut wire, mut idle) = (Wire::open(address, &fired).await, Wire::open(address, &fired).await);
        let mut good = Wire::open(address, &back).await;
        wire.subscribe(&app, "1", LEADS).await;
        good.subscribe(&app, "1", LEADS).await;
        let mut stream = app.bearer(&fired).events(LEADS).await;
        let revoke = async |what| identity::revoke(&test.database, ISSUER, &what, now_ms()).await.unwrap();
        revoke(Revocation::Subject("fired".to_owned())).await;
        assert_eq!((wire.closed().await, idle.closed().await), (4403, 4403));
        assert_eq!(stream.error().await, "UNAUTHENTICATED");
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&good.data("1").await).0, 7, "another token of the same subject goes on");
        revoke(Revocation::Token("tok_b".to_owned())).await;
        assert_eq!(good.closed().await, 4403);
    })
    .await;
}

#[tokio::test]
async fn everything_ends_when_the_token_expires() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let token = app.token_for(Viewer::Admin, 2);
        let mut wire = Wire::open(address, &token).await;
        wire.start("1", LEADS).await;
        let mut stream = app.bearer(&token).events(LEADS).await;
        assert_eq!(stream.error().await, "UNAUTHENTICATED");
        assert_eq!(wire.closed().await, 4403);
    })
    .await;
}

#[tokio::test]
async fn when_the_server_stops_everybody_is_told_to_come_back() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
        wire.subscribe(&app, "1", LEADS).await;
        let mut stream = app.admin().events(LEADS).await;
        app.stop.cancel();
        assert_eq!(wire.closed().await, 1001);
        assert_eq!(stream.error().await, "RESUME");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_read_is_told_so_and_nothing_piles_up() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.unread = Duration::from_secs(1));
        let address = app.listen().await;
        let mut slow = Wire::open(address, &admin(&app)).await;
        slow.subscribe(&app, "1", "subscription { leadChanged { lead { firstPromoterId customFields } } }").await;
        let mut stream =
            app.admin().events("subscription { leadChanged { lead { firstPromoterId customFields } } }").await;
        let mut good = Wire::open(address, &admin(&app)).await;
        good.subscribe(&app, "1", LEADS).await;
        // More than the sockets' own buffers hold.
        let much = "x".repeat(400_000);
        for number in 0..100 {
            let mut event = lead(number, 1000 + number, 5, "signup");
            event["data"]["custom_fields"] = json!({ "much": much });
            app.deliver(event.to_string()).await;
        }
        app.settle().await;
        for _ in 0..100 {
            good.data("1").await;
        }
        eventually("both slow ones are given up", async || app.changes.subscriber_count() == 1).await;
        let mut came = 0;
        let code = loop {
            let message = slow.message().await;
            match message["type"].as_str() {
                Some("next") => came += 1,
                _ => break message["payload"][0]["extensions"]["code"].clone(),
            }
        };
        assert_eq!(code, "RESUME");
        assert_eq!(slow.closed().await, 1013);
        assert!(came < 100);
        let last = loop {
            let event = stream.next().await.unwrap();
            if event.data.get("errors").is_some() {
                break event.data;
            }
        };
        assert_eq!(last["errors"][0]["extensions"]["code"], "RESUME");
        assert_eq!(stream.next().await.unwrap().name, "complete");
    })
    .await;
}
