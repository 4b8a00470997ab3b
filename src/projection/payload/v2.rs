//! Webhooks v2: `{"event_type", "entity_id", "changes", "data", ...}`, one line per kind of object.
//!
//! State comes from `data`, then from `changes`, never from an event's name: only what an event
//! creates and deletes is in its name. Few shapes are documented, so every field is optional, older
//! spellings are read too, and `data` may be missing where the envelope says enough.

use super::{
    ParsedPayload,
    field::{Object, id_of, told_now},
    json::Json,
    value::Shape,
    warning::{self, kind},
};
use crate::projection::{
    clock::Precedence,
    merge::Cell,
    tables::Table,
    updates::{DELETED_AT, EventUpdates},
};

mod campaign;
mod commission;
mod contract_document;
mod owner;
mod payments_batch;
mod payout;
mod payout_commission;
mod payout_method;
mod profile;
mod promoter;
mod promotion;
mod referral;
mod reward;

pub use payout_commission::link_key;

/// What the event is about, if its id can be read.
type Own = Option<i64>;
type Reader = fn(&mut EventUpdates, &Event<'_, '_>) -> Own;

static NULL: Json<'static> = Json::Null;

/// What an event does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Created,
    Updated,
    Deleted,
}

/// An event under the hands of its reader.
struct Event<'r, 'j> {
    action: Action,
    entity_type: Option<String>,
    entity_id: Option<i64>,
    changes: &'r Json<'j>,
    /// Null if there is none.
    data: &'r Json<'j>,
}

/// Reads an event of this type.
#[must_use]
pub fn read(event_type: &str, body: &Json<'_>, mut updates: EventUpdates) -> ParsedPayload {
    let Some((action, read)) = reader(event_type) else {
        return ParsedPayload::Ignored("an event type that is not known");
    };
    let data = match body.get("data") {
        Some(data @ Json::Object(_)) if data.get("test") == Some(&Json::Bool(true)) => {
            return ParsedPayload::Ignored("a test delivery");
        }
        Some(data @ (Json::Object(_) | Json::Null)) => data,
        None => &NULL,
        Some(_) => return ParsedPayload::Unreadable("data: expected an object".to_owned()),
    };
    let entity_type = body.get("entity_type");
    let entity_type = entity_type.and_then(|name| warning::value(&mut updates, "entity_type", Shape::Code, name));
    let event = Event {
        action,
        entity_type: if let Some(Cell::Text(name)) = entity_type { Some(plain(&name)) } else { None },
        entity_id: body.get("entity_id").and_then(|id| warning::id(&mut updates, "entity_id", id)),
        changes: warning::object(&mut updates, "changes", body.get("changes")).unwrap_or(&NULL),
        data,
    };
    match read(&mut updates, &event) {
        Some(_) => ParsedPayload::Updates(updates),
        None => ParsedPayload::Failed(
            updates.failure_reason().unwrap_or_else(|| "expected entity_id, or an id in data".to_owned()),
        ),
    }
}

/// Who reads this type, and what it does to its object.
fn reader(event_type: &str) -> Option<(Action, Reader)> {
    let (entity, what) = event_type.split_once('.')?;
    let read: Reader = match (entity, what) {
        ("promoter", "balance.updated") => promoter::balance,
        ("promoter", "profile.updated") => promoter::profile,
        ("payout", part) if part.starts_with("commissions.") => payout_commission::event,
        ("promoter", _) => promoter::event,
        ("promoter_campaign", _) => promotion::event,
        ("referral", "moved") => referral::moved,
        ("referral", _) => referral::event,
        ("commission", _) => commission::event,
        ("payout", _) => payout::event,
        ("payout_method", _) => payout_method::event,
        ("payments_batch", _) => payments_batch::event,
        ("contract_document", _) => contract_document::event,
        _ => return None,
    };
    let action = match (entity, what) {
        ("contract_document", "signed") => Action::Updated,
        ("contract_document", _) => return None,
        (_, "created") | ("payout", "commissions.added" | "commissions.created") => Action::Created,
        (_, "deleted") | ("payout", "commissions.removed" | "commissions.deleted") => Action::Deleted,
        (_, "updated")
        | ("promoter", "balance.updated" | "profile.updated")
        | ("promoter_campaign", "accepted" | "pending" | "rejected" | "blocked" | "inactive")
        | ("referral", "converted" | "cancelled" | "moved")
        | ("commission", "approved" | "pending" | "denied")
        | ("payout", "pending" | "processing" | "completed" | "failed" | "cancelled" | "commissions.updated")
        | ("payments_batch", "initiated" | "processing" | "completed" | "failed") => Action::Updated,
        _ => return None,
    };
    Some((action, read))
}

impl Action {
    /// The rank of what such an event tells. A deletion brings the last state with it: only that the
    /// object is gone ranks higher.
    fn rank(self) -> Precedence {
        if self == Self::Created { Precedence::Created } else { Precedence::Updated }
    }
}

impl<'r, 'j> Event<'r, 'j> {
    /// Whether the envelope is about this kind of object; `None` if it does not say.
    fn is_about(&self, entity: &str) -> Option<bool> {
        self.entity_type.as_ref().map(|name| *name == plain(entity))
    }

    /// The event's own object: by `entity_id` if the envelope is about such an object, else by the id
    /// in `data`. It is there from now on, or gone.
    fn own<'f>(&self, updates: &'f mut EventUpdates, table: Table, entity: &str) -> Option<Object<'f, 'j>>
    where
        'r: 'f,
    {
        let named = self.entity_id.filter(|_| self.is_about(entity) != Some(false));
        let place = format!("{}.id", table.spec().name);
        let told = self.data.get("id").and_then(|json| Some((json, warning::id(updates, &place, json)?)));
        let id = match (named, told) {
            (Some(named), Some((json, id))) if named != id => {
                updates.warn(&place, format_args!("{} is not the same id as in entity_id", kind(json)));
                return None;
            }
            (Some(id), _) | (None, Some((_, id))) => id,
            (None, None) => {
                if matches!(self.data.get("id"), None | Some(Json::Null)) {
                    updates.warn(&place, "missing");
                }
                return None;
            }
        };
        self.exists(updates, table, id);
        Some(Object::keyed(updates, table, id, self.data, self.action.rank()).changed_by(self.changes))
    }

    /// What stands under a key of `data`, or else the new value in `changes`.
    fn told_now(&self, updates: &mut EventUpdates, key: &str) -> Option<&'r Json<'j>> {
        told_now(updates, self.data, Some(self.changes), key)
    }

    /// Tells that a row is there, or that it is deleted.
    fn exists(&self, updates: &mut EventUpdates, table: Table, id: i64) {
        let (rank, deleted_at) = match self.action {
            Action::Deleted => (Precedence::Deleted, Cell::Int(updates.ms())),
            action => (action.rank(), Cell::Null),
        };
        let mut row = updates.row(table, id, rank);
        updates.set(&mut row, DELETED_AT, deleted_at);
    }
}

/// Names of objects are written in lower case with underscores, or as `LikeThis`.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The id that the object at this place gives of another one: under `..._id`, or nested.
fn named(updates: &mut EventUpdates, place: &str, json: &Json<'_>, id: &str, nested: &str) -> Option<i64> {
    let found = json.get(id).and_then(|json| warning::id(updates, format_args!("{place}.{id}"), json));
    let nested = warning::object(updates, format_args!("{place}.{nested}"), json.get(nested));
    found.or_else(|| nested.and_then(id_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All types that were ever listed.
    const TYPES: &str = "promoter.created promoter.updated promoter.deleted promoter.balance.updated \
        promoter.profile.updated promoter_campaign.created promoter_campaign.updated promoter_campaign.deleted \
        promoter_campaign.accepted promoter_campaign.pending promoter_campaign.rejected promoter_campaign.blocked \
        promoter_campaign.inactive referral.created referral.updated referral.deleted referral.converted \
        referral.cancelled referral.moved commission.created commission.updated commission.deleted \
        commission.approved commission.pending commission.denied payout.created payout.updated payout.deleted \
        payout.pending payout.processing payout.completed payout.failed payout.cancelled payout.commissions.added \
        payout.commissions.removed payout.commissions.created payout.commissions.updated \
        payout.commissions.deleted payout_method.created payout_method.updated payout_method.deleted \
        payments_batch.created payments_batch.updated payments_batch.deleted payments_batch.initiated \
        payments_batch.processing payments_batch.completed payments_batch.failed contract_document.signed";

    #[test]
    fn all_49_types_are_known_and_no_others() {
        assert_eq!(TYPES.split_whitespace().filter(|name| reader(name).is_some()).count(), 49);
        for unknown in ["promoter", "promoter.", "promoter.approved", "promo_code.created", "contract_document.created"]
        {
            assert!(reader(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn objects_are_named_in_either_case() {
        assert_eq!(plain("PromoterCampaign"), plain("promoter_campaign"));
    }
}
