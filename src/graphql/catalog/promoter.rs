use entity::{promoter, promoter::Column as C, webhook_event};

use super::{
    enums,
    fields::{NAMED, NOTE, enumerated, json, mirrored, text, time},
};
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
        "Whether the promoter takes part in the programme. Webhooks v2 have no status of promoters: see `promotions { state }`.",
    ))
    .with(
        text(C::Email, "E-mail address. Masked for viewers without the right to contact data: `j***@example.com`.")
            .contact_email("an e-mail address")
            .searchable()
            .orderable(),
    )
    .with(text(C::Name, "Full name.").contact("a name"))
    .with(
        text(C::CustId, "Id of the promoter in your own system (`cust_id`).")
            .contact("finds the person in the company's application"),
    )
    .with(
        text(C::Pref, "FirstPromoter's `pref` of the promoter, an opaque text.")
            .contact("a referral id in some of FirstPromoter's answers, a token in others"),
    )
    .with(text(C::DefaultRefId, "Referral id in the promoter's default link.").contact(NAMED))
    .with(text(C::Note, "Internal note of the programme's staff.").staff_contact(NOTE))
    .with(text(C::W8FormUrl, "URL of the uploaded W-8 tax form. Null if there is none.").contact("leads to a tax form"))
    .with(text(C::W9FormUrl, "URL of the uploaded W-9 tax form. Null if there is none.").contact("leads to a tax form"))
    .with(time(C::JoinedAt, "When the promoter joined the programme.").orderable())
    .with(time(C::LastLoginAt, "When the promoter last logged in to FirstPromoter's dashboard."))
    .with(time(C::ArchivedAt, "When the promoter was archived: blocked in all campaigns, without access to the dashboard. Null if not archived."))
    .with(
        json(C::CustomFields, "Custom fields of the account, as an object.")
            .contact("anything that the account asks for"),
    )
    .to_one(
        "parent",
        promoter::Relation::ParentPromoter,
        "The promoter who recruited this one. A promoter sees only its id.",
    )
    .linked()
    .to_many(
        "children",
        promoter::Relation::Children,
        "The promoters whom this one recruited. A promoter sees only their ids, without deleted ones.",
    )
    .linked()
    .to_one("defaultPromotion", promoter::Relation::DefaultPromotion, "The promotion with the default link.")
    .to_one_without_id("profile", promoter::Relation::Profile, "Contact and company data.")
    .to_many("balances", promoter::Relation::Balances, "Earned, current, paid and pending amounts, by unit.")
    .to_many("promotions", promoter::Relation::Promotions, "The promoter's enrolments in campaigns.")
    .to_many("leads", promoter::Relation::Leads, "The leads that the promoter referred.")
    .to_many("commissions", promoter::Relation::Commissions, "The promoter's commissions.")
    .to_many("payouts", promoter::Relation::Payouts, "The promoter's payouts.")
    .to_many("payoutMethods", promoter::Relation::PayoutMethods, "The promoter's payout methods.")
    .to_many(
        "contractDocuments",
        promoter::Relation::ContractDocuments,
        "The contracts that the promoter has signed or still has to sign.",
    )
    .through::<promoter::Entity, webhook_event::Entity>(
        "events",
        "The webhook events that mention the promoter. For admins.",
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
