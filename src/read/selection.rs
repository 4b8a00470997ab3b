//! What a request selects, as the planner is handed it: collected, merged, coerced.

use indexmap::IndexMap;

use crate::error::LimitExceeded;

/// A coerced input value. Times are milliseconds since 1970, decimals are in 1/10,000.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
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
    List(Vec<Input>),
    /// Input object: only the fields that were given.
    Object(IndexMap<String, Input>),
}

/// The arguments that were given (or have a default).
pub type Arguments = IndexMap<String, Input>;

/// One selected field, with equal response keys already merged.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// The key in the answer.
    pub key: String,
    /// The field's name.
    pub name: String,
    /// Coerced arguments.
    pub arguments: Arguments,
    /// Why the arguments cannot be coerced.
    pub refused: Option<Refused>,
    /// Where it stands first: line and column.
    pub at: (usize, usize),
    /// What is selected below it, in order.
    pub children: Vec<Selected>,
}

/// What is wrong with arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// For people.
    pub message: String,
    /// The limit that was passed, if that is what is wrong.
    pub exceeded: Option<Box<LimitExceeded>>,
}

impl Selected {
    /// The argument of this name, unless absent or null.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Input> {
        self.arguments.get(name).filter(|value| **value != Input::Null)
    }
}
