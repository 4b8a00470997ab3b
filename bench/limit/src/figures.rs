//! The answers to questions for figures: the database groups in no order; where it groups by UTC day, days become months here.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use tokio_postgres::{Error, Row};

use crate::{
    json,
    objects::{Written, get, key, separate},
};

const DAY_MS: i64 = 86_400_000;
/// November 2025 to October 2026, in days since 1970.
pub const YEAR: Range<i64> = 20_393..20_758;
/// November 2024 to October 2026.
pub const TWO_YEARS: Range<i64> = 20_028..20_758;
/// Promoters that are listed.
const TOP: usize = 20;

/// A campaign's referrals by month and state: number of the month from 1 on, state, number.
pub fn q4(rows: &[Row], out: &mut Vec<u8>) -> Written {
    let months: Vec<_> = months(TWO_YEARS).collect();
    let mut groups = BTreeMap::new();
    for row in rows {
        let state = get::<Option<&str>>(row, 1)?;
        if !matches!(state, Some("moved" | "denied")) {
            groups.insert((get::<i32>(row, 0)?, state), get::<i64>(row, 2)?);
        }
    }
    begin(out);
    for (index, ((number_of_month, state), referrals)) in groups.into_iter().enumerate() {
        separate(index, out);
        let month = usize::try_from(number_of_month - 1).ok().and_then(|index| months.get(index));
        start(month.copied().unwrap_or_default(), out);
        key(r#","leadState":"#, out);
        json::word(state, out);
        number("referrals", referrals, out);
        out.push(b'}');
    }
    end(out);
    Ok(())
}

/// Numbers by month, each of statements of its own: day, number.
pub fn by_month(period: Range<i64>, counted: &[(&str, &[Row])], out: &mut Vec<u8>) -> Written {
    let columns = counted.iter().map(|(_, rows)| sums(rows, 1)).collect::<Result<Vec<_>, _>>()?;
    begin(out);
    for (index, month) in months(period).enumerate() {
        separate(index, out);
        start(month, out);
        for ((name, _), sums) in counted.iter().zip(&columns) {
            number(name, sums.get(&month).copied().unwrap_or(0), out);
        }
        out.push(b'}');
    }
    end(out);
    Ok(())
}

/// Sales (day, number, revenue) and earnings (day, sum) by month.
pub fn sales(sales: &[Row], earnings: &[Row], out: &mut Vec<u8>) -> Written {
    let (count, revenue, earned) = (sums(sales, 1)?, sums(sales, 2)?, sums(earnings, 1)?);
    begin(out);
    for (index, month) in months(TWO_YEARS).enumerate() {
        let of = |sums: &BTreeMap<i64, i64>| sums.get(&month).copied().unwrap_or(0);
        separate(index, out);
        start(month, out);
        number("sales", of(&count), out);
        number("revenue", of(&revenue), out);
        key(r#","earnings":"#, out);
        json::decimal(Some(of(&earned)), out);
        out.push(b'}');
    }
    end(out);
    Ok(())
}

/// The promoters with most referrals, of all that have any: id, number.
pub fn most(rows: &[Row]) -> Result<Vec<(Option<i64>, i64)>, Error> {
    let all = rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?)));
    let mut all = all.collect::<Result<Vec<(Option<i64>, i64)>, Error>>()?;
    let order = |(promoter, referrals): &(Option<i64>, i64)| (Reverse(*referrals), *promoter);
    if all.len() > TOP {
        all.select_nth_unstable_by_key(TOP - 1, order);
        all.truncate(TOP);
    }
    all.sort_unstable_by_key(order);
    Ok(all)
}

/// The best promoters with their names: id, name.
pub fn top(most: &[(Option<i64>, i64)], names: &[Row], out: &mut Vec<u8>) -> Written {
    let names = names.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?)));
    let names = names.collect::<Result<BTreeMap<i64, Option<&str>>, Error>>()?;
    begin(out);
    for (index, (promoter, referrals)) in most.iter().enumerate() {
        separate(index, out);
        key(r#"{"promoter":"#, out);
        match promoter.and_then(|id| Some((id, names.get(&id)?))) {
            Some((id, name)) => {
                key(r#"{"firstPromoterId":"#, out);
                json::int(id, out);
                key(r#","name":"#, out);
                json::text(*name, out);
                out.push(b'}');
            }
            None => key("null", out),
        }
        number("referrals", *referrals, out);
        out.push(b'}');
    }
    end(out);
    Ok(())
}

/// The sums of a column by month.
fn sums(rows: &[Row], column: usize) -> Result<BTreeMap<i64, i64>, Error> {
    let mut sums = BTreeMap::new();
    for row in rows {
        // A group of amounts that are all null has no sum.
        *sums.entry(month(row)?).or_default() += get::<Option<i64>>(row, column)?.unwrap_or(0);
    }
    Ok(sums)
}

/// The month of the day in the first column.
fn month(row: &Row) -> Result<i64, Error> {
    Ok(first_of_month(get(row, 0)?))
}

/// The months of a period.
fn months(period: Range<i64>) -> impl Iterator<Item = i64> {
    period.filter(|day| first_of_month(*day) == *day)
}

/// The first day of a day's month, which stands for the month. For days since 1970.
fn first_of_month(day: i64) -> i64 {
    let (.., of_month) = json::civil(day.unsigned_abs());
    day + 1 - of_month.cast_signed()
}

fn begin(out: &mut Vec<u8>) {
    key(r#"{"data":{"performance":{"nodes":["#, out);
}

fn end(out: &mut Vec<u8>) {
    key("]}}}", out);
}

/// A row, left open.
fn start(month: i64, out: &mut Vec<u8>) {
    key(r#"{"start":"#, out);
    json::time(Some(month * DAY_MS), out);
}

fn number(name: &str, value: i64, out: &mut Vec<u8>) {
    key(r#",""#, out);
    key(name, out);
    key(r#"":"#, out);
    json::int(value, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_and_end_with_a_month() {
        for (period, count, begin, beyond) in
            [(YEAR, 12, (2025, 11, 1), (2026, 11, 1)), (TWO_YEARS, 24, (2024, 11, 1), (2026, 11, 1))]
        {
            assert_eq!(json::civil(period.start.unsigned_abs()), begin);
            assert_eq!(json::civil(period.end.unsigned_abs()), beyond);
            assert_eq!(months(period.clone()).next(), Some(period.start));
            assert_eq!(months(period).count(), count);
        }
    }

    #[test]
    fn a_month_is_its_first_day() {
        for (day, first) in [(0, 0), (30, 0), (31, 31), (59, 59), (20_757, 20_727)] {
            assert_eq!(first_of_month(day), first);
        }
    }
}
