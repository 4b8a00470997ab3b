//! What a transport hands in, and what it gets back.

use axum::http::StatusCode;
use bytes::Bytes;

use super::DocumentRef;

/// A GraphQL request, from whatever transport.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The document; empty when it is only named.
    pub query: String,
    /// Which document it is, by id or hash.
    pub document_ref: Option<DocumentRef>,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// The variables' values.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The response object as JSON.
    pub body: Bytes,
    /// 200 when the document was run, else the status of the error that prevented it.
    pub status: StatusCode,
    /// After how many seconds it is worth trying again, if it was refused for being too early.
    pub retry_after_s: Option<u64>,
    /// The same as long as the answer is; none where that cannot be told.
    pub tag: Option<String>,
    /// When the document was not run: the errors of the body, as a JSON list.
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
