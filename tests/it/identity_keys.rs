//! The keys of an identity provider: which are used, and when they are read anew.

use axum::http::StatusCode;
use promograph::{
    auth::{AuthError, Authenticator, identity::KeySource},
    time::now_ms,
};
use serde_json::{Value, json};

use crate::support::{
    Backend, Publisher, TestDatabase, eventually,
    provider::{self, ED25519, P256, P384, RSA, STRANGER, SigningKey, claims, key_set},
};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Keys do not depend on the database.
async fn database() -> TestDatabase {
    TestDatabase::migrated(Backend::Sqlite).await
}

fn at(test: &TestDatabase, place: &str) -> Authenticator {
    provider::authenticator(&test.database, place, provider::expected())
}

/// A token that lasts for days.
fn token(key: &SigningKey) -> String {
    key.token(&claims(&json!({"exp": now_ms() / 1000 + 1_000_000})))
}

async fn counts(authenticator: &Authenticator, token: &str, now: i64) -> bool {
    match authenticator.authenticate(token, now).await {
        Ok(_) => true,
        Err(AuthError::BadToken(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn all_algorithms_count_and_a_key_without_alg_takes_those_of_its_type() {
    let test = database().await;
    let named = provider::file(&[RSA.jwk(), P256.jwk(), P384.jwk(), ED25519.jwk()]);
    let named = at(&test, named.path().to_str().unwrap());
    for key in [&*RSA, &*P256, &*P384, &*ED25519] {
        assert!(counts(&named, &token(key), now_ms()).await, "{}", key.algorithm);
    }
    let bare = |key: &SigningKey| key.jwk_with(&json!({"kid": key.id}));
    let open = provider::file(&[bare(&RSA), bare(&P256), bare(&P384), bare(&ED25519)]);
    let open = at(&test, open.path().to_str().unwrap());
    for algorithm in ["RS256", "RS384", "RS512", "PS256"] {
        let header = json!({"alg": algorithm, "kid": "rsa"}).to_string();
        let token = RSA.sign(&header, &claims(&json!({})).to_string(), algorithm);
        assert!(counts(&open, &token, now_ms()).await, "{algorithm}");
        assert_eq!(counts(&named, &token, now_ms()).await, algorithm == "RS256", "{algorithm}");
    }
    for key in [&*P256, &*P384, &*ED25519] {
        assert!(counts(&open, &token(key), now_ms()).await, "{}", key.algorithm);
    }
}

#[tokio::test]
async fn without_a_kid_the_only_key_of_the_algorithm_counts() {
    let test = database().await;
    let bare = RSA.sign(&json!({"alg": "RS256"}).to_string(), &claims(&json!({})).to_string(), "RS256");
    for (keys, expected) in [
        (vec![RSA.jwk(), P256.jwk()], true),
        (vec![RSA.jwk(), STRANGER.jwk()], false),
        (vec![STRANGER.jwk()], false),
        (vec![RSA.jwk_with(&json!({}))], true),
    ] {
        let file = provider::file(&keys);
        assert_eq!(counts(&at(&test, file.path().to_str().unwrap()), &bare, now_ms()).await, expected);
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it() {
    let test = database().await;
    let publisher = Publisher::start(&[RSA.jwk()]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    assert!(counts(&server, &token(&RSA), now).await);
    publisher.publish(&[P256.jwk()]);
    assert!(counts(&server, &token(&P256), now + 11 * SECOND).await);
    assert!(!counts(&server, &token(&RSA), now + 12 * SECOND).await, "a key that was withdrawn does not count");
    assert_eq!(publisher.requests(), 2);
}

#[tokio::test]
async fn invented_key_ids_cause_one_request_in_ten_seconds_however_many_come_at_once() {
    let test = database().await;
    let publisher = Publisher::start(&[RSA.jwk()]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    assert!(counts(&server, &token(&RSA), now).await);
    let invented = |number: usize| {
        STRANGER.sign(
            &json!({"alg": "RS256", "kid": format!("k{number}")}).to_string(),
            &claims(&json!({})).to_string(),
            "RS256",
        )
    };
    for later in [9 * SECOND, 10 * SECOND] {
        let tokens: Vec<String> = (0..20).map(invented).collect();
        let all = tokens.iter().map(|token| counts(&server, token, now + later));
        assert!(futures_util::future::join_all(all).await.iter().all(|counts| !counts));
    }
    assert_eq!(publisher.requests(), 2);
}

#[tokio::test]
async fn old_keys_are_fetched_anew_while_the_request_goes_on() {
    let test = database().await;
    let publisher = Publisher::start(&[RSA.jwk()]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    assert!(counts(&server, &token(&RSA), now).await);
    assert!(counts(&server, &token(&RSA), now + 9 * MINUTE).await);
    assert_eq!(publisher.requests(), 1);
    publisher.publish(&[P256.jwk()]);
    assert!(counts(&server, &token(&RSA), now + 10 * MINUTE).await, "nobody waits");
    eventually("the keys are fetched", async || publisher.requests() == 2).await;
    eventually("the old key ends", async || !counts(&server, &token(&RSA), now + 10 * MINUTE).await).await;
}

#[tokio::test]
async fn keys_outlive_an_outage_of_the_provider_by_a_day_and_no_longer() {
    let test = database().await;
    let publisher = Publisher::start(&[RSA.jwk()]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    assert!(counts(&server, &token(&RSA), now).await);
    publisher.answer(StatusCode::BAD_GATEWAY, String::new());
    assert!(counts(&server, &token(&RSA), now + 23 * HOUR).await);
    let late = server.authenticate(&token(&RSA), now + 25 * HOUR).await;
    assert!(matches!(late, Err(AuthError::NoKeys)), "{late:?}");
    publisher.publish(&[RSA.jwk()]);
    assert!(counts(&server, &token(&RSA), now + 26 * HOUR).await);
}

#[tokio::test]
async fn a_provider_that_fails_is_asked_less_and_less_often() {
    let test = database().await;
    let publisher = Publisher::start(&[]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    let mut asked = Vec::new();
    for second in 0..1200 {
        let before = publisher.requests();
        assert!(matches!(server.authenticate(&token(&RSA), now + second * SECOND).await, Err(AuthError::NoKeys)));
        if publisher.requests() > before {
            asked.push(second);
        }
    }
    assert_eq!(asked, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]);
}

#[tokio::test]
async fn nothing_but_a_good_answer_of_bounded_size_gives_keys() {
    let test = database().await;
    let good = key_set(&[RSA.jwk()]);
    let padded = json!({"keys": [RSA.jwk()], "padding": "x".repeat(300_000)}).to_string();
    let hundred: Vec<Value> = vec![RSA.jwk(); 101];
    for (status, body) in [
        (StatusCode::FOUND, good.clone()),
        (StatusCode::PERMANENT_REDIRECT, good.clone()),
        (StatusCode::NOT_FOUND, good.clone()),
        (StatusCode::CREATED, good.clone()),
        (StatusCode::OK, padded),
        (StatusCode::OK, key_set(&hundred)),
        (StatusCode::OK, String::new()),
        (StatusCode::OK, "[]".to_owned()),
        (StatusCode::OK, good.replacen('{', r#"{"keys":[],"#, 1)),
    ] {
        let publisher = Publisher::start(&[]).await;
        publisher.answer(status, body.clone());
        let answer = at(&test, &publisher.url).authenticate(&token(&RSA), now_ms()).await;
        assert!(matches!(answer, Err(AuthError::NoKeys)), "{status} {}", body.get(..80).unwrap_or(&body));
        assert_eq!(publisher.requests(), 1, "a redirect is not followed");
    }
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changes_and_a_broken_one_changes_nothing() {
    let test = database().await;
    let file = provider::file(&[RSA.jwk()]);
    let server = at(&test, file.path().to_str().unwrap());
    let now = now_ms();
    assert!(counts(&server, &token(&RSA), now).await);
    std::fs::write(file.path(), key_set(&[P256.jwk()])).unwrap();
    assert!(counts(&server, &token(&P256), now + SECOND).await);
    assert!(!counts(&server, &token(&RSA), now + SECOND).await);
    std::fs::write(file.path(), "{").unwrap();
    assert!(counts(&server, &token(&P256), now + 2 * SECOND).await);
    std::fs::remove_file(file.path()).unwrap();
    assert!(counts(&server, &token(&P256), now + 48 * HOUR).await);
    // As Kubernetes replaces a mounted secret: another file under the same name.
    let other = provider::file(&[RSA.jwk()]);
    std::fs::rename(other.path(), file.path()).unwrap();
    assert!(counts(&server, &token(&RSA), now + 49 * HOUR).await);
}

#[tokio::test]
async fn a_provider_that_answers_again_is_asked_as_before() {
    let test = database().await;
    let publisher = Publisher::start(&[]).await;
    let server = at(&test, &publisher.url);
    let now = now_ms();
    for second in [0, 1, 3, 7] {
        assert!(matches!(server.authenticate(&token(&RSA), now + second * SECOND).await, Err(AuthError::NoKeys)));
    }
    publisher.publish(&[RSA.jwk()]);
    assert!(counts(&server, &token(&RSA), now + 15 * SECOND).await);
    publisher.publish(&[P256.jwk()]);
    assert!(!counts(&server, &token(&P256), now + 24 * SECOND).await);
    assert!(counts(&server, &token(&P256), now + 25 * SECOND).await, "ten seconds after the last answer");
    assert_eq!(publisher.requests(), 6);
}

#[tokio::test]
async fn a_file_of_keys_is_bounded_too() {
    let test = database().await;
    let padded = json!({"keys": [P256.jwk()], "padding": "x".repeat(300_000)}).to_string();
    let file = provider::file(&[RSA.jwk()]);
    let server = at(&test, file.path().to_str().unwrap());
    std::fs::write(file.path(), &padded).unwrap();
    assert!(!counts(&server, &token(&P256), now_ms() + SECOND).await);
    let refused = KeySource::open(file.path().to_str().unwrap()).unwrap_err();
    assert!(refused.contains("more than 262144 bytes"), "{refused}");
}
