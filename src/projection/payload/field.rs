//! Fields as data: which key of the sender's object tells which column, in which shape.

use super::{json::Json, value::Shape};
use crate::projection::{
    clock::Rank,
    facts::{DELETED_AT, Facts, Subject},
    merge::Cell,
    tables::{Spec, Table},
};

/// One key of an object.
pub struct Field {
    key: &'static str,
    register: u8,
    shape: Shape,
}

/// A field whose column has the sender's name.
pub const fn told(spec: &Spec, key: &'static str, shape: Shape) -> Field {
    told_as(spec, key, key, shape)
}

/// A field whose column is named otherwise.
pub const fn told_as(spec: &Spec, key: &'static str, column: &str, shape: Shape) -> Field {
    Field { key, register: spec.register(column), shape }
}

/// An object under the hands of its reader.
pub struct Object<'r, 'j> {
    facts: &'r mut Facts,
    subject: Subject,
    table: Table,
    json: &'r Json<'j>,
    /// The row's key.
    pub id: i64,
}

impl<'r, 'j> Object<'r, 'j> {
    /// Starts on an object that has an `id`; `None`, and noted, if that cannot be used.
    pub fn with_id(facts: &'r mut Facts, table: Table, json: &'r Json<'j>, rank: Rank) -> Option<Self> {
        let id = id_of(json).map_err(|expected| facts.skip(table, "id", expected)).ok()?;
        Some(Self::keyed(facts, table, id, json, rank))
    }

    /// Starts on an object whose key is known from elsewhere.
    pub fn keyed(facts: &'r mut Facts, table: Table, id: i64, json: &'r Json<'j>, rank: Rank) -> Self {
        let subject = facts.about(table, id, rank);
        Self { facts, subject, table, json, id }
    }

    /// Tells what the fields say.
    pub fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.field(field);
        }
    }

    /// Tells one field, unless it is missing or of no use.
    pub fn field(&mut self, field: &Field) {
        let Some(json) = self.json.get(field.key) else { return };
        match field.shape.read(json) {
            Ok(cell) => self.facts.tell(&mut self.subject, field.register, cell),
            Err(expected) => self.facts.skip(self.table, field.key, expected),
        }
    }

    /// Tells a column from elsewhere in the event, unless the object told it itself.
    pub fn tell(&mut self, register: u8, cell: Cell) {
        self.facts.tell(&mut self.subject, register, cell);
    }

    /// This is the entity's own event: it is there.
    pub fn exists(&mut self) {
        self.tell(DELETED_AT, Cell::Null);
    }

    /// Reads a nested object and tells the column that refers to it: null if it is null.
    pub fn nested(&mut self, key: &str, register: u8, read: impl FnOnce(&mut Facts, &Json<'j>) -> Option<i64>) {
        match self.json.get(key) {
            None => {}
            Some(Json::Null) => self.tell(register, Cell::Null),
            Some(object) => {
                if let Some(id) = read(self.facts, object) {
                    self.tell(register, Cell::Int(id));
                }
            }
        }
    }

    /// Tells the column that refers to an object beside or below, which somebody else reads.
    pub fn refers(&mut self, key: &str, register: u8) {
        let table = self.table;
        self.nested(key, register, |facts, json| {
            id_of(json).map_err(|expected| facts.skip(table, &format!("{key}.id"), expected)).ok()
        });
    }

    /// The value of a key of the object.
    pub fn json(&self, key: &str) -> Option<&'r Json<'j>> {
        self.json.get(key)
    }

    /// Gives the facts back, to read what is beside or below.
    pub fn facts(&mut self) -> &mut Facts {
        self.facts
    }
}

/// An object's `id`.
pub fn id_of(json: &Json<'_>) -> Result<i64, &'static str> {
    match json.get("id").map(|id| Shape::Id.read(id)) {
        Some(Ok(Cell::Int(id))) => Ok(id),
        Some(Err(expected)) => Err(expected),
        _ => Err("an id"),
    }
}
