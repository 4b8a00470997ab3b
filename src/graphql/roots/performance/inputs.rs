//! The types of the arguments of `performance`.

use super::told_kind;
use crate::{
    graphql::schema::{Schema, input, with_default},
    read::{
        figures::{component::AGES, dimension::DIMENSIONS, measure::MEASURES},
        model::{FieldKind, constant_case},
    },
};

pub(super) fn define_inputs(schema: &mut Schema) {
    let required = |name, ty, text| input(name, ty, text);
    schema.add_one_of(
        "PerformancePeriod",
        "A period: exactly one of these.",
        [
            input("last", "PerformanceLast!", "The last complete hours, days, weeks, months, quarters or years."),
            input("current", "Interval!", "The running one, from its beginning to its end."),
            input("dates", "PerformanceDates!", "From one day to another, both included, in `timezone`."),
            input("instants", "PerformanceInstants!", "From one instant to another, which is not included."),
        ],
    );
    schema.add_input(
        "PerformanceLast",
        "Complete intervals before the running one.",
        [required("count", "Int!", "How many, at least 1."), required("unit", "Interval!", "Of which kind.")],
    );
    schema.add_input(
        "PerformanceDates",
        "The days of a period.",
        [required("from", "Date!", "The first day."), required("to", "Date!", "The last day.")],
    );
    schema.add_input(
        "PerformanceInstants",
        "The instants of a period.",
        [
            required("from", "DateTime!", "The first instant."),
            required("to", "DateTime!", "The first instant that is not part of it."),
        ],
    );
    let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    schema.add_enum(
        "PerformanceComparison",
        "What a period is compared with.",
        [
            named("PREVIOUS_PERIOD", "The period before it: as many calendar units for `last` and `current`; for `dates` as many months if they are whole months, else as many days; as long for `instants`. The first day is compared with the first day, and so on; months, quarters and years with as many months."),
            named("PREVIOUS_YEAR", "The same period a year before. Each interval is compared with the same dates and local times: a week with its seven dates, whatever their weekday. 29 February has nothing to be compared with; in the year behind, its rows are those of the interval that ends with 28 February."),
        ],
    );
    schema.add_enum(
        "PerformanceDimension",
        "What figures are grouped by. Rows without a value are a group of their own.",
        DIMENSIONS.iter().map(|dimension| named(dimension.name, dimension.description)),
    );
    schema.add_enum(
        "PerformanceMeasure",
        "A measure to sort by.",
        MEASURES.iter().map(|measure| named(&constant_case(measure.name), &format!("By `{}`.", measure.name))),
    );
    schema.add_enum(
        "LiabilityAge",
        "The age of what is owed.",
        AGES.iter().map(|age| named(age.name, age.description)),
    );
    schema.add_input(
        "PerformanceOrder",
        "One term of the sort order of a report.",
        [
            input("measure", "PerformanceMeasure!", "The measure to sort by. Amounts: those in cash."),
            with_default(
                input("direction", "OrderDirection!", "The direction: the largest first, if it is not given."),
                "DESC",
            ),
        ],
    );
}

pub(super) fn define_filter(schema: &mut Schema) {
    let mut inputs = Vec::new();
    for dimension in &DIMENSIONS {
        let ty = match (dimension.entity, told_kind(dimension)) {
            (Some(_), _) => "IDFilter".to_owned(),
            (None, Some(FieldKind::Enum(kind))) => format!("{}Filter", kind.name),
            (None, Some(FieldKind::BigInt)) => "BigIntFilter".to_owned(),
            (None, _) => "StringFilter".to_owned(),
        };
        inputs.push(input(dimension.filter, &ty, dimension.description));
    }
    inputs.push(input(
        "selfReferral",
        "BooleanFilter",
        "Whether FirstPromoter takes the promoter for the customer: of commissions and sales. `{ eq: false }` includes \
         those of which it is not known. Not for promoters.",
    ));
    let description = "A filter of the rows that are counted. All given conditions must hold. One that a selected measure \
        does not know is an error.";
    schema.add_input("PerformanceFilter", description, inputs);
}
