//! Datasets that are dense in what figures can get wrong: few promoters, many rows around the edges of intervals, sales
//! told by several commissions, refunds, nulls, stubs, deleted rows, several raw texts of one value.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::calendar::{Calendar, Interval, moved};
use crate::{
    oracle::dataset::{Cell, Dataset, Row},
    support::Dice,
};

/// Zones on and off the whole hour, on both sides of the globe, with changes of clocks of an hour and of half of one.
pub const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/Santiago",
    "Africa/Casablanca",
];
/// 2026-07-02, in the first days of a month, a quarter and the second half of a year.
pub const NOW: i64 = 1_782_989_445_678;
pub const UNITS: &[&str] = &["cash", "cash", "cash", "credits", "free_month", "free_months", "gold", "silver"];
pub const STATES: &[&str] =
    &["signup", "lead", "active", "customer", "cancelled", "moved", "denied", "refunded", "ghost", "subscribed"];
pub const SUSPICIONS: &[&str] = &["no_suspicion", "ad_source", "self_referral", "odd"];
pub const STATUSES: &[&str] = &["pending", "approved", "approved", "approved", "denied", "lost"];
pub const PAYOUT_STATUSES: &[&str] = &["pending", "completed", "completed", "processing", "stuck"];
pub const ENTRY_SOURCES: &[&str] = &["api", "cookie", "pigeon", "dove"];
pub const TEXTS: &[&str] = &["basic", "Basic", "Zürich", "z \"q\"", ""];
pub const COUNTRIES: &[&str] = &["DE", "US", "de"];
const AMOUNTS: &[i64] = &[0, 10_000, 12_345, 250_000, -50_000, 990_001, 33];
const SALES: &[i64] = &[0, 100, 999, 10_000, 25_001, 3];

/// Ids by table.
pub const OFFERS: std::ops::Range<i64> = 1..4;
pub const CAMPAIGNS: std::ops::Range<i64> = 1..5;
pub const PROMOTERS: std::ops::Range<i64> = 1..7;
pub const PROMOTIONS: std::ops::Range<i64> = 1..13;
const LEADS: std::ops::Range<i64> = 1..91;
const COMMISSIONS: std::ops::Range<i64> = 1..241;
const PAYOUTS: std::ops::Range<i64> = 1..31;

/// Makes a dataset; `huge`: with amounts near 64 bits.
pub fn make(dice: &mut Dice, huge: bool) -> Dataset {
    let mut dataset = Dataset::default();
    let named = |id| row(id, &[("name", text(&format!("N{id}"))), ("name_folded", text(&format!("n{id}")))]);
    dataset.set("offer", OFFERS.map(named).collect());
    dataset.set("reward", OFFERS.map(named).collect());
    dataset.set("campaign", CAMPAIGNS.map(named).collect());
    dataset.set("promoter", PROMOTERS.map(|id| promoter(dice, id)).collect());
    dataset.set("profile", PROMOTERS.skip(1).map(|id| profile(dice, id)).collect());
    dataset.set("promotion", PROMOTIONS.map(|id| promotion(dice, id)).collect());
    let leads = LEADS.map(|id| lead(dice, id, dataset.rows("promotion"))).collect();
    dataset.set("lead", leads);
    let commissions = COMMISSIONS.map(|id| commission(dice, id, &dataset, huge)).collect();
    dataset.set("commission", commissions);
    dataset.set("payout", PAYOUTS.map(|id| payout(dice, id, huge)).collect());
    let mut pairs = BTreeMap::new();
    for id in 1..150 {
        let pair = (key(dice, &PAYOUTS), key(dice, &COMMISSIONS));
        let fields = [("payout_id", pair.0.clone()), ("commission_id", pair.1.clone())];
        pairs.insert(pair, hidden(dice, row(id, &fields)));
    }
    dataset.set("payout_commission", pairs.into_values().collect());
    dataset
}

/// A time at or beside the edge of an interval of some zone, or anywhere in the months around.
pub fn time(dice: &mut Dice) -> i64 {
    let date = if dice.percent(30) {
        *dice.pick(&[
            Date::constant(2026, 3, 8),
            Date::constant(2026, 3, 29),
            Date::constant(2025, 10, 26),
            Date::constant(2025, 11, 2),
            Date::constant(2026, 4, 5),
            Date::constant(2025, 10, 5),
        ])
    } else {
        let date = moved(Interval::Day, Date::constant(2026, 7, 1), -dice.number(400));
        if dice.percent(50) { date.first_of_month() } else { date }
    };
    let start = Calendar::of(dice.pick::<&str>(ZONES)).start(date);
    let beside = match dice.below(8) {
        0 => -1,
        1 => 0,
        2 => 1,
        3 => 3_600_000 * dice.number(26) - dice.number(2),
        4 => 1_800_000 * dice.number(8),
        _ => dice.number(20 * 86_400_000),
    };
    (start + beside).min(NOW - 1)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn key(dice: &mut Dice, ids: &std::ops::Range<i64>) -> Cell {
    Cell::Int(ids.start + dice.number(ids.end - ids.start))
}

/// The value, or null in so many of a hundred.
fn maybe(dice: &mut Dice, null: u32, cell: Cell) -> Cell {
    if dice.percent(null) { Cell::Null } else { cell }
}

fn row(id: i64, fields: &[(&str, Cell)]) -> Row {
    let mut row: Row = fields.iter().map(|(column, cell)| ((*column).to_owned(), cell.clone())).collect();
    for (column, cell) in [
        ("id", Cell::Int(id)),
        ("is_stub", Cell::Bool(false)),
        ("field_clocks", text("[]")),
        ("deleted_at", Cell::Null),
        ("first_seen_at", Cell::Int(0)),
        ("updated_at", Cell::Int(0)),
    ] {
        row.insert(column.to_owned(), cell);
    }
    row
}

/// Some rows are deleted, some are known by id alone.
fn hidden(dice: &mut Dice, mut row: Row) -> Row {
    if dice.percent(6) {
        row.insert("deleted_at".to_owned(), Cell::Int(1));
    } else if dice.percent(4) {
        row.insert("is_stub".to_owned(), Cell::Bool(true));
    }
    row
}

fn promoter(dice: &mut Dice, id: i64) -> Row {
    let parent = if id > 2 { maybe(dice, 40, Cell::Int(1 + id % 2)) } else { Cell::Null };
    let joined = Cell::Int(time(dice));
    let fields = [
        ("email_folded", text("")),
        ("parent_promoter_id", parent),
        ("joined_at", maybe(dice, 10, joined)),
        ("default_promotion_id", Cell::Null),
    ];
    let row = row(id, &fields);
    if id > 2 { hidden(dice, row) } else { row }
}

fn profile(dice: &mut Dice, id: i64) -> Row {
    let country = text(dice.pick::<&str>(COUNTRIES));
    let folded = ["first_name_folded", "last_name_folded", "company_name_folded"].map(|column| (column, text("")));
    let mut row = row(id, &folded);
    row.insert("promoter_id".to_owned(), Cell::Int(id));
    row.insert("country".to_owned(), maybe(dice, 20, country));
    row
}

fn promotion(dice: &mut Dice, id: i64) -> Row {
    let (campaign, offer, reward) = (key(dice, &CAMPAIGNS), key(dice, &OFFERS), key(dice, &OFFERS));
    let created = Cell::Int(time(dice));
    let fields = [
        ("ref_id_folded", text("")),
        ("promoter_id", Cell::Int(1 + (id - 1) % 6)),
        ("campaign_id", maybe(dice, 10, campaign)),
        ("current_offer_id", maybe(dice, 30, offer)),
        ("current_referral_reward_id", maybe(dice, 50, reward)),
        ("current_promotion_reward_id", Cell::Null),
        ("current_target_reward_id", Cell::Null),
        ("created_at", maybe(dice, 10, created)),
    ];
    hidden(dice, row(id, &fields))
}

fn lead(dice: &mut Dice, id: i64, promotions: &[Row]) -> Row {
    let promotion = dice.pick(promotions);
    let shared = dice.pick(promotions);
    // Now and then they do not fit together.
    let promoter = if dice.percent(6) { key(dice, &PROMOTERS) } else { promotion["promoter_id"].clone() };
    let (created, since, cancelled) = (Cell::Int(time(dice)), Cell::Int(time(dice)), Cell::Int(time(dice)));
    let pick = |dice: &mut Dice, texts: &[&str]| {
        let picked = text(dice.pick::<&str>(texts));
        maybe(dice, 10, picked)
    };
    let fields = [
        ("email_folded", text("")),
        ("promoter_id", maybe(dice, 6, promoter)),
        ("promotion_id", maybe(dice, 6, promotion["id"].clone())),
        ("split_promotion_id", maybe(dice, 70, shared["id"].clone())),
        ("created_at", maybe(dice, 4, created)),
        ("customer_since", maybe(dice, 40, since)),
        ("cancelled_at", maybe(dice, 60, cancelled)),
        ("state", pick(dice, STATES)),
        ("plan_name", pick(dice, TEXTS)),
        ("suspicion", pick(dice, SUSPICIONS)),
        ("visitor_sub_id", pick(dice, TEXTS)),
        ("entry_source", pick(dice, ENTRY_SOURCES)),
    ];
    hidden(dice, row(id, &fields))
}

fn commission(dice: &mut Dice, id: i64, dataset: &Dataset, huge: bool) -> Row {
    let lead = dice.pick(dataset.rows("lead"));
    let promotion = dice.pick(dataset.rows("promotion"));
    let own = dice.percent(60);
    let promoter = if own { lead["promoter_id"].clone() } else { promotion["promoter_id"].clone() };
    let promotion = if own { lead["promotion_id"].clone() } else { promotion["id"].clone() };
    let sign = if dice.percent(25) { -1 } else { 1 };
    let (mut sale, mut amount) = (sign * *dice.pick(SALES), sign * *dice.pick(AMOUNTS));
    if huge && dice.percent(15) {
        sale = *dice.pick(&[i64::MAX, i64::MIN, i64::MAX / 2, i64::MIN / 3]);
        amount = *dice.pick(&[i64::MAX, i64::MIN, i64::MAX / 2]);
    }
    // At the edges of ages too.
    let aged = NOW - *dice.pick(&[30, 31, 60, 61, 90, 91]) * 86_400_000 + dice.number(3) - 1;
    let changed = if dice.percent(30) { aged } else { time(dice) };
    let (created, changed) = (Cell::Int(time(dice)), Cell::Int(changed));
    let sale_id = text(&format!("s{}", dice.number(70)));
    let (reward, paid, suspected) = (key(dice, &OFFERS), Cell::Bool(dice.percent(40)), Cell::Bool(dice.percent(50)));
    let tier = Cell::Int(*dice.pick(&[1, 1, 2, 3, 0]));
    let (status, unit) = (text(dice.pick::<&str>(STATUSES)), text(dice.pick::<&str>(UNITS)));
    let (plan, suspicion) = (text(dice.pick::<&str>(TEXTS)), text(dice.pick::<&str>(SUSPICIONS)));
    let fields = [
        ("lead_id", maybe(dice, 10, lead["id"].clone())),
        ("promoter_id", maybe(dice, 4, promoter)),
        ("promotion_id", maybe(dice, 8, promotion)),
        ("sale_event_id", maybe(dice, 12, sale_id)),
        ("sale_amount", maybe(dice, 6, Cell::Int(sale))),
        ("amount", maybe(dice, 5, Cell::Int(amount))),
        ("tier", maybe(dice, 20, tier)),
        ("status", maybe(dice, 4, status)),
        ("unit", maybe(dice, 4, unit)),
        ("created_at", maybe(dice, 3, created)),
        ("status_updated_at", maybe(dice, 40, changed)),
        ("reward_id", maybe(dice, 25, reward)),
        ("plan_id", maybe(dice, 30, plan)),
        ("suspicion", maybe(dice, 30, suspicion)),
        ("is_paid", maybe(dice, 40, paid)),
        ("is_self_referral", maybe(dice, 40, suspected)),
    ];
    hidden(dice, row(id, &fields))
}

fn payout(dice: &mut Dice, id: i64, huge: bool) -> Row {
    let amount = if huge && dice.percent(30) { i64::MAX } else { *dice.pick(AMOUNTS) };
    let (promoter, campaign, reward) = (key(dice, &PROMOTERS), key(dice, &CAMPAIGNS), key(dice, &OFFERS));
    let (status, unit, paid) =
        (text(dice.pick::<&str>(PAYOUT_STATUSES)), text(dice.pick::<&str>(UNITS)), Cell::Int(time(dice)));
    let due = Cell::Int(*dice.pick(&[NOW, NOW + 1, NOW - 1, NOW - 86_400_000, 0]));
    let fields = [
        ("promoter_id", maybe(dice, 5, promoter)),
        ("campaign_id", maybe(dice, 10, campaign)),
        ("reward_id", maybe(dice, 40, reward)),
        ("status", maybe(dice, 4, status)),
        ("unit", maybe(dice, 4, unit)),
        ("amount", maybe(dice, 5, Cell::Int(amount))),
        ("paid_at", maybe(dice, 20, paid)),
        ("due_date", maybe(dice, 20, due)),
    ];
    hidden(dice, row(id, &fields))
}
