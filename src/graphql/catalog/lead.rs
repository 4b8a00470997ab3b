use entity::{lead, lead::Column as C, webhook_event};

use super::{FRAUD, decimal, enumerated, enums, flag, json, mirrored, text, time};
use crate::read::model::{EntityType, OwnRows, Owner, Visibility};

pub fn declared() -> EntityType {
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
            .contact_email("an e-mail address")
            .searchable()
            .orderable(),
    )
    .with(
        text(C::Uid, "Your own id of the user or billing customer.")
            .contact("finds the person in the company's application"),
    )
    .with(text(C::Username, "User name.").contact("a name"))
    .with(text(C::Website, "Website.").contact("the lead's own page"))
    .with(text(C::FirstName, "First name.").contact("a name"))
    .with(text(C::LastName, "Last name.").contact("a name"))
    .with(time(C::CustomerSince, "When the first payment came; null before.").orderable())
    .with(time(C::CancelledAt, "When the lead cancelled.").orderable())
    .with(text(C::PlanName, "Name of the plan that was bought.").open("the company's product"))
    .with(enumerated(C::Suspicion, &enums::SUSPICION, "What the fraud check found.").seen_by(Visibility::Staff, FRAUD))
    .with(time(C::CreatedAt, "When the lead was created.").orderable())
    .with(decimal(C::SplitPercentageValue, "Percentage of the commissions that goes to the split promotion."))
    .with(
        json(C::CustomFields, "Fields that the account defined, as an object.")
            .contact("anything that the account asks for"),
    )
    .with(
        json(C::Metadata, "What was sent along when the lead was created, as an object.")
            .contact("anything that the account sends along"),
    )
    .with(text(C::Comment, "Comment on the lead.").contact("free text on a person"))
    .with(enumerated(C::EntrySource, &enums::ENTRY_SOURCE, "How the lead came into the programme."))
    .with(flag(C::IsExpired, "Whether its sales earn nothing any more."))
    .with(
        text(C::VisitorSubId, "Sub id of the click that brought the lead.")
            .contact("whatever stood in the link: promoters write names and addresses there"),
    )
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
