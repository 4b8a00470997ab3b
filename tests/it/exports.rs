//! `/export`: lists as files.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{body::Body, http::StatusCode};
use http_body_util::BodyExt as _;
use promograph::{
    auth::Viewer,
    graphql::{Api, ApiConfig, TrustedDocuments, TrustedMode},
    http::Origin,
    limits::{RateLimits, RequestLimits},
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Answer, Backend, TestApp, TestDatabase, escaped, eventually, fixture, on_both, set_rates};

async fn run(test: &TestDatabase, sql: &str) {
    test.database.write.execute_unprepared(sql).await.unwrap();
}

/// Two promoters; so many leads of the first one, and one of the second.
async fn fill(test: &TestDatabase, leads: usize) {
    run(
        test,
        "insert into promoter (id, email, is_stub, first_seen_at, updated_at) values \
        (1, 'jane@example.com', false, 0, 0), (2, 'joe@example.com', false, 0, 0)",
    )
    .await;
    let mut rows = String::from("(90000, 2, 'late@example.org', 'signup', false, 0, 0)");
    for id in 1..=leads {
        let _ = write!(rows, ", ({id}, 1, 'lead-{id}@example.org', 'active', false, 0, 0)");
    }
    run(
        test,
        &format!("insert into lead (id, promoter_id, email, state, is_stub, first_seen_at, updated_at) values {rows}"),
    )
    .await;
}

fn lines(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.text.lines().collect()
}

fn refused(answer: &Answer) -> (u16, &str, &str) {
    let message = answer.body["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{answer:?}"));
    (answer.status.as_u16(), answer.codes()[0], message)
}

#[tokio::test]
async fn a_list_is_a_file_of_csv_or_of_json_lines_with_relations_as_dotted_columns() {
    on_both(async |test: TestDatabase| {
        fill(&test, 2).await;
        run(&test, "update lead set promoter_id = null where id = 2").await;
        run(&test, "update lead set deleted_at = 1 where id = 90000").await;
        let app = TestApp::new(&test);
        let fields = "?fields=firstPromoterId,promoter.email,email,promoter.firstPromoterId,state,isExpired";
        let csv = app.admin().get(&format!("/export/leads.csv{fields}")).await;
        let expected = "firstPromoterId,promoter.email,email,promoter.firstPromoterId,state,isExpired\r\n\
            1,jane@example.com,lead-1@example.org,1,ACTIVE,\r\n\
            2,,lead-2@example.org,,ACTIVE,\r\n";
        assert_eq!(csv.text, expected);
        let headers = ["content-type", "content-disposition", "cache-control"].map(|name| &csv.headers[name]);
        let expected = ["text/csv; charset=utf-8; header=present", "attachment; filename=\"leads.csv\"", "no-store"];
        assert_eq!(headers, expected);
        assert!(csv.headers.contains_key("ratelimit-remaining"));

        let answer = app.admin().get(&format!("/export/leads.ndjson{fields}")).await;
        let expected = [
            json!({"firstPromoterId": 1, "promoter.email": "jane@example.com", "email": "lead-1@example.org",
                "promoter.firstPromoterId": 1, "state": "ACTIVE", "isExpired": null}),
            json!({"firstPromoterId": 2, "promoter.email": null, "email": "lead-2@example.org",
                "promoter.firstPromoterId": null, "state": "ACTIVE", "isExpired": null}),
        ];
        let objects: Vec<Value> = lines(&answer).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects, expected);
        assert_eq!(answer.headers["content-type"], "application/x-ndjson");

        let filter = escaped(r#"{"firstPromoterId": {"gt": 1}}"#);
        let answer = app.admin().get(&format!("/export/leads.csv?fields=firstPromoterId&filter={filter}")).await;
        assert_eq!(answer.text, "firstPromoterId\r\n2\r\n");
        let answer = app.admin().get("/export/leads.csv?fields=firstPromoterId&includeDeleted=true&filter=").await;
        assert_eq!(answer.text, "firstPromoterId\r\n1\r\n2\r\n90000\r\n");
        let nobody = escaped(r#"{"firstPromoterId": {"eq": 5}}"#);
        let answer = app.admin().get(&format!("/export/leads.csv?fields=id&filter={nobody}")).await;
        assert_eq!(answer.text, "id\r\n", "a header without rows");
        let answer = app.admin().get(&format!("/export/leads.ndjson?fields=id&filter={nobody}")).await;
        assert_eq!(answer.text, "");
    })
    .await;
}

#[tokio::test]
async fn spreadsheets_take_no_text_for_a_formula_and_numbers_stay_numbers() {
    on_both(async |test: TestDatabase| {
        let cells = [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("＝1+1", "'＝1+1"),
            ("a=b", "a=b"),
            ("a, \"b\"\r\nc", "\"a, \"\"b\"\"\r\nc\""),
            ("Größe", "Größe"),
        ];
        for (id, (text, _)) in (1..).zip(cells) {
            run(&test, &format!(
                "insert into commission (id, internal_note, amount, unit, sale_amount, is_stub, first_seen_at, updated_at) \
                    values ({id}, '{text}', -125000, 'cash', -7, false, 0, 0)"
            )).await;
        }
        let app = TestApp::new(&test);
        let path = "/export/commissions.csv?fields=amount,saleAmount,internalNote";
        let mut expected = String::from("amount,saleAmount,internalNote\r\n");
        for (_, cell) in cells {
            let _ = write!(expected, "-12.5,-7,{cell}\r\n");
        }
        assert_eq!(app.admin().get(path).await.text, expected);
        assert_eq!(app.admin().get(&format!("{path}&bom=1")).await.text, format!("\u{feff}{expected}"));

        run(&test, r#"insert into lead (id, custom_fields, is_stub, first_seen_at, updated_at) values
            (1, '{"a": [1, 0.10000000000000000555]}', false, 0, 0), (2, '-5', false, 0, 0)"#).await;
        let answer = app.admin().get("/export/leads.csv?fields=customFields").await;
        let expected = "customFields\r\n\"{\"\"a\"\": [1, 0.10000000000000000555]}\"\r\n-5\r\n";
        assert_eq!(answer.text, expected, "JSON is copied as it is");
    })
    .await;
}

#[tokio::test]
async fn every_row_is_in_the_file_once_in_the_order_of_the_ids() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let expected: Vec<_> = (1..=450).chain([90_000]).map(|id: usize| id.to_string()).collect();
        let header = ["firstPromoterId".to_owned()];
        let app = TestApp::new(&test);
        let answer = app.admin().get("/export/leads.csv?fields=firstPromoterId").await;
        assert_eq!(lines(&answer), header.iter().chain(&expected).collect::<Vec<_>>());

        // A page that is larger than a response may be is read in parts.
        let limits = RequestLimits { answer_bytes: 600, ..RequestLimits::default() };
        let small = TestApp::with(&test, limits, |_| {});
        let answer = small.admin().get("/export/leads.csv?fields=firstPromoterId").await;
        assert_eq!(lines(&answer), header.iter().chain(&expected).collect::<Vec<_>>());
        let limits = RequestLimits { answer_bytes: 60, ..RequestLimits::default() };
        let answer = TestApp::with(&test, limits, |_| {}).admin().get("/export/leads.csv").await;
        assert_eq!(refused(&answer).1, "LIMIT_EXCEEDED", "one row is too large");
    })
    .await;
}

#[tokio::test]
async fn an_export_waits_for_points_instead_of_breaking_off() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let rates = RateLimits { rate_points: 60, ..RateLimits::default() };
        let app = TestApp::with(&test, RequestLimits::default(), |state| set_rates(state, &rates));
        for _ in 0..53 {
            app.admin().data("{ __typename }").await;
        }
        // Three pages of three points, of which seven are there; one flows in every second.
        let answer = app.admin().get("/export/leads.csv?fields=id").await;
        assert_eq!(lines(&answer).len(), 452);
        let answer = app.admin().get("/export/leads.csv?fields=id").await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (429, "RATE_LIMITED"), "the first page is a request");
        assert!(answer.headers.contains_key("retry-after"));
    })
    .await;
}

#[tokio::test]
async fn an_export_shows_its_viewer_what_the_api_shows() {
    on_both(async |test: TestDatabase| {
        fill(&test, 1).await;
        let app = TestApp::new(&test);
        let header = async |client: crate::support::Client, file: &str| {
            let answer = client.get(&format!("/export/{file}.csv")).await;
            lines(&answer)[0].to_owned()
        };
        let all = header(app.admin(), "leads").await;
        let start = "id,firstPromoterId,state,stateRaw,email,uid,username,website,firstName,lastName,customerSince";
        assert!(
            all.starts_with(start) && all.contains(",promoterId,") && all.ends_with(",deletedAt,updatedAt"),
            "{all}"
        );
        assert_eq!(header(app.analyst(true), "leads").await, all);
        let masked = header(app.analyst(false), "leads").await;
        assert!(masked.starts_with("id,firstPromoterId,state,stateRaw,email,customerSince"), "{masked}");
        let own = header(app.promoter(1), "leads").await;
        assert!(own.contains(",uid,") && !own.contains("suspicion") && !own.contains("updatedAt"), "{own}");

        let path = "/export/leads.csv?fields=firstPromoterId,email,promoter.email";
        let row = "1,l***@example.org,j***@example.com";
        assert_eq!(lines(&app.analyst(false).get(path).await)[1], row);
        let answer = app.promoter(1).get(path).await;
        assert_eq!(lines(&answer)[1..], ["1,lead-1@example.org,jane@example.com"], "no row of another promoter");

        for (client, path, name) in [
            (app.analyst(false), "/export/leads.csv?fields=id,uid", "uid"),
            (app.analyst(false), "/export/leads.ndjson?fields=promoter.note", "promoter.note"),
            (app.promoter(1), "/export/leads.csv?fields=suspicion", "suspicion"),
            (app.promoter(1), "/export/payouts.csv?fields=paymentsBatch.total", "paymentsBatch.total"),
            (app.analyst(true), "/export/webhook-events.csv", "WebhookEvent"),
            (app.promoter(1), "/export/webhook-events.csv?fields=id", "WebhookEvent"),
        ] {
            let answer = client.get(path).await;
            let (status, code, message) = refused(&answer);
            assert_eq!((status, code), (403, "FORBIDDEN"), "{path}");
            assert!(message.starts_with(&format!("`{name}` ")), "{message}");
        }
        let filter = escaped(r#"{"uid": {"eq": "1"}}"#);
        let answer = app.analyst(false).get(&format!("/export/leads.csv?fields=id&filter={filter}")).await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (403, "FORBIDDEN"));
        for client in [app.anonymous(), app.bearer("nonsense")] {
            assert_eq!(refused(&client.get("/export/leads.csv").await).0, 401);
        }
        for (file, beginning) in [
            ("promoters", "id,firstPromoterId,status,"),
            ("promotions", "id,firstPromoterId,status,"),
            ("commissions", "id,firstPromoterId,status,"),
            ("payouts", "id,firstPromoterId,status,"),
        ] {
            for client in [app.admin(), app.analyst(false), app.promoter(1)] {
                let shown = header(client, file).await;
                assert!(shown.starts_with(beginning), "{file}: {shown}");
            }
        }
    })
    .await;
}

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
async fn webhook_events_are_exported_with_their_bodies_for_admins() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("seed_lead_signup")).await;
        app.settle().await;
        let answer = app.admin().get("/export/webhook-events.ndjson?fields=eventType,status,body,warnings").await;
        let event: Value = serde_json::from_str(lines(&answer)[0]).unwrap();
        assert_eq!((&event["eventType"], &event["status"]), (&json!("lead_signup"), &json!("APPLIED")));
        assert!(event["body"].as_str().unwrap().contains("lead_signup"));
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

#[tokio::test]
async fn a_wrong_request_is_told_what_is_wrong_and_what_there_is() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (path, status, code, said) in [
            ("/export/lead.csv", 404, "NOT_FOUND", "expected one of leads, promoters, "),
            ("/export/leads.xlsx", 404, "NOT_FOUND", "with the extension .csv or .ndjson"),
            ("/export/leads", 404, "NOT_FOUND", "There is no such export"),
            (
                "/export/leads.csv?filters={}",
                400,
                "BAD_REQUEST",
                "no parameter `filters` here: expected fields, bom, filter,",
            ),
            ("/export/leads.ndjson?bom=1", 400, "BAD_REQUEST", "no parameter `bom` here: expected fields, filter,"),
            ("/export/leads.csv?orderBy=id", 400, "BAD_REQUEST", "no parameter `orderBy`"),
            ("/export/webhook-events.csv?includeDeleted=true", 400, "BAD_REQUEST", "no parameter `includeDeleted`"),
            ("/export/leads.csv?fields=id&fields=id", 400, "BAD_REQUEST", "`fields` is given twice"),
            ("/export/leads.csv?bom=0&bom=1", 400, "BAD_REQUEST", "`bom` is given twice"),
            ("/export/leads.csv?bom=yes", 400, "BAD_USER_INPUT", "`bom` is \"yes\": expected 1 or 0"),
            (
                "/export/leads.csv?fields=id,emial",
                400,
                "BAD_USER_INPUT",
                "`emial` is unknown: Lead has no field `emial`, but id, ",
            ),
            ("/export/leads.csv?fields=promoter.x", 400, "BAD_USER_INPUT", "Promoter has no field `x`, but id, "),
            ("/export/leads.csv?fields=id,,state", 400, "BAD_USER_INPUT", "has no field ``"),
            ("/export/leads.csv?fields=id,id", 400, "BAD_USER_INPUT", "`id` is given twice"),
            ("/export/leads.csv?fields=commissions", 400, "BAD_USER_INPUT", "`commissions` is a list"),
            ("/export/leads.csv?fields=commissions.nodes", 400, "BAD_USER_INPUT", "`commissions.nodes` is a list"),
            ("/export/leads.csv?fields=promoter", 400, "BAD_USER_INPUT", "name a field of it, such as `promoter.id`"),
            ("/export/leads.csv?fields=email.domain", 400, "BAD_USER_INPUT", "`email`, which has no fields"),
            (
                "/export/performance.csv?fields=liability(unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "has no argument `unit`: expected age",
            ),
            (
                "/export/performance.csv?fields=referrals(unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "has no argument `unit`: expected none",
            ),
            (
                "/export/performance.csv?fields=liability(age:OLD)",
                400,
                "BAD_USER_INPUT",
                "the wrong `age`: expected DAYS_0_TO_30, ",
            ),
            ("/export/performance.csv?fields=liability(age)", 400, "BAD_USER_INPUT", "as in `earnings(unit:CASH)`"),
            ("/export/performance.csv?fields=liability(age:OLD", 400, "BAD_USER_INPUT", "as in `earnings(unit:CASH)`"),
            (
                "/export/performance.csv?fields=payoutsDue(unit:CASH,unit:CASH)",
                400,
                "BAD_USER_INPUT",
                "gives `unit` twice",
            ),
            (
                "/export/performance.csv?fields=campaign.name",
                400,
                "BAD_USER_INPUT",
                "`campaign` needs `by: [CAMPAIGN]`",
            ),
            ("/export/leads.csv?fields=commissions(first:1)", 400, "BAD_USER_INPUT", "is a list"),
            (
                "/export/cohorts.csv?fields=periods",
                400,
                "BAD_USER_INPUT",
                "no field `periods`, but offset, converted, ",
            ),
            ("/export/cohorts.csv?by=HOUR", 400, "BAD_USER_INPUT", "`by` is HOUR: expected WEEK"),
            ("/export/cohorts.csv?by=FORTNIGHT", 400, "BAD_USER_INPUT", "not \"FORTNIGHT\""),
            ("/export/leads.csv?filter=x", 400, "BAD_USER_INPUT", "`filter`: expected LeadFilter as JSON"),
            ("/export/leads.csv?filter=[1]", 400, "BAD_USER_INPUT", "filter"),
            ("/export/leads.csv?includeDeleted=maybe", 400, "BAD_USER_INPUT", "includeDeleted"),
        ] {
            let answer = app.admin().get(&path.replace('{', "%7B").replace('}', "%7D").replace('[', "%5B")).await;
            let (got_status, got_code, message) = refused(&answer);
            assert_eq!((got_status, got_code), (status, code), "{path}: {message}");
            assert!(message.contains(said), "{path}: {message}");
        }
        for (filter, said) in [
            (r#"{"emial": {"eq": "x"}}"#, "emial"),
            (r#"{"state": {"eq": "WHATEVER"}}"#, "WHATEVER"),
            (r#"{"email": {"eq": "x", "eq": "y"}}"#, "twice"),
            (r#"{"amount": {"eq": 0.12345678901234567890}}"#, "0.12345678901234567890"),
        ] {
            let answer = app.admin().get(&format!("/export/leads.csv?filter={}", escaped(filter))).await;
            let (status, code, message) = refused(&answer);
            assert_eq!((status, code), (400, "BAD_USER_INPUT"), "{message}");
            assert!(message.contains(said) || filter.contains("WHATEVER"), "{message}");
        }
        let answer = app.admin().send("POST", "/export/leads.csv", &[], Body::empty()).await;
        assert_eq!(refused(&answer).0, 405);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_finished_breaks_off_visibly() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::new(&test);
        let body = async || {
            let response = app.admin().raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
            assert_eq!(response.status(), StatusCode::OK);
            let mut body = response.into_body();
            assert!(body.frame().await.unwrap().unwrap().is_data());
            body
        };
        // The second page cannot be read.
        let mut broken = body().await;
        run(&test, "alter table lead rename to lead_away").await;
        assert!(broken.frame().await.unwrap().is_err());
        run(&test, "alter table lead_away rename to lead").await;
        // The server stops.
        let mut stopped = body().await;
        app.stop.cancel();
        assert!(stopped.frame().await.unwrap().is_err());
    })
    .await;
}

#[tokio::test]
async fn a_client_over_http_sees_that_a_file_is_not_complete() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let long = "x".repeat(200_000);
        run(&test, &format!("update lead set username = '{long}' where id = 90000")).await;
        let limits = RequestLimits { answer_bytes: 100_000, ..RequestLimits::default() };
        let app = TestApp::with(&test, limits, |_| {});
        let mut socket = TcpStream::connect(app.listen().await).await.unwrap();
        let request = format!(
            "GET /export/leads.csv?fields=firstPromoterId,username HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
             authorization: Bearer {}\r\n\r\n",
            app.token_of(Viewer::Admin)
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // The connection may also be reset.
        let _ = socket.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\n449,\r\n"), "{answer}");
        // A page is read with one row more than it has.
        assert!(!answer.contains("90000,") && !answer.ends_with("\r\n0\r\n\r\n"), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn an_export_ends_with_its_token() {
    on_both(async |test: TestDatabase| {
        fill(&test, 4_000).await;
        let app = TestApp::new(&test);
        let client = app.admin_until(2);
        let response = client.raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().unwrap().is_data());
        eventually("the token expires", async || client.query("{ __typename }").await.status == 401).await;
        // The timer may be a millisecond later than the clock.
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            frames.push(frame.is_ok());
        }
        assert!(frames.len() < 20 && frames.last() == Some(&false), "{frames:?}");
    })
    .await;
}

#[tokio::test]
async fn a_client_that_stops_reading_holds_no_connection_and_no_place() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::new(&test);
        let (admin, mut open) = (app.admin(), Vec::new());
        for _ in 0..300 {
            let response = admin.raw("GET", "/export/leads.csv?fields=id", &[], Body::empty()).await;
            assert_eq!(response.status(), StatusCode::OK, "more than may be in flight at the same time");
            let mut body = response.into_body();
            assert!(body.frame().await.unwrap().unwrap().is_data());
            open.push(body);
        }
        assert_eq!(admin.data("{ leads { totalCount } }").await["leads"]["totalCount"], 451);
        let metrics = admin.get("/metrics").await.text;
        let value = |name: &str| metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        assert_eq!(value("promograph_requests_in_flight "), Some(0.0), "{metrics}");
        assert_eq!(value("promograph_read_connections_in_use "), Some(0.0), "{metrics}");
    })
    .await;
}

#[tokio::test]
async fn where_only_trusted_documents_run_no_export_does() {
    on_both(async |test: TestDatabase| {
        let limits = RequestLimits::default();
        let trusted =
            TrustedDocuments::parse(br#"{"a": "{ leads { nodes { id } } }"}"#, TrustedMode::Only, &limits).unwrap();
        let app = TestApp::with(&test, limits, |state| {
            let config = state.api.config().clone();
            state.api = Api::new(ApiConfig { trusted_documents: Some(trusted), ..config });
        });
        let answer = app.client(Viewer::Admin).get("/export/leads.csv").await;
        assert_eq!((refused(&answer).0, refused(&answer).1), (400, "DOCUMENT_NOT_TRUSTED"));
    })
    .await;
}

#[tokio::test]
async fn an_export_is_compressed_and_open_to_pages_as_other_answers_are() {
    on_both(async |test: TestDatabase| {
        fill(&test, 450).await;
        let app = TestApp::with(&test, RequestLimits::default(), |state| {
            state.cors_origins = vec![Origin::parse("https://app.example.com").unwrap()];
        });
        let headers = [("accept-encoding", "gzip"), ("origin", "https://app.example.com"), ("accept", "image/png")];
        let response = app.admin().raw("GET", "/export/leads.csv", &headers, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.com");
        let exposed = response.headers()["access-control-expose-headers"].to_str().unwrap();
        assert!(exposed.contains("content-disposition"), "{exposed}");
    })
    .await;
}

/// The words of a line of a shell, without their quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote, mut inside) = (Vec::new(), None, false);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                words.last_mut().unwrap().push(letter);
            }
        }
    }
    words
}

#[tokio::test]
async fn the_curl_lines_of_the_docs_give_what_is_below_them() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for name in ["seed_promoter_signed_up", "seed_lead_signup"] {
            app.deliver(fixture(name)).await;
            app.settle().await;
        }
        let page = include_str!("../../docs/export.md").replace("\\\n", "");
        let block = page.split("```console\n").nth(1).unwrap().split_once("```").unwrap().0;
        let commands: Vec<_> = block.split("$ curl ").skip(1).collect();
        assert_eq!(commands.len(), 2);
        for command in commands {
            let (line, expected) = command.split_once('\n').unwrap();
            let words = words(line);
            let url = words.iter().find_map(|word| word.strip_prefix("http://127.0.0.1:8080")).unwrap();
            let parameters = words.windows(2).filter(|pair| ["-d", "--data-urlencode"].contains(&pair[0].as_str()));
            let parameters = parameters.map(|pair| {
                let (name, value) = pair[1].split_once('=').unwrap();
                format!("&{name}={}", escaped(value))
            });
            let separator = if url.contains('?') { "" } else { "?" };
            let answer = app.admin().get(&format!("{url}{separator}{}", parameters.collect::<String>())).await;
            assert_eq!(answer.text.replace('\r', ""), expected, "{line}");
        }
    })
    .await;
}
