//! The value of a root field, with the errors of nullable fields below it: each is null, and its error has a path.
//!
//! Few responses have any, so their paths are computed only when there are, from the JSON as it was written.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

use super::{
    error::ReadError,
    plan::{
        ConnectionFieldShape, ConnectionPlan, ConnectionShape, EdgeFieldShape, FailedField, FieldShape, ObjectPlan,
        ObjectShape,
    },
};
use crate::json::JsonValue;

/// The JSON of a root field, and the fields in it that failed.
#[derive(Clone, Debug)]
pub struct RootValue {
    /// The JSON.
    pub bytes: Vec<u8>,
    /// In the order of the JSON.
    pub failures: Vec<FieldFailure>,
}

/// A field that failed, and is null in the JSON.
#[derive(Clone, Debug)]
pub struct FieldFailure {
    /// Keys and indexes, from the root field's value on.
    pub path: Vec<Value>,
    /// The reason.
    pub error: Arc<ReadError>,
    /// The location of the field in the document: line and column.
    pub at: (usize, usize),
}

impl FieldFailure {
    /// The same failure, one level further down.
    #[must_use]
    pub fn below(mut self, key: Value) -> Self {
        self.path.insert(0, key);
        self
    }
}

impl From<Vec<u8>> for RootValue {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, failures: Vec::new() }
    }
}

impl RootValue {
    /// Null.
    #[must_use]
    pub fn null() -> Self {
        b"null".to_vec().into()
    }

    /// The value of a connection.
    pub(super) fn connection(shape: &ConnectionShape, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut finder = Finder::default();
        if connection_fails(shape) {
            finder.connection(shape, &parsed(&text(&bytes))?);
        }
        Ok(Self { bytes, failures: finder.failures })
    }

    /// The value of an object.
    pub(super) fn object(shape: &ObjectShape, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut finder = Finder::default();
        if object_fails(shape) {
            finder.object(shape, &parsed(&text(&bytes))?);
        }
        Ok(Self { bytes, failures: finder.failures })
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Leniently: senders' JSON in it may hold numbers that no double holds, and any depth.
fn parsed(text: &str) -> Result<JsonValue<'_>, ReadError> {
    JsonValue::parse(text).map_err(|error| ReadError::internal(format!("the written JSON cannot be parsed: {error}")))
}

impl ObjectPlan {
    /// Whether a field in it always fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        object_fails(&self.object)
    }
}

impl ConnectionPlan {
    /// Whether a field in it always fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        connection_fails(&self.connection)
    }
}

fn object_fails(shape: &ObjectShape) -> bool {
    shape.fields.iter().any(|(_, shape)| match shape {
        FieldShape::Failed(_) => true,
        FieldShape::One(_, object) => object_fails(object),
        FieldShape::Many(_, connection) => connection_fails(connection),
        _ => false,
    })
}

fn connection_fails(shape: &ConnectionShape) -> bool {
    shape.fields.iter().any(|(_, shape)| match shape {
        ConnectionFieldShape::Nodes(object) => object_fails(object),
        ConnectionFieldShape::Edges(edge) => {
            edge.iter().any(|(_, shape)| matches!(shape, EdgeFieldShape::Node(object) if object_fails(object)))
        }
        _ => false,
    })
}

#[derive(Default)]
struct Finder {
    path: Vec<Value>,
    failures: Vec<FieldFailure>,
}

impl Finder {
    fn connection(&mut self, shape: &ConnectionShape, value: &JsonValue<'_>) {
        for (key, shape) in &shape.fields {
            match shape {
                ConnectionFieldShape::Nodes(object) => {
                    self.at(key, value, |finder, rows| finder.rows(rows, |finder, row| finder.object(object, row)));
                }
                ConnectionFieldShape::Edges(edge) => {
                    self.at(key, value, |finder, rows| finder.rows(rows, |finder, row| finder.edge(edge, row)));
                }
                _ => {}
            }
        }
    }

    fn rows(&mut self, rows: &JsonValue<'_>, mut row: impl FnMut(&mut Self, &JsonValue<'_>)) {
        for (index, value) in rows.list().iter().enumerate() {
            self.path.push(index.into());
            row(self, value);
            self.path.pop();
        }
    }

    fn edge(&mut self, edge: &[(Vec<u8>, EdgeFieldShape)], value: &JsonValue<'_>) {
        for (key, shape) in edge {
            if let EdgeFieldShape::Node(object) = shape {
                self.at(key, value, |finder, node| finder.object(object, node));
            }
        }
    }

    fn object(&mut self, shape: &ObjectShape, value: &JsonValue<'_>) {
        if *value == JsonValue::Null {
            return;
        }
        for (key, shape) in &shape.fields {
            match shape {
                FieldShape::Failed(FailedField { error, at }) => self.at(key, value, |finder, _| {
                    let (path, error) = (finder.path.clone(), Arc::clone(error));
                    finder.failures.push(FieldFailure { path, error, at: *at });
                }),
                FieldShape::One(_, object) => self.at(key, value, |finder, value| finder.object(object, value)),
                FieldShape::Many(_, connection) => {
                    self.at(key, value, |finder, value| finder.connection(connection, value));
                }
                _ => {}
            }
        }
    }

    /// Descends into the value of a key, which is written as `"key":`.
    fn at(&mut self, key: &[u8], value: &JsonValue<'_>, find: impl FnOnce(&mut Self, &JsonValue<'_>)) {
        let name = String::from_utf8_lossy(key);
        let name = name.trim_matches(['"', ':']);
        self.path.push(name.into());
        find(self, value.get(name).unwrap_or(&JsonValue::Null));
        self.path.pop();
    }
}
