//! The keys of secrets, in every spelling of senders and of the tools between them and us.

use std::borrow::Cow;

use super::escapes::decode_once;

/// The last words of such keys, without separators: `auth_token`, `temp_password`,
/// `password_setup_url`, and `default_webhook_url`, which may hold one of our own tokens.
const NAMES: [&[u8]; 4] = [b"authtoken", b"temppassword", b"passwordsetupurl", b"defaultwebhookurl"];

/// The length of the shortest of them.
pub(super) const MIN_NAME_LENGTH: usize = 9;

/// Words that may follow a secret's name: `auth_token_was`, `auth_token[value]`.
const SUFFIXES: [&[u8]; 8] = [b"value", b"values", b"was", b"old", b"new", b"before", b"after", b"s"];

/// Keys of the value in an object that names a secret: `{"name":"auth_token","value":"..."}`.
const VALUES: [&[u8]; 12] = [
    b"value",
    b"values",
    b"old",
    b"new",
    b"oldvalue",
    b"newvalue",
    b"from",
    b"to",
    b"before",
    b"after",
    b"was",
    b"text",
];

/// Only this many bytes at the end of a key are matched, so that a long key costs no more than a short one.
const MAX_KEY_BYTES: usize = 2048;

/// How many levels of escapes of a key are decoded; a key with more counts as a secret's.
const MAX_ESCAPE_LEVELS: usize = 8;

/// Whether a key ends in the name of a secret: `auth_token`, `authToken`, `auth-token`,
/// `data__promoter__auth_token`, `data[promoter][auth_token]`, `data.promoters.0.auth_token`. Digits and a
/// few words after the name (`auth_token[0]`, `auth_tokens`, `auth_token_was`) are ignored; `oauth_token` is
/// another word.
pub(in crate::webhook) fn is_secret(key: &[u8]) -> bool {
    matches(key, &NAMES)
}

/// Whether a key ends in the name of a secret that is a URL.
pub(super) fn is_secret_url(key: &[u8]) -> bool {
    matches(key, &NAMES[2..])
}

/// Whether a key is one of the value in an object that names a secret.
pub(super) fn is_value_key(key: &[u8]) -> bool {
    let letters: Vec<_> = key.iter().filter(|byte| byte.is_ascii_alphanumeric()).take(9).collect();
    VALUES
        .iter()
        .any(|value| value.len() == letters.len() && value.iter().zip(&letters).all(|(a, b)| a.eq_ignore_ascii_case(b)))
}

fn matches(key: &[u8], names: &[&[u8]]) -> bool {
    let key = trim_end(key, |byte| !byte.is_ascii_alphanumeric() && *byte != b';');
    let mut key = Cow::Borrowed(&key[key.len().saturating_sub(MAX_KEY_BYTES)..]);
    for _ in 0..MAX_ESCAPE_LEVELS {
        if key.len() < MIN_NAME_LENGTH {
            return false;
        }
        let decoded = decode_once(&key);
        if decoded == key {
            return ends_in_any(&key, names);
        }
        key = Cow::Owned(decoded.into_owned());
    }
    true
}

fn ends_in_any(mut key: &[u8], names: &[&[u8]]) -> bool {
    loop {
        key = trim_end(key, |byte| !byte.is_ascii_alphabetic());
        if names.iter().any(|name| ends_in(key, name)) {
            return true;
        }
        let Some(shorter) = SUFFIXES.iter().find_map(|suffix| {
            let (rest, end) = key.split_at_checked(key.len().checked_sub(suffix.len())?)?;
            end.eq_ignore_ascii_case(suffix).then_some(rest)
        }) else {
            return false;
        };
        key = shorter;
    }
}

fn trim_end(text: &[u8], unwanted: impl Fn(&u8) -> bool) -> &[u8] {
    &text[..text.iter().rposition(|byte| !unwanted(byte)).map_or(0, |last| last + 1)]
}

fn ends_in(key: &[u8], name: &[u8]) -> bool {
    let (mut rest, mut first, mut second) = (key, 0, 0);
    for expected in name.iter().rev() {
        rest = trim_end(rest, |byte| !byte.is_ascii_alphanumeric());
        let Some((last, before)) = rest.split_last() else { return false };
        if !last.eq_ignore_ascii_case(expected) {
            return false;
        }
        (rest, first, second) = (before, *last, first);
    }
    // A word begins after anything but a letter, or with a capital between small letters.
    rest.last().is_none_or(|byte| !byte.is_ascii_alphabetic())
        || (first.is_ascii_uppercase() && second.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_key_is_matched_by_its_last_words() {
        for key in [
            "auth_token",
            "AUTH_TOKEN",
            "authToken",
            "AuthToken",
            "authtoken",
            "auth-token",
            "Auth Token",
            "data__promoter__auth_token",
            "data_promoter_auth_token",
            "data[promoter][temp_password]",
            "data%5Bpromoter%5D%5Btemp_password%5D",
            "data.promoter.auth_token",
            "data.promoters.0.auth_token",
            "data/promoter/password_setup_url",
            "data:promoter:passwordSetupUrl",
            "promoterAuthToken",
            "auth_token[]",
            "auth_token[0]",
            "auth_token.0.1",
            "auth_token_2",
            "auth_token1",
            "promoter1auth_token",
            "auth_tokens",
            "auth_token_was",
            "authTokenWas",
            "auth_token.value",
            "data[auth_token][value]",
            "auth_token.0.new",
            "data%255Bauth%25255Ftoken%255D",
            r"auth\u005ftoken",
            r"auth\x5ftoken",
            "auth&#95;token",
            "data.campaign.default-webhook-url",
        ] {
            assert!(is_secret(key.as_bytes()), "{key}");
        }
        for key in [
            "",
            "token",
            "auth",
            "auth_token_hint",
            "auth_token2x",
            "oauth_token",
            "OAUTH_TOKEN",
            "author_token",
            "xauthtoken",
            "temp_password_sent_at",
            "webhook_url",
            "authToken.name",
        ] {
            assert!(!is_secret(key.as_bytes()), "{key}");
        }
    }
}
