//! The answers, each with its status code; the body never repeats what was sent.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use chrono::SecondsFormat;
use serde_json::json;

use crate::{
    error::LimitExceeded,
    inbox::{Kept, Status},
};

/// How soon to try again when nothing can be kept, in seconds.
const RETRY_AFTER_S: &str = "30";

/// What the sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Stored and committed, now or before.
    Kept { kept: Kept, status: Status, fulfilment: bool },
    /// No valid token or signature.
    Unauthenticated,
    /// Who looks whether the address is there has its token. When the last webhook came, in milliseconds
    /// since 1970; none where none came yet, an error where nobody can say now.
    Here { last: Result<Option<i64>, ()> },
    /// Neither brings a webhook nor looks.
    MethodNotAllowed,
    /// The body did not arrive in full.
    Incomplete,
    /// The body did not arrive in time.
    TooSlow(LimitExceeded),
    /// The body is over the limit.
    TooLarge(LimitExceeded),
    /// Nothing can be stored now.
    Unavailable,
}

impl Answer {
    fn code(&self) -> StatusCode {
        match self {
            // FirstPromoter takes 200 to this event as "the promoter has got it", so it never gets one.
            Self::Kept { fulfilment: true, .. } => StatusCode::ACCEPTED,
            Self::Kept { status: Status::Unreadable, .. } | Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::Kept { .. } | Self::Here { .. } => StatusCode::OK,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Kept { status: Status::Unreadable, .. } => "unreadable",
            Self::Kept { kept: Kept { duplicate: true, .. }, .. } => "duplicate",
            Self::Kept { .. } => "kept",
            Self::Here { .. } => "ready",
            Self::Unauthenticated => "unauthenticated",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Incomplete => "incomplete",
            Self::TooSlow(_) => "too_slow",
            Self::TooLarge(_) => "too_large",
            Self::Unavailable => "unavailable",
        }
    }

    fn header(&self) -> Option<(axum::http::HeaderName, &'static str)> {
        match self {
            Self::Unauthenticated => Some((WWW_AUTHENTICATE, "Bearer")),
            Self::MethodNotAllowed => Some((ALLOW, "GET, HEAD, POST, PUT, PATCH")),
            Self::Unavailable => Some((RETRY_AFTER, RETRY_AFTER_S)),
            _ => None,
        }
    }
}

/// For a person who opens the address, or a probe.
fn sentence(last: Result<Option<i64>, ()>) -> String {
    let time = |at| chrono::DateTime::from_timestamp_millis(at).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let last = match last.map(|last| last.and_then(time)) {
        Ok(Some(time)) => format!("the last one came at {time}"),
        Ok(None) => "none has come yet".to_owned(),
        Err(()) => "when the last one came cannot be told now, since the database does not answer".to_owned(),
    };
    format!("Promograph takes FirstPromoter's webhooks at this address by POST, and the token is right; {last}.")
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let id = match &self {
            Self::Kept { kept, .. } => Some(&kept.id),
            _ => None,
        };
        let mut body = json!({ "status": self.word(), "id": id });
        match &self {
            Self::TooSlow(exceeded) | Self::TooLarge(exceeded) => exceeded.tell(&mut body),
            Self::Here { last } => body["message"] = sentence(*last).into(),
            _ => {}
        }
        let mut response = (self.code(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some((name, value)) = self.header() {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
