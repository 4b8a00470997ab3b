//! Change notices: which rows changed, after the commit, for this process and for others.

use promograph::projection::{Change, Changes, Commit, Notice, announcer, drain, listener};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{
    Backend, TestDatabase, Webhooks,
    events::{NOW, kept, store},
    fixture, on_both,
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
        let mut told = changes.subscribe();
        let lead =
            json!({"id": 7, "state": "signup", "promoter": {"id": 5, "email": "a@b.example", "parent_promoter_id": 6}});
        store_lead(&test, 1, lead.clone()).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        assert_eq!(told.recv().await.unwrap(), rows(1, &[("lead", 7), ("promoter", 5), ("promoter", 6)]));

        store_lead(&test, 2, lead).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        store_lead(&test, 3, json!({"id": 7, "state": "active", "promoter": {"id": 5, "email": "a@b.example"}})).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        assert_eq!(told.recv().await.unwrap(), rows(3, &[("lead", 7)]), "what only was told again did not change");
    })
    .await;
}

#[tokio::test]
async fn another_process_hears_of_it_by_listening() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let (ours, theirs, shutdown) = (Changes::new(), Changes::new(), CancellationToken::new());
    let mut heard = theirs.subscribe();
    let (url, stop) = (test.url.clone(), shutdown.clone());
    let listening = tokio::spawn(async move { listener::run(&url, &theirs, &stop).await });
    assert_eq!(heard.recv().await.unwrap(), Notice::Lost, "what came before it listened was missed");
    store_lead(&test, 1, json!({"id": 7, "state": "signup"})).await;
    drain(&test.database, &ours, NOW).await.unwrap();
    assert_eq!(heard.recv().await.unwrap(), rows(1, &[("lead", 7)]));
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
        where datname = current_database() and query like 'LISTEN%'";
    sea_orm::ConnectionTrait::execute_unprepared(&test.database.write, cut).await.unwrap();
    assert_eq!(heard.recv().await.unwrap(), Notice::Lost, "the connection was lost");
    shutdown.cancel();
    listening.await.unwrap();
}

#[tokio::test]
async fn what_the_inbox_keeps_is_told_to_this_process_and_to_others() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        let (ours, theirs, shutdown) = (Changes::new(), Changes::new(), CancellationToken::new());
        let (mut here, mut there) = (ours.subscribe(), theirs.subscribe());
        let (url, stop, kept) = (test.url.clone(), shutdown.clone(), webhooks.kept());
        let announcing = tokio::spawn(announcer::run(test.database.clone(), kept, ours, shutdown.clone()));
        let listening = (test.backend == Backend::Postgres)
            .then(|| tokio::spawn(async move { listener::run(&url, &theirs, &stop).await }));
        if listening.is_some() {
            assert_eq!(there.recv().await.unwrap(), Notice::Lost);
        }
        webhooks.deliver(fixture("lead_signup")).await;
        webhooks.deliver(fixture("lead_signup")).await;
        webhooks.deliver(fixture("new_customer")).await;
        let events = webhooks.events().await;
        for event in &events {
            let told = Notice::Kept([event.id.clone()].into());
            assert_eq!(here.recv().await.unwrap(), told, "a repetition is no new event");
            if listening.is_some() {
                assert_eq!(there.recv().await.unwrap(), told);
            }
        }
        shutdown.cancel();
        announcing.await.unwrap();
        if let Some(listening) = listening {
            listening.await.unwrap();
        }
    })
    .await;
}
