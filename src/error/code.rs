//! The closed list of error codes.

use std::fmt;

use axum::http::StatusCode;

/// What went wrong: `extensions.code` of an error. Callers decide by the code; it stays the same when the message changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// No token, or an invalid one.
    Unauthenticated,
    /// The token is valid, but its viewer may not do this.
    Forbidden,
    /// The HTTP request is not a request of GraphQL over HTTP.
    BadRequest,
    /// An argument or a variable has an invalid value.
    BadUserInput,
    /// The document has a syntax error.
    GraphqlParseFailed,
    /// The document is not valid for the schema.
    GraphqlValidationFailed,
    /// Only trusted documents are executed, and this is none; or no trusted document has this id.
    DocumentNotTrusted,
    /// No document with this hash is known: send the document.
    PersistedQueryNotFound,
    /// The request exceeds a limit.
    LimitExceeded,
    /// The route does not accept the HTTP method.
    MethodNotAllowed,
    /// The `Accept` header accepts no media type of the route.
    NotAcceptable,
    /// The body has a content type that the route does not accept, or is compressed.
    UnsupportedMediaType,
    /// The body is larger than the route accepts.
    PayloadTooLarge,
    /// There is no such route.
    NotFound,
    /// The request took too long and was cancelled.
    Timeout,
    /// The body did not arrive in time.
    RequestTimeout,
    /// The caller exceeds its rate limit; a later attempt will succeed.
    RateLimited,
    /// The stream ends: subscribe again with the last event id as `after` to miss nothing.
    Resume,
    /// More was missed than can be replayed: read the data again, and subscribe without `after`.
    Refetch,
    /// The database does not answer, or the server is overloaded; a later attempt may succeed.
    Unavailable,
    /// An error of the server. Only its log has the details.
    Internal,
}

impl ErrorCode {
    /// All codes.
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

    /// The value of `extensions.code`.
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
            // A step of Apollo's protocol, in which servers answer 200.
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
            // This server is a gateway to the database.
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
    }
}
