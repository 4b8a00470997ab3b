//! What became of a root field.

use serde_json::Value;

use crate::{
    graphql::error::GraphqlError,
    read::{
        Failure, Json,
        error::ReadError,
        room::{Out, Room},
    },
    settings::rule::ANSWER_BYTES,
};

/// The JSON of a root field, and what went wrong.
#[derive(Debug)]
pub struct Resolved {
    /// `null` when it failed.
    pub json: Vec<u8>,
    /// With paths.
    pub faults: Vec<GraphqlError>,
}

impl Resolved {
    /// An answer.
    pub fn json(json: Vec<u8>) -> Self {
        Self { json, faults: Vec::new() }
    }

    /// There is none.
    pub fn null() -> Self {
        Self::json(b"null".to_vec())
    }

    /// A failure: the field is null.
    pub fn failed(fault: GraphqlError) -> Self {
        Self { faults: vec![fault], ..Self::null() }
    }

    /// What was read; `path` leads there.
    pub(super) fn read(json: Json, path: &[Value]) -> Self {
        let fault = |Failure { path: within, error, at }: Failure| {
            GraphqlError::read(&error, at.into(), path.iter().cloned().chain(within).collect())
        };
        Self { json: json.bytes, faults: json.failures.into_iter().map(fault).collect() }
    }

    /// A value of async-graphql's.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn value(value: &async_graphql::Value, room: &Room) -> Result<Self, ReadError> {
        let mut out = Out::new(room);
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
            |fault: &&GraphqlError| fault.exceeded.as_ref().is_some_and(|over| over.rule == ANSWER_BYTES.name);
        match self.faults.iter().find(is_fatal) {
            Some(fault) => Err(GraphqlError { path: Vec::new(), ..fault.clone() }),
            None => Ok(self),
        }
    }
}
