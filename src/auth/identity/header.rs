//! The header of a token: untrusted, read before anything else, and only to find the key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde_json::Value;

use crate::json::UniqueKeys;

/// Longer key ids are refused.
const MAX_KEY_ID_BYTES: usize = 256;

/// The parts of the header that select the key.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// One of [`ALGORITHMS`].
    pub algorithm: Algorithm,
    /// `kid`, if there is one.
    pub key_id: Option<String>,
}

/// The algorithms that an identity provider may use. None is symmetric.
const ALGORITHMS: [(&str, Algorithm); 7] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];

/// The algorithm with this name, if it is accepted.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    ALGORITHMS.iter().find(|(known, _)| *known == name).map(|(_, algorithm)| *algorithm)
}

/// Whether the header names our own algorithm (HS256). Then only our own key may verify the token.
pub(crate) fn signed_by_us(token: &str) -> bool {
    members(token).is_some_and(|members| members.get("alg").and_then(Value::as_str) == Some("HS256"))
}

impl Header {
    /// Reads the header of a token. An error is the reason why it is refused.
    pub fn read(token: &str) -> Result<Self, &'static str> {
        let members = members(token).ok_or("its header cannot be read")?;
        let text = |name| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err("a member of its header is not text"),
        };
        let algorithm = algorithm(text("alg")?.unwrap_or_default()).ok_or("its algorithm is not accepted")?;
        if members.contains_key("crit") || members.contains_key("b64") {
            return Err("its header names extensions that we do not know");
        }
        if !text("typ")?.is_none_or(is_for_access) {
            return Err("it is a token for something else");
        }
        let key_id = text("kid")?;
        if key_id.is_some_and(|id| id.len() > MAX_KEY_ID_BYTES) {
            return Err("its key id is too long");
        }
        Ok(Self { algorithm, key_id: key_id.map(str::to_owned) })
    }
}

/// Whether `typ` is an access token. Providers sign other things with the same keys: logout tokens, security events, ...
fn is_for_access(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt")
}

fn members(token: &str) -> Option<serde_json::Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split_once('.')?.0).ok()?;
    match serde_json::from_slice::<UniqueKeys>(&bytes).ok()?.0 {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(header: &Value) -> Result<Header, &'static str> {
        Header::read(&format!("{}.e30.", URL_SAFE_NO_PAD.encode(header.to_string())))
    }

    #[test]
    fn no_header_asks_for_a_symmetric_key_or_none() {
        for name in ["none", "None", "", "HS256", "HS384", "HS512", "rs256", "ES512", "PS512", "RSA-OAEP"] {
            assert!(read(&json!({"alg": name})).is_err(), "{name}");
        }
        assert!(read(&json!({"kid": "a"})).is_err());
        for (name, algorithm) in ALGORITHMS {
            assert_eq!(read(&json!({"alg": name})).unwrap().algorithm, algorithm);
        }
    }

    #[test]
    fn a_token_for_something_else_is_not_for_us() {
        for kind in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
            assert!(read(&json!({"alg": "RS256", "typ": kind})).is_ok(), "{kind}");
        }
        for kind in [json!("logout+jwt"), json!("secevent+jwt"), json!("dpop+jwt"), json!("JOSE"), json!(1)] {
            assert!(read(&json!({"alg": "RS256", "typ": kind})).is_err(), "{kind}");
        }
    }
}
