//! Runs a plan level by level; the to-many relations of a level run concurrently.

use std::{collections::HashMap, ops::Range, pin::Pin};

use futures_util::future::try_join_all;
use sea_orm::QueryResult;

use super::{
    Reader,
    error::ReadError,
    params::Inputs,
    plan::{Child, PlanLevel, PlannedStatement},
    raw_row::RawRow,
};
use crate::database::retry_read_without_timeout;

/// The rows of a level.
#[derive(Debug, Default)]
pub struct FetchedRows {
    results: Vec<QueryResult>,
    /// For each parent: its rows, in reading order.
    groups: Vec<RowGroup>,
    /// For each to-many relation: its rows.
    pub children: Vec<ChildRows>,
}

/// The rows of one parent.
#[derive(Clone, Debug, Default)]
pub struct RowGroup {
    rows: Range<usize>,
    backward: bool,
    /// Whether there are rows beyond the page, in reading direction.
    pub more: bool,
    /// The total number of rows, if counted.
    pub total: i64,
}

/// The rows of a to-many relation.
#[derive(Debug)]
pub struct ChildRows {
    /// The column of the parent's key in the parent's row.
    pub key: usize,
    /// From the parent's key to its group.
    groups: HashMap<i64, usize>,
    /// The rows.
    pub rows: FetchedRows,
}

impl RowGroup {
    /// The number of rows that were read.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.len()
    }
}

impl FetchedRows {
    /// The rows of one parent, in the order of the list. The root has one group.
    #[must_use]
    pub fn group(&self, index: usize) -> RowGroup {
        self.groups.get(index).cloned().unwrap_or_default()
    }

    /// The rows of a group, in the order of the list.
    pub fn rows<'a>(&'a self, group: &RowGroup) -> impl Iterator<Item = Result<RawRow<'a>, ReadError>> + use<'a> {
        let (rows, backward) = (group.rows.clone(), group.backward);
        let count = rows.len();
        (0..count).map(move |index| {
            let position = if backward { rows.end - 1 - index } else { rows.start + index };
            self.results
                .get(position)
                .map_or_else(|| Err(ReadError::internal("a row is missing")), |result| Ok(RawRow::of(result)?))
        })
    }
}

impl ChildRows {
    /// The group of the parent with this key.
    #[must_use]
    pub fn group(&self, key: i64) -> RowGroup {
        self.groups.get(&key).map_or_else(RowGroup::default, |index| self.rows.group(*index))
    }
}

/// Reads a level for these parents; none at the root.
///
/// # Errors
/// When the database fails.
pub fn fetch<'a>(
    reader: &'a Reader,
    level: &'a PlanLevel,
    inputs: Inputs<'a>,
    parents: Option<&'a [i64]>,
) -> Pin<Box<dyn Future<Output = Result<FetchedRows, ReadError>> + Send + 'a>> {
    Box::pin(async move {
        let keys = parents.unwrap_or_default();
        if parents.is_some_and(<[i64]>::is_empty) {
            let children = level.children.iter().map(ChildRows::none).collect();
            return Ok(FetchedRows { results: Vec::new(), groups: Vec::new(), children });
        }
        let mut rows = FetchedRows {
            groups: vec![RowGroup::default(); parents.map_or(1, <[i64]>::len)],
            ..FetchedRows::default()
        };
        if let Some(count) = &level.count {
            for result in run(reader, count, inputs, keys).await? {
                let row = RawRow::of(&result)?;
                let total = row.int(0)?.unwrap_or_default();
                let index = if parents.is_some() { position(row, 1)? } else { 0 };
                if let Some(group) = rows.groups.get_mut(index) {
                    group.total = total;
                }
            }
        }
        if level.reads_rows {
            rows.results = run(reader, &level.rows, inputs, keys).await?;
            rows.divide(level, parents.is_some())?;
        }
        let kept: Vec<_> = rows.groups.iter().flat_map(|group| group.rows.clone()).collect();
        let children = level.children.iter().map(|child| below(reader, child, inputs, &rows.results, &kept));
        let children = try_join_all(children).await?;
        rows.children = children;
        Ok(rows)
    })
}

/// Stops as soon as the rows exceed the response budget.
async fn run(
    reader: &Reader,
    sql: &PlannedStatement,
    inputs: Inputs<'_>,
    parents: &[i64],
) -> Result<Vec<QueryResult>, ReadError> {
    let Reader { db, budget, .. } = reader;
    let fits = |row: &QueryResult| Ok(budget.count_row(RawRow::of(row)?.size(&sql.long)?));
    let values = sql.params.values(inputs, parents)?;
    let rows = retry_read_without_timeout(|| db.query_while(&sql.text, values.clone(), fits)).await?;
    rows.ok_or_else(|| budget.exceeded())
}

/// Reads a to-many relation below the kept rows.
async fn below(
    reader: &Reader,
    child: &Child,
    inputs: Inputs<'_>,
    results: &[QueryResult],
    kept: &[usize],
) -> Result<ChildRows, ReadError> {
    let mut groups = HashMap::with_capacity(kept.len());
    let mut keys = Vec::with_capacity(kept.len());
    for index in kept {
        let Some(result) = results.get(*index) else { continue };
        if let Some(key) = RawRow::of(result)?.int(child.key)? {
            groups.entry(key).or_insert_with(|| {
                keys.push(key);
                keys.len() - 1
            });
        }
    }
    let rows = fetch(reader, &child.level, inputs, Some(&keys)).await?;
    Ok(ChildRows { key: child.key, groups, rows })
}

/// The index of the group, which a to-many statement selects in this column.
fn position(row: RawRow<'_>, column: usize) -> Result<usize, ReadError> {
    let position = row.int(column)?.and_then(|position| usize::try_from(position).ok());
    position.ok_or_else(|| ReadError::internal("a row belongs to no parent"))
}

impl FetchedRows {
    /// Divides the rows among the parents, and removes the extra row that shows that there are more.
    fn divide(&mut self, level: &PlanLevel, below: bool) -> Result<(), ReadError> {
        let backward = level.page.as_ref().is_some_and(|page| page.backward);
        let mut start = 0;
        while start < self.results.len() {
            let group = if below { self.parent_of(start)? } else { 0 };
            let mut end = start + 1;
            while end < self.results.len() && (!below || self.parent_of(end)? == group) {
                end += 1;
            }
            let size = level.page.as_ref().and_then(|page| usize::try_from(page.size).ok()).unwrap_or(usize::MAX);
            let group = self.groups.get_mut(group).ok_or_else(|| ReadError::internal("a row belongs to no parent"))?;
            group.more = end - start > size;
            group.rows = start..end.min(start.saturating_add(size));
            group.backward = backward;
            start = end;
        }
        Ok(())
    }

    fn parent_of(&self, index: usize) -> Result<usize, ReadError> {
        let row = RawRow::of(&self.results[index])?;
        position(row, row.len() - 1)
    }
}

impl ChildRows {
    fn none(child: &Child) -> Self {
        let children = child.level.children.iter().map(Self::none).collect();
        Self { key: child.key, groups: HashMap::new(), rows: FetchedRows { children, ..FetchedRows::default() } }
    }
}
