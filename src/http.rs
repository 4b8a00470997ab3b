//! The HTTP side: routes and what is common to them.
//!
//! No route that reads or writes data is open: `/graphql` and `/schema.graphql` ask for a token,
//! the webhook routes for theirs. `/health`, `/ready` and `/graphiql` tell nothing private.

use axum::{Router, routing::get};

use crate::{
    auth::Authenticator,
    database::Database,
    error::{Code, Problem},
    graphql::Api,
    inbox::Inbox,
    settings::{LimitArgs, Origin},
    webhook::{self, WebhookState},
};

mod access_log;
mod caller;
mod cors;
pub mod graphiql;
mod graphql;
mod panic;
mod ready;

pub use access_log::RequestId;
pub use caller::Caller;
use ready::Readiness;

/// What the routes work with; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Knows which tokens count.
    pub authenticator: Authenticator,
    /// Answers GraphQL.
    pub api: Api,
    /// How many requests one HTTP request may hold.
    pub longest_batch: usize,
    /// Takes the webhooks.
    pub webhook: WebhookState,
    /// Web pages that may call us from a browser.
    pub cors_origins: Vec<Origin>,
    readiness: Readiness,
}

impl AppState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        db: Database,
        limits: LimitArgs,
        authenticator: Authenticator,
        webhook: WebhookState,
        inbox: &Inbox,
    ) -> Self {
        let longest_batch = limits.batch;
        let api = Api::new(db.clone(), limits, inbox.wake());
        let readiness = Readiness::new(db, webhook.intake().clone());
        Self { authenticator, api, longest_batch, webhook, cors_origins: Vec::new(), readiness }
    }
}

/// All routes.
pub fn router(state: AppState) -> Router {
    let webhooks = webhook::router(state.webhook.clone());
    Router::new()
        .route("/ready", get(ready::answer))
        .with_state(state.clone())
        .merge(graphql::router(state))
        .route("/health", get(async || "ok\n"))
        .merge(graphiql::router())
        .merge(webhooks)
        .fallback(async || Problem::new(Code::NotFound, "There is no such route"))
        .method_not_allowed_fallback(refuse_method)
        .layer(panic::layer())
        .layer(axum::middleware::from_fn(access_log::log))
}

async fn refuse_method() -> Problem {
    Problem::new(Code::MethodNotAllowed, "This route does not take that method; the Allow header says which")
}
