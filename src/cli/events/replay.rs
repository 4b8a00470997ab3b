//! `promograph events replay`.

use anyhow::Context as _;
use entity::webhook_event::{Column, Entity};
use sea_orm::{EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::EventFilter;
use crate::{
    database::Database,
    projection::{self, ReplaySelection},
};

/// Sets the events of the filter back to `pending`, and gives their number.
///
/// # Errors
/// When the database does not answer, or none of the named ids is stored.
pub async fn replay(db: &Database, filter: &EventFilter, now_ms: i64) -> anyhow::Result<u64> {
    let selection = ReplaySelection {
        ids: our_ids(db, filter).await?,
        types: filter.types.clone(),
        statuses: filter.statuses.clone(),
        with_warnings: filter.warnings,
        received_from: filter.since,
        received_until: filter.until,
    };
    projection::replay(db, &selection, now_ms).await
}

/// The ids of the filter as our own: it may name the sender's.
async fn our_ids(db: &Database, filter: &EventFilter) -> anyhow::Result<Vec<String>> {
    if filter.ids.is_empty() {
        return Ok(Vec::new());
    }
    let named = EventFilter { ids: filter.ids.clone(), ..EventFilter::default() };
    let found: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(named.condition())
        .into_tuple()
        .all(&db.read)
        .await
        .context("cannot read the events")?;
    // No id at all would mean every event.
    anyhow::ensure!(!found.is_empty(), "no event with such an id is stored; `promograph events list` shows them");
    Ok(found)
}
