use entity::{webhook_event, webhook_event::Column as C};
use sea_orm::IdenStatic as _;

use super::{Unjudged, enumerated, enums, small_number, text, texts, time};
use crate::read::model::{EntityField, EntityType, FieldKind};

/// Bodies hold everything that FirstPromoter sends.
const ADMINS: &str = "admins alone see the type";

pub fn declared() -> EntityType {
    EntityType::new::<webhook_event::Entity>(
        "WebhookEvent",
        ("webhookEvent", "webhookEvents"),
        C::Id,
        "A webhook event as it was received, and what became of it. For admins.",
    )
    .text_key()
    .not_mirrored()
    .admin_only()
    .with(text(C::Protocol, "`v1`, `v2`, or `unknown`.").open(ADMINS).required())
    .with(text(C::EventType, "The sender's event type; empty if there was none.").open(ADMINS).required())
    .with(text(C::EventId, "The sender's event id; empty if there was none.").open(ADMINS).required())
    .with(text(C::BodyHash, "SHA-256 of the bytes as received, in hexadecimal.").open(ADMINS).required())
    .with(
        Unjudged(EntityField::new(C::Body.as_str(), FieldKind::Bytes, "The body, with secrets redacted; null after a prune."))
            .open(ADMINS),
    )
    .with(time(C::OccurredAt, "When it happened, as the sender says; null if the sender says no time that is understood."))
    .with(time(C::ReceivedAt, "When it was received.").orderable_as_it_is().required())
    .with(enumerated(C::Status, &enums::EVENT_STATUS, "What became of it.").required())
    .raw_means("`status` as this server stores it.")
    .with(text(
        C::Error,
        "Why it failed, was ignored or could not be read; while it is pending, why it was not applied before. Null if \
         it was applied: see `warnings`.",
    ).open(ADMINS))
    .with(texts(
        C::Warnings,
        "What it told that was not understood, not believed, or kept with a loss, at most 21 lines such as \
         `promoter.balances.cash: text is not a number`: the place, what stands there, and what is wrong with it; never \
         the value. The rest was applied. Null, never empty, if there is nothing to warn of or it is not applied.",
    ).open(ADMINS))
    .with(time(
        C::HeldSince,
        "While it is pending because its own time is more than 24 hours ahead of this server's clock: since when. It is \
         applied as soon as the clock has come near. Null for all others.",
    ))
    .with(small_number(C::Attempts, "How often applying it failed.").required())
    .with(
        time(C::NextAttemptAt, "While it is pending: not before when it is tried again; null means at once.")
            .shown_instead_of(0, "null"),
    )
    .with(time(C::AppliedAt, "When it was applied last."))
    .with(small_number(C::Deliveries, "How often the very same body was delivered.").required())
    .with(time(C::LastDeliveredAt, "When it was last delivered.").required())
    // Ids sort by the time of receipt, and the tables of pairs hold them.
    .newest_first("id")
}
