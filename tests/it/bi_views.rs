//! The SQL views for BI tools.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use migration::{Migrator, MigratorTrait as _};
use promograph::{
    graphql::catalog::CATALOG,
    read::model::{EntityType, FieldKind, Visibility},
};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};

use crate::support::{
    Backend, TestApp, TestDatabase, all_fixtures,
    events::{apply, kept},
    on_both,
};

/// The views and the mirrored tables whose rows they show.
const SHOWN: [(&str, &[&str]); 14] = [
    ("campaigns", &["campaign"]),
    ("offers", &["offer"]),
    ("rewards", &["reward"]),
    ("promoters", &["promoter", "profile"]),
    ("balances", &["balance"]),
    ("promotions", &["promotion"]),
    ("leads", &["lead"]),
    ("commissions", &["commission"]),
    ("sales", &["commission"]),
    ("payments_batches", &["payments_batch"]),
    ("payout_methods", &["payout_method"]),
    ("payouts", &["payout"]),
    ("payout_commissions", &[]),
    ("contract_documents", &["contract_document"]),
];

/// The same for `bi_pii`.
const SHOWN_WITH_CONTACT_DATA: [(&str, &[&str]); 7] = [
    ("promoters", &["promoter", "profile"]),
    ("promotions", &["promotion"]),
    ("leads", &["lead"]),
    ("commissions", &["commission"]),
    ("payments_batches", &["payments_batch"]),
    ("payout_methods", &["payout_method"]),
    ("payouts", &["payout"]),
];

/// A statement over the views of `PostgreSQL`, as this database understands it.
fn translated(test: &TestDatabase, sql: &str) -> String {
    match test.backend {
        Backend::Postgres => sql.to_owned(),
        Backend::Sqlite => sql.replace("bi_pii.", "bi_pii_").replace("bi.", "bi_"),
    }
}

async fn run(test: &TestDatabase, sql: &str) {
    test.database
        .write
        .execute_unprepared(&translated(test, sql))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The rows of a statement over text columns, with ` | ` between them.
async fn lines(test: &TestDatabase, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(test.database.backend, translated(test, sql));
    let rows = test.database.write.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let line = |row: &sea_orm::QueryResult| {
        let values = (0..row.column_names().len()).map(|at| row.try_get_by_index::<Option<String>>(at).unwrap());
        values.map(|value| value.unwrap_or_else(|| "null".to_owned())).collect::<Vec<_>>().join(" | ")
    };
    rows.iter().map(line).collect()
}

/// The lines with their decimal numbers as short as can be: the databases write zeros behind them as they like.
fn numbers(lines: &[String]) -> Vec<String> {
    let short = |value: &str| match value.parse::<f64>() {
        Ok(_) if value.contains('.') => value.trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => value.to_owned(),
    };
    lines.iter().map(|line| line.split(" | ").map(short).collect::<Vec<_>>().join(" | ")).collect()
}

/// The columns of a view with their types, in their order.
async fn columns(test: &TestDatabase, schema: &str, view: &str) -> Vec<(String, String)> {
    let sql = match test.backend {
        Backend::Sqlite => format!("select name, lower(type) from pragma_table_xinfo('{schema}_{view}') order by cid"),
        Backend::Postgres => format!(
            "select column_name::text, data_type::text from information_schema.columns \
                where table_schema = '{schema}' and table_name = '{view}' order by ordinal_position"
        ),
    };
    let split = |line: &String| {
        let (name, kind) = line.split_once(" | ").unwrap();
        (name.to_owned(), kind.replace("timestamp with time zone", "timestamptz"))
    };
    lines(test, &sql).await.iter().map(split).collect()
}

/// Applies all webhook fixtures.
async fn fill(test: &TestDatabase) {
    let event = |(at, body): (usize, String)| kept(&format!("event-{at:04}"), body.as_bytes());
    apply(&test.database, &all_fixtures().into_iter().enumerate().map(event).collect::<Vec<_>>()).await;
}

fn type_of(table: &str) -> &'static EntityType {
    CATALOG.iter().find(|entity| entity.table == table).unwrap()
}

fn page() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bi.md")).unwrap()
}

fn sql_blocks(page: &str) -> Vec<&str> {
    page.split("```sql\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

#[tokio::test]
async fn the_views_have_the_columns_and_types_that_the_docs_list() {
    on_both(async |test: TestDatabase| {
        let views = [("bi", "currency")].into_iter().chain(SHOWN.map(|(view, _)| ("bi", view)));
        let views = views.chain(SHOWN_WITH_CONTACT_DATA.map(|(view, _)| ("bi_pii", view)));
        let mut table = String::from("| View | Columns |\n|---|---|\n");
        let page = page();
        for (schema, view) in views {
            let columns = columns(&test, schema, view).await;
            let name = format!("{schema}.{view}");
            if test.backend == Backend::Postgres {
                let columns: Vec<_> = columns.iter().map(|(column, kind)| format!("`{column}` {kind}")).collect();
                let _ = writeln!(table, "| `{name}` | {} |", columns.join(", "));
                continue;
            }
            // One that is missing is noticed on PostgreSQL.
            let line = page.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` | ")));
            let Some(listed) = line else { continue };
            let listed: Vec<_> = listed.trim_end_matches(" |").split(", ").collect();
            assert_eq!(listed.len(), columns.len(), "{name}: {columns:?}");
            for (listed, (column, kind)) in listed.into_iter().zip(columns) {
                let (name_of, kind_of) = listed.strip_prefix('`').unwrap().split_once("` ").unwrap();
                let same = match kind_of {
                    "integer" | "bigint" => ["integer", "bigint", "int", ""].contains(&kind.as_str()),
                    "numeric" => ["real", "num", "numeric", ""].contains(&kind.as_str()),
                    "timestamptz" | "text" => ["text", ""].contains(&kind.as_str()),
                    other => other == kind || kind.is_empty(),
                };
                assert!(name_of == column && same, "{name}: {listed} is {column} {kind}");
            }
        }
        if test.backend == Backend::Postgres {
            assert!(page.ends_with(&table), "docs/bi.md has to end with\n\n{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_views_show_the_rows_that_the_api_lists() {
    on_both(async |test: TestDatabase| {
        fill(&test).await;
        let mut compared = 0;
        for hidden in [None, Some("is_stub = true"), Some("deleted_at = 1")] {
            for (view, tables) in SHOWN {
                let Some(entity) = tables.first().map(|table| type_of(table)) else { continue };
                if let (Some(hidden), true) = (hidden, entity.mirrored) {
                    let table = entity.table;
                    run(
                        &test,
                        &format!(
                            "update {table} set {hidden} where id = (select min(id) from {table} \
                        where not is_stub and deleted_at is null)"
                        ),
                    )
                    .await;
                }
                if view == "sales" || view == "balances" {
                    continue;
                }
                let listed =
                    TestApp::new(&test).admin().data(&format!("{{ {} {{ totalCount }} }}", entity.plural)).await;
                let shown = lines(&test, &format!("select cast(count(*) as text) from bi.{view}")).await;
                assert_eq!(shown[0], listed[entity.plural]["totalCount"].to_string(), "{view} {hidden:?}");
                compared += usize::from(shown[0] != "0");
            }
        }
        assert!(compared > 20, "{compared}");
    })
    .await;
}

#[tokio::test]
async fn contact_data_is_in_bi_pii_alone() {
    on_both(async |test: TestDatabase| {
        fill(&test).await;
        let mut marks: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for entity in CATALOG.iter().filter(|entity| entity.table != "webhook_event") {
            for field in &entity.fields {
                let contact = [Visibility::Contact, Visibility::ContactEmail, Visibility::StaffContact];
                if contact.contains(&field.visibility) {
                    let (table, column) = (entity.table, field.column);
                    let mark = format!("mark of {table} {column}.");
                    run(&test, &format!("update {table} set {column} = '{mark}'")).await;
                    marks.entry(table).or_default().push(mark);
                }
            }
        }
        assert!(marks.values().map(Vec::len).sum::<usize>() > 35, "{marks:?}");
        let content = async |schema: &str, view: &str| {
            let names: Vec<_> = columns(&test, schema, view).await.into_iter().map(|(name, _)| name).collect();
            let texts: Vec<_> = names.iter().map(|name| format!("coalesce(cast({name} as text), '')")).collect();
            lines(&test, &format!("select {} from {schema}.{view}", texts.join(" || ' ' || "))).await.concat()
        };
        for (view, _) in SHOWN {
            let plain = content("bi", view).await;
            assert!(!plain.contains("mark of"), "{view}: {plain}");
        }
        for (view, tables) in SHOWN_WITH_CONTACT_DATA {
            let shown = content("bi_pii", view).await;
            for mark in tables.iter().flat_map(|table| marks.remove(table).unwrap()) {
                assert!(shown.contains(&mark), "bi_pii.{view}: {mark}");
            }
        }
        assert!(marks.is_empty(), "no view shows {marks:?}");
    })
    .await;
}

#[tokio::test]
async fn enums_are_shown_as_the_api_shows_them() {
    on_both(async |test: TestDatabase| {
        run(&test, "insert into promoter (id, is_stub, first_seen_at, updated_at) values (1, false, 0, 0)").await;
        let mut compared = 0;
        for (view, tables) in SHOWN.into_iter().filter(|(view, _)| *view != "sales") {
            for entity in tables.iter().map(|table| type_of(table)) {
                for field in &entity.fields {
                    let FieldKind::Enum(kind) = field.kind else { continue };
                    let (table, column) = (entity.table, field.column);
                    for text in kind.values.iter().flat_map(|value| value.raw).copied().chain(["unheard_of"]) {
                        let values = if entity.mirrored {
                            format!(
                                "(id, {column}, is_stub, first_seen_at, updated_at) values (2, '{text}', false, 0, 0)"
                            )
                        } else {
                            let other = if column == "kind" { "unit" } else { "kind" };
                            format!("(id, promoter_id, {column}, {other}, amount) values ('2', 1, '{text}', '', 0)")
                        };
                        run(&test, &format!("insert into {table} {values}")).await;
                        let own = if entity.mirrored { "id = 2" } else { "promoter_id = 1" };
                        let shown = lines(&test, &format!("select {column} from bi.{view} where {own}")).await;
                        assert_eq!(shown, [kind.value_of(text)], "{table}.{column} {text}");
                        run(
                            &test,
                            &format!("delete from {table} where id = {}", if entity.mirrored { "2" } else { "'2'" }),
                        )
                        .await;
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 80, "{compared}");
    })
    .await;
}

const COMMISSION: &str = "insert into commission (is_stub, first_seen_at, updated_at, id, promoter_id, lead_id, status, \
    unit, amount, sale_event_id, sale_amount, tier, is_paid, created_at) values ";

/// A campaign with two promoters: the lead is promoter 1's, and promoter 2 recruited that one.
async fn a_programme(test: &TestDatabase) {
    for sql in [
        "insert into campaign (is_stub, first_seen_at, updated_at, id, name) values (false, 0, 0, 1, 'Main')",
        "insert into promoter (is_stub, first_seen_at, updated_at, id) values (false, 0, 0, 1), (false, 0, 0, 2)",
        "insert into promotion (is_stub, first_seen_at, updated_at, id, promoter_id, campaign_id) \
            values (false, 0, 0, 1, 1, 1)",
        // 2026-01-01T00:00:00.001Z, and two days later.
        "insert into lead (is_stub, first_seen_at, updated_at, id, promoter_id, promotion_id, state, created_at) values \
            (false, 0, 0, 1, 1, 1, 'active', 1767225600001), (false, 0, 0, 2, 1, 1, 'signup', 1767398400001), \
            (false, 0, 0, 3, 1, 1, 'signup', 1767398400999)",
        &format!(
            "{COMMISSION} \
            (false, 0, 0,  9, 2, 1, 'approved', 'cash', 500000,  's1',  55555, 2,    false, 1767225600000), \
            (false, 0, 0, 12, 1, 1, 'approved', 'cash', 2000000, 's1',  10000, null, false, 1767225600000), \
            (false, 0, 0, 13, 2, 1, 'denied',   'cash', 10000,   's1',  99999, 1,    null,  1767225600000), \
            (false, 0, 0, 15, 1, 1, 'approved', 'cash', -500000, 's1',  -2501, 1,    null,  1769904000000), \
            (false, 0, 0, 16, 2, null, 'pending', 'cash', 12345, 's2',  1999,  2,    null,  1767225600000), \
            (false, 0, 0, 17, 2, null, 'pending', 'points', 70000, null, null, null, null,  1767225600000), \
            (false, 0, 0, 11, 2, 1, 'approved', 'cash', 500000,  's1',  77777, 1,    true,  1767225600000)"
        ),
        "update commission set promotion_id = 1 where promoter_id = 1",
        "update commission set deleted_at = 1 where id = 11",
    ] {
        run(test, sql).await;
    }
}

#[tokio::test]
async fn a_sale_is_one_row_of_the_lowest_tier_and_belongs_to_the_owner_of_the_lead() {
    on_both(async |test: TestDatabase| {
        a_programme(&test).await;
        // Without an amount it is no sale.
        run(&test, &format!("{COMMISSION} (false, 0, 0, 10, 2, 1, 'pending', 'cash', 1, 's1', null, 1, null, 0)"))
            .await;
        let sales = "select sale_event_id, cast(commission_id as text), cast(promoter_id as text), \
            cast(promotion_id as text), \
            cast(sale_amount as text), cast(cast(sale_amount_major as decimal(9, 2)) as text) \
            from bi.sales order by commission_id";
        let expected =
            ["s1 | 12 | 1 | 1 | 10000 | 100", "s1 | 15 | 1 | 1 | -2501 | -25.01", "s2 | 16 | 2 | null | 1999 | 19.99"];
        assert_eq!(numbers(&lines(&test, sales).await), expected);
    })
    .await;
}

#[tokio::test]
async fn money_has_major_units_and_times_are_exact() {
    on_both(async |test: TestDatabase| {
        a_programme(&test).await;
        let amounts = "select unit, cast(cast(amount as decimal(9, 4)) as text), \
            cast(cast(amount_major as decimal(9, 6)) as text) from bi.commissions where id in (12, 16, 17) order by id";
        assert_eq!(numbers(&lines(&test, amounts).await), ["CASH | 200 | 2", "CASH | 1.2345 | 0.012345", "POINTS | 7 | null"]);
        // As the docs tell for a currency without cents.
        match test.backend {
            Backend::Postgres => run(&test, "create or replace view bi.currency as select 1 as minor_units").await,
            Backend::Sqlite => {
                run(&test, "drop view bi_currency; create view bi_currency as select 1 as minor_units").await;
            }
        }
        assert_eq!(numbers(&lines(&test, amounts).await), ["CASH | 200 | 200", "CASH | 1.2345 | 1.2345", "POINTS | 7 | null"]);

        let times = match test.backend {
            Backend::Sqlite => "select created_at from bi.leads order by id",
            Backend::Postgres => {
                "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') from bi.leads order by id"
            }
        };
        for (ms, text) in [
            (1_767_225_600_001_i64, "2026-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            run(&test, &format!("update lead set created_at = {ms}")).await;
            assert_eq!(lines(&test, times).await[0], text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_recipes_of_the_docs_give_what_they_say() {
    on_both(async |test: TestDatabase| {
        a_programme(&test).await;
        let page = page();
        let [_, metabase, grafana, superset] = sql_blocks(&page)[..] else { panic!("docs/bi.md has four statements") };
        let as_text = |columns: &str, sql: &str| format!("select {columns} from ({sql}) as recipe");

        let metabase = metabase.replace("{{from}}", "'2026-01-01'").replace("{{to}}", "'2026-02-01'");
        let columns = "campaign, cast(round(revenue) as text), cast(round(net_revenue * 100) as text)";
        let shown = lines(&test, &as_text(columns, &metabase)).await;
        // 100.00 of s1, less the 2.00 that promoter 1 earned through the campaign.
        assert_eq!(numbers(&shown), ["Main | 100 | 9800"]);

        let between = "created_at between '2026-01-01T00:00:00.000Z' and '2026-01-31T00:00:00.000Z'";
        let seconds = match test.backend {
            Backend::Sqlite => "cast(strftime('%s', created_at) as integer)",
            Backend::Postgres => "floor(extract(epoch from created_at) / 86400)::bigint * 86400",
        };
        let grafana = grafana
            .replace("$__timeFilter(created_at)", between)
            .replace("$__timeGroupAlias(created_at, '1d')", &format!("{seconds} as \"time\""));
        let shown = lines(&test, &as_text("cast(\"time\" as text), metric, cast(leads as text)", &grafana)).await;
        assert_eq!(shown, ["1767225600 | ACTIVE | 1", "1767398400 | SIGNUP | 2"]);

        let superset = match test.backend {
            Backend::Sqlite => {
                superset.replace("date_trunc('month', approved_at)", "strftime('%Y-%m-01', approved_at)")
            }
            Backend::Postgres => superset.to_owned(),
        };
        let owed = as_text("substr(cast(month as text), 1, 10), cast(round(owed * 100) as text)", &superset);
        let shown = async || numbers(&lines(&test, &owed).await);
        assert_eq!(shown().await, ["2026-01-01 | 250"], "paid, denied and untold ones are left out");
        run(
            &test,
            "insert into payout (is_stub, first_seen_at, updated_at, id, status) values (false, 0, 0, 1, 'completed')",
        )
        .await;
        run(
            &test,
            "insert into payout_commission (is_stub, first_seen_at, updated_at, id, payout_id, commission_id) \
            values (false, 0, 0, 1, 1, 12)",
        )
        .await;
        assert_eq!(shown().await, ["2026-01-01 | 50"], "in a completed payout");
    })
    .await;
}

#[tokio::test]
async fn the_role_of_the_docs_reads_the_plain_views_and_nothing_else() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    a_programme(&test).await;
    let (page, role) = (page(), format!("bi_reader_{}", std::process::id()));
    run(&test, &sql_blocks(&page)[0].replace("bi_reader", &role)).await;
    // A view that a later version adds.
    run(&test, "create view bi.later as select 1 as one").await;
    for (sql, allowed) in [
        ("select id from bi.leads", true),
        ("select sale_amount_major from bi.sales", true),
        ("select one from bi.later", true),
        ("select id from bi_pii.leads", false),
        ("select id from lead", false),
        ("select body from webhook_event", false),
        ("create table bi.mine (id bigint)", false),
    ] {
        let transaction = test.database.write.begin().await.unwrap();
        transaction.execute_unprepared(&format!("set local role {role}")).await.unwrap();
        assert_eq!(transaction.execute_unprepared(sql).await.is_ok(), allowed, "{sql}");
        transaction.rollback().await.unwrap();
    }
    run(&test, &format!("drop owned by {role}; drop role {role}")).await;
}

#[tokio::test]
async fn a_role_that_may_not_create_schemas_is_told_what_an_administrator_has_to_do() {
    let test = TestDatabase::empty(Backend::Postgres).await;
    let role = format!("app_{}", std::process::id());
    run(&test, &format!("create role {role}; grant all on schema public to {role}")).await;
    let migrate = async || {
        let transaction = test.database.write.begin().await.unwrap();
        transaction.execute_unprepared(&format!("set local role {role}")).await.unwrap();
        let migrated = Migrator::up(&transaction, None).await;
        transaction.rollback().await.unwrap();
        migrated
    };
    let error = migrate().await.unwrap_err().to_string();
    let remedy = format!("`create schema bi authorization \"{role}\"`");
    assert!(error.contains(&remedy), "{error}");
    for schema in ["bi", "bi_pii"] {
        run(&test, &format!("create schema {schema} authorization {role}")).await;
    }
    migrate().await.expect("it uses the schemas that are there");
    run(&test, &format!("drop owned by {role}; drop role {role}")).await;
}
