//! Which events told a row: tables of pairs, written with the batch that tells it.

use std::sync::LazyLock;

use super::{
    grid::Values,
    sql::{Sql, insert},
    steps::Step,
};
use crate::projection::{
    facts::Facts,
    tables::{Kind, Table},
};

/// The tables whose rows know their events. The others would cost more to write than anybody asks for them.
const TABLES: [(Table, &str, &str); 3] = [
    (Table::Promoter, "promoter_event", "promoter_id"),
    (Table::Lead, "lead_event", "lead_id"),
    (Table::Commission, "commission_event", "commission_id"),
];

/// A table of pairs: a row's key and an event's id (`event_id`), which are its key together.
#[derive(Debug)]
pub struct Pairs {
    /// The table whose rows these are.
    pub table: Table,
    /// The table of pairs.
    pub name: &'static str,
    /// Its column with the row's key.
    pub row: &'static str,
    /// Takes (row, event); a pair that is there stays as it is.
    pub add: Sql,
    /// Takes (row, event).
    pub remove: Sql,
}

/// All of them.
pub static PAIRS: LazyLock<[Pairs; TABLES.len()]> = LazyLock::new(|| {
    TABLES.map(|(table, name, row)| {
        let inputs = [(row, Kind::Int), ("event_id", Kind::Text)];
        let remove = |pairs: &str| format!("delete from {name} where ({row}, event_id) in (select {pairs})");
        Pairs {
            table,
            name,
            row,
            add: insert(name, &inputs, "on conflict do nothing"),
            remove: Sql {
                postgres: remove("* from unnest($1::bigint[], $2::text[])"),
                sqlite: remove("value ->> 0, value ->> 1 from jsonb_each(?)"),
            },
        }
    })
});

/// The statements with the pairs that these events add. Rows that are only referred to were not told.
pub fn pairs(events: &[(&str, &Facts)]) -> Vec<Step> {
    let mut statements = Vec::with_capacity(PAIRS.len());
    for Pairs { table, add, .. } in PAIRS.iter() {
        let mut pairs: Vec<_> = events.iter().flat_map(|event| told(*table, event)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        if !pairs.is_empty() {
            let rows = Values::ints(pairs.iter().map(|(row, _)| *row));
            statements.push((add, vec![rows, Values::texts(pairs.iter().map(|(_, event)| (*event).to_owned()))]));
        }
    }
    statements
}

fn told<'e>(table: Table, (event, facts): &(&'e str, &Facts)) -> impl Iterator<Item = (i64, &'e str)> {
    let event = *event;
    let facts = facts.facts().iter().filter(move |fact| fact.table == table && !fact.statement.cells.is_empty());
    facts.map(move |fact| (fact.id, event))
}
