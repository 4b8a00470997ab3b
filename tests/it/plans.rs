//! Query plans: reads use indexes, whatever is selected, also in generic plans.

use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement, TransactionTrait as _, Value};
use serde_json::json;

use crate::support::{Client, TestApp, TestDatabase, on_both, rows};

/// The tables that are large: no plan may read them from end to end.
const LARGE: [&str; 6] = ["lead", "promoter", "promotion", "webhook_event", "promoter_event", "lead_event"];

#[tokio::test]
async fn reads_of_large_tables_go_by_indexes() {
    on_both(async |mut test: TestDatabase| {
        rows::programme(&test.database.write, 3_000).await;
        rows::lineage(&test.database.write, 6_000, 1_000).await;
        test.database.write.execute_unprepared("analyze").await.unwrap();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&statements);
        test.database.read.set_metric_callback(move |info| seen.lock().unwrap().push(info.statement.clone()));
        let app = TestApp::new(&test);
        ask(&app.admin()).await;
        ask_for_lineage(&app.admin()).await;
        ask(&app.promoter(7)).await;
        let statements = statements.lock().unwrap().clone();
        assert!(statements.len() > 20, "the statements were seen");
        let apart = test.database.read.dedicated();
        for statement in statements {
            let plan = plan(&apart, &statement).await;
            for table in LARGE {
                let whole = match test.database.backend {
                    DbBackend::Sqlite => scans(&plan, &statement.sql, table),
                    _ => plan.contains(&format!("Seq Scan on {table} ")),
                };
                assert!(!whole, "{table} is read from end to end:\n{}\n{plan}", statement.sql);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_interval_of_a_row_is_looked_up() {
    on_both(async |mut test: TestDatabase| {
        if test.database.backend != DbBackend::Sqlite {
            return;
        }
        rows::programme(&test.database.write, 300).await;
        test.database.write.execute_unprepared("analyze").await.unwrap();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&statements);
        test.database.read.set_metric_callback(move |info| seen.lock().unwrap().push(info.statement.clone()));
        let app = TestApp::new(&test);
        let in_hours = r#"interval: { field: CREATED_AT, unit: HOUR, timezone: "Europe/Berlin" }"#;
        let years = r#"period: { dates: { from: "1970-01-01", to: "1971-01-01" } }"#;
        for document in [
            format!("{{ leads {{ groups({in_hours}) {{ aggregate {{ count }} }} }} }}"),
            format!("{{ promoters {{ nodes {{ leads {{ groups({in_hours}) {{ aggregate {{ count }} }} }} }} }} }}"),
            format!(
                "{{ performance({years}, interval: HOUR) {{ nodes {{ referrals revenue timeToConvertMedian promotersFirstReferral \
                 promotersJoined enrolments payoutsPaid }} }} }}"
            ),
            "{ leadCohorts(by: WEEK, months: 60) { size periods { converted cancelled revenue } } }".to_owned(),
        ] {
            app.admin().data(&document).await;
        }
        let statements = statements.lock().unwrap().clone();
        let divided: Vec<_> = statements.iter().filter(|statement| statement.sql.contains("json_each")).collect();
        assert!(divided.len() > 10, "the statements were seen");
        let apart = test.database.read.dedicated();
        for statement in divided.iter().filter(|statement| statement.sql.contains(" cell ")) {
            let plan = plan(&apart, statement).await;
            let joins = statement.sql.matches(" cell from i union ").count();
            let lookups = plan.lines().filter(|line| line.contains("AUTOMATIC COVERING INDEX (cell=?)")).count();
            assert_eq!(lookups, joins, "{}\n{plan}", statement.sql);
        }
    })
    .await;
}

async fn ask(client: &Client) {
    let cursors = client.data("{ leads { pageInfo { endCursor } } }").await;
    for document in [
        "{ lead(firstPromoterId: 7) { email promoter { email } promotion { campaign { name } } } }",
        "{ lead(firstPromoterId: 123456789) { email } }",
        r#"{ lead(email: "lead7@example.com") { id } promotion(refId: "nobody") { id } promoter(email: "x") { id } }"#,
        "{ leads(first: 10) { edges { cursor node { email promoter { email } promotion { campaign { name } } } } } }",
        "{ leads(last: 10, orderBy: [{ field: EMAIL }]) { nodes { id } } }",
        "{ promoters(first: 5) { nodes { promotions { nodes { currentOffer { name } leads(first: 3) { nodes { email } } } } } } }",
        r#"{ leads(filter: { promoterId: { eq: "cHJvbW90ZXI6Nw" } }, first: 3) { nodes { id } } }"#,
        r#"{ nodes(ids: ["cHJvbW90ZXI6Nw", "bGVhZDo3"]) { id } }"#,
        "{ promoter(firstPromoterId: 7) { email promotions { nodes { currentOffer { name } currentReferralReward { name } } } } }",
        "{ viewer { promoter { promotions { nodes { campaign { name } } } leads(first: 10) { totalCount nodes { email } } } } }",
        "{ leads(first: 100, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { promoter { email } } } }",
        r#"{ leads(filter: { promotion: { refId: { eq: "ref7" } } }, first: 5) { nodes { email } } }"#,
        r#"{ leads(filter: { createdAt: { gte: "2026-10-05T00:00:00Z", lt: "2026-10-06T00:00:00Z" } }, first: 5) { totalCount nodes { email } } }"#,
        r#"{ promoters(filter: { joinedAt: { gte: "2026-10-05T00:00:00Z" } }, first: 5) { nodes { leads(filter: { createdAt: { gt: "2026-10-05T00:00:00Z" } }) { totalCount } } } }"#,
        "{ campaigns(first: 1) { nodes { leads(first: 3) { nodes { email } } } } }",
        "{ promoters(first: 5) { nodes { leads { aggregate { count } groups(by: STATE) { aggregate { count } } } } } }",
        r#"{ leads(filter: { promoterId: { eq: "cHJvbW90ZXI6Nw" } }) { groups(by: STATE) { aggregate { count } } } }"#,
        "{ viewer { promoter { promotions(orderBy: { field: LEADS_TOTAL_COUNT }) { nodes { id } } } } }",
        r#"{ performance(period: { dates: { from: "2026-10-05", to: "2026-10-06" } }, interval: DAY) { nodes { referrals customers cancellations } } }"#,
    ] {
        client.data(document).await;
    }
    let next = "query ($c: String) { leads(first: 5, after: $c) { nodes { id } } }";
    client.query_with(next, json!({ "c": cursors["leads"]["pageInfo"]["endCursor"] })).await.data();
}

async fn ask_for_lineage(client: &Client) {
    for document in [
        "{ promoters(first: 5) { nodes { events(first: 3) { totalCount nodes { eventType } } } } }",
        "{ promoter(firstPromoterId: 7) { events(last: 3, orderBy: { field: RECEIVED_AT }) { nodes { id } } } }",
        "{ leads(first: 5) { nodes { events { edges { cursor node { status } } } } } }",
        r#"{ leads(first: 5, filter: { events: { some: { eventType: { eq: "lead_signup" } } } }) { nodes { id } } }"#,
    ] {
        client.data(document).await;
    }
}

/// The plan that the database runs the statement by.
async fn plan(db: &DatabaseConnection, statement: &Statement) -> String {
    let values = statement.values.as_ref().map_or(&[][..], |values| &values.0);
    let rows = if db.get_database_backend() == DbBackend::Sqlite {
        let explain = format!("explain query plan {}", statement.sql);
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, explain, values.to_vec());
        db.query_all_raw(explain).await.unwrap()
    } else {
        // Of a prepared statement `PostgreSQL` explains the generic plan, which the reads are set to use.
        let transaction = db.begin().await.unwrap();
        let types: Vec<_> = values.iter().map(|value| literal(value).0).collect();
        let types = if types.is_empty() { String::new() } else { format!("({})", types.join(", ")) };
        let prepare = format!("prepare explained{types} as {}", statement.sql);
        transaction.execute_unprepared(&prepare).await.unwrap();
        let values: Vec<_> = values.iter().map(|value| literal(value).1).collect();
        let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        let explain = Statement::from_string(DbBackend::Postgres, format!("explain execute explained{values}"));
        let rows = transaction.query_all_raw(explain).await.unwrap();
        transaction.execute_unprepared("deallocate explained").await.unwrap();
        rows
    };
    let column = usize::from(db.get_database_backend() == DbBackend::Sqlite) * 3;
    rows.iter().map(|row| row.try_get_by_index::<String>(column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// `PostgreSQL`'s type and literal of a parameter.
fn literal(value: &Value) -> (&'static str, String) {
    match value {
        Value::BigInt(Some(number)) => ("bigint", number.to_string()),
        Value::String(Some(text)) => ("text", format!("'{text}'")),
        Value::Bool(Some(flag)) => ("boolean", flag.to_string()),
        Value::Array(_, Some(items)) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            let ty = if items.first().is_some_and(|(ty, _)| *ty == "text") { "text[]" } else { "bigint[]" };
            let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
            (ty, format!("array[{}]::{ty}", items.join(", ")))
        }
        other => panic!("no literal for {other:?}"),
    }
}

/// Whether `SQLite` scans a table under any of its aliases without an index. A subquery that is read
/// from end to end has the same alias, and is announced as a co-routine.
fn scans(plan: &str, sql: &str, table: &str) -> bool {
    let words: Vec<_> = sql.split([' ', '(', ')', ',']).collect();
    let mut aliases: Vec<_> = words.windows(2).filter(|pair| pair[0] == table).map(|pair| pair[1]).collect();
    aliases.sort_unstable();
    aliases.dedup();
    let lines = |wanted: String| plan.lines().filter(|line| **line == wanted).count();
    aliases.into_iter().any(|alias| lines(format!("SCAN {alias}")) > lines(format!("CO-ROUTINE {alias}")))
}
