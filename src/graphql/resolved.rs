//! The result of a root field.

use serde_json::Value;

use crate::{
    graphql::error::GraphqlError,
    limits::ANSWER_BYTES,
    read::{
        FieldFailure, RootValue,
        error::ReadError,
        response_budget::{JsonWriter, ResponseBudget},
    },
};

/// The JSON of a root field, and its errors.
#[derive(Debug)]
pub struct Resolved {
    /// `null` if it failed.
    pub json: Vec<u8>,
    /// With paths.
    pub errors: Vec<GraphqlError>,
}

impl Resolved {
    /// JSON without errors.
    pub fn json(json: Vec<u8>) -> Self {
        Self { json, errors: Vec::new() }
    }

    /// Null.
    pub fn null() -> Self {
        Self::json(b"null".to_vec())
    }

    /// Null, with an error.
    pub fn failed(error: GraphqlError) -> Self {
        Self { errors: vec![error], ..Self::null() }
    }

    /// The result of a read, or null. `path` is its path in the response.
    pub fn read_or_null(value: Option<RootValue>, path: impl Fn() -> Vec<Value>) -> Self {
        let Some(RootValue { bytes, failures }) = value else { return Self::null() };
        let error = |FieldFailure { path: within, error, at }: FieldFailure| {
            GraphqlError::read(&error, at.into(), path().into_iter().chain(within).collect())
        };
        Self { json: bytes, errors: failures.into_iter().map(error).collect() }
    }

    /// A value of async-graphql's.
    ///
    /// # Errors
    /// If it exceeds the response's maximum size.
    pub fn value(value: &async_graphql::Value, room: &ResponseBudget) -> Result<Self, ReadError> {
        let mut out = JsonWriter::new(room);
        if serde_json::to_writer(&mut *out, value).is_err() {
            return Ok(Self::null());
        }
        out.finish().map(Self::json)
    }

    /// Fails if the response's maximum size was exceeded: then the whole request fails.
    ///
    /// # Errors
    /// The exceeded limit.
    pub fn fitting(self) -> Result<Self, GraphqlError> {
        let is_fatal =
            |error: &&GraphqlError| error.exceeded.as_ref().is_some_and(|over| over.rule == ANSWER_BYTES.name);
        match self.errors.iter().find(is_fatal) {
            Some(error) => Err(GraphqlError { path: Vec::new(), ..error.clone() }),
            None => Ok(self),
        }
    }
}
