//! Reading: from a selection to JSON bytes.
//!
//! ```text
//! selection -> plan (one SQL statement per to-many level) -> rows -> JSON
//! ```
//!
//! Every statement is built here and starts from the viewer's scope ([`scope`]): there is no other
//! way to read for the API. It knows nothing of GraphQL documents beyond the selection it is handed.

pub mod changed;
pub mod error;
pub mod id;
pub mod model;
pub mod page;
pub mod plain;
pub mod room;
pub mod scope;
pub mod selection;

mod cursor;
mod expression;
mod failed;
mod fetch;
pub mod filter;
mod freshness;
mod order;
mod plan;
mod rows;
mod sql;
pub mod write;

use sea_orm::ConnectionTrait as _;

use error::ReadError;
pub use failed::{Failure, Json};
use id::Key;
use model::{Catalog, EntityType};
pub use plan::{Candidates, Lookup};
use room::{Out, Room};
use selection::Selected;
pub use sql::Param;

use crate::{
    auth::Viewer,
    database::{Database, Readers, ShareKey},
};

/// Answers root fields.
#[derive(Clone, Debug)]
pub struct Reader {
    db: Readers,
    room: Room,
    catalog: &'static Catalog,
}

impl Reader {
    /// Reads this database by this catalogue.
    #[must_use]
    pub fn new(db: &Database, catalog: &'static Catalog) -> Self {
        Self { db: db.read.clone(), room: Room::unlimited(), catalog }
    }

    /// The same, on behalf of this caller.
    #[must_use]
    pub fn with_share(&self, share_key: ShareKey) -> Self {
        Self { db: self.db.with_share(share_key), ..self.clone() }
    }

    /// The same, for an answer with this room.
    #[must_use]
    pub fn within(&self, room: Room) -> Self {
        Self { room, ..self.clone() }
    }

    /// The room of the answer that is read for.
    #[must_use]
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// What can be read.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    fn view(&self, viewer: Viewer) -> expression::View<'static> {
        expression::View { catalog: self.catalog, viewer }
    }

    /// A list as JSON.
    ///
    /// # Errors
    /// When an argument is refused, or the database fails.
    pub async fn connection(
        &self,
        viewer: Viewer,
        entity: &EntityType,
        selected: &Selected,
    ) -> Result<Json, ReadError> {
        let plan = plan::connection(self.view(viewer), self.db.get_database_backend(), entity, selected)?;
        let rows = fetch::fetch(self, &plan.level, None).await?;
        let mut out = Out::new(&self.room);
        write::connection(&plan.level, &plan.connection, &rows, &rows.group(0), &mut out)?;
        Json::connection(&plan.connection, out.finish()?)
    }

    /// One row as JSON; none when there is none that the viewer sees.
    ///
    /// # Errors
    /// When an argument is refused, or the database fails.
    pub async fn one(
        &self,
        viewer: Viewer,
        entity: &EntityType,
        lookup: Lookup,
        children: &[Selected],
    ) -> Result<Option<Json>, ReadError> {
        let found = self.objects(viewer, entity, lookup, children).await?;
        Ok(found.into_iter().next().map(|(_, json)| json))
    }

    /// The rows with these keys as JSON, each with its key, in no particular order.
    ///
    /// # Errors
    /// When an argument is refused, or the database fails.
    pub async fn several(
        &self,
        viewer: Viewer,
        entity: &EntityType,
        keys: Vec<Key>,
        children: &[Selected],
    ) -> Result<Vec<(Key, Json)>, ReadError> {
        self.objects(viewer, entity, Lookup::Keys(keys), children).await
    }

    async fn objects(
        &self,
        viewer: Viewer,
        entity: &EntityType,
        lookup: Lookup,
        children: &[Selected],
    ) -> Result<Vec<(Key, Json)>, ReadError> {
        let plan = plan::object(self.view(viewer), self.db.get_database_backend(), entity, lookup, children)?;
        let rows = fetch::fetch(self, &plan.level, None).await?;
        let mut found = Vec::new();
        for row in rows.rows(&rows.group(0)) {
            let row = row?;
            let key = match entity.key_kind {
                model::KeyKind::Int => row.int(plan.key)?.map(Key::Int),
                model::KeyKind::Text => row.text(plan.key)?.map(|key| Key::Text(key.to_owned())),
            };
            let mut out = Out::new(&self.room);
            write::object(&plan.level, &plan.object, row, &rows.children, &mut out)?;
            let json = Json::object(&plan.object, out.finish()?)?;
            found.extend(key.map(|key| (key, json)));
        }
        Ok(found)
    }
}
