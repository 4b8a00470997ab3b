//! The number of statements of a read.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::support::{TestApp, TestDatabase, on_both, rows};

const PAGE: &str = "query ($n: Int!) { promoters(first: $n) { nodes {
    email profile { country }
    promotions(first: 5) { nodes {
        refId campaign { name } currentOffer { name } currentReferralReward { name }
        leads(first: 5) { nodes { email state promoter { email } } }
    } }
    payouts { nodes { amount reward { name } } }
} } }";

#[tokio::test]
async fn a_row_takes_one_statement_with_its_first_list_on_postgresql() {
    on_both(async |mut test: TestDatabase| {
        rows::programme(&test.database.write, 20).await;
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        test.database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let app = TestApp::new(&test);
        let second = usize::from(test.database.is_sqlite());
        for (fields, expected) in [
            ("email", 1),
            ("promotions { nodes { refId } }", 1 + second),
            ("promotions { nodes { refId leads { nodes { email } } } }", 2 + second),
            ("promotions { nodes { refId } } leads { nodes { email } }", 2 + second),
            ("promotions { totalCount nodes { refId } }", 2 + second),
            ("promotions { totalCount }", 2),
        ] {
            count.store(0, Ordering::SeqCst);
            app.admin().data(&format!("{{ promoter(firstPromoterId: 7) {{ {fields} }} }}")).await;
            assert_eq!(count.load(Ordering::SeqCst), expected, "{fields}");
            count.store(0, Ordering::SeqCst);
            app.promoter(7).data(&format!("{{ viewer {{ promoter {{ {fields} }} }} }}")).await;
            assert_eq!(count.load(Ordering::SeqCst), expected, "{fields}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_takes_the_same_number_of_statements_at_1_row_and_at_100() {
    on_both(async |mut test: TestDatabase| {
        rows::programme(&test.database.write, 100).await;
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        test.database.read.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let app = TestApp::new(&test);
        let mut statements = Vec::new();
        for (n, leads) in [(1, 5), (100, 500)] {
            count.store(0, Ordering::SeqCst);
            let data = app.admin().query_with(PAGE, json!({ "n": n })).await.data();
            statements.push(count.load(Ordering::SeqCst));
            let read = data.to_string().matches("\"state\"").count();
            assert_eq!(read, leads, "the page holds all its rows");
        }
        // Promoters, promotions, leads, payouts: campaigns, offers, rewards and profiles are joined.
        assert_eq!(statements, [4, 4]);
    })
    .await;
}
