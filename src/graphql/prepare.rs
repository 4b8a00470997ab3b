//! Everything that happens before the first row is read: find or parse the document, validate, coerce variables, find or
//! compile the query, and charge for its cost.

use std::sync::Arc;

use async_graphql::{
    Positioned,
    parser::types::{OperationDefinition, OperationType},
};

use super::{
    api::Api,
    coerce,
    compile::{CachedQuery, CompiledQuery, Compiler},
    cost::{Cost, CostError},
    document_limits,
    documents::{Document, DocumentLookup, QueryKey},
    error::GraphqlError,
    request::{AllowedOperations, Request},
    roots::{self, Caching, SCHEMA},
    validate::validate,
    variable_shape::VariableShape,
};
use crate::{
    auth::Session,
    error::ErrorCode,
    read::{Inputs, figures::computed_report::ReportCache, selection::ArgumentValue},
};

/// An operation that can be executed.
pub struct PreparedOperation<'a> {
    /// Its request.
    pub(super) request: &'a Request,
    /// Its document.
    pub(super) document: Arc<Document>,
    /// What is executed.
    pub(super) work: Work,
    /// The cost; of a subscription: of every message.
    pub(super) cost: Cost,
    /// Whether the response may be cached.
    pub(super) caching: Caching,
    /// Holds the report of earlier pages, for an export.
    pub(super) report: Option<&'a ReportCache>,
}

/// What is executed.
pub(super) enum Work {
    /// A query, and the values of its slots.
    Query(Arc<CompiledQuery>, Vec<ArgumentValue>),
    /// A mutation, and its coerced variables.
    Mutation(coerce::Variables),
    /// A subscription, and its coerced variables.
    Subscription(coerce::Variables),
}

/// Why a request is not executed: a request error in the specification's sense.
pub(super) struct RequestError {
    /// At least one.
    pub(super) errors: Vec<GraphqlError>,
    /// If it was measured.
    pub(super) cost: Option<Cost>,
}

impl From<GraphqlError> for RequestError {
    fn from(error: GraphqlError) -> Self {
        Self { errors: vec![error], cost: None }
    }
}

impl From<CostError> for RequestError {
    fn from(CostError { error, cost }: CostError) -> Self {
        Self { errors: vec![*error], cost }
    }
}

impl PreparedOperation<'_> {
    /// The operation in its document.
    ///
    /// # Errors
    /// Never: it was found before.
    pub(super) fn operation(&self) -> Result<&Positioned<OperationDefinition>, GraphqlError> {
        self.document.operation(self.request.operation_name.as_deref())
    }
}

impl Api {
    /// Prepares the operation of a request.
    pub(super) fn prepare<'a>(
        &self,
        session: &Session,
        request: &'a Request,
        allowed: AllowedOperations,
        now_ms: i64,
    ) -> Result<PreparedOperation<'a>, RequestError> {
        let limits = &self.config.limits;
        self.rates.charge_for_request(session)?;
        document_limits::check_variables(&request.variables, limits)?;
        let (document, is_new) = match self.documents.find(request)? {
            DocumentLookup::Known(document) => (document, false),
            DocumentLookup::New(text) => (Arc::new(Document::parse(&text, limits)?), true),
        };
        let operation = document.operation(request.operation_name.as_deref())?;
        if is_new {
            validate(&SCHEMA, &document.parsed).map_err(|errors| RequestError { errors, cost: None })?;
        }
        let (variables, coerced) = coerce::variables(&SCHEMA, &operation.node, &request.variables);
        let ty = operation.node.ty;
        let measured = |variables: &coerce::Variables| {
            let (cost, caching) = roots::measure(&document.parsed, operation, variables, limits)?;
            Ok::<_, CostError>((Cost { introspection: document.introspection, ..cost }, caching))
        };
        if ty == OperationType::Query && coerced.is_ok() {
            let shape = VariableShape::of(&operation.node, variables);
            let key = QueryKey {
                document: document.number,
                operation: request.operation_name.clone(),
                viewer: session.viewer.class(),
                variables: shape.key.clone(),
            };
            let cached = self.documents.compiled(&key);
            let (cost, caching) = match &cached {
                Some(CachedQuery::Shared(query)) => (query.cost, query.caching),
                _ => measured(&shape.restored())?,
            };
            if is_new {
                self.documents.insert(&document, request);
            }
            let with_cost = |error| RequestError { errors: vec![error], cost: Some(cost) };
            // Before the query is compiled, which takes time too.
            self.rates.charge_for_cost(session, cost).map_err(with_cost)?;
            let parsed = &document.parsed;
            let count = &|| self.documents.count_compiled();
            let compiler = Compiler { reader: &self.reader, viewer: key.viewer, document: parsed, operation, count };
            let keep = |query: &CachedQuery| self.documents.insert_compiled(&document, key, query);
            let (query, slots) = compiled((session, now_ms), &compiler, (cost, caching), cached, shape, keep);
            let query = query.map_err(with_cost)?;
            let work = Work::Query(query, slots);
            return Ok(PreparedOperation { request, document, work, cost, caching, report: None });
        }
        let (cost, caching) = measured(&variables)?;
        if is_new {
            self.documents.insert(&document, request);
        }
        let with_cost = |error| RequestError { errors: vec![error], cost: Some(cost) };
        if ty == OperationType::Mutation && allowed == AllowedOperations::Queries {
            let message = "a mutation needs POST: GET is for queries only";
            return Err(with_cost(GraphqlError::new(ErrorCode::MethodNotAllowed, message)));
        }
        coerced.map_err(with_cost)?;
        self.rates.charge_for_cost(session, cost).map_err(with_cost)?;
        let work = if ty == OperationType::Subscription { Work::Subscription } else { Work::Mutation };
        Ok(PreparedOperation { request, document, work: work(variables), cost, caching, report: None })
    }
}

/// The query of a request, and the values of its slots. If none is cached it is compiled, and `keep` caches it.
fn compiled(
    (session, now_ms): (&Session, i64),
    compiler: &Compiler<'_>,
    measured: (Cost, Caching),
    cached: Option<CachedQuery>,
    shape: VariableShape,
    keep: impl FnOnce(&CachedQuery),
) -> (Result<Arc<CompiledQuery>, GraphqlError>, Vec<ArgumentValue>) {
    let cached = cached.unwrap_or_else(|| {
        let query = match compiler.compile(measured, &shape.variables) {
            // Of several errors in a field the first one counts, and it may be one of a value.
            Ok(query) if shape.slots.is_empty() || !query.fails() => CachedQuery::Shared(Arc::new(query)),
            _ => CachedQuery::PerRequest,
        };
        keep(&query);
        query
    });
    let inputs = Inputs { promoter: session.viewer.promoter(), slots: &shape.slots, now_ms, ..Inputs::default() };
    match cached {
        CachedQuery::Shared(query) if query.accepts(inputs) => (Ok(query), shape.slots),
        // A value is refused, or the plan depends on it.
        _ => {
            let query = compiler.compile(measured, &shape.restored()).map(Arc::new);
            let internal = |_| GraphqlError::new(ErrorCode::Internal, "internal error");
            (query.map_err(internal), Vec::new())
        }
    }
}
