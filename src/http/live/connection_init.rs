//! `connection_init`: finds the token in its payload and authenticates the socket.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::protocol::Close;
use crate::{
    auth::{BadToken, Session},
    error::{ApiError, ErrorCode},
    http::{SharedState, caller},
};

/// Keys of a token, in any case and without separators of words: `authorization`, `token`, `authToken`, `access_token`.
const TOKEN_KEYS: [&str; 4] = ["authorization", "token", "authtoken", "accesstoken"];
/// Some clients send an object of the headers that they would have set.
const HEADERS_KEY: &str = "headers";

/// The token in a payload: plain or as `Bearer TOKEN`, under one of the keys, at the top or in `headers`. A key without
/// a value is ignored.
///
/// # Errors
/// When there are several different ones, or the value is not a token.
fn token(payload: &Map<String, Value>) -> Result<Option<&str>, ()> {
    let headers = payload.iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADERS_KEY));
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
    TOKEN_KEYS.iter().any(|known| words.clone().eq(known.bytes()))
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

/// A socket that is not authenticated yet.
#[derive(Debug)]
pub(super) struct Handshake {
    /// The server.
    pub state: SharedState,
    /// By the token in the upgrade's headers.
    pub session: Option<Session>,
    /// The client's address.
    pub address: IpAddr,
}

impl Handshake {
    /// The session by the token in the payload of `connection_init`, or else by the token of the upgrade.
    ///
    /// # Errors
    /// The close, when there is no valid token.
    pub async fn authenticate(&mut self, payload: &Map<String, Value>) -> Result<Session, Close> {
        match (token(payload), self.session.take()) {
            (Err(()), _) | (Ok(None), None) => {
                Err(closing(&self.state.unauthenticated.refuse(self.address, BadToken::missing().into())))
            }
            (Ok(None), Some(session)) => Ok(session),
            (Ok(Some(token)), _) => {
                // Boxed: sockets are many and live long, and need this only once.
                let session = Box::pin(caller::session(&self.state, Some(token), self.address)).await;
                session.map_err(|problem| closing(&problem))
            }
        }
    }
}

fn closing(problem: &ApiError) -> Close {
    match problem.code {
        ErrorCode::Unavailable => Close::unavailable(),
        _ => Close::forbidden(problem.ended),
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
