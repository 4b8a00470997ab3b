//! Errors of a request or of one field, as the client sees them.

use async_graphql::{Pos, ServerError};
use serde_json::{Value, json};

use crate::{
    error::{ApiError, ErrorCode, LimitExceeded, TokenEnd, extensions},
    read::error::ReadError,
};

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphqlError {
    /// From the closed list of codes.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Positions in the document.
    pub locations: Vec<Pos>,
    /// The response's part that is null because of it.
    pub path: Vec<Value>,
    /// The exceeded limit, if that is the reason.
    pub exceeded: Option<Box<LimitExceeded>>,
    /// Why the token ended, if that is the reason.
    pub ended: Option<TokenEnd>,
}

impl GraphqlError {
    /// An error of the whole request.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), locations: Vec::new(), path: Vec::new(), exceeded: None, ended: None }
    }

    /// A violation of the schema or of the specification's rules.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::GraphqlValidationFailed, message)
    }

    /// A document that exceeds a limit; `what` is counted.
    #[must_use]
    pub fn over(exceeded: LimitExceeded, what: &str) -> Self {
        let message = format!("the document has {} {what}: at most {} are allowed", exceeded.actual, exceeded.limit);
        Self::exceeding(exceeded, message)
    }

    /// An exceeded limit, with another message.
    #[must_use]
    pub fn exceeding(exceeded: LimitExceeded, message: String) -> Self {
        Self { exceeded: Some(Box::new(exceeded)), ..Self::new(ErrorCode::LimitExceeded, message) }
    }

    /// Positions in the document.
    #[must_use]
    pub fn at(mut self, pos: Pos) -> Self {
        self.locations.push(pos);
        self
    }

    /// The error of a field that could not be read. Logs the cause, which the client must not see.
    #[must_use]
    pub fn read(error: &ReadError, pos: Pos, path: Vec<Value>) -> Self {
        let field = path.first().and_then(Value::as_str).unwrap_or_default();
        match error {
            ReadError::Internal(cause) => {
                tracing::error!(error = format!("{cause:#}"), graphql.field = field, "a read failed");
            }
            // Outages are logged once, not with every request.
            ReadError::Unavailable(cause) => {
                tracing::debug!(error = format!("{cause:#}"), graphql.field = field, "a read failed");
            }
            _ => {}
        }
        let exceeded = match error {
            ReadError::Over(_, exceeded) | ReadError::TooLarge(exceeded) => Some(exceeded.clone()),
            _ => None,
        };
        Self { path, exceeded, ..Self::new(error.code(), error.to_string()).at(pos) }
    }

    /// An error of async-graphql, with the code of its stage.
    #[must_use]
    pub fn of(error: &ServerError, code: ErrorCode) -> Self {
        let code = error
            .extensions
            .as_ref()
            .and_then(|extensions| extensions.get("code"))
            .and_then(|value| match value {
                async_graphql::Value::String(text) => ErrorCode::ALL.into_iter().find(|code| code.as_str() == text),
                _ => None,
            })
            .unwrap_or(code);
        let path = error.path.iter().map(|segment| match segment {
            async_graphql::PathSegment::Field(name) => json!(name),
            async_graphql::PathSegment::Index(index) => json!(index),
        });
        Self { path: path.collect(), locations: error.locations.clone(), ..Self::new(code, error.message.clone()) }
    }

    /// A JSON list with this error alone.
    #[must_use]
    pub fn list(&self) -> String {
        Value::Array(vec![self.json()]).to_string()
    }

    /// The entry of `errors`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut entry = json!({ "message": self.message });
        if !self.locations.is_empty() {
            let locations = self.locations.iter().map(|pos| json!({ "line": pos.line, "column": pos.column }));
            entry["locations"] = locations.collect();
        }
        if !self.path.is_empty() {
            entry["path"] = Value::Array(self.path.clone());
        }
        entry["extensions"] = extensions(self.code, self.exceeded.as_deref());
        if let Some(ended) = self.ended {
            entry["extensions"]["reason"] = json!(ended.as_str());
        }
        entry
    }
}

/// Of a whole request that is no GraphQL document.
impl From<GraphqlError> for ApiError {
    fn from(error: GraphqlError) -> Self {
        let GraphqlError { code, message, exceeded, ended, .. } = error;
        Self { code, message, exceeded, ended }
    }
}

/// The most errors that one response reports: a short document can break very many rules.
const MAX_ERRORS: usize = 20;

/// Errors in the order they were found: distinct ones, up to a maximum.
#[derive(Default)]
pub(super) struct ErrorList(Vec<GraphqlError>);

impl ErrorList {
    /// Adds a violation of the specification's rules.
    pub fn add(&mut self, message: String, pos: Pos) {
        self.push(GraphqlError::invalid(message).at(pos));
    }

    /// Adds an error.
    pub fn push(&mut self, error: GraphqlError) {
        if self.0.len() < MAX_ERRORS && !self.0.contains(&error) {
            self.0.push(error);
        }
    }

    /// The errors so far, if there are any.
    pub fn finish(&mut self) -> Result<(), Vec<GraphqlError>> {
        if self.0.is_empty() { Ok(()) } else { Err(std::mem::take(&mut self.0)) }
    }
}
