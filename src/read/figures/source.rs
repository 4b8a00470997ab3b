//! What is counted: the rows of a table, each with one date. Measures of one source are read by one statement.

use super::dimension::{JoinedRow, SALE};

/// Rows with a date.
#[derive(Debug)]
pub struct Source {
    /// What it is called.
    pub name: &'static str,
    /// The type of the catalogue whose rows they are. Their alias is `t`.
    pub entity: &'static str,
    /// How `t` is found, if it is not every row of the type's table.
    pub from: Option<&'static str>,
    /// What dimensions call the rows: the type, or `Sale`.
    pub rows: &'static str,
    /// The column of the date, as it is indexed; none for the state now.
    pub date: Option<&'static str>,
    /// Rows besides `t` that all expressions may use.
    pub joins: &'static str,
    /// Which rows count, with those that are listed.
    pub condition: &'static str,
    /// The id of the promoter to whom a row belongs.
    pub promoter: &'static str,
    /// The id of the promotion to which a row belongs, if it does to one.
    pub promotion: Option<&'static str>,
    /// The id of the lead to which a row belongs, if it is no lead.
    pub lead: Option<&'static str>,
    /// For promoters: a superset of their rows that is found by indexes, if `promoter` is no plain column.
    pub own_rows: Option<&'static str>,
}

impl Source {
    /// How the row of a role is joined: its alias, and the join, to which a condition may be added; `narrowed` if one
    /// will be. None if the source does not tell it.
    #[must_use]
    pub fn role(&self, role: JoinedRow, narrowed: bool) -> Option<(&'static str, Option<String>)> {
        let joined = |alias: &'static str, table: &str, key: &str, id: &str| {
            Some((alias, Some(format!(" left join {table} {alias} on {alias}.{key} = {id}"))))
        };
        match role {
            JoinedRow::Row => Some(("t", None)),
            // Not `r`, which scoped fields use.
            JoinedRow::Promoter => joined("m", "promoter", "id", self.promoter),
            JoinedRow::Profile => joined("f", "profile", "promoter_id", self.promoter),
            JoinedRow::Promotion if self.entity == "Promotion" => Some(("t", None)),
            JoinedRow::Promotion => joined("p", "promotion", "id", self.promotion?),
            JoinedRow::Lead if self.entity == "Lead" => Some(("t", None)),
            JoinedRow::Lead if narrowed => joined("v", "lead", "id", self.lead?),
            // Sources with a lead join it themselves.
            JoinedRow::Lead => self.lead.map(|_| ("l", None)),
        }
    }
}

/// Which leads count: neither those that were moved nor those that were denied.
macro_rules! counted_leads {
    ($alias:literal) => {
        concat!("coalesce(", $alias, ".state, '') not in ('moved', 'denied')")
    };
}
pub(super) use counted_leads;

const LEADS: Source = Source {
    name: "",
    entity: "Lead",
    from: None,
    rows: "Lead",
    date: None,
    joins: "",
    condition: counted_leads!("t"),
    promoter: "t.promoter_id",
    promotion: Some("t.promotion_id"),
    lead: None,
    own_rows: None,
};

/// Leads by the time of their sign-up.
pub static LEADS_CREATED: Source = Source { name: "leads by createdAt", date: Some("created_at_sort"), ..LEADS };

/// Leads by the time of their first payment.
pub static LEADS_PAYING: Source = Source {
    name: "leads by customerSince",
    date: Some("customer_since_sort"),
    // Named for the index.
    condition: "t.customer_since is not null and coalesce(t.state, '') not in ('moved', 'denied')",
    ..LEADS
};

/// Leads by the time of their cancellation.
pub static LEADS_CANCELLED: Source = Source {
    name: "leads by cancelledAt",
    date: Some("cancelled_at_sort"),
    // Named for the index.
    condition: concat!("t.cancelled_at is not null and ", counted_leads!("t")),
    ..LEADS
};

/// Leads as they are now.
pub static LEADS_NOW: Source = Source { name: "leads now", ..LEADS };

/// The first lead of each promoter, by the time of its sign-up. Few promoters are looked up instead of all leads.
pub static FIRST_LEADS: Source = Source {
    name: "first leads by createdAt",
    date: Some("created_at_sort"),
    from: Some(
        "promoter g join lead t on t.id = (select e.id from lead e where e.promoter_id = g.id and not e.is_stub and \
         e.deleted_at is null and coalesce(e.state, '') not in ('moved', 'denied') and e.created_at is not null \
         order by e.created_at_sort, e.id limit 1)",
    ),
    ..LEADS
};

const COMMISSIONS: Source = Source {
    name: "",
    entity: "Commission",
    from: None,
    rows: "Commission",
    date: None,
    joins: " left join lead l on l.id = t.lead_id",
    condition: "1 = 1",
    promoter: "t.promoter_id",
    promotion: Some("t.promotion_id"),
    lead: Some("t.lead_id"),
    own_rows: None,
};

/// Commissions by the time of their creation.
pub static COMMISSIONS_CREATED: Source =
    Source { name: "commissions by createdAt", date: Some("created_at_sort"), ..COMMISSIONS };

/// Commissions as they are now.
pub static COMMISSIONS_NOW: Source = Source { name: "commissions now", ..COMMISSIONS };

/// Sales and refunds by the time of their commission's creation: of the commissions with one sale id, and amounts that
/// are negative or not, the one of the lowest tier.
pub static SALES: Source = Source {
    name: "sales by createdAt",
    rows: SALE,
    date: Some("created_at_sort"),
    condition: "t.sale_event_id is not null and t.sale_amount is not null and not exists (select 1 from commission o \
                where o.sale_event_id = t.sale_event_id and (o.sale_amount < 0) = (t.sale_amount < 0) and not \
                o.is_stub and o.deleted_at is null and (coalesce(o.tier, 1), o.id) < (coalesce(t.tier, 1), t.id))",
    promoter: "coalesce(l.promoter_id, t.promoter_id)",
    promotion: Some("case when l.promoter_id is null then t.promotion_id else l.promotion_id end"),
    own_rows: Some(
        "t.id in (select c.id from lead ol join commission c on c.lead_id = ol.id where ol.promoter_id = {v} union \
         all select c.id from commission c where c.promoter_id = {v})",
    ),
    ..COMMISSIONS
};

const PAYOUTS: Source = Source {
    name: "",
    entity: "Payout",
    from: None,
    rows: "Payout",
    date: None,
    joins: "",
    condition: "1 = 1",
    promoter: "t.promoter_id",
    promotion: None,
    lead: None,
    own_rows: None,
};

/// Payouts by the time of their payment.
pub static PAYOUTS_PAID: Source = Source { name: "payouts by paidAt", date: Some("paid_at_sort"), ..PAYOUTS };

/// Payouts as they are now.
pub static PAYOUTS_NOW: Source = Source { name: "payouts now", ..PAYOUTS };

/// Promoters by the time of their joining.
pub static PROMOTERS_JOINED: Source = Source {
    name: "promoters by joinedAt",
    entity: "Promoter",
    rows: "Promoter",
    date: Some("joined_at_sort"),
    promoter: "t.id",
    ..PAYOUTS
};

/// Promotions by the time of their creation.
pub static PROMOTIONS_CREATED: Source = Source {
    name: "promotions by createdAt",
    entity: "Promotion",
    rows: "Promotion",
    date: Some("created_at"),
    promotion: Some("t.id"),
    ..PAYOUTS
};
