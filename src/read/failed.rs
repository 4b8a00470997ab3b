//! Fields below a root field that are refused: each is null, and has an error with its own path.
//!
//! Few answers have any, so their places are looked for only when the JSON is written.

use std::sync::Arc;

use serde_json::Value;

use super::{
    error::ReadError,
    plan::{Connection, ConnectionSlot, EdgeSlot, Failed, Object, Slot},
};

/// A written value, and what in it is null because it was refused.
#[derive(Clone, Debug)]
pub struct Json {
    /// The JSON.
    pub bytes: Vec<u8>,
    /// In the order of the JSON.
    pub failures: Vec<Failure>,
}

/// A refused field of a row.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Keys and indexes from the value on.
    pub path: Vec<Value>,
    /// The reason.
    pub error: Arc<ReadError>,
    /// Where the field stands in the document: line and column.
    pub at: (usize, usize),
}

impl Json {
    /// A list as it was written.
    pub(super) fn connection(shape: &Connection, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut finder = Finder::default();
        if connection_fails(shape) {
            finder.connection(shape, &parsed(&bytes)?);
        }
        Ok(Self { bytes, failures: finder.failures })
    }

    /// An object as it was written.
    pub(super) fn object(shape: &Object, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let mut finder = Finder::default();
        if object_fails(shape) {
            finder.object(shape, &parsed(&bytes)?);
        }
        Ok(Self { bytes, failures: finder.failures })
    }
}

fn parsed(bytes: &[u8]) -> Result<Value, ReadError> {
    serde_json::from_slice(bytes).map_err(|error| ReadError::internal(format!("JSON of our own: {error}")))
}

fn object_fails(shape: &Object) -> bool {
    shape.slots.iter().any(|(_, slot)| match slot {
        Slot::Failed(_) => true,
        Slot::One(_, object) => object_fails(object),
        Slot::Many(_, connection) => connection_fails(connection),
        _ => false,
    })
}

fn connection_fails(shape: &Connection) -> bool {
    shape.slots.iter().any(|(_, slot)| match slot {
        ConnectionSlot::Nodes(object) => object_fails(object),
        ConnectionSlot::Edges(edge) => {
            edge.iter().any(|(_, slot)| matches!(slot, EdgeSlot::Node(object) if object_fails(object)))
        }
        _ => false,
    })
}

#[derive(Default)]
struct Finder {
    path: Vec<Value>,
    failures: Vec<Failure>,
}

impl Finder {
    fn connection(&mut self, shape: &Connection, value: &Value) {
        for (key, slot) in &shape.slots {
            match slot {
                ConnectionSlot::Nodes(object) => {
                    self.at(key, value, |finder, rows| finder.rows(rows, |finder, row| finder.object(object, row)));
                }
                ConnectionSlot::Edges(edge) => {
                    self.at(key, value, |finder, rows| finder.rows(rows, |finder, row| finder.edge(edge, row)));
                }
                _ => {}
            }
        }
    }

    fn rows(&mut self, rows: &Value, mut row: impl FnMut(&mut Self, &Value)) {
        for (index, value) in rows.as_array().into_iter().flatten().enumerate() {
            self.path.push(index.into());
            row(self, value);
            self.path.pop();
        }
    }

    fn edge(&mut self, edge: &[(Vec<u8>, EdgeSlot)], value: &Value) {
        for (key, slot) in edge {
            if let EdgeSlot::Node(object) = slot {
                self.at(key, value, |finder, node| finder.object(object, node));
            }
        }
    }

    fn object(&mut self, shape: &Object, value: &Value) {
        if value.is_null() {
            return;
        }
        for (key, slot) in &shape.slots {
            match slot {
                Slot::Failed(Failed { error, at }) => self.at(key, value, |finder, _| {
                    let (path, error) = (finder.path.clone(), Arc::clone(error));
                    finder.failures.push(Failure { path, error, at: *at });
                }),
                Slot::One(_, object) => self.at(key, value, |finder, value| finder.object(object, value)),
                Slot::Many(_, connection) => self.at(key, value, |finder, value| finder.connection(connection, value)),
                _ => {}
            }
        }
    }

    /// The value of a key, which is written as `"key":`.
    fn at(&mut self, key: &[u8], value: &Value, find: impl FnOnce(&mut Self, &Value)) {
        let name = String::from_utf8_lossy(key);
        let name = name.trim_matches(['"', ':']);
        self.path.push(name.into());
        find(self, &value[name]);
        self.path.pop();
    }
}
