//! A JSON Web Key Set (RFC 7517): the public keys of an identity provider.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

use super::header::{self, Header};
use crate::json::UniqueKeys;

/// Maximum number of keys, more than any provider has.
const MAX_KEYS: usize = 100;
/// Smaller RSA keys are refused (NIST SP 800-131A), larger ones cost too much to check.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
const RSA: &[Algorithm] = &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256];

/// A key that verifies signatures of its own algorithms only.
pub(super) struct VerificationKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    pub key: DecodingKey,
}

/// The usable keys.
pub(super) struct KeySet {
    keys: Vec<Arc<VerificationKey>>,
}

impl KeySet {
    /// Reads a key set. Unusable keys are skipped and logged.
    ///
    /// # Errors
    /// If it is not a key set, or has no usable key.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let Ok(UniqueKeys(set)) = serde_json::from_slice(bytes) else {
            return Err("it is not JSON, or names a member twice".to_owned());
        };
        let Some(list) = set.get("keys").and_then(Value::as_array) else {
            return Err("it is no JSON Web Key Set: expected an object with a list `keys`".to_owned());
        };
        if list.len() > MAX_KEYS {
            return Err(format!("it has {} keys: at most {MAX_KEYS} are read", list.len()));
        }
        let (mut keys, mut reasons) = (Vec::<Arc<VerificationKey>>::new(), Vec::new());
        for (index, entry) in list.iter().enumerate() {
            let twice = |key: &VerificationKey| {
                let same = |known: &Arc<VerificationKey>| {
                    known.id == key.id && known.algorithms.iter().any(|algorithm| key.algorithms.contains(algorithm))
                };
                key.id.is_some() && keys.iter().any(same)
            };
            match VerificationKey::read(entry) {
                Ok(key) if twice(&key) => reasons.push(format!("key {index}: another one has the same `kid`")),
                Ok(key) => keys.push(Arc::new(key)),
                Err(reason) => reasons.push(format!("key {index}: {reason}")),
            }
        }
        if keys.is_empty() {
            return Err(format!("it has no key that can be used ({})", reasons.join("; ")));
        }
        for reason in reasons {
            tracing::info!("left out of the identity provider's keys: {reason}");
        }
        Ok(Self { keys })
    }

    /// The number of usable keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key for a header: by its `kid`; if the key or the header has none, the only key with the algorithm.
    pub fn find(&self, header: &Header) -> Option<Arc<VerificationKey>> {
        let fitting = || self.keys.iter().filter(|key| key.algorithms.contains(&header.algorithm));
        if header.key_id.is_some()
            && let Some(key) = fitting().find(|key| key.id == header.key_id)
        {
            return Some(key.clone());
        }
        let mut rest = fitting().filter(|key| key.id.is_none() || header.key_id.is_none());
        match (rest.next(), rest.next()) {
            (Some(key), None) => Some(key.clone()),
            _ => None,
        }
    }
}

impl VerificationKey {
    fn read(entry: &Value) -> Result<Self, &'static str> {
        let members = entry.as_object().ok_or("it is no object")?;
        let text = |name| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err("a member is not text"),
        };
        if text("use")?.is_some_and(|purpose| purpose != "sig") {
            return Err("its `use` is not `sig`");
        }
        if let Some(operations) = members.get("key_ops")
            && !operations.as_array().is_some_and(|operations| operations.iter().any(|what| what == "verify"))
        {
            return Err("its `key_ops` do not have `verify`");
        }
        if members.contains_key("d") {
            return Err("it is a private key: publish the public one, and replace both");
        }
        let (possible, key) = match text("kty")? {
            Some("RSA") => (RSA, rsa(members)?),
            Some("EC") => elliptic(members)?,
            Some("OKP") => edwards(members)?,
            // `oct` is symmetric: everyone who can verify a token could make one.
            _ => return Err("its `kty` is none of RSA, EC, OKP"),
        };
        let algorithms = match text("alg")? {
            None => possible.to_vec(),
            Some(name) => {
                let named = header::algorithm(name).or((name == "Ed25519").then_some(Algorithm::EdDSA));
                vec![named.filter(|named| possible.contains(named)).ok_or("its `alg` is not accepted for this key")?]
            }
        };
        Ok(Self { id: text("kid")?.map(str::to_owned), algorithms, key })
    }
}

fn rsa(members: &Map<String, Value>) -> Result<DecodingKey, &'static str> {
    let (modulus, exponent) = (number(members, "n")?, number(members, "e")?);
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        return Err("its `n` has fewer than 2048 or more than 4096 bits");
    }
    let is_usual = matches!(exponent.as_slice(), [3 | 17] | [1, 0, 1]);
    if !is_usual {
        return Err("its `e` is not 3, 17 or 65537");
    }
    Ok(DecodingKey::from_rsa_raw_components(&modulus, &exponent))
}

fn elliptic(members: &Map<String, Value>) -> Result<(&'static [Algorithm], DecodingKey), &'static str> {
    let (algorithms, size): (&[Algorithm], _) = match members.get("crv").and_then(Value::as_str) {
        Some("P-256") => (&[Algorithm::ES256], 32),
        Some("P-384") => (&[Algorithm::ES384], 48),
        _ => return Err("its `crv` is none of P-256, P-384"),
    };
    if coordinate(members, "x")?.len() != size || coordinate(members, "y")?.len() != size {
        return Err("its `x` or `y` does not have the length of its `crv`");
    }
    let part = |name| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let key = DecodingKey::from_ec_components(part("x"), part("y")).map_err(|_| "its `x` or `y` cannot be read")?;
    Ok((algorithms, key))
}

fn edwards(members: &Map<String, Value>) -> Result<(&'static [Algorithm], DecodingKey), &'static str> {
    if members.get("crv").and_then(Value::as_str) != Some("Ed25519") {
        return Err("its `crv` is not Ed25519");
    }
    if coordinate(members, "x")?.len() != 32 {
        return Err("its `x` does not have 32 bytes");
    }
    let x = members.get("x").and_then(Value::as_str).unwrap_or_default();
    Ok((&[Algorithm::EdDSA], DecodingKey::from_ed_components(x).map_err(|_| "its `x` cannot be read")?))
}

fn coordinate(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, &'static str> {
    let text = members.get(name).and_then(Value::as_str).ok_or("a part of it is missing")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "a part of it is not base64url")
}

/// A number without leading zero bytes.
fn number(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, &'static str> {
    let bytes = coordinate(members, name)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes[zeros..].to_vec())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong with a key set of this key alone.
    fn refused(key: &Value) -> Option<String> {
        KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).err()
    }

    fn number(bytes: usize) -> String {
        URL_SAFE_NO_PAD.encode(vec![0x91; bytes])
    }

    #[test]
    fn keys_that_are_weak_or_odd_are_left_out() {
        let rsa =
            |bytes, exponent: &[u8]| json!({"kty": "RSA", "n": number(bytes), "e": URL_SAFE_NO_PAD.encode(exponent)});
        let ec = |curve: &str, x, y| json!({"kty": "EC", "crv": curve, "x": number(x), "y": number(y)});
        let okp = |curve: &str, x| json!({"kty": "OKP", "crv": curve, "x": number(x)});
        for good in [
            rsa(256, &[1, 0, 1]),
            rsa(512, &[3]),
            rsa(256, &[0, 0, 1, 0, 1]),
            ec("P-256", 32, 32),
            ec("P-384", 48, 48),
            okp("Ed25519", 32),
        ] {
            assert_eq!(refused(&good), None, "{good}");
        }
        // With the exponent 1 everybody can sign.
        for exponent in [&[1][..], &[0], &[], &[2], &[1, 0, 0, 0, 1], &[0xff; 256]] {
            assert!(refused(&rsa(256, exponent)).unwrap().contains("`e`"), "{exponent:?}");
        }
        for (key, reason) in [
            (rsa(255, &[1, 0, 1]), "`n`"),
            (rsa(513, &[1, 0, 1]), "`n`"),
            (rsa(0, &[1, 0, 1]), "`n`"),
            (ec("P-521", 66, 66), "`crv`"),
            (ec("secp256k1", 32, 32), "`crv`"),
            (ec("P-256", 31, 32), "`x` or `y`"),
            (ec("P-256", 32, 33), "`x` or `y`"),
            (ec("P-384", 32, 32), "`x` or `y`"),
            (okp("X25519", 32), "`crv`"),
            (okp("Ed25519", 31), "`x`"),
            (json!({"kty": "RSA", "n": number(256)}), "missing"),
            (json!({"kty": "RSA", "n": "+/", "e": "AQAB"}), "base64url"),
            (json!({"n": number(256), "e": "AQAB"}), "`kty`"),
            (json!({"kty": "oct", "k": "AQAB"}), "`kty`"),
            (json!({"kty": "RSA", "n": number(256), "e": "AQAB", "alg": "ES256"}), "`alg`"),
            (json!({"kty": "RSA", "n": number(256), "e": "AQAB", "use": "enc"}), "`use`"),
            (json!({"kty": "RSA", "n": number(256), "e": "AQAB", "key_ops": ["encrypt"]}), "`key_ops`"),
            (json!({"kty": "RSA", "n": number(256), "e": "AQAB", "d": "AQAB"}), "private"),
        ] {
            let said = refused(&key).unwrap_or_default();
            assert!(said.contains(reason), "{key}: {said}");
        }
    }
}
