//! Mirrored rows without a story, where a test needs many.

use entity::{campaign, lead, offer, profile, promoter, promotion, reward};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait as _};

/// One row that was told, with these columns.
macro_rules! row {
    ($entity:ident { $($column:ident: $value:expr),* $(,)? }) => {
        $entity::ActiveModel {
            $($column: Set($value),)*
            is_stub: Set(false),
            told: Set("[]".to_owned()),
            first_seen_at: Set(0),
            updated_at: Set(0),
            ..Default::default()
        }
    };
}

macro_rules! insert {
    ($db:expr, $entity:ident, $rows:expr) => {{
        let rows: Vec<$entity::ActiveModel> = $rows.collect();
        for rows in rows.chunks(500) {
            $entity::Entity::insert_many(rows.to_vec()).exec_without_returning($db).await.unwrap();
        }
    }};
}

/// Promoters 1 to `promoters`, each with a profile, a promotion and five leads, in one campaign.
pub async fn programme(db: &DatabaseConnection, promoters: i64) {
    let text = |text: &str| Some(text.to_owned());
    insert!(db, offer, (1..=1).map(|id| row!(offer { id: id, name: text("Offer"), name_folded: "offer".to_owned() })));
    insert!(
        db,
        reward,
        (1..=1).map(|id| row!(reward { id: id, name: text("Reward"), name_folded: "reward".to_owned() }))
    );
    let campaign = |id| row!(campaign { id: id, name: text("Campaign"), name_folded: "campaign".to_owned() });
    insert!(db, campaign, (1..=1).map(campaign));
    let promoter = |id: i64| {
        let email = format!("promoter{id}@example.com");
        row!(promoter {
            id: id,
            status: text("active"),
            email: Some(email.clone()),
            email_folded: email,
            joined_at: Some(id * 1_000),
        })
    };
    insert!(db, promoter, (1..=promoters).map(promoter));
    let profile = |id| row!(profile { promoter_id: id, country: text("DE") });
    insert!(db, profile, (1..=promoters).map(profile));
    let promotion = |id: i64| {
        row!(promotion {
            id: id,
            promoter_id: Some(id),
            campaign_id: Some(1),
            ref_id: Some(format!("Ref{id}")),
            ref_id_folded: format!("ref{id}"),
            visitors_count: (id % 3 > 0).then_some(id % 3),
            current_offer_id: Some(1),
            current_referral_reward_id: Some(1),
        })
    };
    insert!(db, promotion, (1..=promoters).map(promotion));
    let lead = |id: i64| {
        let (parent, email) = ((id - 1) / 5 + 1, format!("lead{id}@example.com"));
        row!(lead {
            id: id,
            promoter_id: Some(parent),
            promotion_id: Some(parent),
            state: text("signup"),
            email: Some(email.clone()),
            email_folded: email,
            created_at: (id % 4 > 0).then_some(id % 4),
        })
    };
    insert!(db, lead, (1..=promoters * 5).map(lead));
}
