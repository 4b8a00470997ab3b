//! A rebuild and which events told which rows.

use promograph::database::Database;
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};

use super::{again, run, signup};
use crate::support::{TestDatabase, events::apply, on_both};

/// Which events told which rows: table, row, event.
async fn links(db: &Database) -> Vec<(String, i64, String)> {
    let tables = ["promoter", "lead", "commission"];
    let each = tables.map(|table| format!("select '{table}' as t, {table}_id as r, event_id as e from {table}_event"));
    let sql = format!("{} order by t, r, e", each.join(" union all "));
    let rows = db.read.query_all_raw(Statement::from_string(db.backend, sql)).await.unwrap();
    let text = |row: &QueryResult, at| row.try_get_by_index::<String>(at).unwrap();
    rows.iter().map(|row| (text(row, 0), row.try_get_by_index(1).unwrap(), text(row, 2))).collect()
}

#[tokio::test]
async fn which_events_told_a_row_is_told_again_too() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let events = [1, 2, 3].map(|id| signup(id, 100 + id, "2025-03-01T00:00:00Z"));
        apply(db, &events).await;
        let right = links(db).await;
        assert_eq!(right.len(), 6, "{right:?}");
        assert_eq!(again(db).await.lineage, 0, "they are right");
        run(
            db,
            &[
                "delete from lead_event where lead_id in (1, 2)",
                "update promoter_event set promoter_id = 103 where promoter_id = 102",
                "insert into commission_event (commission_id, event_id) values (7, 'event-0001')",
            ],
        )
        .await;
        let rebuilt = again(db).await;
        assert_eq!((rebuilt.changed, rebuilt.lineage), (0, 5), "2 were missing, 1 was elsewhere, 1 was nobody's");
        assert_eq!(links(db).await, right);

        // What a pruned event told nothing can tell again, and nothing is taken from it.
        run(db, &["update webhook_event set body = null where id = 'event-0001'"]).await;
        assert_eq!(again(db).await.lineage, 0);
        assert_eq!(links(db).await, right);
        // An event that tells nothing any more has told no row.
        run(db, &["update webhook_event set event_type = 'promoter_danced' where id = 'event-0002'"]).await;
        assert_eq!(again(db).await.lineage, 2);
        let left: Vec<_> = right.into_iter().filter(|(.., event)| event != "event-0002").collect();
        assert_eq!(links(db).await, left);
    })
    .await;
}
