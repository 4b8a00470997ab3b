//! Who may deliver: nobody with credentials that are not exactly ours, whatever they look like.

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::config;
use crate::support::{Backend, TOKEN, TestDatabase, Webhooks};

const SECRET: &str = "signing-secret-0123456789";
const BODY: &str = r#"{"event":{"id":1,"type":"lead_signup"},"data":{}}"#;

type Header = (&'static str, Vec<u8>);

/// Text that is nearly the token, or nothing like it.
fn wrong_token() -> impl Strategy<Value = Vec<u8>> {
    let token = TOKEN.as_bytes();
    prop_oneof![
        (0..token.len()).prop_map(|end| token[..end].to_vec()),
        (1..token.len()).prop_map(|start| token[start..].to_vec()),
        (0..token.len(), any::<u8>()).prop_map(|(at, byte)| {
            let mut wrong = token.to_vec();
            wrong[at] = if wrong[at] == byte { b'!' } else { byte };
            wrong
        }),
        any::<u8>().prop_map(move |byte| [token, &[byte]].concat()),
        Just(TOKEN.to_ascii_uppercase().into_bytes()),
        Just([token, token].concat()),
        prop::collection::vec(any::<u8>(), 0..40),
        Just(SECRET.as_bytes().to_vec()),
    ]
    // White space around a token is no part of it, and a proxy joins several headers by commas.
    .prop_filter("is the token", |wrong| {
        wrong.split(|byte| *byte == b',').all(|item| item.trim_ascii() != TOKEN.as_bytes())
    })
}

fn header() -> impl Strategy<Value = Header> {
    let scheme = select(vec!["", "Bearer ", "bearer\t", "Basic ", "Digest ", "BEARER"]);
    let value = prop_oneof![
        (scheme, wrong_token()).prop_map(|(scheme, token)| [scheme.as_bytes(), &token].concat()),
        wrong_token().prop_map(|token| format!("Basic {}", STANDARD.encode([b"user:", &*token].concat())).into_bytes()),
        "(sha256=)?[0-9a-fA-F]{0,66}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..60),
    ];
    let own = wrong_token().prop_map(|token| ("x-webhook-token", token));
    prop_oneof![(select(vec!["authorization", "x-webhook-signature"]), value), own,]
}

fn path() -> impl Strategy<Value = String> {
    let escaped = |byte: &u8| format!("%{byte:02x}");
    // A slash at the end is no part of an address.
    let other = wrong_token().prop_filter("is the address", |token| token.strip_suffix(b"/") != Some(TOKEN.as_bytes()));
    let with = other.prop_map(move |token| token.iter().map(escaped).collect::<Vec<_>>().concat());
    prop_oneof![
        3 => Just(String::new()),
        1 => Just(format!("?token={TOKEN}")),
        3 => with.prop_map(|token| format!("/{token}")),
    ]
}

#[test]
fn credentials_that_are_not_ours_let_nothing_in() {
    let runtime = Runtime::new().unwrap();
    let test = runtime.block_on(TestDatabase::migrated(Backend::Sqlite));
    let webhooks = runtime.block_on(async { Webhooks::with(&test.database, TOKEN, SECRET) });
    let request = (path(), prop::collection::vec(header(), 0..4));
    TestRunner::new(config(1_500))
        .run(&request, |(path, headers)| {
            let mut request = Request::post(format!("/webhooks/firstpromoter{path}"));
            for (name, value) in headers {
                // A value that no header may have never arrives.
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    request = request.header(name, value);
                }
            }
            let request = request.header("content-type", "application/json").body(Body::from(BODY)).unwrap();
            let answered = runtime.block_on(webhooks.router.clone().oneshot(request)).unwrap();
            prop_assert_eq!(answered.status(), StatusCode::UNAUTHORIZED);
            Ok(())
        })
        .unwrap();
    assert!(runtime.block_on(webhooks.events()).is_empty());
}
