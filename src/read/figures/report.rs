//! `performance`: from arguments and selection to a plan, and from a plan to JSON.

use super::{
    dimension::Dimension,
    page::{ReportOrder, SortedRow},
    period::{Comparison, PeriodEdges, PeriodRequest},
    plan::{ChosenMeasure, FigurePlan, FigureRequest},
    report_builder::{ReportBuilder, dimensions, filters, is_of_other_units},
};
use crate::{
    auth::ViewerClass,
    read::{
        Inputs, Reader,
        error::ReadError,
        plan::{self, ObjectPlan},
        selection::{ArgumentValue, Arguments, SelectedField},
    },
    time::calendar::Interval,
};

/// The rows of a page, if `first` is not given.
pub const DEFAULT_PAGE: i64 = 100;
/// The largest page.
pub const MAX_PAGE: i64 = 1_000;

/// A report.
#[derive(Debug)]
pub struct ReportPlan {
    pub(super) figures: FigurePlan,
    pub(super) period: Option<PeriodRequest>,
    pub(super) dimensions: Vec<&'static Dimension>,
    /// Whether intervals without rows are shown.
    pub(super) fill: bool,
    pub(super) order: ReportOrder,
    pub(super) first: usize,
    pub(super) after: Option<ArgumentValue>,
    pub(super) fields: Vec<(Vec<u8>, ReportField)>,
    /// The rows that dimensions name: the dimension, and what is selected.
    pub(super) entities: Vec<(usize, ObjectPlan)>,
    /// Whether a value is as it is now, whatever the mirror's version.
    now: bool,
}

#[derive(Debug)]
pub(super) enum ReportField {
    TypeName,
    Start,
    End,
    Totals(Vec<(Vec<u8>, ReportRowField)>),
    Nodes(Vec<(Vec<u8>, ReportRowField)>),
    PageInfo(Vec<(Vec<u8>, &'static str)>),
    TotalCount,
}

#[derive(Debug)]
pub(super) enum ReportRowField {
    TypeName(&'static str),
    Start,
    End,
    /// The value of this dimension.
    Key(usize),
    /// One of the plan's entities.
    Entity(usize),
    Measure(ChosenMeasure),
    Previous(Vec<(Vec<u8>, ReportRowField)>),
}

impl ReportPlan {
    /// Plans a report.
    ///
    /// # Errors
    /// When an argument is refused, or a measure cannot be told as requested.
    pub fn new(
        reader: &Reader,
        viewer: ViewerClass,
        arguments: &Arguments,
        selected: &[SelectedField],
    ) -> Result<Self, ReadError> {
        let argument = |name: &str| arguments.get(name).filter(|value| **value != ArgumentValue::Null);
        let dimensions = dimensions(argument("by"))?;
        let interval = match argument("interval") {
            Some(ArgumentValue::Enum(name)) => Interval::named(name),
            _ => None,
        };
        let comparison = match argument("compareTo") {
            Some(ArgumentValue::Enum(name)) if name == "PREVIOUS_YEAR" => Some(Comparison::PreviousYear),
            Some(_) => Some(Comparison::PreviousPeriod),
            None => None,
        };
        let mut builder = ReportBuilder {
            reader,
            viewer,
            figures: FigurePlan::default(),
            dimensions,
            filters: filters(argument("filter")),
            of_other_units: is_of_other_units(argument("filter")),
            entities: Vec::new(),
            in_totals: false,
            compared: arguments.contains_key("compareTo"),
            now: None,
            dated: None,
        };
        let mut fields = Vec::with_capacity(selected.len());
        for field in selected {
            fields.push((plan::key(field), builder.report_field(field)?));
        }
        let order = builder.order(argument("orderBy"))?;
        let ReportBuilder { mut figures, dimensions, entities, now, dated, .. } = builder;
        if !dimensions.is_empty() && figures.figures.is_empty() {
            let names: Vec<_> = dimensions.iter().map(|dimension| dimension.name).collect();
            return Err(ReadError::bad(format!("`by: [{}]` needs a measure, such as `referrals`", names.join(", "))));
        }
        if let (Some(measure), Some(what)) = (now, interval.map(|_| "interval").or(comparison.map(|_| "compareTo"))) {
            let name = measure.name;
            return Err(ReadError::bad(format!("`{name}` is the state now: it has no `{what}`")));
        }
        let zone = argument("timezone").cloned().unwrap_or_else(|| ArgumentValue::Text("UTC".to_owned()));
        let period =
            argument("period").map(|period| PeriodRequest { period: period.clone(), zone, interval, comparison });
        if let (None, Some(name)) = (&period, dated.map(|measure| measure.name).or(interval.map(|_| "interval"))) {
            return Err(ReadError::bad(format!("`{name}` needs a `period`")));
        }
        let request = FigureRequest {
            dimensions: &dimensions,
            intervals: interval.is_some(),
            cohorts: false,
            filter: argument("filter"),
        };
        let totals = fields.iter().any(|(_, field)| matches!(field, ReportField::Totals(_)));
        figures.build(reader.view(viewer), reader.backend(), &request, totals)?;
        let first = match argument("first") {
            Some(ArgumentValue::Int(first)) => *first,
            _ => DEFAULT_PAGE,
        };
        if first < 1 {
            return Err(ReadError::bad(format!("`first` is {first}: expected a number from 1 to {MAX_PAGE}")));
        }
        if first > MAX_PAGE {
            let message = format!("`first` is {first}: expected a number from 1 to {MAX_PAGE}");
            return Err(ReadError::over(message, "pageSize", MAX_PAGE.unsigned_abs(), first.unsigned_abs()));
        }
        let plan = Self {
            figures,
            period,
            dimensions,
            fill: argument("fill") != Some(&ArgumentValue::Bool(false)),
            order,
            first: usize::try_from(first).unwrap_or(1),
            after: argument("after").cloned(),
            fields,
            entities,
            now: now.is_some(),
        };
        Ok(plan)
    }

    /// Checks that every value of a request fits.
    ///
    /// # Errors
    /// When one is refused.
    pub fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        let edges = self.edges(inputs)?;
        self.after(inputs, edges.as_ref())?;
        self.figures.statements.iter().try_for_each(|statement| statement.statement.params.check(inputs))
    }

    /// What a response follows from besides the mirror's version; none if it must not be cached.
    #[must_use]
    pub fn tag(&self, inputs: Inputs<'_>) -> Option<String> {
        let edges = if self.now { None } else { self.edges(inputs).ok()? };
        let bounds = |edges: &[i64]| [edges.first().copied(), edges.last().copied()];
        edges.map(|edges| format!("{:?} {:?}", bounds(&edges.edges), edges.compared.as_deref().map(bounds)))
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        fn of_fields(fields: &[(Vec<u8>, ReportRowField)]) -> usize {
            let below = |field: &ReportRowField| match field {
                ReportRowField::Previous(fields) => of_fields(fields),
                ReportRowField::Measure(chosen) => size_of_val(&*chosen.figures),
                _ => 0,
            };
            fields.iter().map(|(key, field)| key.len() + size_of_val(field) + below(field)).sum()
        }
        let fields = self.fields.iter().map(|(key, field)| {
            let below = match field {
                ReportField::Totals(fields) | ReportField::Nodes(fields) => of_fields(fields),
                _ => 0,
            };
            key.len() + size_of_val(field) + below
        });
        let entities = self.entities.iter().map(|(_, plan)| plan.size());
        size_of::<Self>() + self.figures.size() + fields.chain(entities).sum::<usize>()
    }

    /// Whether a field below its entities always fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.entities.iter().any(|(_, plan)| plan.fails())
    }

    pub(super) fn edges(&self, inputs: Inputs<'_>) -> Result<Option<PeriodEdges>, ReadError> {
        self.period.as_ref().map(|period| period.edges(inputs.slots, inputs.now_ms)).transpose()
    }

    /// What the report is besides its order and dimensions: interval, zone and bounds. Cursors carry it.
    pub(super) fn identity(&self, inputs: Inputs<'_>, edges: Option<&PeriodEdges>) -> String {
        let Some((period, PeriodEdges { edges, .. })) = self.period.as_ref().zip(edges) else { return String::new() };
        let zone = period.zone.filled(inputs.slots);
        format!(" {:?} {zone:?} {:?} {:?}", period.interval, edges.first(), edges.last())
    }

    pub(super) fn after(
        &self,
        inputs: Inputs<'_>,
        edges: Option<&PeriodEdges>,
    ) -> Result<Option<SortedRow>, ReadError> {
        let Some(after) = self.after.as_ref().map(|after| after.filled(inputs.slots)) else { return Ok(None) };
        self.order.position(&self.identity(inputs, edges), &after, self.dimensions.len()).map(Some)
    }
}
