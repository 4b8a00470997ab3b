//! The key that signs and verifies tokens. The algorithm belongs to the key: algorithms and keys in a token's header are
//! never used.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Serialize, de::DeserializeOwned};

use crate::secret::Secret;

/// A key that signs and verifies.
#[derive(Clone)]
pub enum SigningKey {
    /// HMAC with SHA-256. Everyone who can verify tokens can also make them.
    Hs256 {
        /// Signs.
        sign: EncodingKey,
        /// Verifies.
        check: DecodingKey,
    },
}

impl SigningKey {
    /// A key for HS256.
    ///
    /// # Errors
    /// If the secret is empty.
    pub fn hs256(secret: &Secret) -> Result<Self, jsonwebtoken::errors::Error> {
        let bytes = secret.expose().as_bytes();
        Ok(Self::Hs256 { sign: EncodingKey::from_secret(bytes)?, check: DecodingKey::from_secret(bytes)? })
    }

    /// Signs claims.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        match self {
            Self::Hs256 { sign, .. } => jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, sign),
        }
    }

    /// The header and the claims of a token with a valid signature. Nothing else is checked.
    pub(super) fn open<C: DeserializeOwned>(&self, token: &str) -> Result<(Header, C), jsonwebtoken::errors::Error> {
        let Self::Hs256 { check, .. } = self;
        let mut validation = Validation::new(Algorithm::HS256);
        // The claims are checked in `token`, with the time as an argument.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let opened = jsonwebtoken::decode(token, check, &validation)?;
        Ok((opened.header, opened.claims))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey([redacted])")
    }
}
