//! Tokens that end because their promoter was deleted: the table `promoter_token_cutoff`.
//!
//! No rebuild and no replay takes an end back, so a token never comes back to life.

use std::sync::LazyLock;

use super::{
    grid::Values,
    sql::{Sql, insert},
    steps::Step,
};
use crate::projection::{
    merge::{Cell, Row, Statement, bit},
    tables::{Kind, PROMOTER},
    told::Columns,
};

/// Says of a promoter that it was deleted, and when.
const DELETED: u8 = PROMOTER.register("deleted_at");

/// Takes (promoter, time): tokens that were issued for the promoter until then have ended.
pub static END_TOKENS: LazyLock<Sql> = LazyLock::new(|| {
    let inputs = [("promoter_id", Kind::Int), ("ended_at", Kind::Int)];
    let later = "on conflict (promoter_id) do update set ended_at = excluded.ended_at \
        where excluded.ended_at > promoter_token_cutoff.ended_at";
    insert("promoter_token_cutoff", &inputs, later)
});

/// Whether a promoter is deleted.
pub fn is_deleted(row: &Row) -> bool {
    row.cells.get(usize::from(DELETED)).is_some_and(|at| *at != Cell::Null)
}

/// Until when tokens were issued that end with what is told of a promoter, by the columns that it changed: until
/// now if it deletes the promoter now, until the deletion if somebody has the id again since.
pub fn until(statement: &Statement, changed: Columns, now_ms: i64) -> Option<i64> {
    let deletes = statement.cells.iter().any(|(register, cell)| *register == DELETED && *cell != Cell::Null);
    let at = if changed & bit(DELETED) == 0 { statement.clock.ms.min(now_ms) } else { now_ms };
    deletes.then_some(at)
}

/// Ends the tokens of these promoters that were issued until then.
pub fn step(ended: impl IntoIterator<Item = (i64, i64)>) -> Option<Step> {
    let (promoters, times): (Vec<_>, Vec<_>) = ended.into_iter().unzip();
    (!promoters.is_empty()).then(|| (&*END_TOKENS, vec![Values::ints(promoters), Values::ints(times)]))
}
