//! What several answers are made of.

use tokio_postgres::{Error, Row, types::FromSql};

use crate::json;

/// Nothing, or why a column could not be read.
pub type Written = Result<(), Error>;

/// The first five columns: a promoter, left open.
pub fn promoter(row: &Row, out: &mut Vec<u8>) -> Written {
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
pub fn each_promotion(
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
pub fn terms(row: &Row, from: usize, out: &mut Vec<u8>) -> Written {
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
pub fn amount(row: &Row, from: usize, figure: &str, out: &mut Vec<u8>) -> Written {
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
pub fn lead(id: i64, email: Option<&str>, state: Option<&str>, created_at: Option<i64>, out: &mut Vec<u8>) {
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
pub fn related(name: &str, id: Option<i64>, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Written) -> Written {
    key(name, out);
    if id.is_some() {
        return write(out);
    }
    key("null", out);
    Ok(())
}

/// The end of the rows, and the page's information. A cursor is the last row's sort key and id.
pub fn page_end(more: bool, last: Option<(i64, i64)>, out: &mut Vec<u8>) {
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

/// Appends the comma in front of every element but the first.
pub fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// Appends a text as it is.
pub fn key(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
}

/// The value of a column.
pub fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, Error> {
    row.try_get(column)
}
