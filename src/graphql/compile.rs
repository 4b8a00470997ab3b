//! Compiles a query: everything that does not depend on the values of a request.
//!
//! A compiled query holds its cost, which was measured before, and for each root field statements with parameters and
//! the shape of the JSON. It is made for a document, an operation, a class of viewers and a shape of variables
//! (`variable_shape`), and cached under these (`documents`): a request then only coerces its variables, binds them,
//! reads and writes.

use std::sync::Arc;

use async_graphql::{
    Pos, Positioned,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, Selection},
};

use super::{
    coerce::Variables,
    collect::{Collector, RootSelection},
    cost::Cost,
    error::GraphqlError,
    roots::{self, Caching, CompileContext, CompileError, CompiledField, SCHEMA},
    schema::QUERY_ROOT,
};
use crate::{
    auth::ViewerClass,
    read::{Inputs, Reader},
};

/// A compiled query.
#[derive(Debug)]
pub struct CompiledQuery {
    /// Its cost.
    pub cost: Cost,
    /// Whether its response may be cached.
    pub caching: Caching,
    /// Its root fields, in the order of the response.
    pub roots: Vec<CompiledRoot>,
}

/// A root field.
#[derive(Debug)]
pub struct CompiledRoot {
    /// The response key.
    pub key: String,
    /// Its position in the document.
    pub pos: Pos,
    /// Its value.
    pub value: RootPlan,
}

/// How the value of a root field comes about.
#[derive(Debug)]
pub enum RootPlan {
    /// JSON that is known already.
    Json(Vec<u8>),
    /// async-graphql executes this document.
    Introspection(Box<ExecutableDocument>),
    /// It is read.
    Field(Box<dyn CompiledField>),
    /// It is null, with this error.
    Failed(Box<GraphqlError>),
}

/// A query as it is cached.
#[derive(Clone, Debug)]
pub enum CachedQuery {
    /// For every request of its key.
    Shared(Arc<CompiledQuery>),
    /// It depends on the values of its variables: it is compiled for each request.
    PerRequest,
}

/// A query that depends on the values of its variables.
pub struct NeedsValues;

/// What a query is compiled with.
pub struct Compiler<'a> {
    /// Plans rows.
    pub reader: &'a Reader,
    /// The class of its viewers.
    pub viewer: ViewerClass,
    /// The document.
    pub document: &'a ExecutableDocument,
    /// The operation.
    pub operation: &'a Positioned<OperationDefinition>,
    /// Counts that it compiles.
    pub count: &'a dyn Fn(),
}

impl Compiler<'_> {
    /// Compiles the query for these variables, which may have slots.
    ///
    /// # Errors
    /// When the value of a slot is needed.
    pub fn compile(
        &self,
        (cost, caching): (Cost, Caching),
        variables: &Variables,
    ) -> Result<CompiledQuery, NeedsValues> {
        (self.count)();
        let collector = Collector { schema: &SCHEMA, document: self.document, root: QUERY_ROOT, variables };
        let selections = collector.roots(&self.operation.node.selection_set.node);
        let mut roots = Vec::with_capacity(selections.len());
        for selection in &selections {
            let value = match self.plan(&collector, selection) {
                Ok(value) => value,
                Err(CompileError::NeedsValues) => return Err(NeedsValues),
                Err(CompileError::Request(error)) => {
                    RootPlan::Failed(Box::new(GraphqlError { path: selection.path(), ..error }))
                }
                Err(CompileError::Read(error)) => {
                    RootPlan::Failed(Box::new(GraphqlError::read(&error, selection.pos, selection.path())))
                }
            };
            roots.push(CompiledRoot { key: selection.key.to_owned(), pos: selection.pos, value });
        }
        Ok(CompiledQuery { cost, caching, roots })
    }

    fn plan(&self, collector: &Collector<'_>, selection: &RootSelection<'_>) -> Result<RootPlan, CompileError> {
        match selection.name {
            "__typename" => Ok(RootPlan::Json(format!("\"{QUERY_ROOT}\"").into_bytes())),
            "__schema" | "__type" => Ok(RootPlan::Introspection(Box::new(self.introspection(selection)))),
            name => match roots::query_field(name) {
                Some(field) => {
                    let context = CompileContext { viewer: self.viewer, reader: self.reader, collector };
                    field.compile(&context, selection).map(RootPlan::Field)
                }
                None => Ok(RootPlan::Json(b"null".to_vec())),
            },
        }
    }

    /// The document with this root field alone.
    fn introspection(&self, selection: &RootSelection<'_>) -> ExecutableDocument {
        let mut operation = self.operation.clone();
        let fields = selection.fields.iter();
        operation.node.selection_set.node.items =
            fields.map(|field| Positioned::new(Selection::Field((*field).clone()), field.pos)).collect();
        let fragments = self.document.fragments.clone();
        ExecutableDocument { operations: DocumentOperations::Single(operation), fragments }
    }
}

impl CompiledQuery {
    /// Whether every parameter has a value for a request. If not, the query compiled for its values has the errors.
    pub fn accepts(&self, inputs: Inputs<'_>) -> bool {
        self.roots.iter().all(|root| match &root.value {
            RootPlan::Field(field) => field.check(inputs).is_ok(),
            _ => true,
        })
    }

    /// What its response follows from besides all that every tag follows from; none if it must not be cached.
    pub fn tags(&self, inputs: Inputs<'_>) -> Option<Vec<String>> {
        let tags = self.roots.iter().map(|root| match &root.value {
            RootPlan::Field(field) => field.tag(inputs),
            _ => Some(String::new()),
        });
        tags.collect()
    }

    /// Whether a field in it always fails. Which one an error belongs to may depend on the values too.
    pub fn fails(&self) -> bool {
        self.roots.iter().any(|root| match &root.value {
            RootPlan::Field(field) => field.fails(),
            RootPlan::Failed(_) => true,
            RootPlan::Json(_) | RootPlan::Introspection(_) => false,
        })
    }

    /// Its approximate size in memory, in bytes; none if it must not be cached: introspection holds the document's
    /// fragments.
    pub fn size(&self) -> Option<usize> {
        let sizes = self.roots.iter().map(|root| {
            let value = match &root.value {
                RootPlan::Field(field) => field.size(),
                RootPlan::Json(json) => json.len(),
                RootPlan::Failed(error) => size_of_val(&**error) + error.message.len(),
                RootPlan::Introspection(_) => return None,
            };
            Some(size_of_val(root) + root.key.len() + value)
        });
        sizes.sum::<Option<usize>>().map(|sizes| sizes + size_of::<Self>())
    }
}
