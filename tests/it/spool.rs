//! The spool beside the inbox: what the database does not take is kept on disk, and moved once.

use std::{fs, sync::Arc};

use bytes::Bytes;
use entity::webhook_event::{self, Model};
use promograph::{
    data_dir::DataDir,
    database::{Database, sqlite_url},
    inbox::{Delivery, EventStatus, Inbox, InsertError, Protocol},
    intake::{Intake, Spool},
};
use sea_orm::{
    ConnectionTrait as _, EntityTrait as _, QueryOrder as _, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::SetOnce;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{Backend, TestDatabase, Webhooks, eventually, fixture, on_both};

mod draining;
mod edges;

/// An intake on PostgreSQL with a spool of its own.
struct Beside {
    test: TestDatabase,
    intake: Intake,
    ready: Arc<SetOnce<()>>,
    folder: tempfile::TempDir,
    _stop: DropGuard,
}

impl Beside {
    async fn new() -> Self {
        let test = TestDatabase::migrated(Backend::Postgres).await;
        let (folder, stop) = (tempfile::tempdir().unwrap(), CancellationToken::new());
        let ready = Arc::new(SetOnce::new_with(Some(())));
        let spool = Spool::open(&DataDir::open(folder.path()).unwrap(), stop.clone()).await.unwrap();
        let inbox = Inbox::start(test.database.clone(), stop.clone());
        let intake = Intake::new(inbox, Some(spool), ready.clone());
        Self { test, intake, ready, folder, _stop: stop.drop_guard() }
    }

    /// The table is away: the database answers, but cannot keep anything.
    async fn fail(&self) {
        self.rename("webhook_event", "away").await;
    }

    async fn heal(&self) {
        self.rename("away", "webhook_event").await;
    }

    async fn rename(&self, from: &str, to: &str) {
        let sql = format!("alter table {from} rename to {to}");
        self.test.database.write.execute_unprepared(&sql).await.unwrap();
    }

    fn start_draining(&self) {
        tokio::spawn(self.intake.clone().drain(CancellationToken::new()));
    }

    async fn until_waiting(&self, events: u64) {
        eventually("the spool drains", async || self.waiting().await == events).await;
    }

    async fn waiting(&self) -> u64 {
        self.intake.spool_backlog().await.unwrap().events
    }

    async fn in_spool(&self, sql: &str) {
        let spool = Database::connect(&sqlite_url(&self.folder.path().join("spool.db"))).await.unwrap();
        spool.write.execute_unprepared(sql).await.unwrap();
        spool.close().await.unwrap();
    }

    async fn stored(&self) -> Vec<Model> {
        let events = webhook_event::Entity::find().order_by_asc(webhook_event::Column::Id);
        events.all(&self.test.database.read).await.unwrap()
    }
}

fn delivery(event_id: &str) -> Delivery {
    Delivery {
        protocol: Protocol::V1,
        event_type: "lead_signup".to_owned(),
        event_id: event_id.to_owned(),
        occurred_at: Some(-5),
        body_hash: format!("{event_id:0>64}"),
        body: Bytes::from(format!("\0\u{ff}body of {event_id}")),
        status: EventStatus::Pending,
        error: None,
        received_at: 1_000,
    }
}

#[tokio::test]
async fn what_the_database_does_not_take_is_moved_there_later_as_it_was() {
    let beside = Beside::new().await;
    beside.fail().await;
    let unreadable = Delivery {
        protocol: Protocol::Unknown,
        occurred_at: None,
        status: EventStatus::Unreadable,
        error: Some("because".to_owned()),
        ..delivery("2")
    };
    let mut ids = Vec::new();
    for delivery in [delivery("1"), unreadable.clone(), Delivery { body: Bytes::new(), ..delivery("3") }] {
        ids.push(beside.intake.store(delivery).await.unwrap().id);
    }
    assert_eq!(beside.waiting().await, 3);
    beside.heal().await;
    beside.start_draining();
    beside.until_waiting(0).await;
    let stored = beside.stored().await;
    assert_eq!(stored.iter().map(|event| &event.id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert_eq!((stored[0].body.as_deref(), stored[0].occurred_at), (Some(&*delivery("1").body), Some(-5)));
    assert_eq!(stored[0].status, EventStatus::Pending);
    assert_eq!((stored[1].status.as_str(), stored[1].error.as_deref()), ("unreadable", Some("because")));
    assert_eq!((stored[1].protocol.as_str(), stored[1].occurred_at), ("unknown", None));
    assert_eq!(stored[2].body.as_deref(), Some(&b""[..]));
    assert!(stored.iter().all(|event| (event.deliveries, event.last_delivered_at) == (1, 1_000)));
}

#[tokio::test]
async fn a_repeat_is_stored_once_wherever_the_first_one_is() {
    let beside = Beside::new().await;
    let later = |event_id, received_at| Delivery { received_at, ..delivery(event_id) };
    // The first in the database, a repeat in the spool.
    beside.intake.store(delivery("1")).await.unwrap();
    beside.fail().await;
    beside.intake.store(later("1", 2_000)).await.unwrap();
    // All in the spool.
    let first = beside.intake.store(delivery("2")).await.unwrap();
    let repeat = beside.intake.store(later("2", 3_000)).await.unwrap();
    assert!(!first.duplicate && repeat.duplicate && repeat.id == first.id);
    // The first in the spool, a repeat in the database: another server's, which has no outage.
    beside.intake.store(delivery("3")).await.unwrap();
    beside.heal().await;
    let other = Inbox::start(beside.test.database.clone(), CancellationToken::new());
    other.insert(later("3", 4_000)).await.unwrap();
    assert_eq!(beside.waiting().await, 3);
    beside.start_draining();
    beside.until_waiting(0).await;
    let mut stored = beside.stored().await;
    stored.sort_by(|one, other| one.event_id.cmp(&other.event_id));
    let counted: Vec<_> =
        stored.iter().map(|event| (event.event_id.as_str(), event.deliveries, event.last_delivered_at)).collect();
    assert_eq!(counted, [("1", 2, 2_000), ("2", 2, 3_000), ("3", 2, 4_000)]);
}

#[tokio::test]
async fn an_event_that_the_database_refuses_stays_in_the_spool_and_holds_up_no_other() {
    let beside = Beside::new().await;
    let rule = "alter table webhook_event add constraint no_poison check (event_id <> 'poison')";
    beside.test.database.write.execute_unprepared(rule).await.unwrap();
    beside.intake.store(delivery("poison")).await.unwrap();
    beside.fail().await;
    beside.intake.store(delivery("1")).await.unwrap();
    beside.intake.store(delivery("2")).await.unwrap();
    beside.heal().await;
    beside.start_draining();
    beside.until_waiting(1).await;
    eventually("it is put off", async || beside.intake.spool_backlog().await.unwrap().refused == 1).await;
    let ids: Vec<_> = beside.stored().await.into_iter().map(|event| event.event_id).collect();
    assert_eq!(ids, ["1", "2"]);
    // No outage because of it: the next goes straight to the database.
    beside.intake.store(delivery("3")).await.unwrap();
    assert_eq!((beside.waiting().await, beside.stored().await.len()), (1, 3));
}

#[tokio::test]
async fn the_disk_space_of_an_outage_is_given_back() {
    let beside = Beside::new().await;
    let size = || std::fs::metadata(beside.folder.path().join("spool.db")).unwrap().len();
    beside.fail().await;
    for number in 0..8 {
        let large = Delivery { body: vec![b'x'; 1_000_000].into(), ..delivery(&number.to_string()) };
        beside.intake.store(large).await.unwrap();
    }
    beside.heal().await;
    beside.start_draining();
    beside.until_waiting(0).await;
    assert_eq!(beside.stored().await.len(), 8);
    eventually("the file is small again", async || size() < 1_000_000).await;
}

#[tokio::test]
async fn before_the_database_is_opened_everything_goes_to_the_spool() {
    let beside = Beside::new().await;
    let ready = Arc::new(SetOnce::new());
    let folder = tempfile::tempdir().unwrap();
    let data_dir = DataDir::open(folder.path()).unwrap();
    assert!(!Spool::exists(&data_dir));
    let spool = Spool::open(&data_dir, CancellationToken::new()).await.unwrap();
    assert!(Spool::exists(&data_dir));
    let inbox = Inbox::start(beside.test.database.clone(), CancellationToken::new());
    let intake = Intake::new(inbox, Some(spool), ready.clone());
    tokio::spawn(intake.clone().drain(CancellationToken::new()));
    intake.store(delivery("1")).await.unwrap();
    assert_eq!((intake.spool_backlog().await.unwrap().events, beside.stored().await.len()), (1, 0));
    ready.set(()).unwrap();
    eventually("it is moved", async || intake.spool_backlog().await.unwrap().events == 0).await;
    assert_eq!(beside.stored().await.len(), 1);
    assert!(beside.ready.initialized());
}

#[tokio::test]
async fn when_neither_can_keep_it_nobody_is_told_otherwise() {
    let beside = Beside::new().await;
    beside.fail().await;
    beside.in_spool("alter table webhook_event rename to away").await;
    assert_eq!(beside.intake.store(delivery("1")).await, Err(InsertError::Unavailable));
    beside.in_spool("alter table away rename to webhook_event").await;
    beside.intake.store(delivery("1")).await.unwrap();
    assert_eq!(beside.waiting().await, 1);
}

#[tokio::test]
async fn a_full_disk_under_sqlite_is_told_to_the_sender_and_then_forgotten() {
    on_both(async |test: TestDatabase| {
        if !test.database.is_sqlite() {
            return;
        }
        let webhooks = Webhooks::new(&test.database);
        let limit = async |pages: &str| {
            test.database.write.execute_unprepared(&format!("pragma max_page_count = {pages}")).await.unwrap();
        };
        // SQLite takes it for the end of the disk.
        limit("1").await;
        let large = format!(r#"{{"event":{{"id":1,"type":"x"}},"data":"{}"}}"#, "x".repeat(100_000));
        let answered = webhooks.deliver(large.clone()).await;
        assert_eq!((answered.code.as_u16(), answered.headers.contains_key("retry-after")), (503, true));
        limit("1000000").await;
        assert_eq!(webhooks.deliver(large).await.code, 200);
        assert_eq!(webhooks.events().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_locked_sqlite_file_is_told_to_the_sender_and_then_forgotten() {
    on_both(async |test: TestDatabase| {
        if !test.database.is_sqlite() {
            return;
        }
        let webhooks = Webhooks::new(&test.database);
        let other = sea_orm::Database::connect(&test.url).await.unwrap();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let lock = other.begin_with_options(options).await.unwrap();
        let answered = webhooks.deliver(fixture("lead_signup")).await;
        assert_eq!((answered.code.as_u16(), answered.headers.contains_key("retry-after")), (503, true));
        lock.rollback().await.unwrap();
        assert_eq!(webhooks.deliver(fixture("lead_signup")).await.code, 200);
        assert_eq!(webhooks.events().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_spool_stops_the_start_instead_of_being_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = DataDir::open(folder.path()).unwrap();
    let (file, log) = (folder.path().join("spool.db"), folder.path().join("spool.db-wal"));
    let open = async || {
        let stop = CancellationToken::new();
        let opened = Spool::open(&data_dir, stop.clone()).await.map_err(|error| format!("{error:#}"));
        stop.cancel();
        opened
    };
    open().await.unwrap().close().await.unwrap();
    let sound = fs::read(&file).unwrap();

    // Of its pages all but the first are gone.
    let mut damaged = sound.clone();
    damaged[4096..].fill(0xa5);
    for bytes in [&damaged, &b"not a database, whatever its name is".repeat(200)] {
        fs::write(&file, bytes).unwrap();
        let error = open().await.unwrap_err();
        assert!(
            error.contains("spool.db") && error.contains("malformed") || error.contains("not a database"),
            "{error}"
        );
        assert_eq!(&fs::read(&file).unwrap(), bytes, "it is left as it was");
    }
    // SQLite would delete the log.
    fs::write(&file, []).unwrap();
    fs::write(&log, [1; 5_000]).unwrap();
    let error = open().await.unwrap_err();
    assert!(error.contains("spool.db is gone, but") && error.contains("spool.db-wal"), "{error}");
    assert_eq!(fs::metadata(&log).unwrap().len(), 5_000);

    fs::remove_file(&log).unwrap();
    fs::write(&file, sound).unwrap();
    open().await.unwrap();
}
