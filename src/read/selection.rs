//! A collected selection, the planner's input: fields are merged, arguments are coerced.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::error::ReadError;
use crate::error::LimitExceeded;

/// A coerced input value. Times are milliseconds since 1970, decimals are in 1/10,000.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentValue {
    /// An explicit null.
    Null,
    /// Integer, time or decimal.
    Int(i64),
    /// A time after this millisecond and before the next. No stored time is equal to it.
    Behind(i64),
    /// Text or id.
    Text(String),
    /// Boolean.
    Bool(bool),
    /// The name of an enum value.
    Enum(String),
    /// List.
    List(Vec<ArgumentValue>),
    /// Input object: only the fields that were given.
    Object(IndexMap<String, ArgumentValue>),
    /// A value of a variable, which each request has another one of.
    Slot(Slot),
}

/// A place for a value of a variable: a scalar, or a list of scalars. The plan is the same whatever the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its index among the slots of the request.
    pub index: usize,
    /// The number of items, if it is a list.
    pub items: Option<usize>,
}

impl ArgumentValue {
    /// Whether a value of a variable is missing in it.
    #[must_use]
    pub fn has_slots(&self) -> bool {
        match self {
            Self::Slot(_) => true,
            Self::List(items) => items.iter().any(Self::has_slots),
            Self::Object(fields) => fields.values().any(Self::has_slots),
            _ => false,
        }
    }

    /// The number of items of a list.
    #[must_use]
    pub fn items(&self) -> Option<usize> {
        match self {
            Self::List(items) => Some(items.len()),
            Self::Slot(slot) => slot.items,
            _ => None,
        }
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let below = match self {
            Self::Text(text) | Self::Enum(text) => text.len(),
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Object(fields) => fields.iter().map(|(name, value)| name.len() + value.size()).sum(),
            _ => 0,
        };
        size_of::<Self>() + below
    }

    /// With these values in its slots.
    #[must_use]
    pub fn filled<'a>(&'a self, slots: &'a [Self]) -> Cow<'a, Self> {
        let owned = |value: &Self| value.filled(slots).into_owned();
        match self {
            Self::Slot(Slot { index, .. }) => Cow::Borrowed(slots.get(*index).unwrap_or(self)),
            Self::List(items) => Cow::Owned(Self::List(items.iter().map(owned).collect())),
            Self::Object(fields) => {
                Cow::Owned(Self::Object(fields.iter().map(|(name, value)| (name.clone(), owned(value))).collect()))
            }
            value => Cow::Borrowed(value),
        }
    }
}

/// The arguments that are given or have a default.
pub type Arguments = IndexMap<String, ArgumentValue>;

/// One selected field, with equal response keys already merged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelectedField {
    /// The response key.
    pub key: String,
    /// The field's name.
    pub name: String,
    /// Coerced arguments.
    pub arguments: Arguments,
    /// Why the arguments cannot be coerced, if they cannot.
    pub refused: Option<InvalidArguments>,
    /// Its first location: line and column.
    pub at: (usize, usize),
    /// The fields selected below it, in order.
    pub children: Vec<SelectedField>,
}

/// Arguments that cannot be coerced.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidArguments {
    /// The error message.
    pub message: String,
    /// The exceeded limit, if that is the reason.
    pub exceeded: Option<Box<LimitExceeded>>,
}

impl SelectedField {
    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let arguments = self.arguments.values().map(ArgumentValue::size);
        let children = self.children.iter().map(Self::size);
        size_of::<Self>() + self.key.len() + self.name.len() + arguments.chain(children).sum::<usize>()
    }

    /// The error of arguments that cannot be coerced.
    #[must_use]
    pub fn refusal(&self) -> Option<ReadError> {
        let InvalidArguments { message, exceeded } = self.refused.clone()?;
        Some(match exceeded {
            Some(exceeded) => ReadError::Over(message, exceeded),
            None => ReadError::BadInput(message),
        })
    }

    /// The argument of this name, unless absent or null.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&ArgumentValue> {
        self.arguments.get(name).filter(|value| **value != ArgumentValue::Null)
    }
}
