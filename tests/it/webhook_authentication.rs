//! Authentication of webhooks: every place of a token or signature, and every way to fail.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use promograph::{
    inbox::Inbox,
    webhook::{Endpoints, SigningSecrets, WebhookState},
};
use sha2::Sha256;
use tokio_util::sync::CancellationToken;

use crate::support::{TestDatabase, Webhooks, on_both};

const PATH: &str = "/webhooks/firstpromoter";
const BODY: &str = r#"{"event":{"id":1,"type":"lead_signup"},"data":{}}"#;
const TOKENS: &str = "open-token-0123456789:off,plain-token-0123456789";
const TOKENS_AND_STRICT: &str = "open-token-0123456789:off,plain-token-0123456789,strict-token-0123456789:required";
const OLD: &str = "old-secret-0123456789abcdef";
const NEW: &str = "new-secret-0123456789abcdef";

fn sign(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Posts one body with these credentials and returns whether it was accepted. A refused one must change nothing but a
/// counter.
async fn is_accepted(webhooks: &Webhooks, path: &str, headers: &[(&str, &str)]) -> bool {
    let (before, refused) = (deliveries(webhooks).await, &webhooks.state.counters().unauthenticated);
    let refused_before = refused.load(Ordering::Relaxed);
    let answered = webhooks.post(path, headers, BODY).await;
    let accepted = match answered.code {
        StatusCode::OK => true,
        StatusCode::UNAUTHORIZED => false,
        other => panic!("{path} {headers:?}: {other}"),
    };
    assert_eq!(deliveries(webhooks).await, before + i32::from(accepted));
    assert_eq!(refused.load(Ordering::Relaxed), refused_before + u64::from(!accepted));
    if !accepted {
        assert_eq!(answered.body, serde_json::json!({ "status": "unauthenticated", "id": null }));
    }
    accepted
}

async fn deliveries(webhooks: &Webhooks) -> i32 {
    webhooks.events().await.iter().map(|event| event.deliveries).sum()
}

#[tokio::test]
async fn a_token_authenticates_wherever_it_stands() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::with(&test.database, TOKENS, "");
        let token = "plain-token-0123456789";
        let (bearer, lower) = (format!("Bearer {token}"), format!("bearer   {token} "));
        let (password, colon) = (basic("any user", token), basic("", token));
        let (user, alone) = (basic(token, ""), format!("basic {}", STANDARD.encode(token).trim_end_matches('=')));
        for (path, headers) in [
            (format!("{PATH}/{token}"), vec![]),
            (format!("{PATH}/{token}/"), vec![]),
            (format!("{PATH}/plain%2Dtoken-0123456789?token=x"), vec![]),
            (PATH.to_owned(), vec![("authorization", bearer.as_str())]),
            (format!("{PATH}/"), vec![("authorization", lower.as_str())]),
            (PATH.to_owned(), vec![("authorization", password.as_str())]),
            (PATH.to_owned(), vec![("authorization", colon.as_str())]),
            (PATH.to_owned(), vec![("authorization", user.as_str())]),
            (PATH.to_owned(), vec![("authorization", alone.as_str())]),
            (PATH.to_owned(), vec![("authorization", "bEaReR plain-token-0123456789")]),
            (PATH.to_owned(), vec![("authorization", "Token plain-token-0123456789")]),
            (PATH.to_owned(), vec![("authorization", token)]),
            (PATH.to_owned(), vec![("authorization", "Basic cHJveHk6cHJveHk="), ("authorization", bearer.as_str())]),
            (PATH.to_owned(), vec![("authorization", "Basic cHJveHk6cHJveHk=, Bearer plain-token-0123456789")]),
            (PATH.to_owned(), vec![("x-webhook-token", token)]),
            (PATH.to_owned(), vec![("x-webhook-token", "other"), ("x-webhook-token", token)]),
            (PATH.to_owned(), vec![("x-webhook-token", "plain-token-0123456789, plain-token-0123456789")]),
            (PATH.to_owned(), vec![("authorization", "Bearer somebody-elses"), ("x-webhook-token", token)]),
            (format!("{PATH}/open-token-0123456789"), vec![("x-webhook-signature", "nonsense")]),
        ] {
            assert!(is_accepted(&webhooks, &path, &headers).await, "{path} {headers:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_stored() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::with(&test.database, TOKENS, "");
        let (right, signature) = ("plain-token-0123456789", sign(NEW, BODY));
        let user = basic("plain-token-012345678", "x");
        for (path, headers) in [
            (PATH.to_owned(), vec![]),
            (format!("{PATH}/"), vec![]),
            (format!("{PATH}/plain-token-012345678"), vec![]),
            (format!("{PATH}/plain-token-01234567890"), vec![]),
            (format!("{PATH}/Plain-token-0123456789"), vec![]),
            (format!("{PATH}/%ff"), vec![]),
            (format!("{PATH}?token={right}"), vec![]),
            (format!("{PATH}/wrong-token-0123456789"), vec![("x-webhook-token", right)]),
            (PATH.to_owned(), vec![("authorization", "plain-token-012345678")]),
            (PATH.to_owned(), vec![("authorization", "Bearer")]),
            (PATH.to_owned(), vec![("authorization", "Basic !!!")]),
            (PATH.to_owned(), vec![("authorization", user.as_str())]),
            (PATH.to_owned(), vec![("x-webhook-token", "")]),
            // No secret is configured.
            (PATH.to_owned(), vec![("x-webhook-signature", signature.as_str())]),
        ] {
            assert!(!is_accepted(&webhooks, &path, &headers).await, "{path} {headers:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_endpoint_has_its_own_signature_mode() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::with(&test.database, TOKENS_AND_STRICT, &format!("{OLD},{NEW}"));
        let (old, new, wrong) = (sign(OLD, BODY), sign(NEW, BODY), sign("another-secret-0123", BODY));
        let (other_body, upper) = (sign(NEW, "{}"), format!(" sha256={} ", new.to_uppercase()));
        let of = |value| vec![("x-webhook-signature", value)];
        for (token, headers, expected) in [
            ("/open-token-0123456789", vec![], true),
            ("/open-token-0123456789", of(&wrong), true),
            ("/plain-token-0123456789", vec![], true),
            ("/plain-token-0123456789", of(&new), true),
            ("/plain-token-0123456789", of(&old), true),
            ("/plain-token-0123456789", of(&upper), true),
            ("/plain-token-0123456789", of(&wrong), false),
            ("/plain-token-0123456789", of(&other_body), false),
            ("/plain-token-0123456789", of(&String::new()), false),
            ("/strict-token-0123456789", vec![], false),
            ("/strict-token-0123456789", of(&wrong), false),
            ("/strict-token-0123456789", of(&new), true),
            ("/wrong-token-0123456789", of(&new), false),
            ("", of(&new), true),
            ("", of(&old), true),
            ("", of(&wrong), false),
            ("", of(&other_body), false),
            ("", vec![], false),
        ]
        .map(|(token, headers, expected): (&str, Vec<(&str, &String)>, bool)| {
            let headers: Vec<_> = headers.into_iter().map(|(name, value)| (name, value.as_str())).collect();
            (token, headers, expected)
        }) {
            assert_eq!(
                is_accepted(&webhooks, &format!("{PATH}{token}"), &headers).await,
                expected,
                "{token} {headers:?}"
            );
        }
        // The strictest of the endpoints whose tokens are given decides.
        let both = [("x-webhook-token", "strict-token-0123456789")];
        assert!(!is_accepted(&webhooks, &format!("{PATH}/open-token-0123456789"), &both).await);
    })
    .await;
}

#[tokio::test]
async fn settings_that_could_authenticate_nothing_are_refused() {
    on_both(async |test: TestDatabase| {
        let inbox = Inbox::start(test.database.clone(), CancellationToken::new());
        for (tokens, secrets) in [("", ""), (TOKENS_AND_STRICT, "")] {
            let (endpoints, secrets) = (Endpoints::parse(tokens).unwrap(), SigningSecrets::parse(secrets).unwrap());
            assert!(WebhookState::new(inbox.clone(), endpoints, secrets).is_err(), "{tokens}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_unauthenticated_request_learns_nothing_about_other_errors() {
    on_both(async |test: TestDatabase| {
        let webhooks = Webhooks::with(&test.database, "plain-token-0123456789", NEW);
        for (headers, body) in [
            (&[("content-type", "text/plain")][..], "x".repeat(10)),
            (&[][..], "x".repeat(2 * 1024 * 1024)),
            (&[("content-type", "text/plain"), ("x-webhook-signature", "00")], "x".repeat(10)),
        ] {
            assert_eq!(webhooks.post(PATH, headers, body).await.code, StatusCode::UNAUTHORIZED);
        }
        assert!(webhooks.events().await.is_empty());
    })
    .await;
}
