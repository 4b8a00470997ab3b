use entity::{payments_batch, payments_batch::Column as C};

use super::{
    enums,
    fields::{PROVIDER, decimal, enumerated, flag, mirrored, number, text, time},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let batch = EntityType::new::<payments_batch::Entity>(
        "PaymentsBatch",
        ("paymentsBatch", "paymentsBatches"),
        C::Id,
        "A payments batch: payouts of several promoters that are paid together. Promoters see none.",
    )
    .first_promoter_id("FirstPromoter's id of the batch.")
    .with(enumerated(C::Status, &enums::PAYMENTS_BATCH_STATUS, "Progress of the batch."))
    .with(
        decimal(C::Total, "Sum of the batch as FirstPromoter sends it; by its documentation in minor units (cents).")
            .orderable(),
    )
    .with(number(C::PromotersCount, "Number of promoters who are paid."))
    .with(
        text(C::ExtReference, "Reference of the batch at the payment provider.")
            .open("of the whole batch, no promoter's"),
    )
    .with(text(C::ExtId, "Id of the batch at the payment provider.").open("of the whole batch, no promoter's"))
    .with(time(C::CreatedAt, "When it was created."))
    .with(time(C::ScheduledAt, "When it is scheduled to be paid."))
    .with(time(C::ProcessingStartedAt, "When the payment started."))
    .with(time(C::CompletedAt, "When all of it was paid. Null before.").orderable())
    .with(flag(C::IsPayable, "Whether it can be paid at present."))
    .with(flag(C::IsRetriable, "Whether the payment can be retried after a failure."))
    .with(text(C::Error, "Why the payment failed. Null if it did not.").staff_contact(PROVIDER))
    .to_many("payouts", payments_batch::Relation::Payouts, "The payouts in the batch.")
    .newest_first("id")
    .own_rows(OwnRows::None);
    mirrored(batch, C::DeletedAt, C::UpdatedAt)
}
