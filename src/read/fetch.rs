//! Runs a plan level by level; the to-many relations of a level run concurrently.

use std::{collections::HashMap, ops::Range, sync::Arc};

use futures_util::future::{BoxFuture, try_join_all};
use sea_orm::QueryResult;

use super::{
    Reader,
    aggregates::AggregateGroup,
    error::ReadError,
    params::Inputs,
    plan::{Child, PlanLevel, PlannedStatement},
    raw_row::RawRow,
};
use crate::database::retry_read_without_timeout;

/// The rows of a level.
#[derive(Debug)]
pub struct FetchedRows {
    /// Shared by a row and the list that was read with it.
    results: Arc<[QueryResult]>,
    /// Where their cells begin.
    start: usize,
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
    /// The groups of each of the level's aggregates.
    pub aggregates: Vec<Arc<[AggregateGroup]>>,
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
    /// The rows of a page: without the extra row, which shows that there are more.
    fn of(level: &PlanLevel, rows: Range<usize>) -> Self {
        let (size, backward) = level
            .page
            .as_ref()
            .map_or((usize::MAX, false), |page| (usize::try_from(page.size).unwrap_or(usize::MAX), page.backward));
        let end = rows.end.min(rows.start.saturating_add(size));
        Self { more: rows.end > end, rows: rows.start..end, backward, ..Self::default() }
    }

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
            self.results.get(position).map_or_else(
                || Err(ReadError::internal("a row is missing")),
                |result| Ok(RawRow::from(result, self.start)?),
            )
        })
    }
}

impl Default for FetchedRows {
    fn default() -> Self {
        Self { results: Arc::new([]), start: 0, groups: Vec::new(), children: Vec::new() }
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
) -> BoxFuture<'a, Result<FetchedRows, ReadError>> {
    Box::pin(async move {
        if parents.is_some_and(<[i64]>::is_empty) {
            let children = level.children.iter().map(ChildRows::none).collect();
            return Ok(FetchedRows { children, ..FetchedRows::default() });
        }
        let mut results = Vec::new();
        if level.reads_rows {
            results = run(reader, &level.rows, inputs, parents.unwrap_or_default()).await?;
        }
        let mut rows = FetchedRows { results: results.into(), ..FetchedRows::default() };
        rows.groups = vec![RowGroup::default(); parents.map_or(1, <[i64]>::len)];
        rows.divide(level, parents.is_some())?;
        rows.complete(reader, level, inputs, parents).await
    })
}

/// Reads the rows of a level that is found by these keys.
///
/// # Errors
/// When the database fails.
pub async fn fetch_by_keys(
    reader: &Reader,
    level: &PlanLevel,
    inputs: Inputs<'_>,
    keys: &[i64],
) -> Result<FetchedRows, ReadError> {
    let results = run(reader, &level.rows, inputs, keys).await?;
    let mut rows = FetchedRows { results: results.into(), ..FetchedRows::default() };
    rows.groups = vec![RowGroup::default()];
    rows.divide(level, false)?;
    rows.complete(reader, level, inputs, None).await
}

/// Stops as soon as the rows exceed the response budget.
pub async fn run(
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

/// Reads a to-many relation below rows, or takes it out of these, if their statement has read it too.
async fn below(
    reader: &Reader,
    child: &Child,
    inputs: Inputs<'_>,
    parents: &FetchedRows,
) -> Result<ChildRows, ReadError> {
    let count = parents.groups.iter().map(RowGroup::count).sum();
    let (mut groups, mut keys) = (HashMap::with_capacity(count), Vec::with_capacity(count));
    for row in parents.groups.iter().flat_map(|group| parents.rows(group)) {
        if let Some(key) = row?.int(child.key)? {
            groups.entry(key).or_insert_with(|| {
                keys.push(key);
                keys.len() - 1
            });
        }
    }
    let rows = match child.inlined_at {
        Some(start) if !keys.is_empty() => {
            let rows = FetchedRows::inlined(&parents.results, start, &child.level)?;
            rows.complete(reader, &child.level, inputs, Some(&keys)).await?
        }
        _ => fetch(reader, &child.level, inputs, Some(&keys)).await?,
    };
    Ok(ChildRows { key: child.key, groups, rows })
}

/// The index of the group, which a to-many statement selects in this column.
fn position(row: RawRow<'_>, column: usize) -> Result<usize, ReadError> {
    let position = row.int(column)?.and_then(|position| usize::try_from(position).ok());
    position.ok_or_else(|| ReadError::internal("a row belongs to no parent"))
}

impl FetchedRows {
    /// The rows of a list that were read with the only row of the level above, from this cell on.
    fn inlined(results: &Arc<[QueryResult]>, start: usize, level: &PlanLevel) -> Result<Self, ReadError> {
        let mut rows = Self { results: Arc::clone(results), start, ..Self::default() };
        // Where there are none, the row above has nulls beside it.
        let last = |result| RawRow::from(result, start).map(|row| (row, row.len().saturating_sub(1)));
        let is_empty = results.first().map(last).transpose()?.map_or(Ok(true), |(row, last)| row.is_null(last))?;
        let count = if is_empty { 0 } else { results.len() };
        rows.groups = vec![RowGroup::of(level, 0..count)];
        Ok(rows)
    }

    /// Counts the rows and reads aggregates, if that is wanted, and the levels below.
    fn complete<'a>(
        mut self,
        reader: &'a Reader,
        level: &'a PlanLevel,
        inputs: Inputs<'a>,
        parents: Option<&'a [i64]>,
    ) -> BoxFuture<'a, Result<Self, ReadError>> {
        Box::pin(async move {
            if let Some(count) = &level.count {
                for result in run(reader, count, inputs, parents.unwrap_or_default()).await? {
                    let row = RawRow::of(&result)?;
                    let total = row.int(0)?.unwrap_or_default();
                    let index = if parents.is_some() { position(row, 1)? } else { 0 };
                    if let Some(group) = self.groups.get_mut(index) {
                        group.total = total;
                    }
                }
            }
            let aggregates = level.aggregates.iter().map(async |aggregates| {
                let keys = parents.unwrap_or_default();
                let mut edges = Vec::new();
                if let Some(interval) = &aggregates.interval {
                    edges = interval.edges(&run(reader, &interval.bounds, inputs, keys).await?, inputs)?;
                }
                let inputs = Inputs { edges: &edges, ..inputs };
                let results = run(reader, &aggregates.statement, inputs, keys).await?;
                aggregates.groups(&results, inputs, parents.map(<[i64]>::len))
            });
            for aggregates in try_join_all(aggregates).await? {
                for (group, aggregates) in self.groups.iter_mut().zip(aggregates) {
                    group.aggregates.push(aggregates.into());
                }
            }
            let children = level.children.iter().map(|child| below(reader, child, inputs, &self));
            self.children = try_join_all(children).await?;
            Ok(self)
        })
    }

    /// Divides the rows among the parents, and removes the extra row that shows that there are more.
    fn divide(&mut self, level: &PlanLevel, below: bool) -> Result<(), ReadError> {
        if level.children.iter().any(|child| child.inlined_at.is_some()) {
            // All of them are of the only row.
            self.groups = vec![RowGroup::of(level, 0..self.results.len().min(1))];
            return Ok(());
        }
        let mut start = 0;
        while start < self.results.len() {
            let group = if below { self.parent_of(start)? } else { 0 };
            let mut end = start + 1;
            while end < self.results.len() && (!below || self.parent_of(end)? == group) {
                end += 1;
            }
            let group = self.groups.get_mut(group).ok_or_else(|| ReadError::internal("a row belongs to no parent"))?;
            *group = RowGroup::of(level, start..end);
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
