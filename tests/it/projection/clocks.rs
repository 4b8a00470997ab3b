//! Times in every form that senders write, and clocks that are wrong.

use entity::webhook_event::EventStatus;
use promograph::{
    database::Database,
    projection::{
        Changes, OutcomeCounts, Projector, ProjectorConfig, ReplaySelection, StepOutcome, digest, drain,
        parse::StoredEvent, rebuild, replay,
    },
    time::format_ms,
};
use serde_json::{Value, json};

use crate::support::{
    TestDatabase, Webhooks,
    dump::dump,
    events::{NOW, kept, store, stored},
    mirror::Mirror,
    on_both,
};

const DAY: i64 = 86_400_000;
/// The time of the conversions below.
const CONVERTED: i64 = 1_741_168_800_000;

/// The same time in every form.
fn forms() -> [Value; 20] {
    [
        json!("2025-03-05T10:00:00Z"),
        json!("2025-03-05t10:00:00.000z"),
        json!("2025-03-05 10:00:00 UTC"),
        json!("2025-03-05 10:00:00 +0000"),
        json!("2025-03-05 11:00:00 +0100"),
        json!("2025-03-05 10:00:00"),
        json!("2025-03-05T10:00"),
        json!("2025-03-05T10:00Z"),
        json!("2025-03-05T10:00:00+00"),
        json!("2025-03-05T05:00:00-0500"),
        json!("2025-03-05 10:00:00+00:00"),
        json!(" 2025-03-05T10:00:00Z "),
        json!("Wed, 05 Mar 2025 10:00:00 +0000"),
        json!("Wed, 05 Mar 2025 10:00:00 GMT"),
        json!(1_741_168_800),
        json!("1741168800"),
        json!(1_741_168_800_000_i64),
        json!("1741168800000"),
        json!(1_741_168_800.0),
        json!("1741168800.000"),
    ]
}

#[tokio::test]
async fn a_time_in_any_usual_form_is_the_time_of_the_event() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for (id, time) in (1_i64..).zip(forms()) {
            let signup = json!({"id": id, "state": "signup", "created_at": time.clone()});
            let active = json!({"id": id, "state": "active", "plan_name": "Pro"});
            let active = if id % 2 == 0 {
                json!({"event": {"id": id, "type": "lead_becomes_referral", "created_at": time}, "data": active})
            } else {
                json!({"event_id": id, "event_type": "referral.converted", "timestamp": time, "data": active})
            };
            let earlier = "2025-03-01T00:00:00Z";
            let signup = json!({"event": {"id": id, "type": "lead_signup", "created_at": earlier}, "data": signup});
            for body in [signup, active] {
                webhooks.deliver(body.to_string()).await;
            }
        }
        drain(&test.database, &Changes::new(), NOW).await.unwrap();
        let events = webhooks.events().await;
        let (mut converted, mut leads) = (0, 0);
        for event in &events {
            assert_eq!((event.status.as_str(), &event.warnings), ("applied", &None), "{}", event.event_id);
            converted += usize::from(event.occurred_at == Some(CONVERTED));
        }
        let rows = dump(&test.database).await;
        for ((table, id), row) in &rows {
            assert!(*table == "lead" && row.contains(r#"state=Text("active")"#), "{table} {id}: {row}");
            assert!(row.contains("created_at=Int(1741168800000)"), "{id}: {row}");
            leads += 1;
        }
        assert_eq!((converted, leads), (forms().len(), forms().len()));
    })
    .await;
}

fn lead(id: i64, event_type: &str, state: &str, at: i64) -> StoredEvent {
    let event = json!({"id": format!("{id}-{state}"), "type": event_type, "created_at": format_ms(at)});
    let body = json!({"event": event, "data": {"id": id, "state": state}});
    kept(&format!("event-{id}-{at}"), body.to_string().as_bytes())
}

async fn states(db: &Database) -> Vec<String> {
    let rows = dump(db).await;
    rows.values().map(|row| row.split("state=Text(\"").nth(1).unwrap().split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_clock_that_is_behind_delays_events_and_loses_nothing() {
    on_both(async |test: TestDatabase| {
        let (db, wrong) = (&test.database, NOW - 2 * DAY);
        // Before, at the time when the clock is wrong, and by a clock that is a little ahead.
        let events = [
            lead(1, "lead_signup", "signup", wrong - 1),
            lead(1, "lead_cancelled", "cancelled", NOW),
            lead(2, "lead_signup", "signup", wrong + DAY),
            lead(2, "lead_cancelled", "cancelled", wrong + DAY + 1),
        ];
        store(db, &events).await;
        let counts = drain(db, &Changes::new(), wrong).await.unwrap();
        assert_eq!(counts, OutcomeCounts { applied: 2, delayed: 2, ..OutcomeCounts::default() });
        assert_eq!(states(db).await, ["signup", "signup"]);
        let held = stored(db).await;
        let held: Vec<_> = held.iter().filter(|event| event.status == EventStatus::Pending).collect();
        for event in &held {
            assert_eq!((event.held_since, event.attempts, event.applied_at), (Some(wrong), 0, None));
            let reason = "held back: event.created_at: text is more than 24 hours ahead of the server's clock";
            assert_eq!((event.error.as_deref(), &event.warnings), (Some(reason), &None));
        }
        // The one as soon as its time has come near, the other after a while: the clock may be set right.
        let due: Vec<_> = held.iter().map(|event| event.next_attempt_at).collect();
        assert!(due.contains(&(wrong + 1)) && due.contains(&(wrong + 3_600_000)), "{due:?}");
        // A replay is no reason to count from now.
        assert_eq!(replay(db, &ReplaySelection::default(), NOW).await.unwrap(), 4);
        drain(db, &Changes::new(), wrong).await.unwrap();
        let since: Vec<_> = stored(db).await.into_iter().filter_map(|event| event.held_since).collect();
        assert_eq!(since, [wrong, wrong]);
        let mut projector = Projector::new(db.clone(), Changes::new(), ProjectorConfig::default());
        assert_eq!(projector.step(wrong).await.unwrap(), StepOutcome::Idle, "it does not look again at once");
        projector.release().await.unwrap();
        let counts = drain(db, &Changes::new(), wrong + 3_600_000).await.unwrap();
        assert_eq!((counts.applied, counts.delayed), (1, 1), "still ahead, and since then");
        assert_eq!(stored(db).await.iter().filter_map(|event| event.held_since).collect::<Vec<_>>(), [wrong]);

        let counts = drain(db, &Changes::new(), NOW).await.unwrap();
        assert_eq!(counts, OutcomeCounts { applied: 1, ..OutcomeCounts::default() });
        let right = Mirror::after(&events).dump();
        assert_eq!(dump(db).await, right);
        for event in stored(db).await {
            assert_eq!((event.held_since, event.error, event.warnings), (None, None, None));
        }
        // Neither does a rebuild lose anything while the clock is wrong again, nor a replay in the end.
        let before = digest(db).await.unwrap();
        for clock in [|| NOW - 2 * DAY, || NOW - 30 * DAY, || NOW] {
            let rebuilt = rebuild(db, &Changes::new(), clock, &mut |_| {}).await.unwrap();
            assert_eq!((rebuilt.changed, &rebuilt.after), (0, &before));
        }
        assert_eq!(replay(db, &ReplaySelection::default(), NOW).await.unwrap(), 4);
        drain(db, &Changes::new(), wrong).await.unwrap();
        assert_eq!(dump(db).await, right);
        assert_eq!(rebuild(db, &Changes::new(), || NOW - 2 * DAY, &mut |_| {}).await.unwrap().changed, 0);
        drain(db, &Changes::new(), NOW).await.unwrap();
        assert_eq!(
            (dump(db).await, stored(db).await.iter().all(|event| event.status == EventStatus::Applied)),
            (right, true)
        );
    })
    .await;
}

#[tokio::test]
async fn an_event_more_than_seven_days_ahead_fills_gaps_with_a_warning_until_it_is_judged_anew() {
    on_both(async |test: TestDatabase| {
        let (db, wrong) = (&test.database, NOW - 8 * DAY);
        let events = [lead(1, "lead_signup", "signup", wrong - DAY), lead(1, "lead_cancelled", "cancelled", NOW)];
        store(db, &events).await;
        assert_eq!(drain(db, &Changes::new(), wrong).await.unwrap().applied, 2);
        assert_eq!(states(db).await, ["signup"]);
        let warning = r#"["event.created_at: text is more than 7 days ahead of the server's clock"]"#;
        let warnings = async || stored(db).await.into_iter().filter_map(|event| event.warnings).collect::<Vec<_>>();
        assert_eq!(warnings().await, [warning]);
        // While it is ahead by less it is held back; its earlier updates stay.
        replay(db, &ReplaySelection { with_warnings: true, ..ReplaySelection::default() }, NOW).await.unwrap();
        assert_eq!(drain(db, &Changes::new(), NOW - 2 * DAY).await.unwrap().delayed, 1);
        assert_eq!((states(db).await, warnings().await.len()), (vec!["signup".to_owned()], 0));
        assert_eq!(drain(db, &Changes::new(), NOW).await.unwrap().applied, 1);
        assert_eq!((states(db).await, warnings().await.len()), (vec!["cancelled".to_owned()], 0));
        assert_eq!(dump(db).await, Mirror::after(&events).dump());
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_judges_anew_what_was_more_than_seven_days_ahead() {
    on_both(async |test: TestDatabase| {
        let (db, wrong) = (&test.database, NOW - 8 * DAY);
        let events = [lead(1, "lead_signup", "signup", wrong - DAY), lead(1, "lead_cancelled", "cancelled", NOW)];
        store(db, &events).await;
        drain(db, &Changes::new(), wrong).await.unwrap();
        assert_eq!(rebuild(db, &Changes::new(), || NOW, &mut |_| {}).await.unwrap().changed, 1);
        assert_eq!(dump(db).await, Mirror::after(&events).dump());
        assert!(stored(db).await.iter().all(|event| event.warnings.is_none()));
    })
    .await;
}
