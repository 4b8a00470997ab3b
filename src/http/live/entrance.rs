//! Who may come in on a `WebSocket`, whatever is spoken there.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::{init, protocol::Close};
use crate::{
    auth::{BadToken, Session},
    error::{ApiError, ErrorCode},
    http::{AppState, caller},
};

/// What an upgrade brought along.
#[derive(Debug)]
pub struct Entrance {
    /// The server.
    pub state: AppState,
    /// Whose token came with the upgrade.
    pub invited: Option<Session>,
    /// Where it comes from.
    pub address: IpAddr,
}

impl Entrance {
    /// The session that `connection_init` opens: by the token in its payload, else by that of the upgrade.
    ///
    /// # Errors
    /// With what the socket is to be closed.
    pub async fn session(&mut self, payload: &Map<String, Value>) -> Result<Session, Close> {
        match (init::token(payload), self.invited.take()) {
            (Err(()), _) | (Ok(None), None) => {
                Err(closing(&self.state.unauthenticated.refuse(self.address, BadToken::missing().into())))
            }
            (Ok(None), Some(session)) => Ok(session),
            (Ok(Some(token)), _) => {
                // Sockets are many and live long: what they need once takes no room in them.
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
