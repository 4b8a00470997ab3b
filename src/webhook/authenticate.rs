//! Authenticates a delivery: the token of an endpoint, a valid signature, or both, as the endpoint requires.
//!
//! A token stands in the path, in `Authorization` (of any scheme) or in `X-Webhook-Token`; a signature of the raw body
//! in `X-Webhook-Signature`.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    endpoints::{Endpoints, SignatureMode, SigningSecrets},
    routes::WebhookPath,
    signature,
};

const TOKEN_HEADER: &str = "x-webhook-token";
const SIGNATURE_HEADER: &str = "x-webhook-signature";

/// The credentials in a request's path and headers.
#[derive(Debug)]
pub(super) struct Credentials {
    /// The strictest mode of the endpoints whose tokens are given.
    mode: Option<SignatureMode>,
    /// The path names an endpoint that does not exist.
    unknown_endpoint: bool,
    signatures: Vec<Vec<u8>>,
}

impl Credentials {
    /// Finds tokens in the path and the headers. An unknown token in a header is ignored, since it may be a proxy's own
    /// credential; an unknown token in the path always fails.
    pub fn of(endpoints: &Endpoints, path: &WebhookPath, headers: &HeaderMap) -> Self {
        let in_path = match path {
            WebhookPath::WithoutToken => None,
            WebhookPath::WithToken(token) => Some(endpoints.mode_of(token)),
            WebhookPath::Other => Some(None),
        };
        let in_headers = header_tokens(headers).into_iter().filter_map(|token| endpoints.mode_of(&token)).max();
        let signatures = headers.get_all(SIGNATURE_HEADER).iter().map(|value| value.as_bytes().to_vec()).collect();
        let unknown_endpoint = matches!(in_path, Some(None));
        Self { mode: in_path.flatten().max(in_headers), unknown_endpoint, signatures }
    }

    /// Whether they hold the token of an endpoint, and no unknown one in the path.
    pub fn has_token(&self) -> bool {
        !self.unknown_endpoint && self.mode.is_some()
    }

    /// Whether [`Self::verify`] could succeed for some body. If not, the body need not be read.
    pub fn can_verify(&self, secrets: &SigningSecrets) -> bool {
        let may_be_signed = !self.signatures.is_empty() && !secrets.is_empty();
        !self.unknown_endpoint
            && match self.mode {
                Some(SignatureMode::Off | SignatureMode::IfPresent) => true,
                Some(SignatureMode::Required) | None => may_be_signed,
            }
    }

    /// Whether the delivery with this body is authentic. Fails closed.
    pub fn verify(&self, secrets: &SigningSecrets, body: &[u8]) -> bool {
        let signed = || self.signatures.iter().any(|header| signature::is_valid(secrets.keys(), header, body));
        !self.unknown_endpoint
            && match self.mode {
                Some(SignatureMode::Off) => true,
                // Without a secret no signature can be checked, so the token suffices.
                Some(SignatureMode::IfPresent) => self.signatures.is_empty() || secrets.is_empty() || signed(),
                Some(SignatureMode::Required) | None => signed(),
            }
    }
}

/// Everything in the headers that may be a token. A proxy may have joined several lines by commas, which no
/// token contains.
fn header_tokens(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let items = |name: &str| -> Vec<&[u8]> {
        let lines = headers.get_all(name).iter();
        lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).collect()
    };
    let own = items(TOKEN_HEADER).into_iter().map(<[u8]>::to_vec);
    let credentials = items(AUTHORIZATION.as_str()).into_iter().flat_map(|value| {
        // The scheme may have any name, or be missing.
        let (scheme, rest) = match value.iter().position(u8::is_ascii_whitespace) {
            Some(space) => (&value[..space], value[space..].trim_ascii()),
            None => (&b""[..], value),
        };
        if scheme.eq_ignore_ascii_case(b"basic") { user_and_password(rest) } else { vec![rest.to_vec()] }
    });
    own.chain(credentials).collect()
}

/// Both parts of Basic credentials: tools differ in which of them carries the token.
fn user_and_password(encoded: &[u8]) -> Vec<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let pair = [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(encoded).ok())
        .unwrap_or_default();
    pair.splitn(2, |byte| *byte == b':').map(<[u8]>::to_vec).collect()
}
