//! Execution of queries and mutations, for every transport.
//!
//! ```text
//! document -> parse -> limits -> validation -> variables, cost -> root fields -> response
//!
//! known document ----> limits ---------------> variables, cost -> root fields -> response
//! ```
//!
//! A root field is resolved as a whole by its resolver ([`roots`]), usually with one statement for each to-many level;
//! introspection goes to async-graphql. A subscription becomes a stream instead (`subscription`).

use async_graphql::{
    Positioned,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection},
};
use futures_util::{FutureExt as _, future::try_join_all};

use super::{
    api::Api,
    collect::{Collector, RootSelection},
    error::GraphqlError,
    prepare::PreparedOperation,
    request::{AllowedOperations, Request},
    resolved::Resolved,
    response::ResponseBuilder,
    roots::{self, ResolveContext, SCHEMA},
    schema::{MUTATION_ROOT, QUERY_ROOT},
};
use crate::{auth::Session, error::ErrorCode, read::response_budget::ResponseBudget};

impl Api {
    /// Executes a request. `taken` bytes of the response's maximum size are used up by the batch's earlier responses.
    pub(super) async fn run(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        match self.prepare(session, request, allowed) {
            Err(refused) => ResponseBuilder::refused(refused.errors, refused.cost),
            Ok(prepared) => self.run_operation(session, &prepared, taken, now_ms).await,
        }
    }

    /// Executes a prepared operation.
    pub(super) async fn run_operation(
        &self,
        session: &Session,
        prepared: &PreparedOperation,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        match prepared.operation.node.ty {
            OperationType::Query => self.run_query(session, prepared, taken, now_ms).await,
            OperationType::Mutation => self.run_mutation(session, prepared, now_ms).await,
            OperationType::Subscription => {
                let message = "a subscription needs a WebSocket, or the Accept header text/event-stream";
                let error = GraphqlError::new(ErrorCode::BadRequest, message).at(prepared.operation.pos);
                ResponseBuilder::refused(vec![error], Some(prepared.cost))
            }
        }
    }

    async fn run_query(
        &self,
        session: &Session,
        prepared: &PreparedOperation,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        let (document, variables) = (&prepared.document.parsed, &prepared.variables);
        let collector = Collector { schema: &SCHEMA, document, root: QUERY_ROOT, variables };
        let selections = collector.roots(&prepared.operation.node.selection_set.node);
        let reader =
            self.reader_for(session).within_budget(ResponseBudget::new(self.config.limits.answer_bytes, taken));
        let currency = self.config.currency.as_deref();
        let context = ResolveContext { session, reader: &reader, collector: &collector, currency, now_ms };
        let resolved =
            selections.iter().map(|selection| self.resolve(prepared, &context, selection).map(Resolved::fitting));
        // The first field that exceeds the response's maximum size ends the others.
        let resolved = match try_join_all(resolved).await {
            Ok(resolved) => resolved,
            Err(error) => return ResponseBuilder::refused(vec![error], Some(prepared.cost)),
        };
        let mut response = ResponseBuilder::query(prepared.cost);
        for (selection, resolved) in selections.iter().zip(resolved) {
            response.add(selection.key, resolved);
        }
        response
    }

    async fn resolve(
        &self,
        prepared: &PreparedOperation,
        context: &ResolveContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Resolved {
        match selection.name {
            "__typename" => Resolved::json(format!("\"{QUERY_ROOT}\"").into_bytes()),
            "__schema" | "__type" => self.introspect(prepared, selection, context.reader.budget()).await,
            name => match roots::query_field(name) {
                Some(field) => field
                    .resolve(context, selection)
                    .await
                    .unwrap_or_else(|error| Resolved::failed(error.at(selection, selection.path()))),
                None => Resolved::null(),
            },
        }
    }

    /// Lets async-graphql resolve one introspection field.
    async fn introspect(
        &self,
        prepared: &PreparedOperation,
        selection: &RootSelection<'_>,
        room: &ResponseBudget,
    ) -> Resolved {
        let mut operation = prepared.operation.clone();
        let fields = selection.fields.iter();
        operation.node.selection_set.node.items =
            fields.map(|field| Positioned::new(Selection::Field((*field).clone()), field.pos)).collect();
        let fragments = prepared.document.parsed.fragments.clone();
        let document = ExecutableDocument { operations: DocumentOperations::Single(operation), fragments };
        let variables = async_graphql::Variables::from_json(prepared.raw_variables.clone().into());
        let response = self.introspection.run(document, variables).await;
        if let Some(error) = response.errors.first() {
            return Resolved::failed(GraphqlError::of(error, ErrorCode::BadUserInput));
        }
        match &response.data {
            async_graphql::Value::Object(fields) => fields.get(selection.key).map_or_else(Resolved::null, |value| {
                let resolved = Resolved::value(value, room);
                resolved.unwrap_or_else(|error| {
                    Resolved::failed(GraphqlError::read(&error, selection.pos, selection.path()))
                })
            }),
            _ => Resolved::null(),
        }
    }

    /// One field after the other. No field is nullable, so the first error makes all of `data` null.
    async fn run_mutation(&self, session: &Session, prepared: &PreparedOperation, now_ms: i64) -> ResponseBuilder {
        let (document, variables) = (&prepared.document.parsed, &prepared.variables);
        let collector = Collector { schema: &SCHEMA, document, root: MUTATION_ROOT, variables };
        let mut response = ResponseBuilder::mutation(prepared.cost);
        let parts = (&self.config.db, &*self.config.wake, self.config.limits.duration);
        for root in collector.roots(&prepared.operation.node.selection_set.node) {
            let json = match root.name {
                "__typename" => Ok(format!("\"{MUTATION_ROOT}\"").into_bytes()),
                _ => roots::replay_events::resolve(parts, session, &collector, &root, now_ms).await,
            };
            match json {
                Ok(json) => response.add(root.key, Resolved::json(json)),
                Err(error) => return response.failed(GraphqlError { path: root.path(), ..error }),
            }
        }
        response
    }
}
