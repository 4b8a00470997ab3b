//! The story that the fixtures tell: Leo recruits Mira, Mira refers Anna, who buys and cancels.

use super::{TestApp, fixture};

/// Leo, who recruited Mira.
pub const LEO: i64 = 5_100_002;
/// Mira, who referred Anna.
pub const MIRA: i64 = 5_100_001;

/// Delivers all fixtures and applies them.
pub async fn tell(app: &TestApp) {
    deliver(
        app,
        &[
            "promoter_signs_up",
            "promoter_signed_up",
            "promoter_accepted",
            "lead_subscribed",
            "lead_signup",
            "lead_becomes_referral",
            "new_customer",
            "reward_created",
            "reward_created_tier_2",
            "lead_cancelled",
            "fulfilment_pending",
            "seed_lead_signup",
            "seed_promoter_signed_up",
        ],
    )
    .await;
}

/// Mira signs a contract, and is paid in a batch: told by webhooks v2.
pub async fn pay(app: &TestApp) {
    deliver(
        app,
        &[
            "v2/commission_updated",
            "v2/payout_completed",
            "v2/payout_commissions_added",
            "v2/payout_method_updated",
            "v2/payments_batch_completed",
            "v2/contract_document_signed",
        ],
    )
    .await;
}

async fn deliver(app: &TestApp, names: &[&str]) {
    for name in names {
        app.deliver(fixture(name)).await;
    }
    app.settle().await;
}
