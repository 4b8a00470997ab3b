//! The registers of every mirrored table, in the order that stored rows rely on.

use super::{Column, Spec, SqlType, Table};

mod payouts;

pub use payouts::{CONTRACT_DOCUMENT, PAYMENTS_BATCH, PAYOUT, PAYOUT_COMMISSION, PAYOUT_METHOD};

const fn column(name: &'static str, kind: SqlType) -> Column {
    Column { name, kind, folded: None, refers_to: None }
}

const fn int(name: &'static str) -> Column {
    column(name, SqlType::Int)
}

const fn text(name: &'static str) -> Column {
    column(name, SqlType::Text)
}

const fn flag(name: &'static str) -> Column {
    column(name, SqlType::Bool)
}

const fn folded(name: &'static str, folded: &'static str) -> Column {
    Column { folded: Some(folded), ..text(name) }
}

const fn reference(name: &'static str, table: Table) -> Column {
    Column { refers_to: Some(table), ..int(name) }
}

/// What a referred customer gets.
pub static OFFER: Spec = Spec {
    table: Table::Offer,
    name: "offer",
    key: "id",
    columns: &[
        int("deleted_at"),
        folded("name", "name_folded"),
        int("amount"),
        text("unit"),
        text("default_promo_code"),
    ],
};

/// The rule by which promoters earn.
pub static REWARD: Spec = Spec {
    table: Table::Reward,
    name: "reward",
    key: "id",
    columns: &[
        int("deleted_at"),
        folded("name", "name_folded"),
        text("reward_type"),
        text("unit"),
        int("amount"),
        int("per_of_sale"),
        text("default_promo_code"),
    ],
};

/// A variant of the programme.
pub static CAMPAIGN: Spec = Spec {
    table: Table::Campaign,
    name: "campaign",
    key: "id",
    columns: &[
        int("deleted_at"),
        folded("name", "name_folded"),
        text("landing_url"),
        text("description"),
        flag("private"),
        text("color"),
        flag("auto_approve_rewards"),
        flag("auto_approve_promoters"),
        reference("offer_id", Table::Offer),
        reference("referral_reward_id", Table::Reward),
        reference("promotion_reward_id", Table::Reward),
        reference("target_reward_id", Table::Reward),
    ],
};

/// An enrolment of a promoter in a campaign.
pub static PROMOTION: Spec = Spec {
    table: Table::Promotion,
    name: "promotion",
    key: "id",
    columns: &[
        int("deleted_at"),
        reference("promoter_id", Table::Promoter),
        reference("campaign_id", Table::Campaign),
        text("status"),
        text("state"),
        folded("ref_id", "ref_id_folded"),
        text("promo_code"),
        text("customer_promo_code"),
        int("target_reached_at"),
        text("referral_link"),
        flag("hidden"),
        int("visitors_count"),
        int("leads_count"),
        int("customers_count"),
        int("active_customers_count"),
        int("sales_count"),
        int("refunds_count"),
        int("cancellations_count"),
        int("sales_total"),
        int("refunds_total"),
        reference("current_offer_id", Table::Offer),
        reference("current_referral_reward_id", Table::Reward),
        reference("current_promotion_reward_id", Table::Reward),
        reference("current_target_reward_id", Table::Reward),
        int("created_at"),
        text("direct_url"),
    ],
};

/// An affiliate.
pub static PROMOTER: Spec = Spec {
    table: Table::Promoter,
    name: "promoter",
    key: "id",
    columns: &[
        int("deleted_at"),
        text("status"),
        folded("email", "email_folded"),
        text("cust_id"),
        text("pref"),
        text("default_ref_id"),
        text("note"),
        text("w8_form_url"),
        text("w9_form_url"),
        int("joined_at"),
        reference("parent_promoter_id", Table::Promoter),
        reference("default_promotion_id", Table::Promotion),
        text("earned_balance"),
        text("current_balance"),
        text("paid_balance"),
        text("pending_balance"),
        text("name"),
        int("archived_at"),
        int("last_login_at"),
        text("custom_fields"),
    ],
};

/// A promoter's contact and company data.
pub static PROFILE: Spec = Spec {
    table: Table::Profile,
    name: "profile",
    key: "promoter_id",
    columns: &[
        int("deleted_at"),
        int("profile_id"),
        folded("first_name", "first_name_folded"),
        folded("last_name", "last_name_folded"),
        text("website"),
        folded("company_name", "company_name_folded"),
        text("phone_number"),
        text("address"),
        text("vat_id"),
        text("country"),
        text("paypal_email"),
        text("avatar_url"),
        text("description"),
        text("social_accounts"),
        text("company_number"),
    ],
};

/// A referred person.
pub static LEAD: Spec = Spec {
    table: Table::Lead,
    name: "lead",
    key: "id",
    columns: &[
        int("deleted_at"),
        reference("promoter_id", Table::Promoter),
        reference("promotion_id", Table::Promotion),
        text("state"),
        folded("email", "email_folded"),
        text("uid"),
        text("username"),
        text("website"),
        text("first_name"),
        text("last_name"),
        int("customer_since"),
        int("cancelled_at"),
        text("plan_name"),
        text("suspicion"),
        int("created_at"),
        reference("split_promotion_id", Table::Promotion),
        int("split_percentage_value"),
        text("custom_fields"),
        text("visitor_sub_id"),
        text("entry_source"),
        text("comment"),
        text("metadata"),
        flag("is_expired"),
    ],
};

/// What one sale earned one promoter.
pub static COMMISSION: Spec = Spec {
    table: Table::Commission,
    name: "commission",
    key: "id",
    columns: &[
        int("deleted_at"),
        text("status"),
        int("amount"),
        text("unit"),
        int("sale_amount"),
        text("sale_event_id"),
        int("tier"),
        text("split_type"),
        int("created_at"),
        reference("lead_id", Table::Lead),
        reference("promoter_id", Table::Promoter),
        reference("promotion_id", Table::Promotion),
        reference("reward_id", Table::Reward),
        text("commission_type"),
        int("original_sale_amount"),
        text("original_sale_currency"),
        text("plan_id"),
        flag("is_paid"),
        flag("is_split"),
        flag("is_self_referral"),
        text("suspicion"),
        text("internal_note"),
        text("external_note"),
        int("status_updated_at"),
    ],
};

#[cfg(test)]
mod tests;
