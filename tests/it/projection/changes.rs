//! Change notices: which rows changed, after the commit, for this process and for others.

use entity::change_notice;
use promograph::{
    database::Database,
    projection::{Change, Changes, Commit, Notice, NoticePoller, drain, notice_writer, pg_listener, rebuild, version},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{
    Backend, TestDatabase, Webhooks,
    events::{NOW, kept, store},
    eventually, fixture, on_both,
};

async fn store_lead(test: &TestDatabase, event: i64, data: Value) {
    let created_at = format!("2025-03-01T00:00:0{event}Z");
    let body = json!({"event": {"id": event, "type": "lead_signup", "created_at": created_at}, "data": data});
    store(&test.database, &[kept(&format!("event-{event}"), body.to_string().as_bytes())]).await;
}

fn rows(event: i64, changes: &[(&'static str, i64)]) -> Notice {
    let rows = changes.iter().map(|&(entity, id)| Change { entity, id }).collect();
    Notice::Rows(Commit { rows, at: NOW, event: Some(format!("event-{event}").into()) })
}

#[tokio::test]
async fn a_commit_tells_the_rows_whose_values_changed() {
    on_both(async |test: TestDatabase| {
        let changes = Changes::new();
        let mut notices = changes.subscribe();
        let lead =
            json!({"id": 7, "state": "signup", "promoter": {"id": 5, "email": "a@b.example", "parent_promoter_id": 6}});
        store_lead(&test, 1, lead.clone()).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        assert_eq!(notices.recv().await.unwrap(), rows(1, &[("lead", 7), ("promoter", 5), ("promoter", 6)]));

        store_lead(&test, 2, lead).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        store_lead(&test, 3, json!({"id": 7, "state": "active", "promoter": {"id": 5, "email": "a@b.example"}})).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        assert_eq!(
            notices.recv().await.unwrap(),
            rows(3, &[("lead", 7)]),
            "a value that an event repeats did not change"
        );
    })
    .await;
}

/// What another process has: connections and a channel of its own, and a poller.
struct Process {
    db: Database,
    changes: Changes,
    heard: Receiver<Notice>,
    stop: CancellationToken,
    _running: DropGuard,
}

impl Process {
    /// With a poller that asks.
    async fn asks(test: &TestDatabase) -> Self {
        Self::start(test, None).await
    }

    /// With a poller to whom the database says when to look.
    async fn listens(test: &TestDatabase) -> Self {
        Self::start(test, Some(test.url.clone())).await
    }

    async fn start(test: &TestDatabase, direct_url: Option<String>) -> Self {
        let (db, changes, stop) =
            (Database::connect(&test.url).await.unwrap(), Changes::new(), CancellationToken::new());
        let mut heard = changes.subscribe();
        let poller = NoticePoller::new(db.clone(), changes.clone());
        if let Some(url) = direct_url {
            let (changes, listening, stop) = (changes.clone(), poller.listener_status(), stop.clone());
            let is_on = listening.clone();
            tokio::spawn(async move { pg_listener::run(&url, &changes, &listening, &stop).await });
            eventually("it listens", async || is_on.is_on()).await;
        }
        tokio::spawn(poller.run(stop.clone()));
        assert_eq!(heard.recv().await.unwrap(), Notice::Lost, "what came before was missed");
        Self { db, changes, heard, stop: stop.clone(), _running: stop.drop_guard() }
    }

    async fn applies(&self, test: &TestDatabase, lead: i64) {
        let created_at = "2025-03-01T00:00:00Z";
        let event = json!({"id": lead, "type": "lead_signup", "created_at": created_at});
        let body = json!({"event": event, "data": {"id": lead}}).to_string();
        store(&test.database, &[kept(&format!("event-{lead}"), body.as_bytes())]).await;
        drain(&self.db, &self.changes, NOW).await.unwrap();
    }

    /// So many ids of kept events, sorted.
    async fn kept(&mut self, count: usize) -> Vec<String> {
        let mut kept = Vec::new();
        while kept.len() < count {
            match self.heard.recv().await.unwrap() {
                Notice::NewEvents(ids) => kept.extend_from_slice(&ids),
                notice => panic!("{notice:?}"),
            }
        }
        kept.sort();
        kept
    }

    async fn hears(&mut self, leads: impl IntoIterator<Item = i64>) {
        for lead in leads {
            assert_eq!(self.heard.recv().await.unwrap(), rows(lead, &[("lead", lead)]));
        }
    }
}

#[tokio::test]
async fn all_processes_hear_all_changes_in_the_order_of_their_commits() {
    on_both(async |test: TestDatabase| {
        let (mut one, mut two) = (Process::asks(&test).await, Process::asks(&test).await);
        for lead in (1..=20).step_by(2) {
            one.applies(&test, lead).await;
            two.applies(&test, lead + 1).await;
        }
        one.hears(1..=20).await;
        two.hears(1..=20).await;
    })
    .await;
}

#[tokio::test]
async fn who_listens_hears_the_same_also_when_the_connection_breaks() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let (mut asks, mut listens) = (Process::asks(&test).await, Process::listens(&test).await);
    for lead in 1..=5 {
        asks.applies(&test, lead).await;
    }
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
        where datname = current_database() and query like 'LISTEN%'";
    test.database.write.execute_unprepared(cut).await.unwrap();
    for lead in 6..=10 {
        asks.applies(&test, lead).await;
    }
    listens.hears(1..=10).await;
    asks.hears(1..=10).await;
}

#[tokio::test]
async fn who_missed_notices_is_told_so() {
    on_both(async |test: TestDatabase| {
        let mut other = Process::asks(&test).await;
        let ours = Process::asks(&test).await;
        ours.applies(&test, 1).await;
        other.hears([1]).await;
        // As if it had slept until they were no longer kept.
        change_notice::Entity::delete_many().exec(&test.database.write).await.unwrap();
        assert_eq!(other.heard.recv().await.unwrap(), Notice::Lost);
        ours.applies(&test, 2).await;
        assert_eq!(other.heard.recv().await.unwrap(), Notice::Lost);
        ours.applies(&test, 3).await;
        other.hears([3]).await;
    })
    .await;
}

#[tokio::test]
async fn notices_are_kept_for_half_a_minute_and_the_one_before_it() {
    on_both(async |test: TestDatabase| {
        let mut kept_at = Vec::new();
        for (event, at) in (1..).zip([0, 10_000, 41_000, 41_000, 900_000, 900_000]) {
            store_lead(&test, event, json!({"id": event})).await;
            drain(&test.database, &Changes::new(), NOW + at).await.unwrap();
            let notices = change_notice::Entity::find().all(&test.database.read).await.unwrap();
            let mut versions: Vec<_> = notices.iter().map(|notice| notice.version - NOW).collect();
            versions.sort_unstable();
            kept_at.push(versions);
        }
        // The first is the one of an empty mirror. Each step judges by the one before it.
        let expected: [&[i64]; 6] = [
            &[-NOW, 0],
            &[-NOW, 0, 10_000],
            &[-NOW, 0, 10_000, 41_000],
            &[10_000, 41_000, 41_001],
            &[10_000, 41_000, 41_001, 900_000],
            &[41_001, 900_000, 900_001],
        ];
        assert_eq!(kept_at, expected);
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_in_another_process_is_heard() {
    on_both(async |test: TestDatabase| {
        let mut other = Process::asks(&test).await;
        other.applies(&test, 1).await;
        other.hears([1]).await;
        let before = version::current(&test.database).await.unwrap();
        let again = async || {
            let rebuilt = rebuild(&test.database, &Changes::new(), || NOW, &mut |_| {}).await.unwrap();
            (rebuilt.changed, version::current(&test.database).await.unwrap())
        };
        assert_eq!(again().await, (0, before), "where nothing is wrong nothing changes");
        test.database.write.execute_unprepared("update lead set email = 'x@y.example'").await.unwrap();
        let (changed, after) = again().await;
        assert!(changed == 1 && after > before, "{changed}: {after}");
        let rows = [Change { entity: "lead", id: 1 }].into();
        assert_eq!(other.heard.recv().await.unwrap(), Notice::Rows(Commit { rows, at: NOW, event: None }));
    })
    .await;
}

#[tokio::test]
async fn the_version_grows_with_every_change_and_only_then() {
    on_both(async |test: TestDatabase| {
        let version = async || version::current(&test.database).await.unwrap();
        let apply = async |event, data, at| {
            store_lead(&test, event, data).await;
            let before = version().await;
            drain(&test.database, &Changes::new(), at).await.unwrap();
            version().await - before
        };
        assert_eq!(version().await, 0);
        assert_eq!(apply(1, json!({"id": 7, "state": "signup"}), NOW).await, NOW);
        assert_eq!(apply(2, json!({"id": 7, "state": "active"}), NOW - 5_000).await, 1, "another clock may be late");
        assert!(apply(3, json!({"id": 7, "state": "active"}), NOW).await > 0, "one more event updates the lead");
        store(&test.database, &[kept("event-4", b"{}")]).await;
        let before = version().await;
        drain(&test.database, &Changes::new(), NOW).await.unwrap();
        assert_eq!(version().await, before, "there was no change");
    })
    .await;
}

#[tokio::test]
async fn what_the_inbox_keeps_is_told_to_this_process_and_to_others() {
    on_both(async |test: TestDatabase| {
        let (webhooks, others) = (Webhooks::new(&test.database), Webhooks::new(&test.database));
        let (mut one, mut two) = (Process::asks(&test).await, Process::asks(&test).await);
        for (webhooks, process) in [(&webhooks, &one), (&others, &two)] {
            let (kept, changes) = (webhooks.subscribe(), process.changes.clone());
            tokio::spawn(notice_writer::run(test.database.clone(), kept, changes, process.stop.clone()));
        }
        for (webhooks, name) in [(&webhooks, "lead_signup"), (&webhooks, "lead_signup"), (&others, "new_customer")] {
            webhooks.deliver(fixture(name)).await;
        }
        let events: Vec<_> = webhooks.events().await.into_iter().map(|event| event.id).collect();
        assert_eq!(events.len(), 2);
        if test.backend == Backend::Sqlite {
            assert_eq!((one.kept(1).await, two.kept(1).await), (events[..1].to_vec(), events[1..].to_vec()));
            return;
        }
        assert_eq!((one.kept(2).await, two.kept(2).await), (events.clone(), events), "a repetition is no new event");
    })
    .await;
}

#[tokio::test]
async fn the_times_of_commits_do_not_go_back_when_a_clock_does() {
    on_both(async |test: TestDatabase| {
        let changes = Changes::new();
        let mut notices = changes.subscribe();
        for (event, now, at) in [
            (1, NOW, NOW),
            (2, NOW - 5_000, NOW),
            (3, NOW + 1, NOW + 1),
            // An hour is no difference between clocks: the last one was wrong.
            (4, NOW - 3_600_000, NOW - 3_600_000),
        ] {
            store_lead(&test, event, json!({"id": event})).await;
            drain(&test.database, &changes, now).await.unwrap();
            let Notice::Rows(commit) = notices.recv().await.unwrap() else { panic!("no rows") };
            assert_eq!((commit.at, &commit.rows[..]), (at, &[Change { entity: "lead", id: event }][..]));
        }
    })
    .await;
}
