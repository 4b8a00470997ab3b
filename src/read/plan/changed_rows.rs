//! Plans the changed rows of a subscription.

use std::fmt::Write as _;

use sea_orm::{DbBackend, DbErr};

use super::{ObjectShape, PlanLevel, connection_sql, level::LevelBuilder, several};
use crate::{
    auth::ViewerClass,
    read::{
        error::ReadError,
        filter,
        global_id::RowKey,
        model::{EntityType, FieldKind, KeyKind, OwnRows},
        params::Param,
        raw_row::RawRow,
        scope::{self, Access},
        scoped_sql::{ViewerScope, and_listed},
        selection::{ArgumentValue, SelectedField},
    },
    value_times::ValueTimes,
};

/// The rows to look at; the viewer's scope and the filters select among them.
#[derive(Clone, Debug)]
pub enum Candidates {
    /// These, if they changed or were created at this time or later.
    Keys {
        /// Their keys.
        keys: Vec<RowKey>,
        /// Milliseconds since 1970.
        ms: i64,
    },
    /// Those that changed or were created at this time or later, up to a limit.
    Since {
        /// Milliseconds since 1970.
        ms: i64,
        /// After the row with this time and key.
        after: Option<(i64, RowKey)>,
        /// The limit.
        most: usize,
    },
}

/// Changed rows, with their keys and times.
#[derive(Debug)]
pub struct ChangedPlan {
    /// The level that reads them.
    pub level: PlanLevel,
    /// The JSON of each row, one for each selection.
    pub objects: Vec<ObjectShape>,
    /// The column of the key.
    pub key: usize,
    /// The column of the time at which the row changed or was created.
    pub at: usize,
    /// When visible fields changed, if some are hidden from the viewer.
    pub narrowed: Option<Narrowed>,
}

/// When a row changed for a viewer that does not see every field: only visible fields count.
#[derive(Debug)]
pub struct Narrowed {
    /// Earlier changes are left out: milliseconds since 1970.
    pub since: i64,
    times: usize,
    columns: Vec<(&'static str, Seen)>,
}

/// Whether the viewer sees a column of a row. Columns without a field may be visible by relations.
#[derive(Clone, Copy, Debug)]
enum Seen {
    Never,
    /// Where this is not null.
    Where(usize),
    /// A reference: where the viewer sees the other row, or there is none.
    Reference {
        shown: usize,
        stored: usize,
    },
}

impl Narrowed {
    fn new(builder: &mut LevelBuilder<'_>, entity: &EntityType, since: i64) -> Self {
        let view = builder.view;
        let mut columns: Vec<(&'static str, Seen)> = Vec::new();
        for field in &entity.fields {
            let hidden = match field.kind {
                FieldKind::RelatedId(name) => {
                    entity.relation(name).and_then(|relation| view.catalog.get(relation.target))
                }
                _ => None,
            };
            let hidden = hidden.is_some_and(|target| matches!(target.own_rows, OwnRows::None));
            let seen = match (scope::access(view.viewer, entity, field), view.viewer) {
                // A masked address shows its first letter and domain, so its changes count.
                (Access::Hidden, _) => Seen::Never,
                (_, ViewerClass::Promoter) if hidden => Seen::Never,
                (_, ViewerClass::Promoter) if matches!(field.kind, FieldKind::RelatedId(_)) => {
                    let shown = view.field(entity, field, "t", &mut builder.params);
                    Seen::Reference {
                        shown: builder.column(shown),
                        stored: builder.column(format!("t.{}", field.column)),
                    }
                }
                (Access::Where(predicate), ViewerClass::Promoter) => {
                    let holds = scope::fill(predicate, "t", &mut builder.params);
                    Seen::Where(builder.column(format!("case when {holds} then 1 end")))
                }
                _ => continue,
            };
            columns.push((field.column, seen));
        }
        Self { since, times: builder.column("t.value_times".to_owned()), columns }
    }

    /// When a visible field last changed; none if the row was written before rows recorded that.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn last_change(&self, row: RawRow<'_>, updated_at: i64) -> Result<Option<i64>, DbErr> {
        let Some(text) = row.text(self.times)? else { return Ok(None) };
        let last = ValueTimes::parse(text, updated_at).latest(|column| {
            match self.columns.iter().find(|(name, _)| *name == column).map(|(_, seen)| seen) {
                None => Ok(true),
                Some(Seen::Never) => Ok(false),
                Some(Seen::Where(holds)) => Ok(!row.is_null(*holds)?),
                Some(Seen::Reference { shown, stored }) => Ok(!row.is_null(*shown)? || row.is_null(*stored)?),
            }
        });
        last.map(Some)
    }
}

/// Plans the rows for which all conditions hold, in the order of their changes. Deleted rows are included: a deletion
/// is a change. A promoter that is deleted gets no more rows, even over a connection that stays open.
///
/// # Errors
/// When an argument below or a condition is refused.
pub fn changed(
    view: ViewerScope,
    backend: DbBackend,
    entity: &EntityType,
    candidates: Candidates,
    conditions: &[ArgumentValue],
    selections: &[&[SelectedField]],
) -> Result<ChangedPlan, ReadError> {
    view.may_read(entity)?;
    let time = entity.field("updatedAt").or_else(|| entity.field("receivedAt"));
    let time = time.ok_or_else(|| ReadError::internal(format!("{} does not tell when it changed", entity.name)))?;
    let (key_column, time) = (format!("t.{}", entity.key), format!("t.{}", time.column));
    let mut builder = LevelBuilder::new(view, backend, entity);
    let (key, at) = (builder.column(key_column.clone()), builder.column(time.clone()));
    let objects = selections.iter().map(|selected| builder.object(entity, "t", selected)).collect::<Result<_, _>>()?;
    let since = match candidates {
        Candidates::Keys { ms, .. } | Candidates::Since { ms, .. } => ms,
    };
    let sees_all = matches!(view.viewer, ViewerClass::Admin | ViewerClass::Analyst { pii: true });
    let narrowed = (!sees_all).then(|| Narrowed::new(&mut builder, entity, since));
    let mut limit = None;
    let mut condition = match candidates {
        Candidates::Keys { keys, .. } => {
            let keys = several(entity, keys)?;
            builder.params.is_in(&key_column, keys)
        }
        Candidates::Since { ms, after, most } => {
            limit = Some(builder.params.bind(Param::Int(i64::try_from(most).unwrap_or(i64::MAX))));
            match (entity.key_kind, after) {
                (_, Some((at, RowKey::Int(key)))) => {
                    let (at, key) = (builder.params.bind(Param::Int(at)), builder.params.bind(Param::Int(key)));
                    format!("({time}, {key_column}) > ({at}, {key})")
                }
                (_, Some((_, RowKey::Text(key)))) => {
                    format!("{key_column} > {}", builder.params.bind(Param::Text(key)))
                }
                (KeyKind::Int, None) => format!("{time} >= {}", builder.params.bind(Param::Int(ms))),
                (KeyKind::Text, None) => format!("{key_column} >= {}", builder.params.bind(Param::Text(first_id(ms)))),
            }
        }
    };
    condition.push_str(&view.and_visible(entity, false, "t", &mut builder.params));
    condition.push_str(&and_listed(entity, true, "t"));
    if view.viewer == ViewerClass::Promoter {
        let me = builder.params.viewer();
        let _ = write!(
            condition,
            " and not exists (select 1 from promoter me where me.id = {me} and me.deleted_at is not null)"
        );
    }
    for wanted in conditions {
        let predicate = filter::predicate(view, entity, wanted, "t", &mut builder.params)?;
        condition.push_str(" and ");
        condition.push_str(&predicate);
    }
    let order = match entity.key_kind {
        KeyKind::Int => format!("{time}, {key_column}"),
        // Ids sort by the time of receipt.
        KeyKind::Text => key_column,
    };
    let text = connection_sql::ordered(&builder, entity, &condition, &order, limit.as_deref());
    Ok(ChangedPlan { level: builder.finish(text, true, None, None, None), objects, key, at, narrowed })
}

/// No `UUIDv7` that was made at this time or later sorts before it.
fn first_id(ms: i64) -> String {
    let hex = format!("{:012x}", ms.clamp(0, 0xffff_ffff_ffff));
    let (high, low) = hex.split_at(8);
    format!("{high}-{low}")
}

#[cfg(test)]
mod tests {
    use uuid::{NoContext, Timestamp, Uuid};

    use super::first_id;

    #[test]
    fn the_first_id_of_a_time_sorts_before_all_ids_made_then_and_after_those_made_before() {
        let made = |ms: u64| {
            Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, u32::try_from(ms % 1000).unwrap() * 1_000_000))
                .to_string()
        };
        let now = 1_795_000_000_123;
        assert!(first_id(now) < made(1_795_000_000_123));
        assert!(first_id(now) > made(1_795_000_000_122));
        assert_eq!(first_id(-5), "00000000-0000");
    }
}
