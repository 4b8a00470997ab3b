//! Execution of queries and mutations, for every transport.
//!
//! ```text
//! document -> parse -> limits -> validation -> variables -> compile -> bind -> read and write -> response
//!
//! known document ----------------------------> variables ------------> bind -> read and write -> response
//! ```
//!
//! A root field is read as a whole, usually with one statement for each to-many level (`read`); introspection goes to
//! async-graphql. A subscription becomes a stream instead (`subscription`).

use futures_util::future::try_join_all;
use serde_json::Value;

use super::{
    api::Api,
    coerce::Variables,
    collect::Collector,
    compile::{CompiledQuery, CompiledRoot, RootPlan},
    error::GraphqlError,
    prepare::{PreparedOperation, Work},
    request::{AllowedOperations, Request},
    resolved::Resolved,
    response::ResponseBuilder,
    roots::{self, ResolveContext, SCHEMA},
    schema::MUTATION_ROOT,
};
use crate::{
    auth::Session,
    error::ErrorCode,
    read::{Inputs, figures::computed_report::ReportCache, response_budget::ResponseBudget, selection::ArgumentValue},
};

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
        match self.prepare(session, request, allowed, now_ms) {
            Err(refused) => ResponseBuilder::refused(refused.errors, refused.cost),
            Ok(prepared) => self.run_operation(session, &prepared, taken, now_ms).await,
        }
    }

    /// Executes a request for a page of an export, whose pages share a report.
    pub(super) async fn run_page(
        &self,
        session: &Session,
        request: &Request,
        now_ms: i64,
        report: &ReportCache,
    ) -> ResponseBuilder {
        match self.prepare(session, request, AllowedOperations::Queries, now_ms) {
            Err(refused) => ResponseBuilder::refused(refused.errors, refused.cost),
            Ok(prepared) => {
                let prepared = PreparedOperation { report: Some(report), ..prepared };
                self.run_operation(session, &prepared, 0, now_ms).await
            }
        }
    }

    /// Executes a prepared operation.
    pub(super) async fn run_operation(
        &self,
        session: &Session,
        prepared: &PreparedOperation<'_>,
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        let failed = |error| ResponseBuilder::refused(vec![error], Some(prepared.cost));
        match &prepared.work {
            Work::Query(query, slots) => self.run_query(session, prepared, (query, slots), taken, now_ms).await,
            Work::Mutation(variables) => {
                self.run_mutation(session, prepared, variables, now_ms).await.unwrap_or_else(failed)
            }
            Work::Subscription(_) => {
                let message = "a subscription needs a WebSocket, or the Accept header text/event-stream";
                let error = GraphqlError::new(ErrorCode::BadRequest, message);
                failed(match prepared.operation() {
                    Ok(operation) => error.at(operation.pos),
                    Err(_) => error,
                })
            }
        }
    }

    async fn run_query(
        &self,
        session: &Session,
        prepared: &PreparedOperation<'_>,
        (query, slots): (&CompiledQuery, &[ArgumentValue]),
        taken: usize,
        now_ms: i64,
    ) -> ResponseBuilder {
        let reader =
            self.reader_for(session).within_budget(ResponseBudget::new(self.config.limits.answer_bytes, taken));
        let inputs = Inputs { promoter: session.viewer.promoter(), slots, now_ms, ..Inputs::default() };
        let currency = self.config.currency.as_deref();
        let (report, spool) = (prepared.report, self.config.spool.as_ref());
        let context = ResolveContext { session, reader: &reader, inputs, report, currency, spool, now_ms };
        let resolved = query
            .roots
            .iter()
            .map(|root| async move { self.resolve(&prepared.request.variables, context, root).await.fitting() });
        // The first field that exceeds the response's maximum size ends the others.
        let resolved = match try_join_all(resolved).await {
            Ok(resolved) => resolved,
            Err(error) => return ResponseBuilder::refused(vec![error], Some(prepared.cost)),
        };
        let mut response = ResponseBuilder::query(prepared.cost);
        for (root, resolved) in query.roots.iter().zip(resolved) {
            response.add(&root.key, resolved);
        }
        response
    }

    async fn resolve(
        &self,
        variables: &serde_json::Map<String, Value>,
        context: ResolveContext<'_>,
        root: &CompiledRoot,
    ) -> Resolved {
        let path = || vec![Value::from(root.key.as_str())];
        match &root.value {
            RootPlan::Json(json) => Resolved::json(json.clone()),
            RootPlan::Failed(error) => Resolved::failed((**error).clone()),
            RootPlan::Field(field) => match field.resolve(context).await {
                Ok(value) => Resolved::read_or_null(value, path),
                Err(error) => Resolved::failed(GraphqlError::read(&error, root.pos, path())),
            },
            RootPlan::Introspection(document) => {
                let variables = async_graphql::Variables::from_json(variables.clone().into());
                let response = self.introspection.run((**document).clone(), variables).await;
                if let Some(error) = response.errors.first() {
                    return Resolved::failed(GraphqlError::of(error, ErrorCode::BadUserInput));
                }
                let async_graphql::Value::Object(fields) = &response.data else { return Resolved::null() };
                fields.get(root.key.as_str()).map_or_else(Resolved::null, |value| {
                    Resolved::value(value, context.reader.budget())
                        .unwrap_or_else(|error| Resolved::failed(GraphqlError::read(&error, root.pos, path())))
                })
            }
        }
    }

    /// One field after the other. No field is nullable, so the first error makes all of `data` null.
    async fn run_mutation(
        &self,
        session: &Session,
        prepared: &PreparedOperation<'_>,
        variables: &Variables,
        now_ms: i64,
    ) -> Result<ResponseBuilder, GraphqlError> {
        let document = &prepared.document.parsed;
        let collector = Collector { schema: &SCHEMA, document, root: MUTATION_ROOT, variables };
        let mut response = ResponseBuilder::mutation(prepared.cost);
        let parts = (&self.config.db, &*self.config.wake, self.config.limits.duration);
        for root in collector.roots(&prepared.operation()?.node.selection_set.node) {
            let json = match root.name {
                "__typename" => Ok(format!("\"{MUTATION_ROOT}\"").into_bytes()),
                _ => roots::replay_events::resolve(parts, session, &collector, &root, now_ms).await,
            };
            match json {
                Ok(json) => response.add(root.key, Resolved::json(json)),
                Err(error) => return Ok(response.failed(GraphqlError { path: root.path(), ..error })),
            }
        }
        Ok(response)
    }
}
