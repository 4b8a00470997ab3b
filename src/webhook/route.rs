//! The routes and the walk of one request: authenticate, read, keep, answer.

use axum::{
    Router,
    extract::{Path, Request, State, rejection::PathRejection},
    routing::post,
};

use super::{WebhookState, answer::Answer, authenticate::Claim, media::may_be_json, reading::read};
use crate::{
    body::{self, Unread},
    inbox::Status,
    settings::rule::{BODY_TIMEOUT, WEBHOOK_BODY_BYTES},
    time,
};

/// The largest body, in bytes, where nothing else is set.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// `POST /webhooks/firstpromoter` and `/webhooks/firstpromoter/{token}`.
///
/// The path may hold a token: log the matched route, never the path.
pub fn router(state: WebhookState) -> Router {
    let bare = || post(without_token).fallback(refuse_method);
    let with = || post(with_token).fallback(refuse_method);
    Router::new()
        .route("/webhooks/firstpromoter", bare())
        .route("/webhooks/firstpromoter/", bare())
        .route("/webhooks/firstpromoter/{token}", with())
        .route("/webhooks/firstpromoter/{token}/", with())
        .with_state(state)
}

async fn refuse_method() -> Answer {
    Answer::MethodNotAllowed
}

async fn without_token(State(state): State<WebhookState>, request: Request) -> Answer {
    answer(&state, None, request).await
}

async fn with_token(
    State(state): State<WebhookState>,
    token: Result<Path<String>, PathRejection>,
    request: Request,
) -> Answer {
    // A path that cannot be decoded holds no token of ours.
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    answer(&state, Some(&token), request).await
}

async fn answer(state: &WebhookState, token: Option<&str>, request: Request) -> Answer {
    let answer = receive(state, token, request).await;
    state.counters.count(&answer);
    match &answer {
        Answer::Kept { kept, status, .. } => {
            tracing::debug!(event.id = kept.id, duplicate = kept.duplicate, %status, "kept a webhook delivery");
        }
        Answer::Unauthenticated => tracing::warn!("refused a webhook delivery: no valid token or signature"),
        refusal => tracing::warn!(?refusal, "refused a webhook delivery"),
    }
    answer
}

async fn receive(state: &WebhookState, token: Option<&str>, request: Request) -> Answer {
    let claim = Claim::of(&state.endpoints, token, request.headers());
    if claim.is_hopeless(&state.secrets) {
        return Answer::Unauthenticated;
    }
    let may_be_json = may_be_json(request.headers());
    let body = match body::read(request.into_body(), state.body_limit, state.body_timeout).await {
        Ok(body) => body,
        Err(Unread::TooLarge(actual)) => {
            return Answer::TooLarge(WEBHOOK_BODY_BYTES.passed(state.body_limit as u64, actual));
        }
        Err(Unread::TooSlow) => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            return Answer::TooSlow(BODY_TIMEOUT.passed(limit, limit));
        }
        Err(Unread::CutOff) => return Answer::Incomplete,
    };
    if !claim.holds(&state.secrets, &body) {
        return Answer::Unauthenticated;
    }
    if !may_be_json {
        return Answer::UnsupportedMediaType;
    }
    let reading = read(&body, state.endpoints.needles(), time::now_ms());
    let (status, fulfilment): (Status, bool) = (reading.delivery.status, reading.fulfilment);
    match state.intake.keep(reading.delivery).await {
        Ok(kept) => Answer::Kept { kept, status, fulfilment },
        Err(_) => Answer::Unavailable,
    }
}
