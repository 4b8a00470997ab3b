//! Plans the rows that a subscriber is told of.

use sea_orm::DbBackend;

use super::{Level, Object, object::Builder, several, statement};
use crate::read::{
    error::ReadError,
    expression::{View, and_listed},
    filter,
    id::Key,
    model::{EntityType, KeyKind},
    selection::{Input, Selected},
    sql::Param,
};

/// Which rows are looked at; the viewer's scope and the conditions choose among them.
#[derive(Clone, Debug)]
pub enum Candidates {
    /// These.
    Keys(Vec<Key>),
    /// Those that changed (or came) at this time or later, so many at most.
    Since {
        /// Milliseconds since 1970.
        ms: i64,
        /// How many.
        most: usize,
    },
}

/// Rows with what a subscriber needs to know beside them.
#[derive(Debug)]
pub struct ChangedPlan {
    /// Their level.
    pub level: Level,
    /// The JSON of each row, once for each selection.
    pub objects: Vec<Object>,
    /// Where a row's key is.
    pub key: usize,
    /// Where the time is at which it changed or came.
    pub at: usize,
}

/// Plans the rows for which all conditions hold, in the order of their changes. Deleted rows are among
/// them: deleting is a change.
///
/// # Errors
/// When an argument below or a condition is refused.
pub fn changed(
    view: View<'_>,
    backend: DbBackend,
    entity: &EntityType,
    candidates: Candidates,
    conditions: &[Input],
    selections: &[&[Selected]],
) -> Result<ChangedPlan, ReadError> {
    view.may_read(entity)?;
    let time = entity.field("updatedAt").or_else(|| entity.field("receivedAt"));
    let time = time.ok_or_else(|| ReadError::internal(format!("{} does not tell when it changed", entity.name)))?;
    let (key_column, time) = (format!("t.{}", entity.key), format!("t.{}", time.column));
    let mut builder = Builder::new(view, backend, entity);
    let (key, at) = (builder.column(key_column.clone()), builder.column(time.clone()));
    let objects = selections.iter().map(|selected| builder.object(entity, "t", selected)).collect::<Result<_, _>>()?;
    let mut limit = None;
    let mut condition = match candidates {
        Candidates::Keys(keys) => {
            let keys = several(entity, keys)?;
            builder.params.is_in(&key_column, keys)
        }
        Candidates::Since { ms, most } => {
            limit = Some(builder.params.bind(Param::Int(i64::try_from(most).unwrap_or(i64::MAX))));
            match entity.key_kind {
                KeyKind::Int => format!("{time} >= {}", builder.params.bind(Param::Int(ms))),
                KeyKind::Text => format!("{key_column} >= {}", builder.params.bind(Param::Text(first_id(ms)))),
            }
        }
    };
    condition.push_str(&view.and_visible(entity, false, "t", &mut builder.params));
    condition.push_str(&and_listed(entity, true, "t"));
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
    let text = statement::ordered(&builder, entity, &condition, &order, limit.as_deref());
    Ok(ChangedPlan { level: builder.finish(Some(text), None, None, None), objects, key, at })
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
