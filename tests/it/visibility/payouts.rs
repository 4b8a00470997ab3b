//! Who sees what of payouts, their batches and methods.

use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase,
    example::{self, LEO, MIRA},
    fixture, on_both,
};

/// What a payout says of its money, its commissions, where it goes to, and in which batch.
const PAID: &str = "{ payout(firstPromoterId: 2710002) {
    amount totalInclTax error paymentsBatchId paymentsBatch { status }
    payoutMethod { method details promoterId }
    commissions { totalCount nodes { firstPromoterId isPaid internalNote reward { name } payouts { totalCount } } }
    promoter { payoutMethods { totalCount } contractDocuments { nodes { contractName } } }
} }";

#[tokio::test]
async fn payout_details_need_pii_or_ownership_and_batches_are_for_staff() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        let error = "the account of mira@wise.example is closed";
        let batch = json!({ "status": "COMPLETED" });
        let paid = |batch: Option<&Value>, notes: bool, details: Value| {
            json!({ "payout": {
                "amount": "14997", "totalInclTax": "16121.775", "error": notes.then_some(error),
                "paymentsBatchId": batch.map(|_| "cGF5bWVudHNCYXRjaDo2MTAwMQ"), "paymentsBatch": batch,
                "payoutMethod": { "method": "WISE", "details": details, "promoterId": "cHJvbW90ZXI6NTEwMDAwMQ" },
                "commissions": { "totalCount": 1, "nodes": [{
                    "firstPromoterId": 14_100_001, "isPaid": true,
                    "internalNote": notes.then_some("checked by phone"),
                    "reward": { "name": "30% for twelve months" }, "payouts": { "totalCount": 1 },
                }] },
                "promoter": { "payoutMethods": { "totalCount": 1 }, "contractDocuments": { "nodes": [{ "contractName": "Partner terms" }] } },
            } })
        };
        let details = json!({ "email": "mira@wise.example" });
        assert_eq!(app.admin().data(PAID).await, paid(Some(&batch), true, details.clone()));
        assert_eq!(app.analyst(true).data(PAID).await, paid(Some(&batch), true, details.clone()));
        assert_eq!(app.analyst(false).data(PAID).await, paid(Some(&batch), false, Value::Null));
        assert_eq!(app.promoter(MIRA).data(PAID).await, paid(None, false, details));
        assert_eq!(app.promoter(LEO).data(PAID).await, json!({ "payout": null }));
        // What is hidden is not found out by asking for it.
        for (question, answer) in [
            ("{ payouts(filter: { paymentsBatch: {} }) { totalCount } }", 0),
            ("{ payouts(filter: { paymentsBatchId: { isNull: false } }) { totalCount } }", 0),
            ("{ payouts(filter: { commissions: { some: { tier: { eq: 1 } } } }) { totalCount } }", 1),
            ("{ payouts(filter: { commissions: { none: {} } }) { totalCount } }", 1),
        ] {
            assert_eq!(app.promoter(MIRA).data(question).await["payouts"]["totalCount"], json!(answer), "{question}");
        }
        let refused = "{ payouts(filter: { error: { isNull: false } }) { totalCount } }";
        for client in [app.promoter(MIRA), app.analyst(false)] {
            assert_eq!(client.query(refused).await.codes(), ["FORBIDDEN"]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_commission_that_was_removed_from_a_payout_is_not_in_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        app.deliver(fixture("v2/payout_commissions_removed")).await;
        let removed = fixture("v2/payout_commissions_added")
            .replace("commissions.added", "commissions.removed")
            .replace("01:00:02Z", "01:00:09Z");
        app.deliver(removed).await;
        app.settle().await;
        let data = app.admin().data("{ payout(firstPromoterId: 2710002) { commissions { totalCount } } }").await;
        assert_eq!(data, json!({ "payout": { "commissions": { "totalCount": 0 } } }));
    })
    .await;
}
