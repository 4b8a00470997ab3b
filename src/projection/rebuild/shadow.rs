//! The temporary tables: named like the mirrored ones, seen by one connection alone.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};

use crate::{
    database::{Database, lists},
    projection::{
        payload::{self, IdSpace, Kept, ParsedPayload},
        queue,
        store::{
            self, ApplyError, ColumnBatch, Transaction,
            lineage::{self, LINEAGE_TABLES},
            sql::TABLE_CONTENTS,
        },
        updates::EventUpdates,
    },
};

/// Events merged in one go.
const STEP_EVENTS: usize = 500;

/// An event that was applied once.
#[derive(Debug, FromQueryResult)]
pub struct AppliedEvent {
    /// As the projector takes it.
    #[sea_orm(nested)]
    pub event: Kept,
    /// When it was applied.
    pub applied_at: i64,
    /// What it is warned of, as it is stored.
    pub warnings: Option<String>,
}

/// What is known of an event now, and was not when it was applied.
#[derive(Debug)]
pub struct Judgement {
    /// Our own id of the event.
    pub id: String,
    /// What it is warned of, as it is stored.
    pub warnings: Option<String>,
    /// When it happened, if it has a usable time.
    pub occurred_at: Option<i64>,
}

/// The connection with the temporary tables.
pub struct Shadow {
    /// On it, the names of mirrored tables mean the temporary ones.
    pub db: Database,
    /// The schema of the tables themselves, quoted.
    pub live: String,
    /// Our own ids of events that were applied once and tell nothing any more.
    pub silent: BTreeSet<String>,
}

impl Shadow {
    /// Connects and makes the tables, all empty.
    pub async fn open(live: &Database) -> anyhow::Result<Self> {
        let db = live.alone().await?;
        let sqlite = db.is_sqlite();
        let schema = if sqlite { "main".to_owned() } else { text(&db, "select current_schema()::text").await? };
        let shadow = Self { db, live: format!("\"{schema}\""), silent: BTreeSet::new() };
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

    /// Runs a statement without parameters; gives how many rows it changed.
    pub async fn run(&self, sql: &str) -> anyhow::Result<u64> {
        Ok(self.db.write.execute_raw(Statement::from_string(self.db.backend, sql)).await?.rows_affected())
    }

    /// A temporary table by its full name.
    pub fn own(&self, name: &str) -> String {
        let schema = if self.db.is_sqlite() { "temp" } else { "pg_temp" };
        format!("{schema}.\"{name}\"")
    }

    /// Merges what these events tell, and says which of them are judged otherwise than before.
    pub async fn tell(&mut self, events: &[AppliedEvent], now_ms: i64) -> anyhow::Result<Vec<Judgement>> {
        let mut judged = Vec::new();
        for events in events.chunks(STEP_EVENTS) {
            let mut told = Vec::with_capacity(events.len());
            for AppliedEvent { event, applied_at, warnings } in events {
                // They were applied once: whether v2 may fill these rows was decided then, and a time that was
                // believed then still is, whatever the clock says now.
                match payload::read(event, IdSpace::Shared, now_ms.max(*applied_at)) {
                    ParsedPayload::Updates(facts) | ParsedPayload::Held { updates: facts, .. } => {
                        let occurred_at = Some(facts.ms()).filter(|_| facts.has_time() && event.occurred_at.is_none());
                        let anew = queue::warnings(&facts);
                        if anew != *warnings || occurred_at.is_some() {
                            judged.push(Judgement { id: event.id.clone(), warnings: anew, occurred_at });
                        }
                        told.push((event.id.as_str(), facts));
                    }
                    _ => {
                        self.silent.insert(event.id.clone());
                    }
                }
            }
            let mut open = vec![told.as_slice()];
            while let Some(part) = open.pop() {
                match (self.merge(part).await, part) {
                    (Ok(()), _) => {}
                    (Err(ApplyError::Refused(reason)), [(id, _)]) => {
                        tracing::warn!(event.id = id, "an event is left out of the rebuild: {reason}");
                        self.silent.insert((*id).to_owned());
                    }
                    (Err(ApplyError::Refused(_)), _) => {
                        let (first, second) = part.split_at(part.len() / 2);
                        open.extend([second, first]);
                    }
                    (Err(error), _) => return Err(error.into()),
                }
            }
        }
        Ok(judged)
    }

    async fn merge(&self, events: &[(&str, EventUpdates)]) -> Result<(), ApplyError> {
        let tables = store::by_table(events.iter().map(|(_, facts)| facts));
        let mut transaction = Transaction::begin_temporary(&self.db).await?;
        // The times of shadow rows are never looked at.
        let mut statements = store::merge_tables(&mut transaction, &tables, 0).await?.statements;
        let events: Vec<_> = events.iter().map(|(id, facts)| (*id, facts)).collect();
        statements.extend(lineage::statements(&events));
        transaction.run(statements).await?;
        Ok(transaction.commit().await?)
    }

    /// The balances with these ids, as they are written; none if there are none.
    pub async fn balances(&self, ids: &[String]) -> anyhow::Result<Option<Vec<ColumnBatch>>> {
        let (among, list) = (lists::among(self.db.backend, 1), lists::parameter(self.db.backend, ids.to_vec()));
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

    /// Closes the connection; the tables go with it. Gives the silent events.
    pub async fn close(self) -> anyhow::Result<BTreeSet<String>> {
        self.db.write.close().await?;
        Ok(self.silent)
    }
}

async fn text(db: &Database, sql: &str) -> anyhow::Result<String> {
    let row = db.write.query_one_raw(Statement::from_string(db.backend, sql)).await?;
    let row =
        row.ok_or_else(|| anyhow::anyhow!("the database has no such table; `promograph migrate up` makes them"))?;
    Ok(row.try_get_by_index(0)?)
}
