//! Where an identity provider's keys come from: over TLS, and from places that answer oddly.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use promograph::{auth::AuthError, time::now_ms};
use serde_json::json;
use tokio::time::timeout;

use crate::support::{
    Authority, Backend, Promograph, Publisher, Server, Socket, TestDatabase, eventually,
    provider::{self, AUDIENCE, ED25519, ISSUER, P256, RSA, STRANGER, claims, key_set},
};

/// The real server, with keys from this URL; it trusts the authorities in this file alone.
async fn serve(url: &str, authorities: &str) -> (Promograph, Server) {
    let promograph = Promograph::new()
        .with("PROMOGRAPH_JWKS", url)
        .with("PROMOGRAPH_JWT_ISSUER", ISSUER)
        .with("PROMOGRAPH_JWT_AUDIENCE", AUDIENCE)
        .with("SSL_CERT_FILE", "authorities.pem");
    std::fs::write(promograph.folder().join("authorities.pem"), authorities).unwrap();
    let server = promograph.serve().await;
    (promograph, server)
}

/// The status of a request with a token of the provider, and the body.
async fn asked(server: &Server) -> (u16, String) {
    let mut socket = Socket::connect(&server.address).await.unwrap();
    let token = RSA.token(&claims(&json!({})));
    socket.post("/graphql", &token, br#"{"query": "{ viewer { role } }"}"#).await.unwrap()
}

#[tokio::test]
async fn keys_come_over_tls_from_who_has_a_certificate_of_an_authority_that_the_system_trusts() {
    let (company, stranger) = (Authority::new("Company"), Authority::new("Stranger"));
    let publisher = Publisher::start_tls(&[RSA.jwk()], &company).await;
    let (_folder, server) = serve(&publisher.url, company.pem()).await;
    let (status, body) = asked(&server).await;
    assert!(status == 200 && body.contains("ADMIN"), "{status} {body}");
    assert_eq!(publisher.requests(), 1);

    let (_folder, server) = serve(&publisher.url, stranger.pem()).await;
    let (status, body) = asked(&server).await;
    assert!(status == 503 && body.contains("UNAVAILABLE"), "{status} {body}");
    eventually("the log tells why", async || server.log().contains("UnknownIssuer")).await;

    let elsewhere = publisher.url.replace("localhost", "127.0.0.1");
    let (_folder, server) = serve(&elsewhere, company.pem()).await;
    assert_eq!(asked(&server).await.0, 503, "the certificate is for another name");
    assert_eq!(publisher.requests(), 1);
}

#[tokio::test]
async fn a_file_of_authorities_that_cannot_be_used_is_told() {
    let publisher = Publisher::start_tls(&[RSA.jwk()], &Authority::new("Company")).await;
    let (_folder, server) = serve(&publisher.url, "").await;
    assert_eq!(asked(&server).await.0, 503);
    assert!(server.log().contains("SSL_CERT_FILE"), "{}", server.log());
}

#[tokio::test]
async fn who_answers_too_slowly_or_without_end_gives_no_keys() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let urls = [
        Publisher::dripping("").await,
        Publisher::dripping("HTTP/1.1 200 OK\r\ncontent-type: ").await,
        Publisher::dripping("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await,
    ];
    let answers = urls.iter().map(async |url| {
        let server = provider::authenticator(&test.database, url, provider::expected());
        server.authenticate(&RSA.token(&claims(&json!({}))), now_ms()).await
    });
    let answers = timeout(Duration::from_secs(60), join_all(answers)).await.expect("it gives up");
    for answer in answers {
        assert!(matches!(answer, Err(AuthError::NoKeys)), "{answer:?}");
    }
}

#[tokio::test]
async fn what_is_no_key_set_gives_no_keys_and_leaves_those_that_are_known() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let publisher = Publisher::start(&[RSA.jwk()]).await;
    let server = provider::authenticator(&test.database, &publisher.url, provider::expected());
    let token = RSA.token(&claims(&json!({"exp": now_ms() / 1000 + 1_000_000})));
    let now = now_ms();
    server.authenticate(&token, now).await.unwrap();
    let unknown = STRANGER.token(&claims(&json!({"exp": now / 1000 + 1_000_000})));
    let mut private = STRANGER.jwk();
    private["d"] = json!("AQAB");
    let symmetric = json!({"kty": "oct", "kid": "stranger", "alg": "HS256", "k": "c2VjcmV0"});
    let bodies = [
        "<!doctype html><title>Sign in</title>".to_owned(),
        "{\"keys\": [".to_owned(),
        json!({"keys": {"rsa": RSA.jwk()}}).to_string(),
        json!({"error": "temporarily_unavailable"}).to_string(),
        key_set(&[]),
        key_set(&[json!("rsa"), json!(null), json!([])]),
        key_set(&[private]),
        key_set(&[symmetric]),
    ];
    for (number, body) in (1..).zip(bodies) {
        publisher.answer(StatusCode::OK, body.clone());
        // Later than after any number of failures.
        let later = now + number * 301_000;
        assert!(matches!(server.authenticate(&unknown, later).await, Err(AuthError::BadToken(_))), "{body}");
        assert_eq!(publisher.requests(), 1 + usize::try_from(number).unwrap(), "{body}");
        assert!(server.authenticate(&token, later).await.is_ok(), "{body}");
    }
}

#[tokio::test]
async fn of_two_keys_with_one_kid_and_one_algorithm_the_first_counts() {
    let test = TestDatabase::migrated(Backend::Sqlite).await;
    let again = STRANGER.jwk_with(&json!({"kid": "rsa", "alg": "RS256"}));
    let other = P256.jwk_with(&json!({"kid": "rsa", "alg": "ES256"}));
    let file = provider::file(&[RSA.jwk(), again, other, ED25519.jwk()]);
    let server = provider::authenticator(&test.database, file.path().to_str().unwrap(), provider::expected());
    let with_kid = |key: &provider::SigningKey| {
        let header = json!({"alg": key.algorithm, "kid": "rsa"}).to_string();
        key.sign(&header, &claims(&json!({})).to_string(), key.algorithm)
    };
    for (key, counts) in [(&*RSA, true), (&*STRANGER, false), (&*P256, true), (&*ED25519, false)] {
        assert_eq!(server.authenticate(&with_kid(key), now_ms()).await.is_ok(), counts, "{}", key.id);
    }
    // It is left out, so without a `kid` there is but one.
    let bare = RSA.sign(r#"{"alg":"RS256"}"#, &claims(&json!({})).to_string(), "RS256");
    assert!(server.authenticate(&bare, now_ms()).await.is_ok());
}
