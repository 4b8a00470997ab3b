//! The inbox's upsert, for each database. Its text does not depend on the number of rows.

use std::{collections::HashMap, io};

use entity::webhook_event::Protocol;
use sea_orm::sqlx::{self, PgConnection, Row as _};
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use super::{
    batch::{DedupKey, EventGroup},
    delivery::Delivery,
};
use crate::database::{Database, failure::DbFailure};

/// On a key that is stored already. The same row again (the same id) adds nothing, since a commit whose answer was
/// lost may be repeated; but repeats that were counted elsewhere meanwhile do.
macro_rules! upsert {
    () => {
        " on conflict (protocol, event_type, event_id, body_hash) do update set \
            deliveries = case when webhook_event.id <> excluded.id then webhook_event.deliveries + excluded.deliveries \
                when webhook_event.deliveries < excluded.deliveries then excluded.deliveries \
                else webhook_event.deliveries end, \
            last_delivered_at = case when webhook_event.last_delivered_at > excluded.last_delivered_at \
                then webhook_event.last_delivered_at else excluded.last_delivered_at end \
        returning id, protocol, event_type, event_id, body_hash"
    };
}

macro_rules! insert_into {
    () => {
        "insert into webhook_event (id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, \
            status, error, deliveries, last_delivered_at) "
    };
}

/// One array per column. The commit must be on disk even where the server's default is weaker (`remote_apply`, the
/// only stronger setting, is left alone).
const POSTGRES: &str = concat!(
    "with durable as materialized (select set_config('synchronous_commit', \
        case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)) ",
    insert_into!(),
    "select e.id, e.protocol, e.event_type, e.event_id, e.body_hash, e.body, e.occurred_at, e.received_at, \
        e.status, e.error, e.deliveries, e.last_delivered_at \
    from durable, unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bigint[], \
        $8::bigint[], $9::text[], $10::text[], $11::integer[], $12::bigint[]) with ordinality \
        as e(id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, \
        status, error, deliveries, last_delivered_at, n) \
    order by e.n",
    upsert!()
);

/// One JSON array of rows. JSON holds no bytes, so the bodies come as one blob, and each row has the offset and
/// length of its own.
const SQLITE: &str = concat!(
    insert_into!(),
    "select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, substr(?2, value ->> 5, value ->> 6), \
        value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12 \
    from jsonb_each(?1) where true",
    upsert!()
);

/// The error of a statement at its deadline.
pub(super) fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))
}

/// The ids that are stored for the written keys.
#[derive(Debug)]
pub(super) struct StoredIds(HashMap<DedupKey, String>);

impl StoredIds {
    pub fn id(&self, delivery: &Delivery) -> Option<&str> {
        self.0.get(&DedupKey::of(delivery)).map(String::as_str)
    }

    fn of(rows: impl ExactSizeIterator<Item = Result<Returned, sqlx::Error>>) -> Result<Self, sqlx::Error> {
        let mut stored = HashMap::with_capacity(rows.len());
        for row in rows {
            let (id, protocol, event_type, event_id, body_hash) = row?;
            let protocol =
                Protocol::parse(&protocol).ok_or_else(|| sqlx::Error::Decode("an unknown protocol".into()))?;
            stored.insert(DedupKey { protocol, event_type, event_id, body_hash }, id);
        }
        Ok(Self(stored))
    }
}

type Returned = (String, String, String, String, String);

/// Inserts the groups, or counts them on the rows that are there. The keys must differ. Commits.
/// At the deadline it fails; the rows may be written all the same.
pub(super) async fn insert(db: &Database, groups: &[EventGroup], deadline: Instant) -> Result<StoredIds, sqlx::Error> {
    let late = |_| timed_out();
    if db.is_sqlite() {
        return timeout_at(deadline, on_sqlite(db, groups)).await.map_err(late)?;
    }
    let pool = db.write.get_postgres_connection_pool();
    let mut connection = timeout_at(deadline, pool.acquire()).await.map_err(late)??;
    let written = timeout_at(deadline, on_postgres(&mut connection, groups)).await.map_err(late).flatten();
    if written.as_ref().is_err_and(|error| !matches!(DbFailure::from(error), DbFailure::Data(_))) {
        // The server does not answer or cannot write: the next connection may lead to another server.
        connection.close_on_drop();
    }
    written
}

async fn on_postgres(connection: &mut PgConnection, groups: &[EventGroup]) -> Result<StoredIds, sqlx::Error> {
    fn column<'a, T>(groups: &'a [EventGroup], value: impl Fn(&'a Delivery) -> T) -> Vec<T> {
        groups.iter().map(|group| value(&group.first.event.delivery)).collect()
    }
    let rows = sqlx::query(POSTGRES)
        .bind(groups.iter().map(|group| group.first.event.id.as_str()).collect::<Vec<_>>())
        .bind(column(groups, |delivery| delivery.protocol.as_str()))
        .bind(column(groups, |delivery| delivery.event_type.as_str()))
        .bind(column(groups, |delivery| delivery.event_id.as_str()))
        .bind(column(groups, |delivery| delivery.body_hash.as_str()))
        .bind(column(groups, |delivery| delivery.body.as_ref()))
        .bind(column(groups, |delivery| delivery.occurred_at))
        .bind(column(groups, |delivery| delivery.received_at))
        .bind(column(groups, |delivery| delivery.status.as_str()))
        .bind(column(groups, |delivery| delivery.error.as_deref()))
        .bind(groups.iter().map(EventGroup::deliveries).collect::<Vec<_>>())
        .bind(groups.iter().map(EventGroup::last_delivered_at).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    StoredIds::of(
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))),
    )
}

async fn on_sqlite(db: &Database, groups: &[EventGroup]) -> Result<StoredIds, sqlx::Error> {
    let bytes: usize = groups.iter().map(|group| group.first.event.delivery.body.len()).sum();
    // An unused first byte: `substr` of an empty blob would be null.
    let mut bodies = Vec::with_capacity(bytes + 1);
    bodies.push(0);
    let mut rows = Vec::with_capacity(groups.len());
    for group in groups {
        let delivery = &group.first.event.delivery;
        rows.push(json!([
            group.first.event.id,
            delivery.protocol.as_str(),
            delivery.event_type,
            delivery.event_id,
            delivery.body_hash,
            bodies.len() + 1,
            delivery.body.len(),
            delivery.occurred_at,
            delivery.received_at,
            delivery.status.as_str(),
            delivery.error,
            group.deliveries(),
            group.last_delivered_at(),
        ]));
        bodies.extend_from_slice(&delivery.body);
    }
    let rows = sqlx::query(SQLITE)
        .bind(serde_json::Value::Array(rows).to_string())
        .bind(bodies)
        .fetch_all(db.write.get_sqlite_connection_pool())
        .await?;
    StoredIds::of(
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))),
    )
}
