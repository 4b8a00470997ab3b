//! The types of `aggregate` and `groups`.

use indexmap::IndexMap;

use super::model::{FieldDefinition, NamedInput, Schema, TypeKind, field, input, object, with_default};
use crate::read::{
    DEFAULT_GROUPS, MAX_GROUPS, figure_name,
    model::{EntityField, EntityType, FieldKind, MeasuredKind, Statistic, constant_case},
};

fn meaning(kind: MeasuredKind, statistic: Statistic) -> &'static str {
    match (statistic, kind) {
        (Statistic::CountDistinct, _) => "Number of different rows that are referred to. Null is not counted.",
        (Statistic::Min, MeasuredKind::Time) => "The earliest time. Null if no row has one.",
        (Statistic::Max, MeasuredKind::Time) => "The latest time. Null if no row has one.",
        (Statistic::Min, _) => "The smallest value. Null if no row has one.",
        (Statistic::Max, _) => "The greatest value. Null if no row has one.",
        (Statistic::Sum, _) => "The sum. Null if no row has a value; an error if it does not fit into 64 bits.",
        (Statistic::Avg, _) => {
            "The average of the rows that have a value, rounded half away from zero to four digits after the point. Null \
             if no row has one."
        }
    }
}

/// Adds the types that all types of rows share.
pub fn define_shared(schema: &mut Schema) {
    for kind in MeasuredKind::ALL {
        let prefix = kind.prefix();
        let fields = kind.statistics().iter().map(|statistic| {
            let required = if *statistic == Statistic::CountDistinct { "!" } else { "" };
            let ty = format!("{}{required}", kind.scalar(*statistic));
            (statistic.name().to_owned(), field(&ty, meaning(kind, *statistic), []))
        });
        let description = match kind {
            MeasuredKind::Id => "Figures of the ids of other rows.",
            MeasuredKind::Time => "Figures of times.",
            MeasuredKind::Integer => "Figures of integers.",
            MeasuredKind::Decimal => "Figures of decimal numbers.",
        };
        schema.add(format!("{prefix}Aggregate"), description, TypeKind::Object(fields.collect(), false));
        if kind != MeasuredKind::Time {
            let inputs = kind.statistics().iter().map(|statistic| {
                input(statistic.name(), &format!("{}Filter", kind.scalar(*statistic)), meaning(kind, *statistic))
            });
            let description = "Conditions on the figures of a field. All given conditions must hold.";
            schema.add_input(&format!("{prefix}Having"), description, inputs);
        }
    }
}

/// Adds the types of the figures of a type.
pub fn define(schema: &mut Schema, entity: &'static EntityType) {
    let name = entity.name;
    let mut figures = IndexMap::new();
    figures.insert("count".to_owned(), field("BigInt!", "Number of rows.", []));
    for (declared, kind) in entity.measured() {
        let description = format!("Of `{}`: {}", declared.name, declared.description);
        figures.insert(declared.name.clone(), field(&format!("{}Aggregate!", kind.prefix()), &description, []));
    }
    let description = format!("Figures over several {name} rows. Values that the viewer does not see count as null.");
    schema.add(format!("{name}Aggregate"), description, TypeKind::Object(figures, false));
    let start = "The start of the interval; it ends where the next one starts. Null for rows without such a time. Only with \
                 `interval`.";
    let start = entity.times().next().map(|_| ("start".to_owned(), field("DateTime", start, [])));
    let keys = entity.group_keys().map(|declared| (declared.name.clone(), key(declared)));
    let keys = start.into_iter().chain(keys);
    let description = format!("What the {name} rows of a group have in common.");
    schema.add(format!("{name}GroupKey"), description, TypeKind::Object(keys.collect(), false));
    let group = object([
        ("key", field(&format!("{name}GroupKey!"), "What its rows have in common: the fields that `by` names.", [])),
        ("aggregate", field(&format!("{name}Aggregate!"), "Figures over its rows.", [])),
    ]);
    schema.add(format!("{name}Group"), format!("{name} rows with equal keys."), group);
    schema.add_enum(
        &format!("{name}GroupField"),
        &format!("The fields by which {name} rows can be grouped."),
        entity.group_keys().map(|declared| by(&declared.name)),
    );
    let measures = entity.measured().flat_map(|(declared, kind)| {
        kind.statistics().iter().map(move |statistic| {
            let description = format!("By `{} {{ {} }}`.", declared.name, statistic.name());
            (figure_name(declared, *statistic), description)
        })
    });
    let mut count = vec![("COUNT".to_owned(), "By the number of rows.".to_owned())];
    if entity.times().next().is_some() {
        count.push(("START".to_owned(), "By the start of the interval, which needs `interval`.".to_owned()));
        schema.add_enum(
            &format!("{name}TimeField"),
            &format!("The times by whose intervals {name} rows can be grouped."),
            entity.times().map(|declared| by(&declared.name)),
        );
        schema.add_input(
            &format!("{name}Interval"),
            &format!("Groups {name} rows by calendar intervals of a time."),
            [
                input("field", &format!("{name}TimeField!"), "The time."),
                input("unit", "Interval!", "The interval."),
                input("timezone", "TimeZone!", "The time zone of its calendar."),
            ],
        );
    }
    schema.add_enum(
        &format!("{name}GroupOrderField"),
        &format!("What groups of {name} rows can be sorted by: keys, which `by` must name too, and figures."),
        count.into_iter().chain(entity.group_keys().map(|declared| by(&declared.name))).chain(measures),
    );
    schema.add_input(
        &format!("{name}GroupOrder"),
        &format!("One term of a sort order of groups of {name} rows."),
        [
            input("field", &format!("{name}GroupOrderField!"), "What to sort by."),
            with_default(input("direction", "OrderDirection!", "The direction."), "ASC"),
        ],
    );
    let mut having = vec![input("count", "BigIntFilter", "Compares the number of rows.")];
    let compared = entity.measured().filter(|(_, kind)| *kind != MeasuredKind::Time);
    having.extend(compared.map(|(declared, kind)| {
        let description = format!("Compares figures of `{}`.", declared.name);
        input(declared.name.clone(), &format!("{}Having", kind.prefix()), &description)
    }));
    let description = format!("Conditions on groups of {name} rows. All given conditions must hold.");
    schema.add_input(&format!("{name}Having"), &description, having);
}

fn by(name: &str) -> (String, String) {
    (constant_case(name), format!("By `{name}`."))
}

fn key(declared: &EntityField) -> FieldDefinition {
    let ty = match declared.kind {
        FieldKind::RelatedId(_) => "ID",
        FieldKind::Bool => "Boolean",
        FieldKind::Enum(kind) => kind.name,
        _ => "String",
    };
    field(ty, &declared.description, [])
}

/// The fields of every connection of this type.
pub fn connection_fields(entity: &EntityType) -> [(&'static str, FieldDefinition); 2] {
    let name = entity.name;
    let aggregate = "Figures over all rows of the list, whatever page is read. Sums and averages of an amount with a unit \
                     need a filter `unit: { eq: ... }`, since different units are never added.";
    let groups = "The rows of the whole list in groups of equal keys, each with its figures. Null is a key of its own. \
                  Sums and averages of an amount with a unit need that unit among the keys, or a filter `unit: { eq: ... }`; they \
                  are null for the unit `OTHER`, which may be several.";
    [
        ("aggregate", field(&format!("{name}Aggregate!"), aggregate, [])),
        ("groups", field(&format!("[{name}Group!]!"), groups, group_arguments(entity))),
    ]
}

fn group_arguments(entity: &EntityType) -> Vec<NamedInput> {
    let name = entity.name;
    let first = format!(
        "Returns the first groups: 1 to {MAX_GROUPS}, {DEFAULT_GROUPS} by default. There may be at most {MAX_GROUPS} groups."
    );
    let mut arguments = vec![input("by", &format!("[{name}GroupField!]"), "The fields of the keys: at most 3.")];
    if entity.times().next().is_some() {
        let interval = "Groups by calendar intervals of a time too. Intervals without rows are left out.";
        arguments.push(input("interval", &format!("{name}Interval"), interval));
    }
    arguments.extend([
        input("having", &format!("{name}Having"), "Only groups that meet these conditions."),
        input("orderBy", &format!("[{name}GroupOrder!]"), "Sort order; then by the keys, null first."),
        input("first", "Int", &first),
    ]);
    arguments
}
