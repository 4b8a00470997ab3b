//! `performance`: the programme's report.

mod inputs;

use std::collections::HashMap;

use futures_util::{FutureExt as _, future::BoxFuture};
use indexmap::IndexMap;

use self::inputs::{define_filter, define_inputs};
use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    graphql::{
        catalog::CATALOG,
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, NamedInput, Schema, TypeKind, field, input, object, with_default},
    },
    read::{
        Inputs, RootValue,
        error::ReadError,
        figures::{
            dimension::{DIMENSIONS, Dimension},
            measure::{MEASURES, Measure, MeasureKind},
            report::{DEFAULT_PAGE, MAX_PAGE, ReportPlan},
        },
        model::{FieldKind, constant_case},
        selection::ArgumentValue,
    },
};

/// `performance`.
pub struct PerformanceField;

impl QueryField for PerformanceField {
    fn name(&self) -> &'static str {
        "performance"
    }

    fn definition(&self) -> FieldDefinition {
        let description = "The programme's report: measures, by period and by what you want to compare. A promoter gets \
            the figures of the promoter's own rows.";
        field(
            "Performance",
            description,
            [
                input("period", "PerformancePeriod", "The period. Not needed for measures of the state now."),
                with_default(
                    input("timezone", "TimeZone!", "Where days, weeks, months, quarters and years begin."),
                    "\"UTC\"",
                ),
                input("interval", "Interval", "Groups by calendar interval: one row for each interval of the period."),
                input("by", "[PerformanceDimension!]", "Groups by dimension: at most 3. It needs a measure."),
                input("filter", "PerformanceFilter", "Only rows that match this filter."),
                input("compareTo", "PerformanceComparison", "Adds `previous` to every row."),
                input(
                    "orderBy",
                    "[PerformanceOrder!]",
                    "Sort order; rows that are equal by it are sorted by interval, then by dimension.",
                ),
                with_default(
                    input(
                        "fill",
                        "Boolean!",
                        "Whether intervals without anything are rows too, with zeros. Without `interval` it means nothing.",
                    ),
                    "true",
                ),
                input(
                    "first",
                    "Int",
                    &format!("The number of rows of a page: 1 to {MAX_PAGE}, {DEFAULT_PAGE} if it is not given."),
                ),
                input("after", "String", "Only rows after this cursor."),
            ],
        )
    }

    fn define_types(&self, schema: &mut Schema) {
        define_inputs(schema);
        define_filter(schema);
        let totals = [("previous".to_owned(), previous())].into_iter().chain(measures(true));
        schema.add("PerformanceTotals", "The figures of all rows together.", kind(totals));
        schema.add(
            "PerformanceFigures",
            "The figures of a row in the period that is compared with.",
            kind(measures(false)),
        );
        let time = |text| field("DateTime", text, []);
        let mut row: IndexMap<String, FieldDefinition> = IndexMap::new();
        row.insert(
            "start".to_owned(),
            time("The start of the row's interval, or of the period. Null without a period."),
        );
        row.insert(
            "end".to_owned(),
            time("The end of the row's interval, or of the period: the first instant after it. Null without a period."),
        );
        for dimension in &DIMENSIONS {
            let needs = format!("{} Needs `by: [{}]`.", dimension.description, dimension.name);
            row.insert(dimension.field.to_owned(), field(&dimension_type(dimension), &needs, []));
        }
        row.insert("previous".to_owned(), previous());
        row.extend(measures(false));
        schema.add("PerformanceRow", "The figures of one interval and one value of each dimension.", kind(row));
        let report = object([
            ("start", time("The start of the period. Null without a period.")),
            ("end", time("The end of the period: the first instant after it. Null without a period.")),
            ("totals", field("PerformanceTotals!", "The figures of all rows together, whatever the page.", [])),
            ("nodes", field("[PerformanceRow!]!", "The rows of the page.", [])),
            ("pageInfo", field("PageInfo!", "Position of the page in the report.", [])),
            ("totalCount", field("BigInt!", "Number of rows of the whole report.", [])),
        ]);
        schema.add("Performance", "A report.", report);
    }

    /// The bounds of the period are part of the tag: see [`CompiledField::tag`].
    fn caching(&self) -> Caching {
        Caching::Mirror
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        let leaves = measure.leaves("Performance", &selection.fields)?;
        let mut measures: Vec<&Measure> = leaves.into_iter().filter_map(Measure::named).collect();
        if let Some(ArgumentValue::List(terms)) = measure.argument(selection, "orderBy") {
            measures.extend(terms.iter().filter_map(|term| {
                let ArgumentValue::Object(parts) = term else { return None };
                let Some(ArgumentValue::Enum(name)) = parts.get("measure") else { return None };
                MEASURES.iter().find(|measure| constant_case(measure.name) == *name)
            }));
        }
        // By source: whether the values of groups add up to that of the whole.
        let mut sources: HashMap<&str, bool> = HashMap::new();
        for (source, additive) in measures.iter().flat_map(|measure| measure.sources()) {
            *sources.entry(source).or_insert(true) &= additive;
        }
        let is_given = |name| measure.argument(selection, name).is_some_and(|value| value != ArgumentValue::Null);
        let is_divided = is_given("by") || is_given("interval");
        let has_totals = measure.selects("Performance", &selection.fields, "totals")?;
        let whole = sources.values().filter(|additive| is_divided && has_totals && !**additive).count();
        let compared = u64::from(measure.argument(selection, "compareTo").is_some());
        let rows = match measure.argument(selection, "first") {
            Some(ArgumentValue::Int(first)) => first.clamp(1, MAX_PAGE),
            _ => DEFAULT_PAGE,
        };
        let statements = (sources.len() + whole) as u64 * (1 + compared);
        measure.report(statements, rows.unsigned_abs(), "Performance", &selection.fields)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let arguments = collector.arguments(selection)?;
        let selected = collector.below(selection, "Performance");
        Ok(Box::new(CompiledPerformance(ReportPlan::new(reader, viewer, &arguments, &selected)?)))
    }
}

#[derive(Debug)]
struct CompiledPerformance(ReportPlan);

impl CompiledField for CompiledPerformance {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.0.check(inputs)
    }

    fn fails(&self) -> bool {
        self.0.fails()
    }

    fn tag(&self, inputs: Inputs<'_>) -> Option<String> {
        self.0.tag(inputs)
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        async move { context.reader.report(&self.0, context.inputs, context.report).await.map(Some) }.boxed()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

fn kind(fields: impl IntoIterator<Item = (String, FieldDefinition)>) -> TypeKind {
    TypeKind::Object(fields.into_iter().collect(), false)
}

fn previous() -> FieldDefinition {
    let description = "The same in the period that `compareTo` names. Needs `compareTo`. Null if that is null, and where \
        there is nothing to compare with, such as for the 31st day of a month.";
    field("PerformanceFigures", description, [])
}

/// The field of every measure: of the totals, or of rows, whose unit may not be known.
fn measures(totals: bool) -> impl Iterator<Item = (String, FieldDefinition)> {
    MEASURES.iter().map(move |measure| {
        let mut arguments: Vec<NamedInput> = Vec::new();
        if measure.takes_unit() {
            let text = "Only amounts in this unit. CASH if it is not given; where `by` has UNIT the row's own, null if that \
                is not known: units are never added.";
            arguments.push(input("unit", "Unit", text));
        }
        if measure.takes_age() {
            arguments.push(input("age", "LiabilityAge", "Only what has been owed for this long. Everything if it is not given."));
        }
        (measure.name.to_owned(), field(measure_type(measure, totals), &measure.full_description(), arguments))
    })
}

fn measure_type(measure: &Measure, totals: bool) -> &'static str {
    match measure.kind {
        MeasureKind::Count | MeasureKind::Money => "BigInt!",
        MeasureKind::Duration => "BigInt",
        MeasureKind::Amount if !totals => "Decimal",
        MeasureKind::Amount | MeasureKind::ExactMoney | MeasureKind::Liability => "Decimal!",
        MeasureKind::MoneyPerUnit | MeasureKind::Rate => "Decimal",
    }
}

/// The field of the catalogue that tells a dimension.
fn told_kind(dimension: &Dimension) -> Option<FieldKind> {
    let told = dimension.told_by.first()?;
    CATALOG.get(told.entity)?.field(told.field).map(|field| field.kind)
}

fn dimension_type(dimension: &Dimension) -> String {
    match (dimension.entity, told_kind(dimension)) {
        (Some(entity), _) => entity.to_owned(),
        (None, Some(FieldKind::Enum(kind))) => kind.name.to_owned(),
        (None, Some(FieldKind::BigInt)) => "BigInt".to_owned(),
        (None, _) => "String".to_owned(),
    }
}
