//! The schema's history.

use migration::{Migrator, MigratorTrait as _};
use promograph::database::{Database, history, sqlite_url};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};

use crate::support::{Backend, Promograph, TestDatabase, on_both};

#[tokio::test]
async fn every_step_goes_up_and_down_and_up_again() {
    on_both(async |test: TestDatabase| {
        Migrator::down(&test.database.write, None).await.unwrap();
        Migrator::up(&test.database.write, None).await.unwrap();
    })
    .await;
}

/// Runs the statements, and gives the first column of the last one's rows as text.
async fn texts(test: &TestDatabase, statements: &[&str]) -> Vec<Option<String>> {
    let (db, mut rows) = (&test.database.write, Vec::new());
    for sql in statements {
        rows = db.query_all_raw(Statement::from_string(test.database.backend, *sql)).await.unwrap();
    }
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn amounts_that_are_stored_are_kept_in_ten_thousandths_and_come_back() {
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
async fn what_applied_events_said_in_their_error_becomes_warnings_and_comes_back() {
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
        let losses = history::losses(&test.database, back).await.unwrap();
        assert!(losses.keeps_events && !losses.lost.keys().any(|lost| lost.contains("field_clocks")), "{losses:?}");
        let clocks = vec![Some("1:1:0:1:x".to_owned())];
        Migrator::down(db, Some(back)).await.unwrap();
        assert_eq!(texts(&test, &["select told from offer"]).await, clocks);
        Migrator::up(db, None).await.unwrap();
        assert_eq!(texts(&test, &["select field_clocks from offer"]).await, clocks);
    })
    .await;
}

#[tokio::test]
async fn every_entity_matches_its_table() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        entity::address_token_cutoff::Entity::find().one(db).await.unwrap();
        entity::api_token::Entity::find().one(db).await.unwrap();
        entity::balance::Entity::find().one(db).await.unwrap();
        entity::campaign::Entity::find().one(db).await.unwrap();
        entity::change_notice::Entity::find().one(db).await.unwrap();
        entity::commission::Entity::find().one(db).await.unwrap();
        entity::commission_event::Entity::find().one(db).await.unwrap();
        entity::contract_document::Entity::find().one(db).await.unwrap();
        entity::kept_notice::Entity::find().one(db).await.unwrap();
        entity::lead::Entity::find().one(db).await.unwrap();
        entity::lead_event::Entity::find().one(db).await.unwrap();
        entity::lease::Entity::find().one(db).await.unwrap();
        entity::offer::Entity::find().one(db).await.unwrap();
        entity::payments_batch::Entity::find().one(db).await.unwrap();
        entity::payout::Entity::find().one(db).await.unwrap();
        entity::payout_commission::Entity::find().one(db).await.unwrap();
        entity::payout_method::Entity::find().one(db).await.unwrap();
        entity::profile::Entity::find().one(db).await.unwrap();
        entity::promoter::Entity::find().one(db).await.unwrap();
        entity::promoter_event::Entity::find().one(db).await.unwrap();
        entity::promoter_token_cutoff::Entity::find().one(db).await.unwrap();
        entity::promotion::Entity::find().one(db).await.unwrap();
        entity::revocation::Entity::find().one(db).await.unwrap();
        entity::reward::Entity::find().one(db).await.unwrap();
        entity::webhook_event::Entity::find().one(db).await.unwrap();
    })
    .await;
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
        assert!(history::pending(&db).await.unwrap().is_empty(), "nothing was undone");
    })
    .await;
}
