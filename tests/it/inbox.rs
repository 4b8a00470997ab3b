//! The inbox: what it says is stored is stored, once, whatever else happens.

use bytes::Bytes;
use entity::webhook_event::{self, Model};
use futures_util::future::join_all;
use promograph::{
    database::Database,
    inbox::{Delivery, EventStatus, Inbox, InsertError, NewEvent, Protocol, Receipt},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::{TestDatabase, on_both};

mod outages;

fn delivery(event_id: &str) -> Delivery {
    Delivery {
        protocol: Protocol::V1,
        event_type: "lead_signup".to_owned(),
        event_id: event_id.to_owned(),
        occurred_at: None,
        body_hash: format!("{event_id:0>64}"),
        body: Bytes::from(format!("body of {event_id}")),
        status: EventStatus::Pending,
        error: None,
        received_at: 1_000,
    }
}

fn start(database: &Database) -> Inbox {
    Inbox::start(database.clone(), CancellationToken::new())
}

async fn events(database: &Database) -> Vec<Model> {
    webhook_event::Entity::find().order_by_asc(webhook_event::Column::Id).all(&database.read).await.unwrap()
}

/// Makes the database refuse the event with the id `poison`.
async fn refuse_poison(test: &TestDatabase) {
    let rule = if test.database.is_sqlite() {
        "create trigger no_poison before insert on webhook_event when new.event_id = 'poison'
            begin select raise(abort, 'no poison'); end"
    } else {
        "alter table webhook_event add constraint no_poison check (event_id <> 'poison')"
    };
    test.database.write.execute_unprepared(rule).await.unwrap();
}

#[tokio::test]
async fn a_kept_delivery_is_stored_as_it_is() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let full = Delivery {
            occurred_at: Some(-5),
            body: Bytes::from_static(b"\0\xff{\"a\":1}"),
            status: EventStatus::Unreadable,
            error: Some("because".to_owned()),
            ..delivery("é😀'\"")
        };
        let empty =
            Delivery { protocol: Protocol::Unknown, event_type: String::new(), body: Bytes::new(), ..delivery("") };
        for delivery in [full, empty] {
            let kept = inbox.insert(delivery.clone()).await.unwrap();
            let stored = events(&test.database).await.pop().unwrap();
            let expected = Model {
                id: kept.id,
                protocol: delivery.protocol,
                event_type: delivery.event_type,
                event_id: delivery.event_id,
                body_hash: delivery.body_hash,
                body: Some(delivery.body.to_vec()),
                occurred_at: delivery.occurred_at,
                received_at: 1_000,
                status: delivery.status,
                error: delivery.error,
                attempts: 0,
                next_attempt_at: 0,
                applied_at: None,
                deliveries: 1,
                last_delivered_at: 1_000,
                warnings: None,
                held_since: None,
            };
            assert_eq!(stored, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn equal_deliveries_in_one_commit_are_one_event_and_the_first_is_new() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let later = Delivery { received_at: 3_000, ..delivery("1") };
        // On one thread all of them queue before the writer gets its turn.
        let (first, second, third, other) = tokio::join!(
            inbox.insert(delivery("1")),
            inbox.insert(later),
            inbox.insert(Delivery { received_at: 2_000, ..delivery("1") }),
            inbox.insert(delivery("2")),
        );
        let (first, second, third, other) = (first.unwrap(), second.unwrap(), third.unwrap(), other.unwrap());
        assert_eq!([first.duplicate, second.duplicate, third.duplicate, other.duplicate], [false, true, true, false]);
        assert!(second.id == first.id && third.id == first.id && other.id != first.id);
        if !test.database.is_sqlite() {
            let rows = test.database.write.execute_unprepared("select distinct xmin::text from webhook_event").await;
            assert_eq!(rows.unwrap().rows_affected(), 1, "one transaction wrote all rows");
        }
        let again = inbox.insert(delivery("1")).await.unwrap();
        assert_eq!((again.id.as_str(), again.duplicate), (first.id.as_str(), true));
        let stored = events(&test.database).await;
        let counts: Vec<_> =
            stored.iter().map(|event| (event.deliveries, event.received_at, event.last_delivered_at)).collect();
        assert_eq!(counts, [(4, 1_000, 3_000), (1, 1_000, 1_000)]);
    })
    .await;
}

#[tokio::test]
async fn each_part_of_the_key_tells_events_apart() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let one = delivery("1");
        let others = [
            one.clone(),
            Delivery { protocol: Protocol::V2, ..one.clone() },
            Delivery { event_type: "new_customer".to_owned(), ..one.clone() },
            Delivery { event_id: "2".to_owned(), ..one.clone() },
            Delivery { body_hash: "f".repeat(64), ..one.clone() },
        ];
        // In one commit, and then in the table.
        for duplicate in [false, true] {
            let kept = join_all(others.iter().map(|delivery| inbox.insert(delivery.clone()))).await;
            assert!(kept.into_iter().all(|kept| kept.unwrap().duplicate == duplicate));
            assert_eq!(events(&test.database).await.len(), 5);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_at_once_are_stored_once_each() {
    on_both(async |test: TestDatabase| {
        let inboxes = [start(&test.database), start(&test.database)];
        let mut keeping = JoinSet::new();
        for number in 0..900 {
            let inbox = inboxes[number % 2].clone();
            let delivery = delivery(&(number % 300).to_string());
            keeping.spawn(async move { (delivery.event_id.clone(), inbox.insert(delivery).await.unwrap()) });
        }
        let answers = keeping.join_all().await;
        let stored = events(&test.database).await;
        assert_eq!(stored.len(), 300);
        assert!(stored.iter().all(|event| event.deliveries == 3));
        for (event_id, kept) in &answers {
            assert!(stored.iter().any(|event| event.id == kept.id && event.event_id == *event_id));
        }
        assert_eq!(answers.iter().filter(|(_, kept)| !kept.duplicate).count(), 300);
    })
    .await;
}

#[tokio::test]
async fn a_refused_row_is_answered_to_its_own_sender_alone() {
    on_both(async |test: TestDatabase| {
        refuse_poison(&test).await;
        let inbox = start(&test.database);
        let mut keeping = JoinSet::new();
        for number in 0..40 {
            let id = if number % 13 == 5 { "poison".to_owned() } else { number.to_string() };
            let inbox = inbox.clone();
            keeping.spawn(async move { (id.clone(), inbox.insert(delivery(&id)).await) });
        }
        for (id, answer) in keeping.join_all().await {
            match answer {
                Ok(_) => assert_ne!(id, "poison"),
                Err(error) => assert!(id == "poison" && matches!(error, InsertError::Refused(_)), "{id}: {error}"),
            }
        }
        assert_eq!(events(&test.database).await.len(), 37);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_whose_sender_went_away_is_kept_all_the_same() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        tokio::select! {
            biased;
            _ = inbox.insert(delivery("gone")) => panic!("nothing is committed before the writer ran"),
            () = std::future::ready(()) => {}
        }
        inbox.insert(delivery("next")).await.unwrap();
        let ids: Vec<_> = events(&test.database).await.into_iter().map(|event| event.event_id).collect();
        assert_eq!(ids, ["gone", "next"]);
    })
    .await;
}

#[tokio::test]
async fn a_shutdown_writes_what_has_queued_and_refuses_the_rest() {
    on_both(async |test: TestDatabase| {
        let shutdown = CancellationToken::new();
        let inbox = Inbox::start(test.database.clone(), shutdown.clone());
        let (one, two, ()) =
            tokio::join!(inbox.insert(delivery("1")), inbox.insert(delivery("2")), async { shutdown.cancel() });
        assert!(one.is_ok() && two.is_ok());
        inbox.stopped().await;
        assert_eq!(inbox.insert(delivery("3")).await, Err(InsertError::Unavailable));
        assert_eq!(events(&test.database).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_may_be_repeated() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let event = NewEvent { id: "the-id".to_owned(), ..NewEvent::new(delivery("1")) };
        for _ in 0..2 {
            // Also twice in one commit.
            let (kept, again) = tokio::join!(inbox.import(event.clone()), inbox.import(event.clone()));
            let expected = Receipt { id: "the-id".to_owned(), duplicate: false };
            assert_eq!((kept.unwrap(), again.unwrap()), (expected.clone(), expected));
        }
        assert_eq!(events(&test.database).await[0].deliveries, 1);
        // Three repeats that were counted elsewhere, then one that comes straight here.
        inbox.import(NewEvent { deliveries: 4, last_delivered_at: 7_000, ..event }).await.unwrap();
        assert!(inbox.insert(delivery("1")).await.unwrap().duplicate);
        let stored = events(&test.database).await.remove(0);
        assert_eq!((stored.deliveries, stored.last_delivered_at), (5, 7_000));
    })
    .await;
}

#[tokio::test]
async fn the_projector_is_woken_after_the_commit() {
    on_both(async |test: TestDatabase| {
        let inbox = start(&test.database);
        let wake = inbox.wake();
        inbox.insert(delivery("1")).await.unwrap();
        wake.notified().await;
        assert_eq!(events(&test.database).await.len(), 1);
    })
    .await;
}
