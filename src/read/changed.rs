//! Changed rows for subscriptions, within the viewer's scope like all reads.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    Reader, RootValue,
    error::ReadError,
    fetch,
    global_id::RowKey,
    model::{EntityType, KeyKind},
    params::Inputs,
    plan::{self, Candidates},
    response_budget::JsonWriter,
    row_writer,
    selection::{ArgumentValue, SelectedField},
};
use crate::{auth::Viewer, database::retry_read_without_timeout};

/// Minimal rows of a read when hidden changes may be among them.
const MIN_BATCH: usize = 1000;

/// A changed row, as the viewer sees it now.
#[derive(Debug)]
pub struct ChangedRow {
    /// Its key.
    pub key: RowKey,
    /// When it was created, or a visible field changed: milliseconds since 1970.
    pub at: i64,
    /// Its JSON, one for each selection.
    pub objects: Vec<RootValue>,
}

/// Which changes a subscription delivers.
#[derive(Clone, Copy, Debug)]
pub struct ChangeQuery<'a> {
    /// The subscriber.
    pub viewer: Viewer,
    /// Rows of this type.
    pub entity: &'static EntityType,
    /// All of these filters must hold.
    pub conditions: &'a [ArgumentValue],
}

/// A batch of candidates.
struct Batch {
    rows: Vec<ChangedRow>,
    /// Time and key of the last candidate, visible or not; none if there are no more.
    last: Option<(i64, RowKey)>,
    /// Whether some changes are hidden from the viewer.
    narrowed: bool,
}

impl Reader {
    /// Returns the errors of [`Self::changed`] for invalid arguments, without reading.
    ///
    /// # Errors
    /// When an argument or a filter is refused.
    pub fn check_interest(&self, interest: ChangeQuery<'_>, selections: &[&[SelectedField]]) -> Result<(), ReadError> {
        let ChangeQuery { viewer, entity, conditions } = interest;
        let none = Candidates::Keys { keys: Vec::new(), ms: 0 };
        plan::changed(self.view(viewer.class()), self.db.get_database_backend(), entity, none, conditions, selections)
            .map(drop)
    }

    /// The candidates with visible changes, in the order of their changes. A row of which only hidden fields changed is
    /// left out.
    ///
    /// # Errors
    /// When an argument is refused, or the database fails.
    pub async fn changed(
        &self,
        interest: ChangeQuery<'_>,
        candidates: Candidates,
        selections: &[&[SelectedField]],
    ) -> Result<Vec<ChangedRow>, ReadError> {
        let (wanted, since) = match &candidates {
            Candidates::Since { ms, most, .. } => (*most, Some(*ms)),
            Candidates::Keys { .. } => (usize::MAX, None),
        };
        let mut page = candidates;
        let mut changed = Vec::new();
        loop {
            let Batch { rows, last, narrowed } = self.page(interest, page, selections).await?;
            changed.extend(rows);
            match (since, last) {
                // Hidden changes do not count towards the limit.
                (Some(ms), Some(after)) if narrowed && changed.len() < wanted => {
                    page = Candidates::Since { ms, after: Some(after), most: wanted.max(MIN_BATCH) };
                }
                _ => {
                    if narrowed {
                        // Nor do they affect the order.
                        changed.sort_by_key(|row| row.at);
                    }
                    return Ok(changed);
                }
            }
        }
    }

    /// Reads one batch of candidates.
    async fn page(
        &self,
        interest: ChangeQuery<'_>,
        candidates: Candidates,
        selections: &[&[SelectedField]],
    ) -> Result<Batch, ReadError> {
        let ChangeQuery { viewer, entity, conditions } = interest;
        let most = if let Candidates::Since { most, .. } = candidates { most } else { usize::MAX };
        let plan = plan::changed(
            self.view(viewer.class()),
            self.db.get_database_backend(),
            entity,
            candidates,
            conditions,
            selections,
        )?;
        let inputs = Inputs { promoter: viewer.promoter(), ..Inputs::default() };
        let rows = fetch::fetch(self, &plan.level, inputs, None).await?;
        let all = rows.group(0);
        let (mut changed, mut last) = (Vec::new(), None);
        for row in rows.rows(&all) {
            let row = row?;
            let key = match entity.key_kind {
                KeyKind::Int => row.int(plan.key)?.map(RowKey::Int),
                KeyKind::Text => row.text(plan.key)?.map(|key| RowKey::Text(key.to_owned())),
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
                let mut out = JsonWriter::new(&self.budget);
                row_writer::object(&plan.level, object, row, &rows.children, &mut out)?;
                objects.push(RootValue::object(object, out.finish()?)?);
            }
            changed.push(ChangedRow { key, at, objects });
        }
        Ok(Batch { rows: changed, last: last.filter(|_| all.count() >= most), narrowed: plan.narrowed.is_some() })
    }

    /// When a row of a type last changed or was created, visible or not; 0 if there is none. Milliseconds since 1970.
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

    /// A time before which this webhook event had not been applied; none if there is no such event. Milliseconds since
    /// 1970.
    ///
    /// A replayed event is applied again later: then it is the time of its receipt.
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
