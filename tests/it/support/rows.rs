//! Mirrored rows without a story, where a test needs many.

use entity::webhook_event::EventStatus;
use entity::webhook_event::Protocol;
use entity::{campaign, lead, lead_event, offer, profile, promoter, promoter_event, promotion, reward, webhook_event};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait as _};

/// One row that was told, with these columns.
macro_rules! row {
    ($entity:ident { $($column:ident: $value:expr),* $(,)? }) => {
        $entity::ActiveModel {
            $($column: Set($value),)*
            is_stub: Set(false),
            field_clocks: Set("[]".to_owned()),
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

/// Two promoters with nothing else; the first has this `cust_id`.
pub async fn partners(db: &DatabaseConnection, cust_id: &str) {
    let partner = |(id, email, cust_id): (i64, &str, &str)| {
        let (email, cust_id) = (email.to_owned(), Some(cust_id.to_owned()));
        row!(promoter { id: id, email: Some(email.clone()), email_folded: email, cust_id: cust_id })
    };
    let partners = [(7, "jane@example.com", cust_id), (8, "john@example.com", "another")];
    insert!(db, promoter, partners.into_iter().map(partner));
}

/// Applied events 1 to `events`, received one after the other. Each told one of the promoters 1 to
/// `promoters`, in turns, and the lead with the number of the event. Of all of them the last one also
/// told promoter 1.
pub async fn lineage(db: &DatabaseConnection, events: i64, promoters: i64) {
    let id = |event: i64| format!("event-{event:05}");
    let event = |event: i64| webhook_event::ActiveModel {
        id: Set(id(event)),
        protocol: Set(Protocol::V1),
        event_type: Set(if event % 2 == 0 { "lead_signup" } else { "lead_cancelled" }.to_owned()),
        event_id: Set(event.to_string()),
        body_hash: Set(String::new()),
        received_at: Set(event * 1_000),
        status: Set(EventStatus::Applied),
        last_delivered_at: Set(event * 1_000),
        ..Default::default()
    };
    insert!(db, webhook_event, (1..=events).map(event));
    let told = (1..=events).map(|event| (event % promoters + 1, event)).chain([(1, events)]);
    let told: std::collections::BTreeSet<_> = told.collect();
    let of_promoter = |(promoter, event): (i64, i64)| promoter_event::ActiveModel {
        promoter_id: Set(promoter),
        event_id: Set(id(event)),
    };
    insert!(db, promoter_event, told.into_iter().map(of_promoter));
    let of_lead = |event: i64| lead_event::ActiveModel { lead_id: Set(event), event_id: Set(id(event)) };
    insert!(db, lead_event, (1..=events).map(of_lead));
}
