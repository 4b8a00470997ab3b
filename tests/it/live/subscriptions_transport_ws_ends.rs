//! How sockets of the older protocol end: with the token, with the server, and when nobody is there.

use std::time::Duration;

use promograph::{
    auth::{Viewer, issued},
    time::now_ms,
};
use serde_json::json;

use super::{
    LEADS, admin, lead, seen,
    subscriptions_transport_ws::{next, open, payload, silent, start, subscribe},
    tell,
};
use crate::support::{
    TestApp, TestDatabase, eventually,
    live::{Came, Wire},
    on_both,
};

#[tokio::test]
async fn a_socket_of_the_older_protocol_ends_when_its_token_is_revoked_or_expires() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let (token, id) = app.issue(Viewer::Admin).await;
        let (mut wire, mut idle) = (open(address, &token).await, open(address, &token).await);
        let mut good = open(address, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        subscribe(&mut good, &app, "1", LEADS).await;
        assert!(issued::revoke(&app.database, &id, now_ms()).await.unwrap());
        assert_eq!((wire.closed().await, idle.closed().await), (4403, 4403));
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut good, "1").await["data"]).0, 7, "another token goes on");
        assert_eq!(open(address, &app.token_for(Viewer::Admin, 2)).await.closed().await, 4403);
        eventually("the work stops", async || app.changes.subscriber_count() == 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_token_of_the_upgrade_is_enough_for_the_older_protocol_and_one_that_comes_later_counts_instead() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let address = app.listen().await;
        let good = format!("Bearer {}", admin(&app));
        let headers = [("sec-websocket-protocol", "graphql-ws"), ("authorization", &*good)];
        for (shown, role) in
            [(json!({}), "ADMIN"), (json!({ "token": app.token_of(Viewer::Promoter { id: 5 }) }), "PROMOTER")]
        {
            let mut wire = Wire::upgrade(address, &headers).await.unwrap();
            wire.send(json!({ "type": "connection_init", "payload": shown })).await;
            assert_eq!(next(&mut wire).await["type"], "connection_ack");
            start(&mut wire, "1", json!({ "query": "{ viewer { role } }" })).await;
            assert_eq!(payload(&mut wire, "1").await["data"]["viewer"]["role"], role);
        }
        let bad = [headers[0], ("authorization", "Bearer no.token.really")];
        assert_eq!(Wire::upgrade(address, &bad).await.err(), Some(401));
    })
    .await;
}

#[tokio::test]
async fn when_the_server_stops_sockets_of_the_older_protocol_are_told_to_come_back() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let mut wire = open(app.listen().await, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        app.stop.cancel();
        assert_eq!(wire.closed().await, 1001);
        eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
    })
    .await;
}

#[tokio::test]
async fn who_shows_no_token_or_does_nothing_is_not_kept_by_the_older_protocol() {
    on_both(async |test: TestDatabase| {
        let second = Duration::from_secs(1);
        let app = TestApp::with_live(&test, |settings| {
            (settings.init, settings.idle, settings.keep_alive) = (second, 2 * second, second);
        });
        let address = app.listen().await;
        let late = Came::Closed(4408, "Connection initialisation timeout".to_owned());
        assert_eq!(silent(address).await.came().await, late);
        let mut busy = open(address, &admin(&app)).await;
        subscribe(&mut busy, &app, "1", LEADS).await;
        let busy = tokio::spawn(async move {
            let message = next(&mut busy).await;
            (busy, message)
        });
        let mut idle = open(address, &admin(&app)).await;
        let mut signs = 0;
        let end = loop {
            match idle.came().await {
                Came::Message(sign) if sign == json!({ "type": "ka" }) => signs += 1,
                end => break end,
            }
        };
        assert_eq!(end, Came::Closed(1000, "No operation for a long time".to_owned()));
        assert!(signs > 0, "signs of life came before");
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&busy.await.unwrap().1["payload"]["data"]).0, 7);
    })
    .await;
}

#[tokio::test]
async fn who_has_shown_a_token_is_kept_by_the_older_protocol_when_the_time_for_it_is_over() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| {
            (settings.init, settings.keep_alive) = (Duration::from_secs(1), Duration::from_secs(20));
        });
        let address = app.listen().await;
        let mut wire = open(address, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        assert_eq!(silent(address).await.closed().await, 4408, "that time is over for a later one");
        tell(&app, lead(1, 7, 5, "signup")).await;
        assert_eq!(seen(&payload(&mut wire, "1").await["data"]).0, 7);
    })
    .await;
}

#[tokio::test]
async fn who_is_gone_without_a_word_is_noticed_by_the_older_protocol() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.keep_alive = Duration::from_millis(500));
        let mut wire = open(app.listen().await, &admin(&app)).await;
        subscribe(&mut wire, &app, "1", LEADS).await;
        // Nobody reads, so nobody answers the pings.
        eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
        assert_eq!(wire.closed().await, 1006);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_read_the_older_protocol_is_closed_and_nothing_piles_up() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::with_live(&test, |settings| settings.unread = Duration::from_secs(1));
        let address = app.listen().await;
        let mut slow = open(address, &admin(&app)).await;
        subscribe(&mut slow, &app, "1", "subscription { leadChanged { lead { firstPromoterId customFields } } }").await;
        let mut good = open(address, &admin(&app)).await;
        subscribe(&mut good, &app, "1", LEADS).await;
        // More than the sockets' own buffers hold.
        let much = "x".repeat(400_000);
        for number in 0..100 {
            let mut event = lead(number, 1000 + number, 5, "signup");
            event["data"]["custom_fields"] = json!({ "much": much });
            app.deliver(event.to_string()).await;
        }
        app.settle().await;
        for _ in 0..100 {
            payload(&mut good, "1").await;
        }
        eventually("the slow one is given up", async || app.changes.subscriber_count() == 1).await;
        let mut came = 0;
        let end = loop {
            match slow.came().await {
                Came::Message(_) => came += 1,
                end @ Came::Closed(..) => break end,
            }
        };
        let reason = "RESUME: what was sent was not read in time".to_owned();
        assert_eq!(end, Came::Closed(1013, reason));
        assert!(came < 100);
    })
    .await;
}
