//! Requests and responses of all transports.

use axum::http::StatusCode;
use bytes::Bytes;

use super::DocumentRef;

/// A GraphQL request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The document. Empty if the request only refers to one.
    pub query: String,
    /// The document's id or hash.
    pub document_ref: Option<DocumentRef>,
    /// The operation to execute.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

/// The response to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The response object as JSON.
    pub body: Bytes,
    /// 200 if the operation was executed, otherwise the status of the error that prevented it.
    pub status: StatusCode,
    /// Seconds until a retry can succeed, if the rate limit was exceeded.
    pub retry_after_s: Option<u64>,
    /// The entity tag; none if the response must not be cached.
    pub tag: Option<String>,
    /// The errors of the body as a JSON list, if the operation was not executed.
    pub refusal: Option<Bytes>,
}

/// The operations that a transport allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedOperations {
    /// Queries only: HTTP GET.
    Queries,
    /// All of them.
    All,
}
