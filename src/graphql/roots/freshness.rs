//! `freshness`: how far the mirror is behind the received events.

use futures_util::{FutureExt as _, future::BoxFuture};

use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, Schema, field, object},
    },
    intake::Spool,
    read::{Inputs, RootValue, error::ReadError, selection::SelectedField},
};

/// `freshness`.
pub struct FreshnessField;

impl QueryField for FreshnessField {
    fn name(&self) -> &'static str {
        "freshness"
    }

    fn definition(&self) -> FieldDefinition {
        field("Freshness", "How far the mirror is behind the received webhook events.", [])
    }

    fn define_types(&self, schema: &mut Schema) {
        let freshness = object([
            ("lastReceivedAt", field("DateTime", "When the last webhook event was received. Null for promoters.", [])),
            ("lastAppliedAt", field("DateTime", "When an event was last applied. Null for promoters.", [])),
            (
                "lagMilliseconds",
                field(
                    "BigInt!",
                    "Age of the oldest event that waits to be applied, in milliseconds of this server's clock; 0 if \
                     none waits. Events that are held back do not count. Rounded down to minutes for promoters.",
                    [],
                ),
            ),
            ("counts", field("[WebhookEventCount!]", "Number of events by status. Null for promoters.", [])),
            (
                "eventsWithWarnings",
                field(
                    "BigInt",
                    "Number of applied events of which a part was not understood, was ignored as implausible, or was \
                     stored with a loss. Null for promoters.",
                    [],
                ),
            ),
            (
                "eventsHeldBack",
                field(
                    "BigInt",
                    "Number of events that wait because their own time is more than 24 hours ahead of this server's \
                     clock: one of the two clocks is wrong. Null for promoters.",
                    [],
                ),
            ),
            (
                "heldBackSince",
                field(
                    "DateTime",
                    "Since when the first of the events that are held back has waited. Null if there is none, and for \
                     promoters.",
                    [],
                ),
            ),
            (
                "spooled",
                field(
                    "BigInt",
                    "Number of events in this server's spool: received while the database did not take them, and not \
                     yet moved into it. Null for promoters, and if the spool cannot be read.",
                    [],
                ),
            ),
        ]);
        schema.add("Freshness", "How far the mirror is behind the received webhook events.", freshness);
        let count = object([
            ("status", field("WebhookEventStatus!", "The status.", [])),
            ("count", field("BigInt!", "Number of events with this status.", [])),
        ]);
        schema.add("WebhookEventCount", "Number of webhook events with one status.", count);
    }

    /// Events that are received and not yet applied change it, and so does the clock.
    fn caching(&self) -> Caching {
        Caching::Never
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        measure.object("Freshness", &selection.fields)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        Ok(Box::new(CompiledFreshness { selected: context.collector.below(selection, "Freshness") }))
    }
}

#[derive(Debug)]
struct CompiledFreshness {
    selected: Vec<SelectedField>,
}

impl CompiledField for CompiledFreshness {
    fn check(&self, _: Inputs<'_>) -> Result<(), ReadError> {
        Ok(())
    }

    fn fails(&self) -> bool {
        false
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        let ResolveContext { session, reader, spool, now_ms, .. } = context;
        async move {
            let spooled =
                if self.selected.iter().any(|field| field.name == "spooled") { count(spool).await } else { None };
            reader.freshness(session.viewer, &self.selected, spooled, now_ms).await.map(RootValue::from).map(Some)
        }
        .boxed()
    }

    fn size(&self) -> usize {
        self.selected.iter().map(SelectedField::size).sum()
    }
}

/// Number of events in the spool: none without a spool, unknown if it cannot be read.
async fn count(spool: Option<&Spool>) -> Option<u64> {
    let Some(spool) = spool else { return Some(0) };
    let backlog = spool.backlog().await;
    backlog.inspect_err(|error| tracing::warn!(%error, "cannot count the spool")).ok().map(|backlog| backlog.events)
}
