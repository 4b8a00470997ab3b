//! Making the mirrored tables again from the stored events.

mod lineage;

use std::sync::Arc;

use demo::DemoConfig;
use promograph::{
    cli::demo::fill,
    database::Database,
    projection::{
        Changes, Projector, ProjectorConfig, RebuildProgress, RebuildReport, StepOutcome, digest, drain, prune, rebuild,
    },
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tokio::{runtime::Handle, sync::Notify, task::block_in_place};

use crate::support::{
    TestApp, TestDatabase, all_fixtures,
    dump::{balances, dump},
    events::{NOW, apply, kept, store},
    mirror::Mirror,
    on_both,
};

const PLAN: DemoConfig = DemoConfig { promoters: 12, leads: 150, seed: 5, end_ms: 1_761_955_200_000 };

const fn clock() -> i64 {
    NOW
}

async fn again(db: &Database) -> RebuildReport {
    rebuild(db, &Changes::new(), clock, &mut |_| {}).await.unwrap()
}

async fn run(db: &Database, statements: &[&str]) {
    for sql in statements {
        db.write.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn signup(id: i64, promoter: i64, at: &str) -> promograph::projection::parse::StoredEvent {
    let promoter = json!({ "id": promoter, "email": format!("{promoter}@partners.example") });
    let data = json!({ "id": id, "state": "signup", "email": format!("{id}@mail.example"), "promoter": promoter });
    let body = json!({ "event": { "id": id, "type": "lead_signup", "created_at": at }, "data": data });
    kept(&format!("event-{id:04}"), body.to_string().as_bytes())
}

#[tokio::test]
async fn right_tables_are_left_alone_and_have_the_same_digest_on_both_databases() {
    let digests = std::sync::Mutex::new(Vec::new());
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let filled = fill(db, PLAN, clock, |_| ()).await.unwrap();
        let before = digest(db).await.unwrap();
        let rebuilt = again(db).await;
        assert_eq!((rebuilt.events, rebuilt.changed), (filled.events, 0));
        assert_eq!((&rebuilt.before, &rebuilt.after), (&before, &before));
        assert!(rebuilt.retained.is_empty());
        run(db, &["update lead set updated_at = 1, first_seen_at = 2"]).await;
        assert_eq!(digest(db).await.unwrap(), before, "our own times do not count");
        run(db, &["update lead set plan_name = 'other' where id = (select min(id) from lead)"]).await;
        assert_ne!(digest(db).await.unwrap(), before);
        digests.lock().unwrap().push(before);
    })
    .await;
    let digests = digests.into_inner().unwrap();
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test]
async fn whatever_was_done_to_the_tables_a_rebuild_makes_them_what_the_events_tell() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        fill(db, PLAN, clock, |_| ()).await.unwrap();
        let (right, rows, amounts) = (digest(db).await.unwrap(), dump(db).await, balances(db).await);
        let stub = "is_stub, field_clocks, first_seen_at, updated_at) values";
        for harm in [
            &["update lead set email = 'x@mail.example', email_folded = 'x'", "update promoter set is_stub = true"][..],
            &["update commission set field_clocks = 'none of ours'", "update lead set field_clocks = ''"],
            &["update balance set amount = amount + 1", "delete from balance where kind = 'paid'"],
            &["delete from payout_commission", "delete from commission", "delete from payout", "delete from lead"],
            // Rows that no event tells, and that refer to each other.
            &[
                &format!("insert into promoter (id, {stub} (1, false, '1:3:0:1:x', 0, 0)"),
                &format!("insert into promotion (id, promoter_id, {stub} (2, 1, false, '1:3:0:1:x', 0, 0)"),
                &format!("insert into profile (promoter_id, {stub} (1, false, '1:3:0:1:x', 0, 0)"),
                &format!("insert into lead (id, promotion_id, {stub} (3, 2, true, '', 0, 0)"),
                "update promoter set default_promotion_id = 2, parent_promoter_id = 1 where id = 1",
                "insert into balance (id, promoter_id, kind, unit, amount) values ('1:paid:cash', 1, 'paid', 'cash', 1)",
            ],
            &[
                "update promoter set default_promotion_id = null",
                "delete from balance",
                "delete from payout_commission",
                "delete from payout",
                "delete from payout_method",
                "delete from payments_batch",
                "delete from contract_document",
                "delete from commission",
                "delete from lead",
                "delete from profile",
                "delete from promotion",
                "delete from promoter",
                "delete from campaign",
                "delete from reward",
                "delete from offer",
            ],
        ] {
            run(db, harm).await;
            let rebuilt = again(db).await;
            assert!(rebuilt.changed > 0 && rebuilt.before != right, "{harm:?}");
            assert_eq!(rebuilt.after, right, "{harm:?}");
            assert!(rebuilt.retained.is_empty(), "{harm:?}");
            assert_eq!((dump(db).await, balances(db).await), (rows.clone(), amounts.clone()), "{harm:?}");
        }
        assert_eq!(again(db).await.changed, 0);
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_event_of_both_versions_is_told_again() {
    on_both(async |test: TestDatabase| {
        let (app, db) = (TestApp::new(&test), &test.database);
        for body in all_fixtures() {
            app.deliver(body).await;
        }
        app.settle().await;
        let (right, rows) = (digest(db).await.unwrap(), dump(db).await);
        assert!(right.tables.iter().all(|(_, rows, _)| *rows > 0), "{right:?}");
        run(db, &["delete from payout_commission", "delete from contract_document"]).await;
        for (table, ..) in right.tables.iter().filter(|(table, ..)| *table != "balance") {
            run(db, &[&format!("update {table} set field_clocks = '', deleted_at = 7")]).await;
        }
        let rebuilt = again(db).await;
        assert_eq!(rebuilt.after, right);
        assert!(rebuilt.without_effect.is_empty() && rebuilt.retained.is_empty(), "{rebuilt:?}");
        assert_eq!(dump(db).await, rows);

        prune(db, i64::MAX, |_| {}).await.unwrap();
        let rebuilt = again(db).await;
        assert_eq!((rebuilt.changed, &rebuilt.after), (0, &right), "nothing is written where nothing can be told");
        assert_eq!(dump(db).await, rows);
    })
    .await;
}

#[tokio::test]
async fn what_pruned_events_told_stays_as_it_is_and_is_named() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let mut events = vec![
            signup(1, 101, "2025-03-01T00:00:00Z"),
            signup(2, 102, "2025-03-02T00:00:00Z"),
            signup(3, 103, "2025-03-03T00:00:00Z"),
        ];
        // Promoter 102 was told once more, so its pruned event is not missed.
        events.push(signup(4, 102, "2025-03-04T00:00:00Z"));
        apply(db, &events).await;
        run(db, &["update webhook_event set applied_at = 1 where id in ('event-0001', 'event-0002')"]).await;
        assert_eq!(prune(db, 2, |_| {}).await.unwrap(), 2);
        let right = digest(db).await.unwrap();

        let rebuilt = again(db).await;
        assert_eq!((rebuilt.events, rebuilt.changed, &rebuilt.after), (2, 0, &right), "two were pruned");
        let kept = [("lead", vec![1, 2]), ("promoter", vec![101])].into_iter().collect();
        assert_eq!(rebuilt.retained, kept);

        run(db, &["update lead set plan_name = 'x'", "update promoter set note = 'x'"]).await;
        let rebuilt = again(db).await;
        assert_eq!(rebuilt.retained, kept);
        let untold = "(select count(*) from lead where plan_name = 'x' and id in (1, 2))";
        let told = "(select count(*) from lead where plan_name is null and id in (3, 4))";
        let row = sea_orm::Statement::from_string(db.backend, format!("select {untold}, {told}"));
        let row = db.read.query_one_raw(row).await.unwrap().unwrap();
        let counts: (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        assert_eq!(counts, (2, 2), "the others are as the events tell");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_meantime_are_not_lost_and_reads_go_on() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let first: Vec<_> = (10..=30).map(|id| signup(id, 101, "2025-03-01T00:00:00Z")).collect();
        apply(db, &first).await;
        run(db, &["update lead set plan_name = 'wrong'"]).await;
        // One before all others and one behind them; and one that comes while the tables are compared.
        let meanwhile = [signup(1, 102, "2025-03-02T00:00:00Z"), signup(99, 101, "2025-03-02T00:00:00Z")];
        let late = signup(50, 103, "2025-03-03T00:00:00Z");
        let admin = TestApp::new(&test).admin();
        let (mut told, mut compared) = (false, false);
        let mut watch = |progress: RebuildProgress| {
            block_in_place(|| {
                Handle::current().block_on(async {
                    match progress {
                        RebuildProgress::Merging { .. } if !std::mem::replace(&mut told, true) => {
                            assert_eq!(apply(db, &meanwhile).await.applied, 2);
                        }
                        RebuildProgress::Comparing => {
                            compared = true;
                            store(db, std::slice::from_ref(&late)).await;
                            drain(db, &Changes::new(), NOW).await.unwrap_err();
                            let data = admin.data("{ leads { totalCount } }").await;
                            assert_eq!(data, json!({ "leads": { "totalCount": 23 } }));
                        }
                        _ => {}
                    }
                });
            });
        };
        let rebuilt = rebuild(db, &Changes::new(), clock, &mut watch).await.unwrap();
        assert!(compared);
        assert_eq!((rebuilt.events, rebuilt.changed), (23, 21));
        assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().applied, 1, "the projector goes on at once");
        let all: Vec<_> = first.into_iter().chain(meanwhile).chain([late]).collect();
        assert_eq!(dump(db).await, Mirror::after(&all).dump());
    })
    .await;
}

#[tokio::test]
async fn the_projector_waits_for_a_rebuild_and_goes_on_after_it() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let mut projector = Projector::new(db.clone(), Changes::new(), ProjectorConfig::default());
        store(db, &[signup(1, 101, "2025-03-01T00:00:00Z")]).await;
        assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::Applied, "it holds the lease");
        assert_eq!(again(db).await.events, 1);
        store(db, &[signup(2, 101, "2025-03-01T00:00:00Z")]).await;
        assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::NotHolder, "its old lease counts no more");
        assert_eq!(projector.step(NOW).await.unwrap(), StepOutcome::Applied);
    })
    .await;
}

#[tokio::test]
async fn what_waits_to_be_applied_again_is_not_taken_back() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        apply(db, &[signup(1, 101, "2025-03-01T00:00:00Z"), signup(2, 101, "2025-03-01T00:00:00Z")]).await;
        let right = digest(db).await.unwrap();
        for status in ["pending", "failed"] {
            run(db, &[&format!("update webhook_event set status = '{status}' where id = 'event-0001'")]).await;
            let rebuilt = again(db).await;
            assert_eq!((rebuilt.changed, &rebuilt.after), (0, &right), "{status}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_that_tells_nothing_any_more_is_named_and_what_it_told_goes() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        apply(db, &[signup(1, 101, "2025-03-01T00:00:00Z"), signup(2, 101, "2025-03-01T00:00:00Z")]).await;
        run(db, &["update webhook_event set event_type = 'promoter_danced' where id = 'event-0002'"]).await;
        let rebuilt = again(db).await;
        assert_eq!(rebuilt.without_effect, ["event-0002".to_owned()].into());
        let rows: Vec<_> = dump(db).await.into_keys().collect();
        assert_eq!(rows, [("lead", 1), ("promoter", 101)]);
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_that_was_cut_off_is_finished_by_another() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        fill(db, PLAN, clock, |_| ()).await.unwrap();
        let right = digest(db).await.unwrap();
        run(db, &["update lead set plan_name = 'wrong'", "update promotion set ref_id = 'wrong'"]).await;
        let stop = Arc::new(Notify::new());
        let mut watch = |progress: RebuildProgress| {
            if matches!(progress, RebuildProgress::Writing { done, .. } if done > 0) {
                stop.notify_one();
            }
        };
        let changes = Changes::new();
        tokio::select! {
            biased;
            () = stop.notified() => {}
            _ = rebuild(db, &changes, clock, &mut watch) => panic!("it was to be cut off"),
        }
        let halfway = digest(db).await.unwrap();
        assert_ne!(halfway, right);
        let rebuilt = again(db).await;
        assert_eq!((rebuilt.before, rebuilt.after), (halfway, right));
    })
    .await;
}
