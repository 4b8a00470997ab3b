//! What became of a root field.

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

/// The JSON of a root field, and what went wrong.
#[derive(Debug)]
pub struct Resolved {
    /// `null` when it failed.
    pub json: Vec<u8>,
    /// With paths.
    pub errors: Vec<GraphqlError>,
}

impl Resolved {
    /// An answer.
    pub fn json(json: Vec<u8>) -> Self {
        Self { json, errors: Vec::new() }
    }

    /// There is none.
    pub fn null() -> Self {
        Self::json(b"null".to_vec())
    }

    /// A failure: the field is null.
    pub fn failed(error: GraphqlError) -> Self {
        Self { errors: vec![error], ..Self::null() }
    }

    /// What was read; `path` leads there.
    pub(super) fn read(json: RootValue, path: &[Value]) -> Self {
        let error = |FieldFailure { path: within, error, at }: FieldFailure| {
            GraphqlError::read(&error, at.into(), path.iter().cloned().chain(within).collect())
        };
        Self { json: json.bytes, errors: json.failures.into_iter().map(error).collect() }
    }

    /// A value of async-graphql's.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn value(value: &async_graphql::Value, room: &ResponseBudget) -> Result<Self, ReadError> {
        let mut out = JsonWriter::new(room);
        if serde_json::to_writer(&mut *out, value).is_err() {
            return Ok(Self::null());
        }
        out.finish().map(Self::json)
    }

    /// The answer, unless it found no room: then there is none to the whole request.
    ///
    /// # Errors
    /// Names the limit.
    pub fn fitting(self) -> Result<Self, GraphqlError> {
        let is_fatal =
            |error: &&GraphqlError| error.exceeded.as_ref().is_some_and(|over| over.rule == ANSWER_BYTES.name);
        match self.errors.iter().find(is_fatal) {
            Some(error) => Err(GraphqlError { path: Vec::new(), ..error.clone() }),
            None => Ok(self),
        }
    }
}
