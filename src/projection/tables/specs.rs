//! The registers of every mirrored table, in the order that stored rows rely on.

use super::{Column, Kind, Spec, Table};

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, folded: None, refers_to: None }
}

const fn int(name: &'static str) -> Column {
    column(name, Kind::Int)
}

const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

const fn flag(name: &'static str) -> Column {
    column(name, Kind::Bool)
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
    ],
};

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
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::Iterable as _;

    use super::*;

    /// What every mirrored table has beside its registers.
    const COMMON: [&str; 4] = ["is_stub", "told", "first_seen_at", "updated_at"];

    fn agree<C: sea_orm::ColumnTrait>(spec: &Spec, entity_columns: impl Iterator<Item = C>) {
        let known = spec.columns.iter().map(|column| column.name).chain(spec.folded().map(|(folded, _)| folded));
        let known: BTreeSet<_> = known.chain(COMMON).chain([spec.key]).map(str::to_owned).collect();
        let entity: BTreeSet<_> = entity_columns.map(|column| column.unquoted().to_owned()).collect();
        assert_eq!(known, entity, "{}", spec.name);
        assert!(spec.columns.len() < 64, "a column set has 64 bits");
    }

    #[test]
    fn every_column_of_an_entity_is_a_register_or_common() {
        agree(&OFFER, entity::offer::Column::iter());
        agree(&REWARD, entity::reward::Column::iter());
        agree(&CAMPAIGN, entity::campaign::Column::iter());
        agree(&PROMOTION, entity::promotion::Column::iter());
        agree(&PROMOTER, entity::promoter::Column::iter());
        agree(&PROFILE, entity::profile::Column::iter());
        agree(&LEAD, entity::lead::Column::iter());
        agree(&COMMISSION, entity::commission::Column::iter());
        agree(&PAYOUT, entity::payout::Column::iter());
    }

    #[test]
    fn tables_are_written_after_what_they_refer_to() {
        for table in Table::ALL {
            assert_eq!(table.spec().table, table);
            for refers_to in table.spec().columns.iter().filter_map(|column| column.refers_to) {
                assert!(refers_to <= table || refers_to == Table::Promoter, "{table:?} to {refers_to:?}");
            }
        }
    }

    /// Stored rows name registers by number: this list may only grow at the ends of its lines.
    #[test]
    fn register_numbers_are_pinned() {
        let registers = |spec: &Spec| spec.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(" ");
        let pinned = [
            "deleted_at name amount unit default_promo_code",
            "deleted_at name reward_type unit amount per_of_sale default_promo_code",
            "deleted_at name landing_url description private color auto_approve_rewards auto_approve_promoters \
             offer_id referral_reward_id promotion_reward_id target_reward_id",
            "deleted_at promoter_id campaign_id status state ref_id promo_code customer_promo_code \
             target_reached_at referral_link hidden visitors_count leads_count customers_count \
             active_customers_count sales_count refunds_count cancellations_count sales_total refunds_total \
             current_offer_id current_referral_reward_id current_promotion_reward_id current_target_reward_id",
            "deleted_at status email cust_id pref default_ref_id note w8_form_url w9_form_url joined_at \
             parent_promoter_id default_promotion_id earned_balance current_balance paid_balance pending_balance",
            "deleted_at profile_id first_name last_name website company_name phone_number address vat_id country \
             paypal_email avatar_url description social_accounts",
            "deleted_at promoter_id promotion_id state email uid username website first_name last_name \
             customer_since cancelled_at plan_name suspicion created_at split_promotion_id \
             split_percentage_value custom_fields visitor_sub_id",
            "deleted_at status amount unit sale_amount sale_event_id tier split_type created_at lead_id \
             promoter_id promotion_id",
            "deleted_at status amount unit paid_at due_date has_issues created_at promoter_id campaign_id reward_id",
        ];
        assert_eq!(Table::ALL.map(|table| registers(table.spec())), pinned);
    }
}
