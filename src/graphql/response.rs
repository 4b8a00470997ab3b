//! The response object: keys in the order of the request, null for failed fields, errors with their paths.

use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{cost::Cost, error::GraphqlError, request::Response, resolved::Resolved};
use crate::{error::ErrorCode, limits::DURATION, read::row_writer};

/// `data` while the response is built.
#[derive(Debug)]
enum Data {
    /// The operation was not executed.
    None,
    /// The root fields so far: key and value.
    Fields(Vec<(String, Vec<u8>)>),
    /// Null, because a non-nullable field failed.
    Null,
    /// The client has the response already.
    NotModified,
}

impl Data {
    /// Its approximate size in bytes.
    fn size(&self) -> usize {
        match self {
            Self::None | Self::Null | Self::NotModified => 4,
            Self::Fields(fields) => fields.iter().map(|(key, value)| key.len() + value.len() + 4).sum(),
        }
    }

    /// Frees each field once it is written, so that a large response is in memory once, not twice.
    fn write(self, body: &mut Vec<u8>) {
        match self {
            Self::None | Self::NotModified => {}
            Self::Null => body.extend_from_slice(b"null"),
            Self::Fields(fields) => {
                let mut separator = b'{';
                for (key, value) in fields {
                    body.push(separator);
                    separator = b',';
                    body.push(b'"');
                    body.extend_from_slice(key.as_bytes());
                    body.extend_from_slice(b"\":");
                    body.extend_from_slice(&value);
                }
                // `@skip` may leave no field.
                row_writer::close(separator, body);
            }
        }
    }
}

/// A response while it is built.
#[derive(Debug)]
pub struct ResponseBuilder {
    data: Data,
    errors: Vec<GraphqlError>,
    cost: Option<Cost>,
    kind: &'static str,
    tag: Option<String>,
}

impl ResponseBuilder {
    /// A query without a root field yet.
    pub fn query(cost: Cost) -> Self {
        Self { data: Data::Fields(Vec::new()), errors: Vec::new(), cost: Some(cost), kind: "query", tag: None }
    }

    /// A request that is not executed.
    pub fn refused(errors: Vec<GraphqlError>, cost: Option<Cost>) -> Self {
        Self { data: Data::None, errors, cost, kind: "none", tag: None }
    }

    /// A request that exceeded its deadline.
    pub fn late(limit: Duration) -> Self {
        let ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let message = format!("the request took longer than {ms} ms and was given up");
        let error = GraphqlError {
            exceeded: Some(Box::new(DURATION.exceeded(ms, ms))),
            ..GraphqlError::new(ErrorCode::Timeout, message)
        };
        Self::refused(vec![error], None)
    }

    /// A mutation without a root field yet.
    pub fn mutation(cost: Cost) -> Self {
        Self { kind: "mutation", ..Self::query(cost) }
    }

    /// `data` is null.
    pub fn failed(self, error: GraphqlError) -> Self {
        Self { data: Data::Null, errors: vec![error], ..self }
    }

    /// Labels of the metric: kind of operation, and code of the first error.
    pub fn labels(&self) -> [(&'static str, &'static str); 2] {
        [("kind", self.kind), ("code", self.errors.first().map_or("OK", |error| error.code.as_str()))]
    }

    /// Adds a root field.
    pub fn add(&mut self, key: &str, resolved: Resolved) {
        if let Data::Fields(fields) = &mut self.data {
            fields.push((key.to_owned(), resolved.json));
        }
        self.errors.extend(resolved.errors);
    }

    /// The client's copy with this tag is still valid.
    pub fn not_modified(tag: Option<String>) -> Self {
        Self { data: Data::NotModified, errors: Vec::new(), cost: None, kind: "query", tag }
    }

    /// The SHA-256 of `data` in hexadecimal; none if there are errors.
    pub fn digest(&self) -> Option<String> {
        let Data::Fields(fields) = &self.data else { return None };
        let of_fields = || {
            let hashed = fields.iter().fold(Sha256::new(), |hash, (key, value)| {
                hash.chain_update(key).chain_update([0]).chain_update(value).chain_update([0])
            });
            hex::encode(hashed.finalize())
        };
        self.errors.is_empty().then(of_fields)
    }

    /// With this tag, unless there are errors.
    pub fn tagged(self, tag: Option<String>) -> Self {
        Self { tag: tag.filter(|_| self.errors.is_empty()), ..self }
    }

    /// The JSON of the only root field.
    ///
    /// # Errors
    /// The first error, of whatever part.
    pub fn only_field(self) -> Result<Vec<u8>, GraphqlError> {
        if let Some(error) = self.errors.into_iter().next() {
            return Err(error);
        }
        let field = if let Data::Fields(fields) = self.data { fields.into_iter().next() } else { None };
        field.map(|(_, json)| json).ok_or_else(|| GraphqlError::new(ErrorCode::Internal, "internal error"))
    }

    /// The finished response.
    pub fn finish(self) -> Response {
        let data = match self.data {
            Data::NotModified => {
                let (body, status) = (Bytes::new(), StatusCode::NOT_MODIFIED);
                return Response { body, status, retry_after_s: None, tag: self.tag, refusal: None };
            }
            data => data,
        };
        let has_data = !matches!(data, Data::None);
        let status = match (has_data, self.errors.first()) {
            (false, Some(error)) => error.code.status(),
            _ => StatusCode::OK,
        };
        let retry_after_s = self.errors.iter().find_map(|error| error.exceeded.as_ref()?.retry_after_s);
        let errors = if self.errors.is_empty() {
            String::new()
        } else {
            json!(self.errors.iter().map(GraphqlError::json).collect::<Vec<_>>()).to_string()
        };
        let mut body = Vec::with_capacity(data.size() + errors.len() + 256);
        body.push(b'{');
        if !self.errors.is_empty() {
            body.extend_from_slice(b"\"errors\":");
            body.extend_from_slice(errors.as_bytes());
        }
        if has_data {
            if body.len() > 1 {
                body.push(b',');
            }
            body.extend_from_slice(b"\"data\":");
            data.write(&mut body);
        }
        if let Some(Cost { objects, maximum, .. }) = self.cost {
            let cost = json!({ "cost": { "requested": objects, "maximum": maximum } });
            body.extend_from_slice(b",\"extensions\":");
            body.extend_from_slice(cost.to_string().as_bytes());
        }
        body.push(b'}');
        let refusal = (!has_data).then(|| Bytes::from(errors));
        Response { body: Bytes::from(body), status, retry_after_s, tag: self.tag, refusal }
    }
}
