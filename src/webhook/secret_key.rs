//! Which keys name a promoter's secret, however a sender or a tool in between writes them.

use super::text::percent_decode;

/// The last words of such keys, without what stands between the words: `auth_token`, `temp_password`,
/// `password_setup_url`, and `default_webhook_url`, which may hold one of our own tokens.
const NAMES: [&[u8]; 4] = [b"authtoken", b"temppassword", b"passwordsetupurl", b"defaultwebhookurl"];

/// The shortest of them.
pub(super) const SHORTEST: usize = 9;

/// Whether the last words of a key are those of a secret: `auth_token`, `authToken`, `auth-token`,
/// `data__promoter__auth_token`, `data[promoter][auth_token]`, `data.promoters.0.auth_token`. An index
/// behind them (`auth_token[0]`) does not matter; `oauth_token` is another word.
pub(super) fn is_secret(key: &[u8]) -> bool {
    if key.len() < SHORTEST {
        return false;
    }
    let key = percent_decode(key);
    let key = without_index(&key);
    NAMES.iter().any(|name| ends_in(key, name))
}

fn without_index(mut key: &[u8]) -> &[u8] {
    loop {
        let words = trim_end(key, |byte| !byte.is_ascii_alphanumeric());
        let name = trim_end(words, u8::is_ascii_digit);
        let is_index = name.len() < words.len() && name.last().is_some_and(|byte| !byte.is_ascii_alphanumeric());
        if !is_index {
            return words;
        }
        key = name;
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
    // A word begins behind anything but a letter or digit, or with a capital between small letters.
    rest.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        || (first.is_ascii_uppercase() && second.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_key_is_judged_by_its_last_words() {
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
            "data.campaign.default-webhook-url",
        ] {
            assert!(is_secret(key.as_bytes()), "{key}");
        }
        for key in [
            "",
            "token",
            "auth",
            "auth_token_hint",
            "auth_tokens",
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
