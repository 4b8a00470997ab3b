use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    super::{
        lineage::LINEAGE_TABLES,
        token_cutoffs::{UPSERT_ADDRESS_CUTOFFS, UPSERT_PROMOTER_CUTOFFS},
    },
    *,
};
use crate::database::{Database, sqlite_url};

#[tokio::test]
async fn every_statement_finds_its_rows_by_key() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::connect(&sqlite_url(&folder.path().join("plans.db"))).await.unwrap();
    Migrator::up(&db.write, None).await.unwrap();
    let tables = MirroredTable::ALL.iter().map(|table| of(*table)).flat_map(|sql| {
        [
            Some(&sql.read),
            Some(&sql.stubs),
            Some(&sql.upsert),
            Some(&sql.upsert_narrow),
            sql.release.as_ref(),
            Some(&sql.remove),
        ]
        .into_iter()
        .flatten()
    });
    let lineage = LINEAGE_TABLES.iter().flat_map(|lineage| [&lineage.add, &lineage.remove]);
    let others = [
        &*DELETE_BALANCES_BY_KIND,
        &*UPSERT_BALANCES,
        &*DELETE_BALANCES,
        &*UPSERT_PROMOTER_CUTOFFS,
        &*UPSERT_ADDRESS_CUTOFFS,
        &*MARK_EVENTS,
        &*UPDATE_WARNINGS,
    ];
    for sql in tables.chain(lineage).chain(others) {
        let explain = format!("explain query plan {}", sql.sqlite);
        let plan = Statement::from_sql_and_values(db.backend, explain, ["[]".into()]);
        for step in db.write.query_all_raw(plan).await.unwrap() {
            let step: String = step.try_get("", "detail").unwrap();
            let of_ours = step.contains("jsonb_each") || step == "SCAN x";
            let walks = step.starts_with("SCAN") && !of_ours || step.contains("(status=");
            assert!(!walks, "{step} in {}", sql.sqlite);
        }
    }
}

#[tokio::test]
async fn rows_that_differ_in_no_indexed_column_are_written_without_their_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::connect(&sqlite_url(&folder.path().join("plans.db"))).await.unwrap();
    Migrator::up(&db.write, None).await.unwrap();
    for table in MirroredTable::ALL {
        // An upsert has one place that writes an index for a new row, and one for a stored row; only
        // what finds rows by the time of their change is written for both.
        let by_change = "select count(*) from sqlite_schema where type = 'index' and tbl_name = $1 \
            and sql like '%updated_at%'";
        let by_change = Statement::from_sql_and_values(db.backend, by_change, [table.name().into()]);
        let by_change = db.write.query_one_raw(by_change).await.unwrap().unwrap();
        let mut written = vec![usize::try_from(by_change.try_get_by_index::<i64>(0).unwrap()).unwrap()];
        for sql in [&of(table).stubs, &of(table).upsert_narrow] {
            let explain = Statement::from_sql_and_values(db.backend, format!("explain {}", sql.sqlite), ["[]".into()]);
            let statements = db.write.query_all_raw(explain).await.unwrap();
            let statements = statements.iter().map(|step| step.try_get::<String>("", "opcode").unwrap());
            written.push(statements.filter(|step| step == "IdxInsert").count());
        }
        let file = format!("src/projection/mirror/{}.rs", table.name());
        assert_eq!(written[0] + written[1], written[2], "a column with an index is not named in `indexed` of {file}");
    }
}
