//! The answers: from rows to JSON, with the keys of the documents in `bench/queries/promograph`.

use tokio_postgres::Row;

use crate::{
    json,
    objects::{Written, amount, each_promotion, get, key, lead, page_end, promoter, related, separate, terms},
};

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
