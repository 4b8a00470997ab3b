//! Every measure over the rows that it counts, by its description.

use std::collections::BTreeSet;

use super::{
    facts::{
        COMMISSION_STATUS, Fact, Kind, LEAD_STATE, PAYOUT_STATUS, SUSPICION, Source, UNIT, World, flag, int, named,
    },
    question::Dimension,
};

/// A value of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Number(Option<i128>),
    /// In 1/10,000.
    Decimal(Option<i128>),
}

impl Value {
    pub fn number(self) -> Option<i128> {
        match self {
            Self::Number(value) | Self::Decimal(value) => value,
        }
    }
}

/// What a value is computed of.
pub struct Cut<'f, 'a> {
    pub world: World<'a>,
    pub facts: &'f dyn Fn(Source) -> Vec<&'f Fact<'a>>,
    /// When the interval begins, or the period.
    pub start: i64,
    /// The unit of amounts; none for the row's own.
    pub unit: Option<&'static str>,
    pub age: Option<&'static str>,
}

/// The sources of a measure.
pub fn sources(measure: &str) -> &'static [Source] {
    use Source as S;
    match measure {
        "referrals" | "conversionRate" | "promotersActive" | "suspicious" => &[S::LeadsCreated],
        "customers" => &[S::LeadsPaying],
        "timeToConvertMedian" | "timeToConvertP90" => &[S::Conversions],
        "referralToCustomerRate" => &[S::LeadsPaying, S::LeadsCreated],
        "activeCustomers" => &[S::LeadsNow],
        "cancellations" => &[S::LeadsCancelled],
        "cancellationRate" => &[S::LeadsCancelled, S::LeadsNow, S::LeadsPaying],
        "sales" | "grossSales" | "refundCount" | "refundedAmount" | "revenue" | "averageOrderValue" => &[S::Sales],
        "refundRate" | "revenuePerCustomer" => &[S::Sales, S::LeadsPaying],
        "revenuePerReferral" => &[S::Sales, S::LeadsCreated],
        "commissions" | "earnings" | "earningsPending" | "earningsApproved" | "earningsDenied" | "earningsPaid"
        | "selfReferrals" => &[S::Commissions],
        "commissionRate" | "netRevenue" => &[S::Sales, S::Commissions],
        "payoutsPaid" => &[S::PayoutsPaid],
        "payoutsDue" => &[S::PayoutsNow],
        "liability" | "liabilityUnknown" => &[S::CommissionsNow],
        "promotersJoined" | "activationRate" => &[S::Promoters],
        "promotersFirstReferral" => &[S::FirstLeads],
        "enrolments" => &[S::Promotions],
        _ => panic!("the reference does not know {measure}"),
    }
}

/// Measures of the state now.
pub const NOW_MEASURES: &[&str] = &["activeCustomers", "payoutsDue", "liability", "liabilityUnknown"];
/// Measures that promoters do not see.
pub const STAFF_MEASURES: &[&str] = &["selfReferrals", "suspicious"];
/// Measures with the argument `unit`.
pub const AMOUNTS: &[&str] =
    &["earnings", "earningsPending", "earningsApproved", "earningsDenied", "earningsPaid", "payoutsPaid", "payoutsDue"];

fn divided(value: i128, divisor: i128) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    // Half away from zero.
    let magnitude = (2 * value.abs() + divisor.abs()) / (2 * divisor.abs());
    Some(if (value < 0) == (divisor < 0) { magnitude } else { -magnitude })
}

impl<'a> Cut<'_, 'a> {
    fn count(&self, source: Source, counts: impl Fn(&Fact<'a>) -> bool) -> i128 {
        (self.facts)(source).into_iter().filter(|fact| counts(fact)).count() as i128
    }

    fn sum(&self, source: Source, column: &str, counts: impl Fn(&Fact<'a>) -> bool) -> i128 {
        let facts = (self.facts)(source).into_iter().filter(|fact| counts(fact));
        facts.filter_map(|fact| int(fact.row, column)).map(i128::from).sum()
    }

    fn different(&self, source: Source, column: &str, counts: impl Fn(&Fact<'a>) -> bool) -> i128 {
        let facts = (self.facts)(source).into_iter().filter(|fact| counts(fact));
        facts.filter_map(|fact| int(fact.row, column)).collect::<BTreeSet<_>>().len() as i128
    }

    fn amounts(&self, source: Source, counts: impl Fn(&Fact<'a>) -> bool) -> i128 {
        // Units that are not known may differ: they are never added.
        let in_unit = |fact: &Fact<'_>| match (named(fact.row, "unit", UNIT), self.unit) {
            (None | Some("OTHER"), _) => false,
            (own, unit) => unit.is_none() || own == unit,
        };
        self.sum(source, "amount", |fact| in_unit(fact) && counts(fact))
    }

    fn cash(&self, source: Source, counts: impl Fn(&Fact<'a>) -> bool) -> i128 {
        self.sum(source, "amount", |fact| named(fact.row, "unit", UNIT) == Some("CASH") && counts(fact))
    }

    fn nearest_rank(&self, percent: usize) -> Option<i128> {
        let facts = (self.facts)(Source::Conversions).into_iter();
        let took = facts.filter_map(|fact| Some(int(fact.row, "customer_since")? - int(fact.row, "created_at")?));
        let mut took: Vec<i64> = took.collect();
        took.sort_unstable();
        // The smallest value that so many of all do not exceed.
        let rank = (took.len() * percent).div_ceil(100);
        (rank > 0).then(|| i128::from(took[rank - 1]))
    }

    fn owed(&self, paid: Option<bool>) -> i128 {
        self.cash(Source::CommissionsNow, |fact| {
            let days = int(fact.row, "status_updated_at")
                .or(int(fact.row, "created_at"))
                .map(|since| (self.world.now - since).div_euclid(86_400_000));
            let of_age = match self.age {
                None => true,
                Some("DAYS_0_TO_30") => days.is_some_and(|days| days <= 30),
                Some("DAYS_31_TO_60") => days.is_some_and(|days| (31..=60).contains(&days)),
                Some("DAYS_61_TO_90") => days.is_some_and(|days| (61..=90).contains(&days)),
                Some(_) => days.is_some_and(|days| days > 90),
            };
            let approved = named(fact.row, "status", COMMISSION_STATUS) == Some("APPROVED");
            of_age && approved && flag(fact.row, "is_paid") == paid && !self.world.is_paid_out(fact.row)
        })
    }

    /// A measure, by its description.
    pub fn value(&self, measure: &str) -> Value {
        use Source as S;
        let status = |fact: &Fact<'_>| named(fact.row, "status", COMMISSION_STATUS);
        let earned = |fact: &Fact<'_>| matches!(status(fact), Some("PENDING" | "APPROVED"));
        let refund = |fact: &Fact<'_>| int(fact.row, "sale_amount") < Some(0);
        let sale = |fact: &Fact<'_>| !refund(fact);
        let any = |_: &Fact<'_>| true;
        let referrals = || self.count(S::LeadsCreated, any);
        let customers = || self.count(S::LeadsPaying, any);
        let paid = |fact: &Fact<'_>| int(fact.row, "customer_since").is_some();
        let cancellations = || self.count(S::LeadsCancelled, paid);
        let revenue = || self.sum(S::Sales, "sale_amount", any);
        let gross = || self.sum(S::Sales, "sale_amount", sale);
        let number = |value: i128| Value::Number(Some(value));
        let rate = |value: i128, divisor: i128| Value::Decimal(divided(value * 10_000, divisor));
        match measure {
            "referrals" => number(referrals()),
            "customers" => number(customers()),
            "referralToCustomerRate" => rate(customers(), referrals()),
            "conversionRate" => {
                rate(self.count(S::LeadsCreated, |fact| int(fact.row, "customer_since").is_some()), referrals())
            }
            "timeToConvertMedian" => Value::Number(self.nearest_rank(50)),
            "timeToConvertP90" => Value::Number(self.nearest_rank(90)),
            "activeCustomers" => {
                number(self.count(S::LeadsNow, |fact| named(fact.row, "state", LEAD_STATE) == Some("ACTIVE")))
            }
            "cancellations" => number(cancellations()),
            "cancellationRate" => {
                let active = |fact: &Fact<'_>| {
                    int(fact.row, "customer_since").is_some_and(|since| since < self.start)
                        && int(fact.row, "cancelled_at").is_none_or(|at| at >= self.start)
                };
                rate(cancellations(), self.count(S::LeadsNow, active))
            }
            "sales" => number(self.count(S::Sales, sale)),
            "grossSales" => number(gross()),
            "refundCount" => number(self.count(S::Sales, refund)),
            "refundedAmount" => number(-self.sum(S::Sales, "sale_amount", refund)),
            "revenue" => number(revenue()),
            "refundRate" => rate(self.different(S::Sales, "lead_id", refund), customers()),
            "averageOrderValue" => rate(gross(), self.count(S::Sales, sale)),
            "revenuePerReferral" => rate(revenue(), referrals()),
            "revenuePerCustomer" => rate(revenue(), customers()),
            "commissions" => number(self.count(S::Commissions, any)),
            "earnings" => Value::Decimal(Some(self.amounts(S::Commissions, earned))),
            "earningsPending" => {
                Value::Decimal(Some(self.amounts(S::Commissions, |fact| status(fact) == Some("PENDING"))))
            }
            "earningsApproved" => {
                Value::Decimal(Some(self.amounts(S::Commissions, |fact| status(fact) == Some("APPROVED"))))
            }
            "earningsDenied" => {
                Value::Decimal(Some(self.amounts(S::Commissions, |fact| status(fact) == Some("DENIED"))))
            }
            "earningsPaid" => Value::Decimal(Some(self.amounts(S::Commissions, |fact| {
                flag(fact.row, "is_paid") == Some(true) || self.world.is_paid_out(fact.row)
            }))),
            // Both in minor units; amounts are told in 1/10,000 of one.
            "commissionRate" => Value::Decimal(divided(self.cash(S::Commissions, earned), revenue())),
            "netRevenue" => Value::Decimal(Some(revenue() * 10_000 - self.cash(S::Commissions, earned))),
            "payoutsPaid" => {
                let completed = |fact: &Fact<'_>| named(fact.row, "status", PAYOUT_STATUS) == Some("COMPLETED");
                Value::Decimal(Some(self.amounts(S::PayoutsPaid, completed)))
            }
            "payoutsDue" => Value::Decimal(Some(self.amounts(S::PayoutsNow, |fact| {
                named(fact.row, "status", PAYOUT_STATUS) == Some("PENDING")
                    && int(fact.row, "due_date").is_some_and(|due| due <= self.world.now)
            }))),
            "liability" => Value::Decimal(Some(self.owed(Some(false)))),
            "liabilityUnknown" => Value::Decimal(Some(self.owed(None))),
            "promotersJoined" => number(self.count(S::Promoters, any)),
            "promotersActive" => number(self.different(S::LeadsCreated, "promoter_id", any)),
            "promotersFirstReferral" => number(self.count(S::FirstLeads, any)),
            "activationRate" => {
                let activated = self.count(S::Promoters, |fact| self.world.has_referral(fact.row));
                rate(activated, self.count(S::Promoters, any))
            }
            "enrolments" => number(self.count(S::Promotions, any)),
            "selfReferrals" => {
                number(self.count(S::Commissions, |fact| flag(fact.row, "is_self_referral") == Some(true)))
            }
            "suspicious" => number(self.count(S::LeadsCreated, |fact| {
                named(fact.row, "suspicion", SUSPICION).is_some_and(|name| name != "NO_SUSPICION")
            })),
            _ => panic!("the reference does not know {measure}"),
        }
    }
}

/// Measures in cash alone, which are not divided by unit.
const CASH_MEASURES: &[&str] = &["commissionRate", "netRevenue", "liability", "liabilityUnknown"];

/// Whether a measure is told by a dimension.
pub fn tells(measure: &str, dimension: Dimension) -> bool {
    if dimension == Dimension::Unit && CASH_MEASURES.contains(&measure) {
        return false;
    }
    sources(measure).iter().map(|source| source.kind()).all(|kind: Kind| kind.tells(dimension))
}
