//! `leadCohorts`: what became of the leads of each month.

use std::collections::HashSet;

use futures_util::{FutureExt as _, future::BoxFuture};

use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, Schema, field, input, object, with_default},
    },
    read::{
        Inputs, RootValue,
        error::ReadError,
        figures::{
            cohorts::{CohortPlan, MAX_MONTHS},
            measure::COHORT_FIGURES,
        },
        selection::ArgumentValue,
    },
};

/// `leadCohorts`.
pub struct LeadCohortsField;

impl QueryField for LeadCohortsField {
    fn name(&self) -> &'static str {
        "leadCohorts"
    }

    fn definition(&self) -> FieldDefinition {
        let description = "The leads of each month (or other interval) by their creation, and what became of them in the \
            intervals after, oldest first. Leads that were moved or denied do not count.";
        let months = format!("How many months of cohorts, the running one included: 1 to {MAX_MONTHS}.");
        field(
            "[LeadCohort!]",
            description,
            [
                with_default(
                    input("by", "Interval!", "The length of a cohort: WEEK, MONTH, QUARTER or YEAR."),
                    "MONTH",
                ),
                with_default(input("months", "Int!", &months), "12"),
                with_default(input("timezone", "TimeZone!", "Where intervals begin."), "\"UTC\""),
                input("filter", "PerformanceFilter", "Only leads that match this filter, with their sales."),
            ],
        )
    }

    fn define_types(&self, schema: &mut Schema) {
        let cohort = object([
            ("cohort", field("DateTime!", "When the interval of the leads' creation begins.", [])),
            ("size", field("BigInt!", "Number of leads, without those that were moved or denied.", [])),
            ("periods", field("[LeadCohortPeriod!]!", "The intervals from their own to the running one.", [])),
        ]);
        schema.add("LeadCohort", "The leads that were created in one interval.", cohort);
        let period = object([
            ("offset", field("Int!", "Number of intervals since that of their creation.", [])),
            ("converted", field("BigInt!", "Leads whose first payment was in it.", [])),
            ("cancelled", field("BigInt!", "Customers among them whose last cancellation was in it.", [])),
            ("active", field("BigInt!", "Customers at its end, or now: paid until then, and not cancelled.", [])),
            ("sales", field("BigInt!", "Sales to them in it, as `sales` of `performance` counts them.", [])),
            ("revenue", field("BigInt!", "Revenue from them in it, net of refunds, in minor units.", [])),
        ]);
        let description = "What became of a cohort in one interval. What is told to have happened before a lead was created \
            counts in the first.";
        schema.add("LeadCohortPeriod", description, period);
    }

    /// The end of the running interval is part of the tag.
    fn caching(&self) -> Caching {
        Caching::Mirror
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        let months = match measure.argument(selection, "months") {
            Some(ArgumentValue::Int(months)) => months.clamp(1, MAX_MONTHS).unsigned_abs(),
            _ => MAX_MONTHS.unsigned_abs(),
        };
        let by = measure.argument(selection, "by");
        let is_weekly = matches!(by, Some(ArgumentValue::Enum(by)) if by == "WEEK");
        let leaves = measure.leaves("LeadCohort", &selection.fields)?;
        let figures = COHORT_FIGURES.iter().filter(|(name, _)| leaves.contains(name)).flat_map(|(_, figures)| *figures);
        let statements = figures.map(|figure| figure.source.name).collect::<HashSet<_>>().len();
        // Each cohort has a period for itself and each later one.
        let cohorts = if is_weekly { months * 53 / 12 + 2 } else { months };
        measure.report(statements as u64, cohorts * (cohorts + 1) / 2, "LeadCohort", &selection.fields)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let arguments = collector.arguments(selection)?;
        let selected = collector.below(selection, "LeadCohort");
        Ok(Box::new(CompiledCohorts(CohortPlan::new(reader, viewer, &arguments, selected)?)))
    }
}

#[derive(Debug)]
struct CompiledCohorts(CohortPlan);

impl CompiledField for CompiledCohorts {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.0.check(inputs)
    }

    fn fails(&self) -> bool {
        false
    }

    fn tag(&self, inputs: Inputs<'_>) -> Option<String> {
        self.0.tag(inputs)
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        async move { context.reader.cohorts(&self.0, context.inputs).await.map(Some) }.boxed()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}
