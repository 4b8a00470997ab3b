//! What is measured: every measure, declared once. The list reads from top to bottom as a report does.

use super::{
    component::{FigureComponent, UnitChoice, count, distinct, nearest_rank, opening, sum},
    dimension::{self, DIMENSIONS, Told},
    source::{
        COMMISSIONS_CREATED, COMMISSIONS_NOW, FIRST_LEADS, LEADS_CANCELLED, LEADS_CREATED, LEADS_NOW, LEADS_PAYING,
        PAYOUTS_NOW, PAYOUTS_PAID, PROMOTERS_JOINED, PROMOTIONS_CREATED, SALES,
    },
};

/// A measure.
#[derive(Debug)]
pub struct Measure {
    /// The field, such as `netRevenue`.
    pub name: &'static str,
    /// The form of its values.
    pub kind: MeasureKind,
    /// What it is, with its formula over the tables.
    pub description: &'static str,
    /// FirstPromoter's column that it is nearest to.
    pub vendor_name: Option<&'static str>,
    /// Why it is approximate; none if it is exact.
    pub approximate: Option<&'static str>,
    /// The field that its time is; none for the state now.
    pub date: Option<&'static str>,
    /// What it is computed from.
    pub components: &'static [&'static FigureComponent],
    /// Computes it from the values of its components.
    pub compute: fn(&[Option<i128>]) -> Option<i128>,
    /// Only admins and analysts see it.
    pub staff: bool,
}

/// The form of a measure's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// A number; 0 when nothing.
    Count,
    /// Money in minor units; 0 when nothing.
    Money,
    /// A decimal, in 1/10,000: an amount in the unit of the argument `unit`; 0 when nothing.
    Amount,
    /// A decimal, in 1/10,000: money in minor units; 0 when nothing.
    ExactMoney,
    /// A decimal, in 1/10,000: money in minor units; null where it is divided by nothing.
    MoneyPerUnit,
    /// A decimal, in 1/10,000: a part of 1; null where it is divided by nothing.
    Rate,
    /// Milliseconds; null when there is none.
    Duration,
    /// A decimal, in 1/10,000: money in minor units by the argument `age`; 0 when nothing.
    Liability,
}

impl MeasureKind {
    /// Its unit, as `measures` tells it.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Money | Self::ExactMoney | Self::MoneyPerUnit | Self::Liability => "MONEY",
            Self::Amount => "AMOUNT",
            Self::Rate => "RATE",
            Self::Duration => "MILLISECONDS",
        }
    }

    /// Whether values are in 1/10,000.
    #[must_use]
    pub fn is_decimal(self) -> bool {
        !matches!(self, Self::Count | Self::Money | Self::Duration)
    }

    /// Whether there may be none.
    #[must_use]
    pub fn is_nullable(self) -> bool {
        matches!(self, Self::MoneyPerUnit | Self::Rate | Self::Duration)
    }
}

/// `value / 10,000` is one.
const ONE: i128 = 10_000;

fn only(values: &[Option<i128>]) -> Option<i128> {
    values[0]
}

fn negative(values: &[Option<i128>]) -> Option<i128> {
    values[0].map(|value| -value)
}

fn difference(values: &[Option<i128>]) -> Option<i128> {
    Some(values[0]? * ONE - values[1]?)
}

/// Rounded half away from zero.
fn quotient(values: &[Option<i128>]) -> Option<i128> {
    super::rounded_quotient(values[0]?.checked_mul(ONE)?, values[1]?)
}

/// As [`quotient`], of a decimal.
fn decimal_quotient(values: &[Option<i128>]) -> Option<i128> {
    super::rounded_quotient(values[0]?, values[1]?)
}

/// Whether a commission is part of a completed payout.
macro_rules! linked_to_payout {
    () => {
        "exists (select 1 from payout_commission pc join payout po on po.id = pc.payout_id where pc.commission_id = t.id \
         and not pc.is_stub and pc.deleted_at is null and not po.is_stub and po.deleted_at is null and po.status = \
         'completed')"
    };
}

const PAYING: &str = "t.customer_since is not null";
const EARNED: &str = "t.status in ('pending', 'approved')";

/// Paid: by the flag, or as part of a completed payout.
const PAID_ONE: &str = concat!("(t.is_paid or ", linked_to_payout!(), ")");
const OWED: &str = concat!("t.status = 'approved' and t.is_paid = false and not ", linked_to_payout!());
const OWED_PERHAPS: &str = concat!("t.status = 'approved' and t.is_paid is null and not ", linked_to_payout!());

static REFERRALS: FigureComponent = count(&LEADS_CREATED, "");
static CONVERTED: FigureComponent = count(&LEADS_CREATED, PAYING);
static CUSTOMERS: FigureComponent = count(&LEADS_PAYING, "");
static CANCELLATIONS: FigureComponent = count(&LEADS_CANCELLED, PAYING);
static ACTIVE_NOW: FigureComponent = count(&LEADS_NOW, "t.state in ('active', 'customer')");
/// Customers are active from their first payment to their cancellation.
static ACTIVE_AT_FIRST: FigureComponent =
    count(&LEADS_NOW, "t.customer_since < {from} and (t.cancelled_at is null or t.cancelled_at >= {from})");
static CAME: FigureComponent = count(&LEADS_PAYING, "t.cancelled_at is null or t.cancelled_at >= t.customer_since");
static WENT: FigureComponent = count(&LEADS_CANCELLED, "t.cancelled_at >= t.customer_since");
static ACTIVE_AT_START: FigureComponent = opening(&ACTIVE_AT_FIRST, &CAME, &WENT);
static CONVERSION_MEDIAN: FigureComponent = nearest_rank(&LEADS_PAYING, "t.customer_since - t.created_at", 50);
static CONVERSION_P90: FigureComponent = nearest_rank(&LEADS_PAYING, "t.customer_since - t.created_at", 90);
static REFERRERS: FigureComponent = distinct(&LEADS_CREATED, "t.promoter_id", "");
static SUSPICIOUS: FigureComponent = count(&LEADS_CREATED, "t.suspicion <> 'no_suspicion'");
static SALE_COUNT: FigureComponent = count(&SALES, "t.sale_amount >= 0");
static GROSS_SALES: FigureComponent = sum(&SALES, "t.sale_amount", "t.sale_amount >= 0");
static REFUND_COUNT: FigureComponent = count(&SALES, "t.sale_amount < 0");
static REFUNDED_AMOUNT: FigureComponent = sum(&SALES, "t.sale_amount", "t.sale_amount < 0");
static REVENUE: FigureComponent = sum(&SALES, "t.sale_amount", "");
static REFUNDED_CUSTOMERS: FigureComponent = distinct(&SALES, "t.lead_id", "t.sale_amount < 0");
static COMMISSIONS: FigureComponent = count(&COMMISSIONS_CREATED, "");
static EARNINGS: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", EARNED).in_unit();
static CASH_EARNINGS: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", EARNED).in_cash();
static PENDING: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", "t.status = 'pending'").in_unit();
static APPROVED: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", "t.status = 'approved'").in_unit();
static DENIED: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", "t.status = 'denied'").in_unit();
static PAID: FigureComponent = sum(&COMMISSIONS_CREATED, "t.amount", PAID_ONE).in_unit();
static SELF_REFERRALS: FigureComponent = count(&COMMISSIONS_CREATED, "t.is_self_referral");
static PAYOUTS_PAID_SUM: FigureComponent = sum(&PAYOUTS_PAID, "t.amount", "t.status = 'completed'").in_unit();
static PAYOUTS_DUE_SUM: FigureComponent =
    sum(&PAYOUTS_NOW, "t.amount", "t.status = 'pending' and t.due_date <= {now}").in_unit();
static LIABILITY: FigureComponent = sum(&COMMISSIONS_NOW, "t.amount", OWED).in_cash().by_age();
static LIABILITY_UNKNOWN: FigureComponent = sum(&COMMISSIONS_NOW, "t.amount", OWED_PERHAPS).in_cash().by_age();
static JOINED: FigureComponent = count(&PROMOTERS_JOINED, "");
static ACTIVATED: FigureComponent = count(
    &PROMOTERS_JOINED,
    "exists (select 1 from lead e where e.promoter_id = t.id and not e.is_stub and e.deleted_at is null and \
     coalesce(e.state, '') not in ('moved', 'denied'))",
);
static FIRST_REFERRALS: FigureComponent = count(&FIRST_LEADS, "");
static ENROLMENTS: FigureComponent = count(&PROMOTIONS_CREATED, "");

const REWARDED_SALES: &str = "sales that earned no commission are not told by webhooks";
const V1_PAID: &str = "version 1 webhooks do not tell what is paid, approved or deleted later";

const fn exact(
    name: &'static str,
    kind: MeasureKind,
    date: &'static str,
    components: &'static [&'static FigureComponent],
    compute: fn(&[Option<i128>]) -> Option<i128>,
    description: &'static str,
) -> Measure {
    Measure {
        name,
        kind,
        description,
        vendor_name: None,
        approximate: None,
        date: Some(date),
        components,
        compute,
        staff: false,
    }
}

impl Measure {
    const fn named_by_vendor(self, name: &'static str) -> Self {
        Self { vendor_name: Some(name), ..self }
    }

    const fn approximate(self, why: &'static str) -> Self {
        Self { approximate: Some(why), ..self }
    }

    const fn state_now(self) -> Self {
        Self { date: None, ..self }
    }

    const fn for_staff(self) -> Self {
        Self { staff: true, ..self }
    }

    /// The measure of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        MEASURES.iter().find(|measure| measure.name == name)
    }

    /// What is read for it: the names of its sources, with what is computed over them apart, and whether values of parts
    /// add up to that of the whole.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.components.iter().flat_map(|component| component.sources())
    }

    /// The names of the dimensions that all its components are divided by.
    pub fn dimensions(&self) -> impl Iterator<Item = &'static str> {
        DIMENSIONS.iter().filter(|dimension| self.is_told_by(dimension.told_by)).map(|dimension| dimension.name)
    }

    /// Whether these columns exist for all its components. What is in cash alone is not told by unit.
    #[must_use]
    pub fn is_told_by(&self, told_by: &'static [Told]) -> bool {
        self.components.iter().all(|component| {
            let told = dimension::find(told_by, component.source);
            told.is_some_and(|told| component.unit != UnitChoice::Cash || told.field != "unit")
        })
    }

    /// Its description with its date, FirstPromoter's name and its exactness.
    #[must_use]
    pub fn full_description(&self) -> String {
        let date =
            self.date.map_or_else(|| "State now: ignores the period.".to_owned(), |date| format!("By `{date}`."));
        let vendor = self.vendor_name.map_or_else(String::new, |name| format!(" FirstPromoter: `{name}`."));
        let exactness = self.approximate.map_or_else(|| "EXACT.".to_owned(), |why| format!("APPROXIMATE: {why}."));
        format!("{} {date}{vendor} {exactness}", self.description)
    }

    /// Whether it takes the argument `unit`.
    #[must_use]
    pub fn takes_unit(&self) -> bool {
        self.kind == MeasureKind::Amount
    }

    /// Whether it takes the argument `age`.
    #[must_use]
    pub fn takes_age(&self) -> bool {
        self.kind == MeasureKind::Liability
    }
}

/// The figures of cohorts, by the names of their fields: leads by creation, payment and cancellation, and their sales.
/// Customers that are active came and did not go.
pub static COHORT_FIGURES: [(&str, &[&FigureComponent]); 6] = [
    ("size", &[&REFERRALS]),
    ("converted", &[&CUSTOMERS]),
    ("cancelled", &[&CANCELLATIONS]),
    ("active", &[&CAME, &WENT]),
    ("sales", &[&SALE_COUNT]),
    ("revenue", &[&REVENUE]),
];

/// All measures, in the order of the schema.
pub static MEASURES: [Measure; 37] = {
    use MeasureKind::{Amount, Count, Duration, ExactMoney, Liability, Money, MoneyPerUnit, Rate};
    [
        exact("referrals", Count, "Lead.createdAt", &[&REFERRALS], only, "Referred people: leads that were created in the period, in any state but moved and denied.").named_by_vendor("referrals_count"),
        exact("customers", Count, "Lead.customerSince", &[&CUSTOMERS], only, "Leads whose first payment was in the period. A returning customer is not counted again.").named_by_vendor("customers_count"),
        exact("referralToCustomerRate", Rate, "Lead.customerSince, Lead.createdAt", &[&CUSTOMERS, &REFERRALS], quotient, "`customers` / `referrals`, each of the period by its own date: may be above 1, as customers were often referred earlier.").named_by_vendor("referrals_to_customers_cr"),
        exact("conversionRate", Rate, "Lead.createdAt", &[&CONVERTED, &REFERRALS], quotient, "The part of the period's referrals that have paid until now. Grows for recent periods."),
        exact("timeToConvertMedian", Duration, "Lead.customerSince", &[&CONVERSION_MEDIAN], only, "Milliseconds from a lead's creation to the first payment, of the customers of the period: the median (nearest rank)."),
        exact("timeToConvertP90", Duration, "Lead.customerSince", &[&CONVERSION_P90], only, "Milliseconds from a lead's creation to the first payment, of the customers of the period: nine in ten took no longer (nearest rank)."),
        exact("activeCustomers", Count, "", &[&ACTIVE_NOW], only, "Leads that are currently in the state active.").named_by_vendor("active_customers_count").state_now(),
        exact("cancellations", Count, "Lead.cancelledAt", &[&CANCELLATIONS], only, "Customers who cancelled in the period: leads that have ever paid. Of a lead only the last cancellation is known, so past periods change.").named_by_vendor("cancelled_customers_count"),
        exact("cancellationRate", Rate, "Lead.cancelledAt", &[&CANCELLATIONS, &ACTIVE_AT_START], quotient, "`cancellations` / customers at the beginning of the period: those who had paid and had not cancelled by then.").named_by_vendor("monthly_churn").approximate("of a lead only the last cancellation is known, and FirstPromoter's formula is not"),
        exact("sales", Count, "Commission.createdAt", &[&SALE_COUNT], only, "Sales: of the commissions with one sale id the one of the lowest tier counts, once. Denied ones count too; a commission without a sale id is not a sale.").named_by_vendor("sales_count").approximate(REWARDED_SALES),
        exact("grossSales", Money, "Commission.createdAt", &[&GROSS_SALES], only, "Sum of the amounts of `sales`, in minor units.").approximate(REWARDED_SALES),
        exact("refundCount", Count, "Commission.createdAt", &[&REFUND_COUNT], only, "Refunds: commissions of negative sales, each sale id once.").named_by_vendor("refunds_count").approximate("only refunds of sales that earned a commission are told"),
        exact("refundedAmount", Money, "Commission.createdAt", &[&REFUNDED_AMOUNT], negative, "Sum of the refunds, as a positive number of minor units.").approximate("only refunds of sales that earned a commission are told"),
        exact("revenue", Money, "Commission.createdAt", &[&REVENUE], only, "`grossSales` - `refundedAmount`, in minor units.").named_by_vendor("revenue_amount").approximate(REWARDED_SALES),
        exact("refundRate", Rate, "Commission.createdAt, Lead.customerSince", &[&REFUNDED_CUSTOMERS, &CUSTOMERS], quotient, "Leads with a refund in the period / `customers`.").approximate("only refunds of sales that earned a commission are told"),
        exact("averageOrderValue", MoneyPerUnit, "Commission.createdAt", &[&GROSS_SALES, &SALE_COUNT], quotient, "`grossSales` / `sales`, in minor units.").approximate(REWARDED_SALES),
        exact("revenuePerReferral", MoneyPerUnit, "Commission.createdAt, Lead.createdAt", &[&REVENUE, &REFERRALS], quotient, "`revenue` / `referrals`, in minor units.").approximate(REWARDED_SALES),
        exact("revenuePerCustomer", MoneyPerUnit, "Commission.createdAt, Lead.customerSince", &[&REVENUE, &CUSTOMERS], quotient, "`revenue` / `customers`, in minor units: what was observed, not a lifetime value.").approximate(REWARDED_SALES),
        exact("commissions", Count, "Commission.createdAt", &[&COMMISSIONS], only, "Commissions that were created in the period, in any status."),
        exact("earnings", Amount, "Commission.createdAt", &[&EARNINGS], only, "What promoters earned: sum of the pending and approved commissions of the period, refunds subtracted. They belong to the promoter who earns them.").named_by_vendor("promoter_earnings_amount").approximate(V1_PAID),
        exact("earningsPending", Amount, "Commission.createdAt", &[&PENDING], only, "Sum of the commissions of the period that are currently pending.").approximate(V1_PAID),
        exact("earningsApproved", Amount, "Commission.createdAt", &[&APPROVED], only, "Sum of the commissions of the period that are currently approved, paid or not.").approximate(V1_PAID),
        exact("earningsDenied", Amount, "Commission.createdAt", &[&DENIED], only, "Sum of the commissions of the period that are currently denied.").approximate(V1_PAID),
        exact("earningsPaid", Amount, "Commission.createdAt", &[&PAID], only, "Sum of the commissions of the period that are currently paid: `isPaid`, or part of a completed payout.").approximate(V1_PAID),
        exact("commissionRate", Rate, "Commission.createdAt", &[&CASH_EARNINGS, &REVENUE], decimal_quotient, "`earnings` in cash / `revenue`.").approximate(REWARDED_SALES),
        exact("netRevenue", ExactMoney, "Commission.createdAt", &[&REVENUE, &CASH_EARNINGS], difference, "`revenue` - `earnings` in cash, in minor units. By promoter it mixes two: revenue belongs to the owner of the lead, earnings to who earns them.").named_by_vendor("net_revenue_amount").approximate(REWARDED_SALES),
        exact("payoutsPaid", Amount, "Payout.paidAt", &[&PAYOUTS_PAID_SUM], only, "Sum of the completed payouts, by the time of payment.").named_by_vendor("promoter_paid_amount"),
        exact("payoutsDue", Amount, "", &[&PAYOUTS_DUE_SUM], only, "Sum of the pending payouts whose due date has come.").state_now(),
        exact("liability", Liability, "", &[&LIABILITY], only, "What is owed to promoters in cash, in minor units: approved commissions that are not paid and part of no completed payout, whether or not they are in an open one. An age may be negative after refunds. By age: days since the last change of status, else since creation.").state_now(),
        exact("liabilityUnknown", Liability, "", &[&LIABILITY_UNKNOWN], only, "Approved cash commissions of which nothing tells whether they are paid, as of version 1 webhooks. Not part of `liability`.").state_now(),
        exact("promotersJoined", Count, "Promoter.joinedAt", &[&JOINED], only, "Promoters who joined in the period."),
        exact("promotersActive", Count, "Lead.createdAt", &[&REFERRERS], only, "Promoters with a referral in the period."),
        exact("promotersFirstReferral", Count, "Lead.createdAt", &[&FIRST_REFERRALS], only, "Promoters whose first referral was in the period (activation)."),
        exact("activationRate", Rate, "Promoter.joinedAt", &[&ACTIVATED, &JOINED], quotient, "The part of the promoters who joined in the period that have a referral by now."),
        exact("enrolments", Count, "Promotion.createdAt", &[&ENROLMENTS], only, "Promotions that were created in the period: promoters who entered a campaign."),
        exact("selfReferrals", Count, "Commission.createdAt", &[&SELF_REFERRALS], only, "Number of commissions where FirstPromoter takes the promoter for the customer. Not for promoters.").for_staff().approximate("version 1 webhooks do not tell it"),
        exact("suspicious", Count, "Lead.createdAt", &[&SUSPICIOUS], only, "Number of referrals of the period with a suspicion of fraud. Not for promoters.").for_staff(),
    ]
};
