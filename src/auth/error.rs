//! Why a token is invalid.

use jsonwebtoken::errors::ErrorKind;

/// Why a token is invalid: for the log, never for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than any valid token.
    #[error("it is too long")]
    TooLong,
    /// Malformed, or not signed with this key.
    #[error("{}", unreadable(.0))]
    Unreadable(jsonwebtoken::errors::Error),
    /// Its header has `crit`: no extension is supported.
    #[error("its header names critical extensions")]
    Critical,
    /// Its claims are not a JSON object.
    #[error("its claims are not an object")]
    NoClaims,
    /// It expired.
    #[error("it expired")]
    Expired,
    /// `nbf` is in the future.
    #[error("it is not valid yet")]
    Early,
    /// A claim is missing or has a wrong value.
    #[error("its claim `{0}` is missing or wrong")]
    Claim(&'static str),
}

/// Not the library's own message, which may repeat parts of the token.
fn unreadable(error: &jsonwebtoken::errors::Error) -> &'static str {
    match error.kind() {
        ErrorKind::InvalidSignature => "its signature is invalid",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
            "it is signed by an algorithm that is not the key's"
        }
        _ => "it is malformed",
    }
}
