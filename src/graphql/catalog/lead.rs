use entity::{lead, lead::Column as C, webhook_event};

use super::{
    enums,
    fields::{FRAUD, decimal, enumerated, flag_of, json, mirrored, text, time},
};
use crate::read::model::{EntityType, OwnRows, Owner, Visibility};

pub fn declared() -> EntityType {
    let lead = EntityType::new::<lead::Entity>(
        "Lead",
        ("lead", "leads"),
        C::Id,
        "A lead: a referred person, from the first sign-up to the end of the subscription.",
    )
    .first_promoter_id("FirstPromoter's id of the lead.")
    .with(enumerated(C::State, &enums::LEAD_STATE, "State of the lead, from sign-up to cancellation."))
    .with(
        text(C::Email, "E-mail address. Masked for viewers without the right to contact data: `j***@example.com`.")
            .contact_email("an e-mail address")
            .searchable()
            .orderable(),
    )
    .with(
        text(C::Uid, "Id of the user or customer in your own system.")
            .contact("finds the person in the company's application"),
    )
    .with(text(C::Username, "User name.").contact("a name"))
    .with(text(C::Website, "Website.").contact("the lead's own page"))
    .with(text(C::FirstName, "First name.").contact("a name"))
    .with(text(C::LastName, "Last name.").contact("a name"))
    .with(time(C::CustomerSince, "When the lead made the first payment. Null before.").orderable())
    .with(time(C::CancelledAt, "When the lead cancelled. Null before.").orderable())
    .with(
        text(C::PlanName, "Name of the purchased plan. As FirstPromoter documents them, only webhooks v1 tell it.")
            .open("the company's product"),
    )
    .with(
        enumerated(C::Suspicion, &enums::SUSPICION, "Result of FirstPromoter's fraud check.")
            .seen_by(Visibility::Staff, FRAUD),
    )
    .with(time(C::CreatedAt, "When the lead was created.").orderable())
    .with(decimal(C::SplitPercentageValue, "Percentage of the commissions that `splitPromotion` gets."))
    .with(
        json(C::CustomFields, "Custom fields of the account, as an object.")
            .contact("anything that the account asks for"),
    )
    .with(
        json(C::Metadata, "Metadata that was sent when the lead was created, as an object.")
            .contact("anything that the account sends along"),
    )
    .with(text(C::Comment, "Comment on the lead.").contact("free text on a person"))
    .with(enumerated(C::EntrySource, &enums::ENTRY_SOURCE, "How the lead was registered. Only webhooks v2 tell it."))
    .with(flag_of("v2", C::IsExpired, "Whether the lead is expired: its sales earn no more commissions."))
    .with(
        text(C::VisitorSubId, "Sub id of the referral click. Only webhooks v1 tell it.")
            .contact("whatever stood in the link: promoters write names and addresses there"),
    )
    .to_one("promoter", lead::Relation::Promoter, "The promoter who referred the lead.")
    .to_one("promotion", lead::Relation::Promotion, "The promotion through which the lead came.")
    .to_one(
        "splitPromotion",
        lead::Relation::SplitPromotion,
        "A second promotion that gets a share of the commissions.",
    )
    .to_many("commissions", lead::Relation::Commissions, "The commissions for the lead's sales.")
    .through::<lead::Entity, webhook_event::Entity>("events", "The webhook events that mention the lead. For admins.")
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
