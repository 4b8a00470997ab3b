//! Rows as they change, for subscribers: through the same door as all other reads.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    Json, Reader,
    error::ReadError,
    fetch,
    id::Key,
    model::{EntityType, KeyKind},
    plan::{self, Candidates},
    room::Out,
    selection::{Input, Selected},
    write,
};
use crate::{auth::Viewer, database::retry_read_without_timeout};

/// So many rows are read at a time at least, where hidden ones may be among them.
const PAGE: usize = 1000;

/// A row that changed, as the viewer sees it now.
#[derive(Debug)]
pub struct Changed {
    /// Its key.
    pub key: Key,
    /// When it came, or something changed that the viewer sees: milliseconds since 1970.
    pub at: i64,
    /// Its JSON, once for each selection.
    pub objects: Vec<Json>,
}

/// Which changes somebody is told of.
#[derive(Clone, Copy, Debug)]
pub struct Interest<'a> {
    /// Who is told.
    pub viewer: Viewer,
    /// Rows of this type.
    pub entity: &'static EntityType,
    /// For which all of these filters hold.
    pub conditions: &'a [Input],
}

/// Some of the candidates.
struct Page {
    rows: Vec<Changed>,
    /// When the last row changed, whoever sees it, and its key; none if there are no more.
    last: Option<(i64, Key)>,
    /// Not all changes are seen.
    narrowed: bool,
}

impl Reader {
    /// Refuses what [`Self::changed`] would refuse, without reading.
    ///
    /// # Errors
    /// When an argument or a filter is refused.
    pub fn check_interest(&self, interest: Interest<'_>, selections: &[&[Selected]]) -> Result<(), ReadError> {
        let Interest { viewer, entity, conditions } = interest;
        let none = Candidates::Keys { keys: Vec::new(), ms: 0 };
        plan::changed(self.view(viewer), self.db.get_database_backend(), entity, none, conditions, selections).map(drop)
    }

    /// Those of the candidates that are told, in the order of their changes. A row of which only fields changed
    /// that the viewer does not see is not told.
    ///
    /// # Errors
    /// When an argument is refused, or the database fails.
    pub async fn changed(
        &self,
        interest: Interest<'_>,
        candidates: Candidates,
        selections: &[&[Selected]],
    ) -> Result<Vec<Changed>, ReadError> {
        let (wanted, since) = match &candidates {
            Candidates::Since { ms, most, .. } => (*most, Some(*ms)),
            Candidates::Keys { .. } => (usize::MAX, None),
        };
        let mut page = candidates;
        let mut changed = Vec::new();
        loop {
            let Page { rows, last, narrowed } = self.page(interest, page, selections).await?;
            changed.extend(rows);
            match (since, last) {
                // What is hidden takes no room among the most that are wanted.
                (Some(ms), Some(after)) if narrowed && changed.len() < wanted => {
                    page = Candidates::Since { ms, after: Some(after), most: wanted.max(PAGE) };
                }
                _ => {
                    if narrowed {
                        // Nor does it move a row among the others.
                        changed.sort_by_key(|row| row.at);
                    }
                    return Ok(changed);
                }
            }
        }
    }

    /// As many of the candidates as are read at a time.
    async fn page(
        &self,
        interest: Interest<'_>,
        candidates: Candidates,
        selections: &[&[Selected]],
    ) -> Result<Page, ReadError> {
        let Interest { viewer, entity, conditions } = interest;
        let most = if let Candidates::Since { most, .. } = candidates { most } else { usize::MAX };
        let plan = plan::changed(
            self.view(viewer),
            self.db.get_database_backend(),
            entity,
            candidates,
            conditions,
            selections,
        )?;
        let rows = fetch::fetch(self, &plan.level, None).await?;
        let all = rows.group(0);
        let (mut changed, mut last) = (Vec::new(), None);
        for row in rows.rows(&all) {
            let row = row?;
            let key = match entity.key_kind {
                KeyKind::Int => row.int(plan.key)?.map(Key::Int),
                KeyKind::Text => row.text(plan.key)?.map(|key| Key::Text(key.to_owned())),
            };
            let Some(key) = key else { continue };
            let mut at = row.int(plan.at)?.unwrap_or_default();
            last = Some((at, key.clone()));
            if let Some(narrowed) = &plan.narrowed {
                match narrowed.last_change(row, at)? {
                    Some(last) if last < narrowed.since => continue,
                    Some(last) => at = last,
                    None => {}
                }
            }
            let mut objects = Vec::with_capacity(plan.objects.len());
            for object in &plan.objects {
                let mut out = Out::new(&self.room);
                write::object(&plan.level, object, row, &rows.children, &mut out)?;
                objects.push(Json::object(object, out.finish()?)?);
            }
            changed.push(Changed { key, at, objects });
        }
        Ok(Page { rows: changed, last: last.filter(|_| all.count() >= most), narrowed: plan.narrowed.is_some() })
    }

    /// When the last row of a type changed (or came), whoever sees it; 0 if there is none. Milliseconds
    /// since 1970.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_change(&self, entity: &EntityType) -> Result<i64, ReadError> {
        let time = if entity.mirrored { "updated_at" } else { "received_at" };
        let (table, order) = (entity.table, if entity.mirrored { time } else { entity.key });
        let sql = format!("select {time} from {table} order by {order} desc limit 1");
        let row = retry_read_without_timeout(|| {
            self.db.query_one_raw(Statement::from_string(self.db.get_database_backend(), &sql))
        })
        .await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
    }

    /// What was written before this time was written before this webhook event was applied; none if
    /// there is no such event. Milliseconds since 1970.
    ///
    /// An event that is replayed is applied later than it first was: then it is the time of its receipt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn time_of_event(&self, id: &str) -> Result<Option<i64>, ReadError> {
        const SQL: &str = "select received_at, coalesce(applied_at, received_at) from webhook_event where id = $1";
        let statement = || Statement::from_sql_and_values(self.db.get_database_backend(), SQL, [id.into()]);
        let Some(row) = retry_read_without_timeout(|| self.db.query_one_raw(statement())).await? else {
            return Ok(None);
        };
        let (received_at, applied_at): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok(Some(received_at.min(applied_at)))
    }
}
