//! Applied events in the tables of both databases.

use entity::webhook_event::EventStatus;
use entity::{lead, profile, promoter, promotion};
use promograph::projection::OutcomeCounts;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::support::{
    TestDatabase,
    dump::{balances, dump},
    events::{NOW, apply, kept, kept_all, stored},
    fixture,
    mirror::Mirror,
    on_both,
};

fn signup(event: i64, second: u32, promoter: &Value) -> Value {
    let created_at = format!("2025-03-01T00:00:{second:02}Z");
    json!({"event": {"id": event, "type": "promoter_signed_up", "created_at": created_at}, "data": {"promoter": promoter}})
}

#[tokio::test]
async fn applied_fixtures_are_in_the_tables() {
    on_both(async |test: TestDatabase| {
        let names =
            ["lead_signup", "reward_created", "reward_created_tier_2", "promoter_accepted", "fulfilment_pending"];
        let events: Vec<_> = names.iter().map(|name| kept(name, fixture(name).as_bytes())).collect();
        let drained = apply(&test.database, &events).await;
        assert_eq!(drained, OutcomeCounts { applied: 5, ..OutcomeCounts::default() });
        assert_eq!(dump(&test.database).await, Mirror::after(&events).dump());
        assert!(
            stored(&test.database)
                .await
                .iter()
                .all(|event| event.status == EventStatus::Applied && event.applied_at == Some(NOW))
        );
    })
    .await;
}

#[tokio::test]
async fn a_row_keeps_when_it_was_first_seen_and_when_its_values_last_changed() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let story = [
            signup(1, 1, &json!({"id": 5, "email": "A@Ü.example"})),
            signup(2, 2, &json!({"id": 5, "email": "A@Ü.example"})),
            signup(3, 3, &json!({"id": 5, "email": "b@c.example"})),
        ];
        let events = kept_all(&story);
        let mut seen = Vec::new();
        for (event, now) in events.iter().zip([NOW, NOW + 1, NOW + 2]) {
            crate::support::events::store(db, std::slice::from_ref(event)).await;
            promograph::projection::drain(db, &promograph::projection::Changes::new(), now).await.unwrap();
            let row = promoter::Entity::find_by_id(5).one(&db.write).await.unwrap().unwrap();
            seen.push((row.first_seen_at - NOW, row.updated_at - NOW, row.email_folded));
        }
        let expected = [(0, 0, "a@ü.example"), (0, 0, "a@ü.example"), (0, 2, "b@c.example")];
        assert_eq!(seen, expected.map(|(first, updated, folded)| (first, updated, folded.to_owned())));
    })
    .await;
}

#[tokio::test]
async fn a_referenced_row_is_a_stub_until_an_event_sets_a_field() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let child = json!({"id": 5, "parent_promoter_id": 6, "default_promotion_id": 50});
        apply(db, &kept_all(&[signup(1, 1, &child)])).await;
        let parent = promoter::Entity::find_by_id(6).one(&db.write).await.unwrap().unwrap();
        assert!(parent.is_stub && parent.field_clocks.is_empty() && parent.first_seen_at == NOW);
        assert!(promotion::Entity::find_by_id(50).one(&db.write).await.unwrap().unwrap().is_stub);
        let mut events =
            kept_all(&[signup(2, 2, &json!({"id": 6, "parent_promoter_id": 5, "profile": {"first_name": "ÉVA"}}))]);
        events[0].id = "later".to_owned();
        apply(db, &events).await;
        let parent = promoter::Entity::find_by_id(6).one(&db.write).await.unwrap().unwrap();
        assert!(!parent.is_stub && parent.parent_promoter_id == Some(5));
        let profile = profile::Entity::find_by_id(6).one(&db.write).await.unwrap().unwrap();
        assert_eq!((profile.first_name_folded.as_str(), profile.last_name_folded.as_str()), ("éva", ""));
    })
    .await;
}

#[tokio::test]
async fn balance_rows_follow_the_balance_registers() {
    on_both(async |test: TestDatabase| {
        let db = &test.database;
        let with_balance = |at, balance: Value| {
            signup(i64::from(at), at, &json!({"id": 5, "earnings_balance": balance, "paid_balance": {"cash": 9}}))
        };
        let bodies = [
            with_balance(3, json!({"cash": 900_719_925_474.099, "free_months": -3, "points": null})),
            with_balance(1, json!({"credits": 8})),
            with_balance(5, json!({"cash": 1})),
            with_balance(7, Value::Null),
        ];
        let expected: [&[(&str, i64)]; 4] = [
            &[("5:earned:cash", 9_007_199_254_740_990), ("5:earned:free_months", -30_000), ("5:paid:cash", 90_000)],
            &[("5:earned:cash", 9_007_199_254_740_990), ("5:earned:free_months", -30_000), ("5:paid:cash", 90_000)],
            &[("5:earned:cash", 10_000), ("5:paid:cash", 90_000)],
            &[("5:paid:cash", 90_000)],
        ];
        for (event, expected) in kept_all(&bodies).into_iter().zip(expected) {
            apply(db, &[event]).await;
            let expected: Vec<_> = expected.iter().map(|(id, amount)| ((*id).to_owned(), *amount)).collect();
            assert_eq!(balances(db).await.into_iter().collect::<Vec<_>>(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn text_of_every_kind_and_extreme_numbers_arrive_unchanged() {
    on_both(async |test: TestDatabase| {
        let plan = "tab\t \"quote\" \\ {a,b} NULL 😀 \u{1} é";
        let data = json!({"id": i64::MAX, "plan_name": plan, "username": "null", "custom_fields": {"k": plan, "n": i64::MIN}, "cancelled_at": "0001-01-01T00:00:00Z"});
        let body = json!({"event": {"id": 1, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"}, "data": data});
        let nul = body.to_string().replace(" NULL ", " \\u0000 ");
        let events = [kept("a", body.to_string().as_bytes()), kept("b", nul.replace(&i64::MAX.to_string(), "8").as_bytes())];
        assert_eq!(apply(&test.database, &events).await.applied, 2);
        let leads = lead::Entity::find().all(&test.database.write).await.unwrap();
        let texts: Vec<_> = leads.iter().map(|lead| (lead.id, lead.plan_name.clone().unwrap())).collect();
        assert!(texts.contains(&(i64::MAX, plan.to_owned())) && texts.contains(&(8, plan.replace("NULL", "\u{fffd}"))), "{texts:?}");
        assert!(leads.iter().all(|lead| lead.username.as_deref() == Some("null") && lead.cancelled_at == Some(-62_135_596_800_000)));
        assert_eq!(dump(&test.database).await, Mirror::after(&events).dump());
    })
    .await;
}

#[tokio::test]
async fn text_that_no_index_can_hold_does_not_keep_the_event_out() {
    on_both(async |test: TestDatabase| {
        let text = |chars: u32| (0..chars).filter_map(|at| char::from_u32(0x2_0000 + at * 53)).collect::<String>();
        let lead = |id, chars| {
            let data = json!({"id": id, "email": text(chars), "uid": text(chars), "plan_name": text(chars * 100)});
            json!({"event": {"id": id, "type": "lead_signup", "created_at": "2025-03-01T00:00:00Z"}, "data": data})
        };
        assert_eq!(apply(&test.database, &kept_all(&[lead(1, 600), lead(2, 601)])).await.applied, 2);
        let leads = lead::Entity::find().order_by_asc(lead::Column::Id).all(&test.database.write).await.unwrap();
        let emails: Vec<_> = leads.iter().map(|lead| lead.email.as_ref().map(String::len)).collect();
        assert_eq!(emails, [Some(2_400), None]);
        assert!(leads.iter().all(|lead| lead.plan_name.is_some()));
        let warnings =
            r#"["lead.email: text is longer than 600 characters","lead.uid: text is longer than 600 characters"]"#;
        assert_eq!(stored(&test.database).await[1].warnings.as_deref(), Some(warnings));
    })
    .await;
}
