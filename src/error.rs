//! Errors of all routes: one JSON form with a code, a message, and the limit that was exceeded.

mod code;

pub use code::ErrorCode;

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::request_id::RequestId;

/// Why a token that was valid is not valid any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEnd {
    /// It has expired.
    Expired,
    /// It was revoked, or its promoter is gone.
    Revoked,
}

impl TokenEnd {
    /// The value of `extensions.reason`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// The end of a sentence about the token.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Expired => "has expired",
            Self::Revoked => "was revoked",
        }
    }
}

/// A limit, and what exceeded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitExceeded {
    /// What is limited: `depth`, `cost`, ...
    pub rule: &'static str,
    /// The environment variable that sets the limit; `None` if it is fixed.
    pub setting: Option<&'static str>,
    /// The limit.
    pub limit: u64,
    /// What was requested. If counting stopped early, the first number over the limit.
    pub actual: u64,
    /// After how many seconds to try again, if waiting helps.
    pub retry_after_s: Option<u64>,
}

impl LimitExceeded {
    /// A limit that is not a setting.
    #[must_use]
    pub const fn fixed(rule: &'static str, limit: u64, actual: u64) -> Self {
        Self { rule, setting: None, limit, actual, retry_after_s: None }
    }

    /// Adds its members to an object.
    pub fn add_to(&self, object: &mut Value) {
        let Self { rule, setting, limit, actual, retry_after_s } = self;
        object["rule"] = json!(rule);
        object["limit"] = json!(limit);
        object["actual"] = json!(actual);
        if let Some(setting) = setting {
            object["setting"] = json!(setting);
        }
        if let Some(seconds) = retry_after_s {
            object["retryAfterSeconds"] = json!(seconds);
        }
    }
}

/// The `extensions` of an error. Internal errors have the request's id, by which to find them in the log.
#[must_use]
pub fn extensions(code: ErrorCode, exceeded: Option<&LimitExceeded>) -> Value {
    let mut extensions = json!({ "code": code.as_str() });
    if let (ErrorCode::Internal, Some(id)) = (code, RequestId::current()) {
        extensions["requestId"] = json!(id.as_str());
    }
    if let Some(exceeded) = exceeded {
        exceeded.add_to(&mut extensions);
    }
    extensions
}

/// The error of a whole request: the only error response of any route.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// The code.
    pub code: ErrorCode,
    /// For people: what was expected and what was received. Never holds secrets or personal data.
    pub message: String,
    /// The limit that was exceeded, if that is the error.
    pub exceeded: Option<Box<LimitExceeded>>,
    /// Why the token ended, if its bearer may know.
    pub ended: Option<TokenEnd>,
}

impl ApiError {
    /// An error with a message.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), exceeded: None, ended: None }
    }

    /// With the limit that was exceeded.
    #[must_use]
    pub fn exceeding(self, exceeded: LimitExceeded) -> Self {
        Self { exceeded: Some(Box::new(exceeded)), ..self }
    }

    /// The same error for a missing token and every invalid one; only `ended` may differ.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "A valid token is required: Authorization: Bearer TOKEN")
    }

    /// An error of the server; the details belong into the log.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(ErrorCode::Internal, "Internal error; the server's log has the details under the request's id")
    }

    /// The JSON body: a GraphQL response that holds this error alone.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut extensions = extensions(self.code, self.exceeded.as_deref());
        if let Some(ended) = self.ended {
            extensions["reason"] = json!(ended.as_str());
        }
        json!({ "errors": [{ "message": self.message, "extensions": extensions }] })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.code.status(), Json(self.body())).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.exceeded.as_ref().and_then(|exceeded| exceeded.retry_after_s) {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == ErrorCode::Unauthenticated {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn an_error_is_a_graphql_response_with_a_code() {
        let error = ApiError::new(ErrorCode::BadRequest, "no query");
        assert_eq!(error.body(), json!({"errors": [{"message": "no query", "extensions": {"code": "BAD_REQUEST"}}]}));
        assert_eq!(error.into_response().status(), StatusCode::BAD_REQUEST);
    }
}
