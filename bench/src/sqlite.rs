//! The comparison with `SQLite` itself: a plain loop that writes the same rows into the server's tables with the same
//! library, on one thread, with prepared statements and `synchronous=FULL`.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use demo::{LOAD_PROMOTERS, LOAD_PROMOTIONS};
use rusqlite::{Connection, params};

/// Events per second with `events_per_commit` events in a transaction, measured for about this duration.
///
/// # Errors
/// When the file cannot be written, or lacks the server's tables.
pub fn rate(file: &Path, events_per_commit: u64, first: u64, duration: Duration) -> anyhow::Result<f64> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    let mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    anyhow::ensure!(mode == "wal", "the file is in mode {mode}");
    connection.execute_batch(
        "pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -65536; \
         pragma mmap_size = 268435456; pragma wal_autocheckpoint = 8000",
    )?;
    let event = include_str!("../sqlite/event.sql");
    let upserts = include_str!("../sqlite/upserts.sql");
    let upserts: Vec<_> = upserts.split(';').map(str::trim).filter(|sql| !sql.is_empty()).collect();
    let [promoter, promotion, lead] = upserts[..] else { anyhow::bail!("expected three upserts") };
    let body = "{\"visit\":\"https://shop.example.com/articles\"}".repeat(70);
    let (began, mut number) = (Instant::now(), first);
    while began.elapsed() < duration {
        connection.prepare_cached("begin immediate")?.execute([])?;
        for _ in 0..events_per_commit {
            let named = i64::try_from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20)?;
            let promotions = i64::try_from(LOAD_PROMOTIONS)?;
            let of_promotion = 6_000_000 + named % promotions;
            let of_promoter = 5_000_000 + named % promotions * i64::try_from(LOAD_PROMOTERS)? / promotions;
            let lead_id = i64::try_from(number)?;
            let id = format!("01a1f84a-76b6-71f8-8cb2-{number:012}");
            let field_clocks = format!("{number}:1:ff00ff00ff00ff:1fe:7d3c1f00-0000-4000-8000-{number:012}");
            let hash = format!("{number:064x}");
            let name = format!("{number}@example.com");
            connection.prepare_cached(event)?.execute(params![id, hash, body.as_bytes(), lead_id])?;
            connection.prepare_cached(promoter)?.execute(params![of_promoter, field_clocks, name, lead_id])?;
            connection.prepare_cached(promotion)?.execute(params![
                of_promotion,
                field_clocks,
                name,
                lead_id,
                of_promoter
            ])?;
            connection
                .prepare_cached(lead)?
                .execute(params![lead_id, field_clocks, name, lead_id, of_promoter, of_promotion])
                .context("the lead")?;
            number += 1;
        }
        connection.prepare_cached("commit")?.execute([])?;
    }
    Ok(crate::per_second(number - first, began.elapsed()))
}
