//! Reading the claims of a token, whatever key signed it.

use serde_json::{Map, Value};

use super::error::TokenError;

/// The claims of a token with a good signature. Null counts as nothing.
pub(super) type Claims = Map<String, Value>;

/// Tolerated difference between the clock of the token's maker and ours, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leeway {
    /// Added to `exp`.
    pub end: i64,
    /// How far `nbf` and `iat` may be in the future.
    pub begin: i64,
}

/// The times of a token that is valid now, in seconds since 1970.
pub(super) struct Times {
    pub issued_at: Option<i64>,
    /// Its `exp` and the leeway.
    pub ends_at: i64,
}

/// Checks `exp`, `nbf` and `iat` at this time, in seconds.
pub(super) fn times(claims: &Claims, now: i64, leeway: Leeway) -> Result<Times, TokenError> {
    let ends_at = time(claims, "exp", f64::floor)?.ok_or(TokenError::Claim("exp"))?.saturating_add(leeway.end);
    if ends_at <= now {
        return Err(TokenError::Expired);
    }
    let latest = now.saturating_add(leeway.begin);
    if time(claims, "nbf", f64::ceil)?.is_some_and(|begin| begin > latest) {
        return Err(TokenError::Early);
    }
    let issued_at = time(claims, "iat", f64::floor)?;
    if issued_at.is_some_and(|issued| issued > latest) {
        return Err(TokenError::Claim("iat"));
    }
    Ok(Times { issued_at, ends_at })
}

/// A `NumericDate` (RFC 7519) in whole seconds: JSON has several ways to write one, and fractions are allowed.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and whole seconds are what is wanted")]
fn time(claims: &Claims, name: &'static str, whole: fn(f64) -> f64) -> Result<Option<i64>, TokenError> {
    match there(claims, name) {
        None => Ok(None),
        Some(value) => match value.as_i64().or_else(|| value.as_f64().map(|seconds| whole(seconds) as i64)) {
            Some(seconds) if seconds >= 0 => Ok(Some(seconds)),
            _ => Err(TokenError::Claim(name)),
        },
    }
}

/// `sub`: a text that is not blank, or a whole number (some issuers use the user's number), as its digits.
pub(super) fn subject(claims: &Claims) -> Result<String, TokenError> {
    let subject = there(claims, "sub").and_then(whole_or_text);
    subject.filter(|subject| !subject.trim().is_empty()).ok_or(TokenError::Claim("sub"))
}

/// A claim that is a text if it is present.
pub(super) fn text<'a>(claims: &'a Claims, name: &'static str) -> Result<Option<&'a str>, TokenError> {
    there(claims, name).map(|value| value.as_str().ok_or(TokenError::Claim(name))).transpose()
}

/// The texts of a claim that is absent, a text, or a list of texts; none if it has another type.
pub(super) fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::String(text)) => Some(vec![text]),
        Some(Value::Array(items)) => items.iter().map(Value::as_str).collect(),
        Some(_) => None,
    }
}

/// A text, or a whole number as its digits.
pub(super) fn whole_or_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A promoter's id: a whole number above zero, or its digits, as some providers (Cognito) only have claims of text.
pub(super) fn promoter_id(value: &Value) -> Option<i64> {
    let digits = whole_or_text(value)?;
    digits.parse().ok().filter(|id: &i64| *id > 0 && id.to_string() == digits)
}

/// The value of a claim; null counts as absent.
pub(super) fn there<'a>(claims: &'a Claims, name: &str) -> Option<&'a Value> {
    claims.get(name).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn of(claims: &Value, leeway: i64) -> Result<i64, TokenError> {
        let leeway = Leeway { end: leeway, begin: leeway };
        times(claims.as_object().unwrap(), NOW, leeway).map(|times| times.ends_at)
    }

    #[test]
    fn clocks_may_differ_by_the_leeway_and_no_second_more() {
        for leeway in [0, 60] {
            let last = NOW - leeway + 1;
            assert_eq!(of(&json!({"exp": last}), leeway), Ok(NOW + 1), "it ends that much later");
            assert_eq!(of(&json!({"exp": last - 1}), leeway), Err(TokenError::Expired));
            let latest = NOW + leeway;
            assert!(of(&json!({"exp": NOW + 9, "nbf": latest, "iat": latest}), leeway).is_ok());
            assert_eq!(of(&json!({"exp": NOW + 9, "nbf": latest + 1}), leeway), Err(TokenError::Early));
            assert_eq!(of(&json!({"exp": NOW + 9, "iat": latest + 1}), leeway), Err(TokenError::Claim("iat")));
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds_whole_or_not() {
        for (text, seconds) in [
            ("1900000000", 1_900_000_000),
            ("1900000000.0", 1_900_000_000),
            ("1900000000.999", 1_900_000_000),
            ("1.9e9", 1_900_000_000),
            ("19E8", 1_900_000_000),
            // For ever is no overflow.
            ("1e300", i64::MAX),
            ("18446744073709551615", i64::MAX),
            ("99999999999999999999999", i64::MAX),
        ] {
            let claims = serde_json::from_str(&format!(r#"{{"exp": {text}}}"#)).unwrap();
            assert_eq!(of(&claims, 0), Ok(seconds), "{text}");
            assert_eq!(of(&claims, 60), Ok(seconds.saturating_add(60)), "{text}");
        }
        for wrong in
            [json!({}), json!({"exp": null}), json!({"exp": "1900000000"}), json!({"exp": -1}), json!({"exp": -1e300})]
        {
            assert_eq!(of(&wrong, 60), Err(TokenError::Claim("exp")), "{wrong}");
        }
    }

    #[test]
    fn a_fraction_of_a_second_never_makes_a_token_count_longer_or_earlier() {
        let half = 1_800_000_000.5;
        assert_eq!(of(&json!({"exp": half}), 0), Err(TokenError::Expired));
        assert_eq!(of(&json!({"exp": NOW + 9, "nbf": half}), 0), Err(TokenError::Early));
        assert!(of(&json!({"exp": NOW + 9, "nbf": 1_799_999_999.5, "iat": half}), 0).is_ok());
    }

    #[test]
    fn a_promoter_s_id_is_a_whole_number_above_zero_or_its_digits() {
        for (value, id) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(i64::MAX), Some(i64::MAX)),
            (json!("07"), None),
            (json!("+7"), None),
            (json!(" 7"), None),
            (json!(7.0), None),
            (json!(0), None),
            (json!("-7"), None),
            (json!(u64::MAX), None),
            (json!([7]), None),
            (json!(true), None),
        ] {
            assert_eq!(promoter_id(&value), id, "{value}");
        }
    }
}
