//! The routes and the walk of one request: authenticate, read, keep, answer.

use std::{
    io::Read as _,
    sync::atomic::{AtomicI64, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::Method,
    response::{IntoResponse as _, Response},
    routing::any,
};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::{WebhookState, answer::Answer, authenticate::Claim, reading::read, text::percent_decode};
use crate::{
    body::{self, Unread},
    inbox::Status,
    settings::rule::{BODY_TIMEOUT, WEBHOOK_BODY_BYTES},
    time,
};

/// The largest body, in bytes, where nothing else is set.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// How what is compressed with gzip begins; no JSON does.
const GZIP: &[u8] = b"\x1f\x8b";

/// `POST /webhooks/firstpromoter` and `/webhooks/firstpromoter/{token}`, and what else is asked there.
///
/// The path may hold a token: log the matched route, never the path. Other spellings of the address match
/// no route; see [`answer_elsewhere`].
pub fn router(state: WebhookState) -> Router {
    Router::new()
        .route("/webhooks/firstpromoter", any(handle))
        .route("/webhooks/firstpromoter/", any(handle))
        .route("/webhooks/firstpromoter/{token}", any(handle))
        .route("/webhooks/firstpromoter/{token}/", any(handle))
        .with_state(state)
}

/// Answers a request that matched no route, if its path is the webhooks' address in another spelling: with
/// too many slashes, in another case, or escaped where it need not be.
pub async fn answer_elsewhere(state: &WebhookState, request: Request) -> Option<Response> {
    match Address::of(request.uri().path()) {
        Address::Other => None,
        address => Some(answer(state, &address, request).await),
    }
}

async fn handle(State(state): State<WebhookState>, request: Request) -> Response {
    let address = Address::of(request.uri().path());
    answer(&state, &address, request).await
}

/// What a path says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// The webhooks' address, without a token.
    Bare,
    /// The same with something that may be a token.
    With(Vec<u8>),
    /// Another one.
    Other,
}

impl Address {
    fn of(path: &str) -> Self {
        let path = percent_decode(path.as_bytes());
        let parts = path.split(|byte| *byte == b'/').map(<[u8]>::trim_ascii);
        let parts: Vec<_> = parts.filter(|part| !part.is_empty() && *part != b".").take(4).collect();
        match parts.as_slice() {
            [webhooks, sender, token @ ..]
                if webhooks.eq_ignore_ascii_case(b"webhooks") && sender.eq_ignore_ascii_case(b"firstpromoter") =>
            {
                match token {
                    [] => Self::Bare,
                    [token] => Self::With(token.to_vec()),
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }
}

async fn answer(state: &WebhookState, address: &Address, request: Request) -> Response {
    let method = request.method().clone();
    let claim = Claim::of(&state.endpoints, address, request.headers());
    let answer = match method {
        Method::GET | Method::HEAD => look(state, &claim).await,
        // Whoever sends it with another method than FirstPromoter's means the same.
        Method::POST | Method::PUT | Method::PATCH => receive(state, &claim, request).await,
        _ => Answer::MethodNotAllowed,
    };
    state.counters.count(&answer);
    match &answer {
        Answer::Kept { kept, status, .. } => {
            tracing::debug!(event.id = kept.id, duplicate = kept.duplicate, %status, "kept a webhook delivery");
        }
        Answer::Here { .. } => {}
        Answer::Unauthenticated => tracing::warn!("refused a webhook delivery: no valid token or signature"),
        refusal => tracing::warn!(?refusal, "refused a webhook delivery"),
    }
    let mut response = answer.into_response();
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Tells who has the token that it is right. A signature is of a body, so none is asked for.
async fn look(state: &WebhookState, claim: &Claim) -> Answer {
    if !claim.has_token() {
        return Answer::Unauthenticated;
    }
    let stored = state.intake.last_received().await;
    let heard = Some(state.last.load(Ordering::Relaxed)).filter(|at| *at > 0);
    let last = match stored {
        Ok(stored) => Ok(stored.max(heard)),
        Err(_) => heard.map(Some).ok_or(()),
    };
    Answer::Here { last }
}

async fn receive(state: &WebhookState, claim: &Claim, request: Request) -> Answer {
    if claim.is_hopeless(&state.secrets) {
        return Answer::Unauthenticated;
    }
    let too_large = |actual| Answer::TooLarge(WEBHOOK_BODY_BYTES.passed(state.body_limit as u64, actual));
    let body = match body::read(request.into_body(), state.body_limit, state.body_timeout).await {
        Ok(body) => body,
        Err(Unread::TooLarge(actual)) => return too_large(actual),
        Err(Unread::TooSlow) => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            return Answer::TooSlow(BODY_TIMEOUT.passed(limit, limit));
        }
        Err(Unread::CutOff) => return Answer::Incomplete,
    };
    let holds = claim.holds(&state.secrets, &body);
    // The headers are not asked what the body is: proxies change them, and what is no JSON shows that itself.
    let inflated = inflate(&body, state.body_limit);
    if !holds && !inflated.as_ref().is_some_and(|inflated| claim.holds(&state.secrets, inflated)) {
        return Answer::Unauthenticated;
    }
    let body = inflated.unwrap_or(body);
    if body.len() > state.body_limit {
        return too_large(body.len() as u64);
    }
    let now_ms = time::now_ms();
    let reading = read(&body, state.endpoints.needles(), now_ms);
    let (status, fulfilment): (Status, bool) = (reading.delivery.status, reading.fulfilment);
    match state.intake.keep(reading.delivery).await {
        Ok(kept) => {
            state.last.fetch_max(now_ms, Ordering::Relaxed);
            Answer::Kept { kept, status, fulfilment }
        }
        Err(_) => Answer::Unavailable,
    }
}

/// What somebody on the way compressed; of more than `most` bytes the first `most` and one. None where it is
/// not compressed, or broken.
fn inflate(body: &Bytes, most: usize) -> Option<Bytes> {
    let mut plain = Vec::new();
    let inflating = body.starts_with(GZIP).then(|| MultiGzDecoder::new(&body[..]))?;
    inflating.take(most as u64 + 1).read_to_end(&mut plain).ok()?;
    Some(plain.into())
}

/// When a webhook was kept last, in milliseconds since 1970; 0 for none since the start.
pub(super) type Last = AtomicI64;

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_may_be_spelt_in_many_ways() {
        for path in ["/webhooks/firstpromoter", "//webhooks/firstpromoter//", "/Webhooks/./%66irstPromoter/%20"] {
            assert_eq!(Address::of(path), Address::Bare, "{path}");
        }
        for path in [
            "/webhooks/firstpromoter/a-b",
            "//webhooks/firstpromoter/a-b",
            "/webhooks//firstpromoter//a%2Db//",
            "/webhooks/firstpromoter%2Fa-b",
            "/webhooks/firstpromoter/%2Fa-b%0A",
            "/WEBHOOKS/FIRSTPROMOTER/a-b/",
        ] {
            assert_eq!(Address::of(path), Address::With(b"a-b".to_vec()), "{path}");
        }
        for path in
            ["/", "/webhooks", "/webhooks/other/a-b", "/webhooks/firstpromoter/a/b", "/x/webhooks/firstpromoter"]
        {
            assert_eq!(Address::of(path), Address::Other, "{path}");
        }
    }
}
