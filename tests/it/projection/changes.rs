//! Change notices: which rows changed, after the commit, for this process and for others.

use promograph::projection::{Change, Changes, Notice, drain, listener};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{
    Backend, TestDatabase,
    events::{NOW, kept, store},
    on_both,
};

async fn store_lead(test: &TestDatabase, event: i64, data: Value) {
    let created_at = format!("2025-03-01T00:00:0{event}Z");
    let body = json!({"event": {"id": event, "type": "lead_signup", "created_at": created_at}, "data": data});
    store(&test.database, &[kept(&format!("event-{event}"), body.to_string().as_bytes())]).await;
}

fn rows(changes: &[(&'static str, i64)]) -> Notice {
    Notice::Rows(changes.iter().map(|&(entity, id)| Change { entity, id }).collect::<Vec<_>>().into())
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
        assert_eq!(told.recv().await.unwrap(), rows(&[("lead", 7), ("promoter", 5), ("promoter", 6)]));

        store_lead(&test, 2, lead).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        store_lead(&test, 3, json!({"id": 7, "state": "active", "promoter": {"id": 5, "email": "a@b.example"}})).await;
        drain(&test.database, &changes, NOW).await.unwrap();
        assert_eq!(told.recv().await.unwrap(), rows(&[("lead", 7)]), "what only was told again did not change");
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
    assert_eq!(heard.recv().await.unwrap(), rows(&[("lead", 7)]));
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
        where datname = current_database() and query like 'LISTEN%'";
    sea_orm::ConnectionTrait::execute_unprepared(&test.database.write, cut).await.unwrap();
    assert_eq!(heard.recv().await.unwrap(), Notice::Lost, "the connection was lost");
    shutdown.cancel();
    listening.await.unwrap();
}
