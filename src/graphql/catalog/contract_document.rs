use entity::{contract_document, contract_document::Column as C};

use super::{
    enums,
    fields::{PROGRAMME, enumerated, mirrored, number, text, time},
};
use crate::read::model::{EntityType, OwnRows};

pub fn declared() -> EntityType {
    let document = EntityType::new::<contract_document::Entity>(
        "ContractDocument",
        ("contractDocument", "contractDocuments"),
        C::Id,
        "A contract document: a contract that a promoter has signed or still has to sign.",
    )
    .first_promoter_id("FirstPromoter's id of the document.")
    .with(enumerated(C::Status, &enums::CONTRACT_DOCUMENT_STATUS, "Whether the document is signed."))
    .with(number(C::ContractId, "FirstPromoter's id of the contract of which this is a copy."))
    .with(text(C::ContractName, "Name of the contract.").open(PROGRAMME))
    .with(text(C::ContractVersion, "Version of the contract.").open(PROGRAMME))
    .with(time(C::SignedAt, "When it was signed. Null before.").orderable())
    .with(time(C::CreatedAt, "When it was created.").orderable())
    .to_one("promoter", contract_document::Relation::Promoter, "The promoter who signs it.")
    .newest_first("createdAt")
    .own_rows(OwnRows::Where("{t}.promoter_id = {v}"));
    mirrored(document, C::DeletedAt, C::UpdatedAt)
}
