//! The schema's history.

use migration::{Migrator, MigratorTrait as _};
use promograph::database::{Database, history, sqlite_url};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use crate::support::{Backend, Promograph, TestDatabase, on_both};

#[tokio::test]
async fn every_step_goes_up_and_down_and_up_again() {
    on_both(async |test: TestDatabase| {
        Migrator::down(&test.database.write, None).await.unwrap();
        Migrator::up(&test.database.write, None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_entity_matches_its_table() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        entity::api_token::Entity::find().one(db).await.unwrap();
        entity::balance::Entity::find().one(db).await.unwrap();
        entity::campaign::Entity::find().one(db).await.unwrap();
        entity::change_notice::Entity::find().one(db).await.unwrap();
        entity::commission::Entity::find().one(db).await.unwrap();
        entity::commission_event::Entity::find().one(db).await.unwrap();
        entity::contract_document::Entity::find().one(db).await.unwrap();
        entity::kept_notice::Entity::find().one(db).await.unwrap();
        entity::lead::Entity::find().one(db).await.unwrap();
        entity::lead_event::Entity::find().one(db).await.unwrap();
        entity::lease::Entity::find().one(db).await.unwrap();
        entity::offer::Entity::find().one(db).await.unwrap();
        entity::payments_batch::Entity::find().one(db).await.unwrap();
        entity::payout::Entity::find().one(db).await.unwrap();
        entity::payout_commission::Entity::find().one(db).await.unwrap();
        entity::payout_method::Entity::find().one(db).await.unwrap();
        entity::profile::Entity::find().one(db).await.unwrap();
        entity::promoter::Entity::find().one(db).await.unwrap();
        entity::promoter_event::Entity::find().one(db).await.unwrap();
        entity::promotion::Entity::find().one(db).await.unwrap();
        entity::revocation::Entity::find().one(db).await.unwrap();
        entity::reward::Entity::find().one(db).await.unwrap();
        entity::webhook_event::Entity::find().one(db).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone_and_says_so() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        let url = match test.backend {
            Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
            Backend::Postgres => test.url.clone(),
        };
        let db = Database::connect(&url).await.unwrap();
        let newer = "insert into seaql_migrations (version, applied_at) values ('m99990101_000001_later', 0)";
        db.write.execute_unprepared(newer).await.unwrap();
        for command in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["serve", "--no-migrate", "--listen", "127.0.0.1:0"],
            &["migrate", "up"],
            &["migrate", "down", "--yes"],
            &["migrate", "status"],
            &["token", "list"],
        ] {
            let (line, code) = promograph.complains(command).await;
            let expected = "this database was migrated by a newer promograph (migration m99990101_000001_later is \
                unknown here): use that version";
            assert!(code == Some(1) && line.contains(expected), "{command:?}: {line}");
        }
        db.write.execute_unprepared("delete from seaql_migrations where version like 'm9999%'").await.unwrap();
        assert!(history::pending(&db).await.unwrap().is_empty(), "nothing was undone");
    })
    .await;
}
