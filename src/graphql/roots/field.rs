//! What a root field of queries declares, and what it is compiled to.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::{
    auth::{Session, ViewerClass},
    graphql::{
        collect::{Collector, RootSelection},
        cost::{CostMeasure, Exceeded},
        error::GraphqlError,
        schema::{FieldDefinition, Schema},
    },
    intake::Spool,
    read::{Inputs, Reader, RootValue, error::ReadError, figures::computed_report::ReportCache},
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

    /// Compiles it: all that does not depend on the values of a request.
    ///
    /// # Errors
    /// When an argument is wrong, or the value of a slot is needed.
    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError>;
}

/// A compiled root field.
pub trait CompiledField: fmt::Debug + Send + Sync {
    /// Checks that every parameter has a value for a request.
    ///
    /// # Errors
    /// When the value of a variable is refused.
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError>;

    /// Whether a field in it always fails.
    fn fails(&self) -> bool;

    /// Its value; none for null.
    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>>;

    /// What its value follows from besides all that every tag follows from; none if it must not be cached.
    fn tag(&self, _inputs: Inputs<'_>) -> Option<String> {
        Some(String::new())
    }

    /// Its approximate size in memory, in bytes.
    fn size(&self) -> usize;
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

/// What a field is compiled with.
#[derive(Clone, Copy)]
pub struct CompileContext<'a> {
    /// The class of its viewers.
    pub viewer: ViewerClass,
    /// Plans rows.
    pub reader: &'a Reader,
    /// Collects selections and arguments.
    pub collector: &'a Collector<'a>,
}

/// What a field is resolved with.
#[derive(Clone, Copy)]
pub struct ResolveContext<'a> {
    /// Whose request it is.
    pub session: &'a Session,
    /// Reads rows for the session, within the response's maximum size.
    pub reader: &'a Reader,
    /// The values of the request.
    pub inputs: Inputs<'a>,
    /// Holds the report of earlier pages, for an export.
    pub report: Option<&'a ReportCache>,
    /// Currency of all money (ISO 4217), if it is set.
    pub currency: Option<&'a str>,
    /// The spool of this server, if it has one.
    pub spool: Option<&'a Spool>,
    /// The time of the request in milliseconds since 1970. Only for fields that are never cached.
    pub now_ms: i64,
}

/// Why a root field is not compiled.
pub enum CompileError {
    /// An argument is wrong.
    Request(GraphqlError),
    /// It cannot be read.
    Read(ReadError),
    /// The plan depends on the value of a slot.
    NeedsValues,
}

impl From<GraphqlError> for CompileError {
    fn from(error: GraphqlError) -> Self {
        Self::Request(error)
    }
}

impl From<ReadError> for CompileError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
