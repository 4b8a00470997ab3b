//! The stored events on the command line.

use entity::webhook_event::EventStatus;
use promograph::{
    cli::events::{EventFilter, list, prune, replay, show},
    projection::{Changes, drain},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use crate::support::{TestDatabase, Webhooks, fixture, on_both};

async fn listed(test: &TestDatabase, filter: &EventFilter, limit: u64) -> String {
    let mut out = Vec::new();
    list(&test.database, filter, limit, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// The event types in the order they are listed.
async fn types(test: &TestDatabase, filter: &EventFilter) -> Vec<String> {
    let table = listed(test, filter, 10).await;
    table.lines().skip(1).map(|line| line.split_whitespace().nth(4).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn events_are_listed_newest_first_by_what_is_asked() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["lead_signup", "reward_created", "v2/test"] {
            webhooks.deliver(fixture(name)).await;
        }
        let events = webhooks.events().await;
        let all = ["promoter.created", "reward_created", "lead_signup"];
        assert_eq!(types(&test, &EventFilter::default()).await, all);
        let received = |index: usize| Some(events[index].received_at);
        for (filter, expected) in [
            (EventFilter { ids: vec![events[0].id.clone()], ..EventFilter::default() }, &all[2..]),
            (EventFilter { ids: vec!["50000006".to_owned()], ..EventFilter::default() }, &all[1..2]),
            (
                EventFilter {
                    types: vec!["lead_signup".to_owned(), "reward_created".to_owned()],
                    ..EventFilter::default()
                },
                &all[1..],
            ),
            (
                EventFilter { statuses: vec![EventStatus::Ignored, EventStatus::Failed], ..EventFilter::default() },
                &all[..1],
            ),
            (
                EventFilter { since: received(0), until: received(2).map(|at| at + 1), ..EventFilter::default() },
                &all[..],
            ),
            (EventFilter { until: received(0), ..EventFilter::default() }, &[]),
            (EventFilter { since: received(2).map(|at| at + 1), ..EventFilter::default() }, &[]),
            (
                EventFilter {
                    ids: vec!["50000006".to_owned()],
                    types: vec!["lead_signup".to_owned()],
                    ..EventFilter::default()
                },
                &[],
            ),
        ] {
            assert_eq!(types(&test, &filter).await, expected, "{filter:?}");
        }
        let cut = listed(&test, &EventFilter::default(), 2).await;
        assert!(cut.lines().count() == 4 && cut.contains("... and older ones"), "{cut}");
    })
    .await;
}

#[tokio::test]
async fn an_event_is_shown_as_it_is_stored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        webhooks.deliver(fixture("promoter_signed_up")).await;
        webhooks.deliver(r#"{"event":{"id":"\u001b[2J","type":"\u001b[31mred"}}"#).await;
        let events = webhooks.events().await;

        let mut shown = Vec::new();
        show(&test.database, &events[0].id, false, &mut shown).await.unwrap();
        let shown = String::from_utf8(shown).unwrap();
        for expected in [
            "status        pending\n",
            "type          promoter_signed_up\n",
            "event id      50000001\n",
            "\"[redacted]\"",
        ] {
            assert!(shown.contains(expected), "{expected} in {shown}");
        }
        assert!(!shown.contains("secret-auth-token") && shown.contains("occurred      2025-02-11T08:15:42.480Z\n"));

        let mut body = Vec::new();
        show(&test.database, &events[0].id, true, &mut body).await.unwrap();
        assert_eq!(Some(body), events[0].body);

        let mut shown = Vec::new();
        show(&test.database, &events[1].id, false, &mut shown).await.unwrap();
        shown.extend(listed(&test, &EventFilter::default(), 10).await.into_bytes());
        assert!(!shown.contains(&0x1b), "nothing that steers a terminal comes through");

        let error = show(&test.database, "no-such", false, &mut Vec::new()).await.unwrap_err().to_string();
        assert!(error.starts_with("there is no event no-such"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn only_what_is_asked_for_is_replayed() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["lead_signup", "reward_created", "v2/referral_updated"] {
            webhooks.deliver(fixture(name)).await;
        }
        let now = webhooks.events().await.iter().map(|event| event.received_at).max().unwrap();
        let by_id = |id: &str| EventFilter { ids: vec![id.to_owned()], ..EventFilter::default() };
        let signup = webhooks.events().await[0].id.clone();
        let of_type = |name: &str| EventFilter { types: vec![name.to_owned()], ..EventFilter::default() };
        for (filter, expected) in [
            (by_id(&signup), vec!["lead_signup"]),
            (by_id("50000006"), vec!["reward_created"]),
            (of_type("referral.updated"), vec!["referral.updated"]),
            (of_type("no_such"), vec![]),
            (
                EventFilter { statuses: vec![EventStatus::Failed], ..EventFilter::default() },
                vec!["lead_signup", "reward_created", "referral.updated"],
            ),
            (EventFilter { until: Some(1), ..EventFilter::default() }, vec![]),
        ] {
            test.database.write.execute_unprepared("update webhook_event set status = 'failed'").await.unwrap();
            assert_eq!(replay(&test.database, &filter, now).await.unwrap(), expected.len() as u64, "{filter:?}");
            let events = webhooks.events().await.into_iter().filter(|event| event.status == EventStatus::Pending);
            assert_eq!(events.map(|event| event.event_type).collect::<Vec<_>>(), expected, "{filter:?}");
        }
        assert!(replay(&test.database, &by_id("no-such"), now).await.is_err(), "a wrong id never means every event");
    })
    .await;
}

#[tokio::test]
async fn what_failed_is_listed_with_the_reason_and_since_when() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        webhooks.deliver(fixture("lead_signup")).await;
        webhooks.deliver(r#"{"event":{"id":77,"type":"lead_signup"},"data":{"id":"x"}}"#).await;
        let events = webhooks.events().await;
        drain(&test.database, &Changes::new(), events[1].received_at + 1).await.unwrap();
        let failed = EventFilter { statuses: vec![EventStatus::Failed], ..EventFilter::default() };
        let table = listed(&test, &failed, 10).await;
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 2, "{table}");
        let since = promograph::time::format_ms(events[1].received_at);
        assert!(
            lines[1].contains(&since)
                && lines[1]
                    .ends_with("1      1         not applied: event.created_at: missing; lead.id: text is not an id"),
            "{table}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_type_that_an_upgrade_understands_is_applied_by_a_replay_of_what_was_ignored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["lead_signup", "promoter_accepted"] {
            webhooks.deliver(fixture(name)).await;
        }
        webhooks.deliver(r#"{"event":{"id":78,"type":"promoter_danced"},"data":{"id":1}}"#).await;
        let now = webhooks.events().await[2].received_at + 1;
        drain(&test.database, &Changes::new(), now).await.unwrap();
        // As if an older version had not known the type.
        let older = "update webhook_event set status = 'ignored', applied_at = null, error = 'an event type that is not \
            known' where event_type = 'lead_signup'";
        test.database.write.execute_unprepared(older).await.unwrap();
        test.database.write.execute_unprepared("delete from lead_event").await.unwrap();
        test.database.write.execute_unprepared("delete from lead").await.unwrap();
        let filter = EventFilter {
            types: vec!["lead_signup".to_owned()],
            statuses: vec![EventStatus::Ignored],
            ..EventFilter::default()
        };
        assert_eq!(replay(&test.database, &filter, now).await.unwrap(), 1);
        assert_eq!(drain(&test.database, &Changes::new(), now).await.unwrap().applied, 1);
        let statuses: Vec<_> = webhooks.events().await.into_iter().map(|event| (event.status, event.error)).collect();
        let unknown = Some("an event type that is not known".to_owned());
        assert_eq!(statuses, [(EventStatus::Applied, None), (EventStatus::Applied, None), (EventStatus::Ignored, unknown)]);
        let leads = entity::lead::Entity::find().all(&test.database.read).await.unwrap();
        assert_eq!(leads.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_prune_deletes_old_bodies_of_applied_events_and_keeps_their_keys() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["lead_signup", "promoter_accepted", "lead_cancelled"] {
            webhooks.deliver(fixture(name)).await;
        }
        webhooks.deliver(r#"{"event":{"id":78,"type":"promoter_danced"},"data":{"id":1}}"#).await;
        let now = webhooks.events().await[3].received_at + 1;
        drain(&test.database, &Changes::new(), now).await.unwrap();
        let ages =
            "update webhook_event set applied_at = 5000 where event_type in ('lead_signup', 'promoter_accepted')";
        test.database.write.execute_unprepared(ages).await.unwrap();
        let waits = "update webhook_event set status = 'pending' where event_type = 'promoter_accepted'";
        test.database.write.execute_unprepared(waits).await.unwrap();
        for (before, expected) in
            [(5_000, "deleted 0 bodies"), (5_001, "deleted 1 bodies"), (5_001, "deleted 0 bodies")]
        {
            let mut said = Vec::new();
            prune(&test.database, before, &mut said).await.unwrap();
            let said = String::from_utf8(said).unwrap();
            assert!(said.starts_with(expected) && said.contains("1970-01-01T00:00:05"), "{said}");
        }
        let kept: Vec<_> = webhooks.events().await.iter().map(|event| event.body.is_some()).collect();
        assert_eq!(kept, [false, true, true, true], "only what was applied, and long ago");

        let again = webhooks.deliver(fixture("lead_signup")).await;
        let events = webhooks.events().await;
        assert_eq!(again.body["id"].as_str(), Some(events[0].id.as_str()));
        assert_eq!((events.len(), events[0].deliveries, events[0].status.as_str()), (4, 2, "applied"));
        assert_eq!(events[0].body, None, "nothing is told twice");
        let all = EventFilter { types: vec!["lead_signup".to_owned()], ..EventFilter::default() };
        assert_eq!(replay(&test.database, &all, now).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_prune_of_many_events_goes_in_steps() {
    on_both(async |test: TestDatabase| {
        let bodies = (1..=1_234).map(|id| serde_json::json!({ "event": { "id": id, "type": "lead_signup" } }));
        let events = crate::support::events::kept_all(&bodies.collect::<Vec<_>>());
        crate::support::events::store(&test.database, &events).await;
        let applied = "update webhook_event set status = 'applied', applied_at = 1";
        test.database.write.execute_unprepared(applied).await.unwrap();
        let mut steps = Vec::new();
        let pruned = promograph::projection::prune(&test.database, 2, |pruned| steps.push(pruned)).await.unwrap();
        assert_eq!((pruned, steps), (1_234, vec![500, 1_000, 1_234]));
    })
    .await;
}
