//! Who sent a request.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::AppState;
use crate::{
    auth::{Denied, Session, bearer},
    error::{Code, Problem},
    time::now_ms,
};

/// A handler that takes this answers only those with a valid token.
#[derive(Clone, Debug)]
pub struct Caller(pub Session);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let token = bearer(&parts.headers).ok_or(Denied::BadToken)?;
        if !state.webhook.intake().is_open() {
            // Waiting for a database that was not there since the start would only take time.
            state.authenticator.check(token, now_ms())?;
            return Err(Problem::new(Code::Unavailable, "The database does not answer yet; try again later"));
        }
        Ok(Self(state.authenticator.authenticate(token, now_ms()).await?))
    }
}
