//! Search ignores case and composition of letters, on both databases.

use entity::lease;
use migration::{Migrator, MigratorTrait as _};
use promograph::projection::{Changes, Projector, ProjectorConfig, StepOutcome, lease::Lease};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, EntityTrait as _, QueryResult, Statement};
use serde_json::{Map, Value, json};

use crate::support::{TestApp, TestDatabase, on_both};

/// Letters, and what they fold to.
fn table() -> Vec<(char, String)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/case-folding.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let letter = |code: &str| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (from, to) = line.split_once(' ').unwrap();
        (letter(from), to.split(' ').map(letter).collect())
    });
    rows.collect()
}

/// Campaigns with these names, numbered from 1, folded by this rule; also at an earlier step of the migrations.
async fn campaigns(db: &DatabaseConnection, names: &[String], fold: fn(&str) -> String) {
    let rows: Vec<_> = (1_i64..).zip(names).collect();
    for rows in rows.chunks(500) {
        let places = (0..rows.len()).map(|row| 3 * row);
        let places = places.map(|row| format!("(${}, ${}, ${}, false, 0, 0)", row + 1, row + 2, row + 3));
        let places = places.collect::<Vec<_>>().join(", ");
        let sql =
            format!("insert into campaign (id, name, name_folded, is_stub, first_seen_at, updated_at) values {places}");
        let values = rows.iter().flat_map(|(id, name)| [(*id).into(), (*name).clone().into(), fold(name).into()]);
        let insert = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(insert).await.unwrap();
    }
}

/// The names that each of these filters finds.
async fn found(app: &TestApp, filters: &[Value]) -> Vec<Vec<String>> {
    let variables: Map<_, _> =
        filters.iter().enumerate().map(|(at, filter)| (format!("f{at}"), filter.clone())).collect();
    let declared: Vec<_> = (0..filters.len()).map(|at| format!("$f{at}: CampaignFilter ")).collect();
    let fields =
        (0..filters.len()).map(|at| format!("c{at}: campaigns(first: 20, filter: $f{at}) {{ nodes {{ name }} }} "));
    let document = format!("query({}) {{ {} }}", declared.concat(), fields.collect::<Vec<_>>().concat());
    let data = app.admin().query_with(&document, Value::Object(variables)).await.data();
    let names = |at| {
        let nodes = data[format!("c{at}")]["nodes"].as_array().unwrap().iter();
        let mut names: Vec<_> = nodes.map(|node| node["name"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        names
    };
    (0..filters.len()).map(names).collect()
}

#[tokio::test]
async fn text_is_found_in_any_case_and_composition() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let names = ["ΟΔΥΣΣΕΥΣ Travel", "Straße 7", "STRASSE 8", "Jose\u{301}", "José", "100% _ok"];
        for (name, id) in names.iter().zip(1..) {
            let told = json!({"state": "accepted", "promoter": {"id": 1}, "promotion": {"id": id},
                "campaign": {"id": id, "name": name}});
            let event = json!({"id": id, "type": "promoter_accepted", "created_at": "2026-05-01T12:00:00Z"});
            app.deliver(json!({"event": event, "data": told}).to_string()).await;
        }
        app.settle().await;
        for (comparator, needle, expected) in [
            ("startsWith", "ΟΔΥΣ", &names[..1]),
            ("startsWith", "οδυς", &names[..1]),
            ("contains", "ΣΣ", &names[..1]),
            ("contains", "ςσευς t", &names[..1]),
            ("contains", "STRASSE", &names[1..3]),
            ("startsWith", "straße", &names[1..3]),
            ("contains", "raẞ", &names[1..3]),
            ("contains", "jos\u{e9}", &names[3..5]),
            ("startsWith", "JOSE\u{301}", &names[3..5]),
            ("contains", "jose", &names[..0]),
            ("contains", "%", &names[5..]),
            ("contains", "_", &names[5..]),
            ("startsWith", "1%", &names[..0]),
        ] {
            let filter = json!({"name": {comparator: needle}});
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found(&app, &[filter]).await, [expected], "{comparator} {needle}");
        }
    })
    .await;
}

#[tokio::test]
async fn both_databases_fold_the_whole_of_unicode_s_table_alike() {
    let table = table();
    for (letter, folded) in &table {
        assert_eq!(folding::fold(&letter.to_string()), *folded, "{letter:?}");
    }
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let names: Vec<_> = table.iter().map(|(letter, _)| format!("x{letter}x")).collect();
        campaigns(&test.database.write, &names, folding::fold).await;
        for rows in table.chunks(20) {
            let filter = |(letter, folded): &(char, String)| {
                json!({"name": {"contains": format!("X{folded}x"), "startsWith": format!("x{letter}X")}})
            };
            let found = found(&app, &rows.iter().map(filter).collect::<Vec<_>>()).await;
            for ((letter, folded), found) in rows.iter().zip(found) {
                let alike = table.iter().filter(|(_, other)| other == folded);
                let mut expected: Vec<_> = alike.map(|(letter, _)| format!("x{letter}x")).collect();
                expected.sort_unstable();
                assert_eq!(found, expected, "{letter:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_migration_folds_anew_what_is_stored_and_back_again() {
    on_both(async |test: TestDatabase| {
        let db = &test.database.write;
        Migrator::down(db, Some(steps_since_folding())).await.unwrap();
        // More than the migration holds in memory at a time.
        let names: Vec<_> = (0..1_201).map(|number| format!("ΟΔΥΣΣΕΥΣ Straße {number}")).collect();
        campaigns(db, &names, str::to_lowercase).await;
        let promoters = "insert into promoter (id, email, email_folded, first_seen_at, updated_at) \
            values (-7, 'MAẞ@example.com', 'maß@example.com', 0, 0), (7, null, '', 0, 0)";
        db.execute_unprepared(promoters).await.unwrap();
        let folded = async || {
            // Whatever other columns there are at that step.
            let sql = "select name, name_folded from campaign \
                union all select coalesce(email, ''), email_folded from promoter";
            let rows = db.query_all_raw(Statement::from_string(test.database.backend, sql)).await.unwrap();
            let pair = |row: QueryResult| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            rows.into_iter().map(pair).collect::<Vec<(String, String)>>()
        };
        Migrator::up(db, None).await.unwrap();
        let after = folded().await;
        assert_eq!(after.len(), 1_203);
        for (text, folded) in after {
            assert_eq!(folded, folding::fold(&text));
        }
        Migrator::down(db, Some(steps_since_folding())).await.unwrap();
        for (text, folded) in folded().await {
            assert_eq!(folded, text.to_lowercase(), "as older programs look for it");
        }
    })
    .await;
}

/// The step that folds anew, and all behind it.
fn steps_since_folding() -> u32 {
    let steps = Migrator::migrations();
    let at = steps.iter().position(|step| step.name().ends_with("fold_anew")).unwrap();
    u32::try_from(steps.len() - at).unwrap()
}

#[tokio::test]
async fn who_folds_by_another_rule_applies_no_events() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let row = lease::Entity::find().one(&db.write).await.unwrap().unwrap();
        assert_eq!((row.folding, row.expires_at), (folding::VERSION, 0), "the migration says by which rule");
        let mut projector = Projector::new(db.clone(), Changes::new(), ProjectorConfig::default());
        assert_eq!(projector.step(1_000).await.unwrap(), StepOutcome::Idle);
        // As a migration of a later version does.
        let later = "update lease set folding = folding + 1, fencing_token = fencing_token + 1, expires_at = 0";
        db.write.execute_unprepared(later).await.unwrap();
        assert_eq!(projector.step(9_000).await.unwrap(), StepOutcome::NotHolder);
        assert!(Lease::take_over(db, &"rebuild".into(), 9_000).await.is_err(), "nor makes the rows again");
        db.write.execute_unprepared("update lease set folding = folding - 1").await.unwrap();
        assert_eq!(projector.step(20_000).await.unwrap(), StepOutcome::Idle);
    })
    .await;
}
