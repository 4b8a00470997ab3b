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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn of(claims: &Value, leeway: i64) -> Result<i64, Refused> {
        check(claims.as_object().unwrap(), NOW, leeway).map(|times| times.ends_at)
    }

    #[test]
    fn clocks_may_differ_by_the_leeway_and_no_second_more() {
        for leeway in [0, 60] {
            let last = NOW - leeway + 1;
            assert_eq!(of(&json!({"exp": last}), leeway), Ok(NOW + 1), "it ends that much later");
            assert_eq!(of(&json!({"exp": last - 1}), leeway), Err(Refused::Expired));
            let latest = NOW + leeway;
            assert!(of(&json!({"exp": NOW + 9, "nbf": latest, "iat": latest}), leeway).is_ok());
            assert_eq!(of(&json!({"exp": NOW + 9, "nbf": latest + 1}), leeway), Err(Refused::Early));
            assert_eq!(of(&json!({"exp": NOW + 9, "iat": latest + 1}), leeway), Err(Refused::Claim("iat")));
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds_whole_or_not() {
        assert_eq!(of(&json!({"exp": f64::from(u32::MAX) + 0.5}), 0), Ok(i64::from(u32::MAX)));
        assert_eq!(of(&json!({"exp": 1e300}), 60), Ok(i64::MAX), "for ever is no overflow");
        for wrong in [json!({}), json!({"exp": null}), json!({"exp": "1900000000"}), json!({"exp": -1})] {
            assert_eq!(of(&wrong, 60), Err(Refused::Claim("exp")), "{wrong}");
        }
    }
}
