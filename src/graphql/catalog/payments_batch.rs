use entity::{payments_batch, payments_batch::Column as C};

use super::{PROVIDER, decimal, enumerated, enums, flag, mirrored, number, text, time};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let batch = EntityType::new::<payments_batch::Entity>(
        "PaymentsBatch",
        ("paymentsBatch", "paymentsBatches"),
        C::Id,
        "A payments batch: payouts of several promoters that are paid in one go. For staff: promoters see none.",
    )
    .first_promoter_id("FirstPromoter's id of the batch.")
    .with(enumerated(C::Status, &enums::PAYMENTS_BATCH_STATUS, "How far it is."))
    .with(decimal(C::Total, "The sum, as FirstPromoter writes it: in minor units by its documentation.").orderable())
    .with(number(C::PromotersCount, "How many promoters are paid."))
    .with(text(C::ExtReference, "Its reference at the payment provider.").open("of the whole batch, no promoter's"))
    .with(text(C::ExtId, "Its id at the payment provider.").open("of the whole batch, no promoter's"))
    .with(time(C::CreatedAt, "When it was created."))
    .with(time(C::ScheduledAt, "When it is to be paid."))
    .with(time(C::ProcessingStartedAt, "When paying began."))
    .with(time(C::CompletedAt, "When everything was paid.").orderable())
    .with(flag(C::IsPayable, "Whether it can be paid now."))
    .with(flag(C::IsRetriable, "Whether paying can be tried again after a failure."))
    .with(text(C::Error, "Why it failed.").staff_contact(PROVIDER))
    .to_many("payouts", payments_batch::Relation::Payouts, "The payouts that are paid by it.")
    .newest_first("id")
    .own_rows(OwnRows::None);
    mirrored(batch, C::DeletedAt, C::UpdatedAt)
}
