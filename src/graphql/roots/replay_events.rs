//! The mutation `replayEvents`: applies stored webhook events again.
//!
//! The programme belongs to FirstPromoter: nothing of it can be changed here.

use std::time::Duration;

use entity::webhook_event::EventStatus;
use sea_orm::DbErr;
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    auth::{Session, Viewer},
    database::{
        Database,
        failure::{is_cancelled, is_outage},
    },
    error::ErrorCode,
    graphql::{
        catalog::CATALOG,
        collect::{Collector, RootSelection},
        error::GraphqlError,
        schema::{MUTATION_ROOT, Schema, field, input, object},
    },
    projection::{self, ReplaySelection},
    read::{
        global_id::{self, RowKey},
        object_writer,
        selection::{ArgumentValue, Arguments},
    },
};

/// The most ids of one replay.
const MAX_IDS: usize = 1_000;

/// Adds `Mutation` and its types.
pub fn define(schema: &mut Schema) {
    let argument = input("input", "ReplayEventsInput!", "The events to replay.");
    let description = "Applies stored webhook events again. For admins. At least one condition is required; an event \
        must meet all of them. Replaying is idempotent: it always gives the same rows.";
    let replay = field("ReplayEventsPayload!", description, [argument]);
    schema.add(MUTATION_ROOT, "Changing what belongs to the mirror itself.", object([("replayEvents", replay)]));
    schema.add_input(
        "ReplayEventsInput",
        "The events to replay. All given conditions must hold.",
        [
            input("ids", "[ID!]", "Events with one of these `id`s, at most 1,000."),
            input("types", "[String!]", "Events of one of these types, as FirstPromoter writes them."),
            input("statuses", "[ReplayableStatus!]", "Events with one of these statuses."),
            input("withWarnings", "Boolean", "If true, only events with warnings."),
            input("receivedFrom", "DateTime", "Events that were received at or after this time."),
            input("receivedUntil", "DateTime", "Events that were received before this time."),
        ],
    );
    schema.add_enum(
        "ReplayableStatus",
        "A status from which an event can be replayed.",
        [
            ("APPLIED", "Applied before."),
            ("IGNORED", "There was nothing to apply."),
            ("FAILED", "Could not be applied."),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    let replayed = field("BigInt!", "Number of events that will be applied again.", []);
    schema.add("ReplayEventsPayload", "The result of a replay.", object([("replayed", replayed)]));
}

/// Resolves it. The events are applied in the background.
///
/// # Errors
/// When the viewer is no admin, the input is wrong, or the database fails.
pub async fn resolve(
    (db, wake, timeout): (&Database, &Notify, Duration),
    session: &Session,
    collector: &Collector<'_>,
    root: &RootSelection<'_>,
    now_ms: i64,
) -> Result<Vec<u8>, GraphqlError> {
    let refused = |code, message: &str| GraphqlError::new(code, message).at(root.pos);
    let arguments = collector.arguments(root)?;
    let selected = collector.below(root, "ReplayEventsPayload");
    if session.viewer != Viewer::Admin {
        return Err(refused(ErrorCode::Forbidden, "`replayEvents` needs an admin token"));
    }
    let Some(ArgumentValue::Object(input)) = arguments.get("input") else {
        return Err(refused(ErrorCode::Internal, "internal error"));
    };
    let selection = selection(input).map_err(|error| error.at(root.pos))?;
    let replayed = projection::replay_with_timeout(db, &selection, now_ms, timeout).await;
    let replayed = replayed.map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a replay failed");
        match error.downcast_ref::<DbErr>() {
            Some(cause) if is_cancelled(cause) => {
                refused(ErrorCode::Timeout, "the database took too long and was stopped")
            }
            Some(cause) if is_outage(cause) => {
                refused(ErrorCode::Unavailable, "the database does not answer: try again later")
            }
            _ => refused(ErrorCode::Internal, "internal error"),
        }
    })?;
    wake.notify_one();
    Ok(object_writer::object("ReplayEventsPayload", &selected, &mut |_, out| {
        object_writer::value(&json!(replayed), out);
    }))
}

fn selection(input: &Arguments) -> Result<ReplaySelection, GraphqlError> {
    let bad = |message: &str| GraphqlError::new(ErrorCode::BadUserInput, message);
    let given: Vec<_> =
        input.values().filter(|value| !matches!(value, ArgumentValue::Null | ArgumentValue::Bool(false))).collect();
    if given.is_empty() {
        return Err(bad("`input` needs at least one condition"));
    }
    if given.iter().any(|value| matches!(value, ArgumentValue::List(items) if items.is_empty())) {
        return Err(bad("an empty list in `input` selects nothing: leave it out"));
    }
    let list = |name: &str| match input.get(name) {
        Some(ArgumentValue::List(items)) => items.as_slice(),
        _ => &[],
    };
    let texts = |name: &str| {
        let text = |item: &ArgumentValue| if let ArgumentValue::Text(text) = item { Some(text.clone()) } else { None };
        list(name).iter().filter_map(text).collect::<Vec<_>>()
    };
    // Both bounds take or leave what begins with a millisecond.
    let time = |name: &str| match input.get(name) {
        Some(ArgumentValue::Int(ms)) => Some(*ms),
        Some(ArgumentValue::Behind(ms)) => Some(ms + 1),
        _ => None,
    };
    let ids = texts("ids");
    if ids.len() > MAX_IDS {
        return Err(bad(&format!("`ids` has {} ids: at most {MAX_IDS}", ids.len())));
    }
    let types = texts("types");
    if types.iter().any(|name| name.contains('\0')) {
        return Err(bad("`types` contains a NUL character"));
    }
    let status = |item: &ArgumentValue| {
        if let ArgumentValue::Enum(name) = item { EventStatus::parse(name) } else { None }
    };
    let statuses = list("statuses").iter().filter_map(status).collect();
    let events = CATALOG.get("WebhookEvent").ok_or_else(|| GraphqlError::new(ErrorCode::Internal, "internal error"))?;
    let key = |id: &String| match global_id::decode_as(&CATALOG, events.name, id) {
        Ok(RowKey::Text(key)) => Ok(key),
        Ok(RowKey::Int(_)) => Err(GraphqlError::new(ErrorCode::Internal, "internal error")),
        Err(error) => Err(GraphqlError::new(error.code(), error.to_string())),
    };
    Ok(ReplaySelection {
        ids: ids.iter().map(key).collect::<Result<_, _>>()?,
        types,
        statuses,
        with_warnings: input.get("withWarnings") == Some(&ArgumentValue::Bool(true)),
        received_from: time("receivedFrom"),
        received_until: time("receivedUntil"),
    })
}
