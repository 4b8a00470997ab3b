//! The spool where it ends: its disk is full, or it has no time left.

use std::{fs, sync::atomic::Ordering};

use promograph::{
    inbox::{Inbox, InsertError},
    time::now_ms,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, TransactionTrait as _};
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

use super::{Beside, delivery};
use crate::{
    spool_outages::{assert_each_is_stored_once_and_applied, waiting},
    support::{Cluster, Folder, Promograph, Socket, eventually, senders::Senders},
};

/// In megabytes: room for some webhooks beside what is put by.
const SMALL_DISK: u32 = 64;

#[tokio::test(flavor = "multi_thread")]
async fn a_spool_that_has_filled_its_disk_drains_by_itself_and_takes_webhooks_again() {
    let Some(disk) = Folder::on_small_disk(SMALL_DISK) else { return };
    let cluster = Cluster::start().await;
    let promograph = Promograph::in_folder(disk).with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let senders = Senders::new();
    let server = promograph.serve().await;
    for kilobytes in [200, 4] {
        cluster.stop().await;
        senders.fill(&server.address, kilobytes).await;
        // Nothing but what was put by is left, as if somebody else had taken the rest.
        promograph.disk().fill();
        cluster.resume().await;
        eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
        promograph.disk().free();
    }
    // Also when the server starts on a full disk, and is killed before the spool is empty.
    cluster.stop().await;
    senders.fill(&server.address, 200).await;
    promograph.disk().fill();
    server.kill();
    let server = promograph.serve().await;
    let mut socket = Socket::connect(&server.address).await.unwrap();
    assert_eq!(senders.post_large(&mut socket, 200).await, 503);
    let slow = "create function slow() returns trigger language plpgsql as \
        'begin perform pg_sleep(0.01); return new; end'";
    cluster.resume().await;
    cluster.run(slow).await;
    cluster.run("create trigger slow before insert on webhook_event for each row execute function slow()").await;
    let spooled = waiting(&server.address).await.1;
    eventually("draining has begun", async || waiting(&server.address).await.1 < spooled).await;
    server.kill();
    cluster.run("drop trigger slow on webhook_event").await;
    let server = promograph.serve().await;
    eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;

    // The disk is still full, and the spool has its room again.
    cluster.stop().await;
    senders.send(&server.address, 1, 5).await;
    cluster.resume().await;
    eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
    assert_each_is_stored_once_and_applied(&cluster, &senders).await;
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spool_without_its_reserve_takes_webhooks_once_there_is_room_though_the_database_is_away_again() {
    const OTHERS: u32 = 48;
    let Some(disk) = Folder::on_small_disk(SMALL_DISK + OTHERS) else { return };
    let others = disk.path().join("others");
    fs::write(&others, vec![1; OTHERS as usize * 1024 * 1024]).unwrap();
    let cluster = Cluster::start().await;
    let promograph = Promograph::in_folder(disk).with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    let senders = Senders::new();
    let server = promograph.serve().await;
    // Some are moved with the room that was put by; then it hangs.
    let hangs = "create function hangs() returns trigger language plpgsql as \
        'begin if new.event_id >= ''1000100'' then perform pg_sleep(60); end if; return new; end'";
    cluster.run(hangs).await;
    cluster.run("create trigger hangs before insert on webhook_event for each row execute function hangs()").await;
    cluster.stop().await;
    senders.fill(&server.address, 200).await;
    promograph.disk().fill();
    cluster.resume().await;
    eventually("its reserve is spent", async || !promograph.data_dir().join("spool.reserve").exists()).await;
    cluster.stop().await;
    let post = async || {
        let mut socket = Socket::connect(&server.address).await.unwrap();
        senders.post_large(&mut socket, 4).await
    };
    assert_eq!(post().await, 503);
    fs::remove_file(others).unwrap();
    eventually("there is room", async || post().await == 200).await;

    cluster.resume().await;
    cluster.run("drop trigger hangs on webhook_event").await;
    eventually("the spool drains", async || waiting(&server.address).await == (200, 0)).await;
    assert_each_is_stored_once_and_applied(&cluster, &senders).await;
}

/// The database takes no webhook, and says nothing, until this ends.
pub(super) async fn hang(beside: &Beside) -> DatabaseTransaction {
    let lock = beside.test.database.write.begin().await.unwrap();
    lock.execute_unprepared("lock table webhook_event").await.unwrap();
    lock
}

#[tokio::test]
async fn nobody_waits_for_a_database_that_hangs_when_the_spool_is_full() {
    let beside = Beside::new().await;
    let hangs = hang(&beside).await;
    beside.in_spool("alter table webhook_event rename to away").await;
    // What the database itself is given: the answer comes before that has passed.
    let patient = Inbox::start(beside.test.database.clone(), CancellationToken::new());
    let patient = tokio::spawn(async move { patient.insert(delivery("patient")).await });
    for outage in ["begins", "goes on"] {
        assert_eq!(beside.intake.store(delivery(outage)).await, Err(InsertError::Unavailable));
        assert!(!patient.is_finished(), "the outage {outage}");
    }
    hangs.rollback().await.unwrap();
    patient.await.unwrap().unwrap();
    // It had been asked once, and answers late.
    eventually("the first is kept all the same", async || {
        let stored = beside.stored().await;
        stored.iter().any(|event| event.event_id == "begins" && event.deliveries == 1)
    })
    .await;
}

#[tokio::test]
async fn a_database_that_answers_late_is_heard_when_the_spool_is_full() {
    let beside = Beside::new().await;
    let hangs = hang(&beside).await;
    beside.in_spool("alter table webhook_event rename to away").await;
    let intake = beside.intake.clone();
    let keeping = tokio::spawn(async move { intake.store(delivery("1")).await });
    eventually("the spool was asked", async || beside.intake.spool_counters().outages.load(Ordering::Relaxed) == 1)
        .await;
    hangs.rollback().await.unwrap();
    assert!(!keeping.await.unwrap().unwrap().duplicate);
    assert_eq!(beside.stored().await.len(), 1);
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_put_off_is_not_left_until_then() {
    let beside = Beside::new().await;
    beside.fail().await;
    for event in ["1", "2", "3"] {
        beside.intake.store(delivery(event)).await.unwrap();
    }
    for (event, ahead) in [("2", 365 * 86_400_000), ("3", 1_800_000)] {
        let not_before = now_ms() + ahead;
        let sql = format!("update webhook_event set not_before = {not_before} where event_id = '{event}'");
        beside.in_spool(&sql).await;
    }
    beside.heal().await;
    beside.start_draining();
    beside.until_waiting(1).await;
    let stored: Vec<_> = beside.stored().await.into_iter().map(|event| event.event_id).collect();
    assert_eq!(stored, ["1", "2"]);
}

#[tokio::test]
async fn nobody_waits_for_a_database_that_hangs_when_the_spool_has_room() {
    let beside = Beside::new().await;
    let hangs = hang(&beside).await;
    let patient = Inbox::start(beside.test.database.clone(), CancellationToken::new());
    let patient = tokio::spawn(async move { patient.insert(delivery("patient")).await });
    // A sender who hangs up at once changes nothing.
    tokio::select! {
        biased;
        _ = beside.intake.store(delivery("gone")) => panic!("it cannot be kept yet"),
        () = yield_now() => {}
    }
    for event in ["1", "2"] {
        beside.intake.store(delivery(event)).await.unwrap();
    }
    beside.until_waiting(3).await;
    assert!(!patient.is_finished());
    assert_eq!(beside.intake.spool_counters().outages.load(Ordering::Relaxed), 1);
    hangs.rollback().await.unwrap();
    beside.start_draining();
    beside.until_waiting(0).await;
    // It goes straight there again.
    beside.intake.store(delivery("3")).await.unwrap();
    assert_eq!(beside.intake.spool_counters().spooled.load(Ordering::Relaxed), 3);
    patient.await.unwrap().unwrap();
    assert_eq!(beside.stored().await.len(), 5);
}
