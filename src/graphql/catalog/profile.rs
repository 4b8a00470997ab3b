use entity::{profile, profile::Column as C};

use super::fields::{json, mirrored, number, text};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let profile = EntityType::new::<profile::Entity>(
        "Profile",
        ("profile", "profiles"),
        C::PromoterId,
        "A promoter's profile: contact and company data. A promoter has one at most.",
    )
    .with(number(C::ProfileId, "FirstPromoter's id of the profile.").named("firstPromoterId"))
    .with(text(C::FirstName, "First name.").contact("a name").searchable().orderable())
    .with(text(C::LastName, "Last name.").contact("a name").searchable().orderable())
    .with(text(C::Website, "Website.").contact("the promoter's own page"))
    .with(text(C::CompanyName, "Name of the company.").contact("a name").searchable().orderable())
    .with(text(C::CompanyNumber, "Registration number of the company.").contact("finds a company, often of one person"))
    .with(text(C::PhoneNumber, "Telephone number.").contact("a telephone number"))
    .with(text(C::Address, "Postal address.").contact("an address"))
    .with(text(C::VatId, "VAT identification number.").contact("finds a company, often of one person"))
    .with(text(C::Country, "Country code of two letters.").open("a country alone finds nobody"))
    .with(
        text(
            C::PaypalEmail,
            "E-mail address of the PayPal account for payouts. Masked for viewers without the right to contact data.",
        )
        .contact_email("an e-mail address"),
    )
    .with(text(C::AvatarUrl, "URL of the profile picture.").contact("a picture, and often an id, of the person"))
    .with(text(C::Description, "The promoter's description of itself.").contact("the promoter's own words"))
    .with(
        json(C::SocialAccounts, "Social accounts, as an object from platform to `{ url }`.")
            .contact("the promoter's own pages"),
    )
    .to_one("promoter", profile::Relation::Promoter, "The promoter who has the profile.")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(profile, C::DeletedAt, C::UpdatedAt)
}
