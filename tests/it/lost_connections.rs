//! Connections to PostgreSQL that were lost silently: the host is gone, or a firewall dropped them. Statements over them
//! are never answered, and TCP may wait for ever.

use std::sync::Arc;

use entity::{lead, webhook_event};
use promograph::{
    database::Database,
    projection::{Changes, NoticePoller, notice_writer, pg_listener},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::support::{Backend, Promograph, Road, Socket, TestDatabase, eventually, senders};

#[tokio::test(flavor = "multi_thread")]
async fn events_are_kept_and_applied_though_every_connection_leads_nowhere() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let road = Road::to(&test.url).await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &road.url);
    let server = promograph.serve().await;
    let mut sender = Socket::connect(&server.address).await.unwrap();
    for id in 1..=3 {
        senders::post(&mut sender, id).await;
        eventually("it is applied", async || {
            let lead = lead::Entity::find_by_id(id).one(&test.database.read).await.unwrap();
            lead.is_some_and(|lead| !lead.is_stub)
        })
        .await;
        road.cut();
    }
    assert_eq!(webhook_event::Entity::find().all(&test.database.read).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_servers_are_told_that_they_missed_what_was_lost_on_the_way() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let road = Road::to(&test.url).await;
    let (kept, heard) = broadcast::channel::<Arc<[String]>>(1);
    let (database, stop) = (Database::connect(&road.url).await.unwrap(), CancellationToken::new());
    let pool = database.write.get_postgres_connection_pool().clone();
    tokio::spawn(notice_writer::run(database, heard, Changes::new(), stop.clone()));
    let _stop = stop.drop_guard();
    let notices = async || {
        let sql = "select string_agg(ids, ',' order by number) from kept_notice";
        let row = test.database.read.query_one_raw(Statement::from_string(test.database.backend, sql)).await.unwrap();
        row.unwrap().try_get_by_index::<String>(0).unwrap()
    };
    kept.send(["one".to_owned()].into()).unwrap();
    eventually("the first is told", async || notices().await == ",one").await;
    // Only then is the next one sent by the connection that is cut.
    eventually("its connection is put back", async || pool.num_idle() == 1).await;
    road.cut();
    kept.send(["two".to_owned()].into()).unwrap();
    eventually("that something was missed is told", async || notices().await == ",one,*").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_on_a_connection_that_leads_nowhere_listens_anew() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let road = Road::to(&test.url).await;
    let (changes, stop) = (Changes::new(), CancellationToken::new());
    let poller = NoticePoller::new(test.database.clone(), changes.clone());
    let listening = poller.listener_status();
    let (url, is_on, stopped) = (road.url.clone(), listening.clone(), stop.clone());
    tokio::spawn(async move { pg_listener::run(&url, &changes, &is_on, &stopped).await });
    let _stop = stop.drop_guard();
    for _ in 0..2 {
        eventually("it listens", async || listening.is_on()).await;
        road.cut();
        eventually("it notices", async || !listening.is_on()).await;
    }
}
