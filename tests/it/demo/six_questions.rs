//! Six questions of an analyst on the demo's data: by GraphQL, as CSV and by SQL on the views, with equal answers.

use promograph::cli::demo::fill;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};

use super::{CONFIG, now};
use crate::support::{Client, TestApp, TestDatabase, escaped, on_both};
use demo::DemoConfig;

const PROGRAMME: DemoConfig = DemoConfig { promoters: 80, leads: 1500, ..CONFIG };
const QUARTER: &str = r#"{"dates": {"from": "2025-07-01", "to": "2025-09-30"}}"#;
const YEAR: &str = r#"{"dates": {"from": "2024-11-01", "to": "2025-10-31"}}"#;
const ZONE: &str = "America/New_York";

/// The cells of each row of an answer in JSON: texts as they are, numbers as digits, null as nothing.
fn cells(rows: &Value, columns: &[&str]) -> Vec<Vec<String>> {
    let cell = |row: &Value, path: &&str| match row.pointer(&format!("/{}", path.replace('.', "/"))) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    rows.as_array().unwrap().iter().map(|row| columns.iter().map(|path| cell(row, path)).collect()).collect()
}

/// The rows of a CSV file without quotes, behind its header.
async fn csv(client: &Client, file: &str, parameters: &[(&str, &str)], columns: &[&str]) -> Vec<Vec<String>> {
    let mut query = format!("fields={}", columns.join(","));
    for (name, value) in parameters {
        query = query + "&" + name + "=" + &escaped(value);
    }
    let text = client.get(&format!("/export/{file}.csv?{query}")).await.text;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(&*columns.join(",")), "{text}");
    lines.map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect()).collect()
}

/// The rows of a statement, whose columns are all text. `bi.` is written as the database's views are called.
async fn sql(test: &TestDatabase, statement: &str) -> Vec<Vec<String>> {
    let is_sqlite = test.database.backend == DbBackend::Sqlite;
    let statement = if is_sqlite { statement.replace("bi.", "bi_") } else { statement.to_owned() };
    let statement = Statement::from_string(test.database.backend, statement);
    let rows = test.database.write.query_all_raw(statement).await.unwrap();
    let cell = |row: &sea_orm::QueryResult, column: &String| {
        row.try_get::<Option<String>>("", column).unwrap().unwrap_or_default()
    };
    rows.iter().map(|row| row.column_names().iter().map(|column| cell(row, column)).collect()).collect()
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

async fn report(client: &Client, arguments: &str, fields: &str) -> Value {
    client.data(&format!("{{ performance({arguments}) {{ nodes {{ {fields} }} }} }}")).await["performance"]["nodes"]
        .take()
}

/// `{"a": 1}` as GraphQL writes it.
fn literal(json: &str) -> String {
    let mut text = json.to_owned();
    for name in ["dates", "from", "to"] {
        text = text.replace(&format!("\"{name}\""), name);
    }
    text
}

#[tokio::test]
async fn graphql_csv_and_sql_give_the_same_answers_to_six_questions() {
    on_both(async |test: TestDatabase| {
        fill(&test.database, PROGRAMME, now, |_| ()).await.unwrap();
        let admin = TestApp::new(&test).admin();
        best_campaigns(&test, &admin).await;
        monthly_conversion(&test, &admin).await;
        liability(&test, &admin).await;
        best_promoters(&test, &admin).await;
        retention(&test, &admin).await;
        cancelled_promoters(&test, &admin).await;
    })
    .await;
}

async fn best_campaigns(test: &TestDatabase, admin: &Client) {
    let columns = ["campaign.name", "netRevenue"];
    let order = r#"[{"measure": "NET_REVENUE", "direction": "DESC"}]"#;
    let by = "by: [CAMPAIGN], orderBy: [{ measure: NET_REVENUE, direction: DESC }]";
    let asked = report(admin, &format!("period: {}, {by}", literal(QUARTER)), "campaign { name } netRevenue").await;
    let asked = cells(&asked, &columns);
    assert!(asked.len() > 3 && asked.iter().all(|row| row[1] != "0"), "{asked:?}");
    let parameters = [("period", QUARTER), ("by", r#"["CAMPAIGN"]"#), ("orderBy", order)];
    assert_eq!(csv(admin, "performance", &parameters, &columns).await, asked);
    let by_sql = sql(
        test,
        "with figure as (select campaign_id, sale_amount as amount from bi.sales where created_at >= \
         '2025-07-01T00:00:00.000Z' and created_at < '2025-10-01T00:00:00.000Z' union all select campaign_id, -amount \
         from bi.commissions where unit = 'CASH' and status in ('PENDING', 'APPROVED') and created_at >= \
         '2025-07-01T00:00:00.000Z' and created_at < '2025-10-01T00:00:00.000Z') select name, cast(sum(amount) as text) \
         net from figure join bi.campaigns c on c.id = figure.campaign_id group by name order by sum(amount) desc",
    );
    // Numbers have other zeros at their end in each database.
    let number = |rows: Vec<Vec<String>>| -> Vec<(String, f64)> {
        rows.into_iter().map(|row| (row[0].clone(), row[1].parse().unwrap())).collect()
    };
    assert_eq!(number(by_sql.await), number(asked));
}

async fn monthly_conversion(test: &TestDatabase, admin: &Client) {
    let columns = ["start", "campaign.name", "referrals", "customers"];
    let arguments = format!(
        "period: {}, timezone: \"{ZONE}\", interval: MONTH, by: [CAMPAIGN], first: 1000, fill: false",
        literal(YEAR)
    );
    let fields = "start end campaign { name } referrals customers referralToCustomerRate";
    let nodes = report(admin, &arguments, fields).await;
    let asked = sorted(cells(&nodes, &columns));
    assert!(asked.len() > 24, "{asked:?}");
    let parameters =
        [("period", YEAR), ("timezone", ZONE), ("interval", "MONTH"), ("by", r#"["CAMPAIGN"]"#), ("fill", "false")];
    assert_eq!(sorted(csv(admin, "performance", &parameters, &columns).await), asked);
    let month = |column: &str| match test.database.backend {
        DbBackend::Sqlite => {
            // SQLite knows no zones: its months are those that the report tells.
            let mut months = cells(&nodes, &["start", "end"]);
            months.sort();
            months.dedup();
            let cases = months.iter().map(|month| {
                format!("when {column} >= '{}' and {column} < '{}' then '{}' ", month[0], month[1], month[0])
            });
            format!("case {}end", cases.collect::<String>())
        }
        _ => format!(
            "to_char(date_trunc('month', {column} at time zone '{ZONE}') at time zone '{ZONE}' at time zone 'UTC', \
             'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        ),
    };
    let part = |column: &str, referrals: u8| {
        format!(
            "select {} as start, campaign_id, {referrals} as referrals, {} as customers from bi.leads where state not in \
             ('MOVED', 'DENIED') and {column} >= '2024-11-01T04:00:00.000Z' and {column} < '2025-11-01T04:00:00.000Z'",
            month(column),
            1 - referrals
        )
    };
    let statement = format!(
        "select start, name, cast(sum(referrals) as text) as referrals, cast(sum(customers) as text) as customers from \
         ({} union all {}) counted join bi.campaigns c on c.id = campaign_id group by start, name",
        part("created_at", 1),
        part("customer_since", 0)
    );
    assert_eq!(sorted(sql(test, &statement).await), asked);
}

async fn cancelled_promoters(test: &TestDatabase, admin: &Client) {
    let filter = json!({ "leads": { "some": {}, "every": { "state": { "eq": "CANCELLED" } } } });
    let query =
        "query ($filter: PromoterFilter) { promoters(first: 200, filter: $filter) { nodes { firstPromoterId } } }";
    let nodes = admin.query_with(query, json!({ "filter": filter })).await.data()["promoters"]["nodes"].take();
    let asked = sorted(cells(&nodes, &["firstPromoterId"]));
    assert!(asked.len() >= 2, "{asked:?}");
    let parameters = [("filter", &*filter.to_string())];
    assert_eq!(sorted(csv(admin, "promoters", &parameters, &["firstPromoterId"]).await), asked);
    let statement = "select cast(promoter_id as text) as id from bi.leads where promoter_id is not null group by promoter_id \
        having count(*) = count(case when state = 'CANCELLED' then 1 end)";
    assert_eq!(sorted(sql(test, statement).await), asked);
}

async fn liability(test: &TestDatabase, admin: &Client) {
    let columns = ["liability", "liabilityUnknown"];
    let asked = report(admin, "first: 1", "liability liabilityUnknown").await;
    let asked = cells(&asked, &columns);
    assert!(asked[0].iter().all(|value| value != "0"), "{asked:?}");
    assert_eq!(csv(admin, "performance", &[], &columns).await, asked);
    let paid = "exists (select 1 from bi.payout_commissions l join bi.payouts p on p.id = l.payout_id where \
        l.commission_id = c.id and p.status = 'COMPLETED')";
    let owed = |when: &str| {
        format!("sum(case when status = 'APPROVED' and unit = 'CASH' and {when} and not {paid} then amount end)")
    };
    let statement = format!(
        "select cast({} as text) as liability, cast({} as text) as unknown from bi.commissions c",
        owed("is_paid = false"),
        owed("is_paid is null")
    );
    let numbers = |rows: &[Vec<String>]| rows[0].iter().map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<_>>();
    assert_eq!(numbers(&sql(test, &statement).await), numbers(&asked));
    let ages = "a: liability(age: DAYS_0_TO_30) b: liability(age: DAYS_31_TO_60) c: liability(age: DAYS_61_TO_90) \
        d: liability(age: OVER_90_DAYS)";
    let by_age = cells(&report(admin, "first: 1", ages).await, &["a", "b", "c", "d"]);
    let columns = ["DAYS_0_TO_30", "DAYS_31_TO_60", "DAYS_61_TO_90", "OVER_90_DAYS"];
    let columns = columns.map(|age| format!("liability(age:{age})"));
    assert_eq!(csv(admin, "performance", &[], &columns.each_ref().map(String::as_str)).await, by_age);
    let sum: f64 = numbers(&by_age).iter().sum();
    assert!((sum - numbers(&asked)[0]).abs() < 0.01, "{by_age:?}");
}

async fn best_promoters(test: &TestDatabase, admin: &Client) {
    let columns = ["promoter.firstPromoterId", "revenue", "previous.revenue"];
    let order = r#"[{"measure": "REVENUE", "direction": "DESC"}]"#;
    let arguments = format!(
        "period: {}, compareTo: PREVIOUS_PERIOD, by: [PROMOTER], orderBy: [{{ measure: REVENUE, direction: DESC }}], \
         first: 20",
        literal(r#"{"instants": {"from": "2025-07-01T00:00:00Z", "to": "2025-10-01T00:00:00Z"}}"#)
            .replace("\"instants\"", "instants")
    );
    let asked = report(admin, &arguments, "promoter { firstPromoterId } revenue previous { revenue }").await;
    let asked = cells(&asked, &columns);
    assert_eq!(asked.len(), 20);
    let parameters = [
        ("period", r#"{"instants": {"from": "2025-07-01T00:00:00Z", "to": "2025-10-01T00:00:00Z"}}"#),
        ("compareTo", "PREVIOUS_PERIOD"),
        ("by", r#"["PROMOTER"]"#),
        ("orderBy", order),
    ];
    let all = csv(admin, "performance", &parameters, &columns).await;
    assert_eq!(all[..20], asked[..]);
    // The 92 days before the third quarter begin on 31 March.
    let statement = "select cast(promoter_id as text) as id, cast(sum(case when created_at >= '2025-07-01T00:00:00.000Z' \
        then sale_amount else 0 end) as text) as revenue, cast(sum(case when created_at < '2025-07-01T00:00:00.000Z' then \
        sale_amount else 0 end) as text) as previous from bi.sales where created_at >= '2025-03-31T00:00:00.000Z' and \
        created_at < '2025-10-01T00:00:00.000Z' group by promoter_id order by sum(case when created_at >= \
        '2025-07-01T00:00:00.000Z' then sale_amount else 0 end) desc, promoter_id limit 20";
    assert_eq!(sql(test, statement).await, asked);
}

async fn retention(test: &TestDatabase, admin: &Client) {
    // The first cohort whose months are all before the end of the demo.
    let cohorts = admin.data("{ leadCohorts(months: 60) { cohort size periods { offset converted active } } }").await;
    let cohorts = cohorts["leadCohorts"].as_array().unwrap();
    let columns = ["cohort", "size", "offset", "converted", "active"];
    let line = |cohort: &Value, period: &Value| {
        let mut line = period.clone();
        line["cohort"] = cohort["cohort"].clone();
        line["size"] = cohort["size"].clone();
        line
    };
    let lines = cohorts
        .iter()
        .flat_map(|cohort| cohort["periods"].as_array().unwrap().iter().map(move |period| line(cohort, period)));
    let lines = cells(&lines.collect(), &columns);
    assert!(lines.len() > 1000, "every cohort has a line for each month since");
    assert_eq!(csv(admin, "cohorts", &[("months", "60")], &columns).await, lines);
    let cohort = cohorts.iter().find(|cohort| cohort["cohort"] == "2025-05-01T00:00:00.000Z").unwrap();
    let edges = ["2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11"];
    for offset in 0..6 {
        let end = format!("{}-01T00:00:00.000Z", edges[offset + 1]);
        let statement = format!(
            "select cast(count(*) as text) as size, cast(count(case when customer_since < '{end}' and (cancelled_at is null \
             or cancelled_at < customer_since or cancelled_at >= '{end}') and (cancelled_at is null or cancelled_at >= \
             customer_since) then 1 end) as text) as active from bi.leads where state not in ('MOVED', 'DENIED') and \
             created_at >= '2025-05-01T00:00:00.000Z' and created_at < '2025-06-01T00:00:00.000Z'"
        );
        let by_sql = sql(test, &statement).await;
        let by_graphql = [&cohort["size"], &cohort["periods"][offset]["active"]].map(ToString::to_string);
        assert_eq!(by_sql[0], by_graphql, "offset {offset}");
    }
}
