//! A running subscription: waits for notices, reads the changed rows, hands messages to the transport.

use std::{sync::Arc, time::Duration};

use async_graphql::Pos;
use sea_orm::{ConnAcquireErr, DbErr};
use tokio::time::{sleep, timeout};

use super::{
    feed::{ChangeBatch, ChangeFeed, FeedEvent},
    message::{Message, MessageShape},
};
use crate::{
    auth::Viewer,
    database::{FairSemaphore, ShareKey},
    error::{ErrorCode, TokenEnd},
    graphql::{cost::Cost, error::GraphqlError},
    limits::{self, Limit},
    read::{
        Candidates, Reader,
        changed::{ChangeQuery, ChangedRow},
        error::ReadError,
        global_id::RowKey,
        model::{EntityType, KeyKind},
        response_budget::ResponseBudget,
        selection::ArgumentValue,
    },
};

/// Maximum number of objects of one read.
const MAX_OBJECTS_PER_READ: u64 = 20_000;
/// Maximum number of rows of one read.
const MAX_ROWS_PER_READ: u64 = 200;
/// Maximum bytes of one read with several rows.
const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// Maximum time between the creation of a webhook event's id and its commit, in milliseconds, unless the event went
/// through the spool.
const COMMIT_DELAY_MS: i64 = 15_000;
/// Delay between attempts while the database does not answer.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Maximum number of consecutive failed attempts.
const MAX_RETRIES: u32 = 30;

/// Receives the messages of a subscription.
pub trait MessageSink: Sync {
    /// Sends a message. Waits while the receiver is slow.
    fn send(&self, message: Message) -> impl Future<Output = Result<(), SinkError>> + Send;
}

/// Why no more messages can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SinkError {
    /// The receiver is gone.
    Closed,
    /// The receiver does not read fast enough.
    Slow,
}

/// How a stream ended.
#[derive(Debug)]
pub enum StreamEnd {
    /// The receiver ended it, or is gone.
    Closed,
    /// With this error.
    Failed(GraphqlError),
}

impl StreamEnd {
    /// The stream is interrupted and can be resumed.
    #[must_use]
    pub fn resume(why: &str) -> Self {
        let message = format!("{why}: subscribe again, with the `lastEventId` of the last message as `after`");
        Self::Failed(GraphqlError::new(ErrorCode::Resume, message))
    }

    /// The subject has the maximum number of subscriptions.
    #[must_use]
    pub fn over_subscriptions(most: usize) -> Self {
        Self::over(limits::LIVE_SUBSCRIPTIONS, most, "subscriptions of this token's subject")
    }

    /// The socket has the maximum number of operations.
    #[must_use]
    pub fn over_operations(most: usize) -> Self {
        Self::over(limits::LIVE_OPERATIONS, most, "operations on this WebSocket")
    }

    fn over(limit: Limit, most: usize, what: &str) -> Self {
        let message = format!("{most} {what} run already: end one of them first");
        Self::Failed(GraphqlError::exceeding(limit.exceeded(most as u64, most as u64 + 1), message))
    }

    /// `Ok` unless it failed.
    ///
    /// # Errors
    /// A JSON list of errors.
    pub fn into_result(self) -> Result<(), Vec<u8>> {
        match self {
            Self::Closed => Ok(()),
            Self::Failed(error) => Err(error.list().into_bytes()),
        }
    }

    /// The token ended.
    #[must_use]
    pub fn unauthenticated(ended: TokenEnd) -> Self {
        let message = format!("the token {}: subscribe again with a valid one", ended.verb());
        Self::Failed(GraphqlError { ended: Some(ended), ..GraphqlError::new(ErrorCode::Unauthenticated, message) })
    }
}

/// A subscription that is ready to run.
#[derive(Debug)]
pub struct SubscriptionStream {
    pub(super) reader: Reader,
    /// Bounds the subscriptions' concurrent reads, so that requests find a connection.
    pub(super) turns: FairSemaphore,
    pub(super) share: ShareKey,
    pub(super) viewer: Viewer,
    pub(super) entity: &'static EntityType,
    pub(super) conditions: Vec<ArgumentValue>,
    pub(super) shape: MessageShape,
    pub(super) pos: Pos,
    pub(super) feed: ChangeFeed,
    /// Whether missed changes have to be sent first.
    pub(super) behind: bool,
    /// Timeout of one read: no client ends it earlier.
    pub(super) patience: Duration,
    /// Maximum number of missed rows.
    pub(super) most: usize,
    /// Number of rows of one read.
    pub(super) step: usize,
    /// Maximum size of a message in bytes.
    pub(super) bytes: usize,
}

/// The number of rows of one read, bounded so that they fit into memory.
pub fn rows_at_a_time(cost: Cost) -> usize {
    usize::try_from((MAX_OBJECTS_PER_READ / cost.objects.max(1)).clamp(1, MAX_ROWS_PER_READ)).unwrap_or(1)
}

enum DeliveryError {
    SinkError(SinkError),
    Read(ReadError),
    TooMuch,
}

impl From<ReadError> for DeliveryError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<SinkError> for DeliveryError {
    fn from(stopped: SinkError) -> Self {
        Self::SinkError(stopped)
    }
}

impl SubscriptionStream {
    /// Sends messages until the receiver is gone or an error ends it. May be dropped at any time.
    pub async fn run(mut self, sink: &impl MessageSink) -> StreamEnd {
        let mut failures = 0;
        loop {
            let round = if self.behind { Box::pin(self.missed()).await } else { self.coming().await };
            let sent = match round {
                Ok(None) => return StreamEnd::resume("the server has stopped sending changes"),
                // Boxed, so that a waiting subscription needs no memory for it.
                Ok(Some(round)) => Box::pin(self.deliver(round, sink)).await,
                Err(trouble) => Err(trouble),
            };
            match sent {
                Ok(()) => failures = 0,
                Err(DeliveryError::SinkError(SinkError::Closed)) => return StreamEnd::Closed,
                Err(DeliveryError::SinkError(SinkError::Slow)) => {
                    return StreamEnd::resume("what was sent was not read in time");
                }
                Err(DeliveryError::TooMuch) => {
                    let most = self.most;
                    let message = format!(
                        "more than {most} rows changed since then: read the data again, and subscribe without `after`"
                    );
                    let passed = limits::LIVE_REPLAY.exceeded(most as u64, most as u64 + 1);
                    let error = GraphqlError { code: ErrorCode::Refetch, ..GraphqlError::exceeding(passed, message) };
                    return StreamEnd::Failed(error.at(self.pos));
                }
                Err(DeliveryError::Read(ReadError::Unavailable(_))) if failures < MAX_RETRIES => {
                    failures += 1;
                    // The changes of the failed batch are found again by their time.
                    self.behind = true;
                    sleep(RETRY_DELAY).await;
                }
                Err(DeliveryError::Read(error)) => {
                    return StreamEnd::Failed(GraphqlError::read(&error, self.pos, Vec::new()));
                }
            }
        }
    }

    /// Waits for the next batch. None if no more will come.
    async fn coming(&mut self) -> Result<Option<ChangeBatch>, DeliveryError> {
        match self.feed.next().await {
            FeedEvent::Rows(round) => Ok(Some(round)),
            FeedEvent::Closed => Ok(None),
            FeedEvent::Lost => Box::pin(self.missed()).await,
        }
    }

    /// The batch of missed rows.
    async fn missed(&mut self) -> Result<Option<ChangeBatch>, DeliveryError> {
        self.behind = true;
        let late = if self.entity.key_kind == KeyKind::Text { COMMIT_DELAY_MS } else { 0 };
        let from = self.feed.since - late;
        let since = Candidates::Since { ms: from, after: None, most: self.most.saturating_add(1) };
        let _turn = self.turns.acquire(self.share).await;
        let found = self.in_time(self.reader.changed(self.interest(), since, &[])).await?;
        if found.len() > self.most {
            return Err(DeliveryError::TooMuch);
        }
        let at = found.iter().map(|row| row.at).max().unwrap_or(self.feed.since).max(self.feed.since);
        let keys = found.into_iter().map(|row| row.key).collect();
        let hint = self.feed.hint.clone();
        Ok(Some(ChangeBatch { keys, from, during: hint.clone(), then: hint, at }))
    }

    async fn deliver(&mut self, mut round: ChangeBatch, sink: &impl MessageSink) -> Result<(), DeliveryError> {
        let keys = std::mem::take(&mut round.keys);
        let mut last = None;
        let mut left: Vec<_> = keys.chunks(self.step).rev().collect();
        while let Some(part) = left.pop() {
            let rows = match self.read(part, round.from).await {
                // Halved until it fits, down to one row: a message may have the maximum size of a response.
                Err(ReadError::TooLarge(_)) if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    left.extend([second, first]);
                    continue;
                }
                read => read?,
            };
            for row in rows {
                if let Some(earlier) = last.replace(row) {
                    self.send(&earlier, round.during.clone(), &mut round, sink).await?;
                }
            }
        }
        if let Some(row) = last {
            self.send(&row, round.then.clone(), &mut round, sink).await?;
        }
        self.feed.sent(&round);
        self.behind = false;
        Ok(())
    }

    /// Rows stay in memory until the receiver has taken them, so several rows get a small maximum size.
    async fn read(&self, keys: &[RowKey], ms: i64) -> Result<Vec<ChangedRow>, ReadError> {
        let bytes = if keys.len() > 1 { self.bytes.min(MAX_BATCH_BYTES) } else { self.bytes };
        let reader = self.reader.within_budget(ResponseBudget::new(bytes, 0));
        let _turn = self.turns.acquire(self.share).await;
        let candidates = Candidates::Keys { keys: keys.to_vec(), ms };
        self.in_time(reader.changed(self.interest(), candidates, &self.shape.selections())).await
    }

    async fn in_time<T>(&self, read: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
        let late = |_| ReadError::from(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        timeout(self.patience, read).await.map_err(late)?
    }

    async fn send(
        &self,
        row: &ChangedRow,
        mut hint: Option<Arc<str>>,
        round: &mut ChangeBatch,
        sink: &impl MessageSink,
    ) -> Result<(), DeliveryError> {
        if let RowKey::Text(id) = &row.key {
            // A stored event is its own resume hint.
            hint = hint.max(Some(id.as_str().into()));
            round.then.clone_from(&hint);
            round.during.clone_from(&hint);
            round.at = round.at.max(row.at);
        }
        sink.send(self.shape.message(row, hint.as_deref())).await?;
        Ok(())
    }

    fn interest(&self) -> ChangeQuery<'_> {
        ChangeQuery { viewer: self.viewer, entity: self.entity, conditions: &self.conditions }
    }
}
