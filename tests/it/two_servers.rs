//! Two servers on one PostgreSQL: both receive, one applies, and the other takes over.

use entity::webhook_event::EventStatus;
use entity::{lead, lease, webhook_event};
use promograph::{
    database::Database,
    projection::{Changes, Notice, NoticePoller, pg_listener},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};
use tokio::sync::broadcast::Receiver;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{Backend, Promograph, Server, Socket, TestDatabase, eventually, senders};

/// A database, and the server that applies its events.
struct Pair {
    test: TestDatabase,
    /// The data directories of both.
    folders: [Promograph; 2],
    applying: Server,
    other: Server,
}

impl Pair {
    async fn start() -> Self {
        let test = TestDatabase::migrated(Backend::Postgres).await;
        let folders = [Promograph::on(&test), Promograph::on(&test)];
        let applying = folders[0].serve().await;
        eventually("it has the lease", async || lease(&test).await.is_some()).await;
        let other = folders[1].serve().await;
        Self { test, folders, applying, other }
    }

    /// An event of this id is received here, and in the end applied.
    async fn receives(&self, server: &Server, id: i64) {
        senders::post(&mut Socket::connect(&server.address).await.unwrap(), id).await;
        self.is_applied(id).await;
    }

    async fn is_applied(&self, id: i64) {
        eventually("it is applied", async || {
            lead::Entity::find_by_id(id).one(&self.test.database.read).await.unwrap().is_some_and(|lead| !lead.is_stub)
        })
        .await;
    }

    async fn runs(&self, sql: &str) {
        self.test.database.write.execute_unprepared(sql).await.unwrap();
    }
}

async fn lease(test: &TestDatabase) -> Option<lease::Model> {
    lease::Entity::find().one(&test.database.read).await.unwrap()
}

/// Who hears of changes as a server does: in a process that writes nothing.
async fn hears(test: &TestDatabase, direct_url: Option<&str>) -> (Receiver<Notice>, DropGuard) {
    let (changes, stop) = (Changes::new(), CancellationToken::new());
    let mut heard = changes.subscribe();
    let poller = NoticePoller::new(Database::connect(&test.url).await.unwrap(), changes.clone());
    if let Some(url) = direct_url.map(ToOwned::to_owned) {
        let (listening, stop) = (poller.listener_status(), stop.clone());
        tokio::spawn(async move { pg_listener::run(&url, &changes, &listening, &stop).await });
    }
    tokio::spawn(poller.run(stop.clone()));
    assert_eq!(heard.recv().await.unwrap(), Notice::Lost);
    (heard, stop.drop_guard())
}

/// The leads whose changes are told, up to this one.
async fn leads_until(heard: &mut Receiver<Notice>, last: i64) -> Vec<i64> {
    let mut leads = Vec::new();
    while leads.last() != Some(&last) {
        match heard.recv().await.unwrap() {
            Notice::Rows(commit) => {
                leads.extend(commit.rows.iter().filter(|row| row.entity == "lead").map(|row| row.id));
            }
            Notice::NewEvents(_) => {}
            Notice::Lost => panic!("something was missed"),
        }
    }
    leads
}

#[tokio::test(flavor = "multi_thread")]
async fn both_receive_and_when_the_one_that_applies_is_killed_the_other_goes_on() {
    let pair = Pair::start().await;
    let (mut by_asking, _asking) = hears(&pair.test, None).await;
    let (mut by_listening, _listening) = hears(&pair.test, Some(&pair.test.url)).await;
    let first = lease(&pair.test).await.unwrap();
    pair.receives(&pair.applying, 1).await;
    pair.receives(&pair.other, 2).await;
    let then = lease(&pair.test).await.unwrap();
    assert_eq!((&then.owner, then.fencing_token), (&first.owner, first.fencing_token), "one applies what both receive");

    let Pair { test, folders, applying, other } = pair;
    applying.kill();
    let pair = Pair { applying: other, other: folders[0].serve().await, test, folders };
    for (server, id) in [(&pair.applying, 3), (&pair.other, 4)] {
        pair.receives(server, id).await;
    }
    assert!(lease(&pair.test).await.unwrap().fencing_token > first.fencing_token);
    for heard in [&mut by_asking, &mut by_listening] {
        assert_eq!(leads_until(heard, 4).await, [1, 2, 3, 4], "every process hears of every change");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_hangs_in_the_middle_of_a_batch_is_replaced_and_cannot_write_when_it_wakes() {
    let pair = Pair::start().await;
    pair.runs(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'",
    )
    .await;
    pair.runs("create trigger slow before insert on lead for each row execute function slow()").await;
    let first = lease(&pair.test).await.unwrap();
    senders::post(&mut Socket::connect(&pair.applying.address).await.unwrap(), 1).await;
    let sleeps = "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    let statement = Statement::from_string(pair.test.database.backend, sleeps);
    let sleeps = async || pair.test.database.read.query_one_raw(statement.clone()).await.unwrap().is_some();
    eventually("it writes a batch", &sleeps).await;
    pair.applying.freeze();
    eventually("its statement is over, its transaction is not", async || !sleeps().await).await;

    pair.receives(&pair.other, 2).await;
    pair.is_applied(1).await;
    let second = lease(&pair.test).await.unwrap();
    assert!(second.fencing_token > first.fencing_token && second.owner != first.owner);

    pair.applying.thaw();
    pair.receives(&pair.applying, 3).await;
    let third = lease(&pair.test).await.unwrap();
    assert_eq!((third.owner, third.fencing_token), (second.owner, second.fencing_token));
    let events = webhook_event::Entity::find().all(&pair.test.database.read).await.unwrap();
    assert!(
        events.len() == 3 && events.iter().all(|event| event.status == EventStatus::Applied && event.attempts == 0)
    );
}
