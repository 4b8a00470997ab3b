//! The sources of input values: the JSON of a variable, or a literal of the document.

use async_graphql::Name;
use async_graphql_value::Value;

use crate::graphql::schema::ScalarInput;

/// An input value before coercion.
pub trait InputValue: Sized {
    /// Whether it is null.
    fn is_null(&self) -> bool;
    /// The items of a list.
    fn list(&self) -> Option<&[Self]>;
    /// A scalar before coercion.
    fn scalar(&self) -> Option<ScalarInput<'_>>;
    /// The name of an enum's value.
    fn enum_value(&self) -> Option<&str>;
    /// A field of an object.
    fn field(&self, name: &str) -> Option<&Self>;
    /// The names of an object's fields; none if it is not an object.
    fn names(&self) -> Option<Vec<&str>>;
    /// The name of the variable, if the value is one.
    fn variable(&self) -> Option<&str> {
        None
    }
}

impl InputValue for serde_json::Value {
    fn is_null(&self) -> bool {
        self.is_null()
    }

    fn list(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn scalar(&self) -> Option<ScalarInput<'_>> {
        match self {
            Self::Number(number) => Some(ScalarInput::Number(number)),
            Self::String(text) => Some(ScalarInput::Text(text)),
            Self::Bool(flag) => Some(ScalarInput::Bool(*flag)),
            _ => None,
        }
    }

    fn enum_value(&self) -> Option<&str> {
        self.as_str()
    }

    fn field(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn names(&self) -> Option<Vec<&str>> {
        self.as_object().map(|fields| fields.keys().map(String::as_str).collect())
    }
}

impl InputValue for Value {
    fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    fn scalar(&self) -> Option<ScalarInput<'_>> {
        match self {
            Self::Number(number) => Some(ScalarInput::Number(number)),
            Self::String(text) => Some(ScalarInput::Text(text)),
            Self::Boolean(flag) => Some(ScalarInput::Bool(*flag)),
            _ => None,
        }
    }

    fn enum_value(&self) -> Option<&str> {
        match self {
            Self::Enum(name) => Some(name),
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    fn names(&self) -> Option<Vec<&str>> {
        match self {
            Self::Object(fields) => Some(fields.keys().map(Name::as_str).collect()),
            _ => None,
        }
    }

    fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable(name) => Some(name),
            _ => None,
        }
    }
}
