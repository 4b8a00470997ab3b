//! Who is sent which rows by a subscription.

use std::collections::BTreeSet;

use promograph::{
    auth::Viewer,
    graphql::catalog::CATALOG,
    read::{Candidates, Reader, changed::ChangeQuery},
};

use super::fields_of;
use crate::support::{
    TestApp, TestDatabase,
    example::{self, LEO},
    on_both,
};

/// Root field, the type of its rows, and how many of those that changed admin, analyst, Leo and a
/// promoter without any row are sent; none where the subscription is refused.
const TABLE: &[(&str, &str, [Option<usize>; 4])] = &[
    ("leadChanged", "Lead", [Some(2), Some(2), Some(0), Some(0)]),
    ("promoterChanged", "Promoter", [Some(4), Some(4), Some(1), Some(0)]),
    ("commissionChanged", "Commission", [Some(2), Some(2), Some(1), Some(0)]),
    ("payoutChanged", "Payout", [Some(2), Some(2), Some(0), Some(0)]),
    ("webhookEventReceived", "WebhookEvent", [Some(19), None, None, None]),
];

#[test]
fn every_subscription_has_a_row_in_the_table() {
    let rows: BTreeSet<_> = TABLE.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(rows, fields_of("Subscription").into_iter().collect());
}

#[tokio::test]
async fn every_viewer_is_sent_what_the_table_says() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        let viewers =
            [Viewer::Admin, Viewer::Analyst { pii: false }, Viewer::Promoter { id: LEO }, Viewer::Promoter { id: 1 }];
        let reader = Reader::new(&app.database, &CATALOG);
        for (name, entity, expected) in TABLE {
            let entity = CATALOG.get(entity).unwrap();
            for (viewer, expected) in viewers.into_iter().zip(expected) {
                let interest = ChangeQuery { viewer, entity, conditions: &[] };
                let sent = reader.changed(interest, Candidates::Since { ms: 0, after: None, most: 100 }, &[]).await;
                assert_eq!(sent.ok().map(|rows| rows.len()), *expected, "{name} for {viewer:?}");
            }
        }
    })
    .await;
}
