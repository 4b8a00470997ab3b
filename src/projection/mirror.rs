//! The mirrored entities, one file each: registers, and readers for the payloads of both protocols.
//!
//! Readers are tolerant: a field that is missing is not set, one that is not usable is not set and warned of; only an
//! event whose own object has no usable id fails. They read objects in this order: the one that the event is about,
//! those beside it, those nested in them. The same object may be in one event twice: the first copy counts.
//!
//! `CONTRIBUTING.md` has recipes for adding a field, an entity or an event type.

use std::sync::LazyLock;

use entity::MirroredTable;

use super::{
    merge::Cell,
    payload::v2_event::{
        V2Action::{self, Created, Deleted, Updated},
        V2Event,
    },
    updates::EventUpdates,
};
use crate::json::JsonValue;

mod campaign;
mod commission;
mod contract_document;
mod lead;
mod offer;
mod payments_batch;
mod payout;
mod payout_commission;
mod payout_method;
mod profile;
pub mod promoter;
mod promotion;
mod reward;
mod spec;

pub use payout_commission::link_key;
use spec::table_spec;
pub use spec::{Register, SqlType, TableSpec, fold};

/// Reads the `data` of a v1 event; returns the id of the event's object, if it is usable.
pub type V1Reader = fn(&mut EventUpdates, &JsonValue<'_>) -> Option<i64>;
/// Reads a v2 event; returns the id of the event's object, if it is usable.
pub type V2Reader = fn(&mut EventUpdates, &V2Event<'_, '_>) -> Option<i64>;

/// The event types of webhooks v1.
pub static V1_EVENTS: &[(&str, V1Reader)] = &[
    ("fulfilment_pending", payout::v1_event),
    ("lead_becomes_referral", lead::v1_updated),
    ("lead_cancelled", lead::v1_updated),
    ("lead_signup", lead::v1_created),
    ("lead_subscribed", lead::v1_subscribed),
    ("new_customer", lead::v1_updated),
    ("promoter_accepted", promoter::v1_accepted),
    ("promoter_signed_up", promoter::v1_signed_up),
    ("promoter_signs_up", promoter::v1_signed_up),
    ("reward_created", commission::v1_event),
];

/// The event types of webhooks v2. State comes from `data`, then from `changes`, never from the type: the type only
/// says what is created and deleted.
pub static V2_EVENTS: &[(&str, V2Action, V2Reader)] = &[
    ("commission.approved", Updated, commission::v2_event),
    ("commission.created", Created, commission::v2_event),
    ("commission.deleted", Deleted, commission::v2_event),
    ("commission.denied", Updated, commission::v2_event),
    ("commission.pending", Updated, commission::v2_event),
    ("commission.updated", Updated, commission::v2_event),
    ("contract_document.signed", Updated, contract_document::v2_event),
    ("payments_batch.completed", Updated, payments_batch::v2_event),
    ("payments_batch.created", Created, payments_batch::v2_event),
    ("payments_batch.deleted", Deleted, payments_batch::v2_event),
    ("payments_batch.failed", Updated, payments_batch::v2_event),
    ("payments_batch.initiated", Updated, payments_batch::v2_event),
    ("payments_batch.processing", Updated, payments_batch::v2_event),
    ("payments_batch.updated", Updated, payments_batch::v2_event),
    ("payout.cancelled", Updated, payout::v2_event),
    ("payout.commissions.added", Created, payout_commission::v2_event),
    ("payout.commissions.created", Created, payout_commission::v2_event),
    ("payout.commissions.deleted", Deleted, payout_commission::v2_event),
    ("payout.commissions.removed", Deleted, payout_commission::v2_event),
    ("payout.commissions.updated", Updated, payout_commission::v2_event),
    ("payout.completed", Updated, payout::v2_event),
    ("payout.created", Created, payout::v2_event),
    ("payout.deleted", Deleted, payout::v2_event),
    ("payout.failed", Updated, payout::v2_event),
    ("payout.pending", Updated, payout::v2_event),
    ("payout.processing", Updated, payout::v2_event),
    ("payout.updated", Updated, payout::v2_event),
    ("payout_method.created", Created, payout_method::v2_event),
    ("payout_method.deleted", Deleted, payout_method::v2_event),
    ("payout_method.updated", Updated, payout_method::v2_event),
    ("promoter.balance.updated", Updated, promoter::v2_balance_updated),
    ("promoter.created", Created, promoter::v2_event),
    ("promoter.deleted", Deleted, promoter::v2_event),
    ("promoter.profile.updated", Updated, promoter::v2_profile_updated),
    ("promoter.updated", Updated, promoter::v2_event),
    ("promoter_campaign.accepted", Updated, promotion::v2_event),
    ("promoter_campaign.blocked", Updated, promotion::v2_event),
    ("promoter_campaign.created", Created, promotion::v2_event),
    ("promoter_campaign.deleted", Deleted, promotion::v2_event),
    ("promoter_campaign.inactive", Updated, promotion::v2_event),
    ("promoter_campaign.pending", Updated, promotion::v2_event),
    ("promoter_campaign.rejected", Updated, promotion::v2_event),
    ("promoter_campaign.updated", Updated, promotion::v2_event),
    ("referral.cancelled", Updated, lead::v2_cancelled),
    ("referral.converted", Updated, lead::v2_event),
    ("referral.created", Created, lead::v2_event),
    ("referral.deleted", Deleted, lead::v2_event),
    ("referral.moved", Updated, lead::v2_moved),
    ("referral.updated", Updated, lead::v2_event),
];

/// Calls a function that is generic over the entity: for this table's entity, with the table and its registers.
macro_rules! for_entity_of {
    ($table:expr, $function:ident) => {
        match $table {
            MirroredTable::Campaign => $function::<entity::campaign::Entity>($table, &campaign::REGISTERS),
            MirroredTable::Commission => $function::<entity::commission::Entity>($table, &commission::REGISTERS),
            MirroredTable::ContractDocument => {
                $function::<entity::contract_document::Entity>($table, &contract_document::REGISTERS)
            }
            MirroredTable::Lead => $function::<entity::lead::Entity>($table, &lead::REGISTERS),
            MirroredTable::Offer => $function::<entity::offer::Entity>($table, &offer::REGISTERS),
            MirroredTable::PaymentsBatch => {
                $function::<entity::payments_batch::Entity>($table, &payments_batch::REGISTERS)
            }
            MirroredTable::Payout => $function::<entity::payout::Entity>($table, &payout::REGISTERS),
            MirroredTable::PayoutCommission => {
                $function::<entity::payout_commission::Entity>($table, &payout_commission::REGISTERS)
            }
            MirroredTable::PayoutMethod => {
                $function::<entity::payout_method::Entity>($table, &payout_method::REGISTERS)
            }
            MirroredTable::Profile => $function::<entity::profile::Entity>($table, &profile::REGISTERS),
            MirroredTable::Promoter => $function::<entity::promoter::Entity>($table, &promoter::REGISTERS),
            MirroredTable::Promotion => $function::<entity::promotion::Entity>($table, &promotion::REGISTERS),
            MirroredTable::Reward => $function::<entity::reward::Entity>($table, &reward::REGISTERS),
        }
    };
}

/// What the projection knows about a table.
#[must_use]
pub fn spec(table: MirroredTable) -> &'static TableSpec {
    static SPECS: LazyLock<[TableSpec; MirroredTable::COUNT]> =
        LazyLock::new(|| MirroredTable::ALL.map(|table| for_entity_of!(table, table_spec)));
    &SPECS[table as usize]
}

/// Whether webhooks v1 fill such rows too.
#[must_use]
pub fn is_filled_by_v1(table: MirroredTable) -> bool {
    match table {
        MirroredTable::ContractDocument
        | MirroredTable::PaymentsBatch
        | MirroredTable::PayoutCommission
        | MirroredTable::PayoutMethod => false,
        MirroredTable::Campaign
        | MirroredTable::Commission
        | MirroredTable::Lead
        | MirroredTable::Offer
        | MirroredTable::Payout
        | MirroredTable::Profile
        | MirroredTable::Promoter
        | MirroredTable::Promotion
        | MirroredTable::Reward => true,
    }
}

/// All rows that an event's updates refer to. Every one of them gets at least a stub, also if the reference loses
/// against a later one: foreign keys hold, and no event waits for another.
pub fn references(updates: &EventUpdates) -> impl Iterator<Item = (MirroredTable, i64)> {
    let from_cells = updates.rows().iter().flat_map(|row| {
        let registers = &spec(row.table).registers;
        row.fields.cells.iter().filter_map(move |(register, cell)| {
            let refers_to = registers.get(usize::from(*register))?.refers_to?;
            if let Cell::Int(id) = cell { Some((refers_to, *id)) } else { None }
        })
    });
    from_cells.chain(updates.references().iter().copied())
}

#[cfg(test)]
mod tests;
