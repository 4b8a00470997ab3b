//! A collected selection, the planner's input: fields are merged, arguments are coerced.

use indexmap::IndexMap;

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
}

/// The arguments that are given or have a default.
pub type Arguments = IndexMap<String, ArgumentValue>;

/// One selected field, with equal response keys already merged.
#[derive(Clone, Debug, PartialEq)]
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
    /// The argument of this name, unless absent or null.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&ArgumentValue> {
        self.arguments.get(name).filter(|value| **value != ArgumentValue::Null)
    }
}
