use entity::{promoter, promoter::Column as C, webhook_event};

use super::{NAMED, NOTE, enumerated, enums, json, mirrored, text, time};
use crate::read::model::{EntityType, OwnRows, Owner};

pub fn declared() -> EntityType {
    let promoter = EntityType::new::<promoter::Entity>(
        "Promoter",
        ("promoter", "promoters"),
        C::Id,
        "A promoter (affiliate): a person or company that refers customers and earns commissions.",
    )
    .first_promoter_id("FirstPromoter's id of the promoter.")
    .with(enumerated(
        C::Status,
        &enums::PROMOTER_STATUS,
        "Whether the promoter takes part in the programme. Webhooks v2 tell no status: see `promotions { state }`.",
    ))
    .with(
        text(C::Email, "E-mail address. Without the right to contact data it is masked: `j***@example.com`.")
            .contact_email("an e-mail address")
            .searchable()
            .orderable(),
    )
    .with(text(C::Name, "Full name.").contact("a name"))
    .with(
        text(C::CustId, "The promoter's id in your own system.")
            .contact("finds the person in the company's application"),
    )
    .with(
        text(C::Pref, "FirstPromoter's preference token of the promoter, an opaque text.")
            .contact("a referral id in some of FirstPromoter's answers, a token in others"),
    )
    .with(text(C::DefaultRefId, "The referral id that the promoter's default link carries.").contact(NAMED))
    .with(text(C::Note, "Note of the programme's staff on the promoter.").staff_contact(NOTE))
    .with(text(C::W8FormUrl, "URL of the W-8 tax form, if one was uploaded.").contact("leads to a tax form"))
    .with(text(C::W9FormUrl, "URL of the W-9 tax form, if one was uploaded.").contact("leads to a tax form"))
    .with(time(C::JoinedAt, "When the promoter joined the programme.").orderable())
    .with(time(C::LastLoginAt, "When the promoter last logged in to FirstPromoter's dashboard."))
    .with(time(C::ArchivedAt, "When the promoter was archived: blocked everywhere, without access to the dashboard."))
    .with(
        json(C::CustomFields, "Fields that the account defined, as an object.")
            .contact("anything that the account asks for"),
    )
    .to_one(
        "parent",
        promoter::Relation::ParentPromoter,
        "The promoter who recruited this one. A promoter sees its id only.",
    )
    .linked()
    .to_many(
        "children",
        promoter::Relation::Children,
        "The promoters whom this one recruited. A promoter sees their ids only, and none that was deleted.",
    )
    .linked()
    .to_one("defaultPromotion", promoter::Relation::DefaultPromotion, "The promotion whose link is used by default.")
    .to_one_without_id("profile", promoter::Relation::Profile, "Contact and company data.")
    .to_many("balances", promoter::Relation::Balances, "What was earned, is due and was paid, by unit.")
    .to_many("promotions", promoter::Relation::Promotions, "The promoter's enrolments in campaigns.")
    .to_many("leads", promoter::Relation::Leads, "The people whom the promoter referred.")
    .to_many("commissions", promoter::Relation::Commissions, "What the promoter earned, sale by sale.")
    .to_many("payouts", promoter::Relation::Payouts, "What the promoter was or will be paid.")
    .to_many("payoutMethods", promoter::Relation::PayoutMethods, "Where the promoter wants to be paid.")
    .to_many(
        "contractDocuments",
        promoter::Relation::ContractDocuments,
        "The contracts that the promoter signed or is to sign.",
    )
    .through::<promoter::Entity, webhook_event::Entity>(
        "events",
        "The webhook events that told something of the promoter. For admins.",
    )
    .natural_key(C::Email)
    .natural_key(C::CustId)
    .newest_first("joinedAt")
    .own_rows(OwnRows::Where("{t}.id = {v}"))
    .linked_rows(OwnRows::Where(
        "{t}.id in (select {v} union all select child.id from promoter child where child.parent_promoter_id = {v} \
         and child.deleted_at is null union all select me.parent_promoter_id from promoter me where me.id = {v})",
    ))
    .owned_by(Owner::OfRow("{t}.id = {v}"));
    mirrored(promoter, C::DeletedAt, C::UpdatedAt)
}
