//! Puts a dataset into a database, through the entities.

use entity::{
    balance, campaign, commission, commission_event, contract_document, lead, lead_event, offer, payments_batch,
    payout, payout_commission, payout_method, profile, promoter, promoter_event, promotion, reward, webhook_event,
};
use promograph::database::Database;
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ColumnType, DatabaseConnection, EntityTrait, IdenStatic as _, Iterable as _,
    QueryFilter as _, Value, sea_query::Expr,
};

use super::dataset::{Cell, Dataset, Row};

/// Inserts every row.
pub async fn insert(database: &Database, dataset: &Dataset) {
    let db = &database.write;
    table::<offer::Entity>(db, dataset.rows("offer")).await;
    table::<reward::Entity>(db, dataset.rows("reward")).await;
    table::<campaign::Entity>(db, dataset.rows("campaign")).await;
    // Promoters and promotions refer to each other.
    let mut promoters = dataset.rows("promoter").to_vec();
    for row in &mut promoters {
        row.insert("default_promotion_id".to_owned(), Cell::Null);
    }
    table::<promoter::Entity>(db, &promoters).await;
    table::<promotion::Entity>(db, dataset.rows("promotion")).await;
    default_promotions(db, dataset.rows("promoter")).await;
    table::<profile::Entity>(db, dataset.rows("profile")).await;
    table::<balance::Entity>(db, dataset.rows("balance")).await;
    table::<lead::Entity>(db, dataset.rows("lead")).await;
    table::<commission::Entity>(db, dataset.rows("commission")).await;
    table::<payout_method::Entity>(db, dataset.rows("payout_method")).await;
    table::<payments_batch::Entity>(db, dataset.rows("payments_batch")).await;
    table::<payout::Entity>(db, dataset.rows("payout")).await;
    table::<payout_commission::Entity>(db, dataset.rows("payout_commission")).await;
    table::<contract_document::Entity>(db, dataset.rows("contract_document")).await;
    table::<webhook_event::Entity>(db, dataset.rows("webhook_event")).await;
    table::<promoter_event::Entity>(db, dataset.rows("promoter_event")).await;
    table::<lead_event::Entity>(db, dataset.rows("lead_event")).await;
    table::<commission_event::Entity>(db, dataset.rows("commission_event")).await;
}

async fn table<E: EntityTrait>(db: &DatabaseConnection, rows: &[Row])
where
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    if rows.is_empty() {
        return;
    }
    let models = rows.iter().map(|row| {
        let mut model = <E::ActiveModel as ActiveModelTrait>::default();
        for column in E::Column::iter() {
            let name = column.as_str();
            let cell = row.get(name).unwrap_or(&Cell::Null);
            model.set(column, value(cell, column.def().get_column_type()));
        }
        model
    });
    E::insert_many(models).exec_without_returning(db).await.expect("the rows are inserted");
}

async fn default_promotions(db: &DatabaseConnection, promoters: &[Row]) {
    for row in promoters {
        let (Cell::Int(id), Cell::Int(promotion)) = (&row["id"], &row["default_promotion_id"]) else { continue };
        promoter::Entity::update_many()
            .col_expr(promoter::Column::DefaultPromotionId, Expr::val(*promotion))
            .filter(promoter::Column::Id.eq(*id))
            .exec(db)
            .await
            .expect("the promoter is updated");
    }
}

fn value(cell: &Cell, ty: &ColumnType) -> Value {
    match (cell, ty) {
        (Cell::Int(number), ColumnType::Integer) => Value::Int(Some(i32::try_from(*number).expect("32 bits"))),
        (Cell::Int(number), _) => Value::BigInt(Some(*number)),
        (Cell::Bool(flag), _) => Value::Bool(Some(*flag)),
        (Cell::Text(text), _) => Value::String(Some(text.clone())),
        (Cell::Bytes(bytes), _) => Value::Bytes(Some(bytes.clone())),
        (Cell::Null, ColumnType::Integer) => Value::Int(None),
        (Cell::Null, ColumnType::BigInteger) => Value::BigInt(None),
        (Cell::Null, ColumnType::Boolean) => Value::Bool(None),
        (Cell::Null, ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob) => Value::Bytes(None),
        (Cell::Null, _) => Value::String(None),
    }
}
