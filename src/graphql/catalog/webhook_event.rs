use entity::{webhook_event, webhook_event::Column as C};
use sea_orm::IdenStatic as _;

use super::{
    enums,
    fields::{Unjudged, enumerated, small_number, text, texts, time},
};
use crate::read::model::{EntityField, EntityType, FieldKind};

/// Bodies hold everything that FirstPromoter sends.
const ADMINS: &str = "admins alone see the type";

pub fn declared() -> EntityType {
    EntityType::new::<webhook_event::Entity>(
        "WebhookEvent",
        ("webhookEvent", "webhookEvents"),
        C::Id,
        "A webhook event as it was received, and the result of applying it. For admins.",
    )
    .text_key()
    .not_mirrored()
    .admin_only()
    .with(text(C::Protocol, "`v1`, `v2`, or `unknown`.").open(ADMINS).required())
    .with(text(C::EventType, "Event type in the body; empty if there is none.").open(ADMINS).required())
    .with(text(C::EventId, "Event id in the body; empty if there is none.").open(ADMINS).required())
    .with(text(C::BodyHash, "SHA-256 of the body as it was received, in hexadecimal.").open(ADMINS).required())
    .with(
        Unjudged(EntityField::new(C::Body.as_str(), FieldKind::Bytes, "The body, with secrets redacted. Null once it was pruned."))
            .open(ADMINS),
    )
    .with(time(C::OccurredAt, "When the event happened, by its own time. Null if it has none that can be read."))
    .with(time(C::ReceivedAt, "When the event was first received.").orderable_as_it_is().required())
    .with(enumerated(C::Status, &enums::EVENT_STATUS, "Status of processing.").required())
    .raw_means("`status` as this server stores it.")
    .with(text(
        C::Error,
        "Why the event failed, was ignored or is unreadable; of a pending one: why the last attempt failed. Null if it \
         was applied: see `warnings`.",
    ).open(ADMINS))
    .with(texts(
        C::Warnings,
        "Parts of the event that were not understood, were ignored as implausible, or were stored with a loss; the rest \
         was applied. At most 21 lines such as `promoter.balances.cash: text is not a number`: path, type, and reason, \
         never the value. Null, never empty, if there are none or the event is not applied.",
    ).open(ADMINS))
    .with(time(
        C::HeldSince,
        "Since when the event is held back because its own time is more than 24 hours ahead of this server's clock. It \
         is applied once the clock is within 24 hours. Null for all other events.",
    ))
    .with(small_number(C::Attempts, "Number of failed attempts to apply it.").required())
    .with(
        time(C::NextAttemptAt, "Earliest time of the next attempt to apply a pending event. Null means at once.")
            .shown_instead_of(0, "null"),
    )
    .with(time(C::AppliedAt, "When it was last applied. Null before."))
    .with(small_number(C::Deliveries, "Number of deliveries with exactly this body.").required())
    .with(time(C::LastDeliveredAt, "When it was last delivered.").required())
    // Ids sort by the time of receipt, and the tables of pairs hold them.
    .newest_first("id")
}
