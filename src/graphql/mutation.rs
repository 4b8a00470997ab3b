//! What can be changed: nothing of the programme, which FirstPromoter owns; only the mirror's own
//! affairs.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Context, Enum, Error, ErrorExtensions as _, ID, InputObject, InputValueError, InputValueResult, Object, Scalar,
    ScalarType, SimpleObject, Value,
};
use sea_orm::DbErr;
use tokio::sync::Notify;

use crate::{
    auth::{Session, Viewer},
    database::{
        Database,
        fault::{is_cancelled, is_outage},
    },
    error::Code,
    projection::{self, ReplaySelection},
    read::id::{self, Key},
};

use super::{catalog::CATALOG, schema};

/// How many ids one replay takes.
const MAX_IDS: usize = 1_000;

/// What a mutation works with.
pub struct Job {
    /// The database.
    pub db: Database,
    /// Who asks.
    pub session: Session,
    /// Now.
    pub now_ms: i64,
    /// How long a statement may take.
    pub duration: Duration,
    /// Wakes the projector.
    pub wake: Arc<Notify>,
}

/// What can be changed.
#[derive(Clone, Copy, Debug)]
pub struct MutationRoot;

/// What can be changed.
#[Object(name = "Mutation")]
impl MutationRoot {
    /// Applies stored webhook events again; for admins. All that is given must hold, and at least one
    /// condition must be given. Replaying any number of times gives the same rows.
    async fn replay_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which events.")] input: ReplayEventsInput,
    ) -> async_graphql::Result<ReplayEventsPayload> {
        let job = context.data::<Job>()?;
        if job.session.viewer != Viewer::Admin {
            return Err(refused(Code::Forbidden, "`replayEvents` needs an admin token"));
        }
        let selection = input.selection()?;
        let replayed =
            projection::replay_by_steps(&job.db, &selection, job.now_ms, job.duration).await.map_err(|error| {
                tracing::error!(error = format!("{error:#}"), "a replay failed");
                match error.downcast_ref::<DbErr>() {
                    Some(cause) if is_cancelled(cause) => {
                        refused(Code::Timeout, "the database took too long and was stopped")
                    }
                    Some(cause) if is_outage(cause) => {
                        refused(Code::Unavailable, "the database does not answer now: try again later")
                    }
                    _ => refused(Code::Internal, "internal error"),
                }
            })?;
        job.wake.notify_one();
        Ok(ReplayEventsPayload { replayed: BigInt(replayed) })
    }
}

/// Which events to replay.
#[derive(InputObject)]
struct ReplayEventsInput {
    /// The `id`s of webhook events, 1,000 at most.
    ids: Option<Vec<ID>>,
    /// Events of these types, as FirstPromoter writes them.
    types: Option<Vec<String>>,
    /// Events with these statuses.
    statuses: Option<Vec<ReplayableStatus>>,
    /// Events received at or after this time.
    received_from: Option<Time>,
    /// Events received before this time.
    received_until: Option<Time>,
}

impl ReplayEventsInput {
    fn selection(self) -> async_graphql::Result<ReplaySelection> {
        let given = self.ids.is_some()
            || self.types.is_some()
            || self.statuses.is_some()
            || self.received_from.is_some()
            || self.received_until.is_some();
        if !given {
            return Err(refused(Code::BadUserInput, "`input` needs at least one condition"));
        }
        let none = |list: Option<usize>| list == Some(0);
        if none(self.ids.as_ref().map(Vec::len))
            || none(self.types.as_ref().map(Vec::len))
            || none(self.statuses.as_ref().map(Vec::len))
        {
            return Err(refused(Code::BadUserInput, "an empty list in `input` selects nothing: leave it out"));
        }
        let ids = self.ids.unwrap_or_default();
        if ids.len() > MAX_IDS {
            return Err(refused(Code::BadUserInput, &format!("`ids` has {} ids: at most {MAX_IDS}", ids.len())));
        }
        let types = self.types.unwrap_or_default();
        if types.iter().any(|name| name.contains('\0')) {
            return Err(refused(Code::BadUserInput, "`types` contains a NUL character"));
        }
        let events = CATALOG.get("WebhookEvent").ok_or_else(|| refused(Code::Internal, "internal error"))?;
        let key = |id: &ID| match id::decode_as(&CATALOG, events, id) {
            Ok(Key::Text(key)) => Ok(key),
            Ok(Key::Int(_)) => Err(refused(Code::Internal, "internal error")),
            Err(error) => Err(refused(error.code(), &error.to_string())),
        };
        Ok(ReplaySelection {
            ids: ids.iter().map(key).collect::<Result<_, _>>()?,
            types,
            statuses: self.statuses.unwrap_or_default().into_iter().map(|status| status.stored().to_owned()).collect(),
            with_warnings: false,
            received_from: self.received_from.map(|time| time.0),
            received_until: self.received_until.map(|time| time.0),
        })
    }
}

/// A status from which an event can be replayed.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
enum ReplayableStatus {
    /// Applied before.
    Applied,
    /// Nothing was known to apply.
    Ignored,
    /// Could not be applied.
    Failed,
}

impl ReplayableStatus {
    fn stored(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Failed => "failed",
        }
    }
}

/// What a replay did.
#[derive(SimpleObject)]
struct ReplayEventsPayload {
    /// How many events will be applied again.
    replayed: BigInt,
}

/// The model's `BigInt`, for async-graphql.
struct BigInt(u64);

#[Scalar(name = "BigInt")]
impl ScalarType for BigInt {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(InputValueError::custom("this is never an input"))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

/// The model's `DateTime`, for async-graphql: milliseconds since 1970.
struct Time(i64);

#[Scalar(name = "DateTime")]
impl ScalarType for Time {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        match schema::Scalar::DateTime.read(&schema::Raw::Text(text)) {
            // Both bounds take or leave what begins with a millisecond.
            Ok(schema::Read::Time(instant)) => Ok(Self(instant.first_ms())),
            Ok(_) => Err(InputValueError::expected_type(value)),
            Err(expected) => Err(InputValueError::custom(format!("expected {expected}"))),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

fn refused(code: Code, message: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}
