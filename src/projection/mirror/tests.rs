use std::collections::BTreeSet;

use sea_orm::{EntityTrait, IdenStatic as _, Iterable as _, RelationTrait as _};

use super::*;
use crate::projection::{
    clock::{EventKey, Precedence},
    registers::Registers,
};

/// The columns of every mirrored table besides its registers.
const COMMON: [&str; 5] = ["is_stub", "field_clocks", "first_seen_at", "updated_at", "value_times"];

fn assert_complete<E: EntityTrait>(table: MirroredTable, _: &Registers) {
    let spec = spec(table);
    let known = spec.registers.iter().map(|register| register.name).chain(spec.folded().map(|(folded, _)| folded));
    let known: BTreeSet<_> = known.chain(COMMON).chain([spec.key]).collect();
    let columns: BTreeSet<_> = E::Column::iter().map(|column| column.as_str()).collect();
    assert_eq!(known, columns, "{}: registers, and columns of the entity", spec.name);

    let references = spec.registers.iter().filter_map(|register| Some((register.name, register.refers_to?)));
    let references: BTreeSet<_> = references.map(|(column, to)| format!("{column} to {}", to.name())).collect();
    // Has-one and has-many are columns of the other table; a profile's key is no register.
    let belongs_to = E::Relation::iter().map(|relation| relation.def()).filter(|def| !def.is_owner);
    let relations = belongs_to.map(|def| {
        let from: String = def.from_col.iter().map(ToString::to_string).collect();
        (from, def.to_tbl.sea_orm_table().to_string())
    });
    let relations: BTreeSet<_> =
        relations.filter(|(from, _)| from != spec.key).map(|(from, to)| format!("{from} to {to}")).collect();
    assert_eq!(references, relations, "{}: references, and relations of the entity", spec.name);
}

#[test]
fn every_column_and_relation_of_an_entity_is_a_register() {
    for table in MirroredTable::ALL {
        for_entity_of!(table, assert_complete);
    }
}

/// A register that no reader names would stay null for ever, and nothing else would notice.
#[test]
fn every_register_is_set_by_a_reader() {
    for table in MirroredTable::ALL {
        let path = format!("{}/src/projection/mirror/{}.rs", env!("CARGO_MANIFEST_DIR"), table.name());
        let source = std::fs::read_to_string(path).unwrap();
        let (_, readers) = source.split_once("]);").expect("the registers come first");
        for register in &spec(table).registers[1..] {
            let is_set = readers.contains(&format!("\"{}\"", register.name));
            assert!(is_set, "{}.{} is a register, and no reader sets it", table.name(), register.name);
        }
    }
}

#[test]
fn every_id_that_is_set_is_a_reference_and_gets_a_stub() {
    let mut updates = EventUpdates::new(5, EventKey::new("1", "0"));
    let mut promoter = updates.row(MirroredTable::Promoter, 7, Precedence::Created);
    updates.set(&mut promoter, promoter::REGISTERS.number("parent_promoter_id"), Cell::Int(1));
    updates.set(&mut promoter, promoter::REGISTERS.number("default_promotion_id"), Cell::Null);
    updates.set(&mut promoter, promoter::REGISTERS.number("joined_at"), Cell::Int(2));
    updates.reference(MirroredTable::Lead, 3);
    let references: Vec<_> = references(&updates).collect();
    assert_eq!(references, [(MirroredTable::Promoter, 1), (MirroredTable::Lead, 3)]);
}

#[test]
fn tables_are_written_after_those_they_refer_to() {
    for table in MirroredTable::ALL {
        for refers_to in spec(table).registers.iter().filter_map(|register| register.refers_to) {
            assert!(refers_to <= table || refers_to == MirroredTable::Promoter, "{table:?} to {refers_to:?}");
        }
    }
}

#[test]
fn event_types_are_unique_and_sorted() {
    assert!(V1_EVENTS.is_sorted_by(|(a, _), (b, _)| a < b));
    assert!(V2_EVENTS.is_sorted_by(|(a, ..), (b, ..)| a < b));
}

/// Stored rows refer to registers by number. New ones are appended, in their file and here.
#[test]
fn register_numbers_are_pinned() {
    let pinned: [&str; MirroredTable::COUNT] = [
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
    for (table, pinned) in MirroredTable::ALL.into_iter().zip(pinned) {
        let registers: Vec<_> = spec(table).registers.iter().map(|register| register.name).collect();
        assert_eq!(registers.join(" "), pinned, "{table:?}");
    }
}
