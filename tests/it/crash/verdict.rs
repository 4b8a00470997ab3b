//! What has to be true in the end, whatever was done.

use entity::webhook_event::EventStatus;
use std::{collections::BTreeSet, sync::atomic::Ordering};

use entity::{commission_event, lead_event, promoter_event, webhook_event};
use promograph::{
    database::Database,
    projection::{Changes, digest, drain},
    time::now_ms,
};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use serde_json::Value;

use super::site::Site;
use crate::support::{Backend, Socket, TestDatabase, eventually};

/// Events written by one statement.
const STEP: usize = 500;

pub async fn judge(site: Site) {
    let url = site.url();
    let Site { database, promographs, servers, load } = site;
    let told = std::sync::Arc::clone(&load.told);
    let sent = load.stop().await;
    for server in servers.iter().flatten() {
        eventually("the spool is empty", async || spooled(&server.address).await == 0).await;
    }
    let db = Database::connect(&url).await.unwrap();
    let pending = "select 1 from webhook_event where status = 'pending' limit 1";
    eventually("all is applied", async || db.read.query_one_raw(statement(&db, pending)).await.unwrap().is_none())
        .await;

    let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
    let stored: BTreeSet<i64> = events.iter().map(|event| event.event_id.parse().unwrap()).collect();
    let answered: BTreeSet<i64> = sent.iter().filter(|(_, answered)| **answered).map(|(id, _)| *id).collect();
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::SeqCst);
    eprintln!(
        "{} events sent, {} of them answered with 200, {} stored; {} deliveries answered with 200, {} with 503, {} cut",
        sent.len(),
        answered.len(),
        stored.len(),
        count(&told.answers),
        count(&told.refusals),
        count(&told.broken),
    );
    assert_eq!(events.len(), stored.len(), "each is stored once");
    assert_eq!(answered.difference(&stored).collect::<Vec<_>>(), Vec::<&i64>::new(), "every answered event is stored");
    assert!(stored.iter().all(|id| sent.contains_key(id)), "nothing is stored that was not sent");
    let left: Vec<_> = events.iter().filter(|event| event.status != EventStatus::Applied).collect();
    assert!(left.is_empty(), "every stored event is applied: {left:?}");

    // The same events told once, in one order, to a database that nothing happened to.
    let fresh = TestDatabase::migrated(Backend::Sqlite).await;
    for events in events.chunks(STEP) {
        let rows = events.iter().map(|event| webhook_event::ActiveModel {
            status: Set(EventStatus::Pending),
            applied_at: Set(None),
            ..event.clone().into_active_model().reset_all()
        });
        webhook_event::Entity::insert_many(rows).exec_without_returning(&fresh.database.write).await.unwrap();
    }
    drain(&fresh.database, &Changes::new(), now_ms()).await.unwrap();
    assert_eq!(digest(&db).await.unwrap(), digest(&fresh.database).await.unwrap(), "the mirror is what they tell");
    let told = lineage(&fresh.database).await;
    assert_eq!(lineage(&db).await, told, "each row knows the events that told it");

    let rebuilt = promographs[0].prints(&["projection", "rebuild"]).await;
    assert!(rebuilt.contains(" 0 rows written\n") && rebuilt.contains("(the same)"), "{rebuilt}");
    assert_eq!(lineage(&db).await, told, "a rebuild leaves that alone");
    db.close().await.unwrap();
    for server in servers.into_iter().flatten() {
        assert_eq!(server.stop().await, Some(0));
    }
    drop(database);
}

/// How many events are in the server's spool.
async fn spooled(address: &str) -> u64 {
    let mut socket = Socket::connect(address).await.unwrap();
    let (_, body) = socket.get("/ready").await.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    if body["spool"].is_null() { 0 } else { body["spool"]["waiting"].as_u64().unwrap() }
}

async fn lineage(db: &Database) -> BTreeSet<(&'static str, i64, String)> {
    let promoters = promoter_event::Entity::find().all(&db.read).await.unwrap();
    let leads = lead_event::Entity::find().all(&db.read).await.unwrap();
    let commissions = commission_event::Entity::find().all(&db.read).await.unwrap();
    let promoters = promoters.into_iter().map(|pair| ("promoter", pair.promoter_id, pair.event_id));
    let leads = leads.into_iter().map(|pair| ("lead", pair.lead_id, pair.event_id));
    let commissions = commissions.into_iter().map(|pair| ("commission", pair.commission_id, pair.event_id));
    promoters.chain(leads).chain(commissions).collect()
}

fn statement(db: &Database, sql: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(db.backend, sql)
}
