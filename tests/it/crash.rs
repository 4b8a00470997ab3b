//! The first promise: what was answered with 2xx is kept, even through `kill -9`.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use entity::{lead, webhook_event};
use promograph::database::{Database, sqlite_url};
use sea_orm::EntityTrait as _;
use serde_json::Value;
use tokio::sync::Notify;

use crate::support::{Backend, Promograph, Socket, TOKEN, TestDatabase, fixture, on_both};

const SENDERS: usize = 8;
/// So many are answered before the server is killed.
const BURST: usize = 120;

/// What the senders know: the events that were answered with 2xx.
#[derive(Default)]
struct Answered {
    leads: Mutex<BTreeSet<i64>>,
    grown: Notify,
    next: AtomicI64,
}

#[tokio::test]
async fn every_event_that_was_answered_is_there_and_applied_after_kill_9() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let answered = Arc::new(Answered::default());
        answered.next.store(1_000_000, Ordering::Relaxed);
        for round in 1..=2 {
            let server = promograph.serve().await;
            let senders: Vec<_> = (0..SENDERS)
                .map(|_| tokio::spawn(send_until_it_dies(server.address.clone(), Arc::clone(&answered))))
                .collect();
            while answered.leads.lock().unwrap().len() < round * BURST {
                answered.grown.notified().await;
            }
            server.kill();
            for sender in senders {
                sender.await.unwrap();
            }
        }
        let server = promograph.serve().await;
        let url = match test.backend {
            Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
            Backend::Postgres => test.url.clone(),
        };
        let db = Database::connect(&url).await.unwrap();
        wait_until_all_is_applied(&db).await;

        let answered = answered.leads.lock().unwrap().clone();
        let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
        let kept: BTreeSet<i64> = events.iter().map(|event| event.event_id.parse().unwrap()).collect();
        let leads = lead::Entity::find().all(&db.read).await.unwrap();
        let told: BTreeSet<i64> =
            leads.iter().filter(|lead| lead.email == Some(email(lead.id))).map(|lead| lead.id).collect();
        assert!(events.iter().all(|event| event.status == "applied"), "{events:?}");
        assert!(answered.len() >= 2 * BURST);
        assert_eq!(answered.difference(&kept).count(), 0, "every answered event is kept");
        assert_eq!(kept.difference(&told).count(), 0, "every kept event is applied");
        db.close().await.unwrap();
        assert_eq!(server.stop().await, Some(0));
    })
    .await;
}

/// One event after the other, as fast as they are answered, until the connection breaks.
async fn send_until_it_dies(address: String, answered: Arc<Answered>) {
    let Ok(mut socket) = Socket::connect(&address).await else { return };
    loop {
        let id = answered.next.fetch_add(1, Ordering::Relaxed);
        let Ok((status, body)) = socket.post("/webhooks/firstpromoter", TOKEN, &signup(id)).await else { return };
        assert_eq!(status, 200, "{body}");
        answered.leads.lock().unwrap().insert(id);
        answered.grown.notify_one();
    }
}

/// A lead that nobody else has, in an event of its own.
fn signup(id: i64) -> Vec<u8> {
    let mut event: Value = serde_json::from_str(&fixture("lead_signup")).unwrap();
    event["event"]["id"] = id.into();
    event["data"]["id"] = id.into();
    event["data"]["email"] = email(id).into();
    event.to_string().into_bytes()
}

fn email(id: i64) -> String {
    format!("lead-{id}@customer.example")
}

/// Another process applies them, so there is nothing to wait on but the rows.
async fn wait_until_all_is_applied(db: &Database) {
    let waiting = async || {
        let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
        events.iter().filter(|event| event.status == "pending").count()
    };
    while waiting().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
