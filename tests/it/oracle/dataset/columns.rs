//! The values of the columns of the mirrored tables.

/// The values of a column.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Text with a lower-cased copy beside it.
    Searched(&'static [&'static str]),
    /// Text.
    Text(&'static [&'static str]),
    /// Whole numbers; in decimal columns they mean 1/10,000.
    Number(&'static [i64]),
    Time,
    Flag,
    /// The key of a row of another table.
    Ref(&'static str),
}

use Shape::{Flag, Number, Ref, Searched, Text, Time};

const NAMES: &[&str] =
    &["Alpha", "alpha", "Ärger", "ärger", "Zeta \"z\"", "line\nbreak", "ＷＩＤＥ", "", "a\\b", "😀 smile"];
const EMAILS: &[&str] = &[
    "jane@example.com",
    "Jane@Example.com",
    "JÖRG@exämple.de",
    "no-at-sign",
    "@nobody.org",
    "two@at@signs.org",
    "é@x.org",
    "a\"quote@x.org",
    "zoe@example.com",
];
const CODES: &[&str] = &["c1", "C1", "c-2", "ß", "tab\there", "\u{1}control", "x"];
pub const UNITS: &[&str] = &["cash", "credits", "points", "free_month", "discount_mon", "discount_per", "gold", "Cash"];
pub const MONEY: &[i64] = &[0, 100, 100, 2_500, -2_500, 1, i64::MAX, i64::MIN, 9_007_199_254_740_993];
const SUSPICIONS: &[&str] = &["no_suspicion", "ad_source", "odd"];
const COUNTS: &[i64] = &[0, 1, 1, 2, 3, 10, -1];
pub const DECIMALS: &[i64] = &[0, 10_000, 125_000, 1, -1, -10_500, 200_000, 123_456_789];
pub const TIMES: &[i64] = &[
    0,
    -1,
    1_727_956_800_000,
    1_727_956_800_103,
    1_727_956_800_103,
    1_600_000_000_000,
    253_402_300_799_999,
    -86_400_001,
];
const JSON: &[&str] = &["{}", "{\"a\":1,\"b\":[true,null],\"ü\":\"x\"}", "[]", "{\"n\":1e400}", "null"];

/// Columns and their values.
pub type Columns = &'static [(&'static str, Shape)];

pub const OFFER: Columns = &[
    ("name", Searched(NAMES)),
    ("amount", Number(DECIMALS)),
    ("unit", Text(UNITS)),
    ("default_promo_code", Text(CODES)),
];
pub const REWARD: Columns = &[
    ("name", Searched(NAMES)),
    ("reward_type", Text(&["per_referral", "per_promotion"])),
    ("unit", Text(UNITS)),
    ("amount", Number(DECIMALS)),
    ("per_of_sale", Number(DECIMALS)),
    ("default_promo_code", Text(CODES)),
];
pub const CAMPAIGN: Columns = &[
    ("name", Searched(NAMES)),
    ("landing_url", Text(CODES)),
    ("description", Text(NAMES)),
    ("private", Flag),
    ("color", Text(CODES)),
    ("auto_approve_rewards", Flag),
    ("auto_approve_promoters", Flag),
    ("offer_id", Ref("offer")),
    ("referral_reward_id", Ref("reward")),
    ("promotion_reward_id", Ref("reward")),
    ("target_reward_id", Ref("reward")),
];
pub const PROMOTER: Columns = &[
    ("status", Text(&["active", "approved", "pending", "blocked", "Active", "gone"])),
    ("email", Searched(EMAILS)),
    ("cust_id", Text(CODES)),
    ("pref", Text(CODES)),
    ("default_ref_id", Text(CODES)),
    ("note", Text(NAMES)),
    ("w8_form_url", Text(CODES)),
    ("w9_form_url", Text(CODES)),
    ("joined_at", Time),
    ("parent_promoter_id", Ref("promoter")),
    ("default_promotion_id", Ref("promotion")),
    ("earned_balance", Text(JSON)),
    ("current_balance", Text(JSON)),
    ("paid_balance", Text(JSON)),
    ("pending_balance", Text(JSON)),
    ("name", Text(NAMES)),
    ("archived_at", Time),
    ("last_login_at", Time),
    ("custom_fields", Text(JSON)),
];
pub const PROFILE: Columns = &[
    ("profile_id", Number(COUNTS)),
    ("first_name", Searched(NAMES)),
    ("last_name", Searched(NAMES)),
    ("website", Text(CODES)),
    ("company_name", Searched(NAMES)),
    ("phone_number", Text(CODES)),
    ("address", Text(NAMES)),
    ("vat_id", Text(CODES)),
    ("country", Text(&["DE", "FR"])),
    ("paypal_email", Text(EMAILS)),
    ("avatar_url", Text(CODES)),
    ("description", Text(NAMES)),
    ("social_accounts", Text(JSON)),
    ("company_number", Text(CODES)),
];
pub const PROMOTION: Columns = &[
    ("promoter_id", Ref("promoter")),
    ("campaign_id", Ref("campaign")),
    ("status", Text(&["offer_running", "offer_inactive", "offer_paused"])),
    ("state", Text(&["pending", "accepted", "rejected", "not_set", "new"])),
    ("ref_id", Searched(CODES)),
    ("promo_code", Text(CODES)),
    ("customer_promo_code", Text(CODES)),
    ("target_reached_at", Time),
    ("referral_link", Text(CODES)),
    ("hidden", Flag),
    ("visitors_count", Number(COUNTS)),
    ("leads_count", Number(COUNTS)),
    ("customers_count", Number(COUNTS)),
    ("active_customers_count", Number(COUNTS)),
    ("sales_count", Number(COUNTS)),
    ("refunds_count", Number(COUNTS)),
    ("cancellations_count", Number(COUNTS)),
    ("sales_total", Number(MONEY)),
    ("refunds_total", Number(MONEY)),
    ("current_offer_id", Ref("offer")),
    ("current_referral_reward_id", Ref("reward")),
    ("current_promotion_reward_id", Ref("reward")),
    ("current_target_reward_id", Ref("reward")),
    ("created_at", Time),
    ("direct_url", Text(CODES)),
];
pub const LEAD: Columns = &[
    ("promoter_id", Ref("promoter")),
    ("promotion_id", Ref("promotion")),
    ("state", Text(&["signup", "lead", "active", "customer", "cancelled", "refunded", "ghost"])),
    ("email", Searched(EMAILS)),
    ("uid", Text(CODES)),
    ("username", Text(NAMES)),
    ("website", Text(CODES)),
    ("first_name", Text(NAMES)),
    ("last_name", Text(NAMES)),
    ("customer_since", Time),
    ("cancelled_at", Time),
    ("plan_name", Text(NAMES)),
    ("suspicion", Text(SUSPICIONS)),
    ("created_at", Time),
    ("split_promotion_id", Ref("promotion")),
    ("split_percentage_value", Number(DECIMALS)),
    ("custom_fields", Text(JSON)),
    ("visitor_sub_id", Text(CODES)),
    ("entry_source", Text(&["api", "cookie", "manual_affiliate", "pigeon"])),
    ("comment", Text(NAMES)),
    ("metadata", Text(JSON)),
    ("is_expired", Flag),
];
pub const COMMISSION: Columns = &[
    ("status", Text(&["pending", "approved", "denied", "lost"])),
    ("amount", Number(DECIMALS)),
    ("unit", Text(UNITS)),
    ("sale_amount", Number(MONEY)),
    ("sale_event_id", Text(CODES)),
    ("tier", Number(&[1, 1, 2, 3])),
    ("split_type", Text(CODES)),
    ("created_at", Time),
    ("lead_id", Ref("lead")),
    ("promoter_id", Ref("promoter")),
    ("promotion_id", Ref("promotion")),
    ("reward_id", Ref("reward")),
    ("commission_type", Text(&["sale", "custom", "bonus"])),
    ("original_sale_amount", Number(MONEY)),
    ("original_sale_currency", Text(&["EUR", "usd"])),
    ("plan_id", Text(CODES)),
    ("is_paid", Flag),
    ("is_split", Flag),
    ("is_self_referral", Flag),
    ("suspicion", Text(SUSPICIONS)),
    ("internal_note", Text(NAMES)),
    ("external_note", Text(NAMES)),
    ("status_updated_at", Time),
];
pub const PAYOUT_METHOD: Columns = &[
    ("promoter_id", Ref("promoter")),
    ("method", Text(&["paypal", "bank", "wise", "pigeon"])),
    ("added_at", Time),
    ("is_disabled", Flag),
    ("is_selected", Flag),
    ("details", Text(JSON)),
];
pub const PAYMENTS_BATCH: Columns = &[
    ("status", Text(&["awaiting_confirmation", "pending", "completed", "odd"])),
    ("ext_reference", Text(CODES)),
    ("ext_id", Text(CODES)),
    ("scheduled_at", Time),
    ("processing_started_at", Time),
    ("completed_at", Time),
    ("created_at", Time),
    ("total", Number(DECIMALS)),
    ("promoters_count", Number(COUNTS)),
    ("is_payable", Flag),
    ("is_retriable", Flag),
    ("error", Text(NAMES)),
];
pub const CONTRACT_DOCUMENT: Columns = &[
    ("promoter_id", Ref("promoter")),
    ("status", Text(&["pending", "signed", "torn"])),
    ("contract_id", Number(COUNTS)),
    ("contract_name", Text(NAMES)),
    ("contract_version", Text(CODES)),
    ("signed_at", Time),
    ("created_at", Time),
];
pub const PAYOUT: Columns = &[
    ("status", Text(&["pending", "processing", "completed", "failed", "stuck"])),
    ("amount", Number(DECIMALS)),
    ("unit", Text(UNITS)),
    ("paid_at", Time),
    ("due_date", Time),
    ("has_issues", Flag),
    ("created_at", Time),
    ("promoter_id", Ref("promoter")),
    ("campaign_id", Ref("campaign")),
    ("reward_id", Ref("reward")),
    ("payments_batch_id", Ref("payments_batch")),
    ("payout_method_id", Ref("payout_method")),
    ("period_start", Time),
    ("period_end", Time),
    ("tax_rate", Number(DECIMALS)),
    ("total_incl_tax", Number(DECIMALS)),
    ("processing_started_at", Time),
    ("failed_at", Time),
    ("error", Text(NAMES)),
];
