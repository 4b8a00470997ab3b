//! Creates the SQL views for BI tools: `bi` without contact data, `bi_pii` with contact data alone, to be joined by id.
//!
//! None shows stubs or deleted rows.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};

use crate::views::{Enums, View};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const SCHEMAS: [&str; 2] = ["bi", "bi_pii"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for schema in SCHEMAS {
            create_schema(manager, schema).await?;
        }
        for view in VIEWS {
            view.create_in(manager, ENUMS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for view in VIEWS.iter().rev() {
            view.drop_from(manager).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            for schema in SCHEMAS {
                manager.get_connection().execute_unprepared(&format!("drop schema {schema}")).await?;
            }
        }
        Ok(())
    }
}

/// An administrator may have made the schema, where this role must not.
async fn create_schema(manager: &SchemaManager<'_>, schema: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let db = manager.get_connection();
    let look = format!(
        "select exists (select from pg_namespace where nspname = '{schema}'), \
            has_database_privilege(current_database(), 'CREATE'), current_user::text"
    );
    let Some(row) = db.query_one_raw(Statement::from_string(DbBackend::Postgres, look)).await? else { return Ok(()) };
    let (exists, may_create, role): (bool, bool, String) =
        (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    if exists {
        return Ok(());
    }
    if !may_create {
        return Err(DbErr::Custom(format!(
            "the role {role} may not create the schema {schema} for the SQL views: let an administrator run \
                `create schema {schema} authorization \"{role}\"` in this database"
        )));
    }
    db.execute_unprepared(&format!("create schema {schema}")).await.map(drop)
}

macro_rules! listed {
    ($table:literal) => {
        concat!("from ", $table, " t where not t.is_stub and t.deleted_at is null")
    };
    ($table:literal, $join:literal) => {
        concat!("from ", $table, " t left join ", $join, " where not t.is_stub and t.deleted_at is null")
    };
}

const fn bi(name: &'static str, columns: &'static str, from: &'static str) -> View {
    View { schema: "bi", name, columns, from }
}

const fn pii(name: &'static str, columns: &'static str, from: &'static str) -> View {
    View { schema: "bi_pii", name, columns, from }
}

const VIEWS: &[View] = &[
    // Minor units in a major unit of the account's currency. A view, so that it can be replaced where money has no cents.
    bi("currency", "minor_units", "from (select 100 as minor_units) t"),
    bi(
        "campaigns",
        "id name landing_url description private color auto_approve_rewards auto_approve_promoters \
         offer_id referral_reward_id promotion_reward_id target_reward_id updated_at:time",
        listed!("campaign"),
    ),
    bi(
        "offers",
        "id name unit:Unit amount:decimal amount:cash_major default_promo_code updated_at:time",
        listed!("offer"),
    ),
    bi(
        "rewards",
        "id name reward_type unit:Unit amount:decimal amount:cash_major per_of_sale:decimal default_promo_code \
         updated_at:time",
        listed!("reward"),
    ),
    bi(
        "promoters",
        "id status:PromoterStatus joined_at:time last_login_at:time archived_at:time \
         parent_promoter_id default_promotion_id p.country updated_at:time",
        listed!("promoter", "profile p on p.promoter_id = t.id and not p.is_stub and p.deleted_at is null"),
    ),
    bi(
        "balances",
        "promoter_id kind:BalanceKind unit:Unit amount:decimal amount:cash_major",
        "from balance t join promoter p on p.id = t.promoter_id where not p.is_stub and p.deleted_at is null",
    ),
    bi(
        "promotions",
        "id promoter_id campaign_id status:PromotionStatus state:PromotionState created_at:time \
         target_reached_at:time hidden visitors_count leads_count customers_count active_customers_count sales_count \
         refunds_count cancellations_count sales_total sales_total:major refunds_total refunds_total:major \
         current_offer_id current_referral_reward_id current_promotion_reward_id current_target_reward_id \
         updated_at:time",
        listed!("promotion"),
    ),
    bi(
        "leads",
        "id promoter_id promotion_id p.campaign_id state:LeadState created_at:time customer_since:time \
         cancelled_at:time plan_name entry_source:EntrySource suspicion:Suspicion is_expired split_promotion_id \
         split_percentage_value:decimal updated_at:time",
        listed!("lead", "promotion p on p.id = t.promotion_id"),
    ),
    bi(
        "commissions",
        "id promoter_id promotion_id p.campaign_id lead_id reward_id status:CommissionStatus \
         commission_type:CommissionType unit:Unit amount:decimal amount:cash_major sale_event_id sale_amount \
         sale_amount:major original_sale_amount original_sale_currency plan_id tier is_paid is_split split_type \
         is_self_referral suspicion:Suspicion created_at:time status_updated_at:time updated_at:time",
        listed!("commission", "promotion p on p.id = t.promotion_id"),
    ),
    // All commissions of a sale hold its full amount. Its refund is a sale of its own, with a negative amount.
    bi(
        "sales",
        "sale_event_id is_refund commission_id promoter_id lead_id promotion_id p.campaign_id sale_amount \
         sale_amount:major original_sale_amount original_sale_currency plan_id created_at:time",
        "from (select c.sale_event_id, c.sale_amount < 0 as is_refund, c.id as commission_id, c.lead_id, \
         coalesce(l.promoter_id, c.promoter_id) as promoter_id, \
         case when l.promoter_id is null then c.promotion_id else l.promotion_id end as promotion_id, \
         c.sale_amount, c.original_sale_amount, c.original_sale_currency, c.plan_id, c.created_at, row_number() over (\
         partition by c.sale_event_id, c.sale_amount < 0 order by coalesce(c.tier, 1), c.id) as nth \
         from commission c left join lead l on l.id = c.lead_id where c.sale_event_id is not null \
         and c.sale_amount is not null and not c.is_stub and c.deleted_at is null) t \
         left join promotion p on p.id = t.promotion_id where t.nth = 1",
    ),
    bi(
        "payments_batches",
        "id status:PaymentsBatchStatus total:decimal total:decimal_major promoters_count ext_reference ext_id \
         is_payable is_retriable created_at:time scheduled_at:time processing_started_at:time completed_at:time \
         updated_at:time",
        listed!("payments_batch"),
    ),
    bi(
        "payout_methods",
        "id promoter_id method:PayoutMethodKind is_disabled is_selected added_at:time updated_at:time",
        listed!("payout_method"),
    ),
    bi(
        "payouts",
        "id promoter_id campaign_id reward_id payments_batch_id payout_method_id status:PayoutStatus unit:Unit \
         amount:decimal amount:cash_major tax_rate:decimal total_incl_tax:decimal total_incl_tax:cash_major \
         has_issues created_at:time due_date:time paid_at:time period_start:time period_end:time \
         processing_started_at:time failed_at:time updated_at:time",
        listed!("payout"),
    ),
    bi("payout_commissions", "payout_id commission_id", listed!("payout_commission")),
    bi(
        "contract_documents",
        "id promoter_id status:ContractDocumentStatus contract_id contract_name contract_version created_at:time \
         signed_at:time updated_at:time",
        listed!("contract_document"),
    ),
    pii(
        "promoters",
        "id email name cust_id pref default_ref_id note w8_form_url w9_form_url custom_fields p.first_name \
         p.last_name p.website p.company_name p.company_number p.phone_number p.address p.vat_id p.paypal_email \
         p.avatar_url p.description p.social_accounts",
        listed!("promoter", "profile p on p.promoter_id = t.id and not p.is_stub and p.deleted_at is null"),
    ),
    pii("promotions", "id ref_id promo_code customer_promo_code referral_link direct_url", listed!("promotion")),
    pii(
        "leads",
        "id email uid username website first_name last_name custom_fields metadata comment visitor_sub_id",
        listed!("lead"),
    ),
    pii("commissions", "id internal_note external_note", listed!("commission")),
    pii("payments_batches", "id error", listed!("payments_batch")),
    pii("payout_methods", "id details", listed!("payout_method")),
    pii("payouts", "id error", listed!("payout")),
];

const ENUMS: Enums = &[
    ("BalanceKind", "earned current paid pending"),
    ("CommissionStatus", "pending approved denied"),
    ("CommissionType", "sale custom"),
    ("ContractDocumentStatus", "pending signed"),
    ("EntrySource", "api coupon cookie manual_admin manual_affiliate"),
    ("LeadState", "subscribed signup|lead active|customer cancelled refunded denied pending moved"),
    ("PaymentsBatchStatus", "awaiting_confirmation pending processing completed failed"),
    ("PayoutMethodKind", "paypal bank wise crypto custom dots"),
    ("PayoutStatus", "pending processing completed failed cancelled"),
    ("PromoterStatus", "active|approved pending blocked|denied"),
    ("PromotionState", "pending accepted rejected blocked inactive not_set"),
    ("PromotionStatus", "offer_running offer_inactive"),
    ("Suspicion", "no_suspicion same_ip_suspicion same_promoter_email ad_source self_referral"),
    ("Unit", "cash credits points free_months|free_month mon_discount|discount_mon|discount discount_per"),
];
