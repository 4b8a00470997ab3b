//! The data set: made in SQL on `PostgreSQL`, copied from there into `SQLite`.

use std::path::Path;

use rusqlite::types::Value;
use tokio_postgres::{Row, types::Type};

use crate::{postgres::Cluster, session::Session};

/// The seed of everything that is random.
pub const SEED: i64 = 20_261_130;
/// The filled tables. A row refers to rows of tables further up, apart from promoters.
const TABLES: [&str; 7] = ["offer", "reward", "campaign", "promoter", "promotion", "lead", "commission"];

/// Fills the tables of a migrated database.
///
/// # Errors
/// When a statement fails.
pub fn fill(cluster: &Cluster, database: &str, leads: u32) -> anyhow::Result<()> {
    let session = Session::open(&cluster.config(database))?;
    // Its name before a rename: another binary's schema may be older.
    let clocks = session.rows(
        "select column_name::text from information_schema.columns \
            where table_name = 'lead' and column_name in ('field_clocks', 'told')",
        &[],
    )?;
    let [clocks] = &clocks[..] else { anyhow::bail!("the table `lead` has no column with clocks") };
    let clocks: String = clocks.try_get(0)?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("dataset/fill.sql");
    let (leads, seed, clocks) = (format!("leads={leads}"), format!("seed={SEED}"), format!("clocks={clocks}"));
    cluster.run_file(database, &file, &[&leads, &seed, &clocks])
}

/// Copies the tables of a filled database into a migrated `SQLite` file.
///
/// # Errors
/// When a statement fails.
pub fn copy(cluster: &Cluster, database: &str, file: &Path) -> anyhow::Result<()> {
    let session = Session::open(&cluster.config(database))?;
    let sqlite = rusqlite::Connection::open(file)?;
    sqlite.execute_batch("pragma foreign_keys = off; pragma cache_size = -262144; begin")?;
    for table in TABLES {
        copy_table(&session, &sqlite, table)?;
    }
    sqlite.execute_batch("commit; analyze")?;
    Ok(())
}

/// Copies a table; its indexes are made anew behind the rows, which is faster.
fn copy_table(session: &Session, sqlite: &rusqlite::Connection, table: &str) -> anyhow::Result<()> {
    let columns = session.rows(
        "select column_name::text from information_schema.columns \
            where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position",
        &[&table],
    )?;
    let columns = columns.iter().map(|row| row.try_get::<_, String>(0)).collect::<Result<Vec<_>, _>>()?;
    let indexes = sqlite
        .prepare("select name, sql from sqlite_schema where type = 'index' and tbl_name = ?1 and sql is not null")?
        .query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (name, _) in &indexes {
        sqlite.execute_batch(&format!("drop index {name}"))?;
    }
    let (names, places) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
    let mut insert = sqlite.prepare(&format!("insert into {table} ({names}) values ({places})"))?;
    session.each_row(&format!("select {names} from {table} order by id"), |row| {
        let values = (0..columns.len()).map(|column| value(row, column)).collect::<anyhow::Result<Vec<_>>>()?;
        insert.execute(rusqlite::params_from_iter(values))?;
        Ok(())
    })?;
    for (_, sql) in &indexes {
        sqlite.execute_batch(sql)?;
    }
    Ok(())
}

fn value(row: &Row, column: usize) -> anyhow::Result<Value> {
    Ok(match *row.columns()[column].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.into(),
        Type::BOOL => row.try_get::<_, Option<bool>>(column)?.into(),
        _ => row.try_get::<_, Option<String>>(column)?.into(),
    })
}
