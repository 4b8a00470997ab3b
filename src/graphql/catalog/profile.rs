use entity::{profile, profile::Column as C};

use super::{json, mirrored, number, text};
use crate::read::{
    model::{EntityType, Field, Visibility},
    scope::OwnRows,
};

pub fn declared() -> EntityType {
    let contact = |field: Field| field.seen_by(Visibility::Contact);
    let profile = EntityType::new::<profile::Entity>(
        "Profile",
        ("profile", "profiles"),
        C::PromoterId,
        "A promoter's profile: contact and company data. Each promoter has one.",
    )
    .with(number(C::ProfileId, "FirstPromoter's id of the profile.").named("firstPromoterId"))
    .with(contact(text(C::FirstName, "First name.").searchable().orderable()))
    .with(contact(text(C::LastName, "Last name.").searchable().orderable()))
    .with(contact(text(C::Website, "Website.")))
    .with(contact(text(C::CompanyName, "Name of the company.").searchable().orderable()))
    .with(contact(text(C::CompanyNumber, "Registration number of the company.")))
    .with(contact(text(C::PhoneNumber, "Telephone number.")))
    .with(contact(text(C::Address, "Postal address.")))
    .with(contact(text(C::VatId, "VAT identification number.")))
    .with(text(C::Country, "Country, two letters."))
    .with(contact(text(C::PaypalEmail, "The PayPal account that payouts go to.")).seen_by(Visibility::ContactEmail))
    .with(contact(text(C::AvatarUrl, "URL of the picture.")))
    .with(contact(text(C::Description, "What the promoter says about itself.")))
    .with(contact(json(C::SocialAccounts, "Social accounts: an object from platform to `{ url }`.")))
    .to_one("promoter", profile::Relation::Promoter, "Whose profile it is.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(profile, C::DeletedAt, C::UpdatedAt)
}
