//! Reading: from a selection to JSON bytes.
//!
//! ```text
//! selection -> plan (one SQL statement per to-many level) -> rows -> JSON
//! ```
//!
//! * [`model`]: the declarations of types, fields and relations; [`selection`]: what a request selects.
//! * `plan`: from both to statements and the shape of the JSON; `plan/connection_sql` has the SQL of a connection.
//! * [`scope`]: which rows and fields a viewer sees; `scoped_sql` puts that into every SQL expression.
//! * `aggregates`: `aggregate` and `groups` of a list.
//! * `fetch` runs the statements; [`row_writer`] writes the rows as JSON.
//!
//! Every statement for the API is built here and contains the viewer's scope. The module knows nothing of GraphQL
//! documents beyond the selection.

pub mod changed;
pub mod error;
pub mod figures;
pub mod global_id;
pub mod model;
pub mod object_writer;
pub mod page;
pub mod response_budget;
pub mod scope;
pub mod selection;

mod aggregates;
mod cursor;
mod exact_sum;
mod fetch;
mod field_failures;
pub mod filter;
mod freshness;
mod interval_sql;
mod order;
mod params;
mod plan;
mod raw_row;
pub mod row_writer;
mod scalar_writer;
mod scoped_sql;

use sea_orm::ConnectionTrait as _;

pub use aggregates::MAX_GROUPS;
use error::ReadError;
pub use field_failures::{FieldFailure, RootValue};
use global_id::RowKey;
use model::{Catalog, EntityType};
pub use params::{Inputs, Param};
pub use plan::{Candidates, ConnectionPlan, DEFAULT_GROUPS, ObjectPlan, RowLookup, figure_name};
use response_budget::{JsonWriter, ResponseBudget};
use selection::SelectedField;

use crate::{
    auth::ViewerClass,
    database::{Database, Readers, ShareKey},
};

/// Reads root fields.
#[derive(Clone, Debug)]
pub struct Reader {
    db: Readers,
    budget: ResponseBudget,
    catalog: &'static Catalog,
}

impl Reader {
    /// A reader of this database with this catalogue.
    #[must_use]
    pub fn new(db: &Database, catalog: &'static Catalog) -> Self {
        Self { db: db.read.clone(), budget: ResponseBudget::unlimited(), catalog }
    }

    /// The same, on behalf of this caller.
    #[must_use]
    pub fn with_share(&self, share_key: ShareKey) -> Self {
        Self { db: self.db.with_share(share_key), budget: self.budget.clone(), catalog: self.catalog }
    }

    /// The same, within this budget.
    #[must_use]
    pub fn within_budget(&self, budget: ResponseBudget) -> Self {
        Self { db: self.db.clone(), budget, catalog: self.catalog }
    }

    /// The budget of the response.
    #[must_use]
    pub fn budget(&self) -> &ResponseBudget {
        &self.budget
    }

    /// The declared types.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    fn view(&self, viewer: ViewerClass) -> scoped_sql::ViewerScope {
        scoped_sql::ViewerScope { catalog: self.catalog, viewer }
    }

    /// Plans a connection.
    ///
    /// # Errors
    /// When an argument is refused.
    pub fn plan_connection(
        &self,
        viewer: ViewerClass,
        entity: &EntityType,
        selected: &SelectedField,
    ) -> Result<ConnectionPlan, ReadError> {
        plan::connection(self.view(viewer), self.db.get_database_backend(), entity, selected)
    }

    /// Plans rows by key.
    ///
    /// # Errors
    /// When an argument below is refused, or the key is hidden from the viewer.
    pub fn plan_rows(
        &self,
        viewer: ViewerClass,
        entity: &EntityType,
        lookup: RowLookup,
        children: &[SelectedField],
    ) -> Result<ObjectPlan, ReadError> {
        plan::object(self.view(viewer), self.db.get_database_backend(), entity, lookup, children)
    }

    /// A connection as JSON.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connection(&self, plan: &ConnectionPlan, inputs: Inputs<'_>) -> Result<RootValue, ReadError> {
        let rows = fetch::fetch(self, &plan.level, inputs, None).await?;
        let mut out = JsonWriter::new(&self.budget);
        row_writer::connection(&plan.level, &plan.connection, &rows, &rows.group(0), &mut out)?;
        RootValue::connection(&plan.connection, out.finish()?)
    }

    fn backend(&self) -> sea_orm::DbBackend {
        self.db.get_database_backend()
    }

    /// Rows by these keys, which take the place of [`Param::Parents`], as JSON, each with its key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_keys(
        &self,
        plan: &ObjectPlan,
        inputs: Inputs<'_>,
        keys: &[i64],
    ) -> Result<Vec<(RowKey, RootValue)>, ReadError> {
        self.objects(plan, &fetch::fetch_by_keys(self, &plan.level, inputs, keys).await?)
    }

    /// One row as JSON; none when the viewer sees no such row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn one(&self, plan: &ObjectPlan, inputs: Inputs<'_>) -> Result<Option<RootValue>, ReadError> {
        Ok(self.several(plan, inputs).await?.into_iter().next().map(|(_, json)| json))
    }

    /// Rows as JSON, each with its key, in no particular order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn several(&self, plan: &ObjectPlan, inputs: Inputs<'_>) -> Result<Vec<(RowKey, RootValue)>, ReadError> {
        self.objects(plan, &fetch::fetch(self, &plan.level, inputs, None).await?)
    }

    fn objects(&self, plan: &ObjectPlan, rows: &fetch::FetchedRows) -> Result<Vec<(RowKey, RootValue)>, ReadError> {
        let mut found = Vec::new();
        for row in rows.rows(&rows.group(0)) {
            let row = row?;
            let key = match plan.key_kind {
                model::KeyKind::Int => row.int(plan.key)?.map(RowKey::Int),
                model::KeyKind::Text => row.text(plan.key)?.map(|key| RowKey::Text(key.to_owned())),
            };
            let mut out = JsonWriter::new(&self.budget);
            row_writer::object(&plan.level, &plan.object, row, &rows.children, &mut out)?;
            let json = RootValue::object(&plan.object, out.finish()?)?;
            found.extend(key.map(|key| (key, json)));
        }
        Ok(found)
    }
}
