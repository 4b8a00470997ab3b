//! Reading the sender's objects: which key sets which column, as which type.
//!
//! Some columns have several keys, older spellings for instance: of those, the first one with a usable value counts.

use entity::MirroredTable;

use super::{
    checked::{self, type_name},
    value::ValueType,
};
use crate::{
    json::JsonValue,
    projection::{
        clock::Precedence,
        merge::Cell,
        registers::{DELETED_AT, Registers},
        updates::{EventUpdates, RowHandle},
    },
};

/// A key of the sender's objects, and the column it sets.
pub struct FieldMapping {
    key: &'static str,
    register: u8,
    value_type: ValueType,
}

/// A field whose column has the sender's name.
pub const fn field(registers: &Registers, key: &'static str, value_type: ValueType) -> FieldMapping {
    renamed(registers, key, key, value_type)
}

/// A field whose column has another name.
pub const fn renamed(registers: &Registers, key: &'static str, column: &str, value_type: ValueType) -> FieldMapping {
    FieldMapping { key, register: registers.number(column), value_type }
}

impl FieldMapping {
    /// The column's register.
    pub fn register(&self) -> u8 {
        self.register
    }

    /// The sender's key.
    pub fn key(&self) -> &'static str {
        self.key
    }
}

/// Reads one object into updates of one row.
pub struct ObjectReader<'r, 'j> {
    updates: &'r mut EventUpdates,
    row: RowHandle,
    table: MirroredTable,
    json: &'r JsonValue<'j>,
    /// The fields that a v2 event lists as changed, each with its old and its new value.
    changes: Option<&'r JsonValue<'j>>,
    /// The update with the higher precedence of listed changes.
    changed_row: Option<RowHandle>,
    /// The row's key.
    pub id: i64,
}

impl<'r, 'j> ObjectReader<'r, 'j> {
    /// Starts to read an object that has an `id`; `None`, with a warning, if the id is not usable.
    pub fn with_id(
        updates: &'r mut EventUpdates,
        table: MirroredTable,
        json: &'r JsonValue<'j>,
        precedence: Precedence,
    ) -> Option<Self> {
        let id = required_id(updates, table.name(), json)?;
        Some(Self::with_key(updates, table, id, json, precedence))
    }

    /// Starts to read an object whose key is known from elsewhere.
    pub fn with_key(
        updates: &'r mut EventUpdates,
        table: MirroredTable,
        id: i64,
        json: &'r JsonValue<'j>,
        precedence: Precedence,
    ) -> Self {
        let row = updates.row(table, id, precedence);
        Self { updates, row, table, json, changes: None, changed_row: None, id }
    }

    /// Fields that this object of changes lists get a higher precedence. Where the object itself lacks one of them,
    /// its new value in the changes counts.
    pub fn with_changes(mut self, changes: &'r JsonValue<'j>) -> Self {
        self.changes = Some(changes);
        self
    }

    /// Sets the columns of these fields.
    pub fn fields(&mut self, fields: &[FieldMapping]) {
        for field in fields {
            self.field(field);
        }
    }

    /// Sets a field's column, unless the field is missing or not usable.
    pub fn field(&mut self, field: &FieldMapping) {
        self.first_of(std::slice::from_ref(field));
    }

    /// Sets a column that has several keys: from the first one with a usable value that is not null, else from the
    /// first one that is present.
    pub fn first_of(&mut self, alternatives: &[FieldMapping]) {
        let (json, changes) = (self.json, self.changes);
        let (mut value, mut is_usable, mut is_present) = (None, true, false);
        for field in alternatives {
            let Some(json) = json.get(field.key) else { continue };
            is_present = true;
            match self.parse(field.key, field.value_type, json) {
                None => is_usable = false,
                Some(Cell::Null) => value = value.or(Some((field.register, Cell::Null))),
                Some(cell) => {
                    (value, is_usable) = (Some((field.register, cell)), true);
                    break;
                }
            }
        }
        let mut is_change = false;
        for field in alternatives {
            let Some(change) = changes.and_then(|changes| changes.get(field.key)) else { continue };
            is_change = true;
            if let Some(new) = new_value(self.updates, field.key, change)
                && !is_present
            {
                is_present = true;
                let path = format_args!("changes.{}", field.key);
                value = checked::value(self.updates, path, field.value_type, new).map(|cell| (field.register, cell));
            }
        }
        // A null beside an unusable value does not mean that there is none.
        if let (Some((register, cell)), true) = (value, is_usable) {
            self.set_with_precedence(is_change, register, cell);
        }
    }

    /// Parses a value of the object; `None`, with a warning, if it is not usable.
    pub fn parse(&mut self, key: &str, value_type: ValueType, json: &JsonValue<'_>) -> Option<Cell> {
        checked::value(self.updates, format_args!("{}.{key}", self.table.name()), value_type, json)
    }

    /// Sets a column from elsewhere in the event, unless the object itself has set it.
    pub fn set(&mut self, register: u8, cell: Cell) {
        self.set_with_precedence(false, register, cell);
    }

    /// Sets a column from the values under these keys, with a higher precedence if one of them is listed as changed.
    pub fn set_from(&mut self, keys: &[&str], register: u8, cell: Cell) {
        self.set_with_precedence(self.is_listed_as_changed(keys), register, cell);
    }

    fn set_with_precedence(&mut self, is_change: bool, register: u8, cell: Cell) {
        if self.is_set(register) {
            return;
        }
        if is_change {
            let (table, id) = (self.table, self.id);
            let row = self.changed_row.get_or_insert_with(|| self.updates.row(table, id, Precedence::Changed));
            self.updates.set(row, register, cell);
        } else {
            self.updates.set(&mut self.row, register, cell);
        }
    }

    /// Reads a related object that is nested under `key`, or only named by its id in a field, and sets the column
    /// that refers to it.
    pub fn relation(
        &mut self,
        key: &str,
        id: &FieldMapping,
        read: impl FnOnce(&mut EventUpdates, &JsonValue<'j>) -> Option<i64>,
    ) {
        let keys = [key, id.key];
        let json = self.current(key);
        if self.json.get(key).is_none() {
            // The object itself wins over what its changes list.
            self.field(id);
        }
        if let Some(object) = self.object(key)
            && let Some(found) = read(self.updates, object)
        {
            self.set_from(&keys, id.register, Cell::Int(found));
        }
        self.field(id);
        if json == Some(&JsonValue::Null) {
            self.set_from(&keys, id.register, Cell::Null);
        }
    }

    /// Reads a nested object and sets the column that refers to it: null if it is null.
    pub fn nested(
        &mut self,
        key: &str,
        register: u8,
        read: impl FnOnce(&mut EventUpdates, &JsonValue<'j>) -> Option<i64>,
    ) {
        if self.json.get(key) == Some(&JsonValue::Null) {
            self.set(register, Cell::Null);
        } else if let Some(object) = self.object(key)
            && let Some(id) = read(self.updates, object)
        {
            self.set(register, Cell::Int(id));
        }
    }

    /// Sets the column that refers to an object which another reader reads, with its warnings.
    pub fn nested_id(&mut self, key: &str, register: u8) {
        match self.json.get(key) {
            Some(JsonValue::Null) => self.set(register, Cell::Null),
            json => {
                if let Some(id) = json.and_then(id_of) {
                    self.set(register, Cell::Int(id));
                }
            }
        }
    }

    /// The entity's own event proves that it exists: sets `deleted_at` to null.
    pub fn clear_deleted_at(&mut self) {
        self.set(DELETED_AT, Cell::Null);
    }

    /// Whether the event lists one of these keys as changed.
    pub fn is_listed_as_changed(&self, keys: &[&str]) -> bool {
        self.changes.is_some_and(|changes| keys.iter().any(|key| changes.get(key).is_some()))
    }

    /// Whether this event has set the column.
    pub fn is_set(&self, register: u8) -> bool {
        self.changed_row.is_some_and(|row| row.is_set(register)) || self.row.is_set(register)
    }

    /// The current value of a key, if it is an object.
    pub fn object(&mut self, key: &str) -> Option<&'r JsonValue<'j>> {
        let json = self.current(key);
        checked::object(self.updates, format_args!("{}.{key}", self.table.name()), json)
    }

    /// The value of a key, or else its new value in the event's changes.
    pub fn current(&mut self, key: &str) -> Option<&'r JsonValue<'j>> {
        current_value(self.updates, self.json, self.changes, key)
    }

    /// The value of a key of the object.
    pub fn get(&self, key: &str) -> Option<&'r JsonValue<'j>> {
        self.json.get(key)
    }

    /// The object itself.
    pub fn json(&self) -> &'r JsonValue<'j> {
        self.json
    }

    /// The event's updates, for the readers of other objects.
    pub fn updates(&mut self) -> &mut EventUpdates {
        self.updates
    }
}

/// The value of a key of the object, or else its new value in the event's changes.
pub fn current_value<'r, 'j>(
    updates: &mut EventUpdates,
    json: &'r JsonValue<'j>,
    changes: Option<&'r JsonValue<'j>>,
    key: &str,
) -> Option<&'r JsonValue<'j>> {
    json.get(key).or_else(|| new_value(updates, key, changes?.get(key)?))
}

/// The second of the two values of a listed change.
fn new_value<'r, 'j>(updates: &mut EventUpdates, key: &str, change: &'r JsonValue<'j>) -> Option<&'r JsonValue<'j>> {
    if let [_, new] = change.list() {
        return Some(new);
    }
    let problem = format_args!("{} is not a list of an old and a new value", type_name(change));
    updates.warn(format_args!("changes.{key}"), problem);
    None
}

/// An object's `id`, if it is usable.
pub fn id_of(json: &JsonValue<'_>) -> Option<i64> {
    if let Ok(Cell::Int(id)) = ValueType::Id.parse(json.get("id")?) { Some(id) } else { None }
}

/// The same, with a warning if it is not.
fn required_id(updates: &mut EventUpdates, path: &str, json: &JsonValue<'_>) -> Option<i64> {
    let Some(id) = checked::object(updates, path, Some(json))?.get("id") else {
        updates.warn(format_args!("{path}.id"), "missing");
        return None;
    };
    let found = checked::id(updates, format_args!("{path}.id"), id);
    if matches!(id, JsonValue::Null) || matches!(id, JsonValue::Text(text) if text.trim().is_empty()) {
        updates.warn(format_args!("{path}.id"), "missing");
    }
    found
}

/// The id of another object that an object refers to: under `..._id`, or nested.
pub fn referenced_id(
    updates: &mut EventUpdates,
    path: &str,
    json: &JsonValue<'_>,
    id: &str,
    nested: &str,
) -> Option<i64> {
    let found = json.get(id).and_then(|json| checked::id(updates, format_args!("{path}.{id}"), json));
    let nested = checked::object(updates, format_args!("{path}.{nested}"), json.get(nested));
    found.or_else(|| nested.and_then(id_of))
}
