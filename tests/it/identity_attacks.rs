//! Tokens that must not count, sent to a server that takes tokens of ours and of a provider. Each
//! differs in one thing from one that counts, and all get the same answer: besides those that did count once, which
//! are told so.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use promograph::{
    auth::{
        Viewer,
        identity::{self, Revocation},
        issued,
    },
    time::now_ms,
};
use serde_json::{Value, json};

use crate::support::{
    Publisher, TestApp, TestDatabase,
    live::{Came, Wire},
    on_both,
    provider::{self, ED25519, ISSUER, P256, P384, RSA, STRANGER, WEAK, claims, hs256},
};

mod table;

use table::{table, with_header};

const QUERY: &str = r#"{"query": "{ __typename }"}"#;

pub fn published() -> Vec<Value> {
    let of = |kid: &str, alg: &str, purpose: &str| STRANGER.jwk_with(&json!({"kid": kid, "alg": alg, "use": purpose}));
    let mut private = STRANGER.jwk_with(&json!({"kid": "private", "alg": "RS256"}));
    private["d"] = json!("AQAB");
    vec![
        RSA.jwk(),
        P256.jwk(),
        P384.jwk(),
        ED25519.jwk(),
        WEAK.jwk(),
        of("enc", "RS256", "enc"),
        of("hs", "HS256", "sig"),
        STRANGER.jwk_with(&json!({"kid": "ops", "alg": "RS256", "key_ops": ["sign"]})),
        private,
        json!({"kty": "oct", "kid": "oct", "k": URL_SAFE_NO_PAD.encode("a secret that everybody can read"), "alg": "HS256"}),
        json!({"kty": "oct", "kid": "oct2", "k": URL_SAFE_NO_PAD.encode("a secret that everybody can read")}),
    ]
}

pub fn changed(changes: &Value) -> String {
    RSA.token(&claims(changes))
}

/// Why a token of the table counts no more, where whoever shows it learns that: its signature is right.
fn reason(what: &str) -> Option<&'static str> {
    match what {
        what if what.contains(r#"{"exp":1"#) => Some("expired"),
        what if what.contains("never_issued") || what.ends_with("revoked") => Some("revoked"),
        _ => None,
    }
}

pub async fn is_refused(app: &TestApp, what: &str, token: &str, reason: Option<&str>) {
    let answer = app.bearer(token).send("POST", "/graphql", &[("content-type", "application/json")], QUERY).await;
    let message = "A valid token is required: Authorization: Bearer TOKEN";
    let mut error = json!({"errors": [{"message": message, "extensions": {"code": "UNAUTHENTICATED"}}]});
    if let Some(reason) = reason {
        error["errors"][0]["extensions"]["reason"] = json!(reason);
    }
    assert_eq!((answer.status.as_u16(), &answer.body), (401, &error), "{what}");
    assert_eq!(answer.headers["www-authenticate"], "Bearer", "{what}");
}

#[tokio::test]
async fn every_bad_token_gets_the_same_401_and_no_request_goes_where_it_points() {
    let elsewhere = Publisher::start(&[STRANGER.jwk()]).await;
    let home = Publisher::start(&published()).await;
    on_both(async |test: TestDatabase| {
        let app = provider::app(&test, &home.url, provider::expected());
        for good in [changed(&json!({})), with_header(&json!({})), changed(&json!({"aud": ["x", "promograph"]}))] {
            assert_eq!(app.bearer(&good).query("{ __typename }").await.status, 200);
        }
        let now = f64::from(u32::try_from(now_ms() / 1000).unwrap());
        for written in [
            json!({"exp": now + 600.0, "iat": now - 0.5, "nbf": now - 1.25}),
            json!({"sub": 5}),
            json!({"role": "promoter", "promoter": "7"}),
        ] {
            for token in [changed(&written), hs256(None, &json!({"alg": "HS256"}), &claims(&written))] {
                assert_eq!(app.bearer(&token).query("{ __typename }").await.status, 200, "{written}");
            }
        }
        assert_eq!(app.admin().query("{ __typename }").await.status, 200, "our own tokens count too");
        for (what, token) in table(&elsewhere.url) {
            is_refused(&app, &what, &token, reason(&what)).await;
        }
    })
    .await;
    assert_eq!(elsewhere.requests(), 0);
    // Once for each database; hundreds of unknown keys did not lead to more.
    assert_eq!(home.requests(), 2);
}

#[tokio::test]
async fn every_bad_token_closes_a_websocket_with_the_same_code_and_reason() {
    let elsewhere = Publisher::start(&[STRANGER.jwk()]).await;
    on_both(async |test: TestDatabase| {
        let file = provider::file(&published());
        let app = provider::app(&test, file.path().to_str().unwrap(), provider::expected());
        let address = app.listen().await;
        Wire::open(address, &changed(&json!({}))).await;
        let (revoked, id) = app.issue(Viewer::Admin).await;
        let now = now_ms();
        issued::revoke(&app.database, &id, now).await.unwrap();
        let stolen = Revocation::Token("stolen".to_owned());
        identity::revoke(&app.database, ISSUER, &stolen, now).await.unwrap();
        let more = [("ours, revoked", revoked), ("revoked", changed(&json!({"jti": "stolen"})))];
        for (what, token) in table(&elsewhere.url).chain(more.map(|(what, token)| (what.to_owned(), token))) {
            for payload in [json!({"token": token}), json!({"authorization": format!("Bearer {token}")})] {
                let mut wire = Wire::silent(address).await;
                wire.send(json!({"type": "connection_init", "payload": payload})).await;
                let told = match reason(&what) {
                    Some("expired") => "the token has expired",
                    Some(_) => "the token was revoked",
                    None => "a valid token is needed",
                };
                let reason = format!("Forbidden: UNAUTHENTICATED, {told}");
                assert_eq!(wire.came().await, Came::Closed(4403, reason), "{what}");
            }
            let headers =
                [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", &*format!("Bearer {token}"))];
            if token.len() < 10_000 {
                assert_eq!(Wire::upgrade(address, &headers).await.err(), Some(401), "{what}");
            }
        }
        let good = format!("Bearer {}", changed(&json!({})));
        let twice =
            [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", &good), ("authorization", &good)];
        assert_eq!(Wire::upgrade(address, &twice).await.err(), Some(401));
    })
    .await;
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn two_authorization_headers_are_none() {
    on_both(async |test: TestDatabase| {
        let file = provider::file(&published());
        let app = provider::app(&test, file.path().to_str().unwrap(), provider::expected());
        let (good, json) = (format!("Bearer {}", changed(&json!({}))), ("content-type", "application/json"));
        let one = app.anonymous().send("POST", "/graphql", &[json, ("authorization", &good)], QUERY).await;
        assert_eq!(one.status, 200);
        for second in [good.as_str(), "Bearer x", "Basic eDp5", ""] {
            let headers = [json, ("authorization", good.as_str()), ("authorization", second)];
            let two = app.anonymous().send("POST", "/graphql", &headers, QUERY).await;
            assert_eq!((two.status.as_u16(), two.codes()), (401, vec!["UNAUTHENTICATED"]));
        }
    })
    .await;
}
