//! The registers of payouts and of what belongs to them, and of contracts.

use super::{flag, int, reference, text};
use crate::projection::tables::{Spec, Table};

/// What is owed to a promoter.
pub static PAYOUT: Spec = Spec {
    table: Table::Payout,
    name: "payout",
    key: "id",
    columns: &[
        int("deleted_at"),
        text("status"),
        int("amount"),
        text("unit"),
        int("paid_at"),
        int("due_date"),
        flag("has_issues"),
        int("created_at"),
        reference("promoter_id", Table::Promoter),
        reference("campaign_id", Table::Campaign),
        reference("reward_id", Table::Reward),
        reference("payments_batch_id", Table::PaymentsBatch),
        reference("payout_method_id", Table::PayoutMethod),
        int("period_start"),
        int("period_end"),
        int("tax_rate"),
        int("total_incl_tax"),
        int("processing_started_at"),
        int("failed_at"),
        text("error"),
    ],
};

/// Where a promoter wants to be paid.
pub static PAYOUT_METHOD: Spec = Spec {
    table: Table::PayoutMethod,
    name: "payout_method",
    key: "id",
    columns: &[
        int("deleted_at"),
        reference("promoter_id", Table::Promoter),
        text("method"),
        int("added_at"),
        flag("is_disabled"),
        flag("is_selected"),
        text("details"),
    ],
};

/// Payouts that are paid in one go.
pub static PAYMENTS_BATCH: Spec = Spec {
    table: Table::PaymentsBatch,
    name: "payments_batch",
    key: "id",
    columns: &[
        int("deleted_at"),
        text("status"),
        text("ext_reference"),
        text("ext_id"),
        int("scheduled_at"),
        int("processing_started_at"),
        int("completed_at"),
        int("created_at"),
        int("total"),
        int("promoters_count"),
        flag("is_payable"),
        flag("is_retriable"),
        text("error"),
    ],
};

/// Which commissions a payout pays.
pub static PAYOUT_COMMISSION: Spec = Spec {
    table: Table::PayoutCommission,
    name: "payout_commission",
    key: "id",
    columns: &[int("deleted_at"), reference("payout_id", Table::Payout), reference("commission_id", Table::Commission)],
};

/// What a promoter signed or is to sign.
pub static CONTRACT_DOCUMENT: Spec = Spec {
    table: Table::ContractDocument,
    name: "contract_document",
    key: "id",
    columns: &[
        int("deleted_at"),
        reference("promoter_id", Table::Promoter),
        text("status"),
        int("contract_id"),
        text("contract_name"),
        text("contract_version"),
        int("signed_at"),
        int("created_at"),
    ],
};
