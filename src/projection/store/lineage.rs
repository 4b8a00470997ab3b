//! Lineage: which events updated a row. Tables of (row, event), written with the batch that updates it.

use std::sync::LazyLock;

use entity::MirroredTable;

use super::{
    column_batch::ColumnBatch,
    sql::{DialectSql, insert},
    statements::BoundStatement,
};
use crate::projection::{mirror::SqlType, updates::EventUpdates};

/// The tables with lineage. For the others it would cost more to write than it is read.
const TABLES: [(MirroredTable, &str, &str); 3] = [
    (MirroredTable::Promoter, "promoter_event", "promoter_id"),
    (MirroredTable::Lead, "lead_event", "lead_id"),
    (MirroredTable::Commission, "commission_event", "commission_id"),
];

/// A lineage table: a row's key and an event's id (`event_id`), which are its primary key together.
#[derive(Debug)]
pub struct LineageTable {
    /// The mirrored table.
    pub table: MirroredTable,
    /// The lineage table's name.
    pub name: &'static str,
    /// Its column with the row's key.
    pub row: &'static str,
    /// Takes (row, event); inserts those that are missing.
    pub add: DialectSql,
    /// Takes (row, event); deletes them.
    pub remove: DialectSql,
}

/// All of them.
pub static LINEAGE_TABLES: LazyLock<[LineageTable; TABLES.len()]> = LazyLock::new(|| {
    TABLES.map(|(table, name, row)| {
        let inputs = [(row, SqlType::Int), ("event_id", SqlType::Text)];
        let remove = |pairs: &str| format!("delete from {name} where ({row}, event_id) in (select {pairs})");
        LineageTable {
            table,
            name,
            row,
            add: insert(name, &inputs, "on conflict do nothing"),
            remove: DialectSql {
                postgres: remove("* from unnest($1::bigint[], $2::text[])"),
                sqlite: remove("value ->> 0, value ->> 1 from jsonb_each(?)"),
            },
        }
    })
});

/// The statements that add the lineage of these events. Rows that are only referred to have none.
pub fn statements(events: &[(&str, &EventUpdates)]) -> Vec<BoundStatement> {
    let mut statements = Vec::with_capacity(LINEAGE_TABLES.len());
    for LineageTable { table, add, .. } in LINEAGE_TABLES.iter() {
        let mut pairs: Vec<_> = events.iter().flat_map(|event| updated_rows(*table, event)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        if !pairs.is_empty() {
            let rows = ColumnBatch::ints(pairs.iter().map(|(row, _)| *row));
            statements.push((add, vec![rows, ColumnBatch::texts(pairs.iter().map(|(_, event)| (*event).to_owned()))]));
        }
    }
    statements
}

fn updated_rows<'e>(
    table: MirroredTable,
    (event, updates): &(&'e str, &EventUpdates),
) -> impl Iterator<Item = (i64, &'e str)> {
    let event = *event;
    let rows = updates.rows().iter().filter(move |row| row.table == table && !row.fields.cells.is_empty());
    rows.map(move |row| (row.id, event))
}
