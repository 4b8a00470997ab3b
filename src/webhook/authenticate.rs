//! Who may deliver: the token of an endpoint, a valid signature, or both, as the endpoint demands.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    endpoint::{Endpoints, Mode, Secrets},
    route::Address,
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
    pub fn of(endpoints: &Endpoints, address: &Address, headers: &HeaderMap) -> Self {
        let in_path = match address {
            Address::Bare => None,
            Address::With(token) => Some(endpoints.mode_of(token)),
            Address::Other => Some(None),
        };
        let in_headers = header_tokens(headers).into_iter().filter_map(|token| endpoints.mode_of(&token)).max();
        let signatures = headers.get_all(SIGNATURE_HEADER).iter().map(|value| value.as_bytes().to_vec()).collect();
        Self { mode: in_path.flatten().max(in_headers), astray: matches!(in_path, Some(None)), signatures }
    }

    /// Whether it shows the token of an endpoint, and no wrong one in its path.
    pub fn has_token(&self) -> bool {
        !self.astray && self.mode.is_some()
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

/// Everything in the headers that may be a token. A proxy may have joined several lines by commas, which no
/// token holds.
fn header_tokens(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let items = |name: &str| -> Vec<&[u8]> {
        let lines = headers.get_all(name).iter();
        lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).collect()
    };
    let own = items(TOKEN_HEADER).into_iter().map(<[u8]>::to_vec);
    let credentials = items(AUTHORIZATION.as_str()).into_iter().flat_map(|value| {
        // Whatever the scheme is called, and also where none is named.
        let (scheme, rest) = match value.iter().position(u8::is_ascii_whitespace) {
            Some(space) => (&value[..space], value[space..].trim_ascii()),
            None => (&b""[..], value),
        };
        if scheme.eq_ignore_ascii_case(b"basic") { user_and_password(rest) } else { vec![rest.to_vec()] }
    });
    own.chain(credentials).collect()
}

/// Tools differ in which of the two they take a token for.
fn user_and_password(encoded: &[u8]) -> Vec<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let pair = [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(encoded).ok())
        .unwrap_or_default();
    pair.splitn(2, |byte| *byte == b':').map(<[u8]>::to_vec).collect()
}
