//! What becomes of webhooks v2 in the tables, whether or not their ids are v1's.

use entity::webhook_event::EventStatus;
use promograph::projection::{
    Changes, Projector, ProjectorConfig, ReplaySelection, StepOutcome, digest, drain, parse::IdSpace, rebuild, replay,
};
use sea_orm::ConnectionTrait as _;

use crate::support::{
    TestDatabase,
    dump::dump,
    events::{NOW, apply, kept, store, stored},
    fixture, on_both,
};

#[tokio::test]
async fn separate_ids_keep_v2_as_ignored_until_the_setting_changes_and_it_is_replayed() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let names = ["lead_signup", "v2/referral_cancelled", "v2/payments_batch_created"];
        let events: Vec<_> = names.iter().map(|name| kept(name, fixture(name).as_bytes())).collect();
        store(db, &events).await;
        let config = ProjectorConfig { ids: IdSpace::Separate, ..ProjectorConfig::default() };
        let mut projector = Projector::new(db.clone(), Changes::new(), config);
        while projector.step(NOW).await.unwrap() == StepOutcome::Applied {}
        projector.release().await.unwrap();
        let status = async || stored(db).await.into_iter().map(|event| event.status).collect::<Vec<_>>();
        assert_eq!(
            status().await,
            [EventStatus::Applied, EventStatus::Applied, EventStatus::Ignored],
            "by id: v1, the batch, the referral"
        );
        let state = async || dump(db).await[&("lead", 30_100_001)].clone();
        assert!(state().await.contains(r#"state=Text("signup")"#));

        let ignored = ReplaySelection { statuses: vec![EventStatus::Ignored], ..ReplaySelection::default() };
        assert_eq!(replay(db, &ignored, NOW).await.unwrap(), 1);
        drain(db, &Changes::new(), NOW).await.unwrap();
        assert_eq!(status().await, [EventStatus::Applied; 3]);
        assert!(state().await.contains(r#"state=Text("cancelled")"#));
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_reads_everything_of_v2_again_and_changes_nothing() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let folder = format!("{}/tests/fixtures/webhooks/v2", env!("CARGO_MANIFEST_DIR"));
        let mut events = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            events.push(kept(path.file_stem().unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap()));
        }
        // All but the test delivery.
        let count = events.len() as u64 - 1;
        assert_eq!(apply(db, &events).await.applied, count);
        let rows = dump(db).await;
        let rebuilt = rebuild(db, &Changes::new(), || NOW, &mut |_| {}).await.unwrap();
        assert_eq!((rebuilt.events, rebuilt.changed), (count, 0));
        assert_eq!(rebuilt.before, rebuilt.after);

        for damage in [
            "update payout_commission set deleted_at = 7",
            "update contract_document set contract_name = 'x'",
            "update lead set state = 'x' where id = 30100001",
        ] {
            db.write.execute_unprepared(damage).await.unwrap();
        }
        assert_ne!(digest(db).await.unwrap(), rebuilt.after);
        let again = rebuild(db, &Changes::new(), || NOW, &mut |_| {}).await.unwrap();
        assert_eq!(again.after, rebuilt.after);
        assert_eq!(dump(db).await, rows);
    })
    .await;
}
