//! The story that the fixtures tell: Leo recruits Mira, Mira refers Anna, who buys and cancels.

use super::{TestApp, fixture};

/// Leo, who recruited Mira.
pub const LEO: i64 = 5_100_002;
/// Mira, who referred Anna.
pub const MIRA: i64 = 5_100_001;

/// Delivers all fixtures and applies them.
pub async fn tell(app: &TestApp) {
    for name in [
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
    ] {
        app.deliver(fixture(name)).await;
    }
    app.settle().await;
}
