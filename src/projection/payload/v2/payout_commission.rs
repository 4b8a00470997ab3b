//! Which commissions a payout pays. The events about it have no documented shape: `data` may be the
//! payout, the commission, or a row that names both; `entity_id` may be that of either.

use super::{
    super::{field::id_of, json::Json, value::Shape},
    Action, Event, Own, commission, named, payout,
};
use crate::projection::{
    facts::Facts,
    merge::Cell,
    tables::{PAYOUT_COMMISSION, Table},
};

const PAYOUT: u8 = PAYOUT_COMMISSION.register("payout_id");
const COMMISSION: u8 = PAYOUT_COMMISSION.register("commission_id");
/// The key has 32 bits for the commission's id, and 31 for the payout's. FirstPromoter has counted to
/// less than a hundredth of either.
const COMMISSION_BITS: u32 = 32;

/// The key of a link, made of both ids, so that every event of a link is about one row. `None` for
/// ids that it has no room for.
#[must_use]
pub fn link_key(payout: i64, commission: i64) -> Option<i64> {
    let fits = (1..1 << 31).contains(&payout) && (1..1 << COMMISSION_BITS).contains(&commission);
    fits.then_some(payout << COMMISSION_BITS | commission)
}

/// Commissions were added to a payout, or removed.
pub fn event(facts: &mut Facts, event: &Event<'_, '_>) -> Own {
    let data = event.data;
    let own = id_of(data).ok();
    let has = |keys: &[&str]| keys.iter().any(|key| data.get(key).is_some());
    let like_commission = has(&["sale_amount", "tier", "commission_type", "referral", "promoter_campaign"]);
    let like_payout = has(&["payments_batch_id", "payout_method", "period_start", "total_incl_tax", "commissions"]);
    let about = |entity| event.entity_id.filter(|_| event.is_about(entity) == Some(true));

    let mut payout = named(data, "payout_id", "payout").or_else(|| about("payout")).or_else(|| changed(event));
    if payout.is_none() && like_payout {
        payout = own;
    }
    let mut commissions: Vec<i64> = named(data, "commission_id", "commission").into_iter().collect();
    commissions.extend(data.get("commissions").map_or(&[][..], Json::list).iter().filter_map(|json| id_of(json).ok()));
    commissions.extend(data.get("commission_ids").map_or(&[][..], Json::list).iter().filter_map(read_id));
    if commissions.is_empty() {
        commissions.extend(about("commission").or(own.filter(|own| like_commission && Some(*own) != payout)));
    }

    // The objects themselves, wherever they are.
    if own.is_some() && own == payout && !like_commission {
        payout::nested(facts, data);
    } else if own.is_some_and(|own| commissions.contains(&own)) && like_commission {
        commission::nested(facts, data);
    }
    if let Some(json @ Json::Object(_)) = data.get("payout") {
        payout::nested(facts, json);
    }
    let nested = data.get("commission").into_iter().chain(data.get("commissions").map_or(&[][..], Json::list));
    for json in nested.filter(|json| matches!(json, Json::Object(_))) {
        commission::nested(facts, json);
    }

    match payout {
        None => facts.skip(Table::PayoutCommission, "payout_id", "an id"),
        Some(_) if commissions.is_empty() => facts.skip(Table::PayoutCommission, "commission_id", "an id"),
        Some(payout) => {
            for commission in commissions {
                link(facts, event, payout, commission);
            }
        }
    }
    // Half of it is better than nothing: the event stays, and says what it did not tell.
    facts.facts().first().map(|fact| fact.id)
}

fn link(facts: &mut Facts, event: &Event<'_, '_>, payout: i64, commission: i64) {
    let Some(key) = link_key(payout, commission) else {
        facts.skip(Table::PayoutCommission, "id", "a payout below 2^31 and a commission below 2^32");
        return;
    };
    event.exists(facts, Table::PayoutCommission, key);
    let mut row = facts.about(Table::PayoutCommission, key, event.action.rank());
    facts.tell(&mut row, PAYOUT, Cell::Int(payout));
    facts.tell(&mut row, COMMISSION, Cell::Int(commission));
}

/// The payout that a commission's `changes` name: the one it comes to, or the one it leaves.
fn changed(event: &Event<'_, '_>) -> Option<i64> {
    let change = event.changes.get("payout_id")?.list();
    change.get(usize::from(event.action != Action::Deleted)).and_then(read_id)
}

fn read_id(json: &Json<'_>) -> Option<i64> {
    if let Ok(Cell::Int(id)) = Shape::Id.read(json) { Some(id) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_ids_has_a_key_of_its_own() {
        assert_eq!(link_key(1, 1), Some((1 << 32) + 1));
        assert_ne!(link_key(1, 2), link_key(2, 1));
        assert!(link_key((1 << 31) - 1, (1 << 32) - 1).is_some_and(|key| key == i64::MAX));
        for (payout, commission) in [(0, 1), (1, 0), (-1, 1), (1 << 31, 1), (1, 1 << 32)] {
            assert_eq!(link_key(payout, commission), None);
        }
    }
}
