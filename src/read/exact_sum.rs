//! Sums of 64-bit integers that cannot overflow while they are added, on either database.

use sea_orm::DbBackend;

use super::{error::ReadError, raw_row::RawRow};

/// The columns of the sum of `value`; `filter` may follow each aggregate.
pub fn columns(backend: DbBackend, value: &str, filter: &str) -> Vec<String> {
    match backend {
        // Its `sum` fails at 64 bits, even where a negative value follows: high and low halves are added apart.
        DbBackend::Sqlite => {
            vec![format!("sum({value} >> 32){filter}"), format!("sum({value} & 4294967295){filter}")]
        }
        // A number of any size.
        _ => vec![format!("(sum({value}){filter})::text")],
    }
}

/// The sum in these columns, from this one on, which it leaves behind; none if there is no value.
///
/// # Errors
/// When the row has other columns.
pub fn read(backend: DbBackend, row: RawRow<'_>, column: &mut usize) -> Result<Option<i128>, ReadError> {
    let first = *column;
    if backend == DbBackend::Sqlite {
        *column += 2;
        let (high, low) = (row.int(first)?, row.int(first + 1)?);
        return Ok(high.zip(low).map(|(high, low)| (i128::from(high) << 32) + i128::from(low)));
    }
    *column += 1;
    let sum = row.text(first)?.map(str::parse).transpose();
    sum.map_err(|_| ReadError::internal("a sum is not a whole number"))
}
