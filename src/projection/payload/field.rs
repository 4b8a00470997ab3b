//! Fields as data: which key of the sender's object tells which column, in which shape.
//!
//! Some updates have two spellings: of those, the first one that is filled counts.

use super::{
    json::Json,
    value::Shape,
    warning::{self, kind},
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::{Spec, Table},
    updates::{DELETED_AT, EventUpdates, RowHandle},
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

impl Field {
    /// The column's register.
    pub fn register(&self) -> u8 {
        self.register
    }

    /// The sender's key.
    pub fn key(&self) -> &'static str {
        self.key
    }
}

/// An object under the hands of its reader.
pub struct Object<'r, 'j> {
    updates: &'r mut EventUpdates,
    handle: RowHandle,
    table: Table,
    json: &'r Json<'j>,
    /// Which fields the event lists as changed, each with its old and its new value.
    changes: Option<&'r Json<'j>>,
    /// What is told with the higher rank of a listed change.
    changed: Option<RowHandle>,
    /// The row's key.
    pub id: i64,
}

impl<'r, 'j> Object<'r, 'j> {
    /// Starts on an object that has an `id`; `None`, and noted, if that cannot be used.
    pub fn with_id(updates: &'r mut EventUpdates, table: Table, json: &'r Json<'j>, rank: Precedence) -> Option<Self> {
        let id = own_id(updates, table.spec().name, json)?;
        Some(Self::keyed(updates, table, id, json, rank))
    }

    /// Starts on an object whose key is known from elsewhere.
    pub fn keyed(updates: &'r mut EventUpdates, table: Table, id: i64, json: &'r Json<'j>, rank: Precedence) -> Self {
        let handle = updates.row(table, id, rank);
        Self { updates, handle, table, json, changes: None, changed: None, id }
    }

    /// The fields that this object of changes lists are told with a higher rank. Where the object
    /// itself lacks one of them, its new value counts.
    pub fn changed_by(mut self, changes: &'r Json<'j>) -> Self {
        self.changes = Some(changes);
        self
    }

    /// Tells what the fields say.
    pub fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.field(field);
        }
    }

    /// Tells one field, unless it is missing or of no use.
    pub fn field(&mut self, field: &Field) {
        self.spelled(std::slice::from_ref(field));
    }

    /// Tells a column that the sender spells in several ways: the first spelling that is filled and of use
    /// counts, else the first one that is there at all.
    pub fn spelled(&mut self, spellings: &[Field]) {
        let (json, changes) = (self.json, self.changes);
        let (mut told, mut usable, mut here) = (None, true, false);
        for field in spellings {
            let Some(json) = json.get(field.key) else { continue };
            here = true;
            match self.value(field.key, field.shape, json) {
                None => usable = false,
                Some(Cell::Null) => told = told.or(Some((field.register, Cell::Null))),
                Some(cell) => {
                    (told, usable) = (Some((field.register, cell)), true);
                    break;
                }
            }
        }
        let mut is_change = false;
        for field in spellings {
            let Some(change) = changes.and_then(|changes| changes.get(field.key)) else { continue };
            is_change = true;
            if let Some(new) = new_value(self.updates, field.key, change)
                && !here
            {
                here = true;
                let place = format_args!("changes.{}", field.key);
                told = warning::value(self.updates, place, field.shape, new).map(|cell| (field.register, cell));
            }
        }
        // A null beside what cannot be read does not say that there is nothing.
        if let (Some((register, cell)), true) = (told, usable) {
            self.tell_ranked(is_change, register, cell);
        }
    }

    /// Reads a value of the object; `None`, and warned of, if it is of no use.
    pub fn value(&mut self, key: &str, shape: Shape, json: &Json<'_>) -> Option<Cell> {
        let table = self.table.spec().name;
        warning::value(self.updates, format_args!("{table}.{key}"), shape, json)
    }

    /// Tells a column from elsewhere in the event, unless the object told it itself.
    pub fn tell(&mut self, register: u8, cell: Cell) {
        self.tell_ranked(false, register, cell);
    }

    fn tell_ranked(&mut self, changed: bool, register: u8, cell: Cell) {
        if self.is_told(register) {
            return;
        }
        if changed {
            let (table, id) = (self.table, self.id);
            let handle = self.changed.get_or_insert_with(|| self.updates.row(table, id, Precedence::Changed));
            self.updates.set(handle, register, cell);
        } else {
            self.updates.set(&mut self.handle, register, cell);
        }
    }

    /// Tells the column that refers to another row from what stands under these keys, which are the
    /// object's or those of its changes.
    pub fn refer(&mut self, keys: &[&str], register: u8, cell: Cell) {
        self.tell_ranked(self.lists_change(keys), register, cell);
    }

    /// Reads a related object that is nested under `key`, or only named by its id in a field, and
    /// tells the column that refers to it.
    pub fn related(&mut self, key: &str, id: &Field, read: impl FnOnce(&mut EventUpdates, &Json<'j>) -> Option<i64>) {
        let keys = [key, id.key];
        let json = self.told_now(key);
        if self.json.get(key).is_none() {
            // What the object itself says counts, not what its changes list.
            self.field(id);
        }
        if let Some(object) = self.object(key)
            && let Some(found) = read(self.updates, object)
        {
            self.refer(&keys, id.register, Cell::Int(found));
        }
        self.field(id);
        if json == Some(&Json::Null) {
            self.refer(&keys, id.register, Cell::Null);
        }
    }

    /// Whether the event lists one of these keys as changed.
    pub fn lists_change(&self, keys: &[&str]) -> bool {
        self.changes.is_some_and(|changes| keys.iter().any(|key| changes.get(key).is_some()))
    }

    /// This is the entity's own event: it is there.
    pub fn exists(&mut self) {
        self.tell(DELETED_AT, Cell::Null);
    }

    /// Reads a nested object and tells the column that refers to it: null if it is null.
    pub fn nested(&mut self, key: &str, register: u8, read: impl FnOnce(&mut EventUpdates, &Json<'j>) -> Option<i64>) {
        if self.json.get(key) == Some(&Json::Null) {
            self.tell(register, Cell::Null);
        } else if let Some(object) = self.object(key)
            && let Some(id) = read(self.updates, object)
        {
            self.tell(register, Cell::Int(id));
        }
    }

    /// Tells the column that refers to an object beside or below, which somebody else reads, and warns of.
    pub fn refers(&mut self, key: &str, register: u8) {
        match self.json.get(key) {
            Some(Json::Null) => self.tell(register, Cell::Null),
            json => {
                if let Some(id) = json.and_then(id_of) {
                    self.tell(register, Cell::Int(id));
                }
            }
        }
    }

    /// The object that is told now under a key, if there is one.
    pub fn object(&mut self, key: &str) -> Option<&'r Json<'j>> {
        let json = self.told_now(key);
        warning::object(self.updates, format_args!("{}.{key}", self.table.spec().name), json)
    }

    /// What stands under a key, or else the new value that the event's changes list for it.
    pub fn told_now(&mut self, key: &str) -> Option<&'r Json<'j>> {
        told_now(self.updates, self.json, self.changes, key)
    }

    /// Whether this event told the column.
    pub fn is_told(&self, register: u8) -> bool {
        self.changed.is_some_and(|changed| changed.is_set(register)) || self.handle.is_set(register)
    }

    /// The value of a key of the object.
    pub fn json(&self, key: &str) -> Option<&'r Json<'j>> {
        self.json.get(key)
    }

    /// The object itself.
    pub fn own_json(&self) -> &'r Json<'j> {
        self.json
    }

    /// Gives the updates back, to read what is beside or below.
    pub fn updates(&mut self) -> &mut EventUpdates {
        self.updates
    }
}

/// What stands under a key of the object, or else the new value that the event's changes list for it.
pub fn told_now<'r, 'j>(
    updates: &mut EventUpdates,
    json: &'r Json<'j>,
    changes: Option<&'r Json<'j>>,
    key: &str,
) -> Option<&'r Json<'j>> {
    json.get(key).or_else(|| new_value(updates, key, changes?.get(key)?))
}

/// The second of the two values of a listed change.
fn new_value<'r, 'j>(updates: &mut EventUpdates, key: &str, change: &'r Json<'j>) -> Option<&'r Json<'j>> {
    if let [_, new] = change.list() {
        return Some(new);
    }
    let problem = format_args!("{} is not a list of an old and a new value", kind(change));
    updates.warn(format_args!("changes.{key}"), problem);
    None
}

/// An object's `id`, if it can be used.
pub fn id_of(json: &Json<'_>) -> Option<i64> {
    if let Ok(Cell::Int(id)) = Shape::Id.read(json.get("id")?) { Some(id) } else { None }
}

/// The same, and warned of if not.
pub fn own_id(updates: &mut EventUpdates, place: &str, json: &Json<'_>) -> Option<i64> {
    let Some(id) = warning::object(updates, place, Some(json))?.get("id") else {
        updates.warn(format_args!("{place}.id"), "missing");
        return None;
    };
    let found = warning::id(updates, format_args!("{place}.id"), id);
    if matches!(id, Json::Null) || matches!(id, Json::Text(text) if text.trim().is_empty()) {
        updates.warn(format_args!("{place}.id"), "missing");
    }
    found
}
