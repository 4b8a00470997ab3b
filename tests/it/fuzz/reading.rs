//! From bytes to updates: no panic, no secret, nothing lost on the way.

use bytes::Bytes;
use promograph::{
    inbox::{Delivery, EventStatus, Protocol},
    projection::{
        merge::Cell,
        mirror::{self, SqlType},
        parse::{self, IdSpace, ParsedPayload, StoredEvent},
        updates::EventUpdates,
    },
    webhook::{Endpoints, parse_delivery},
};
use proptest::prelude::*;

use super::{body::body, config};
use crate::support::{TOKEN, events::NOW};

/// What the webhook's route would keep.
pub fn delivery(bytes: Vec<u8>) -> Delivery {
    parse_delivery(&Bytes::from(bytes), &Endpoints::parse(TOKEN).unwrap(), NOW)
}

/// As the projector finds it in the database.
pub fn kept(delivery: Delivery) -> StoredEvent {
    StoredEvent {
        id: "e".to_owned(),
        protocol: delivery.protocol,
        event_type: delivery.event_type,
        event_id: delivery.event_id,
        body_hash: delivery.body_hash,
        body: Some(delivery.body.to_vec()),
        occurred_at: delivery.occurred_at,
        received_at: delivery.received_at,
        attempts: 0,
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn any_body_is_kept_as_it_came_but_for_its_secrets(body in body()) {
        let delivery = delivery(body.bytes());
        let whole = body.without_secrets();
        if body.is_whole() {
            prop_assert_eq!(&*delivery.body, &whole);
            prop_assert_eq!(delivery.status == EventStatus::Unreadable, delivery.protocol == Protocol::Unknown);
        } else if body.is_cut() {
            prop_assert!(whole.starts_with(&delivery.body));
        }
        let again = self::delivery(delivery.body.to_vec());
        prop_assert_eq!(again.body, &delivery.body, "nothing is left to redact");
        for text in [&delivery.event_type, &delivery.event_id] {
            prop_assert!(text.len() <= 200 && !text.contains('\0'));
        }
    }

    #[test]
    fn any_event_is_read_without_a_fault(body in body()) {
        let delivery = delivery(body.bytes());
        let pending = delivery.status == EventStatus::Pending;
        let event = kept(delivery);
        for ids in [IdSpace::Shared, IdSpace::Separate] {
            match parse::parse_event(&event, ids, NOW) {
                ParsedPayload::Updates(updates) | ParsedPayload::Held { updates, .. } => check(&updates)?,
                ParsedPayload::Ignored(_) => {}
                // What was JSON when it came is JSON when it is read.
                ParsedPayload::Unreadable(reason) => prop_assert!(!pending || !reason.starts_with("not JSON"), "{}", reason),
                ParsedPayload::Failed(reason) => prop_assert!(!reason.contains("a bug in Promograph")),
            }
        }
    }
}

/// What the tables can hold: each column of its own type, each reference with its row.
fn check(updates: &EventUpdates) -> Result<(), TestCaseError> {
    let references: Vec<_> = mirror::references(updates).collect();
    for row in updates.rows() {
        prop_assert!(row.id > 0);
        let mut seen = 0_u64;
        for (register, cell) in &row.fields.cells {
            let column = &mirror::spec(row.table).registers[usize::from(*register)];
            prop_assert_eq!(seen & (1 << register), 0, "{} is set twice", column.name);
            seen |= 1 << register;
            match cell {
                Cell::Null => {}
                Cell::Bool(_) => prop_assert_eq!(column.sql_type, SqlType::Bool, "{}", column.name),
                Cell::Text(text) => {
                    prop_assert_eq!(column.sql_type, SqlType::Text, "{}", column.name);
                    prop_assert!(!text.is_empty() && !text.contains('\0'));
                }
                Cell::Int(id) => {
                    prop_assert_eq!(column.sql_type, SqlType::Int, "{}", column.name);
                    if let Some(table) = column.refers_to {
                        prop_assert!(*id > 0 && references.contains(&(table, *id)), "{}", column.name);
                    }
                }
            }
        }
    }
    Ok(())
}
