//! A payout's commission: which commissions a payout pays. Only v2 has it. The payloads of its events are not
//! documented: `data` may be the payout, the commission, or a row that names both; `entity_id` may be that of either.

use entity::MirroredTable;

use super::{commission, payout};
use crate::{
    json::JsonValue,
    projection::{
        merge::Cell,
        payload::{
            checked,
            object::{id_of, referenced_id},
            v2_event::{V2Action, V2Event},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&["deleted_at", "payout_id", "commission_id"]);

const PAYOUT: u8 = REGISTERS.number("payout_id");
const COMMISSION: u8 = REGISTERS.number("commission_id");
/// The key has 32 bits for the commission's id, and 31 for the payout's. FirstPromoter's ids are below a hundredth of
/// either.
const COMMISSION_BITS: u32 = 32;

/// The key of a link, made of both ids, so that every event of a link is about one row. `None` for ids that do not
/// fit.
#[must_use]
pub fn link_key(payout: i64, commission: i64) -> Option<i64> {
    let fits = (1..1 << 31).contains(&payout) && (1..1 << COMMISSION_BITS).contains(&commission);
    fits.then_some(payout << COMMISSION_BITS | commission)
}

/// Commissions were added to a payout, or removed.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let data = event.data;
    let own = data.get("id").and_then(|id| checked::id(updates, "payout_commission.id", id));
    let has = |keys: &[&str]| keys.iter().any(|key| data.get(key).is_some());
    let is_commission = has(&["sale_amount", "tier", "commission_type", "referral", "promoter_campaign"]);
    let is_payout = has(&["payments_batch_id", "payout_method", "period_start", "total_incl_tax", "commissions"]);
    let entity_id = |entity| event.entity_id.filter(|_| event.is_about(entity) == Some(true));

    let mut payout = referenced_id(updates, "payout_commission", data, "payout_id", "payout")
        .or_else(|| entity_id("payout"))
        .or_else(|| changed_payout(updates, event));
    if payout.is_none() && is_payout {
        payout = own;
    }
    let mut commissions: Vec<i64> =
        referenced_id(updates, "payout_commission", data, "commission_id", "commission").into_iter().collect();
    let listed = checked::list(updates, "payout_commission.commissions", data.get("commissions"));
    commissions.extend(listed.iter().filter_map(id_of));
    let ids = checked::list(updates, "payout_commission.commission_ids", data.get("commission_ids"));
    commissions.extend(ids.iter().filter_map(|id| checked::id(updates, "payout_commission.commission_ids", id)));
    if commissions.is_empty() {
        commissions.extend(entity_id("commission").or(own.filter(|own| is_commission && Some(*own) != payout)));
    }

    // The objects themselves, wherever they are.
    if own.is_some() && own == payout && !is_commission {
        payout::v2_nested(updates, data);
    } else if own.is_some_and(|own| commissions.contains(&own)) && is_commission {
        commission::v2_nested(updates, data);
    }
    if let Some(json @ JsonValue::Object(_)) = data.get("payout") {
        payout::v2_nested(updates, json);
    }
    if let Some(json @ JsonValue::Object(_)) = data.get("commission") {
        commission::v2_nested(updates, json);
    }
    for json in listed {
        commission::v2_nested(updates, json);
    }

    match payout {
        None => updates.warn("payout_commission.payout_id", "missing"),
        Some(_) if commissions.is_empty() => updates.warn("payout_commission.commission_id", "missing"),
        Some(payout) => {
            for commission in commissions {
                link(updates, event, payout, commission);
            }
        }
    }
    // A part of it is better than nothing: the event is applied, with warnings about the rest.
    updates.rows().first().map(|row| row.id)
}

fn link(updates: &mut EventUpdates, event: &V2Event<'_, '_>, payout: i64, commission: i64) {
    let Some(key) = link_key(payout, commission) else {
        let problem = "not kept: that needs a payout's id below 2^31 and a commission's below 2^32";
        updates.warn("payout_commission", problem);
        return;
    };
    event.set_deleted_at(updates, MirroredTable::PayoutCommission, key);
    let mut row = updates.row(MirroredTable::PayoutCommission, key, event.action.precedence());
    updates.set(&mut row, PAYOUT, Cell::Int(payout));
    updates.set(&mut row, COMMISSION, Cell::Int(commission));
}

/// The payout that a commission's `changes` name: the new one, or of a removal the old one.
fn changed_payout(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let change = checked::list(updates, "changes.payout_id", event.changes.get("payout_id"));
    checked::id(updates, "changes.payout_id", change.get(usize::from(event.action != V2Action::Deleted))?)
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
