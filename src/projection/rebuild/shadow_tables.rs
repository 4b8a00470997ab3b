//! The shadow tables: temporary tables with the names of the mirrored ones, visible to one connection only.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};

use crate::{
    database::{Database, array_param, in_array},
    projection::{
        parse::{self, IdSpace, ParsedPayload, StoredEvent},
        queue,
        store::{
            self, ApplyError, ColumnBatch, Transaction,
            lineage::{self, LINEAGE_TABLES},
            sql::TABLE_CONTENTS,
        },
        updates::EventUpdates,
    },
};

/// Events merged at once.
const CHUNK_EVENTS: usize = 500;

/// An event that was applied before.
#[derive(Debug, FromQueryResult)]
pub struct AppliedEvent {
    /// The event, as the projector takes it.
    #[sea_orm(nested)]
    pub event: StoredEvent,
    /// When it was applied.
    pub applied_at: i64,
    /// Its warnings, as they are stored.
    pub warnings: Option<String>,
}

/// What this version of the program finds in an event, and the one that applied it did not.
#[derive(Debug)]
pub struct Reassessment {
    /// Our own id of the event.
    pub id: String,
    /// Its warnings, as they are stored.
    pub warnings: Option<String>,
    /// When it happened, if it has a usable time.
    pub occurred_at: Option<i64>,
}

/// The connection with the shadow tables.
pub struct ShadowTables {
    /// On it, the names of mirrored tables mean the temporary ones.
    pub db: Database,
    /// The schema of the tables themselves, quoted.
    pub live: String,
    /// Our own ids of events that were applied before and have no effect any more.
    pub without_effect: BTreeSet<String>,
}

impl ShadowTables {
    /// Connects and creates the tables, all empty.
    pub async fn open(live: &Database) -> anyhow::Result<Self> {
        let db = live.single_connection().await?;
        let sqlite = db.is_sqlite();
        let schema = if sqlite { "main".to_owned() } else { text(&db, "select current_schema()::text").await? };
        let shadow = Self { db, live: format!("\"{schema}\""), without_effect: BTreeSet::new() };
        if !sqlite {
            shadow.run("set temp_buffers = '64MB'").await?;
        }
        let contents = TABLE_CONTENTS.iter().map(|content| (content.name, format!("\"{}\"", content.columns[0].0)));
        let pairs = LINEAGE_TABLES.iter().map(|pairs| (pairs.name, format!("{}, event_id", pairs.row)));
        for (name, key) in contents.chain(pairs) {
            let create = if sqlite {
                let create = format!("select sql from main.sqlite_master where type = 'table' and name = '{name}'");
                text(&shadow.db, &create).await?.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1)
            } else {
                let live = &shadow.live;
                format!(
                    "create temp table \"{name}\" (like {live}.\"{name}\" including defaults including generated, \
                        primary key ({key}))"
                )
            };
            shadow.run(&create).await?;
        }
        Ok(shadow)
    }

    /// Runs a statement without parameters; returns the number of rows that it changed.
    pub async fn run(&self, sql: &str) -> anyhow::Result<u64> {
        Ok(self.db.write.execute_raw(Statement::from_string(self.db.backend, sql)).await?.rows_affected())
    }

    /// The full name of a shadow table.
    pub fn own(&self, name: &str) -> String {
        let schema = if self.db.is_sqlite() { "temp" } else { "pg_temp" };
        format!("{schema}.\"{name}\"")
    }

    /// Merges these events, and returns those that are assessed differently than before.
    pub async fn merge_events(&mut self, events: &[AppliedEvent], now_ms: i64) -> anyhow::Result<Vec<Reassessment>> {
        let mut reassessed = Vec::new();
        for events in events.chunks(CHUNK_EVENTS) {
            let mut merged = Vec::with_capacity(events.len());
            for AppliedEvent { event, applied_at, warnings } in events {
                // Whether v2 may fill these rows was decided when they were applied; and a time that was accepted then
                // still is, whatever the clock says now.
                match parse::parse_event(event, IdSpace::Shared, now_ms.max(*applied_at)) {
                    ParsedPayload::Updates(updates) | ParsedPayload::Held { updates, .. } => {
                        let occurred_at =
                            Some(updates.ms()).filter(|_| updates.has_time() && event.occurred_at.is_none());
                        let anew = queue::warnings(&updates);
                        if anew != *warnings || occurred_at.is_some() {
                            reassessed.push(Reassessment { id: event.id.clone(), warnings: anew, occurred_at });
                        }
                        merged.push((event.id.as_str(), updates));
                    }
                    _ => {
                        self.without_effect.insert(event.id.clone());
                    }
                }
            }
            let mut open = vec![merged.as_slice()];
            while let Some(part) = open.pop() {
                match (self.merge(part).await, part) {
                    (Ok(()), _) => {}
                    (Err(ApplyError::Refused(reason)), [(id, _)]) => {
                        tracing::warn!(event.id = id, "an event is left out of the rebuild: {reason}");
                        self.without_effect.insert((*id).to_owned());
                    }
                    (Err(ApplyError::Refused(_)), _) => {
                        let (first, second) = part.split_at(part.len() / 2);
                        open.extend([second, first]);
                    }
                    (Err(error), _) => return Err(error.into()),
                }
            }
        }
        Ok(reassessed)
    }

    async fn merge(&self, events: &[(&str, EventUpdates)]) -> Result<(), ApplyError> {
        let tables = store::by_table(events.iter().map(|(_, updates)| updates));
        let mut transaction = Transaction::begin_temporary(&self.db).await?;
        // The times of shadow rows are never looked at.
        let mut statements = store::merge_tables(&mut transaction, &tables, 0).await?.statements;
        let events: Vec<_> = events.iter().map(|(id, updates)| (*id, updates)).collect();
        statements.extend(lineage::statements(&events));
        transaction.run(statements).await?;
        Ok(transaction.commit().await?)
    }

    /// The balances with these ids, as columns; `None` if there are none.
    pub async fn balances(&self, ids: &[String]) -> anyhow::Result<Option<Vec<ColumnBatch>>> {
        let (among, list) = (in_array(self.db.backend, 1), array_param(self.db.backend, ids.to_vec()));
        let sql = format!("select id, promoter_id, kind, unit, amount from balance where id {among} order by id");
        let rows = self.db.write.query_all_raw(Statement::from_sql_and_values(self.db.backend, sql, [list])).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let text = |at| rows.iter().map(|row| row.try_get_by_index(at)).collect::<Result<Vec<String>, _>>();
        let number = |at| rows.iter().map(|row| row.try_get_by_index(at)).collect::<Result<Vec<i64>, _>>();
        Ok(Some(vec![
            ColumnBatch::texts(text(0)?),
            ColumnBatch::ints(number(1)?),
            ColumnBatch::texts(text(2)?),
            ColumnBatch::texts(text(3)?),
            ColumnBatch::ints(number(4)?),
        ]))
    }

    /// Closes the connection, and so drops the tables. Returns the events without effect.
    pub async fn close(self) -> anyhow::Result<BTreeSet<String>> {
        self.db.write.close().await?;
        Ok(self.without_effect)
    }
}

async fn text(db: &Database, sql: &str) -> anyhow::Result<String> {
    let row = db.write.query_one_raw(Statement::from_string(db.backend, sql)).await?;
    let row =
        row.ok_or_else(|| anyhow::anyhow!("the database has no such table; `promograph migrate up` makes them"))?;
    Ok(row.try_get_by_index(0)?)
}
