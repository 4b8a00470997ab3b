//! A small random dataset: nulls, ties, stubs, deleted rows, odd texts, unknown enum values, extreme numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cell, Dataset, Row,
    columns::{
        CAMPAIGN, COMMISSION, CONTRACT_DOCUMENT, Columns, DECIMALS, LEAD, OFFER, PAYMENTS_BATCH, PAYOUT, PAYOUT_METHOD,
        PROFILE, PROMOTER, PROMOTION, REWARD, Shape, TIMES, UNITS,
    },
};
use crate::support::Dice;

/// Makes a dataset. The first promoter is never a stub or deleted.
pub fn make(dice: &mut Dice) -> Dataset {
    let mirrored = [
        ("offer", OFFER, 6),
        ("reward", REWARD, 8),
        ("campaign", CAMPAIGN, 6),
        ("promoter", PROMOTER, 13),
        ("promotion", PROMOTION, 26),
        ("lead", LEAD, 38),
        ("commission", COMMISSION, 44),
        ("payout_method", PAYOUT_METHOD, 12),
        ("payments_batch", PAYMENTS_BATCH, 6),
        ("payout", PAYOUT, 18),
        ("contract_document", CONTRACT_DOCUMENT, 14),
    ];
    let keys: Keys = mirrored.iter().map(|(table, _, count)| (*table, ids(dice, *count))).collect();
    let mut dataset = Dataset::default();
    for (table, columns, _) in mirrored {
        let rows = keys[table].iter().enumerate().map(|(index, id)| {
            let whole = table == "promoter" && index == 0;
            mirrored_row(dice, columns, ("id", *id), &keys, whole)
        });
        let rows = rows.collect();
        dataset.tables.insert(table, rows);
    }
    let promoters = &keys["promoter"];
    let profiles = promoters.iter().skip(dice.below(3));
    let profiles = profiles.map(|id| mirrored_row(dice, PROFILE, ("promoter_id", *id), &keys, false)).collect();
    dataset.tables.insert("profile", profiles);
    dataset.tables.insert("balance", balances(dice, promoters));
    dataset.tables.insert("webhook_event", events(dice));
    dataset.tables.insert("payout_commission", payout_commissions(dice, &keys));
    for (table, column) in [("promoter", "promoter_id"), ("lead", "lead_id"), ("commission", "commission_id")] {
        let pairs = lineage(dice, column, &keys[table], dataset.rows("webhook_event"));
        let name = match table {
            "promoter" => "promoter_event",
            "lead" => "lead_event",
            _ => "commission_event",
        };
        dataset.tables.insert(name, pairs);
    }
    dataset
}

/// Pairs of payout and commission, some of them stubs or deleted.
fn payout_commissions(dice: &mut Dice, keys: &Keys) -> Vec<Row> {
    let mut rows = BTreeMap::new();
    for place in 1..60 {
        let columns: Columns = &[("payout_id", Shape::Ref("payout")), ("commission_id", Shape::Ref("commission"))];
        let row = mirrored_row(dice, columns, ("id", place), keys, false);
        rows.insert((row["payout_id"].clone(), row["commission_id"].clone()), row);
    }
    rows.into_values().collect()
}

/// Pairs of a row and an event.
fn lineage(dice: &mut Dice, column: &str, keys: &[i64], events: &[Row]) -> Vec<Row> {
    let pairs = (0..40).map(|_| (*dice.pick(keys), dice.pick(events)["id"].clone()));
    let pairs: BTreeSet<_> = pairs.collect();
    let row = |(key, event)| Row::from([(column.to_owned(), Cell::Int(key)), ("event_id".to_owned(), event)]);
    pairs.into_iter().map(row).collect()
}

/// The first means that the time is unknown.
const DELETED: &[i64] = &[1, 0, 1_727_956_800_103, 253_402_300_799_999];

type Keys = BTreeMap<&'static str, Vec<i64>>;

/// Small ids that tables share, and one beyond what a double can hold.
fn ids(dice: &mut Dice, count: i64) -> Vec<i64> {
    let mut ids: Vec<_> = (0..count).map(|place| place * 3 + 1 + dice.number(3)).collect();
    if let Some(last) = ids.last_mut() {
        *last = 9_007_199_254_740_993;
    }
    dice.shuffle(&mut ids);
    ids
}

fn mirrored_row(dice: &mut Dice, columns: Columns, key: (&str, i64), keys: &Keys, whole: bool) -> Row {
    let stub = !whole && dice.percent(10);
    let deleted = !whole && !stub && dice.percent(15);
    let mut row = Row::new();
    for (column, shape) in columns {
        let cell = if stub || dice.percent(18) { Cell::Null } else { cell(dice, *shape, keys) };
        if let Shape::Searched(_) = shape {
            let folded = if let Cell::Text(text) = &cell { folding::fold(text) } else { String::new() };
            row.insert(format!("{column}_folded"), Cell::Text(folded));
        }
        row.insert((*column).to_owned(), cell);
    }
    row.insert(key.0.to_owned(), Cell::Int(key.1));
    row.insert("is_stub".to_owned(), Cell::Bool(stub));
    row.insert("field_clocks".to_owned(), Cell::Text(String::new()));
    row.insert("deleted_at".to_owned(), if deleted { Cell::Int(*dice.pick(DELETED)) } else { Cell::Null });
    row.insert("first_seen_at".to_owned(), Cell::Int(1_700_000_000_000));
    row.insert("updated_at".to_owned(), Cell::Int(*dice.pick(TIMES)));
    row
}

fn cell(dice: &mut Dice, shape: Shape, keys: &Keys) -> Cell {
    match shape {
        Shape::Searched(texts) | Shape::Text(texts) => Cell::Text((*dice.pick(texts)).to_owned()),
        Shape::Number(numbers) => Cell::Int(*dice.pick(numbers)),
        Shape::Time => Cell::Int(*dice.pick(TIMES)),
        Shape::Flag => Cell::Bool(dice.percent(50)),
        // The first row of a table is preferred, so that the first promoter sees some rows.
        Shape::Ref(table) if dice.percent(25) => Cell::Int(keys[table][0]),
        Shape::Ref(table) => Cell::Int(*dice.pick(&keys[table])),
    }
}

fn balances(dice: &mut Dice, promoters: &[i64]) -> Vec<Row> {
    let mut rows = BTreeMap::new();
    for _ in 0..24 {
        let promoter = if dice.percent(25) { promoters[0] } else { *dice.pick(promoters) };
        let (kind, unit) = (*dice.pick(&["earned", "current", "paid", "pending"]), *dice.pick(UNITS));
        let id = format!("{promoter}:{kind}:{unit}");
        let row = [
            ("id", Cell::Text(id.clone())),
            ("promoter_id", Cell::Int(promoter)),
            ("kind", Cell::Text(kind.to_owned())),
            ("unit", Cell::Text(unit.to_owned())),
            ("amount", Cell::Int(*dice.pick(DECIMALS))),
        ];
        rows.insert(id, row.map(|(column, cell)| (column.to_owned(), cell)).into_iter().collect());
    }
    rows.into_values().collect()
}

/// Ids grow with the time of receipt, as the inbox makes them.
fn events(dice: &mut Dice) -> Vec<Row> {
    let bodies: [&[u8]; 4] = [b"{\"event\":{}}", b"not json", b"\xff\xfe broken", "{\"ü\": \"\u{1}\"}".as_bytes()];
    let event = |place: i64| {
        let received = 1_727_956_800_000 + place / 2 * 1_000;
        let status = *dice.pick(&["pending", "applied", "applied", "ignored", "unreadable", "failed"]);
        let applied = if status == "applied" { Cell::Int(received + 50) } else { Cell::Null };
        let body = if dice.percent(20) { Cell::Null } else { Cell::Bytes(dice.pick(&bodies).to_vec()) };
        let occurred = if dice.percent(30) { Cell::Null } else { Cell::Int(*dice.pick(TIMES)) };
        let error = if status == "failed" { Cell::Text("no \"id\"".to_owned()) } else { Cell::Null };
        let is_held = status == "pending" && dice.percent(40);
        let next = if is_held { Cell::Int(received + 3_600_000) } else { Cell::Int(0) };
        let warnings = match status {
            "applied" if dice.percent(50) => Cell::Text("[\"lead.id: missing\",\"more\"]".to_owned()),
            _ => Cell::Null,
        };
        let row = [
            ("id", Cell::Text(format!("01924f2a-{place:04x}-7000-8000-00000000abcd"))),
            ("protocol", Cell::Text((*dice.pick(&["v1", "v2", "unknown"])).to_owned())),
            ("event_type", Cell::Text((*dice.pick(&["reward_created", "lead_signup", ""])).to_owned())),
            ("event_id", Cell::Text(format!("{}", dice.below(5)))),
            ("body_hash", Cell::Text(format!("{place:064x}"))),
            ("body", body),
            ("occurred_at", occurred),
            ("received_at", Cell::Int(received)),
            ("status", Cell::Text(status.to_owned())),
            ("error", error),
            ("attempts", Cell::Int(dice.number(4))),
            ("next_attempt_at", next),
            ("warnings", warnings),
            ("held_since", if is_held { Cell::Int(received + place) } else { Cell::Null }),
            ("applied_at", applied),
            ("deliveries", Cell::Int(1 + dice.number(3))),
            ("last_delivered_at", Cell::Int(received)),
        ];
        row.map(|(column, cell)| (column.to_owned(), cell)).into_iter().collect()
    };
    (0..14).map(event).collect()
}
