//! `first`, `last`, `after`, `before`.

use super::{
    cursor,
    error::ReadError,
    order::{Order, Position},
    selection::{ArgumentValue, SelectedField},
};

/// Rows of a page without `first` and `last`.
pub const DEFAULT_SIZE: i64 = 25;
/// The largest page.
pub const MAX_SIZE: i64 = 200;

/// The rows of a page with these `first` and `last`.
#[must_use]
pub fn rows(first: Option<i64>, last: Option<i64>) -> i64 {
    first.or(last).unwrap_or(DEFAULT_SIZE)
}

/// The requested part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The number of rows.
    pub size: i64,
    /// Whether they are counted from the end.
    pub backward: bool,
    /// After this position.
    pub after: Option<Position>,
    /// Before this position.
    pub before: Option<Position>,
}

impl Page {
    /// The page of these arguments.
    ///
    /// # Errors
    /// When sizes are out of range, both are given, or a cursor does not belong to this order.
    pub fn of(order: &Order, selected: &SelectedField) -> Result<Self, ReadError> {
        let size = |name: &str| match selected.argument(name) {
            Some(ArgumentValue::Int(size)) if (1..=MAX_SIZE).contains(size) => Ok(Some(*size)),
            Some(ArgumentValue::Int(size)) => {
                let message = format!("`{name}` is {size}: expected a number from 1 to {MAX_SIZE}");
                if *size < 1 {
                    return Err(ReadError::bad(message));
                }
                Err(ReadError::over(message, "pageSize", MAX_SIZE.unsigned_abs(), size.unsigned_abs()))
            }
            _ => Ok(None),
        };
        let place = |name| selected.argument(name).map(|value| cursor::position(order, name, value)).transpose();
        let (first, last) = (size("first")?, size("last")?);
        if first.is_some() && last.is_some() {
            return Err(ReadError::bad("`first` and `last` are both given: expected one of them"));
        }
        Ok(Self { size: rows(first, last), backward: last.is_some(), after: place("after")?, before: place("before")? })
    }
}
