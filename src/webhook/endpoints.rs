//! The configured tokens of webhook endpoints, and the secrets that sign bodies.

use std::{fmt, sync::Arc};

use memchr::memmem::Finder;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::signature::HmacKey;

/// Shorter tokens and secrets could be guessed, or match text by chance.
const MIN_LENGTH: usize = 16;
/// Longer ones are a mistake.
const MAX_LENGTH: usize = 256;

/// How an endpoint treats `X-Webhook-Signature`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureMode {
    /// The header is ignored.
    Off,
    /// A delivery that carries the header must carry a valid one.
    #[default]
    IfPresent,
    /// Every delivery must carry a valid one. FirstPromoter never signs webhooks v1.
    Required,
}

/// An unusable setting. Names the entry and what was expected, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EndpointError(String);

/// The webhook tokens; cheap to clone.
#[derive(Clone, Default)]
pub struct Endpoints(Arc<Tokens>);

#[derive(Default)]
struct Tokens {
    /// The SHA-256 of each token, so that comparing takes the same time for all of them.
    hashes: Vec<([u8; 32], SignatureMode)>,
    matcher: TokenMatcher,
}

impl Endpoints {
    /// Reads a comma list of `TOKEN` or `TOKEN:MODE`, the mode being `required`, `if-present` (the default) or `off`.
    /// A token has 16 to 256 letters, digits, `-`, `_`, `.` or `~`. Empty text is no endpoint.
    ///
    /// # Errors
    /// When an entry is not of that form, or a token occurs twice.
    pub fn parse(list: &str) -> Result<Self, EndpointError> {
        let mut tokens = Vec::new();
        for (number, entry) in entries(list) {
            let (token, mode) = entry.split_once(':').unwrap_or((entry, "if-present"));
            let mode = match mode.trim() {
                "required" => SignatureMode::Required,
                "if-present" => SignatureMode::IfPresent,
                "off" => SignatureMode::Off,
                _ => {
                    return Err(entry_error(number, "has an unknown mode; expected `required`, `if-present` or `off`"));
                }
            };
            let token = token.trim();
            check_length(number, token)?;
            if !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)) {
                return Err(entry_error(
                    number,
                    "has a token with other characters than letters, digits, `-`, `_`, `.`, `~`",
                ));
            }
            if tokens.iter().any(|(other, _)| *other == token) {
                return Err(entry_error(number, "repeats the token of another entry"));
            }
            tokens.push((token, mode));
        }
        Ok(Self::new(&tokens))
    }

    /// From valid tokens.
    #[must_use]
    pub fn new(tokens: &[(&str, SignatureMode)]) -> Self {
        let matcher = TokenMatcher::new(tokens.iter().map(|(token, _)| *token));
        let hashes = tokens.iter().map(|(token, mode)| (Sha256::digest(token).into(), *mode)).collect();
        Self(Arc::new(Tokens { hashes, matcher }))
    }

    /// Whether no token is configured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.hashes.is_empty()
    }

    /// Whether some endpoint requires a signature.
    #[must_use]
    pub fn require_signature(&self) -> bool {
        self.0.hashes.iter().any(|(_, mode)| *mode == SignatureMode::Required)
    }

    /// The mode of the endpoint with this token. Compares with every token, whichever matches.
    pub(super) fn mode_of(&self, candidate: &[u8]) -> Option<SignatureMode> {
        let candidate: [u8; 32] = Sha256::digest(candidate).into();
        self.0.hashes.iter().fold(
            None,
            |found, (hash, mode)| {
                if bool::from(hash.ct_eq(&candidate)) { Some(*mode) } else { found }
            },
        )
    }

    pub(super) fn token_matcher(&self) -> &TokenMatcher {
        &self.0.matcher
    }
}

/// Finds our own webhook tokens in text that is about to be stored.
#[derive(Clone, Default)]
pub(super) struct TokenMatcher {
    finders: Vec<Finder<'static>>,
    min_length: usize,
}

impl TokenMatcher {
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let finders: Vec<_> = tokens.into_iter().map(|token| Finder::new(token).into_owned()).collect();
        let min_length = finders.iter().map(|finder| finder.needle().len()).min().unwrap_or(usize::MAX);
        Self { finders, min_length }
    }

    /// Whether the text contains a token verbatim.
    pub fn matches(&self, text: &[u8]) -> bool {
        text.len() >= self.min_length && self.finders.iter().any(|finder| finder.find(text).is_some())
    }
}

/// The secrets that signatures are checked with; cheap to clone. Several, so that a secret can be rotated while
/// deliveries signed with the old one are still retried.
#[derive(Clone, Default)]
pub struct SigningSecrets(Arc<[HmacKey]>);

impl SigningSecrets {
    /// Reads a comma list of secrets, each as FirstPromoter shows it: 64 hexadecimal characters, which are not decoded.
    /// Empty text is no secret.
    ///
    /// # Errors
    /// When an entry is empty, or shorter than 16 or longer than 256 characters.
    pub fn parse(list: &str) -> Result<Self, EndpointError> {
        let mut secrets = Vec::new();
        for (number, secret) in entries(list) {
            check_length(number, secret)?;
            secrets.push(secret);
        }
        Ok(Self::new(&secrets))
    }

    fn new(secrets: &[&str]) -> Self {
        Self(secrets.iter().map(|secret| HmacKey::new(secret.as_bytes())).collect())
    }

    /// Whether no secret is configured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn keys(&self) -> &[HmacKey] {
        &self.0
    }
}

/// Refuses settings with which no delivery could ever be authenticated.
pub(super) fn check(endpoints: &Endpoints, secrets: &SigningSecrets) -> Result<(), EndpointError> {
    if endpoints.require_signature() && secrets.is_empty() {
        return Err(EndpointError(
            "an endpoint has the mode `required`, but there is no secret to check with".to_owned(),
        ));
    }
    if endpoints.is_empty() && secrets.is_empty() {
        return Err(EndpointError("neither a token nor a secret is set; expected at least one".to_owned()));
    }
    Ok(())
}

/// The entries of a comma list, numbered from one.
fn entries(list: &str) -> impl Iterator<Item = (usize, &str)> {
    let entries = (!list.trim().is_empty()).then(|| list.split(','));
    entries.into_iter().flatten().enumerate().map(|(index, entry)| (index + 1, entry.trim()))
}

fn check_length(number: usize, text: &str) -> Result<(), EndpointError> {
    match text.len() {
        0 => Err(entry_error(number, "is empty")),
        length if length < MIN_LENGTH => Err(entry_error(number, "is too short; expected at least 16 characters")),
        length if length > MAX_LENGTH => Err(entry_error(number, "is too long; expected at most 256 characters")),
        _ => Ok(()),
    }
}

fn entry_error(number: usize, problem: &str) -> EndpointError {
    EndpointError(format!("entry {number} {problem}"))
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoints({} tokens, [redacted])", self.0.hashes.len())
    }
}

impl fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningSecrets({} secrets, [redacted])", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoints, SignatureMode, SigningSecrets};

    const TOKEN: &str = "token-0123456789";

    #[test]
    fn each_token_has_its_own_mode() {
        let list = format!("{TOKEN}, {TOKEN}-r:required,{TOKEN}-o:off ,{TOKEN}-i:if-present");
        let endpoints = Endpoints::parse(&list).unwrap();
        let mode = |suffix: &str| endpoints.mode_of(format!("{TOKEN}{suffix}").as_bytes());
        assert_eq!(mode(""), Some(SignatureMode::IfPresent));
        assert_eq!(mode("-r"), Some(SignatureMode::Required));
        assert_eq!(mode("-o"), Some(SignatureMode::Off));
        assert_eq!(mode("-i"), Some(SignatureMode::IfPresent));
        assert_eq!(mode("-x"), None);
        assert_eq!(endpoints.mode_of(b""), None);
        assert!(Endpoints::parse(" ").unwrap().is_empty());
    }

    #[test]
    fn an_error_names_the_entry_and_never_the_token() {
        for (list, problem) in [
            (format!("{TOKEN},"), "entry 2 is empty"),
            (format!("{TOKEN}:sometimes"), "entry 1 has an unknown mode"),
            (format!("{TOKEN}/x"), "entry 1 has a token with other characters"),
            (format!("{TOKEN}:off,{TOKEN}"), "entry 2 repeats"),
            ("token-012345678".to_owned(), "entry 1 is too short"),
            ("token".repeat(60), "entry 1 is too long"),
        ] {
            let error = Endpoints::parse(&list).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
            assert!(!error.contains("token-0"), "{error}");
        }
        assert!(SigningSecrets::parse("short").unwrap_err().to_string().starts_with("entry 1 is too short"));
    }

    #[test]
    fn debugging_shows_no_token() {
        let endpoints = Endpoints::parse(TOKEN).unwrap();
        let secrets = SigningSecrets::parse(TOKEN).unwrap();
        assert!(!format!("{endpoints:?} {secrets:?}").contains(TOKEN));
    }
}
