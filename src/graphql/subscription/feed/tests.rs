use super::*;
use crate::{
    graphql::catalog::CATALOG,
    projection::{Change, Changes},
};

fn commit(at: i64, rows: &[(&'static str, i64)]) -> Notice {
    let rows = rows.iter().map(|&(entity, id)| Change { entity, id }).collect();
    Notice::Rows(Commit { rows, at, event: Some(format!("event-{at}").into()) })
}

fn feed(changes: &Changes) -> ChangeFeed {
    ChangeFeed::new(changes.subscribe(), CATALOG.get("Lead").unwrap(), 0, None)
}

fn hint(at: i64) -> Arc<str> {
    format!("event-{at}").into()
}

#[tokio::test]
async fn commits_that_wait_become_one_round_with_each_row_once() {
    let changes = Changes::new();
    let mut feed = feed(&changes);
    changes.publish(commit(1, &[("promoter", 5)]));
    changes.publish(commit(2, &[("lead", 7), ("lead", 8)]));
    changes.publish(commit(3, &[("lead", 7)]));
    changes.publish(commit(4, &[("payout", 7)]));
    let FeedEvent::Rows(round) = feed.next().await else { panic!("no rows") };
    assert_eq!(round.keys, [RowKey::Int(7), RowKey::Int(8)]);
    assert_eq!(round.during, Some(hint(2)), "what the first commit changed may still be on its way");
    assert_eq!((round.then.clone(), round.from, round.at), (Some(hint(4)), 2, 4));
    assert_eq!((feed.hint.clone(), feed.since), (None, 0), "nothing was sent yet");
    feed.sent(&round);
    assert_eq!((feed.hint.clone(), feed.since), (Some(hint(4)), 4));
}

#[tokio::test]
async fn an_older_event_that_is_replayed_does_not_move_the_hint_back() {
    let changes = Changes::new();
    let mut feed = feed(&changes);
    changes.publish(commit(5, &[("promoter", 5)]));
    let old = Change { entity: "lead", id: 1 };
    changes.publish(Notice::Rows(Commit { rows: [old].into(), at: 6, event: Some(hint(1)) }));
    let FeedEvent::Rows(round) = feed.next().await else { panic!("no rows") };
    assert_eq!((round.during, round.then, round.at), (Some(hint(5)), Some(hint(5)), 6));
}

#[tokio::test]
async fn who_lags_behind_or_has_too_much_to_read_is_told_so() {
    let changes = Changes::new();
    let (mut lagging, mut flooded, mut lost) = (feed(&changes), feed(&changes), feed(&changes));
    for at in 0..300 {
        changes.publish(commit(at, &[("lead", 1)]));
    }
    assert_eq!(lagging.next().await, FeedEvent::Lost);
    assert_eq!(flooded.next().await, FeedEvent::Lost);
    for part in 0..20 {
        let rows: Vec<_> = (0..600).map(|id| ("lead", part * 600 + id)).collect();
        changes.publish(commit(part, &rows));
    }
    assert_eq!(flooded.next().await, FeedEvent::Lost);
    assert_eq!(lost.next().await, FeedEvent::Lost);
    changes.publish(Notice::Lost);
    changes.publish(commit(400, &[("lead", 1)]));
    assert_eq!(lost.next().await, FeedEvent::Lost);
    assert_eq!(lost.since, 0, "so that what is read anew begins there");
}
