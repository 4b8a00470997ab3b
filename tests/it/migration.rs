//! The schema's history.

use migration::{Migrator, MigratorTrait as _};
use sea_orm::EntityTrait as _;

use crate::support::{TestDatabase, on_both};

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
