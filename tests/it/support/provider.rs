//! An identity provider: its keys, and tokens signed with them. [`Publisher`](super::Publisher) publishes the keys.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, EncodingKey};
use promograph::{
    auth::{
        Authenticator, TokenRules,
        identity::{ClaimPath, GrantedRole, KeySource, Mapping, PromoterBy, Provider, ProviderRules},
    },
    database::Database,
    limits::{RateLimits, RequestLimits},
    secret::Secret,
    time::now_ms,
};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs1::EncodeRsaPrivateKey as _,
    sha2::{Digest as _, Sha256},
    traits::PublicKeyParts as _,
};
use serde_json::{Value, json};

use super::{TestApp, TestDatabase, set_rates};

pub const ISSUER: &str = "https://id.example.com/";
pub const AUDIENCE: &str = "promograph";
/// Of our own tokens, in [`TestApp`].
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A key pair of a provider.
pub struct SigningKey {
    pub id: &'static str,
    pub algorithm: &'static str,
    private: Private,
    public: Value,
}

/// jsonwebtoken refuses to sign with what an attacker would use: those signatures are made without it.
enum Private {
    Key(EncodingKey),
    WeakRsa(Box<RsaPrivateKey>),
    Secret(Vec<u8>),
}

impl Private {
    fn sign(&self, message: &[u8], algorithm: Algorithm) -> String {
        match self {
            Self::Key(key) => jsonwebtoken::crypto::sign(message, key, algorithm).unwrap(),
            Self::WeakRsa(key) => {
                let padding = Pkcs1v15Sign::new::<Sha256>();
                URL_SAFE_NO_PAD.encode(key.sign(padding, &Sha256::digest(message)).unwrap())
            }
            Self::Secret(secret) => {
                let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(message);
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            }
        }
    }
}

pub static RSA: LazyLock<SigningKey> = LazyLock::new(|| rsa("rsa", 2048));
/// Somebody else's.
pub static STRANGER: LazyLock<SigningKey> = LazyLock::new(|| rsa("stranger", 2048));
pub static WEAK: LazyLock<SigningKey> = LazyLock::new(|| rsa("weak", 1024));

pub static P256: LazyLock<SigningKey> = LazyLock::new(|| {
    use p256::pkcs8::EncodePrivateKey as _;
    let secret = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
    let public: Value = serde_json::from_str(&secret.public_key().to_jwk_string()).unwrap();
    let private = Private::Key(EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes()));
    SigningKey { id: "p256", algorithm: "ES256", private, public }
});

pub static P384: LazyLock<SigningKey> = LazyLock::new(|| {
    use p384::pkcs8::EncodePrivateKey as _;
    let secret = p384::SecretKey::random(&mut rsa::rand_core::OsRng);
    let public: Value = serde_json::from_str(&secret.public_key().to_jwk_string()).unwrap();
    let private = Private::Key(EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes()));
    SigningKey { id: "p384", algorithm: "ES384", private, public }
});

pub static ED25519: LazyLock<SigningKey> = LazyLock::new(|| {
    use ed25519_dalek::pkcs8::EncodePrivateKey as _;
    let secret = ed25519_dalek::SigningKey::generate(&mut rsa::rand_core::OsRng);
    let x = URL_SAFE_NO_PAD.encode(secret.verifying_key().as_bytes());
    let private = Private::Key(EncodingKey::from_ed_der(secret.to_pkcs8_der().unwrap().as_bytes()));
    SigningKey { id: "ed", algorithm: "EdDSA", private, public: json!({"kty": "OKP", "crv": "Ed25519", "x": x}) }
});

fn rsa(id: &'static str, bits: usize) -> SigningKey {
    let secret = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
    let text = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let public = json!({"kty": "RSA", "n": text(secret.n()), "e": text(secret.e())});
    let private = match bits {
        ..2048 => Private::WeakRsa(Box::new(secret)),
        _ => Private::Key(EncodingKey::from_rsa_der(secret.to_pkcs1_der().unwrap().as_bytes())),
    };
    SigningKey { id, algorithm: "RS256", private, public }
}

impl SigningKey {
    /// As the provider publishes it.
    pub fn jwk(&self) -> Value {
        self.jwk_with(&json!({"kid": self.id, "alg": self.algorithm, "use": "sig"}))
    }

    /// With other members beside the key itself.
    pub fn jwk_with(&self, members: &Value) -> Value {
        let mut jwk = self.public.clone();
        jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        jwk
    }

    pub fn header(&self) -> Value {
        json!({"alg": self.algorithm, "kid": self.id, "typ": "JWT"})
    }

    /// A token as the provider makes it.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header().to_string(), &claims.to_string(), self.algorithm)
    }

    /// Any header and any claims, signed in this way.
    pub fn sign(&self, header: &str, claims: &str, algorithm: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let algorithm: Algorithm = algorithm.parse().unwrap();
        let signature = self.private.sign(message.as_bytes(), algorithm);
        format!("{message}.{signature}")
    }
}

/// Signs with a secret: ours unless it is another.
pub fn hs256(secret: Option<&[u8]>, header: &Value, claims: &Value) -> String {
    let private = Private::Secret(secret.unwrap_or(SECRET.as_bytes()).to_vec());
    let key = SigningKey { id: "", algorithm: "HS256", private, public: Value::Null };
    key.sign(&header.to_string(), &claims.to_string(), "HS256")
}

/// Claims that count, with some of them replaced; null removes one.
pub fn claims(changes: &Value) -> Value {
    let now = now_ms() / 1000;
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "user|1", "jti": "a", "iat": now, "exp": now + 600, "role": "admin",
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

/// The key set of these keys.
pub fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// What is expected of the tokens, with promoters by the claim `promoter`.
pub fn expected() -> ProviderRules {
    let path = |text: &str| text.parse::<ClaimPath>().unwrap();
    let roles = [
        ("promoter", GrantedRole::Promoter),
        ("analyst", GrantedRole::Analyst { pii: false }),
        ("admin", GrantedRole::Admin),
    ];
    let mapping = Mapping {
        audience: path("aud"),
        role: path("role"),
        roles: roles.map(|(name, grants)| (name.to_owned(), grants)).to_vec(),
        default_role: None,
        promoter: PromoterBy::Id(path("promoter")),
    };
    ProviderRules { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), leeway: 60, mapping }
}

/// Takes our own tokens and those of the provider whose keys are there.
pub fn authenticator(db: &Database, place: &str, expected: ProviderRules) -> Authenticator {
    let rules = TokenRules {
        key: promograph::auth::SigningKey::hs256(&Secret::new(SECRET)).unwrap(),
        issuer: None,
        audience: None,
    };
    let provider = Provider::new(KeySource::open(place).unwrap(), expected);
    Authenticator::new(rules, db.clone()).with_provider(Some(provider))
}

/// A server that takes them.
pub fn app(test: &TestDatabase, place: &str, expected: ProviderRules) -> TestApp {
    let authenticator = authenticator(&test.database, place, expected);
    // Guessing in a hurry is refused elsewhere.
    let rates = RateLimits { rate_refusals: 1_000_000, ..RateLimits::default() };
    TestApp::with(test, RequestLimits::default(), |state| {
        set_rates(state, &rates);
        state.authenticator = authenticator;
    })
}

/// A key set in a file.
pub fn file(keys: &[Value]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key_set(keys)).unwrap();
    file
}
