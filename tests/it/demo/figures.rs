//! The demo has something to show for every figure of the programme.

use std::collections::BTreeMap;

use demo::DemoConfig;
use promograph::{cli::demo::fill, time::parse_ms};
use serde_json::Value;

use super::{CONFIG, END, count, now};
use crate::support::{TestApp, TestDatabase, on_both};

const PROGRAMME: DemoConfig = DemoConfig { promoters: 80, leads: 2500, ..CONFIG };
/// The last complete quarter before the end, and the one before that.
const QUARTERS: [[&str; 2]; 2] = [["2025-07-01", "2025-10-01"], ["2025-04-01", "2025-07-01"]];

/// What there is on the whole and in both quarters: its date, and its rows.
const IN_EVERY_QUARTER: &str = "
    a referral | created_at | lead where state not in ('moved', 'denied')
    a lead with a sub id, by v1 | created_at | lead where visitor_sub_id is not null
    a lead with its source, by v2 | created_at | lead where entry_source is not null
    a suspicious lead | created_at | lead where suspicion <> 'no_suspicion'
    a denied lead | created_at | lead where state = 'denied'
    a moved lead | created_at | lead where state = 'moved'
    an active customer | customer_since | lead where state = 'active'
    a customer with a plan, by v1 | customer_since | lead where plan_name is not null
    a refunded customer | customer_since | lead where state = 'refunded'
    a lead that cancelled | cancelled_at | lead where customer_since is null
    a customer that cancelled | cancelled_at | lead where customer_since is not null
    a sale, by v1 | created_at | commission where sale_amount > 0 and is_paid is null
    a sale with a plan, by v2 | created_at | commission where sale_amount > 0 and plan_id is not null
    a refund with an id of its own | created_at | commission where sale_amount < 0 and sale_event_id like '%_refund'
    a sale in another currency | created_at | commission where original_sale_currency is not null
    a sale in two tiers | created_at | commission c where tier = 2 and exists (OF_SAME_SALE and other.tier = 1)
    a split sale | created_at | commission c where is_split and exists (OF_SAME_SALE and other.is_split)
    a pending commission | created_at | commission where unit = 'cash' and status = 'pending'
    an approved commission | created_at | commission where unit = 'cash' and status = 'approved'
    a denied commission | created_at | commission where unit = 'cash' and status = 'denied'
    a paid commission | created_at | commission where unit = 'cash' and is_paid
    a self-referral | created_at | commission where is_self_referral
    credits | created_at | commission where unit = 'credits'
    points | created_at | commission where unit = 'points'
    free months | created_at | commission where unit = 'free_months'
    a paid payout | paid_at | payout where unit = 'cash' and status = 'completed'
    a fulfilled payout | paid_at | payout where unit <> 'cash' and status = 'completed'
    a new promoter | joined_at | promoter where deleted_at is null
    a promoter's first referral | at | (select min(created_at) as at from lead group by promoter_id) firsts where at > 0
    an enrolment, by v2 | created_at | promotion where deleted_at is null
";
/// A commission of another promoter for the same sale.
const OF_SAME_SALE: &str = "select 1 from commission other where other.sale_event_id = c.sale_event_id and \
     other.promoter_id <> c.promoter_id";

/// What there is on the whole: how many at least.
const ON_THE_WHOLE: &str = "
    campaigns | 8 | count(*) from campaign
    states of leads | 7 | count(distinct state) from lead
    states of enrolments | 3 | count(distinct state) from promotion
    countries | 8 | count(distinct country) from profile
    promoters of one country | 10 | max(n) from (select count(*) as n from profile group by country) countries
    sub ids | 4 | count(distinct visitor_sub_id) from lead
    entry sources | 5 | count(distinct entry_source) from lead
    plans | 5 | count(distinct plan_id) from commission
    currencies | 4 | count(distinct original_sale_currency) from commission where original_sale_amount <> sale_amount
    rewards of commissions | 6 | count(distinct reward_id) from commission
    offers | 3 | count(distinct current_offer_id) from promotion
    recruited promoters | 5 | count(*) from promoter where parent_promoter_id is not null
    commissions for no sale | 1 | count(*) from commission where sale_event_id is null
    deleted commissions | 1 | count(*) from commission where deleted_at is not null
    signed contracts | 3 | count(*) from contract_document where signed_at is not null
    kinds of payout methods | 3 | count(distinct method) from payout_method
    batches of several payouts | 5 | count(*) from payments_batch where status = 'completed' and promoters_count > 1
    payouts that failed and were paid later | 1 | count(*) from payout where failed_at < paid_at
    due payouts | 1 | count(*) from payout where unit = 'cash' and status = 'pending' and due_date <= END
    fulfilments by v1 | 3 | count(*) from payout where has_issues is not null
    unknown liability | 3 | count(*) from commission where unit = 'cash' and status = 'approved' and is_paid is null
    liability of 30 days | 1 | LIABILITY and days <= 30
    liability of 60 days | 1 | LIABILITY and days between 31 and 60
    liability of 90 days | 1 | LIABILITY and days between 61 and 90
    older liability | 1 | LIABILITY and days > 90
";
/// Cash that is approved and not paid, and for how many days.
const LIABILITY: &str = "count(*) from (select *, (END - status_updated_at) / 86400000 as days from commission) c \
     where unit = 'cash' and status = 'approved' and not is_paid and deleted_at is null and not exists (select 1 from \
     payout_commission link join payout on payout.id = link.payout_id where link.commission_id = c.id and \
     payout.status = 'completed')";

/// The rows of a table in three columns.
fn rows(table: &str) -> impl Iterator<Item = [&str; 3]> {
    table.trim().lines().map(|line| {
        let cells: Vec<_> = line.trim().splitn(3, " | ").collect();
        cells.try_into().unwrap()
    })
}

#[tokio::test]
async fn every_figure_has_something_to_show_on_the_whole_and_in_the_last_two_quarters() {
    on_both(async |test: TestDatabase| {
        fill(&test.database, PROGRAMME, now, |_| ()).await.unwrap();
        let mut missing = Vec::new();
        let mut expect = async |what: String, least: u64, sql: String| {
            let sql = sql.replace("LIABILITY", LIABILITY).replace("OF_SAME_SALE", OF_SAME_SALE);
            let found = count(&test, &format!("select {}", sql.replace("END", &END.to_string()))).await;
            if found < least {
                missing.push(format!("{what}: {found} of {least}"));
            }
        };
        for [what, date, rows] in rows(IN_EVERY_QUARTER) {
            for [from, to] in QUARTERS {
                let [from_ms, to_ms] = [from, to].map(|day| parse_ms(day).unwrap());
                let sql = format!("count(*) from {rows} and {date} >= {from_ms} and {date} < {to_ms}");
                expect(format!("{what} from {from}"), 1, sql).await;
            }
        }
        for [what, least, sql] in rows(ON_THE_WHOLE) {
            expect(what.to_owned(), least.parse().unwrap(), sql.to_owned()).await;
        }
        missing.extend(without_figures(&test).await);
        assert!(missing.is_empty(), "{missing:#?}");
    })
    .await;
}

/// The measures of `performance` that are null or zero, and the dimensions that divide nothing.
async fn without_figures(test: &TestDatabase) -> Vec<String> {
    let (admin, mut missing) = (TestApp::new(test).admin(), Vec::new());
    let measures = admin.data("{ measures { name dimensions } }").await["measures"].take();
    let measures = measures.as_array().unwrap();
    let names: Vec<_> = measures.iter().map(|measure| measure["name"].as_str().unwrap()).collect();
    let dates = |[from, to]: [&str; 2]| format!("period: {{ dates: {{ from: \"{from}\", to: \"{to}\" }} }}");
    for period in [["2024-11-01", "2025-10-31"], ["2025-07-01", "2025-09-30"], ["2025-04-01", "2025-06-30"]] {
        let query = format!("{{ performance({}) {{ totals {{ {} }} }} }}", dates(period), names.join(" "));
        let totals = admin.data(&query).await["performance"]["totals"].take();
        let is_missing = |value: &Value| value.is_null() || value == 0 || value == "0";
        let without = names.iter().filter(|name| is_missing(&totals[**name]));
        missing.extend(without.map(|name| format!("{name} from {}", period[0])));
    }
    let mut dimensions = BTreeMap::<_, Vec<_>>::new();
    for (measure, name) in measures.iter().zip(&names) {
        for dimension in measure["dimensions"].as_array().unwrap() {
            dimensions.entry(dimension.as_str().unwrap()).or_default().push(*name);
        }
    }
    for (dimension, measures) in dimensions {
        let period = dates(["2025-07-01", "2025-09-30"]);
        let query = format!("{{ performance({period}, by: [{dimension}]) {{ nodes {{ {} }} }} }}", measures.join(" "));
        let rows = admin.data(&query).await["performance"]["nodes"].as_array().map_or(0, Vec::len);
        if rows < 2 {
            missing.push(format!("by {dimension}: {rows} rows"));
        }
    }
    missing
}

#[tokio::test]
async fn the_counters_of_promotions_are_what_the_report_counts() {
    on_both(async |test: TestDatabase| {
        fill(&test.database, PROGRAMME, now, |_| ()).await.unwrap();
        let document = "{ performance(period: { dates: { from: \"2023-01-01\", to: \"2025-12-31\" } }, by: [PROMOTION], first: 1000) {
            nodes { referrals customers sales grossSales revenue
                promotion { campaign { id } leadsCount customersCount salesCount salesTotal refundsTotal } } } }";
        let report = TestApp::new(&test).admin().data(document).await["performance"]["nodes"].take();
        let (mut told, mut differing) = (0, Vec::new());
        for row in report.as_array().unwrap() {
            let promotion = &row["promotion"];
            // Version 2 tells the revenue, without refunds apart.
            let total = if promotion["refundsTotal"].is_null() { "revenue" } else { "grossSales" };
            let figures = [&row["referrals"], &row["customers"], &row["sales"], &row[total]];
            let counters = ["leadsCount", "customersCount", "salesCount", "salesTotal"].map(|name| &promotion[name]);
            told += usize::from(counters[2] != 0);
            if figures != counters {
                differing.push(row);
            }
        }
        assert!(told > 20 && differing.is_empty(), "{told}: {differing:#?}");
    })
    .await;
}
