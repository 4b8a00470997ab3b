//! When a token counts.

use serde_json::{Map, Value};

use crate::auth::token::Refused;

/// Of a token that counts now. Seconds since 1970.
pub(super) struct Times {
    pub issued_at: Option<i64>,
    /// Its `exp` and the leeway.
    pub ends_at: i64,
}

/// Checks `exp`, `nbf` and `iat` at this time; all in seconds.
pub(super) fn check(claims: &Map<String, Value>, now: i64, leeway: i64) -> Result<Times, Refused> {
    let ends_at = time(claims, "exp")?.ok_or(Refused::Claim("exp"))?.saturating_add(leeway);
    if ends_at <= now {
        return Err(Refused::Expired);
    }
    let latest = now.saturating_add(leeway);
    if time(claims, "nbf")?.is_some_and(|begin| begin > latest) {
        return Err(Refused::Early);
    }
    let issued_at = time(claims, "iat")?;
    if issued_at.is_some_and(|issued| issued > latest) {
        return Err(Refused::Claim("iat"));
    }
    Ok(Times { issued_at, ends_at })
}

/// JWT allows fractions of seconds; they are cut off.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and whole seconds are what is wanted")]
fn time(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Refused> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64)) {
            Some(seconds) if seconds >= 0 => Ok(Some(seconds)),
            _ => Err(Refused::Claim(name)),
        },
    }
}
