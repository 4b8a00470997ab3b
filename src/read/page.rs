//! `first`, `last`, `after`, `before`.

use super::{
    cursor::{self, Place},
    error::ReadError,
    order::Order,
    selection::{Input, Selected},
};

/// Rows of a page that asks for no number.
pub const DEFAULT_SIZE: i64 = 25;
/// The largest page.
pub const MAX_SIZE: i64 = 200;

/// How many rows a page has by its `first` and `last`.
#[must_use]
pub fn rows(first: Option<i64>, last: Option<i64>) -> i64 {
    first.or(last).unwrap_or(DEFAULT_SIZE)
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many rows.
    pub size: i64,
    /// Whether they are counted from the end.
    pub backward: bool,
    /// After this place.
    pub after: Option<Place>,
    /// Before this place.
    pub before: Option<Place>,
}

impl Page {
    /// The page that the arguments ask for.
    ///
    /// # Errors
    /// When sizes are out of range, both are given, or a cursor does not belong to this order.
    pub fn of(order: &Order, selected: &Selected) -> Result<Self, ReadError> {
        let size = |name: &str| match selected.argument(name) {
            Some(Input::Int(size)) if (1..=MAX_SIZE).contains(size) => Ok(Some(*size)),
            Some(Input::Int(size)) => {
                let message = format!("`{name}` is {size}: expected a number from 1 to {MAX_SIZE}");
                if *size < 1 {
                    return Err(ReadError::bad(message));
                }
                Err(ReadError::over(message, "pageSize", MAX_SIZE.unsigned_abs(), size.unsigned_abs()))
            }
            _ => Ok(None),
        };
        let place = |name: &str| match selected.argument(name) {
            Some(Input::Text(text)) => cursor::decode(order, name, text).map(Some),
            _ => Ok(None),
        };
        let (first, last) = (size("first")?, size("last")?);
        if first.is_some() && last.is_some() {
            return Err(ReadError::bad("`first` and `last` are both given: expected one of them"));
        }
        Ok(Self { size: rows(first, last), backward: last.is_some(), after: place("after")?, before: place("before")? })
    }
}
