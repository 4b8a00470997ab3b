//! Which events told a row: tables of pairs, written with the batch that tells it.

use std::sync::LazyLock;

use super::{
    grid::Values,
    sql::{Sql, insert},
};
use crate::projection::{
    facts::Facts,
    tables::{Kind, Table},
};

/// The tables whose rows know their events, each with its table of pairs and the row's column there.
/// The others would cost more to write than anybody asks for them.
const TABLES: [(Table, &str, &str); 3] = [
    (Table::Promoter, "promoter_event", "promoter_id"),
    (Table::Lead, "lead_event", "lead_id"),
    (Table::Commission, "commission_event", "commission_id"),
];

/// Takes (row, event); a pair that is there stays as it is.
static INSERTS: LazyLock<[Sql; TABLES.len()]> = LazyLock::new(|| {
    TABLES.map(|(_, pairs, row)| insert(pairs, &[(row, Kind::Int), ("event_id", Kind::Text)], "on conflict do nothing"))
});

/// The statements with the pairs that these events add. Rows that are only referred to were not told.
pub fn pairs(events: &[(&str, &Facts)]) -> Vec<(&'static Sql, Vec<Values>)> {
    let mut statements = Vec::with_capacity(TABLES.len());
    for ((table, ..), sql) in TABLES.iter().zip(&*INSERTS) {
        let mut pairs: Vec<_> = events.iter().flat_map(|event| told(*table, event)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        if !pairs.is_empty() {
            let rows = Values::ints(pairs.iter().map(|(row, _)| *row));
            statements.push((sql, vec![rows, Values::texts(pairs.iter().map(|(_, event)| (*event).to_owned()))]));
        }
    }
    statements
}

fn told<'e>(table: Table, (event, facts): &(&'e str, &Facts)) -> impl Iterator<Item = (i64, &'e str)> {
    let event = *event;
    let facts = facts.facts().iter().filter(move |fact| fact.table == table && !fact.statement.cells.is_empty());
    facts.map(move |fact| (fact.id, event))
}
