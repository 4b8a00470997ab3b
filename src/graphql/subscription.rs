//! Subscriptions: an operation becomes a [`SubscriptionStream`], which a transport runs until it ends.
//!
//! Messages are read by the planner as all rows are: with the viewer's scope and the subscriber's filter in the statement.

use async_graphql::Pos;

use tokio::time::timeout_at;

mod feed;
mod message;
mod stream;

pub use message::Message;
pub use stream::{MessageSink, SinkError, StreamEnd, SubscriptionStream};

use super::{
    api::{Api, share_of},
    coerce::Variables,
    collect::Collector,
    error::GraphqlError,
    prepare::{PreparedOperation, Work},
    request::{AllowedOperations, Request, Response},
    response::ResponseBuilder,
    roots::{SCHEMA, SubscriptionField},
    schema::SUBSCRIPTION_ROOT,
};
use crate::{
    auth::Session,
    error::ErrorCode,
    read::{
        Reader,
        changed::ChangeQuery,
        error::ReadError,
        global_id::{self, RowKey},
        selection::{ArgumentValue, Arguments},
    },
};
use feed::ChangeFeed;
use message::MessageShape;

/// The result of a request on a transport that can stream.
#[derive(Debug)]
pub enum ExecutionResult {
    /// A query, a mutation, or a refused request.
    Response(Response),
    /// A subscription.
    Stream(Box<SubscriptionStream>),
}

impl Response {
    /// Sends it as the only message of its operation.
    ///
    /// # Errors
    /// A JSON list of errors, if the operation was not executed.
    pub async fn send_to(self, sink: &impl MessageSink) -> Result<(), Vec<u8>> {
        match self.refusal {
            Some(errors) => Err(errors.to_vec()),
            // A closed receiver needs no response.
            None => sink.send(Message { body: self.body, last_event: None }).await.or(Ok(())),
        }
    }
}

impl ExecutionResult {
    fn answered(answer: ResponseBuilder) -> Self {
        Self::Response(answer.finish())
    }
}

impl Api {
    /// Executes a request on a transport that can stream. `after` replaces the argument `after` of a subscription.
    pub async fn execute_or_subscribe(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        after: Option<&str>,
        now_ms: i64,
    ) -> ExecutionResult {
        let opened = timeout_at(self.deadline(), self.opened(session, request, allowed, after, now_ms)).await;
        opened.unwrap_or_else(|_| ExecutionResult::answered(ResponseBuilder::late(self.config.limits.duration)))
    }

    async fn opened(
        &self,
        session: &Session,
        request: &Request,
        allowed: AllowedOperations,
        after: Option<&str>,
        now_ms: i64,
    ) -> ExecutionResult {
        let prepared = match self.prepare(session, request, allowed, now_ms) {
            Ok(prepared) => prepared,
            Err(refusal) => return ExecutionResult::answered(ResponseBuilder::refused(refusal.errors, refusal.cost)),
        };
        let Work::Subscription(variables) = &prepared.work else {
            return ExecutionResult::answered(self.run_operation(session, &prepared, 0, now_ms).await);
        };
        match self.stream(session, &prepared, variables, after).await {
            Ok(stream) => ExecutionResult::Stream(Box::new(stream)),
            Err(error) => ExecutionResult::answered(ResponseBuilder::refused(vec![error], Some(prepared.cost))),
        }
    }

    async fn stream(
        &self,
        session: &Session,
        prepared: &PreparedOperation<'_>,
        variables: &Variables,
        after: Option<&str>,
    ) -> Result<SubscriptionStream, GraphqlError> {
        let document = &prepared.document.parsed;
        let collector = Collector { schema: &SCHEMA, document, root: SUBSCRIPTION_ROOT, variables };
        let roots = collector.roots(&prepared.operation()?.node.selection_set.node);
        // Validation has made sure of it.
        let [root] = &roots[..] else { return Err(GraphqlError::new(ErrorCode::Internal, "internal error")) };
        let unknown = || GraphqlError::invalid(format!("`{}` cannot be subscribed to", root.name)).at(root.pos);
        let source = SubscriptionField::find(root.name).ok_or_else(unknown)?;
        let entity = self.reader.catalog().get(source.entity).ok_or_else(unknown)?;
        let arguments = collector.arguments(root)?;
        let selected = collector.below(root, source.payload);
        let read = |error: ReadError| GraphqlError::read(&error, root.pos, Vec::new());
        let conditions = self.conditions(&arguments, source.promoter).map_err(read)?;
        let shape = MessageShape::new(root.key, source, entity, selected);
        let interest = ChangeQuery { viewer: session.viewer, entity, conditions: &conditions };
        self.reader.check_interest(interest, &shape.selections()).map_err(read)?;
        let reader = self.reader_for(session);
        // Notices are received from here on, before anything is read, so that no change is missed.
        let heard = self.config.changes.subscribe();
        let after = after.or_else(|| match arguments.get("after") {
            Some(ArgumentValue::Text(id)) => Some(id),
            _ => None,
        });
        let (since, hint) = match after {
            Some(id) => self.place(&reader, id, root.pos).await.map(|(ms, id)| (ms, Some(id)))?,
            None => (reader.last_change(entity).await.map_err(read)?, None),
        };
        Ok(SubscriptionStream {
            reader,
            turns: self.live_reads.clone(),
            share: share_of(session),
            viewer: session.viewer,
            entity,
            conditions,
            shape,
            pos: root.pos,
            feed: ChangeFeed::new(heard, entity, since, hint),
            behind: after.is_some(),
            patience: self.config.limits.duration,
            most: self.config.replay_rows,
            step: stream::rows_at_a_time(prepared.cost),
            bytes: self.config.limits.answer_bytes,
        })
    }

    /// The filters of the rows.
    fn conditions(&self, arguments: &Arguments, promoter: Option<&str>) -> Result<Vec<ArgumentValue>, ReadError> {
        let mut conditions: Vec<_> =
            arguments.get("filter").filter(|filter| **filter != ArgumentValue::Null).cloned().into_iter().collect();
        if let (Some(field), Some(ArgumentValue::Text(text))) = (promoter, arguments.get("promoterId")) {
            if let Some(promoters) = self.reader.catalog().get("Promoter") {
                global_id::decode_as(self.reader.catalog(), promoters.name, text)?;
            }
            let equal = Arguments::from_iter([("eq".to_owned(), ArgumentValue::Text(text.clone()))]);
            conditions
                .push(ArgumentValue::Object(Arguments::from_iter([(field.to_owned(), ArgumentValue::Object(equal))])));
        }
        Ok(conditions)
    }

    /// The position of `after`: time and id of the event.
    async fn place(&self, reader: &Reader, text: &str, pos: Pos) -> Result<(i64, String), GraphqlError> {
        let read = |error: ReadError| GraphqlError::read(&error, pos, Vec::new());
        let catalog = self.reader.catalog();
        let events =
            catalog.get("WebhookEvent").ok_or_else(|| GraphqlError::new(ErrorCode::Internal, "internal error"))?;
        let RowKey::Text(id) = global_id::decode_as(catalog, events.name, text).map_err(read)? else {
            return Err(GraphqlError::new(ErrorCode::Internal, "internal error"));
        };
        let Some(ms) = reader.time_of_event(&id).await.map_err(read)? else {
            let message = "the event in `after` is not here: read the data again, and subscribe without `after`";
            return Err(GraphqlError::new(ErrorCode::Refetch, message).at(pos));
        };
        Ok((ms, id))
    }
}
