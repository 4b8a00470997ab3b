//! The routes, and the handling of one request: authenticate, parse, store, answer.

use std::{io::Read as _, sync::atomic::Ordering};

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
use percent_encoding::percent_decode_str;

use super::{
    WebhookState,
    answer::WebhookAnswer,
    authenticate::Credentials,
    parse::{ParsedDelivery, parse},
};
use crate::{
    body::{self, BodyError},
    limits::{BODY_TIMEOUT, WEBHOOK_BODY_BYTES},
    time,
};

/// The default of the largest body, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// The first bytes of a gzip stream; no JSON begins like this.
const GZIP_MAGIC: &[u8] = b"\x1f\x8b";

/// `/webhooks/firstpromoter` and `/webhooks/firstpromoter/{token}`.
///
/// The path may contain a token: log the matched route, never the path. Other spellings of the path match no route; see
/// [`fallback`].
pub fn router(state: WebhookState) -> Router {
    Router::new()
        .route("/webhooks/firstpromoter", any(handle))
        .route("/webhooks/firstpromoter/", any(handle))
        .route("/webhooks/firstpromoter/{token}", any(handle))
        .route("/webhooks/firstpromoter/{token}/", any(handle))
        .with_state(state)
}

/// Answers a request that matched no route, if its path is the webhook path in another spelling: with extra slashes,
/// in another case, or with needless escapes.
pub async fn fallback(state: &WebhookState, request: Request) -> Option<Response> {
    match WebhookPath::parse(request.uri().path()) {
        WebhookPath::Other => None,
        path => Some(respond(state, &path, request).await),
    }
}

async fn handle(State(state): State<WebhookState>, request: Request) -> Response {
    let path = WebhookPath::parse(request.uri().path());
    respond(&state, &path, request).await
}

/// A request's path, in any spelling.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WebhookPath {
    /// The webhook path without a token.
    WithoutToken,
    /// The webhook path with one more segment, which should be a token.
    WithToken(Vec<u8>),
    /// Another path.
    Other,
}

impl WebhookPath {
    fn parse(path: &str) -> Self {
        let path: Vec<u8> = percent_decode_str(path).collect();
        let parts = path.split(|byte| *byte == b'/').map(<[u8]>::trim_ascii);
        let parts: Vec<_> = parts.filter(|part| !part.is_empty() && *part != b".").take(4).collect();
        match parts.as_slice() {
            [webhooks, sender, token @ ..]
                if webhooks.eq_ignore_ascii_case(b"webhooks") && sender.eq_ignore_ascii_case(b"firstpromoter") =>
            {
                match token {
                    [] => Self::WithoutToken,
                    [token] => Self::WithToken(token.to_vec()),
                    _ => Self::Other,
                }
            }
            _ => Self::Other,
        }
    }
}

async fn respond(state: &WebhookState, path: &WebhookPath, request: Request) -> Response {
    let method = request.method().clone();
    let credentials = Credentials::of(&state.endpoints, path, request.headers());
    let answer = match method {
        Method::GET | Method::HEAD => ready(state, &credentials).await,
        // FirstPromoter sends POST; tools that forward its webhooks may use another method.
        Method::POST | Method::PUT | Method::PATCH => receive(state, &credentials, request).await,
        _ => WebhookAnswer::MethodNotAllowed,
    };
    state.counters.count(&answer);
    match &answer {
        WebhookAnswer::Stored { kept, status, .. } => {
            tracing::debug!(event.id = kept.id, duplicate = kept.duplicate, %status, "kept a webhook delivery");
        }
        WebhookAnswer::Ready { .. } => {}
        WebhookAnswer::Unauthenticated => tracing::warn!("refused a webhook delivery: no valid token or signature"),
        refusal => tracing::warn!(?refusal, "refused a webhook delivery"),
    }
    let mut response = answer.into_response();
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Answers a GET: the token is right, and when the last delivery came. No signature is required, since there is no
/// body to sign.
async fn ready(state: &WebhookState, credentials: &Credentials) -> WebhookAnswer {
    if !credentials.has_token() {
        return WebhookAnswer::Unauthenticated;
    }
    let stored = state.intake.last_received().await;
    let since_start = Some(state.last_stored_at.load(Ordering::Relaxed)).filter(|at| *at > 0);
    let last_received_at = match stored {
        Ok(stored) => Ok(stored.max(since_start)),
        Err(_) => since_start.map(Some).ok_or(()),
    };
    WebhookAnswer::Ready { last_received_at }
}

async fn receive(state: &WebhookState, credentials: &Credentials, request: Request) -> WebhookAnswer {
    if !credentials.can_verify(&state.secrets) {
        return WebhookAnswer::Unauthenticated;
    }
    let too_large = |actual| WebhookAnswer::TooLarge(WEBHOOK_BODY_BYTES.exceeded(state.body_limit as u64, actual));
    let body = match body::read(request.into_body(), state.body_limit, state.body_timeout).await {
        Ok(body) => body,
        Err(BodyError::TooLarge(actual)) => return too_large(actual),
        Err(BodyError::TooSlow) => {
            let limit = u64::try_from(state.body_timeout.as_millis()).unwrap_or(u64::MAX);
            return WebhookAnswer::TooSlow(BODY_TIMEOUT.exceeded(limit, limit));
        }
        Err(BodyError::CutOff) => return WebhookAnswer::Incomplete,
    };
    // `Content-Encoding` and `Content-Type` are ignored: proxies change them, and the bytes tell both. A signature may
    // be of the body before or after compression.
    let unzipped = gunzip(&body, state.body_limit);
    let is_verified = credentials.verify(&state.secrets, &body)
        || unzipped.as_ref().is_some_and(|unzipped| credentials.verify(&state.secrets, unzipped));
    if !is_verified {
        return WebhookAnswer::Unauthenticated;
    }
    let body = unzipped.unwrap_or(body);
    if body.len() > state.body_limit {
        return too_large(body.len() as u64);
    }
    let now_ms = time::now_ms();
    let ParsedDelivery { delivery, fulfilment } = parse(&body, state.endpoints.token_matcher(), now_ms);
    let status = delivery.status;
    match state.intake.store(delivery).await {
        Ok(kept) => {
            state.last_stored_at.fetch_max(now_ms, Ordering::Relaxed);
            WebhookAnswer::Stored { kept, status, fulfilment }
        }
        Err(_) => WebhookAnswer::Unavailable,
    }
}

/// Decompresses a body that a proxy compressed; stops at one byte more than `limit`. None where it is not gzip, or
/// broken.
fn gunzip(body: &Bytes, limit: usize) -> Option<Bytes> {
    let mut unzipped = Vec::new();
    let decoder = body.starts_with(GZIP_MAGIC).then(|| MultiGzDecoder::new(&body[..]))?;
    decoder.take(limit as u64 + 1).read_to_end(&mut unzipped).ok()?;
    Some(unzipped.into())
}

#[cfg(test)]
mod tests {
    use super::WebhookPath;

    #[test]
    fn a_path_may_be_spelt_in_many_ways() {
        for path in ["/webhooks/firstpromoter", "//webhooks/firstpromoter//", "/Webhooks/./%66irstPromoter/%20"] {
            assert_eq!(WebhookPath::parse(path), WebhookPath::WithoutToken, "{path}");
        }
        for path in [
            "/webhooks/firstpromoter/a-b",
            "//webhooks/firstpromoter/a-b",
            "/webhooks//firstpromoter//a%2Db//",
            "/webhooks/firstpromoter%2Fa-b",
            "/webhooks/firstpromoter/%2Fa-b%0A",
            "/WEBHOOKS/FIRSTPROMOTER/a-b/",
        ] {
            assert_eq!(WebhookPath::parse(path), WebhookPath::WithToken(b"a-b".to_vec()), "{path}");
        }
        for path in
            ["/", "/webhooks", "/webhooks/other/a-b", "/webhooks/firstpromoter/a/b", "/x/webhooks/firstpromoter"]
        {
            assert_eq!(WebhookPath::parse(path), WebhookPath::Other, "{path}");
        }
    }
}
