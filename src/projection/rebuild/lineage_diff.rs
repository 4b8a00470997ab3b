//! The lineage (pairs of a row and an event that contributed to it) that differs between the tables and their shadows.
//!
//! Pairs of pruned events stay: they cannot be reproduced.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    diff::{self, STEP_ROWS, diff_table},
    shadow_tables::ShadowTables,
};
use crate::projection::store::{ColumnBatch, lineage::LineageTable};

/// Pairs to add and pairs to remove.
#[derive(Default)]
pub struct LineageBatch {
    /// The keys of all rows in it.
    pub rows: Vec<i64>,
    /// Pairs to add, as the table's statements take them.
    pub missing: Option<Vec<ColumnBatch>>,
    /// Pairs to remove, as the table's statements take them.
    pub wrong: Option<Vec<ColumnBatch>>,
    last: i64,
}

/// Finds the pairs that are missing or wrong; returns how many.
pub async fn find(shadow: &ShadowTables, pairs: &LineageTable) -> anyhow::Result<u64> {
    let LineageTable { name, row, .. } = pairs;
    let (own, live, found) = (shadow.own(name), format!("{}.\"{name}\"", shadow.live), diff_table(name));
    let key = if shadow.db.is_sqlite() { "integer" } else { "bigint generated always as identity" };
    let columns = "is_missing boolean not null, row_id bigint not null, event_id text not null";
    shadow.run(&format!("create temp table {found} (key {key} primary key, {columns})")).await?;
    if !shadow.db.is_sqlite() {
        shadow.run(&format!("analyze {own}")).await?;
    }
    let insert = format!("insert into {found} (is_missing, row_id, event_id) select");
    let same = format!("on l.{row} = s.{row} and l.event_id = s.event_id");
    let events = format!("{}.webhook_event", shadow.live);
    shadow
        .run(&format!(
            "{insert} true, s.{row}, s.event_id from {own} s left join {live} l {same} where l.{row} is null"
        ))
        .await?;
    shadow
        .run(&format!(
            "{insert} false, l.{row}, l.event_id from {live} l left join {own} s {same} where s.{row} is null \
                and exists (select 1 from {events} e where e.id = l.event_id and e.body is not null)"
        ))
        .await?;
    diff::count(shadow, name).await
}

/// The next batch of what was found.
pub async fn next(
    shadow: &ShadowTables,
    pairs: &LineageTable,
    before: Option<&LineageBatch>,
) -> anyhow::Result<Option<LineageBatch>> {
    let sql = format!(
        "select key, is_missing, row_id, event_id from {} where key > $1 order by key limit $2",
        diff_table(pairs.name)
    );
    let after = before.map_or(0, |batch| batch.last);
    let statement = Statement::from_sql_and_values(shadow.db.backend, sql, [after.into(), STEP_ROWS.into()]);
    let (mut batch, mut missing, mut wrong) = (LineageBatch::default(), (vec![], vec![]), (vec![], vec![]));
    for found in shadow.db.write.query_all_raw(statement).await? {
        batch.last = found.try_get_by_index(0)?;
        let row: i64 = found.try_get_by_index(2)?;
        batch.rows.push(row);
        let (rows, events) = if found.try_get_by_index(1)? { &mut missing } else { &mut wrong };
        rows.push(row);
        events.push(found.try_get_by_index::<String>(3)?);
    }
    let values = |(rows, events): (Vec<i64>, Vec<String>)| {
        (!rows.is_empty()).then(|| vec![ColumnBatch::ints(rows), ColumnBatch::texts(events)])
    };
    (batch.missing, batch.wrong) = (values(missing), values(wrong));
    batch.rows.sort_unstable();
    batch.rows.dedup();
    Ok((!batch.rows.is_empty()).then_some(batch))
}
