//! The catalogue: every type that the API reads, declared once.
//!
//! The schema's types, filters and orders, the SQL statements and the visibility follow from these declarations. A type's
//! fields are declared in the file with its name: those of `Lead` in `lead.rs`.

use std::sync::LazyLock;

use crate::read::model::Catalog;

mod balance;
mod campaign;
mod commission;
mod contract_document;
mod enums;
mod fields;
mod lead;
mod offer;
mod payments_batch;
mod payout;
mod payout_method;
mod profile;
mod promoter;
mod promotion;
mod reward;
mod webhook_event;

/// The catalogue.
pub static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::new([
        promoter::declared(),
        profile::declared(),
        balance::declared(),
        campaign::declared(),
        promotion::declared(),
        offer::declared(),
        reward::declared(),
        lead::declared(),
        commission::declared(),
        payout::declared(),
        payout_method::declared(),
        payments_batch::declared(),
        contract_document::declared(),
        webhook_event::declared(),
    ])
});
