//! Everything that happens before the first row is read: find or parse the document, check limits, validate, coerce
//! variables, measure the cost, and charge for it.

use std::sync::Arc;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType},
};

use super::{
    api::Api,
    coerce,
    cost::{Cost, CostError},
    document_limits,
    documents::{Document, DocumentLookup},
    error::GraphqlError,
    request::{AllowedOperations, Request},
    roots::{self, Caching, SCHEMA},
    validate::validate,
};
use crate::{auth::Session, error::ErrorCode};

/// An operation that can be executed.
pub struct PreparedOperation {
    /// Its document.
    pub(super) document: Arc<Document>,
    /// The operation.
    pub(super) operation: Positioned<OperationDefinition>,
    /// `operationName` of the request.
    pub(super) name: Option<String>,
    /// Coerced variables.
    pub(super) variables: coerce::Variables,
    /// The variables of the request.
    pub(super) raw_variables: serde_json::Map<String, serde_json::Value>,
    /// The cost; of a subscription: of every message.
    pub(super) cost: Cost,
    /// Whether the response may be cached.
    pub(super) caching: Caching,
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

impl Api {
    /// Prepares the operation of a request.
    pub(super) fn prepare(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
    ) -> Result<PreparedOperation, RequestError> {
        let limits = &self.config.limits;
        self.rates.charge_for_request(session)?;
        document_limits::check_variables(&request.variables, limits)?;
        let found = self.documents.find(request)?;
        let (document, is_new) = match found {
            DocumentLookup::Known(document) => (document, false),
            DocumentLookup::New(text) => (Arc::new(Document::parse(&text, limits)?), true),
        };
        let introspection = document_limits::check(&SCHEMA, limits, &document.parsed)?;
        let operation = selected_operation(&document.parsed, request.operation_name.as_deref())?;
        if is_new {
            validate(&SCHEMA, &document.parsed).map_err(|errors| RequestError { errors, cost: None })?;
        }
        let (variables, coerced) = coerce::variables(&SCHEMA, &operation.node, &request.variables);
        let (cost, caching) = roots::measure(&document.parsed, operation, &variables, limits)?;
        let cost = Cost { introspection, ..cost };
        if is_new {
            self.documents.insert(&document, request);
        }
        let with_cost = |error| RequestError { errors: vec![error], cost: Some(cost) };
        if operation.node.ty == OperationType::Mutation && allowed == AllowedOperations::Queries {
            let message = "a mutation needs POST: GET is for queries only";
            return Err(with_cost(GraphqlError::new(ErrorCode::MethodNotAllowed, message)));
        }
        coerced.map_err(with_cost)?;
        self.rates.charge_for_cost(session, cost).map_err(with_cost)?;
        Ok(PreparedOperation {
            operation: operation.clone(),
            name: request.operation_name.clone(),
            variables,
            raw_variables: request.variables.clone(),
            cost,
            caching,
            document,
        })
    }
}

fn selected_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, GraphqlError> {
    let mut operations = document.operations.iter();
    match name {
        Some(wanted) => operations
            .find(|(name, _)| name.is_some_and(|name| name == wanted))
            .map(|(_, operation)| operation)
            .ok_or_else(|| GraphqlError::invalid("the document has no operation with the name in `operationName`")),
        None => match (operations.next(), operations.next()) {
            (Some((_, operation)), None) => Ok(operation),
            _ => Err(GraphqlError::invalid("the document has several operations: `operationName` must name one")),
        },
    }
}
