//! The schema's history.

use std::collections::BTreeMap;

use migration::{
    DbErr, MigrationTrait, Migrator, MigratorTrait, SchemaManager, Table, async_trait,
    columns::{add_columns, byte_order, drop_columns, drop_index, folded, index, mirrored, sort_key},
    schema::{big_integer_null, text_null},
};
use promograph::database::{Database, migrations, sqlite_url};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::{
    Backend, Promograph, TestDatabase, all_fixtures,
    events::{apply, kept},
    on_both,
};

/// Applies all webhook fixtures.
async fn fill(test: &TestDatabase) {
    let event = |(at, body): (usize, String)| kept(&format!("event-{at:04}"), body.as_bytes());
    let events: Vec<_> = all_fixtures().into_iter().enumerate().map(event).collect();
    apply(&test.database, &events).await;
    let rows = contents(test).await;
    assert!(rows["lead"].len() > 1 && rows["commission"].len() > 1 && rows["contract_document"].len() == 1, "{rows:?}");
}

/// The rows of every table, generated columns included. Leases are left out: steps take them away from servers.
async fn contents(test: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let tables = match test.backend {
        Backend::Sqlite => "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
        Backend::Postgres => "select table_name from information_schema.tables where table_schema = current_schema()",
    };
    let mut contents = BTreeMap::new();
    for table in texts(test, &[tables]).await.into_iter().flatten() {
        if table == "seaql_migrations" || table == "lease" {
            continue;
        }
        let row = match test.backend {
            Backend::Sqlite => {
                let columns =
                    format!("select 'quote(' || name || ')' from pragma_table_xinfo('{table}') order by name");
                texts(test, &[&columns]).await.into_iter().flatten().collect::<Vec<_>>().join("||' '||")
            }
            Backend::Postgres => "to_jsonb(t)::text".to_owned(),
        };
        let rows = texts(test, &[&format!("select {row} from {table} t order by 1")]).await;
        contents.insert(table, rows.into_iter().flatten().collect());
    }
    contents
}

#[tokio::test]
async fn every_step_goes_down_and_up_over_the_rows_of_all_webhooks() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        fill(&test).await;
        for step in Migrator::migrations().iter().rev() {
            let full = contents(&test).await;
            let lost = migrations::losses(&test.database, 1).await.unwrap().lost;
            let undone = async || {
                Migrator::down(db, Some(1)).await.unwrap_or_else(|error| panic!("{} down: {error}", step.name()));
                contents(&test).await
            };
            let before = undone().await;
            Migrator::up(db, Some(1)).await.unwrap_or_else(|error| panic!("{} up: {error}", step.name()));
            if lost.values().all(|rows| *rows == 0) {
                assert_eq!(contents(&test).await, full, "{} down: `migrations::losses` tells no loss", step.name());
            }
            assert_eq!(undone().await, before, "{}", step.name());
        }
        assert!(contents(&test).await.is_empty());
        Migrator::up(db, None).await.unwrap();
    })
    .await;
}

/// The columns that every mirrored table has, with their types.
async fn own_columns(test: &TestDatabase, table: &str) -> Vec<Option<String>> {
    let columns = match test.backend {
        Backend::Sqlite => {
            format!(
                "select name || lower(type) || \"notnull\" || coalesce(dflt_value, '') from pragma_table_xinfo('{table}')"
            )
        }
        Backend::Postgres => format!(
            "select column_name || data_type || is_nullable || coalesce(column_default, '') || \
                coalesce(collation_name, '') from information_schema.columns where table_name = '{table}'"
        ),
    };
    let own = ["id", "is_stub", "field_clocks", "value_times", "deleted_at", "first_seen_at", "updated_at"];
    let mut columns = texts(test, &[&columns]).await;
    columns.retain(|column| column.as_ref().is_some_and(|column| own.iter().any(|own| column.starts_with(own))));
    columns.sort();
    columns
}

/// All steps, and one more that adds fields of every kind to a mirrored table, and a mirrored table.
struct WithNewFields;

#[async_trait::async_trait]
impl MigratorTrait for WithNewFields {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut steps = Migrator::migrations();
        steps.push(Box::new(AddFields));
        steps
    }
}

struct AddFields;

impl migration::MigrationName for AddFields {
    fn name(&self) -> &'static str {
        "m99990101_000001_add_fields"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AddFields {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text_null("sample_text"),
            folded("sample_text"),
            big_integer_null("sample_number"),
            sort_key(manager, "sample_number"),
            big_integer_null("closed_by_id").extra("references promoter (id)").take(),
        ];
        add_columns(manager, "lead", columns).await?;
        manager.create_table(mirrored(manager, "sample", "id").col(text_null("code")).take()).await?;
        byte_order(manager, &["sample"]).await?;
        manager.create_index(index("lead", &["sample_number_sort", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "lead", &["sample_number_sort", "id"]).await?;
        manager.drop_table(Table::drop().table("sample").to_owned()).await?;
        let columns = ["sample_text", "sample_text_folded", "sample_number", "sample_number_sort", "closed_by_id"];
        drop_columns(manager, "lead", &columns).await
    }
}

#[tokio::test]
async fn fields_are_added_to_a_mirrored_table_that_holds_rows_and_taken_away_again() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        fill(&test).await;
        let before = contents(&test).await;
        WithNewFields::up(db, None).await.unwrap();
        let leads = before["lead"].len();
        let lowest = texts(&test, &["select cast(sample_number_sort as text) || sample_text_folded from lead"]).await;
        assert_eq!(lowest, vec![Some(i64::MIN.to_string()); leads]);

        texts(
            &test,
            &[
                "update lead set sample_number = -5, sample_text = 'a' where id = (select min(id) from lead)",
                "update lead set sample_number = 7, sample_text = 'B' where id = (select max(id) from lead)",
            ],
        )
        .await;
        let by_sample_number =
            "select cast(sample_number as text) from lead order by sample_number_sort desc, id limit 3";
        let (seven, minus_five) = (Some("7".to_owned()), Some("-5".to_owned()));
        assert_eq!(texts(&test, &[by_sample_number]).await, [seven, minus_five, None]);
        let by_name = "select sample_text from lead where sample_text is not null order by sample_text";
        assert_eq!(texts(&test, &[by_name]).await, [Some("B".to_owned()), Some("a".to_owned())], "in byte order");
        assert!(db.execute_unprepared("update lead set closed_by_id = -1").await.is_err(), "no such promoter");
        assert_eq!(own_columns(&test, "sample").await, own_columns(&test, "offer").await, "as other mirrored tables");

        WithNewFields::down(db, Some(1)).await.unwrap();
        assert_eq!(contents(&test).await, before);
    })
    .await;
}

/// Runs the statements, and returns the first column of the last one's rows as text.
async fn texts(test: &TestDatabase, statements: &[&str]) -> Vec<Option<String>> {
    let (db, mut rows) = (&test.database.write, Vec::new());
    for sql in statements {
        rows = db.query_all_raw(Statement::from_string(test.database.backend, *sql)).await.unwrap();
    }
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn stored_amounts_become_ten_thousandths_and_come_back() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        let amounts = [
            "select cast(amount as text) from commission order by id",
            "select id || '=' || amount from balance order by id",
        ];
        let steps = "select version from seaql_migrations where version > 'm20261129_000011'";
        let back = u32::try_from(texts(&test, &[steps]).await.len()).unwrap();
        Migrator::down(db, Some(back)).await.unwrap();
        texts(
            &test,
            &[
                "insert into promoter (id, first_seen_at, updated_at) values (1, 0, 0)",
                "insert into commission (id, amount, first_seen_at, updated_at) values (1, 1250, 0, 0), (2, -3, 0, 0), \
                    (3, null, 0, 0), (4, 922337203685477, 0, 0), (5, 922337203685478, 0, 0), \
                    (6, -9223372036854775807, 0, 0)",
                "insert into balance (id, promoter_id, kind, unit, amount) values ('1:paid:a', 1, 'paid', 'a', -7), \
                    ('1:paid:b', 1, 'paid', 'b', 9223372036854775807)",
            ],
        )
        .await;
        Migrator::up(db, None).await.unwrap();
        let [commissions, balances] = amounts;
        let some = |texts: &[&str]| texts.iter().map(|text| Some((*text).to_owned())).collect::<Vec<_>>();
        let mut expected = some(&["12500000", "-30000", "", "9223372036854770000", "", ""]);
        for index in [2, 4, 5] {
            expected[index] = None;
        }
        assert_eq!(texts(&test, &[commissions]).await, expected);
        assert_eq!(texts(&test, &[balances]).await, some(&["1:paid:a=-70000"]));
        texts(&test, &["update commission set amount = amount + 9 where id = 1"]).await;
        Migrator::down(db, Some(back)).await.unwrap();
        let whole = ["1250", "-3", "922337203685477"];
        assert_eq!(texts(&test, &[commissions]).await.into_iter().flatten().collect::<Vec<_>>(), whole);
        assert_eq!(texts(&test, &[balances]).await, some(&["1:paid:a=-7"]));
    })
    .await;
}

#[tokio::test]
async fn errors_of_applied_events_become_warnings_and_come_back() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        let steps = "select version from seaql_migrations where version > 'm20261129_000010'";
        let back = u32::try_from(texts(&test, &[steps]).await.len()).unwrap();
        Migrator::down(db, Some(back)).await.unwrap();
        let insert = "insert into webhook_event (id, protocol, event_type, event_id, body_hash, received_at, status, \
            error, last_delivered_at) values \
            ('a', 'v1', '', '1', '', 0, 'applied', 'not told: lead.email: expected text; lead.id: expected an id', 0), \
            ('b', 'v1', '', '2', '', 0, 'failed', 'not told: lead.id: expected an id', 0), \
            ('c', 'v1', '', '3', '', 0, 'applied', null, 0)";
        texts(&test, &[insert]).await;
        let errors = texts(&test, &["select error from webhook_event order by id"]).await;
        Migrator::up(db, None).await.unwrap();
        let warnings = texts(&test, &["select warnings from webhook_event order by id"]).await;
        let expected = r#"["lead.email: expected text","lead.id: expected an id"]"#;
        assert_eq!(warnings, [Some(expected.to_owned()), None, None]);
        let kept = texts(&test, &["select error from webhook_event order by id"]).await;
        assert_eq!(kept, [None, errors[1].clone(), None]);
        Migrator::down(db, Some(back)).await.unwrap();
        assert_eq!(texts(&test, &["select error from webhook_event order by id"]).await, errors);
    })
    .await;
}

#[tokio::test]
async fn clocks_of_fields_survive_their_new_name_and_its_undoing_loses_nothing() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        let insert = "insert into offer (id, field_clocks, first_seen_at, updated_at) values (1, '1:1:0:1:x', 0, 0)";
        texts(&test, &[insert]).await;
        let steps = "select version from seaql_migrations where version >= 'm20261130_000015'";
        let back = u32::try_from(texts(&test, &[steps]).await.len()).unwrap();
        let losses = migrations::losses(&test.database, back).await.unwrap();
        assert!(losses.keeps_events && !losses.lost.keys().any(|lost| lost.contains("field_clocks")), "{losses:?}");
        let clocks = vec![Some("1:1:0:1:x".to_owned())];
        Migrator::down(db, Some(back)).await.unwrap();
        assert_eq!(texts(&test, &["select told from offer"]).await, clocks);
        Migrator::up(db, None).await.unwrap();
        assert_eq!(texts(&test, &["select field_clocks from offer"]).await, clocks);
    })
    .await;
}

#[test]
fn every_file_of_a_step_is_a_step_in_the_order_of_their_names() {
    let steps: Vec<_> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migration/src")).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> =
        files.filter(|name| name != "lib.rs" && name != "columns.rs" && name != "views.rs").collect();
    files.sort_unstable();
    assert_eq!(steps.into_iter().map(|step| step + ".rs").collect::<Vec<_>>(), files);
}

/// As on `SQLite`: the order of lists and the ends of pages are the same on both.
#[tokio::test]
async fn every_text_of_postgresql_is_in_byte_order() {
    let test = TestDatabase::migrated(Backend::Postgres).await;
    let others = "select table_name || '.' || column_name from information_schema.columns \
        where table_schema = current_schema() and data_type = 'text' and coalesce(collation_name, '') <> 'C'";
    assert_eq!(texts(&test, &[others]).await, []);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone_and_says_so() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        let url = match test.backend {
            Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
            Backend::Postgres => test.url.clone(),
        };
        let db = Database::connect(&url).await.unwrap();
        let newer = "insert into seaql_migrations (version, applied_at) values ('m99990101_000001_later', 0)";
        db.write.execute_unprepared(newer).await.unwrap();
        for command in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["serve", "--no-migrate", "--listen", "127.0.0.1:0"],
            &["migrate", "up"],
            &["migrate", "down", "--yes"],
            &["migrate", "status"],
            &["token", "list"],
        ] {
            let (line, code) = promograph.complains(command).await;
            let expected = "this database was migrated by a newer promograph (migration m99990101_000001_later is \
                unknown here): use that version";
            assert!(code == Some(1) && line.contains(expected), "{command:?}: {line}");
        }
        db.write.execute_unprepared("delete from seaql_migrations where version like 'm9999%'").await.unwrap();
        assert!(migrations::pending(&db).await.unwrap().is_empty(), "nothing was undone");
    })
    .await;
}
