//! The upgrade to a `WebSocket`, and the choice of its protocol.

use async_graphql_axum::GraphQLProtocol;
use axum::{
    extract::{FromRequestParts as _, ws::WebSocketUpgrade},
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use futures_util::future::BoxFuture;

use super::{connection_init::Handshake, graphql_transport_ws, protocol, subscriptions_transport_ws};
use crate::{
    auth::bearer,
    error::{ApiError, ErrorCode},
    http::{SharedState, caller, origin},
    request_id::RequestId,
};

/// Small, since sockets are many and messages of clients are short.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Whether a request asks for an upgrade to a `WebSocket`.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    let upgrades = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    upgrades.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Answers an upgrade. A browser cannot set headers on it, so the token may come in `connection_init`; but a token in
/// the headers has to be valid. Credentials of another scheme belong to a proxy and are ignored.
pub async fn upgrade(state: SharedState, parts: &mut Parts) -> Result<Response, ApiError> {
    if !origin::may_connect(&parts.uri, &parts.headers, &state.cors_origins) {
        let message = "Web pages of this origin may not connect: PROMOGRAPH_CORS_ORIGINS does not list it";
        return Err(ApiError::new(ErrorCode::Forbidden, message));
    }
    let address = state.unauthenticated.client_address(parts);
    let session = if has_bearer(&parts.headers) {
        Some(caller::session(&state, bearer(&parts.headers), address).await?)
    } else {
        None
    };
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &state).await;
    let upgrade = upgrade.map_err(|_| ApiError::new(ErrorCode::BadRequest, "The WebSocket upgrade is not complete"))?;
    // The first of our protocols that the client offers is used.
    let upgrade = upgrade.protocols([protocol::NAME, subscriptions_transport_ws::NAME]);
    let Some(selected) = upgrade.selected_protocol().cloned() else {
        let message =
            format!("Sec-WebSocket-Protocol must name {} or {}", protocol::NAME, subscriptions_transport_ws::NAME);
        return Err(ApiError::new(ErrorCode::BadRequest, message));
    };
    let older = if selected == subscriptions_transport_ws::NAME {
        // async-graphql-axum would choose the first that the client offers.
        parts.headers.insert(header::SEC_WEBSOCKET_PROTOCOL, selected);
        let protocol = GraphQLProtocol::from_request_parts(parts, &state).await;
        Some(protocol.map_err(|_| ApiError::new(ErrorCode::BadRequest, "Sec-WebSocket-Protocol cannot be parsed"))?)
    } else {
        None
    };
    let upgrade = upgrade.read_buffer_size(READ_BUFFER_BYTES).write_buffer_size(0);
    let max = state.limits().body_bytes;
    let upgrade = upgrade.max_message_size(max).max_frame_size(max);
    let id = RequestId::current();
    Ok(upgrade.on_upgrade(move |socket| {
        let live = state.live.clone();
        let handshake = Handshake { state, session, address };
        live.track_socket(async move {
            // Boxed: sockets are many, and each should have the size of its own protocol only.
            let running: BoxFuture<'static, ()> = match older {
                None => Box::pin(graphql_transport_ws::run(socket, handshake)),
                Some(protocol) => Box::pin(subscriptions_transport_ws::run(socket, handshake, protocol)),
            };
            // Errors are logged with the request id of the upgrade.
            match id {
                Some(id) => id.scope(running).await,
                None => running.await,
            }
        })
    }))
}

/// Whether the request carries a bearer token, valid or not.
fn has_bearer(headers: &HeaderMap) -> bool {
    let schemes = headers.get_all(header::AUTHORIZATION).iter().map(|value| value.as_bytes().get(..6));
    schemes.flatten().any(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
}
