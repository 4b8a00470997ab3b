//! The executor: one for every transport.
//!
//! ```text
//! document -> parse -> limits -> validation -> variables, cost -> root fields -> answer
//!
//! known document ----> limits ---------------> variables, cost -> root fields -> answer
//! ```
//!
//! A root field is answered whole by the planner; introspection goes to async-graphql.
//! A subscription becomes a stream instead of an answer (see `subscription`).

use std::sync::Arc;

use async_graphql::{
    Positioned,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use futures_util::{FutureExt as _, future::try_join_all};

use super::{
    api::Api,
    coerce,
    collect::{Collector, RootField},
    cost::{self, Cost},
    documents::{Document, DocumentLookup},
    error::GraphqlError,
    limits,
    request::{AllowedOperations, Request},
    response::ResponseBuilder,
    root::Resolved,
    schema::{MUTATION_ROOT, SCHEMA},
    tokens,
    validate::validate,
};
use crate::{
    auth::Session,
    error::ErrorCode,
    read::{Reader, response_budget::ResponseBudget},
};

impl Api {
    /// Runs a request, or tells why not.
    ///
    /// Of the bytes that its answer may have some are taken already, by those before it in a batch.
    pub(super) async fn run(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        match self.prepare(session, request, allowed) {
            Err(refusal) => ResponseBuilder::refused(refusal.errors, refusal.cost),
            Ok(prepared) => self.run_operation(session, &prepared, taken, now_ms).await,
        }
    }

    /// Everything that happens before the first row is read.
    pub(super) fn prepare(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
    ) -> Result<PreparedOperation, RequestError> {
        let one = |error| RequestError { errors: vec![error], cost: None };
        self.begin(session).map_err(one)?;
        tokens::check_variables(&request.variables, &self.config.limits).map_err(one)?;
        let found = self.documents.find(request).map_err(one)?;
        let document = match &found {
            DocumentLookup::Known(document) => document.clone(),
            DocumentLookup::New(text) => Arc::new(Document::parse(text, &self.config.limits).map_err(one)?),
        };
        let name = request.operation_name.as_deref();
        let introspection = limits::check(&SCHEMA, &self.config.limits, &document.parsed).map_err(one)?;
        let operation = chosen(&document.parsed, name).map_err(one)?;
        if let DocumentLookup::New(_) = found {
            validate(&SCHEMA, &document.parsed).map_err(|errors| RequestError { errors, cost: None })?;
        }
        let (variables, readable) = coerce::variables(&SCHEMA, &operation.node, &request.variables);
        let cost = Cost {
            introspection,
            ..cost::measure_operation(&document.parsed, operation, &variables, &self.config.limits)?
        };
        if let DocumentLookup::New(_) = found {
            self.documents.keep(&document, request);
        }
        let one = |error| RequestError { errors: vec![error], cost: Some(cost) };
        if operation.node.ty == OperationType::Mutation && allowed == AllowedOperations::Queries {
            let message = "a mutation needs POST: GET is for queries only";
            return Err(one(GraphqlError::new(ErrorCode::MethodNotAllowed, message)));
        }
        readable.map_err(one)?;
        self.charge_for(session, cost).map_err(one)?;
        let (operation, raw) = (operation.clone(), request.variables.clone());
        Ok(PreparedOperation { document, operation, name: request.operation_name.clone(), variables, raw, cost })
    }

    pub(super) async fn run_operation(
        &self,
        session: &Session,
        prepared: &PreparedOperation,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        match prepared.operation.node.ty {
            OperationType::Query => {}
            OperationType::Mutation => return self.mutate(session, prepared, now_ms).await,
            OperationType::Subscription => {
                let message = "a subscription needs a WebSocket, or the Accept header text/event-stream";
                let error = GraphqlError::new(ErrorCode::BadRequest, message).at(prepared.operation.pos);
                return ResponseBuilder::refused(vec![error], Some(prepared.cost));
            }
        }
        let (document, variables) = (&prepared.document.parsed, &prepared.variables);
        let collector = Collector { schema: &SCHEMA, document, root: "Query", variables };
        let roots = collector.roots(&prepared.operation.node.selection_set.node);
        let reader = self.reader_of(session).within(ResponseBudget::new(self.config.limits.answer_bytes, taken));
        let resolved = roots.iter().map(|root| {
            let resolved = self.root(session, &reader, prepared, &collector, root, now_ms);
            resolved.map(Resolved::fitting)
        });
        // The first that finds no room ends the others, and nothing is kept of them.
        let resolved = match try_join_all(resolved).await {
            Ok(resolved) => resolved,
            Err(error) => return ResponseBuilder::refused(vec![error], Some(prepared.cost)),
        };
        let mut answer = ResponseBuilder::new(prepared.cost);
        for (root, resolved) in roots.iter().zip(resolved) {
            answer.add(root.key, resolved);
        }
        answer
    }

    async fn root(
        &self,
        session: &Session,
        reader: &Reader,
        prepared: &PreparedOperation,
        collector: &Collector<'_>,
        root: &RootField<'_>,
        now_ms: i64,
    ) -> Resolved {
        match root.name {
            "__typename" => Resolved::json(b"\"Query\"".to_vec()),
            "__schema" | "__type" => self.introspect(prepared, root, reader.room()).await,
            _ => self.resolve(session, reader, collector, root, now_ms).await,
        }
    }

    /// Lets async-graphql answer one introspection field.
    async fn introspect(
        &self,
        prepared: &PreparedOperation,
        root: &RootField<'_>,
        within: &ResponseBudget,
    ) -> Resolved {
        let mut operation = prepared.operation.clone();
        let mut items = Vec::with_capacity(root.fields.len());
        for field in &root.fields {
            let selection = async_graphql::parser::types::Selection::Field((*field).clone());
            items.push(Positioned::new(selection, field.pos));
        }
        operation.node.selection_set.node.items = items;
        let fragments = prepared.document.parsed.fragments.clone();
        let document = ExecutableDocument { operations: DocumentOperations::Single(operation), fragments };
        let variables = async_graphql::Variables::from_json(prepared.raw.clone().into());
        let response = self.introspection.run(document, variables).await;
        if let Some(error) = response.errors.first() {
            return Resolved::failed(GraphqlError::of(error, ErrorCode::BadUserInput));
        }
        match &response.data {
            async_graphql::Value::Object(fields) => fields.get(root.key).map_or_else(Resolved::null, |value| {
                let path = vec![root.key.into()];
                let resolved = Resolved::value(value, within);
                resolved.unwrap_or_else(|error| Resolved::failed(GraphqlError::read(&error, root.pos, path)))
            }),
            _ => Resolved::null(),
        }
    }

    /// One field after the other. None is nullable: one that fails makes all of `data` null.
    async fn mutate(&self, session: &Session, prepared: &PreparedOperation, now_ms: i64) -> ResponseBuilder {
        let (document, variables) = (&prepared.document.parsed, &prepared.variables);
        let collector = Collector { schema: &SCHEMA, document, root: MUTATION_ROOT, variables };
        let mut answer = ResponseBuilder::mutation(prepared.cost);
        for root in collector.roots(&prepared.operation.node.selection_set.node) {
            let json = match root.name {
                "__typename" => Ok(b"\"Mutation\"".to_vec()),
                _ => self.replay_events(session, &collector, &root, now_ms).await,
            };
            match json {
                Ok(json) => answer.add(root.key, Resolved::json(json)),
                Err(error) => return answer.failed(GraphqlError { path: vec![root.key.into()], ..error }),
            }
        }
        answer
    }
}

/// A request that was found good.
pub struct PreparedOperation {
    /// All of the document.
    pub(super) document: Arc<Document>,
    /// The operation to run.
    pub(super) operation: Positioned<OperationDefinition>,
    /// Its name, if the request says it.
    pub(super) name: Option<String>,
    /// Coerced.
    pub(super) variables: coerce::Variables,
    /// As they were sent.
    pub(super) raw: serde_json::Map<String, serde_json::Value>,
    /// What it may cost; of a subscription: every message.
    pub(super) cost: Cost,
}

/// Why a request is not run.
pub(super) struct RequestError {
    /// Every rule that is broken.
    pub(super) errors: Vec<GraphqlError>,
    /// Where it was measured.
    pub(super) cost: Option<Cost>,
}

fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, GraphqlError> {
    let mut operations = document.operations.iter();
    match name {
        Some(wanted) => operations
            .find(|(name, _)| name.is_some_and(|name| name == wanted))
            .map(|(_, operation)| operation)
            .ok_or_else(|| GraphqlError::invalid("the document has no operation of the name in `operationName`")),
        None => match (operations.next(), operations.next()) {
            (Some((_, operation)), None) => Ok(operation),
            _ => Err(GraphqlError::invalid(
                "the document has several operations: `operationName` has to name one of them",
            )),
        },
    }
}
