//! The answers: from rows to JSON, with the keys of the documents in `bench/queries/promograph`.

use tokio_postgres::{Error, Row, types::FromSql};

use crate::json;

type Written = Result<(), Error>;

/// Rows in a page of promoters, of leads and of promotions.
const PROMOTERS: usize = 50;
const LEADS: usize = 100;
const PROMOTIONS: usize = 25;

/// A promoter with promotions: one row for each.
pub fn q1(rows: &[Row], out: &mut Vec<u8>) -> Written {
    out.extend_from_slice(br#"{"data":{"promoter":"#);
    if let Some(first) = rows.first() {
        promoter(first, out)?;
        each_promotion(rows, 5, out, |row, out| {
            key(r#"{"firstPromoterId":"#, out);
            json::int(get(row, 5)?, out);
            key(r#","refId":"#, out);
            json::text(get(row, 6)?, out);
            key(r#","state":"#, out);
            json::word(get(row, 7)?, out);
            key(r#","createdAt":"#, out);
            json::time(get(row, 8)?, out);
            terms(row, 9, out)?;
            out.push(b'}');
            Ok(())
        })?;
        out.push(b'}');
    } else {
        key("null", out);
    }
    key("}}", out);
    Ok(())
}

/// A page of promoters: one row for each promotion, and one for a promoter without any.
pub fn q2(rows: &[Row], out: &mut Vec<u8>) -> Written {
    out.extend_from_slice(br#"{"data":{"promoters":{"nodes":["#);
    let (mut written, mut last, mut rest) = (0, None, rows);
    while let Some(first) = rest.first()
        && written < PROMOTERS
    {
        let id: i64 = get(first, 0)?;
        let mut count = 0;
        while let Some(row) = rest.get(count)
            && get::<i64>(row, 0)? == id
        {
            count += 1;
        }
        let (own, others) = rest.split_at(count);
        separate(written, out);
        key(r#"{"firstPromoterId":"#, out);
        json::int(id, out);
        key(r#","email":"#, out);
        json::text(get(first, 1)?, out);
        each_promotion(own, 3, out, promotion_with_leads)?;
        out.push(b'}');
        written += 1;
        last = Some((get(first, 2)?, id));
        rest = others;
    }
    page_end(!rest.is_empty(), last, out);
    key("}}}", out);
    Ok(())
}

fn promotion_with_leads(row: &Row, out: &mut Vec<u8>) -> Written {
    key(r#"{"firstPromoterId":"#, out);
    json::int(get(row, 3)?, out);
    key(r#","refId":"#, out);
    json::text(get(row, 4)?, out);
    terms(row, 5, out)?;
    key(r#","leads":{"nodes":["#, out);
    // A promotion without leads has null.
    let ids: Option<Vec<i64>> = get(row, 13)?;
    if let Some(ids) = ids {
        let emails: Vec<Option<&str>> = get(row, 14)?;
        let states: Vec<Option<&str>> = get(row, 15)?;
        let times: Vec<Option<i64>> = get(row, 16)?;
        for (index, (id, ((email, state), time))) in
            ids.into_iter().zip(emails.into_iter().zip(states).zip(times)).enumerate()
        {
            separate(index, out);
            lead(id, email, state, time, out);
            out.push(b'}');
        }
    }
    key("]}}", out);
    Ok(())
}

/// A page of leads.
pub fn q3(rows: &[Row], out: &mut Vec<u8>) -> Written {
    out.extend_from_slice(br#"{"data":{"leads":{"nodes":["#);
    let mut last = None;
    for (index, row) in rows.iter().take(LEADS).enumerate() {
        separate(index, out);
        let id = get(row, 0)?;
        lead(id, get(row, 1)?, get(row, 2)?, get(row, 3)?, out);
        last = Some((get(row, 4)?, id));
        related(r#","promoter":"#, get(row, 5)?, out, |out| {
            key(r#"{"email":"#, out);
            json::text(get(row, 6)?, out);
            out.push(b'}');
            Ok(())
        })?;
        related(r#","promotion":"#, get(row, 7)?, out, |out| {
            related(r#"{"campaign":"#, get(row, 8)?, out, |out| {
                key(r#"{"name":"#, out);
                json::text(get(row, 9)?, out);
                out.push(b'}');
                Ok(())
            })?;
            out.push(b'}');
            Ok(())
        })?;
        out.push(b'}');
    }
    page_end(rows.len() > LEADS, last, out);
    key("}}}", out);
    Ok(())
}

/// A promoter's own page.
pub fn own(promotions: &[Row], leads: &[Row], count: &Row, out: &mut Vec<u8>) -> Written {
    out.extend_from_slice(br#"{"data":{"viewer":{"promoter":"#);
    let Some(first) = promotions.first() else {
        key("null}}}", out);
        return Ok(());
    };
    promoter(first, out)?;
    each_promotion(promotions, 5, out, |row, out| {
        key(r#"{"firstPromoterId":"#, out);
        json::int(get(row, 5)?, out);
        key(r#","refId":"#, out);
        json::text(get(row, 6)?, out);
        key(r#","referralLink":"#, out);
        json::text(get(row, 7)?, out);
        key(r#","leadsCount":"#, out);
        json::int_or_null(get(row, 8)?, out);
        key(r#","customersCount":"#, out);
        json::int_or_null(get(row, 9)?, out);
        key(r#","salesTotal":"#, out);
        json::int_or_null(get(row, 10)?, out);
        related(r#","campaign":"#, get(row, 11)?, out, |out| {
            key(r#"{"name":"#, out);
            json::text(get(row, 12)?, out);
            out.push(b'}');
            Ok(())
        })?;
        related(r#","currentOffer":"#, get(row, 13)?, out, |out| {
            out.push(b'{');
            amount(row, 14, "amount", out)
        })?;
        related(r#","currentReferralReward":"#, get(row, 17)?, out, |out| {
            out.push(b'{');
            amount(row, 18, "perOfSale", out)
        })?;
        out.push(b'}');
        Ok(())
    })?;
    key(r#","leads":{"totalCount":"#, out);
    json::int(get(count, 0)?, out);
    key(r#","nodes":["#, out);
    for (index, row) in leads.iter().enumerate() {
        separate(index, out);
        lead(get(row, 0)?, get(row, 1)?, get(row, 2)?, get(row, 3)?, out);
        out.push(b'}');
    }
    key("]}}}}}", out);
    Ok(())
}

/// A page of a campaign's promotions with their number.
pub fn list(rows: &[Row], out: &mut Vec<u8>) -> Written {
    out.extend_from_slice(br#"{"data":{"promotions":{"totalCount":"#);
    // Every row has it.
    json::int(rows.first().map_or(Ok(0), |row| get(row, 8))?, out);
    key(r#","nodes":["#, out);
    let mut last = None;
    for (index, row) in rows.iter().take(PROMOTIONS).enumerate() {
        separate(index, out);
        let id = get(row, 0)?;
        key(r#"{"firstPromoterId":"#, out);
        json::int(id, out);
        key(r#","refId":"#, out);
        json::text(get(row, 1)?, out);
        key(r#","leadsCount":"#, out);
        json::int_or_null(get(row, 2)?, out);
        key(r#","customersCount":"#, out);
        json::int_or_null(get(row, 3)?, out);
        key(r#","salesTotal":"#, out);
        json::int_or_null(get(row, 4)?, out);
        last = Some((get(row, 5)?, id));
        related(r#","promoter":"#, get(row, 6)?, out, |out| {
            key(r#"{"firstPromoterId":"#, out);
            json::int_or_null(get(row, 6)?, out);
            key(r#","email":"#, out);
            json::text(get(row, 7)?, out);
            out.push(b'}');
            Ok(())
        })?;
        out.push(b'}');
    }
    page_end(rows.len() > PROMOTIONS, last, out);
    key("}}}", out);
    Ok(())
}

/// The first five columns: a promoter, left open.
fn promoter(row: &Row, out: &mut Vec<u8>) -> Written {
    key(r#"{"firstPromoterId":"#, out);
    json::int(get(row, 0)?, out);
    key(r#","email":"#, out);
    json::text(get(row, 1)?, out);
    key(r#","name":"#, out);
    json::text(get(row, 2)?, out);
    key(r#","status":"#, out);
    json::word(get(row, 3)?, out);
    key(r#","joinedAt":"#, out);
    json::time(get(row, 4)?, out);
    Ok(())
}

/// The list of promotions; without one there is a single row with null in the column of its id.
fn each_promotion(
    rows: &[Row],
    id: usize,
    out: &mut Vec<u8>,
    write: impl Fn(&Row, &mut Vec<u8>) -> Written,
) -> Written {
    key(r#","promotions":{"nodes":["#, out);
    for (index, row) in rows.iter().enumerate() {
        if get::<Option<i64>>(row, id)?.is_some() {
            separate(index, out);
            write(row, out)?;
        }
    }
    key("]}", out);
    Ok(())
}

/// The eight columns of offer and reward.
fn terms(row: &Row, from: usize, out: &mut Vec<u8>) -> Written {
    for (name, from, figure) in
        [(r#","currentOffer":"#, from, "amount"), (r#","currentReferralReward":"#, from + 4, "perOfSale")]
    {
        let id = get(row, from)?;
        related(name, id, out, |out| {
            key(r#"{"firstPromoterId":"#, out);
            json::int_or_null(id, out);
            out.push(b',');
            amount(row, from + 1, figure, out)
        })?;
    }
    Ok(())
}

/// Name, figure and unit: the rest of an object.
fn amount(row: &Row, from: usize, figure: &str, out: &mut Vec<u8>) -> Written {
    key(r#""name":"#, out);
    json::text(get(row, from)?, out);
    key(r#",""#, out);
    key(figure, out);
    key(r#"":"#, out);
    json::decimal(get(row, from + 1)?, out);
    key(r#","unit":"#, out);
    json::word(get(row, from + 2)?, out);
    out.push(b'}');
    Ok(())
}

/// A lead, left open.
fn lead(id: i64, email: Option<&str>, state: Option<&str>, created_at: Option<i64>, out: &mut Vec<u8>) {
    key(r#"{"firstPromoterId":"#, out);
    json::int(id, out);
    key(r#","email":"#, out);
    json::text(email, out);
    key(r#","state":"#, out);
    json::word(state, out);
    key(r#","createdAt":"#, out);
    json::time(created_at, out);
}

/// A related object, or null if there is no such row.
fn related(name: &str, id: Option<i64>, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Written) -> Written {
    key(name, out);
    if id.is_some() {
        return write(out);
    }
    key("null", out);
    Ok(())
}

/// The end of the rows, and the page's information. A cursor is the last row's sort key and id.
fn page_end(more: bool, last: Option<(i64, i64)>, out: &mut Vec<u8>) {
    key(r#"],"pageInfo":{"hasNextPage":"#, out);
    key(if more { "true" } else { "false" }, out);
    key(r#","endCursor":"#, out);
    match last {
        None => key("null}", out),
        Some((sort, id)) => {
            out.push(b'"');
            json::int(sort, out);
            out.push(b'-');
            json::int(id, out);
            key(r#""}"#, out);
        }
    }
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

fn key(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
}

fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, Error> {
    row.try_get(column)
}
