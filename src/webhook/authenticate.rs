//! Who may deliver: the token of an endpoint, a valid signature, or both, as the endpoint demands.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    endpoint::{Endpoints, Mode, Secrets},
    signature,
};

const TOKEN_HEADER: &str = "x-webhook-token";
const SIGNATURE_HEADER: &str = "x-webhook-signature";

/// What a request brings along before its body is read.
#[derive(Debug)]
pub(super) struct Claim {
    /// The strictest mode of the endpoints whose token it knows.
    mode: Option<Mode>,
    /// Its path names an endpoint that does not exist.
    astray: bool,
    signatures: Vec<Vec<u8>>,
}

impl Claim {
    /// Looks for tokens in the path and the headers. Credentials in headers that are not ours are
    /// somebody else's (a proxy's, say) and count for nothing; a wrong path always counts.
    pub fn of(endpoints: &Endpoints, path: Option<&str>, headers: &HeaderMap) -> Self {
        let in_path = path.map(|token| endpoints.mode_of(token.as_bytes()));
        let in_headers = header_tokens(headers).into_iter().filter_map(|token| endpoints.mode_of(&token)).max();
        let signatures = headers.get_all(SIGNATURE_HEADER).iter().map(|value| value.as_bytes().to_vec()).collect();
        Self { mode: in_path.flatten().max(in_headers), astray: matches!(in_path, Some(None)), signatures }
    }

    /// Whether no body could make it genuine, so that none need be read.
    pub fn is_hopeless(&self, secrets: &Secrets) -> bool {
        let may_be_signed = !self.signatures.is_empty() && !secrets.is_empty();
        self.astray
            || match self.mode {
                Some(Mode::Off | Mode::IfPresent) => false,
                Some(Mode::Required) | None => !may_be_signed,
            }
    }

    /// Whether the delivery is genuine. What is not clearly so is not.
    pub fn holds(&self, secrets: &Secrets, body: &[u8]) -> bool {
        let signed = || self.signatures.iter().any(|header| signature::is_valid(secrets.keys(), header, body));
        !self.astray
            && match self.mode {
                Some(Mode::Off) => true,
                // Without a secret there is nothing to check with; the token has to do.
                Some(Mode::IfPresent) => self.signatures.is_empty() || secrets.is_empty() || signed(),
                Some(Mode::Required) | None => signed(),
            }
    }
}

/// Everything in the headers that may be a token.
fn header_tokens(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let own = headers.get_all(TOKEN_HEADER).iter().map(|value| value.as_bytes().trim_ascii().to_vec());
    let credentials = headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
        let value = value.as_bytes().trim_ascii();
        let (scheme, rest) = value.split_at(value.iter().position(u8::is_ascii_whitespace)?);
        match scheme.to_ascii_lowercase().as_slice() {
            b"bearer" => Some(rest.trim_ascii().to_vec()),
            b"basic" => basic_password(rest.trim_ascii()),
            _ => None,
        }
    });
    own.chain(credentials).collect()
}

fn basic_password(encoded: &[u8]) -> Option<Vec<u8>> {
    let pair = STANDARD.decode(encoded).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some(pair[colon + 1..].to_vec())
}
