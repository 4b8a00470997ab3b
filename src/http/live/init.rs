//! The payload of `connection_init`: where clients put a token when they open a `WebSocket`.

use serde_json::{Map, Value};

/// Names of a token, without what separates their words: `authorization`, `token`, `authToken`,
/// `access_token`, in any case.
const NAMES: [&str; 4] = ["authorization", "token", "authtoken", "accesstoken"];
/// Some clients send what they would have set as headers.
const HEADERS: &str = "headers";

/// The token in a payload: bare or as `Bearer TOKEN`, under one of the names, or so in `headers`. A name
/// without a value counts as not given.
///
/// # Errors
/// When there are several that differ, or what is there is none.
pub fn token(payload: &Map<String, Value>) -> Result<Option<&str>, ()> {
    let headers = payload.iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADERS));
    let headers = headers.filter_map(|(_, value)| value.as_object()).flatten();
    let mut found = None;
    for (_, value) in payload.iter().chain(headers).filter(|(name, _)| is_token(name)) {
        let Some(token) = read(value)? else { continue };
        if found.is_some_and(|other| other != token) {
            return Err(());
        }
        found = Some(token);
    }
    Ok(found)
}

fn is_token(name: &str) -> bool {
    let words = name.bytes().filter(|byte| !b"-_".contains(byte)).map(|byte| byte.to_ascii_lowercase());
    NAMES.iter().any(|known| words.clone().eq(known.bytes()))
}

fn read(value: &Value) -> Result<Option<&str>, ()> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim(),
        _ => return Err(()),
    };
    match text.split_once(char::is_whitespace) {
        None if text.is_empty() => Ok(None),
        None if text.eq_ignore_ascii_case("bearer") => Err(()),
        None => Ok(Some(text)),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim_start())),
        Some(_) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(payload: &Value) -> Result<Option<&str>, ()> {
        token(payload.as_object().unwrap())
    }

    #[test]
    fn a_token_is_found_wherever_clients_put_it() {
        for payload in [
            json!({"authorization": "Bearer a.b"}),
            json!({"Authorization": "bearer  a.b "}),
            json!({"AUTHORIZATION": "a.b"}),
            json!({"token": "a.b"}),
            json!({"token": "Bearer a.b", "other": 1}),
            json!({"authToken": "a.b"}),
            json!({"access_token": "a.b"}),
            json!({"headers": {"Authorization": "Bearer a.b"}}),
            json!({"Headers": {"authorization": "a.b", "x-other": null}}),
            json!({"headers": {"authorization": "Bearer a.b"}, "Authorization": "Bearer a.b"}),
            json!({"authorization": null, "token": "a.b", "headers": {"authorization": ""}}),
        ] {
            assert_eq!(of(&payload), Ok(Some("a.b")), "{payload}");
        }
    }

    #[test]
    fn a_name_without_a_value_is_none() {
        for payload in [
            json!({}),
            json!({"token": null}),
            json!({"authorization": ""}),
            json!({"headers": {}}),
            json!({"headers": null}),
            json!({"headers": []}),
            json!({"tokens": "a.b"}),
        ] {
            assert_eq!(of(&payload), Ok(None), "{payload}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for payload in [
            json!({"authorization": "Basic a.b"}),
            json!({"authorization": "Bearer"}),
            json!({"authorization": ["Bearer a.b"]}),
            json!({"token": 1}),
            json!({"token": "a.b", "authorization": "Bearer c.d"}),
            json!({"token": "a.b", "headers": {"Authorization": "Bearer c.d"}}),
        ] {
            assert_eq!(of(&payload), Err(()), "{payload}");
        }
    }
}
