//! The stored events on the command line.

use promograph::cli::events::{Filter, StoredStatus, list, replay, show};
use sea_orm::ConnectionTrait as _;

use crate::support::{TestDatabase, Webhooks, fixture, on_both};

async fn listed(test: &TestDatabase, filter: &Filter, limit: u64) -> String {
    let mut out = Vec::new();
    list(&test.database, filter, limit, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// The event types in the order they are listed.
async fn types(test: &TestDatabase, filter: &Filter) -> Vec<String> {
    let table = listed(test, filter, 10).await;
    table.lines().skip(1).map(|line| line.split_whitespace().nth(4).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn events_are_listed_newest_first_by_what_is_asked() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::new(&test.database);
        for name in ["lead_signup", "reward_created", "v2/referral_updated"] {
            webhooks.deliver(fixture(name)).await;
        }
        let events = webhooks.events().await;
        let all = ["referral.updated", "reward_created", "lead_signup"];
        assert_eq!(types(&test, &Filter::default()).await, all);
        let received = |index: usize| Some(events[index].received_at);
        for (filter, expected) in [
            (Filter { ids: vec![events[0].id.clone()], ..Filter::default() }, &all[2..]),
            (Filter { ids: vec!["50000006".to_owned()], ..Filter::default() }, &all[1..2]),
            (
                Filter { types: vec!["lead_signup".to_owned(), "reward_created".to_owned()], ..Filter::default() },
                &all[1..],
            ),
            (Filter { statuses: vec![StoredStatus::Ignored, StoredStatus::Failed], ..Filter::default() }, &all[..1]),
            (Filter { since: received(0), until: received(2).map(|at| at + 1), ..Filter::default() }, &all[..]),
            (Filter { until: received(0), ..Filter::default() }, &[]),
            (Filter { since: received(2).map(|at| at + 1), ..Filter::default() }, &[]),
            (
                Filter { ids: vec!["50000006".to_owned()], types: vec!["lead_signup".to_owned()], ..Filter::default() },
                &[],
            ),
        ] {
            assert_eq!(types(&test, &filter).await, expected, "{filter:?}");
        }
        let cut = listed(&test, &Filter::default(), 2).await;
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
        shown.extend(listed(&test, &Filter::default(), 10).await.into_bytes());
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
        let by_id = |id: &str| Filter { ids: vec![id.to_owned()], ..Filter::default() };
        let signup = webhooks.events().await[0].id.clone();
        let of_type = |name: &str| Filter { types: vec![name.to_owned()], ..Filter::default() };
        for (filter, expected) in [
            (by_id(&signup), vec!["lead_signup"]),
            (by_id("50000006"), vec!["reward_created"]),
            (of_type("referral.updated"), vec!["referral.updated"]),
            (of_type("no_such"), vec![]),
            (
                Filter { statuses: vec![StoredStatus::Failed], ..Filter::default() },
                vec!["lead_signup", "reward_created", "referral.updated"],
            ),
            (Filter { until: Some(1), ..Filter::default() }, vec![]),
        ] {
            test.database.write.execute_unprepared("update webhook_event set status = 'failed'").await.unwrap();
            assert_eq!(replay(&test.database, &filter, now).await.unwrap(), expected.len() as u64, "{filter:?}");
            let events = webhooks.events().await.into_iter().filter(|event| event.status == "pending");
            assert_eq!(events.map(|event| event.event_type).collect::<Vec<_>>(), expected, "{filter:?}");
        }
        assert!(replay(&test.database, &by_id("no-such"), now).await.is_err(), "a wrong id never means every event");
    })
    .await;
}
