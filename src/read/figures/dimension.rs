//! What figures are divided by: every dimension, declared once.

use super::source::Source;

/// One dimension.
#[derive(Debug)]
pub struct Dimension {
    /// Its name in `by`.
    pub name: &'static str,
    /// The row's field that tells it.
    pub field: &'static str,
    /// The field of the filter.
    pub filter: &'static str,
    /// What it means, and the column by table.
    pub description: &'static str,
    /// What the row's field returns: a type of the catalogue for a dimension of ids.
    pub entity: Option<&'static str>,
    /// The sources that tell it, by their type of the catalogue.
    pub told_by: &'static [Told],
}

/// Where a source tells a dimension.
#[derive(Debug)]
pub struct Told {
    /// [`Source::rows`].
    pub source: &'static str,
    /// Whose column.
    pub role: JoinedRow,
    /// The type of the catalogue that has the field.
    pub entity: &'static str,
    /// Its field.
    pub field: &'static str,
}

/// A row that belongs to the counted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinedRow {
    /// Itself.
    Row,
    /// Its lead.
    Lead,
    /// Its promotion.
    Promotion,
    /// Its promoter.
    Promoter,
    /// The profile of its promoter.
    Profile,
}

/// Sales are rows of `Commission`, with an owner of their own.
pub const SALE: &str = "Sale";

const fn told(source: &'static str, role: JoinedRow, entity: &'static str, field: &'static str) -> Told {
    Told { source, role, entity, field }
}

/// By a field of the promoter, whom every source has.
const fn of_promoter(role: JoinedRow, entity: &'static str, field: &'static str) -> [Told; 6] {
    [
        told("Lead", role, entity, field),
        told("Commission", role, entity, field),
        told(SALE, role, entity, field),
        told("Payout", role, entity, field),
        told("Promoter", role, entity, field),
        told("Promotion", role, entity, field),
    ]
}

/// By a field of the lead.
const fn of_lead(field: &'static str) -> [Told; 3] {
    [
        told("Lead", JoinedRow::Lead, "Lead", field),
        told("Commission", JoinedRow::Lead, "Lead", field),
        told(SALE, JoinedRow::Lead, "Lead", field),
    ]
}

/// All dimensions, in the order of the schema.
pub static DIMENSIONS: [Dimension; 16] = [
    Dimension {
        name: "CAMPAIGN",
        field: "campaign",
        filter: "campaignId",
        description: "The campaign: of the promotion of a lead, commission or sale; of a payout and of an enrolment \
                      itself. Promoters who join have none.",
        entity: Some("Campaign"),
        told_by: &[
            told("Lead", JoinedRow::Promotion, "Promotion", "campaignId"),
            told("Commission", JoinedRow::Promotion, "Promotion", "campaignId"),
            told(SALE, JoinedRow::Promotion, "Promotion", "campaignId"),
            told("Payout", JoinedRow::Row, "Payout", "campaignId"),
            told("Promotion", JoinedRow::Row, "Promotion", "campaignId"),
        ],
    },
    Dimension {
        name: "PROMOTER",
        field: "promoter",
        filter: "promoterId",
        description: "The promoter: who referred a lead; who earned a commission; who owns the lead of a sale, else \
                      who earned its commission; who is paid; who joined or was enrolled.",
        entity: Some("Promoter"),
        told_by: &[
            told("Lead", JoinedRow::Row, "Lead", "promoterId"),
            told("Commission", JoinedRow::Row, "Commission", "promoterId"),
            told(SALE, JoinedRow::Promoter, "Promoter", "id"),
            told("Payout", JoinedRow::Row, "Payout", "promoterId"),
            told("Promoter", JoinedRow::Row, "Promoter", "id"),
            told("Promotion", JoinedRow::Row, "Promotion", "promoterId"),
        ],
    },
    Dimension {
        name: "PROMOTION",
        field: "promotion",
        filter: "promotionId",
        description: "The promotion: of a lead, of a commission, of the lead of a sale (else of its commission), or \
                      the enrolment itself. Payouts and promoters who join have none.",
        entity: Some("Promotion"),
        told_by: &[
            told("Lead", JoinedRow::Row, "Lead", "promotionId"),
            told("Commission", JoinedRow::Row, "Commission", "promotionId"),
            told(SALE, JoinedRow::Promotion, "Promotion", "id"),
            told("Promotion", JoinedRow::Row, "Promotion", "id"),
        ],
    },
    Dimension {
        name: "PARENT_PROMOTER",
        field: "parentPromoter",
        filter: "parentPromoterId",
        description: "The promoter who recruited the promoter: `promoter.parentId`.",
        entity: Some("Promoter"),
        told_by: &of_promoter(JoinedRow::Promoter, "Promoter", "parentId"),
    },
    Dimension {
        name: "COUNTRY",
        field: "country",
        filter: "country",
        description: "The country of the promoter: `promoter.profile.country`, two letters.",
        entity: None,
        told_by: &of_promoter(JoinedRow::Profile, "Profile", "country"),
    },
    Dimension {
        name: "OFFER",
        field: "offer",
        filter: "offerId",
        description: "The present offer of the promotion: `promotion.currentOfferId`.",
        entity: Some("Offer"),
        told_by: &[
            told("Lead", JoinedRow::Promotion, "Promotion", "currentOfferId"),
            told("Commission", JoinedRow::Promotion, "Promotion", "currentOfferId"),
            told(SALE, JoinedRow::Promotion, "Promotion", "currentOfferId"),
            told("Promotion", JoinedRow::Row, "Promotion", "currentOfferId"),
        ],
    },
    Dimension {
        name: "REWARD",
        field: "reward",
        filter: "rewardId",
        description: "The reward by which a commission was earned or a payout is paid: `commission.rewardId`, \
                      `payout.rewardId`. Of a sale: that of its commission. Version 1 webhooks do not tell it.",
        entity: Some("Reward"),
        told_by: &[
            told("Commission", JoinedRow::Row, "Commission", "rewardId"),
            told(SALE, JoinedRow::Row, "Commission", "rewardId"),
            told("Payout", JoinedRow::Row, "Payout", "rewardId"),
        ],
    },
    Dimension {
        name: "TIER",
        field: "tier",
        filter: "tier",
        description: "The tier of a commission: `commission.tier`.",
        entity: None,
        told_by: &[told("Commission", JoinedRow::Row, "Commission", "tier")],
    },
    Dimension {
        name: "LEAD_STATE",
        field: "leadState",
        filter: "leadState",
        description: "The present state of the lead: `lead.state`. Null for a commission without a lead.",
        entity: None,
        told_by: &of_lead("state"),
    },
    Dimension {
        name: "PLAN",
        field: "plan",
        filter: "plan",
        description: "The plan: `lead.planName`, for commissions and sales `commission.planId`, which version 1 \
                      webhooks do not tell.",
        entity: None,
        told_by: &[
            told("Lead", JoinedRow::Row, "Lead", "planName"),
            told("Commission", JoinedRow::Row, "Commission", "planId"),
            told(SALE, JoinedRow::Row, "Commission", "planId"),
        ],
    },
    Dimension {
        name: "ENTRY_SOURCE",
        field: "entrySource",
        filter: "entrySource",
        description: "How the lead was registered: `lead.entrySource`, which version 1 webhooks do not tell.",
        entity: None,
        told_by: &of_lead("entrySource"),
    },
    Dimension {
        name: "SUB_ID",
        field: "subId",
        filter: "subId",
        description: "The sub id of the lead's click: `lead.visitorSubId`, which version 2 webhooks do not tell. \
                      Contact data.",
        entity: None,
        told_by: &of_lead("visitorSubId"),
    },
    Dimension {
        name: "SUSPICION",
        field: "suspicion",
        filter: "suspicion",
        description: "The result of the fraud check: `lead.suspicion`, for commissions and sales \
                      `commission.suspicion`. Not for promoters.",
        entity: None,
        told_by: &[
            told("Lead", JoinedRow::Row, "Lead", "suspicion"),
            told("Commission", JoinedRow::Row, "Commission", "suspicion"),
            told(SALE, JoinedRow::Row, "Commission", "suspicion"),
        ],
    },
    Dimension {
        name: "UNIT",
        field: "unit",
        filter: "unit",
        description: "The unit of a commission or payout: `commission.unit`, `payout.unit`. Sales are always money.",
        entity: None,
        told_by: &[
            told("Commission", JoinedRow::Row, "Commission", "unit"),
            told("Payout", JoinedRow::Row, "Payout", "unit"),
        ],
    },
    Dimension {
        name: "COMMISSION_STATUS",
        field: "commissionStatus",
        filter: "commissionStatus",
        description: "The present status of a commission: `commission.status`.",
        entity: None,
        told_by: &[told("Commission", JoinedRow::Row, "Commission", "status")],
    },
    Dimension {
        name: "PAYOUT_STATUS",
        field: "payoutStatus",
        filter: "payoutStatus",
        description: "The present status of a payout: `payout.status`.",
        entity: None,
        told_by: &[told("Payout", JoinedRow::Row, "Payout", "status")],
    },
];

/// `selfReferral` of the filter: whether FirstPromoter takes the promoter for the customer.
pub static SELF_REFERRAL: [Told; 2] = [
    told("Commission", JoinedRow::Row, "Commission", "isSelfReferral"),
    told(SALE, JoinedRow::Row, "Commission", "isSelfReferral"),
];

impl Dimension {
    /// Where a source tells it, if it does.
    #[must_use]
    pub fn told(&self, source: &Source) -> Option<&'static Told> {
        find(self.told_by, source)
    }
}

/// What tells a field of the filter.
#[must_use]
pub fn filtered(name: &str) -> &'static [Told] {
    DIMENSIONS.iter().find(|dimension| dimension.filter == name).map_or(&SELF_REFERRAL, |dimension| dimension.told_by)
}

/// Where a source tells something, if it does.
#[must_use]
pub fn find(told_by: &'static [Told], source: &Source) -> Option<&'static Told> {
    told_by.iter().find(|told| told.source == source.rows)
}
