//! Tokens that must not count, and those that must.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;
use crate::secret::Secret;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// Seconds.
const NOW: i64 = 1_800_000_000;

fn rules() -> TokenRules {
    TokenRules { key: SigningKey::hs256(&Secret::new(SECRET)).unwrap(), issuer: None, audience: None }
}

fn signed_with(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn plain_header() -> Value {
    json!({"alg": "HS256", "typ": "JWT"})
}

fn good_claims() -> Value {
    json!({"sub": "portal", "exp": NOW + 60, "role": "admin"})
}

fn check_claims(claims: &Value) -> Result<Session, TokenError> {
    check(&rules(), &signed_with(SECRET, &plain_header(), claims), NOW * 1000)
}

/// The good claims, with some of them replaced; null removes one.
fn claims(changes: &Value) -> Value {
    let mut claims = good_claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

#[test]
fn an_issued_token_gives_what_it_was_issued_for() {
    let viewers =
        [Viewer::Admin, Viewer::Analyst { pii: false }, Viewer::Analyst { pii: true }, Viewer::Promoter { id: 7 }];
    for viewer in viewers {
        let (id, subject) = ("tok_1".to_owned(), "Ann".to_owned());
        let grant = NewToken { viewer, id: id.clone(), subject: subject.clone(), issued_at: NOW, expires_at: NOW + 9 };
        let token = issue(&rules(), grant).unwrap();
        let session =
            Session { viewer, subject, expires_at: NOW + 9, revocable: Some(Arc::new(Revocable::Issued(id))) };
        assert_eq!(check(&rules(), &token, NOW * 1000), Ok(session));
    }
}

#[test]
fn a_token_minted_by_who_has_the_key_counts_without_an_id() {
    let session = check_claims(&claims(&json!({"role": "promoter", "promoter": 42}))).unwrap();
    let until_deleted = Revocable::Minted { promoter: PromoterLookup::Id(42), id: 42, issued_at: None };
    assert_eq!((session.viewer, session.revocable), (Viewer::Promoter { id: 42 }, Some(until_deleted.into())));
    let staff = check_claims(&claims(&json!({"role": "analyst"}))).unwrap();
    assert_eq!(staff.revocable, None, "it stands for nobody who could be deleted");
}

#[test]
fn a_token_ends_at_its_second() {
    let token = signed_with(SECRET, &plain_header(), &good_claims());
    assert!(check(&rules(), &token, (NOW + 60) * 1000 - 1).is_ok());
    assert_eq!(check(&rules(), &token, (NOW + 60) * 1000), Err(TokenError::Expired));
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    let wrong = [
        json!({"exp": null}),
        json!({"exp": NOW - 1}),
        json!({"exp": "soon"}),
        json!({"exp": -1}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 5.5}),
        json!({"sub": [5]}),
        json!({"nbf": "soon"}),
        json!({"iat": NOW + 61}),
        json!({"jti": 5}),
        json!({"iss": 5}),
        json!({"aud": 5}),
        json!({"aud": ["a", 5]}),
        json!({"nbf": NOW + 3600}),
        json!({"role": null}),
        json!({"role": "root"}),
        json!({"role": "Admin"}),
        json!({"role": "promoter"}),
        json!({"role": "promoter", "promoter": 0}),
        json!({"role": "promoter", "promoter": "07"}),
        json!({"role": "promoter", "promoter": 7.0}),
        json!({"role": "admin", "promoter": 7}),
        json!({"role": "analyst", "promoter": 7}),
        json!({"role": "analyst", "pii": "yes"}),
    ];
    for changes in wrong {
        assert!(check_claims(&claims(&changes)).is_err(), "{changes}");
    }
}

#[test]
fn times_ids_and_subjects_are_read_however_json_writes_them() {
    for (changes, viewer, subject, expires_at) in [
        (json!({"exp": 1_800_000_060.0}), Viewer::Admin, "portal", NOW + 60),
        (json!({"exp": 1_800_000_060.75, "nbf": 1_799_999_999.5, "iat": 1.8e9}), Viewer::Admin, "portal", NOW + 60),
        (json!({"exp": 1e300}), Viewer::Admin, "portal", i64::MAX),
        (json!({"sub": 5}), Viewer::Admin, "5", NOW + 60),
        (json!({"role": "promoter", "promoter": "7"}), Viewer::Promoter { id: 7 }, "portal", NOW + 60),
    ] {
        let session = check_claims(&claims(&changes)).unwrap();
        assert_eq!((session.viewer, session.subject.as_str(), session.expires_at), (viewer, subject, expires_at));
    }
}

#[test]
fn a_missing_role_is_never_an_admin() {
    assert_eq!(check_claims(&claims(&json!({"role": null}))), Err(TokenError::Claim("role")));
}

#[test]
fn issuer_and_audience_count_when_they_are_set() {
    let rules = TokenRules { issuer: Some("us".to_owned()), audience: Some("api".to_owned()), ..rules() };
    let try_claims = |changes| {
        check(&rules, &signed_with(SECRET, &plain_header(), &claims(&changes)), NOW * 1000)
            .map(|session| session.subject)
    };
    assert!(try_claims(json!({"iss": "us", "aud": "api"})).is_ok());
    assert!(try_claims(json!({"iss": "us", "aud": ["web", "api"]})).is_ok());
    assert_eq!(try_claims(json!({"aud": "api"})), Err(TokenError::Claim("iss")));
    assert_eq!(try_claims(json!({"iss": "them", "aud": "api"})), Err(TokenError::Claim("iss")));
    assert_eq!(try_claims(json!({"iss": "us"})), Err(TokenError::Claim("aud")));
    assert_eq!(try_claims(json!({"iss": "us", "aud": ["web"]})), Err(TokenError::Claim("aud")));
    assert!(check_claims(&claims(&json!({"iss": "them", "aud": "web"}))).is_ok());
}

#[test]
fn the_algorithm_is_the_keys_and_not_the_tokens() {
    let body = URL_SAFE_NO_PAD.encode(good_claims().to_string());
    for name in ["none", "None", "NONE", "", "HS512", "RS256", "ES256", "EdDSA"] {
        let header = json!({"alg": name});
        let unsigned = format!("{}.{body}.", URL_SAFE_NO_PAD.encode(header.to_string()));
        assert!(check(&rules(), &unsigned, NOW * 1000).is_err(), "unsigned {name}");
        let signed = signed_with(SECRET, &header, &good_claims());
        assert!(check(&rules(), &signed, NOW * 1000).is_err(), "signed {name}");
    }
    // Signed with our secret, in another way than ours.
    let message = format!("{}.{body}", URL_SAFE_NO_PAD.encode(json!({"alg": "HS512"}).to_string()));
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let signed = format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    assert!(check(&rules(), &signed, NOW * 1000).is_err());
    assert!(check(&rules(), &signed_with(SECRET, &json!({"typ": "JWT"}), &good_claims()), NOW * 1000).is_err());
}

#[test]
fn another_key_does_not_count_wherever_the_header_points() {
    let other = "another-key-another-key-another-key-";
    let jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(other)});
    let headers = [
        plain_header(),
        json!({"alg": "HS256", "kid": "../../dev/null"}),
        json!({"alg": "HS256", "jwk": jwk}),
        json!({"alg": "HS256", "jku": "http://127.0.0.1:1/keys"}),
        json!({"alg": "HS256", "x5u": "http://127.0.0.1:1/cert"}),
    ];
    for header in headers {
        assert!(check(&rules(), &signed_with(other, &header, &good_claims()), NOW * 1000).is_err(), "{header}");
    }
    assert!(check(&rules(), &signed_with("", &plain_header(), &good_claims()), NOW * 1000).is_err());
}

#[test]
fn a_key_id_of_the_header_changes_nothing() {
    let header = json!({"alg": "HS256", "kid": "x' or '1'='1", "jku": "http://127.0.0.1:1/keys"});
    assert!(check(&rules(), &signed_with(SECRET, &header, &good_claims()), NOW * 1000).is_ok());
}

#[test]
fn critical_extensions_are_refused() {
    for names in [json!(["exp"]), json!(["b64"]), json!([])] {
        for header in [json!({"alg": "HS256", "crit": names}), json!({"alg": "HS256", "crit": names, "b64": true})] {
            let refused = check(&rules(), &signed_with(SECRET, &header, &good_claims()), NOW * 1000);
            assert!(matches!(refused, Err(TokenError::Critical | TokenError::Unreadable(_))), "{header}");
        }
    }
}

#[test]
fn a_changed_token_does_not_count() {
    let token = signed_with(SECRET, &plain_header(), &claims(&json!({"role": "promoter", "promoter": 7})));
    let parts: Vec<&str> = token.split('.').collect();
    let raised = URL_SAFE_NO_PAD.encode(good_claims().to_string());
    for changed in [
        format!("{}.{raised}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{token}.{}", parts[2]),
        token.to_uppercase(),
        String::new(),
        "...".to_owned(),
        "a.b.c".to_owned(),
    ] {
        assert!(check(&rules(), &changed, NOW * 1000).is_err(), "{changed}");
    }
}

#[test]
fn an_enormous_token_is_not_even_read() {
    let token = signed_with(SECRET, &plain_header(), &claims(&json!({"padding": "x".repeat(100_000)})));
    assert_eq!(check(&rules(), &token, NOW * 1000), Err(TokenError::TooLong));
}

#[test]
fn a_claim_given_twice_is_refused() {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let twice = format!(r#"{{"sub":"a","exp":{},"role":"promoter","promoter":7,"role":"admin"}}"#, NOW + 60);
    let message = format!("{}.{}", part(&plain_header().to_string()), part(&twice));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    assert!(check(&rules(), &token, NOW * 1000).is_err());
}
