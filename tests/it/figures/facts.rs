//! What is counted, and by what it is divided: the rows of each table that a viewer's figures are made of.

use promograph::auth::Viewer;

use super::question::{Condition, Dimension, Key};
use crate::oracle::{
    dataset::{Cell, Dataset, Row},
    ids,
    visibility::{Shown, ViewerAccess},
};

/// Stored texts and the values of an enum that they mean; all others are `OTHER`.
pub type EnumTexts = &'static [(&'static str, &'static str)];

pub const LEAD_STATE: EnumTexts = &[
    ("subscribed", "SUBSCRIBED"),
    ("signup", "SIGNUP"),
    ("lead", "SIGNUP"),
    ("active", "ACTIVE"),
    ("customer", "ACTIVE"),
    ("cancelled", "CANCELLED"),
    ("refunded", "REFUNDED"),
    ("denied", "DENIED"),
    ("moved", "MOVED"),
];
pub const SUSPICION: EnumTexts =
    &[("no_suspicion", "NO_SUSPICION"), ("ad_source", "AD_SOURCE"), ("self_referral", "SELF_REFERRAL")];
pub const COMMISSION_STATUS: EnumTexts = &[("pending", "PENDING"), ("approved", "APPROVED"), ("denied", "DENIED")];
pub const PAYOUT_STATUS: EnumTexts =
    &[("pending", "PENDING"), ("processing", "PROCESSING"), ("completed", "COMPLETED")];
pub const UNIT: EnumTexts =
    &[("cash", "CASH"), ("credits", "CREDITS"), ("free_month", "FREE_MONTHS"), ("free_months", "FREE_MONTHS")];
pub const ENTRY_SOURCE: EnumTexts = &[("api", "API"), ("cookie", "COOKIE")];

/// What is counted, each by its own date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    LeadsCreated,
    LeadsPaying,
    /// Those of which it is known how long they took.
    Conversions,
    LeadsCancelled,
    LeadsNow,
    FirstLeads,
    Commissions,
    CommissionsNow,
    Sales,
    PayoutsPaid,
    PayoutsNow,
    Promoters,
    Promotions,
}

/// What a row counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Lead,
    Commission,
    Sale,
    Payout,
    Promoter,
    Promotion,
}

/// A row that counts, with whom it belongs to.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    pub kind: Kind,
    pub row: &'a Row,
    /// None for what is as it is now.
    pub date: Option<i64>,
    pub promoter: Option<i64>,
    pub promotion: Option<i64>,
    pub lead: Option<&'a Row>,
}

/// Rows in memory, seen by a viewer.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub dataset: &'a Dataset,
    pub viewer: Viewer,
    pub now: i64,
}

pub fn int(row: &Row, column: &str) -> Option<i64> {
    match row.get(column) {
        Some(Cell::Int(number)) => Some(*number),
        _ => None,
    }
}

pub fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    match row.get(column) {
        Some(Cell::Text(text)) => Some(text),
        _ => None,
    }
}

pub fn flag(row: &Row, column: &str) -> Option<bool> {
    match row.get(column) {
        Some(Cell::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

/// The name of an enum's value.
pub fn named(row: &Row, column: &str, texts: EnumTexts) -> Option<&'static str> {
    let raw = text(row, column)?;
    Some(texts.iter().find(|(known, _)| *known == raw).map_or("OTHER", |(_, name)| name))
}

impl Source {
    pub fn kind(self) -> Kind {
        match self {
            Self::LeadsCreated
            | Self::LeadsPaying
            | Self::Conversions
            | Self::LeadsCancelled
            | Self::LeadsNow
            | Self::FirstLeads => Kind::Lead,
            Self::Commissions | Self::CommissionsNow => Kind::Commission,
            Self::Sales => Kind::Sale,
            Self::PayoutsPaid | Self::PayoutsNow => Kind::Payout,
            Self::Promoters => Kind::Promoter,
            Self::Promotions => Kind::Promotion,
        }
    }

    fn date(self) -> Option<&'static str> {
        match self {
            Self::LeadsCreated | Self::FirstLeads | Self::Commissions | Self::Sales | Self::Promotions => {
                Some("created_at")
            }
            Self::LeadsPaying | Self::Conversions => Some("customer_since"),
            Self::LeadsCancelled => Some("cancelled_at"),
            Self::PayoutsPaid => Some("paid_at"),
            Self::Promoters => Some("joined_at"),
            Self::LeadsNow | Self::CommissionsNow | Self::PayoutsNow => None,
        }
    }
}

impl Kind {
    /// Whether its rows are told apart by a dimension.
    pub fn tells(self, dimension: Dimension) -> bool {
        use Dimension as D;
        match dimension {
            D::Promoter | D::ParentPromoter | D::Country => true,
            D::Campaign => self != Self::Promoter,
            D::Promotion | D::Offer => !matches!(self, Self::Promoter | Self::Payout),
            D::Reward => matches!(self, Self::Commission | Self::Sale | Self::Payout),
            D::Tier | D::CommissionStatus => self == Self::Commission,
            D::LeadState | D::Plan | D::EntrySource | D::SubId | D::Suspicion => {
                matches!(self, Self::Lead | Self::Commission | Self::Sale)
            }
            D::Unit => matches!(self, Self::Commission | Self::Payout),
            D::PayoutStatus => self == Self::Payout,
            D::SelfReferral => matches!(self, Self::Commission | Self::Sale),
        }
    }
}

impl<'a> World<'a> {
    /// The rows that lists show.
    fn listed(&self, table: &str) -> impl Iterator<Item = &'a Row> + use<'a> {
        let live = |row: &&Row| flag(row, "is_stub") == Some(false) && row["deleted_at"] == Cell::Null;
        self.dataset.rows(table).iter().filter(live)
    }

    fn by_id(&self, table: &str, id: Option<i64>) -> Option<&'a Row> {
        self.dataset.find(table, "id", &Cell::Int(id?))
    }

    /// Leads that count: those that were moved or denied do not.
    fn leads(&self) -> impl Iterator<Item = &'a Row> + use<'a> {
        self.listed("lead").filter(|lead| !matches!(named(lead, "state", LEAD_STATE), Some("MOVED" | "DENIED")))
    }

    /// A promoter's first lead, of all that count.
    fn is_first(&self, lead: &Row) -> bool {
        let place = |row: &Row| int(row, "created_at").map(|at| (at, int(row, "id")));
        let of_promoter = self.leads().filter(|other| int(other, "promoter_id") == int(lead, "promoter_id"));
        int(lead, "promoter_id").is_some() && of_promoter.filter_map(place).min() == place(lead)
    }

    pub fn has_referral(&self, promoter: &Row) -> bool {
        self.leads().any(|lead| int(lead, "promoter_id") == int(promoter, "id"))
    }

    /// Of the commissions with a sale's id and sign the one that stands for it.
    fn is_sale(&self, commission: &Row) -> bool {
        let (Some(id), Some(amount)) = (text(commission, "sale_event_id"), int(commission, "sale_amount")) else {
            return false;
        };
        let same = |other: &&Row| {
            text(other, "sale_event_id") == Some(id)
                && int(other, "sale_amount").is_some_and(|other| (other < 0) == (amount < 0))
        };
        let place = |row: &Row| (int(row, "tier").unwrap_or(1), int(row, "id"));
        self.listed("commission").filter(same).map(place).min() == Some(place(commission))
    }

    /// Whether a commission is part of a completed payout.
    pub fn is_paid_out(&self, commission: &Row) -> bool {
        let of_it = |link: &&Row| int(link, "commission_id") == int(commission, "id");
        self.listed("payout_commission").filter(of_it).any(|link| {
            let same = |payout: &&Row| int(payout, "id") == int(link, "payout_id");
            let payout = self.listed("payout").find(same);
            payout.is_some_and(|payout| named(payout, "status", PAYOUT_STATUS) == Some("COMPLETED"))
        })
    }

    /// All facts of a source that the viewer's figures are made of.
    pub fn facts(&self, source: Source) -> Vec<Fact<'a>> {
        let kind = source.kind();
        let rows: Vec<&Row> = match kind {
            Kind::Lead if source == Source::FirstLeads => self.leads().filter(|lead| self.is_first(lead)).collect(),
            Kind::Lead if source == Source::Conversions => {
                self.leads().filter(|lead| int(lead, "created_at").is_some()).collect()
            }
            Kind::Lead => self.leads().collect(),
            Kind::Commission => self.listed("commission").collect(),
            Kind::Sale => self.listed("commission").filter(|row| self.is_sale(row)).collect(),
            Kind::Payout => self.listed("payout").collect(),
            Kind::Promoter => self.listed("promoter").collect(),
            Kind::Promotion => self.listed("promotion").collect(),
        };
        let dated = rows.into_iter().filter_map(|row| match source.date() {
            Some(column) => Some((row, Some(int(row, column)?))),
            None => Some((row, None)),
        });
        let facts = dated.map(|(row, date)| self.fact(kind, row, date));
        facts.filter(|fact| !matches!(self.viewer, Viewer::Promoter { id } if fact.promoter != Some(id))).collect()
    }

    fn fact(&self, kind: Kind, row: &'a Row, date: Option<i64>) -> Fact<'a> {
        let own = (int(row, "promoter_id"), int(row, "promotion_id"));
        let lead = if kind == Kind::Lead { Some(row) } else { self.by_id("lead", int(row, "lead_id")) };
        let (promoter, promotion) = match kind {
            // To the owner of its lead, else to who earned.
            Kind::Sale => match lead.and_then(|lead| Some((int(lead, "promoter_id")?, int(lead, "promotion_id")))) {
                Some((promoter, promotion)) => (Some(promoter), promotion),
                None => own,
            },
            Kind::Promoter => (int(row, "id"), None),
            Kind::Promotion => (own.0, int(row, "id")),
            _ => own,
        };
        Fact { kind, row, date, promoter, promotion, lead }
    }

    /// The row, if the viewer sees this field of it.
    fn seen<'r>(&self, entity: &str, field: &str, row: Option<&'r Row>) -> Option<&'r Row> {
        let (entity, access) = (ids::entity(entity), ViewerAccess { dataset: self.dataset, viewer: self.viewer });
        row.filter(|row| access.row(entity, row, false) && access.shown(entity, field, row) != Shown::Hidden)
    }

    /// The value of a dimension. What the viewer does not see is none.
    pub fn key(&self, fact: &Fact<'_>, dimension: Dimension) -> Key {
        let number = |number: Option<i64>| number.map_or(Key::Null, Key::Int);
        let words = |word: Option<&str>| word.map_or(Key::Null, |word| Key::Text(word.to_owned()));
        let promotion = |field: &str| self.seen("Promotion", field, self.by_id("promotion", fact.promotion));
        let lead = |field: &str| self.seen("Lead", field, fact.lead);
        // A promoter's sale may stand in another promoter's commission.
        let hidden = fact.kind == Kind::Sale
            && matches!(self.viewer, Viewer::Promoter { id } if int(fact.row, "promoter_id") != Some(id));
        match dimension {
            Dimension::Reward | Dimension::Plan if hidden => Key::Null,
            Dimension::Campaign if fact.kind == Kind::Payout => number(int(fact.row, "campaign_id")),
            Dimension::Campaign => number(promotion("campaignId").and_then(|row| int(row, "campaign_id"))),
            Dimension::Promoter => number(fact.promoter),
            Dimension::Promotion => number(promotion("id").and_then(|row| int(row, "id"))),
            Dimension::ParentPromoter => {
                number(self.by_id("promoter", fact.promoter).and_then(|row| int(row, "parent_promoter_id")))
            }
            Dimension::Country => {
                let profile = fact.promoter.and_then(|id| self.dataset.find("profile", "promoter_id", &Cell::Int(id)));
                words(profile.and_then(|row| text(row, "country")))
            }
            Dimension::Offer => number(promotion("currentOfferId").and_then(|row| int(row, "current_offer_id"))),
            Dimension::Reward => number(int(fact.row, "reward_id")),
            Dimension::Tier => number(int(fact.row, "tier")),
            Dimension::LeadState => words(lead("state").and_then(|lead| named(lead, "state", LEAD_STATE))),
            Dimension::Plan => words(text(fact.row, if fact.kind == Kind::Lead { "plan_name" } else { "plan_id" })),
            Dimension::EntrySource => {
                words(lead("entrySource").and_then(|lead| named(lead, "entry_source", ENTRY_SOURCE)))
            }
            Dimension::SubId => words(lead("visitorSubId").and_then(|lead| text(lead, "visitor_sub_id"))),
            Dimension::Suspicion => words(named(fact.row, "suspicion", SUSPICION)),
            Dimension::Unit => words(named(fact.row, "unit", UNIT)),
            Dimension::CommissionStatus => words(named(fact.row, "status", COMMISSION_STATUS)),
            Dimension::PayoutStatus => words(named(fact.row, "status", PAYOUT_STATUS)),
            // What is not known is not true.
            Dimension::SelfReferral => Key::Int(i64::from(flag(fact.row, "is_self_referral") == Some(true))),
        }
    }

    /// Whether all conditions hold.
    pub fn matches(&self, fact: &Fact<'_>, filter: &[Condition]) -> bool {
        filter.iter().all(|condition| {
            let key = self.key(fact, condition.dimension);
            condition.comparisons.iter().all(|comparison| comparison.holds(&key))
        })
    }
}
