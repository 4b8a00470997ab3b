use std::collections::BTreeSet;

use sea_orm::{EntityTrait, IdenStatic as _, Iterable as _, RelationTrait as _};

use super::*;

/// What every mirrored table has beside its registers.
const COMMON: [&str; 5] = ["is_stub", "field_clocks", "first_seen_at", "updated_at", "value_times"];

fn agree<E: EntityTrait>(spec: &Spec) {
    let known = spec.columns.iter().map(|column| column.name).chain(spec.folded().map(|(folded, _)| folded));
    let known: BTreeSet<_> = known.chain(COMMON).chain([spec.key]).map(str::to_owned).collect();
    let entity: BTreeSet<_> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    assert_eq!(known, entity, "{}", spec.name);
    assert!(spec.columns.len() < 64, "a column set has 64 bits");

    let references = spec.columns.iter().filter_map(|column| Some((column.name, column.refers_to?.spec())));
    let references = references.map(|(column, to)| [column, to.name, to.key].map(str::to_owned)).collect();
    // Those of has-one and has-many are the other table's columns; a profile's key is no register.
    let relations = E::Relation::iter().map(|relation| relation.def()).filter(|def| !def.is_owner);
    let relations = relations.map(|def| {
        let column = |columns: &sea_orm::Identity| columns.iter().map(ToString::to_string).collect::<String>();
        [column(&def.from_col), def.to_tbl.sea_orm_table().to_string(), column(&def.to_col)]
    });
    let relations: BTreeSet<_> = relations.filter(|[column, ..]| column != spec.key).collect();
    assert_eq!(relations, references, "{}: relations of the entity, and references", spec.name);
}

#[test]
fn registers_and_references_are_the_columns_and_relations_of_the_entities() {
    agree::<entity::offer::Entity>(&OFFER);
    agree::<entity::reward::Entity>(&REWARD);
    agree::<entity::campaign::Entity>(&CAMPAIGN);
    agree::<entity::promotion::Entity>(&PROMOTION);
    agree::<entity::promoter::Entity>(&PROMOTER);
    agree::<entity::profile::Entity>(&PROFILE);
    agree::<entity::lead::Entity>(&LEAD);
    agree::<entity::commission::Entity>(&COMMISSION);
    agree::<entity::payout::Entity>(&PAYOUT);
    agree::<entity::payout_method::Entity>(&PAYOUT_METHOD);
    agree::<entity::payments_batch::Entity>(&PAYMENTS_BATCH);
    agree::<entity::payout_commission::Entity>(&PAYOUT_COMMISSION);
    agree::<entity::contract_document::Entity>(&CONTRACT_DOCUMENT);
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

/// StoredRow rows name registers by number: this list may only grow at the ends of its lines.
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
         current_offer_id current_referral_reward_id current_promotion_reward_id current_target_reward_id \
         created_at direct_url",
        "deleted_at status email cust_id pref default_ref_id note w8_form_url w9_form_url joined_at \
         parent_promoter_id default_promotion_id earned_balance current_balance paid_balance pending_balance \
         name archived_at last_login_at custom_fields",
        "deleted_at profile_id first_name last_name website company_name phone_number address vat_id country \
         paypal_email avatar_url description social_accounts company_number",
        "deleted_at promoter_id method added_at is_disabled is_selected details",
        "deleted_at status ext_reference ext_id scheduled_at processing_started_at completed_at created_at total \
         promoters_count is_payable is_retriable error",
        "deleted_at promoter_id promotion_id state email uid username website first_name last_name \
         customer_since cancelled_at plan_name suspicion created_at split_promotion_id \
         split_percentage_value custom_fields visitor_sub_id entry_source comment metadata is_expired",
        "deleted_at status amount unit sale_amount sale_event_id tier split_type created_at lead_id \
         promoter_id promotion_id reward_id commission_type original_sale_amount original_sale_currency \
         plan_id is_paid is_split is_self_referral suspicion internal_note external_note status_updated_at",
        "deleted_at status amount unit paid_at due_date has_issues created_at promoter_id campaign_id reward_id \
         payments_batch_id payout_method_id period_start period_end tax_rate total_incl_tax \
         processing_started_at failed_at error",
        "deleted_at payout_id commission_id",
        "deleted_at promoter_id status contract_id contract_name contract_version signed_at created_at",
    ];
    assert_eq!(Table::ALL.map(|table| registers(table.spec())), pinned);
}
