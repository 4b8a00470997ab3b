//! The whole mirrored state as comparable text, from a database or from memory: every column but the
//! two times that are ours.

use std::collections::BTreeMap;

use entity::MirroredTable;
use promograph::{
    database::Database,
    projection::{
        merge::{Cell, RowState},
        mirror::{self, SqlType, TableSpec, fold},
    },
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _, QueryResult, Statement};

/// The mirrored tables, by table and key.
pub type Dump = BTreeMap<(&'static str, i64), String>;

/// The mirrored tables of a database.
pub async fn dump(db: &Database) -> Dump {
    let mut dump = Dump::new();
    for table in MirroredTable::ALL {
        let spec = mirror::spec(table);
        let columns = spec.registers.iter().map(|column| column.name).chain(spec.folded().map(|(folded, _)| folded));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let sql = format!("select {}, field_clocks, is_stub, {columns} from {}", spec.key, spec.name);
        for row in db.write.query_all_raw(Statement::from_string(db.backend, sql)).await.unwrap() {
            dump.insert((spec.name, row.try_get_by_index(0).unwrap()), stored(spec, &row));
        }
    }
    dump
}

fn stored(spec: &TableSpec, row: &QueryResult) -> String {
    let cell = |(at, kind)| match kind {
        SqlType::Int => row.try_get_by_index::<Option<i64>>(at).unwrap().map_or(Cell::Null, Cell::Int),
        SqlType::Text => row.try_get_by_index::<Option<String>>(at).unwrap().map_or(Cell::Null, Cell::Text),
        SqlType::Bool => row.try_get_by_index::<Option<bool>>(at).unwrap().map_or(Cell::Null, Cell::Bool),
    };
    let cells = (3..).zip(spec.registers.iter().map(|column| column.sql_type)).map(cell).collect::<Vec<_>>();
    let folded = (3 + cells.len()..).zip(spec.folded()).map(|(at, _)| row.try_get_by_index(at).unwrap());
    let (field_clocks, is_stub): (String, bool) = (row.try_get_by_index(1).unwrap(), row.try_get_by_index(2).unwrap());
    line(spec, &cells, &field_clocks, is_stub, &folded.collect::<Vec<_>>())
}

/// One row in memory, as [`dump`] writes it.
pub fn in_memory(spec: &TableSpec, row: &RowState) -> String {
    let folded: Vec<_> = spec.folded().map(|(_, register)| fold(&row.cells[register])).collect();
    line(spec, &row.cells, &row.field_clocks.to_string(), row.field_clocks.is_empty(), &folded)
}

fn line(spec: &TableSpec, cells: &[Cell], field_clocks: &str, is_stub: bool, folded: &[String]) -> String {
    let cells = spec.registers.iter().zip(cells).map(|(column, cell)| format!("{}={cell:?}", column.name));
    format!("stub={is_stub} {} folded={folded:?} field_clocks={field_clocks}", cells.collect::<Vec<_>>().join(" "))
}

/// The balances: promoter, kind and unit with the amount.
pub async fn balances(db: &Database) -> BTreeMap<String, i64> {
    let rows = entity::balance::Entity::find().order_by_asc(entity::balance::Column::Id).all(&db.write).await.unwrap();
    rows.into_iter()
        .map(|row| {
            assert_eq!(row.id, format!("{}:{}:{}", row.promoter_id, row.kind, row.unit));
            (row.id, row.amount)
        })
        .collect()
}

/// Empties what events fill.
pub async fn clear(db: &Database) {
    db.write.execute_unprepared("update promoter set default_promotion_id = null").await.unwrap();
    db.write.execute_unprepared("delete from webhook_event; delete from balance").await.unwrap();
    for table in MirroredTable::ALL.into_iter().rev() {
        // The two refer to each other.
        let with = if table == MirroredTable::Promoter { "delete from promotion; " } else { "" };
        db.write.execute_unprepared(&format!("{with}delete from {}", table.name())).await.unwrap();
    }
}
