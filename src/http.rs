//! The HTTP side: routes and what is common to them.
//!
//! No route that reads or writes data is open: `/graphql` and `/schema.graphql` ask for a token,
//! the webhook routes for theirs. `/health`, `/ready` and `/graphiql` tell nothing private.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, StatusCode, header},
    response::IntoResponse as _,
    routing::get,
};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::Authenticator,
    database::Database,
    error::{ApiError, ErrorCode},
    graphql::{Api, ApiConfig},
    inbox::Inbox,
    limits::{ConnectionLimits, LiveLimits, RateLimits, RequestLimits},
    projection::Changes,
    webhook::{self, WebhookState},
};

mod access_log;
mod caller;
mod cors;
pub mod graphiql;
mod graphql;
mod host;
pub mod live;
mod metrics;
mod origin;
mod panic;
mod ready;
mod server;

pub use caller::{Caller, Strangers};
pub use live::Live;
use metrics::Metrics;
pub use origin::Origin;
use ready::Readiness;
pub use server::{ConnectionLimiter, serve};

/// What the routes work with; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Knows which tokens count.
    pub authenticator: Authenticator,
    /// Answers GraphQL.
    pub api: Api,
    /// What one HTTP request may hold.
    pub limits: RequestLimits,
    /// How long the body of a request may take to arrive.
    pub body_timeout: Duration,
    /// Those who come without a valid token.
    pub strangers: Strangers,
    /// The limit of connections, for the metrics.
    pub connection_limiter: Option<Arc<ConnectionLimiter>>,
    /// Takes the webhooks.
    pub webhook: WebhookState,
    /// Web pages that may call us from a browser.
    pub cors_origins: Vec<Origin>,
    /// Headers that they may send beside those of well-known clients.
    pub cors_headers: Vec<HeaderName>,
    /// How a person on this machine gets a token; shown on the playground to nobody else.
    pub token_command: Option<Arc<str>>,
    /// The open `WebSocket`s and event streams.
    pub live: Live,
    db: Database,
    metrics: Metrics,
    readiness: Readiness,
}

impl AppState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        db: Database,
        limits: RequestLimits,
        authenticator: Authenticator,
        webhook: WebhookState,
        inbox: &Inbox,
    ) -> Self {
        db.read.set_statement_timeout(Api::statement_timeout(&limits));
        let api = ApiConfig { limits: limits.clone(), wake: inbox.wake(), ..ApiConfig::new(db.clone()) };
        let api = Api::new(api);
        let readiness = Readiness::new(db.clone(), webhook.intake().clone());
        let live = Live::new(LiveLimits::default(), authenticator.clone(), CancellationToken::new());
        Self {
            authenticator,
            api,
            limits,
            body_timeout: ConnectionLimits::default().body_timeout,
            strangers: Strangers::new(&RateLimits::default()),
            connection_limiter: None,
            webhook,
            cors_origins: Vec::new(),
            cors_headers: Vec::new(),
            token_command: None,
            live,
            db,
            metrics: Metrics::new(),
            readiness,
        }
    }

    /// With these shares of callers.
    #[must_use]
    pub fn with_rates(mut self, rates: &RateLimits) -> Self {
        self.api = Api::new(ApiConfig { rate_points: rates.rate_points, ..self.api.config().clone() });
        self.strangers = Strangers::new(rates);
        self
    }

    /// With this patience for bodies.
    #[must_use]
    pub fn with_body_timeout(mut self, body_timeout: Duration) -> Self {
        self.body_timeout = body_timeout;
        self.webhook = self.webhook.with_body_timeout(body_timeout);
        self
    }

    /// Subscribers hear these changes, within these settings, until `stop` is cancelled.
    #[must_use]
    pub fn with_live(mut self, settings: LiveLimits, changes: Changes, stop: CancellationToken) -> Self {
        self.api = Api::new(ApiConfig { changes, replay_rows: settings.replay, ..self.api.config().clone() });
        self.live = Live::new(settings, self.authenticator.clone(), stop);
        self
    }
}

/// All routes.
pub fn router(state: AppState) -> Router {
    let webhooks = webhook::router(state.webhook.clone());
    let webhook = state.webhook.clone();
    let metrics = state.metrics.clone();
    let playground = graphiql::router(state.token_command.clone());
    Router::new()
        .route("/ready", get(ready::answer))
        .route("/metrics", get(metrics::answer))
        .with_state(state.clone())
        .merge(graphql::router(state))
        .route("/health", get(async || "ok\n"))
        .merge(playground)
        // Relative, since a proxy may serve us below a path of its own.
        .route("/", get(async || (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "graphiql")], "see graphiql\n")))
        .merge(webhooks)
        .fallback(async move |request: Request| match webhook::fallback(&webhook, request).await {
            Some(response) => response,
            None => ApiError::new(ErrorCode::NotFound, "There is no such route").into_response(),
        })
        .method_not_allowed_fallback(refuse_method)
        .layer(panic::layer())
        .layer(axum::middleware::from_fn(host::require))
        .layer(axum::middleware::from_fn_with_state(metrics, access_log::log))
}

async fn refuse_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "This route does not take that method; the Allow header says which")
}
