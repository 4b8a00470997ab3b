//! The HTTP server: its routes, and what all of them have in common.
//!
//! No route that reads or writes data is open: `/graphql`, `/schema.graphql`, `/export` and `/metrics` need an API token, the
//! webhook routes their own. `/health`, `/ready` and the pages (`/`, `/graphiql`, `/assets`) reveal nothing private.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::Request,
    http::HeaderName,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse as _,
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    auth::Authenticator,
    database::Database,
    error::{ApiError, ErrorCode},
    graphql::Api,
    limits::RequestLimits,
    webhook::{self, WebhookState},
};

mod access_log;
mod caller;
mod compression;
mod cors;
mod export;
mod graphql;
mod host;
pub mod live;
mod metrics;
mod origin;
mod ready;
mod server;
mod web;

pub use access_log::AccessLog;
pub use caller::{Caller, UnauthenticatedLimiter};
pub use live::Live;
pub use metrics::Metrics;
pub use origin::Origin;
pub use ready::Readiness;
pub use server::{ConnectionLimiter, serve};
pub use web::{OidcClient, SignIn};

/// What the routes work with, built by whoever serves them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The mirror and the stored events.
    pub db: Database,
    /// Executes GraphQL.
    pub api: Api,
    /// Checks API tokens.
    pub authenticator: Authenticator,
    /// Limits requests without a valid token.
    pub unauthenticated: UnauthenticatedLimiter,
    /// Receives webhooks.
    pub webhook: WebhookState,
    /// The open `WebSocket`s and event streams.
    pub live: Live,
    /// Timeout for the body of a request.
    pub body_timeout: Duration,
    /// Origins of web pages that may call the API from a browser.
    pub cors_origins: Vec<Origin>,
    /// Headers that such pages may send, in addition to those of common clients.
    pub cors_headers: Vec<HeaderName>,
    /// The ways to a token that the pages show.
    pub sign_in: Arc<SignIn>,
    /// Which requests are logged.
    pub access_log: AccessLog,
    /// Request metrics.
    pub metrics: Metrics,
    /// The checks of `/ready`.
    pub readiness: Readiness,
    /// The limit of connections, for the metrics.
    pub connection_limiter: Option<Arc<ConnectionLimiter>>,
}

/// The state as the routes have it.
type SharedState = Arc<AppState>;

impl AppState {
    fn limits(&self) -> &RequestLimits {
        &self.api.config().limits
    }
}

/// All routes.
pub fn router(state: AppState) -> Router {
    let webhook = state.webhook.clone();
    let logged = (state.access_log.clone(), state.metrics.clone());
    let state = Arc::new(state);
    Router::new()
        .route("/ready", get(ready::answer))
        .route("/metrics", get(metrics::answer))
        .with_state(state.clone())
        .merge(web::router(&state.sign_in))
        .merge(graphql::router(state))
        .merge(webhook::router(webhook.clone()))
        .route("/health", get(async || "ok\n"))
        .fallback(async move |request: Request| match webhook::fallback(&webhook, request).await {
            Some(response) => response,
            None => ApiError::new(ErrorCode::NotFound, "There is no such route").into_response(),
        })
        .method_not_allowed_fallback(refuse_method)
        // A panic fails one request; the hook of `telemetry` has logged where it was.
        .layer(CatchPanicLayer::custom(|_| ApiError::internal().into_response()))
        .layer(from_fn(host::require))
        .layer(from_fn_with_state(logged, access_log::log))
}

async fn refuse_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "This route does not accept the method; see the Allow header")
}
