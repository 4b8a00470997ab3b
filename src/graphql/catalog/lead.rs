use entity::{lead, lead::Column as C, webhook_event};

use super::{decimal, enumerated, enums, flag, json, mirrored, text, time};
use crate::read::{
    model::{EntityType, Field, Visibility},
    scope::{OwnRows, Owner},
};

pub fn declared() -> EntityType {
    let contact = |field: Field| field.seen_by(Visibility::Contact);
    let lead = EntityType::new::<lead::Entity>(
        "Lead",
        ("lead", "leads"),
        C::Id,
        "A lead: a referred person, from signing up through being a customer to leaving.",
    )
    .first_promoter_id("FirstPromoter's id of the lead.")
    .with(enumerated(C::State, &enums::LEAD_STATE, "Where the lead is between signing up and leaving."))
    .with(
        text(C::Email, "E-mail address. Without the right to contact data it is masked: `j***@example.com`.")
            .searchable()
            .orderable()
            .seen_by(Visibility::ContactEmail),
    )
    .with(contact(text(C::Uid, "Your own id of the user or billing customer.")))
    .with(contact(text(C::Username, "User name.")))
    .with(contact(text(C::Website, "Website.")))
    .with(contact(text(C::FirstName, "First name.")))
    .with(contact(text(C::LastName, "Last name.")))
    .with(time(C::CustomerSince, "When the first payment came; null before.").orderable())
    .with(time(C::CancelledAt, "When the lead cancelled.").orderable())
    .with(text(C::PlanName, "Name of the plan that was bought."))
    .with(enumerated(C::Suspicion, &enums::SUSPICION, "What the fraud check found.").seen_by(Visibility::Staff))
    .with(time(C::CreatedAt, "When the lead was created.").orderable())
    .with(decimal(C::SplitPercentageValue, "Percentage of the commissions that goes to the split promotion."))
    .with(contact(json(C::CustomFields, "Fields that the account defined, as an object.")))
    .with(contact(json(C::Metadata, "What was sent along when the lead was created, as an object.")))
    .with(contact(text(C::Comment, "Comment on the lead.")))
    .with(enumerated(C::EntrySource, &enums::ENTRY_SOURCE, "How the lead came into the programme."))
    .with(flag(C::IsExpired, "Whether its sales earn nothing any more."))
    .with(text(C::VisitorSubId, "Sub id of the click that brought the lead."))
    .to_one("promoter", lead::Relation::Promoter, "Who referred the lead.")
    .to_one("promotion", lead::Relation::Promotion, "The enrolment through which the lead came.")
    .to_one("splitPromotion", lead::Relation::SplitPromotion, "The second enrolment that shares the commissions.")
    .to_many("commissions", lead::Relation::Commissions, "What the lead's sales earned.")
    .through::<lead::Entity, webhook_event::Entity>(
        "events",
        "The webhook events that told something of the lead. For admins.",
    )
    .natural_key(C::Email)
    .natural_key(C::Uid)
    .newest_first("createdAt")
    // As a list of ids, so that indexes find them: an `or` over two columns would read the whole table.
    .own_rows(OwnRows::Where(
        "{t}.id in (select own.id from lead own where own.promoter_id = {v} union all select own.id from promotion \
         part join lead own on own.split_promotion_id = part.id where part.promoter_id = {v})",
    ))
    .owned_by(Owner::OfContactData("{t}.promoter_id = {v}"));
    mirrored(lead, C::DeletedAt, C::UpdatedAt)
}
