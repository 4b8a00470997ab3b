//! Which events told a row: the pairs that differ between the tables and their shadows.
//!
//! Pairs of pruned events stay: nothing can tell them again.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    compare::{self, STEP_ROWS, differing},
    shadow::Shadow,
};
use crate::projection::store::{ColumnBatch, lineage::LineageTable};

/// Pairs that are to be added, and those that are to be removed: rows and events, each.
#[derive(Default)]
pub struct Step {
    /// The rows' keys of both.
    pub rows: Vec<i64>,
    /// As the table's statements take them.
    pub missing: Option<Vec<ColumnBatch>>,
    /// As the table's statements take them.
    pub wrong: Option<Vec<ColumnBatch>>,
    last: i64,
}

/// Finds the pairs that are missing, and those that their event does not tell any more; gives how many.
pub async fn find(shadow: &Shadow, pairs: &LineageTable) -> anyhow::Result<u64> {
    let LineageTable { name, row, .. } = pairs;
    let (own, live, found) = (shadow.own(name), format!("{}.\"{name}\"", shadow.live), differing(name));
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
    compare::count(shadow, name).await
}

/// The next ones of those that were found; none behind the last.
pub async fn next(shadow: &Shadow, pairs: &LineageTable, before: Option<&Step>) -> anyhow::Result<Option<Step>> {
    let sql = format!(
        "select key, is_missing, row_id, event_id from {} where key > $1 order by key limit $2",
        differing(pairs.name)
    );
    let after = before.map_or(0, |step| step.last);
    let statement = Statement::from_sql_and_values(shadow.db.backend, sql, [after.into(), STEP_ROWS.into()]);
    let (mut step, mut missing, mut wrong) = (Step::default(), (vec![], vec![]), (vec![], vec![]));
    for found in shadow.db.write.query_all_raw(statement).await? {
        step.last = found.try_get_by_index(0)?;
        let row: i64 = found.try_get_by_index(2)?;
        step.rows.push(row);
        let (rows, events) = if found.try_get_by_index(1)? { &mut missing } else { &mut wrong };
        rows.push(row);
        events.push(found.try_get_by_index::<String>(3)?);
    }
    let values = |(rows, events): (Vec<i64>, Vec<String>)| {
        (!rows.is_empty()).then(|| vec![ColumnBatch::ints(rows), ColumnBatch::texts(events)])
    };
    (step.missing, step.wrong) = (values(missing), values(wrong));
    step.rows.sort_unstable();
    step.rows.dedup();
    Ok((!step.rows.is_empty()).then_some(step))
}
