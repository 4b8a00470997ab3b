//! From updates to rows: whatever events hold, their order and repetition do not matter.

use promograph::{
    inbox::EventStatus,
    projection::{
        parse::{self, IdSpace, ParsedPayload},
        updates::EventUpdates,
    },
};
use proptest::prelude::*;

use super::{body::body, config, reading};
use crate::support::{events::NOW, mirror::Mirror};

fn parsed(bytes: Vec<u8>) -> Option<EventUpdates> {
    let delivery = reading::delivery(bytes);
    if delivery.status != EventStatus::Pending {
        return None;
    }
    match parse::parse_event(&reading::kept(delivery), IdSpace::Shared, NOW) {
        ParsedPayload::Updates(updates) => Some(updates),
        _ => None,
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn any_events_in_any_order_and_twice_give_the_same_rows(
        (bodies, order) in prop::collection::vec(body(), 2..8).prop_flat_map(|bodies| {
            let twice: Vec<_> = (0..bodies.len()).chain(0..bodies.len()).collect();
            (Just(bodies), Just(twice).prop_shuffle())
        }),
    ) {
        let all: Vec<_> = bodies.iter().map(|body| parsed(body.bytes())).collect();
        let mirror = Mirror::of(all.iter().flatten());
        prop_assert_eq!(&mirror, &Mirror::of(all.iter().rev().flatten()));
        prop_assert_eq!(&mirror, &Mirror::of(order.iter().filter_map(|at| all[*at].as_ref())));
    }
}
