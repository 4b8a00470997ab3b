//! The closed list of error codes, and the one shape in which every route tells an error.
//!
//! A code says whose fault it is and stays the same when the wording of the message changes:
//! callers decide on the code, people read the message.

use std::fmt;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::request_id::RequestId;

/// What went wrong, as `extensions.code` of an error. There are no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// No token, or one that is not valid (any more).
    Unauthenticated,
    /// The token is valid, but its viewer may not do this.
    Forbidden,
    /// The HTTP request does not have the shape that GraphQL over HTTP asks for.
    BadRequest,
    /// An argument or a variable has a value that is not accepted.
    BadUserInput,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// Only trusted documents are run here, and this is none; or no trusted document has this id.
    DocumentNotTrusted,
    /// No document with this hash is known (any more): send it in full.
    PersistedQueryNotFound,
    /// The request asks for more than the limits allow.
    LimitExceeded,
    /// The route exists, but not for this HTTP method.
    MethodNotAllowed,
    /// The `Accept` header takes nothing that the route can answer.
    NotAcceptable,
    /// The body is of another content type than the route takes, or compressed.
    UnsupportedMediaType,
    /// The body is larger than the route takes.
    PayloadTooLarge,
    /// There is no such route.
    NotFound,
    /// It took too long and was given up.
    Timeout,
    /// The body did not arrive in time.
    RequestTimeout,
    /// The caller asks for more than its share; trying again later will work.
    RateLimited,
    /// The stream ends here: subscribe again with the last event id as `after`, and nothing is missed.
    Resume,
    /// More was missed than is sent again: read the data anew, and subscribe without `after`.
    Refetch,
    /// The database does not answer now; trying again later may work.
    Unavailable,
    /// Our fault. The details are in the server's log only.
    Internal,
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::BadRequest,
        Self::BadUserInput,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::DocumentNotTrusted,
        Self::PersistedQueryNotFound,
        Self::LimitExceeded,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::UnsupportedMediaType,
        Self::PayloadTooLarge,
        Self::NotFound,
        Self::Timeout,
        Self::RequestTimeout,
        Self::RateLimited,
        Self::Resume,
        Self::Refetch,
        Self::Unavailable,
        Self::Internal,
    ];

    /// As it is written in `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::NotFound => "NOT_FOUND",
            Self::Timeout => "TIMEOUT",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Resume => "RESUME",
            Self::Refetch => "REFETCH",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// The HTTP status when the whole request fails with this code.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            // Not a failure but a step of Apollo's protocol, whose servers answer 200.
            Self::PersistedQueryNotFound => StatusCode::OK,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::BadRequest
            | Self::BadUserInput
            | Self::GraphqlParseFailed
            | Self::GraphqlValidationFailed
            | Self::DocumentNotTrusted
            | Self::Refetch
            | Self::LimitExceeded => StatusCode::BAD_REQUEST,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound => StatusCode::NOT_FOUND,
            // The database is behind us as other servers are behind a gateway.
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Resume | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why a token counts no more that counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEnd {
    /// Its time is over.
    Expired,
    /// It was revoked, or whom it means is gone.
    Revoked,
}

impl TokenEnd {
    /// As it is written in `extensions.reason`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// In a sentence about the token.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Expired => "has expired",
            Self::Revoked => "was revoked",
        }
    }
}

/// A limit, and what was over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitExceeded {
    /// What is limited: `depth`, `cost`, ...
    pub rule: &'static str,
    /// The environment variable that sets the limit; none where it is fixed.
    pub setting: Option<&'static str>,
    /// The most that is allowed.
    pub limit: u64,
    /// What was asked for; where counting stopped, the first number over the limit.
    pub actual: u64,
    /// After how many seconds it is worth trying again, if time is what is needed.
    pub retry_after_s: Option<u64>,
}

impl LimitExceeded {
    /// A limit that no setting changes.
    #[must_use]
    pub const fn fixed(rule: &'static str, limit: u64, actual: u64) -> Self {
        Self { rule, setting: None, limit, actual, retry_after_s: None }
    }

    /// Adds what it is to an object.
    pub fn tell(&self, object: &mut Value) {
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

/// The `extensions` of an error. What only the log explains is told with the request's id.
#[must_use]
pub fn extensions(code: ErrorCode, exceeded: Option<&LimitExceeded>) -> Value {
    let mut extensions = json!({ "code": code.as_str() });
    if let (ErrorCode::Internal, Some(id)) = (code, RequestId::current()) {
        extensions["requestId"] = json!(id.as_str());
    }
    if let Some(exceeded) = exceeded {
        exceeded.tell(&mut extensions);
    }
    extensions
}

/// A whole request that failed: the only answer with an error that a route gives.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// Whose fault it is.
    pub code: ErrorCode,
    /// For people: what was expected and what came. Never holds secrets or personal data.
    pub message: String,
    /// The limit that was passed, if it was one.
    pub exceeded: Option<Box<LimitExceeded>>,
    /// What became of the token, where whoever shows it may learn that.
    pub ended: Option<TokenEnd>,
}

impl ApiError {
    /// A problem with its message.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), exceeded: None, ended: None }
    }

    /// With the limit that was passed.
    #[must_use]
    pub fn exceeding(self, exceeded: LimitExceeded) -> Self {
        Self { exceeded: Some(Box::new(exceeded)), ..self }
    }

    /// The one answer for a missing token and for every bad one. Besides `ended` it does not tell which.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "A valid token is needed: Authorization: Bearer TOKEN")
    }

    /// Our fault; the details belong into the log.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            ErrorCode::Internal,
            "Something went wrong on our side; the server's log says what, under the request's id",
        )
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
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
    }

    #[test]
    fn a_problem_is_told_as_a_graphql_response_with_a_code() {
        let problem = ApiError::new(ErrorCode::BadRequest, "no query");
        assert_eq!(problem.body(), json!({"errors": [{"message": "no query", "extensions": {"code": "BAD_REQUEST"}}]}));
        assert_eq!(problem.into_response().status(), StatusCode::BAD_REQUEST);
    }
}
