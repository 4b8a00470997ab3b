//! A panic while answering: one request fails, the server goes on. The hook of
//! [`crate::telemetry`] has logged where it was.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::ApiError;

type Handler = fn(Box<dyn Any + Send>) -> Response;

/// Answers 500 instead of closing the connection.
pub(super) fn layer() -> CatchPanicLayer<Handler> {
    CatchPanicLayer::custom(|_| ApiError::internal().into_response())
}
