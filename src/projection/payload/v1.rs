//! The legacy webhooks: `{"event": {...}, "data": {...}}`, one line per event type.
//!
//! Read the objects in this order: first the one that the event is about, then what is beside it,
//! then what is nested in those. The same object may stand in one event twice, and the first copy counts.

use super::{ParsedPayload, field::id_of, json::Json, warning};
use crate::projection::{clock::Precedence, updates::EventUpdates};

mod campaign;
mod commission;
mod lead;
mod offer;
mod payout;
mod profile;
mod promoter;
mod promotion;
mod reward;

/// What the event is about, if its id can be read.
type Own = Option<i64>;

/// Reads an event of this type.
#[must_use]
pub fn read(event_type: &str, body: &Json<'_>, mut updates: EventUpdates) -> ParsedPayload {
    let read: fn(&mut EventUpdates, &Json<'_>) -> Own = match event_type {
        "lead_signup" => |updates, data| lead::event(updates, data, Precedence::Created),
        "lead_subscribed" => lead::subscribed,
        "lead_becomes_referral" | "new_customer" | "lead_cancelled" => {
            |updates, data| lead::event(updates, data, Precedence::Updated)
        }
        "promoter_signed_up" | "promoter_signs_up" => promoter_signed_up,
        "promoter_accepted" => promoter_accepted,
        "reward_created" => commission::event,
        "fulfilment_pending" => payout::event,
        _ => return ParsedPayload::Ignored("an event type that is not known"),
    };
    let data = match body.get("data") {
        Some(data) if data.get("test") == Some(&Json::Bool(true)) && id_of(data).is_none() => {
            return ParsedPayload::Ignored("a test delivery");
        }
        Some(data @ Json::Object(_)) => data,
        _ => return ParsedPayload::Unreadable("data: expected an object".to_owned()),
    };
    match read(&mut updates, data) {
        Some(_) => ParsedPayload::Updates(updates),
        None => ParsedPayload::Failed(
            updates.failure_reason().unwrap_or_else(|| "data: expected an object with an id".to_owned()),
        ),
    }
}

fn promoter_signed_up(updates: &mut EventUpdates, data: &Json<'_>) -> Own {
    let json = data.get("promoter")?;
    let id = id_of(json);
    for promotion in warning::list(updates, "data.promotions", data.get("promotions")) {
        promotion::tell(updates, promotion, id);
    }
    promoter::tell(updates, json, Precedence::Created, true)
}

/// An acceptance is news of both: the promotion, whose state it tells, and the promoter.
fn promoter_accepted(updates: &mut EventUpdates, data: &Json<'_>) -> Own {
    if let Some(json) = warning::object(updates, "data.campaign", data.get("campaign")) {
        campaign::tell(updates, json);
    }
    let promotion = promotion::accepted(updates, data);
    let promoter = data.get("promoter").and_then(|json| promoter::tell(updates, json, Precedence::Updated, true));
    promotion.or(promoter)
}

/// The promoter and the promotion that most events carry beside their own object, in that order.
fn beside(updates: &mut EventUpdates, data: &Json<'_>) {
    let promoter = data.get("promoter").and_then(id_of);
    if let Some(json) = warning::object(updates, "data.promotion", data.get("promotion")) {
        promotion::tell(updates, json, promoter);
    }
    if let Some(json) = warning::object(updates, "data.promoter", data.get("promoter")) {
        promoter::tell(updates, json, Precedence::Snapshot, false);
    }
}
