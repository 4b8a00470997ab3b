//! Tokens that end because their promoter was deleted, or has another e-mail address or `cust_id` now: the
//! tables `promoter_token_cutoff` and `address_token_cutoff`.
//!
//! Neither a rebuild nor a replay moves a cutoff back, so an ended token never becomes valid again.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    column_batch::ColumnBatch,
    sql::{DialectSql, insert},
    statements::BoundStatement,
};
use crate::{
    address_digest,
    projection::{
        merge::{Cell, FieldUpdates, RowState},
        mirror::{SqlType, promoter},
        registers::{RegisterSet, bit},
    },
};

/// When the promoter was deleted.
const DELETED: u8 = promoter::REGISTERS.number("deleted_at");
/// Makes the digest of an address.
type DigestFn = fn(&str) -> String;
/// The columns by which tokens name a promoter besides the id, with the digest of each.
const ADDRESSES: [(u8, DigestFn); 2] = [
    (promoter::REGISTERS.number("email"), address_digest::email),
    (promoter::REGISTERS.number("cust_id"), address_digest::cust_id),
];

/// Takes (promoter, time): tokens issued for the promoter until then have ended.
pub static UPSERT_PROMOTER_CUTOFFS: LazyLock<DialectSql> = LazyLock::new(|| {
    let inputs = [("promoter_id", SqlType::Int), ("ended_at", SqlType::Int)];
    let conflict = "on conflict (promoter_id) do update set ended_at = excluded.ended_at \
        where excluded.ended_at > promoter_token_cutoff.ended_at";
    insert("promoter_token_cutoff", &inputs, conflict)
});

/// Takes (digest of an address, time): tokens issued for the address until then have ended.
pub static UPSERT_ADDRESS_CUTOFFS: LazyLock<DialectSql> = LazyLock::new(|| {
    let inputs = [("address", SqlType::Text), ("ended_at", SqlType::Int)];
    let conflict = "on conflict (address) do update set ended_at = excluded.ended_at \
        where excluded.ended_at > address_token_cutoff.ended_at";
    insert("address_token_cutoff", &inputs, conflict)
});

/// The digests of a promoter's e-mail address and `cust_id`.
pub struct PromoterAddresses([Option<String>; ADDRESSES.len()]);

impl PromoterAddresses {
    /// Those of a row.
    pub fn of_row(row: &RowState) -> Self {
        Self::new(|register| row.cells.get(usize::from(register)))
    }

    fn of_update(update: &FieldUpdates) -> Self {
        Self::new(|wanted| update.cells.iter().find(|(register, _)| *register == wanted).map(|(_, cell)| cell))
    }

    fn new<'c>(cell: impl Fn(u8) -> Option<&'c Cell>) -> Self {
        Self(ADDRESSES.map(|(register, digest)| match cell(register) {
            Some(Cell::Text(text)) => Some(digest(text)),
            _ => None,
        }))
    }
}

/// The latest issue times of tokens that have ended.
#[derive(Default)]
pub struct TokenCutoffs {
    /// By promoter.
    promoters: BTreeMap<i64, i64>,
    /// By digest of the address.
    addresses: BTreeMap<String, i64>,
}

impl TokenCutoffs {
    /// Adds the cutoffs of one update of a promoter: the row after it, the addresses before it, and the registers
    /// whose values it changed.
    pub fn promoter_updated(
        &mut self,
        (id, row): (i64, &RowState),
        before: PromoterAddresses,
        update: &FieldUpdates,
        changed: RegisterSet,
        now_ms: i64,
    ) {
        let (updated, after) = (PromoterAddresses::of_update(update), PromoterAddresses::of_row(row));
        if let Some(at) = deletion_cutoff(update, changed, now_ms) {
            self.delete(id, [before, updated, after], at);
            return;
        }
        self.leave(before, &after, now_ms);
        // An address of an update that came late: the promoter had it once, a deleted one until the deletion at most.
        let deleted_at = if let Some(Cell::Int(at)) = row.cells.get(usize::from(DELETED)) { *at } else { i64::MIN };
        self.leave(updated, &after, update.clock.ms.max(deleted_at).min(now_ms));
    }

    /// Adds the cutoffs of a promoter's row that a rebuild changes, if there was one before.
    pub fn promoter_rebuilt(&mut self, id: i64, before: Option<&RowState>, after: &RowState, now_ms: i64) {
        let old = before.map(PromoterAddresses::of_row);
        let new = PromoterAddresses::of_row(after);
        if is_deleted(after) && !before.is_some_and(is_deleted) {
            self.delete(id, old.into_iter().chain([new]), now_ms);
        } else if let Some(old) = old {
            self.leave(old, &new, now_ms);
        }
    }

    fn delete(&mut self, id: i64, addresses: impl IntoIterator<Item = PromoterAddresses>, at: i64) {
        raise(&mut self.promoters, id, at);
        for address in addresses.into_iter().flat_map(|addresses| addresses.0).flatten() {
            raise(&mut self.addresses, address, at);
        }
    }

    /// Ends the addresses that the promoter no longer has.
    fn leave(&mut self, before: PromoterAddresses, after: &PromoterAddresses, at: i64) {
        let gone = before.0.into_iter().zip(&after.0).filter(|(before, after)| before != *after);
        for address in gone.filter_map(|(address, _)| address) {
            raise(&mut self.addresses, address, at);
        }
    }

    /// Adds all of the others.
    pub fn extend(&mut self, other: Self) {
        other.promoters.into_iter().for_each(|(id, at)| raise(&mut self.promoters, id, at));
        other.addresses.into_iter().for_each(|(address, at)| raise(&mut self.addresses, address, at));
    }

    /// The statements that store them.
    pub fn statements(self) -> impl Iterator<Item = BoundStatement> {
        let promoters = (!self.promoters.is_empty()).then(|| {
            let (ids, times): (Vec<_>, Vec<_>) = self.promoters.into_iter().unzip();
            (&*UPSERT_PROMOTER_CUTOFFS, vec![ColumnBatch::ints(ids), ColumnBatch::ints(times)])
        });
        let addresses = (!self.addresses.is_empty()).then(|| {
            let (addresses, times): (Vec<_>, Vec<_>) = self.addresses.into_iter().unzip();
            (&*UPSERT_ADDRESS_CUTOFFS, vec![ColumnBatch::texts(addresses), ColumnBatch::ints(times)])
        });
        promoters.into_iter().chain(addresses)
    }
}

fn raise<K: Ord>(cutoffs: &mut BTreeMap<K, i64>, key: K, at: i64) {
    let cutoff = cutoffs.entry(key).or_insert(at);
    *cutoff = at.max(*cutoff);
}

fn is_deleted(row: &RowState) -> bool {
    row.cells.get(usize::from(DELETED)).is_some_and(|at| *at != Cell::Null)
}

/// The issue time up to which tokens end with this update, if it deletes the promoter: now if it changes
/// `deleted_at`, or else, as the id is in use again since, the time of the deletion.
fn deletion_cutoff(update: &FieldUpdates, changed: RegisterSet, now_ms: i64) -> Option<i64> {
    let deletes = update.cells.iter().any(|(register, cell)| *register == DELETED && *cell != Cell::Null);
    let at = if changed & bit(DELETED) == 0 { update.clock.ms.min(now_ms) } else { now_ms };
    deletes.then_some(at)
}
