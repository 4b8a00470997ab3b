//! Who sent a request.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::AppState;
use crate::{
    auth::{Denied, Session, bearer},
    error::Problem,
    time::now_ms,
};

/// A handler that takes this answers only those with a valid token.
#[derive(Clone, Debug)]
pub struct Caller(pub Session);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let token = bearer(&parts.headers).ok_or(Denied::BadToken)?;
        Ok(Self(state.authenticator.authenticate(token, now_ms()).await?))
    }
}
