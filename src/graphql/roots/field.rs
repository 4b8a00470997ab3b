//! What a root field of queries declares.

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::{
    auth::Session,
    graphql::{
        collect::{Collector, RootSelection},
        cost::{CostMeasure, Exceeded},
        error::GraphqlError,
        resolved::Resolved,
        schema::{FieldDefinition, Schema},
    },
    read::{Reader, error::ReadError},
};

/// A root field of queries.
pub trait QueryField: Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// Its type, description and arguments.
    fn definition(&self) -> FieldDefinition;

    /// Adds the types that only this field returns.
    fn define_types(&self, _schema: &mut Schema) {}

    /// Whether a response with this field may be cached.
    fn caching(&self) -> Caching;

    /// The objects that it can return, and what is scanned for them.
    ///
    /// # Errors
    /// The limit that is exceeded.
    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded>;

    /// Resolves it.
    fn resolve<'a>(
        &'a self,
        context: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>>;
}

/// Whether a response with a field may have an `ETag`. Of several fields the greatest one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caching {
    /// Yes: it follows from the mirror's version, the viewer, the settings and the request alone. Rows of types that
    /// the version does not cover are found when the cost is measured.
    Mirror,
    /// As [`Self::Mirror`], and from the token's subject and expiry.
    MirrorAndToken,
    /// No: it follows from something else too, such as the clock or the stored events.
    Never,
}

/// What a field is resolved with.
#[derive(Clone, Copy)]
pub struct ResolveContext<'a> {
    /// Whose request it is.
    pub session: &'a Session,
    /// Reads rows for the session, within the response's maximum size.
    pub reader: &'a Reader,
    /// Collects selections and arguments.
    pub collector: &'a Collector<'a>,
    /// Currency of all money (ISO 4217), if it is set.
    pub currency: Option<&'a str>,
    /// The time of the request in milliseconds since 1970. Only for fields that are never cached.
    pub now_ms: i64,
}

/// Why a root field failed: before or while reading.
pub enum RootError {
    /// An argument is wrong.
    Request(GraphqlError),
    /// Reading failed.
    Read(ReadError),
}

impl RootError {
    /// The error of the field at this path.
    pub fn at(self, selection: &RootSelection<'_>, path: Vec<Value>) -> GraphqlError {
        match self {
            Self::Request(error) => GraphqlError { path, ..error },
            Self::Read(error) => GraphqlError::read(&error, selection.pos, path),
        }
    }
}

impl From<GraphqlError> for RootError {
    fn from(error: GraphqlError) -> Self {
        Self::Request(error)
    }
}

impl From<ReadError> for RootError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
