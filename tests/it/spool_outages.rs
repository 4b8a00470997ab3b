//! The first promise through outages of PostgreSQL, on the real binary: every webhook is answered
//! with 200 at any moment, and is in the database once, applied, when all is over.

use entity::webhook_event::EventStatus;
use std::collections::BTreeSet;

use entity::{lead, webhook_event};
use promograph::database::Database;
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::Value;

use crate::support::{
    Cluster, Promograph, Server, Socket, eventually,
    senders::{self, Senders},
};

const SENDERS: usize = 4;
/// So many are answered in each stretch.
const STRETCH: usize = 40;

/// A way to be away.
#[derive(Clone, Copy, Debug)]
enum Outage {
    Stopped,
    Crashed,
    Frozen,
    OutOfConnections,
    ReadOnly,
}

impl Outage {
    async fn begin(self, cluster: &Cluster) {
        match self {
            Self::Stopped => cluster.stop().await,
            Self::Crashed => cluster.crash().await,
            Self::Frozen => cluster.freeze(),
            Self::OutOfConnections => {
                cluster.run("alter role app connection limit 0").await;
                cluster.run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'").await;
            }
            Self::ReadOnly => {
                cluster.run("alter system set default_transaction_read_only = on").await;
                cluster.run("select pg_reload_conf()").await;
            }
        }
    }

    async fn end(self, cluster: &Cluster) {
        match self {
            Self::Stopped | Self::Crashed => cluster.resume().await,
            Self::Frozen => cluster.thaw(),
            Self::OutOfConnections => cluster.run("alter role app connection limit -1").await,
            Self::ReadOnly => {
                cluster.run("alter system reset default_transaction_read_only").await;
                cluster.run("select pg_reload_conf()").await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_kept_at_any_moment_of_an_outage_and_moved_once_after_it() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let server = promograph.serve().await;
    let senders = Senders::new();
    let sending = senders.start(&server.address, SENDERS);
    for outage in [Outage::Stopped, Outage::Crashed, Outage::Frozen, Outage::OutOfConnections, Outage::ReadOnly] {
        eprintln!("{outage:?}");
        senders.answer_more(STRETCH).await;
        outage.begin(&cluster).await;
        senders.answer_more(STRETCH).await;
        eventually("the spool is in use", async || waiting(&server.address).await.1 > 0).await;
        // One that may be in both, one that is in the spool: each once more.
        let mut socket = Socket::connect(&server.address).await.unwrap();
        let answered = senders.answered();
        for id in [answered.first(), answered.last()] {
            senders::post(&mut socket, *id.unwrap()).await;
        }
        outage.end(&cluster).await;
        eventually("the spool drains while events come", async || waiting(&server.address).await == (200, 0)).await;
    }
    sending.stop().await;
    assert_each_is_stored_once_and_applied(&cluster, &senders).await;
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_told_once_by_all_that_notice_it_and_once_when_it_is_over() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new()
        .with("PROMOGRAPH_DATABASE_URL", &cluster.url())
        .with("PROMOGRAPH_DATABASE_DIRECT_URL", &cluster.url())
        .with("PROMOGRAPH_LOG", "info,promograph=debug");
    let first = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let ask = async |server: &Server| {
        let mut socket = Socket::connect(&server.address).await.unwrap();
        senders::post(&mut socket, 1).await;
        socket.post("/graphql", &token, br#"{"query": "{ leads { totalCount } }"}"#).await.unwrap();
        socket.get("/ready").await.unwrap();
    };
    let notice = async |server: &Server, parts: &[&str]| {
        for part in parts {
            eventually("every loop notices it several times", async || {
                let told = format!("\"part\":\"{part}\"");
                server.log().lines().filter(|line| line.contains("not answer") && line.contains(&told)).count() > 1
            })
            .await;
            ask(server).await;
        }
    };
    let tells_once = async |server: &Server| {
        cluster.resume().await;
        eventually("it is over", async || server.log().contains("the database answers again after")).await;
        eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
        let log = server.log();
        let lines = |text: &str| log.lines().filter(|line| line.contains(text)).count();
        // A slow machine makes it last for minutes, of which each is told.
        assert_eq!(lines("\"level\":\"ERROR\""), 1 + lines("the database has not answered for"), "{log}");
        assert_eq!(lines("the database answers again after"), 1, "{log}");
        assert!(
            !log.lines().any(|line| line.contains("\"level\":\"WARN\"") && line.contains("not answer in")),
            "{log}"
        );
    };
    cluster.stop().await;
    ask(&first).await;
    notice(&first, &["Inbox", "Projector", "NoticePoller"]).await;
    tells_once(&first).await;
    // The same when it is away at the start already.
    first.stop().await;
    cluster.stop().await;
    let second = promograph.serve().await;
    notice(&second, &["Opening"]).await;
    tells_once(&second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_kept_while_the_disk_of_the_database_is_full() {
    let Some(cluster) = Cluster::start_on_small_disk().await else {
        return;
    };
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let server = promograph.serve().await;
    let senders = Senders::new();
    senders.send(&server.address, SENDERS, STRETCH).await;
    cluster.fill_disk();
    eventually("the spool is in use", async || {
        senders.send(&server.address, SENDERS, STRETCH).await;
        waiting(&server.address).await.1 > 0
    })
    .await;
    cluster.free_disk().await;
    eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
    assert_each_is_stored_once_and_applied(&cluster, &senders).await;
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spool_outlives_kill_9_in_the_middle_of_an_outage_and_of_draining() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let senders = Senders::new();
    let server = promograph.serve().await;
    let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
    senders.send(&server.address, SENDERS, STRETCH).await;
    cluster.stop().await;
    senders.send(&server.address, SENDERS, STRETCH).await;
    server.kill();

    // It starts without its database, keeps webhooks, and says what it cannot do.
    let server = promograph.serve().await;
    senders.send(&server.address, SENDERS, 20 * STRETCH).await;
    let (status, spooled) = waiting(&server.address).await;
    assert!(status == 503 && spooled > 20 * STRETCH as u64, "{status}: {spooled}");
    let mut socket = Socket::connect(&server.address).await.unwrap();
    for (token, status, code) in [(token.as_str(), 503, "UNAVAILABLE"), ("x", 401, "UNAUTHENTICATED")] {
        let answer = socket.post("/graphql", token, br#"{"query":"{ promoters { totalCount } }"}"#).await.unwrap();
        assert!(answer.0 == status && answer.1.contains(code), "{answer:?}");
    }

    server.kill();

    // Killed while it drains, which takes a while here.
    cluster.resume().await;
    let slow = "create function slow() returns trigger language plpgsql as \
        'begin perform pg_sleep(0.01); return new; end'";
    cluster.run(slow).await;
    cluster.run("create trigger slow before insert on webhook_event for each row execute function slow()").await;
    let already = count(&cluster).await;
    let server = promograph.serve().await;
    eventually("draining has begun", async || count(&cluster).await > already).await;
    server.kill();
    cluster.run("drop trigger slow on webhook_event").await;
    assert!(count(&cluster).await < senders.count(), "it was killed before the end");

    let server = promograph.serve().await;
    eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
    assert_each_is_stored_once_and_applied(&cluster, &senders).await;
    assert_eq!(server.stop().await, Some(0));

    // A mistake is no outage.
    let promograph = promograph.with("PROMOGRAPH_DATABASE_URL", &format!("{}lication", cluster.url()));
    let (line, code) = promograph.complains(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(code == Some(1) && line.contains("PROMOGRAPH_DATABASE_URL"), "{line}");
}

/// The status of `/ready`, and how many events it says are in the spool.
pub async fn waiting(address: &str) -> (u16, u64) {
    let mut socket = Socket::connect(address).await.unwrap();
    let (status, body) = socket.get("/ready").await.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    (status, body["spool"]["waiting"].as_u64().unwrap())
}

async fn count(cluster: &Cluster) -> usize {
    let db = sea_orm::Database::connect(cluster.url()).await.unwrap();
    let events = webhook_event::Entity::find().all(&db).await.unwrap().len();
    db.close().await.unwrap();
    events
}

pub async fn assert_each_is_stored_once_and_applied(cluster: &Cluster, senders: &Senders) {
    let db = Database::connect(&cluster.url()).await.unwrap();
    let pending = "select 1 from webhook_event where status = 'pending' limit 1";
    eventually("all is applied", async || db.write.execute_unprepared(pending).await.unwrap().rows_affected() == 0)
        .await;
    let events = webhook_event::Entity::find().all(&db.read).await.unwrap();
    let stored: BTreeSet<i64> = events.iter().map(|event| event.event_id.parse().unwrap()).collect();
    assert_eq!(events.len(), stored.len(), "each is stored once");
    assert!(events.iter().all(|event| event.status == EventStatus::Applied));
    let answered = senders.answered();
    assert_eq!(answered.difference(&stored).count(), 0, "every answered event is stored");
    let leads = lead::Entity::find().all(&db.read).await.unwrap();
    let applied: BTreeSet<i64> = leads.iter().filter(|lead| lead.email.is_some()).map(|lead| lead.id).collect();
    assert_eq!(answered.difference(&applied).count(), 0, "every answered event is applied");
    db.close().await.unwrap();
}
