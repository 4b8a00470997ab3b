//! The envelope of a v2 event: `{"event_type", "entity_type", "entity_id", "changes", "data", ...}`.

use entity::MirroredTable;

use super::{
    checked::{self, type_name},
    object::{ObjectReader, current_value},
    value::ValueType,
};
use crate::{
    json::JsonValue,
    projection::{clock::Precedence, merge::Cell, registers::DELETED_AT, updates::EventUpdates},
};

/// In the place of an object that is missing.
pub static NULL: JsonValue<'static> = JsonValue::Null;

/// What an event does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum V2Action {
    /// It is new.
    Created,
    /// It exists.
    Updated,
    /// It exists no more.
    Deleted,
}

impl V2Action {
    /// The precedence of such an event's updates. A deletion carries the object's last state: only its `deleted_at`
    /// has a higher precedence.
    pub fn precedence(self) -> Precedence {
        if self == Self::Created { Precedence::Created } else { Precedence::Updated }
    }
}

/// A v2 event that is being read.
pub struct V2Event<'r, 'j> {
    /// What it does to its object.
    pub action: V2Action,
    entity_type: Option<String>,
    /// The id of its object, if the envelope has one.
    pub entity_id: Option<i64>,
    /// The changed fields, each with its old and its new value; null if there are none.
    pub changes: &'r JsonValue<'j>,
    /// The object; null if there is none.
    pub data: &'r JsonValue<'j>,
}

impl<'r, 'j> V2Event<'r, 'j> {
    /// Reads the envelope.
    pub fn new(updates: &mut EventUpdates, action: V2Action, body: &'r JsonValue<'j>, data: &'r JsonValue<'j>) -> Self {
        let entity_type = body.get("entity_type");
        let entity_type = entity_type.and_then(|name| checked::value(updates, "entity_type", ValueType::Code, name));
        Self {
            action,
            entity_type: if let Some(Cell::Text(name)) = entity_type { Some(normalized(&name)) } else { None },
            entity_id: body.get("entity_id").and_then(|id| checked::id(updates, "entity_id", id)),
            changes: checked::object(updates, "changes", body.get("changes")).unwrap_or(&NULL),
            data,
        }
    }

    /// Whether the envelope is about an object of this type; `None` if it does not say.
    pub fn is_about(&self, entity_type: &str) -> Option<bool> {
        self.entity_type.as_ref().map(|name| *name == normalized(entity_type))
    }

    /// Starts to read the event's own object: by `entity_id` if the envelope is about such an object, else by the id
    /// in `data`. Sets its `deleted_at`.
    pub fn own_object<'f>(
        &self,
        updates: &'f mut EventUpdates,
        table: MirroredTable,
        entity_type: &str,
    ) -> Option<ObjectReader<'f, 'j>>
    where
        'r: 'f,
    {
        let named = self.entity_id.filter(|_| self.is_about(entity_type) != Some(false));
        let path = format!("{}.id", table.name());
        let own = self.data.get("id").and_then(|json| Some((json, checked::id(updates, &path, json)?)));
        let id = match (named, own) {
            (Some(named), Some((json, id))) if named != id => {
                updates.warn(&path, format_args!("{} is not the same id as in entity_id", type_name(json)));
                return None;
            }
            (Some(id), _) | (None, Some((_, id))) => id,
            (None, None) => {
                if matches!(self.data.get("id"), None | Some(JsonValue::Null)) {
                    updates.warn(&path, "missing");
                }
                return None;
            }
        };
        self.set_deleted_at(updates, table, id);
        Some(ObjectReader::with_key(updates, table, id, self.data, self.action.precedence()).with_changes(self.changes))
    }

    /// The value of a key of `data`, or else its new value in `changes`.
    pub fn current(&self, updates: &mut EventUpdates, key: &str) -> Option<&'r JsonValue<'j>> {
        current_value(updates, self.data, Some(self.changes), key)
    }

    /// Sets a row's `deleted_at`: the event's time if it deletes, else null.
    pub fn set_deleted_at(&self, updates: &mut EventUpdates, table: MirroredTable, id: i64) {
        let (precedence, deleted_at) = match self.action {
            V2Action::Deleted => (Precedence::Deleted, Cell::Int(updates.ms())),
            action => (action.precedence(), Cell::Null),
        };
        let mut row = updates.row(table, id, precedence);
        updates.set(&mut row, DELETED_AT, deleted_at);
    }
}

/// Entity types are written in lower case with underscores, or as `LikeThis`.
fn normalized(entity_type: &str) -> String {
    entity_type.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_types_are_compared_in_either_spelling() {
        assert_eq!(normalized("PromoterCampaign"), normalized("promoter_campaign"));
    }
}
