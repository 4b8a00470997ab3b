//! Mirrored rows without a story, where a test needs many.

use entity::{campaign, lead, offer, profile, promoter, promotion, reward};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait as _};

/// Promoters 1 to `promoters`, each with a profile, a promotion and five leads, in one campaign.
pub async fn programme(db: &DatabaseConnection, promoters: i64) {
    let (told, first_seen_at, updated_at) = (String::from("[]"), 0, 0);
    offer::Entity::insert(offer::ActiveModel {
        id: Set(1),
        name: Set(Some("Offer".to_owned())),
        name_folded: Set("offer".to_owned()),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    })
    .exec_without_returning(db)
    .await
    .unwrap();
    reward::Entity::insert(reward::ActiveModel {
        id: Set(1),
        name: Set(Some("Reward".to_owned())),
        name_folded: Set("reward".to_owned()),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    })
    .exec_without_returning(db)
    .await
    .unwrap();
    campaign::Entity::insert(campaign::ActiveModel {
        id: Set(1),
        name: Set(Some("Campaign".to_owned())),
        name_folded: Set("campaign".to_owned()),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    })
    .exec_without_returning(db)
    .await
    .unwrap();
    let promoter = |id: i64| {
        let email = format!("promoter{id}@example.com");
        promoter::ActiveModel {
            id: Set(id),
            status: Set(Some("active".to_owned())),
            email_folded: Set(email.clone()),
            email: Set(Some(email)),
            joined_at: Set(Some(id * 1_000)),
            is_stub: Set(false),
            told: Set(told.clone()),
            first_seen_at: Set(first_seen_at),
            updated_at: Set(updated_at),
            ..Default::default()
        }
    };
    promoter::Entity::insert_many((1..=promoters).map(promoter)).exec_without_returning(db).await.unwrap();
    let profile = |id: i64| profile::ActiveModel {
        promoter_id: Set(id),
        country: Set(Some("DE".to_owned())),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    };
    profile::Entity::insert_many((1..=promoters).map(profile)).exec_without_returning(db).await.unwrap();
    let promotion = |id: i64| promotion::ActiveModel {
        id: Set(id),
        promoter_id: Set(Some(id)),
        campaign_id: Set(Some(1)),
        ref_id: Set(Some(format!("Ref{id}"))),
        ref_id_folded: Set(format!("ref{id}")),
        visitors_count: Set((id % 3 > 0).then_some(id % 3)),
        current_offer_id: Set(Some(1)),
        current_referral_reward_id: Set(Some(1)),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    };
    promotion::Entity::insert_many((1..=promoters).map(promotion)).exec_without_returning(db).await.unwrap();
    let lead = |id: i64| lead::ActiveModel {
        id: Set(id),
        promoter_id: Set(Some((id - 1) / 5 + 1)),
        promotion_id: Set(Some((id - 1) / 5 + 1)),
        state: Set(Some("signup".to_owned())),
        email: Set(Some(format!("lead{id}@example.com"))),
        email_folded: Set(format!("lead{id}@example.com")),
        created_at: Set((id % 4 > 0).then_some(id % 4)),
        is_stub: Set(false),
        told: Set(told.clone()),
        first_seen_at: Set(first_seen_at),
        updated_at: Set(updated_at),
        ..Default::default()
    };
    let ids: Vec<i64> = (1..=promoters * 5).collect();
    for ids in ids.chunks(500) {
        lead::Entity::insert_many(ids.iter().copied().map(lead)).exec_without_returning(db).await.unwrap();
    }
}
