//! The demo has something to show for every figure of the programme.

use demo::DemoConfig;
use promograph::{cli::demo::fill, time::parse_ms};

use super::{CONFIG, END, count, now};
use crate::support::{TestDatabase, on_both};

const PROGRAMME: DemoConfig = DemoConfig { promoters: 80, leads: 2500, ..CONFIG };
/// The last complete quarter before the end, and the one before that.
const QUARTERS: [[&str; 2]; 2] = [["2026-07-01", "2026-10-01"], ["2026-04-01", "2026-07-01"]];

/// What there is on the whole and in both quarters: rows by the column of their date.
const IN_EVERY_QUARTER: &[(&str, &str, &str)] = &[
    ("a referral", "created_at", "from lead where state not in ('moved', 'denied')"),
    ("a lead of v1 with a sub id", "created_at", "from lead where visitor_sub_id is not null"),
    ("a lead of v2 with its source", "created_at", "from lead where entry_source is not null"),
    ("a suspicious lead", "created_at", "from lead where suspicion <> 'no_suspicion'"),
    ("a denied lead", "created_at", "from lead where state = 'denied'"),
    ("a moved lead", "created_at", "from lead where state = 'moved'"),
    ("a customer", "customer_since", "from lead where state = 'active'"),
    ("a customer of v1 with a plan", "customer_since", "from lead where plan_name is not null"),
    ("a refunded customer", "customer_since", "from lead where state = 'refunded'"),
    ("a cancellation", "cancelled_at", "from lead where state = 'cancelled'"),
    ("a cancellation of a customer", "cancelled_at", "from lead where customer_since is not null"),
    ("a sale by v1", "created_at", "from commission where sale_amount > 0 and is_paid is null"),
    ("a sale by v2 with a plan", "created_at", "from commission where sale_amount > 0 and plan_id is not null"),
    ("a refund with an id of its own", "created_at", "from commission where sale_amount < 0 and amount < 0 and \
      sale_event_id like '%_refund'"),
    ("a sale in another currency", "created_at", "from commission where original_sale_amount <> sale_amount and \
      original_sale_currency is not null"),
    ("a commission of tier 2", "created_at", "from commission c where tier = 2 and exists (select 1 from commission o \
      where o.sale_event_id = c.sale_event_id and o.tier = 1 and o.promoter_id <> c.promoter_id)"),
    ("a split sale with two commissions that share a sale id", "created_at", "from commission c where is_split and \
      exists (select 1 from commission o where o.sale_event_id = c.sale_event_id and o.is_split and o.promoter_id <> \
      c.promoter_id)"),
    ("a pending commission", "created_at", "from commission where unit = 'cash' and status = 'pending'"),
    ("an approved commission", "created_at", "from commission where unit = 'cash' and status = 'approved'"),
    ("a denied commission", "created_at", "from commission where unit = 'cash' and status = 'denied'"),
    ("a paid commission", "created_at", "from commission where unit = 'cash' and is_paid"),
    ("a self-referral", "created_at", "from commission where is_self_referral"),
    ("credits", "created_at", "from commission where unit = 'credits'"),
    ("points", "created_at", "from commission where unit = 'points'"),
    ("free months", "created_at", "from commission where unit = 'free_months'"),
    ("a paid payout", "paid_at", "from payout where unit = 'cash' and status = 'completed'"),
    ("a fulfilled payout", "paid_at", "from payout where unit <> 'cash' and status = 'completed'"),
    ("a new promoter", "joined_at", "from promoter where id > 0"),
    ("a promoter's first referral", "first_at", "from (select min(created_at) as first_at from lead group by \
      promoter_id) as first where first_at > 0"),
    ("an enrolment by v2", "created_at", "from promotion where id > 0"),
];

/// What there is on the whole: a number, and at least how large it is.
const ON_THE_WHOLE: &[(&str, u64, &str)] = &[
    ("campaigns", 8, "count(*) from campaign"),
    ("states of leads", 7, "count(distinct state) from lead"),
    ("states of enrolments", 3, "count(distinct state) from promotion"),
    ("countries", 8, "count(distinct country) from profile"),
    ("promoters of one country", 10, "max(n) from (select count(*) as n from profile group by country) as by_country"),
    ("sub ids", 4, "count(distinct visitor_sub_id) from lead"),
    ("entry sources", 5, "count(distinct entry_source) from lead"),
    ("plans", 5, "count(distinct plan_id) from commission"),
    ("currencies beside the account's", 4, "count(distinct original_sale_currency) from commission"),
    ("rewards of commissions", 6, "count(distinct reward_id) from commission"),
    ("offers", 3, "count(distinct current_offer_id) from promotion"),
    ("recruited promoters", 5, "count(*) from promoter where parent_promoter_id is not null"),
    ("commissions for no sale", 1, "count(*) from commission where sale_event_id is null and unit = 'points'"),
    ("deleted commissions", 1, "count(*) from commission where deleted_at is not null"),
    ("contracts", 3, "count(*) from contract_document where signed_at is not null"),
    ("kinds of payout methods", 3, "count(distinct method) from payout_method"),
    ("batches of several payouts", 5, "count(*) from payments_batch where status = 'completed' and promoters_count > 1"),
    ("statuses of payouts", 2, "count(distinct status) from payout where unit = 'cash'"),
    ("payouts that failed and were paid later", 1, "count(*) from payout where failed_at < paid_at"),
    ("fulfilments by v1", 3, "count(*) from payout where unit <> 'cash' and has_issues is not null"),
    ("liability that v1 does not tell", 3, "count(*) from commission where unit = 'cash' and status = 'approved' and \
      is_paid is null"),
];

/// Cash that is approved and not paid, of an age in days.
const LIABILITY: &str = "count(*) from commission c where unit = 'cash' and status = 'approved' and not is_paid and \
     deleted_at is null and not exists (select 1 from payout_commission l join payout p on p.id = l.payout_id where \
     l.commission_id = c.id and l.deleted_at is null and p.status = 'completed')";

#[tokio::test]
async fn every_figure_has_something_to_show_on_the_whole_and_in_the_last_two_quarters() {
    on_both(async |test: TestDatabase| {
        fill(&test.database, PROGRAMME, now, |_| ()).await.unwrap();
        let mut missing = Vec::new();
        let mut expect = async |what: &str, least: u64, sql: &str| {
            let found = count(&test, &format!("select {sql}")).await;
            if found < least {
                missing.push(format!("{what}: {found} of {least}"));
            }
        };
        for (what, date, rows) in IN_EVERY_QUARTER {
            for [from, to] in QUARTERS {
                let [from_ms, to_ms] = [from, to].map(|day| parse_ms(day).unwrap());
                let sql = format!("count(*) {rows} and {date} >= {from_ms} and {date} < {to_ms}");
                expect(&format!("{what} from {from}"), 1, &sql).await;
            }
        }
        for (what, least, sql) in ON_THE_WHOLE {
            expect(what, *least, sql).await;
        }
        let due = format!("count(*) from payout where unit = 'cash' and status = 'pending' and due_date <= {END}");
        expect("due payouts", 1, &due).await;
        for days in [0..31, 31..61, 61..91, 91..1000] {
            let age = format!("({END} - status_updated_at) / 86400000");
            let sql = format!("{LIABILITY} and {age} >= {} and {age} < {}", days.start, days.end);
            expect(&format!("liability of {days:?} days"), 1, &sql).await;
        }
        assert!(missing.is_empty(), "{missing:#?}");
    })
    .await;
}
