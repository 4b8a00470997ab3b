//! Tokens that end because their promoter was deleted, or has another address or `cust_id` now: the tables
//! `promoter_token_cutoff` and `address_token_cutoff`.
//!
//! No rebuild and no replay takes an end back, so a token never comes back to life.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    grid::Values,
    sql::{Sql, insert},
    steps::Step,
};
use crate::{
    address,
    projection::{
        merge::{Cell, Row, Statement, bit},
        tables::{Kind, PROMOTER},
        told::Columns,
    },
};

/// Says of a promoter that it was deleted, and when.
const DELETED: u8 = PROMOTER.register("deleted_at");
/// Makes the digest of an address.
type Digest = fn(&str) -> String;
/// What tokens name a promoter by beside the id, each with its digest.
const ADDRESSES: [(u8, Digest); 2] =
    [(PROMOTER.register("email"), address::email), (PROMOTER.register("cust_id"), address::cust_id)];

/// Takes (promoter, time): tokens that were issued for the promoter until then have ended.
pub static END_TOKENS: LazyLock<Sql> = LazyLock::new(|| {
    let inputs = [("promoter_id", Kind::Int), ("ended_at", Kind::Int)];
    let later = "on conflict (promoter_id) do update set ended_at = excluded.ended_at \
        where excluded.ended_at > promoter_token_cutoff.ended_at";
    insert("promoter_token_cutoff", &inputs, later)
});

/// Takes (digest of an address, time): the same for tokens that were issued for whoever has it.
pub static END_ADDRESSES: LazyLock<Sql> = LazyLock::new(|| {
    let inputs = [("address", Kind::Text), ("ended_at", Kind::Int)];
    let later = "on conflict (address) do update set ended_at = excluded.ended_at \
        where excluded.ended_at > address_token_cutoff.ended_at";
    insert("address_token_cutoff", &inputs, later)
});

/// By what a promoter is found: digests of the address and of the `cust_id`.
pub struct Addresses([Option<String>; ADDRESSES.len()]);

impl Addresses {
    /// Those of a row.
    pub fn of(row: &Row) -> Self {
        Self::from(|register| row.cells.get(usize::from(register)))
    }

    fn told(statement: &Statement) -> Self {
        Self::from(|told| statement.cells.iter().find(|(register, _)| *register == told).map(|(_, cell)| cell))
    }

    fn from<'c>(cell: impl Fn(u8) -> Option<&'c Cell>) -> Self {
        Self(ADDRESSES.map(|(register, digest)| match cell(register) {
            Some(Cell::Text(text)) => Some(digest(text)),
            _ => None,
        }))
    }
}

/// Until when tokens were issued that have ended.
#[derive(Default)]
pub struct Ended {
    /// By their promoter.
    promoters: BTreeMap<i64, i64>,
    /// By the digest of the address.
    addresses: BTreeMap<String, i64>,
}

impl Ended {
    /// What is told of a promoter, who had these addresses before; the row is as it was made, with a change of these
    /// columns.
    pub fn told(
        &mut self,
        (id, row): (i64, &Row),
        before: Addresses,
        statement: &Statement,
        changed: Columns,
        now_ms: i64,
    ) {
        let (told, after) = (Addresses::told(statement), Addresses::of(row));
        if let Some(at) = until(statement, changed, now_ms) {
            self.delete(id, [before, told, after], at);
            return;
        }
        self.leave(before, &after, now_ms);
        // Told late: the promoter had it once. One who is deleted by now had it until then at most.
        let deleted_at = if let Some(Cell::Int(at)) = row.cells.get(usize::from(DELETED)) { *at } else { i64::MIN };
        self.leave(told, &after, statement.clock.ms.max(deleted_at).min(now_ms));
    }

    /// A promoter's row as it was, if there was one, and as a rebuild makes it.
    pub fn rebuilt(&mut self, id: i64, before: Option<&Row>, after: &Row, now_ms: i64) {
        let had = before.map(Addresses::of);
        let has = Addresses::of(after);
        if is_deleted(after) && !before.is_some_and(is_deleted) {
            self.delete(id, had.into_iter().chain([has]), now_ms);
        } else if let Some(had) = had {
            self.leave(had, &has, now_ms);
        }
    }

    fn delete(&mut self, id: i64, addresses: impl IntoIterator<Item = Addresses>, at: i64) {
        later(&mut self.promoters, id, at);
        for address in addresses.into_iter().flat_map(|addresses| addresses.0).flatten() {
            later(&mut self.addresses, address, at);
        }
    }

    /// Those that the promoter does not have after.
    fn leave(&mut self, before: Addresses, after: &Addresses, at: i64) {
        let gone = before.0.into_iter().zip(&after.0).filter(|(before, after)| before != *after);
        for address in gone.filter_map(|(address, _)| address) {
            later(&mut self.addresses, address, at);
        }
    }

    /// All of both.
    pub fn extend(&mut self, other: Self) {
        other.promoters.into_iter().for_each(|(id, at)| later(&mut self.promoters, id, at));
        other.addresses.into_iter().for_each(|(address, at)| later(&mut self.addresses, address, at));
    }

    /// The statements that write it.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        let promoters = (!self.promoters.is_empty()).then(|| {
            let (ids, times): (Vec<_>, Vec<_>) = self.promoters.into_iter().unzip();
            (&*END_TOKENS, vec![Values::ints(ids), Values::ints(times)])
        });
        let addresses = (!self.addresses.is_empty()).then(|| {
            let (addresses, times): (Vec<_>, Vec<_>) = self.addresses.into_iter().unzip();
            (&*END_ADDRESSES, vec![Values::texts(addresses), Values::ints(times)])
        });
        promoters.into_iter().chain(addresses)
    }
}

fn later<K: Ord>(ends: &mut BTreeMap<K, i64>, what: K, at: i64) {
    let end = ends.entry(what).or_insert(at);
    *end = at.max(*end);
}

/// Whether a promoter is deleted.
fn is_deleted(row: &Row) -> bool {
    row.cells.get(usize::from(DELETED)).is_some_and(|at| *at != Cell::Null)
}

/// Until when tokens were issued that end with what is told of a promoter, by the columns that it changed: until
/// now if it deletes the promoter now, until the deletion if somebody has the id again since.
fn until(statement: &Statement, changed: Columns, now_ms: i64) -> Option<i64> {
    let deletes = statement.cells.iter().any(|(register, cell)| *register == DELETED && *cell != Cell::Null);
    let at = if changed & bit(DELETED) == 0 { statement.clock.ms.min(now_ms) } else { now_ms };
    deletes.then_some(at)
}
