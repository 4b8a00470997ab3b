//! Reports and cohorts as files.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{body::Body, http::StatusCode};
use http_body_util::BodyExt as _;
use promograph::limits::RequestLimits;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::{fill, lines, refused, run};
use crate::support::{Backend, TestApp, TestDatabase, escaped, on_both};

/// Sales with tiers, splits, refunds, gaps and deleted rows, in January 2026.
async fn some_sales(test: &TestDatabase) {
    let rows = |values: &dyn Fn(i64) -> String, count| (1..=count).map(values).collect::<Vec<_>>().join(", ");
    let unless = |gap: bool, value: String| if gap { "null".to_owned() } else { value };
    let common = "is_stub, first_seen_at, updated_at, id";
    let ids = |count| rows(&|id| format!("(false, 0, 0, {id})"), count);
    let promotions = rows(&|id| format!("(false, 0, 0, {id}, {}, {})", 1 + id % 5, 1 + id % 3), 6);
    let leads = rows(
        &|id| {
            let promoter = unless(id % 9 == 0, (1 + id % 5).to_string());
            format!("(false, 0, 0, {id}, {promoter}, {})", unless(id % 10 == 0, (1 + id % 6).to_string()))
        },
        40,
    );
    let commissions = rows(
        &|id| {
            let sale = unless(id % 11 == 0, format!("'s{}'", id % 90));
            let amount = unless(id % 13 == 0, (id * 37 % 500 - 100).to_string());
            let (tier, lead) =
                (unless(id % 4 == 0, (id % 4).to_string()), unless(id % 7 == 0, (1 + id % 40).to_string()));
            let status = ["pending", "approved", "denied"][usize::try_from(id % 3).unwrap()];
            let unit = if id % 5 == 0 { "points" } else { "cash" };
            let deleted = unless(id % 17 != 0, "1".to_owned());
            let created = 1_767_225_600_000 + id * 8_000_000;
            format!(
                "({}, 0, 0, {id}, {}, {}, {lead}, {sale}, {amount}, {tier}, '{status}', '{unit}', {}, {created}, {deleted})",
                id % 19 == 0,
                1 + id % 5,
                1 + id % 6,
                id * 7_919
            )
        },
        300,
    );
    for sql in [
        format!("insert into campaign ({common}) values {}", ids(3)),
        format!("insert into promoter ({common}) values {}", ids(5)),
        format!("insert into promotion ({common}, promoter_id, campaign_id) values {promotions}"),
        format!("insert into lead ({common}, promoter_id, promotion_id) values {leads}"),
        format!(
            "insert into commission ({common}, promoter_id, promotion_id, lead_id, sale_event_id, sale_amount, tier, \
                status, unit, amount, created_at, deleted_at) values {commissions}"
        ),
    ] {
        run(test, &sql).await;
    }
}

#[tokio::test]
async fn a_report_is_a_file_and_the_sql_views_have_the_same_figures() {
    on_both(async |test: TestDatabase| {
        some_sales(&test).await;
        let app = TestApp::new(&test);
        let period = escaped(r#"{"dates": {"from": "2026-01-01", "to": "2026-01-31"}}"#);
        let report = format!("/export/performance.csv?period={period}&by={}", escaped(r#"["CAMPAIGN", "PROMOTER"]"#));
        let own = "campaign.firstPromoterId,promoter.firstPromoterId";
        let file = async |fields: &str| {
            let answer = app.admin().get(&format!("{report}&fields={own},{fields}")).await;
            let mut lines: Vec<_> = lines(&answer).into_iter().map(str::to_owned).collect();
            assert_eq!(lines.remove(0), format!("{own},{fields}"));
            lines.sort();
            lines
        };
        let view = async |measures: &str, from: &str| {
            let separator = if test.backend == Backend::Sqlite { "_" } else { "." };
            let text = "coalesce(cast(campaign_id as text), '') || ',' || promoter_id || ',' ||";
            let sql = format!("select {text} {measures} from bi{separator}{from} group by campaign_id, promoter_id");
            let statement = Statement::from_string(test.database.backend, sql);
            let rows = test.database.read.query_all_raw(statement).await.unwrap();
            let mut lines: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
            lines.sort();
            lines
        };
        let count = |what: &str| format!("sum(case when {what} then 1 else 0 end)");
        let (sales, refunds) = (count("not is_refund"), count("is_refund"));
        let by_sql = view(&format!("{sales} || ',' || {refunds} || ',' || sum(sale_amount)"), "sales").await;
        assert_eq!(file("sales,refundCount,revenue").await, by_sql);
        assert!(by_sql.len() > 10, "{by_sql:?}");
        let earned = "case when unit = 'CASH' and status <> 'DENIED' then amount else 0 end";
        // In ten thousandths, which both databases write alike.
        let by_sql = view(&format!("cast(round(sum({earned}) * 10000) as bigint)"), "commissions").await;
        let earned = file("earnings").await;
        let in_parts = |line: &String| {
            let (key, amount) = line.rsplit_once(',').unwrap();
            format!("{key},{}", (amount.parse::<f64>().unwrap() * 10_000.0).round())
        };
        assert_eq!(earned.iter().map(in_parts).collect::<Vec<_>>(), by_sql);

        let answer = app.promoter(2).get(&format!("{report}&fields={own},sales")).await;
        assert!(lines(&answer)[1..].iter().all(|line| line.contains(",2,")), "{answer:?}");
        let answer = app.admin().get(&report).await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (400, "BAD_USER_INPUT"));
        assert!(
            refused(&answer).2.starts_with("`fields` is needed here: some of start, end, country, "),
            "{answer:?}"
        );
        let units = "/export/performance.ndjson?fields=payoutsDue(unit:POINTS),payoutsDue(%20unit%20:%20CASH%20),liability(age:DAYS_0_TO_30)";
        let answer = app.admin().get(units).await;
        let row = json!({"payoutsDue(unit:POINTS)": "0", "payoutsDue( unit : CASH )": "0", "liability(age:DAYS_0_TO_30)": "0"});
        assert_eq!(serde_json::from_str::<Value>(&answer.text).unwrap(), row);
        let months = format!(
            "/export/performance.ndjson?period={period}&interval=MONTH&timezone=Europe/Berlin&compareTo=PREVIOUS_PERIOD"
        );
        let answer = app.admin().get(&format!("{months}&fields=start,referrals,previous.sales")).await;
        let row = json!({"start": "2025-12-31T23:00:00.000Z", "referrals": 0, "previous.sales": 0});
        assert_eq!(serde_json::from_str::<Value>(&answer.text).unwrap(), row);
        let answer = app.admin().get(&format!("{months}&fields=liability")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "state now has no interval");
    })
    .await;
}

#[tokio::test]
async fn a_report_is_computed_once_for_all_pages_of_its_file() {
    on_both(async |mut test: TestDatabase| {
        some_sales(&test).await;
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        test.database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let whole = TestApp::new(&test);
        let period = escaped(r#"{"dates": {"from": "2026-01-01", "to": "2026-01-31"}}"#);
        let path = format!("/export/performance.csv?period={period}&interval=DAY&fields=start,sales,earnings");
        let expected = whole.admin().get(&path).await;
        assert_eq!(lines(&expected).len(), 32);
        let limits = RequestLimits { answer_bytes: 1_500, ..RequestLimits::default() };
        let in_parts = TestApp::with(&test, limits, |_| {});
        count.store(0, Ordering::SeqCst);
        let response = in_parts.admin().raw("GET", &path, &[], Body::empty()).await;
        let (mut body, mut frames, mut text) = (response.into_body(), 0, Vec::new());
        while let Some(frame) = body.frame().await {
            text.extend_from_slice(frame.unwrap().data_ref().unwrap());
            frames += 1;
        }
        assert_eq!(String::from_utf8(text).unwrap(), expected.text);
        assert!(frames > 1, "{frames}");
        assert_eq!(count.load(Ordering::SeqCst), 2, "of sales and of commissions");
    })
    .await;
}

#[tokio::test]
async fn cohorts_are_a_file_with_a_line_for_each_cohort_and_month_since() {
    on_both(async |test: TestDatabase| {
        fill(&test, 3).await;
        let now = promograph::time::now_ms();
        run(&test, &format!("update lead set created_at = {now}, customer_since = {now} where id < 3")).await;
        let app = TestApp::new(&test);
        let answer = app.admin().get("/export/cohorts.csv?months=2").await;
        let lines = lines(&answer);
        assert_eq!(lines[0], "cohort,size,offset,converted,cancelled,active,sales,revenue");
        let cells: Vec<_> = lines[1..].iter().map(|line| line.split_once(',').unwrap().1).collect();
        assert_eq!(cells, ["0,0,0,0,0,0,0", "0,1,0,0,0,0,0", "2,0,2,0,2,0,0"]);
        let answer = app.admin().get("/export/cohorts.ndjson?months=1&fields=size").await;
        assert_eq!(answer.text, "{\"size\":2}\n", "without a field of the months a cohort is a line");
        let answer = app.promoter(2).get("/export/cohorts.ndjson?months=1&fields=active,size").await;
        assert_eq!(answer.text, "{\"active\":0,\"size\":0}\n", "of the promoter's own leads");
    })
    .await;
}

#[tokio::test]
async fn the_columns_that_a_report_offers_are_values_that_the_viewer_sees() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (client, staff) in [(app.admin(), true), (app.promoter(1), false)] {
            let answer = client.get("/export/performance.csv").await;
            let (.., message) = refused(&answer);
            assert!(message.starts_with("`fields` is needed here: some of start, end, "), "{message}");
            assert!(
                !message.contains("campaign") && !message.contains("previous"),
                "objects are no columns: {message}"
            );
            assert_eq!(message.contains("suspicious") && message.contains("selfReferrals"), staff, "{message}");
        }
        for (fields, said) in [
            ("previous", "name a field of it, such as `previous.referrals`"),
            (
                "previous.referrals&period={%22current%22:%22DAY%22}",
                "`previous` needs `compareTo`, such as `PREVIOUS_PERIOD`",
            ),
            (
                "earnings(unit:)",
                "the wrong `unit`: expected CASH, CREDITS, POINTS, FREE_MONTHS, MON_DISCOUNT, DISCOUNT_PER",
            ),
        ] {
            let path = format!("/export/performance.csv?fields={fields}").replace('{', "%7B").replace('}', "%7D");
            let answer = app.admin().get(&path).await;
            let (_, code, message) = refused(&answer);
            assert!(code == "BAD_USER_INPUT" && message.ends_with(said), "{message}");
        }
        let answer = app.promoter(1).get("/export/performance.csv?fields=suspicious").await;
        assert_eq!(refused(&answer).1, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn too_many_columns_with_arguments_are_counted_as_columns() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let units = ["CASH", "CREDITS", "DISCOUNT_PER", "FREE_MONTHS", "MON_DISCOUNT", "POINTS"];
        let amounts =
            ["earnings", "earningsPending", "earningsApproved", "earningsDenied", "earningsPaid", "payoutsPaid"];
        let columns = amounts.iter().flat_map(|amount| units.iter().map(move |unit| format!("{amount}(unit:{unit})")));
        let columns: Vec<_> = columns.collect();
        let answer = app.admin().get(&format!("/export/performance.csv?fields={}", columns.join(","))).await;
        let said = "`fields` has 36 columns with arguments: at most 30 are allowed";
        assert_eq!((refused(&answer).1, refused(&answer).2), ("LIMIT_EXCEEDED", said));
    })
    .await;
}
