//! A digest of all mirrored tables: the same rows give the same digest on every database.
//!
//! Our own times (`first_seen_at`, `updated_at`) are left out: they depend on when this mirror got a row, not on its
//! contents.

use sea_orm::sqlx;
use sha2::{Digest as _, Sha256};

use super::{
    merge::Cell,
    store::{Transaction, sql::TABLE_CONTENTS},
};
use crate::database::Database;

/// The digest of all tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Of each table: name, number of rows, SHA-256 in hexadecimal.
    pub tables: Vec<(&'static str, u64, String)>,
    /// SHA-256 over the tables' digests, in hexadecimal.
    pub whole: String,
}

/// The digest of one state of the database.
///
/// # Errors
/// When the database does not answer.
pub async fn digest(db: &Database) -> Result<Digest, sqlx::Error> {
    of(&mut Transaction::begin_snapshot(db).await?).await
}

/// The digest of the tables as a transaction sees them.
pub(super) async fn of(transaction: &mut Transaction) -> Result<Digest, sqlx::Error> {
    let mut tables = Vec::with_capacity(TABLE_CONTENTS.len());
    let mut whole = Sha256::new();
    for content in TABLE_CONTENTS.iter() {
        let (mut hash, mut rows) = (Sha256::new(), 0_u64);
        let add = |cells: &[Cell]| {
            for cell in cells {
                add(cell, &mut hash);
            }
            rows += 1;
        };
        transaction.for_each_row(&content.select, &content.columns, add).await?;
        let hash = hash.finalize();
        whole.update(content.name);
        whole.update(hash);
        tables.push((content.name, rows, hex::encode(hash)));
    }
    Ok(Digest { tables, whole: hex::encode(whole.finalize()) })
}

/// Adds a cell. The encoding is injective: different rows never give the same bytes.
fn add(cell: &Cell, hash: &mut Sha256) {
    match cell {
        Cell::Null => hash.update([0]),
        Cell::Bool(value) => hash.update([1, u8::from(*value)]),
        Cell::Int(value) => {
            hash.update([2]);
            hash.update(value.to_be_bytes());
        }
        Cell::Text(text) => {
            hash.update([3]);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
}
