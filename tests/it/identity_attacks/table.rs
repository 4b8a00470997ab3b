//! The table of attacks: tokens that differ in one thing from one that counts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use promograph::time::now_ms;
use serde_json::{Value, json};

use super::changed;
use crate::support::provider::{ISSUER, P256, RSA, STRANGER, WEAK, claims, hs256};

/// Every one of them: what it is, and the token.
pub fn table(elsewhere: &str) -> impl Iterator<Item = (String, String)> {
    of_keys(elsewhere).into_iter().chain(of_public_key()).chain(of_claims())
}

pub fn with_header(changes: &Value) -> String {
    let mut header = RSA.header();
    header.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    RSA.sign(&header.to_string(), &claims(&json!({})).to_string(), "RS256")
}

/// Bad signatures, bad keys, headers that lead elsewhere.
fn of_keys(elsewhere: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |what: &str, token: String| rows.push((what.to_owned(), token));
    let good = changed(&json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": name, "kid": "rsa"}).to_string());
        row(&format!("alg {name:?} unsigned"), format!("{header}.{}.", parts[1]));
        row(&format!("alg {name:?} signed"), with_header(&json!({"alg": name})));
    }
    row(
        "ES256 key with an RS256 header",
        P256.sign(&json!({"alg": "RS256", "kid": "p256"}).to_string(), &claims(&json!({})).to_string(), "ES256"),
    );
    row(
        "RS256 key with an ES256 header",
        RSA.sign(&json!({"alg": "ES256", "kid": "rsa"}).to_string(), &claims(&json!({})).to_string(), "RS256"),
    );
    row(
        "an algorithm beside the one of the key",
        RSA.sign(&json!({"alg": "RS512", "kid": "rsa"}).to_string(), &claims(&json!({})).to_string(), "RS512"),
    );
    row(
        "PS256 with a key for RS256",
        RSA.sign(&json!({"alg": "PS256", "kid": "rsa"}).to_string(), &claims(&json!({})).to_string(), "PS256"),
    );
    row(
        "the kid of another key",
        RSA.sign(&json!({"alg": "RS256", "kid": "p256"}).to_string(), &claims(&json!({})).to_string(), "RS256"),
    );
    row("a weak RSA key", WEAK.token(&claims(&json!({}))));
    for kid in ["enc", "hs", "ops", "private", "stranger", "rsa"] {
        let header = json!({"alg": "RS256", "kid": kid});
        row(
            &format!("a stranger's key, kid {kid}"),
            STRANGER.sign(&header.to_string(), &claims(&json!({})).to_string(), "RS256"),
        );
    }
    let kids = [
        "../../../../dev/null",
        "/etc/passwd",
        "' or '1'='1",
        "rsa'; drop table api_token; --",
        "rsa\0",
        "RSA",
        "",
        "%72sa",
    ];
    for kid in kids {
        row(&format!("kid {kid:?}"), with_header(&json!({"kid": kid})));
    }
    row("a kid that is a number", with_header(&json!({"kid": 1})));
    row("a very long kid", with_header(&json!({"kid": "x".repeat(1000)})));
    row("crit", with_header(&json!({"crit": ["exp"]})));
    row("crit, empty", with_header(&json!({"crit": []})));
    row("b64 false", with_header(&json!({"b64": false, "crit": ["b64"]})));
    row("b64 false without crit", with_header(&json!({"b64": false})));
    row("a logout token", with_header(&json!({"typ": "logout+jwt"})));
    let strange = |header: Value| STRANGER.sign(&header.to_string(), &claims(&json!({})).to_string(), "RS256");
    row("jku", strange(json!({"alg": "RS256", "kid": "stranger", "jku": elsewhere})));
    row("x5u", strange(json!({"alg": "RS256", "kid": "stranger", "x5u": elsewhere})));
    row("jwk", strange(json!({"alg": "RS256", "kid": "stranger", "jwk": STRANGER.jwk()})));
    row(
        "jwk and the kid of ours",
        strange(json!({"alg": "RS256", "kid": "rsa", "jwk": STRANGER.jwk(), "jku": elsewhere})),
    );
    row("x5c", strange(json!({"alg": "RS256", "kid": "rsa", "x5c": ["MIIB"]})));
    let twice = r#"{"alg":"HS256","alg":"RS256","kid":"rsa"}"#;
    row("alg given twice", RSA.sign(twice, &claims(&json!({})).to_string(), "RS256"));
    row(
        "a changed claim",
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims(&json!({"sub": "x"})).to_string()), parts[2]),
    );
    row("no signature", format!("{}.{}.", parts[0], parts[1]));
    row("two parts", format!("{}.{}", parts[0], parts[1]));
    row("four parts", format!("{good}.{}", parts[2]));
    row("five parts", format!("{good}.{}.{}", parts[2], parts[2]));
    row("no token at all", "x".to_owned());
    row("100 kB", RSA.token(&claims(&json!({"padding": "x".repeat(100_000)}))));
    rows
}

/// The public key is known to all: nobody may use it as a secret.
fn of_public_key() -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let jwk = RSA.jwk();
    let modulus = jwk["n"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(modulus).unwrap();
    let public = rsa::RsaPublicKey::new(rsa::BigUint::from_bytes_be(&bytes), rsa::BigUint::from(65537_u32)).unwrap();
    let spki = rsa::pkcs8::EncodePublicKey::to_public_key_der(&public).unwrap().into_vec();
    let pkcs1 = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&public).unwrap().into_vec();
    let pem = rsa::pkcs8::EncodePublicKey::to_public_key_pem(&public, rsa::pkcs8::LineEnding::LF).unwrap();
    for (what, secret) in [
        ("PEM", pem.clone().into_bytes()),
        ("PEM without its last line end", pem.trim_end().as_bytes().to_vec()),
        ("DER (SPKI)", spki),
        ("DER (PKCS 1)", pkcs1),
        ("n as bytes", bytes.clone()),
        ("n as text", modulus.as_bytes().to_vec()),
        ("JWK", jwk.to_string().into_bytes()),
        ("nothing", Vec::new()),
        ("a symmetric key that was published", b"a secret that everybody can read".to_vec()),
    ] {
        for kid in [json!("rsa"), json!("oct"), json!("oct2"), json!(null)] {
            let header = json!({"alg": "HS256", "kid": kid});
            let token = hs256(Some(&secret), &header, &claims(&json!({})));
            rows.push((format!("HS256 with {what}, kid {kid}"), token));
        }
    }
    rows
}

/// Good signatures, bad claims.
fn of_claims() -> Vec<(String, String)> {
    let now = now_ms() / 1000;
    let mut rows: Vec<(String, String)> = [
        json!({"iss": "https://evil.example.com/"}),
        json!({"iss": null}),
        json!({"iss": "https://id.example.com"}),
        json!({"iss": [ISSUER]}),
        json!({"aud": "another-app"}),
        json!({"aud": null}),
        json!({"aud": ["another-app", "promographs"]}),
        json!({"aud": {"promograph": true}}),
        json!({"aud": ["promograph", 1]}),
        json!({"exp": now - 61}),
        json!({"exp": null}),
        json!({"exp": "9999999999"}),
        json!({"exp": -1}),
        json!({"exp": true}),
        json!({"iat": now + 3600}),
        json!({"iat": "now"}),
        json!({"nbf": now + 3600}),
        json!({"nbf": {}}),
        json!({"sub": null}),
        json!({"sub": " "}),
        json!({"sub": 1.5}),
        json!({"sub": [1]}),
        json!({"jti": 1}),
        json!({"role": null}),
        json!({"role": "root"}),
        json!({"role": "Admin"}),
        json!({"role": true}),
        json!({"role": {"admin": true}}),
        json!({"role": "promoter"}),
        json!({"role": "promoter", "promoter": "07"}),
        json!({"role": "promoter", "promoter": "7 or 1=1"}),
        json!({"role": "promoter", "promoter": 7.0}),
        json!({"role": "promoter", "promoter": 7.5}),
        json!({"role": "promoter", "promoter": -7}),
        json!({"role": "promoter", "promoter": 0}),
        json!({"role": "promoter", "promoter": [7]}),
    ]
    .iter()
    .map(|changes| (changes.to_string(), changed(changes)))
    .collect();
    let twice = claims(&json!({"role": "promoter", "promoter": 7})).to_string().replacen('{', r#"{"role":"admin","#, 1);
    rows.push(("a claim given twice".to_owned(), RSA.sign(&RSA.header().to_string(), &twice, "RS256")));
    rows.push(("claims that are a list".to_owned(), RSA.sign(&RSA.header().to_string(), "[]", "RS256")));
    // The same with our own key.
    for changes in [
        json!({"exp": now - 1}),
        json!({"exp": null}),
        json!({"nbf": now + 3600}),
        json!({"iat": now + 3600}),
        json!({"sub": ""}),
        json!({"role": "root"}),
        json!({"role": null}),
        json!({"role": "promoter", "promoter": "07"}),
        json!({"role": "promoter", "promoter": 7.0}),
        json!({"role": "promoter", "promoter": -7}),
        json!({"exp": -1.5}),
        json!({"jti": 1}),
        json!({"jti": "tok_that_was_never_issued"}),
    ] {
        rows.push((format!("ours: {changes}"), hs256(None, &json!({"alg": "HS256"}), &claims(&changes))));
    }
    let ours = |header: Value| hs256(None, &header, &claims(&json!({})));
    rows.push(("ours: crit".to_owned(), ours(json!({"alg": "HS256", "crit": ["b64"], "b64": false}))));
    rows.push(("ours with an RS256 header".to_owned(), ours(json!({"alg": "RS256", "kid": "rsa"}))));
    rows
}
