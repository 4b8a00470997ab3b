//! The answers to deliveries: status code, JSON body (which never repeats what was sent), and a counter each.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Json,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use chrono::SecondsFormat;
use serde_json::json;

use crate::{
    error::LimitExceeded,
    inbox::{EventStatus, Receipt},
};

/// `Retry-After` when nothing can be stored, in seconds.
const RETRY_AFTER_S: &str = "30";

/// The outcome of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WebhookAnswer {
    /// Stored and committed, by this delivery or an earlier one.
    Stored { kept: Receipt, status: EventStatus, fulfilment: bool },
    /// No valid token or signature.
    Unauthenticated,
    /// A GET with a valid token. When the last delivery was received, in milliseconds since 1970; none where there was
    /// none yet, an error where the database does not answer.
    Ready { last_received_at: Result<Option<i64>, ()> },
    /// Neither a delivery nor a GET.
    MethodNotAllowed,
    /// The connection ended before the body did.
    Incomplete,
    /// The body did not arrive in time.
    TooSlow(LimitExceeded),
    /// The body is over the limit.
    TooLarge(LimitExceeded),
    /// Nothing can be stored now.
    Unavailable,
}

impl WebhookAnswer {
    fn code(&self) -> StatusCode {
        match self {
            // FirstPromoter takes 200 to this event as "delivered to the promoter", so it never gets one.
            Self::Stored { fulfilment: true, .. } => StatusCode::ACCEPTED,
            Self::Stored { status: EventStatus::Unreadable, .. } | Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::Stored { .. } | Self::Ready { .. } => StatusCode::OK,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The `status` member of the body.
    fn status(&self) -> &'static str {
        match self {
            Self::Stored { status: EventStatus::Unreadable, .. } => "unreadable",
            Self::Stored { kept: Receipt { duplicate: true, .. }, .. } => "duplicate",
            Self::Stored { .. } => "kept",
            Self::Ready { .. } => "ready",
            Self::Unauthenticated => "unauthenticated",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Incomplete => "incomplete",
            Self::TooSlow(_) => "too_slow",
            Self::TooLarge(_) => "too_large",
            Self::Unavailable => "unavailable",
        }
    }

    fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::Unauthenticated => Some((WWW_AUTHENTICATE, "Bearer")),
            Self::MethodNotAllowed => Some((ALLOW, "GET, HEAD, POST, PUT, PATCH")),
            Self::Unavailable => Some((RETRY_AFTER, RETRY_AFTER_S)),
            _ => None,
        }
    }
}

/// The message to a person who opens the address, or to a probe.
fn ready_message(last_received_at: Result<Option<i64>, ()>) -> String {
    let time = |at| chrono::DateTime::from_timestamp_millis(at).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let last = match last_received_at.map(|last| last.and_then(time)) {
        Ok(Some(time)) => format!("the last one came at {time}"),
        Ok(None) => "none has come yet".to_owned(),
        Err(()) => "the time of the last one is unknown, since the database does not answer".to_owned(),
    };
    format!("Promograph takes FirstPromoter's webhooks at this address by POST, and the token is right; {last}.")
}

impl IntoResponse for WebhookAnswer {
    fn into_response(self) -> Response {
        let id = match &self {
            Self::Stored { kept, .. } => Some(&kept.id),
            _ => None,
        };
        let mut body = json!({ "status": self.status(), "id": id });
        match &self {
            Self::TooSlow(exceeded) | Self::TooLarge(exceeded) => exceeded.add_to(&mut body),
            Self::Ready { last_received_at } => body["message"] = ready_message(*last_received_at).into(),
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

/// Answered deliveries since the start.
#[derive(Debug, Default)]
pub struct DeliveryCounters {
    /// Stored as new.
    pub kept: AtomicU64,
    /// Stored before.
    pub duplicates: AtomicU64,
    /// Unreadable, whether stored as new or before.
    pub unreadable: AtomicU64,
    /// Refused: no valid token or signature.
    pub unauthenticated: AtomicU64,
    /// Refused for their form: method, size, or an incomplete body.
    pub malformed: AtomicU64,
    /// Refused because nothing could be stored.
    pub unavailable: AtomicU64,
}

impl DeliveryCounters {
    pub(super) fn count(&self, answer: &WebhookAnswer) {
        let counter = match answer {
            WebhookAnswer::Stored { status: EventStatus::Unreadable, .. } => &self.unreadable,
            WebhookAnswer::Stored { kept: Receipt { duplicate: true, .. }, .. } => &self.duplicates,
            WebhookAnswer::Stored { .. } => &self.kept,
            WebhookAnswer::Unauthenticated => &self.unauthenticated,
            WebhookAnswer::Unavailable => &self.unavailable,
            WebhookAnswer::Ready { .. } => return,
            WebhookAnswer::MethodNotAllowed
            | WebhookAnswer::Incomplete
            | WebhookAnswer::TooSlow(_)
            | WebhookAnswer::TooLarge(_) => &self.malformed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
