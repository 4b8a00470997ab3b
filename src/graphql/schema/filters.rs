//! Filter and order inputs.

use super::model::{NamedInput, Schema, input, with_default};
use crate::{
    read::model::{EntityField, EntityType, FieldKind, Link, constant_case},
    time::calendar::Interval,
};

const EQ: (&str, &str) = ("eq", "Equal to.");
const NE: (&str, &str) = ("ne", "Not equal to. False for null.");
const IN: (&str, &str) = ("in", "Equal to one of these values, at most 1,000.");
const NOT_IN: (&str, &str) = ("notIn", "Equal to none of these values, at most 1,000. False for null.");
const RANGE: [(&str, &str); 4] = [
    ("lt", "Less than."),
    ("lte", "Less than or equal to."),
    ("gt", "Greater than."),
    ("gte", "Greater than or equal to."),
];

fn comparators(scalar: &str, range: bool, list: bool) -> Vec<NamedInput> {
    let mut inputs = vec![input(EQ.0, scalar, EQ.1), input(NE.0, scalar, NE.1)];
    if list {
        inputs.push(input(IN.0, &format!("[{scalar}!]"), IN.1));
        inputs.push(input(NOT_IN.0, &format!("[{scalar}!]"), NOT_IN.1));
    }
    if range {
        inputs.extend(RANGE.iter().map(|(name, description)| input(*name, scalar, description)));
    }
    inputs.push(input("isNull", "Boolean", "Whether the value is null."));
    inputs
}

/// Adds the comparators of the scalars and the direction of orders.
pub fn define_shared(schema: &mut Schema) {
    for (scalar, range, list) in [
        ("ID", false, true),
        ("Int", true, true),
        ("BigInt", true, true),
        ("Decimal", true, true),
        ("DateTime", true, true),
        ("String", true, true),
        ("Boolean", false, false),
    ] {
        let description = format!("Compares a {scalar}. All given comparators must hold.");
        schema.add_input(&format!("{scalar}Filter"), &description, comparators(scalar, range, list));
    }
    let mut search = comparators("String", true, true);
    search.push(input("contains", "String", "Contains this text. Ignores case and Unicode composition. A letter with an accent is another letter: `Jose` is not in `José`."));
    search.push(input("startsWith", "String", "Starts with this text, compared as by `contains`."));
    schema.add_input("SearchFilter", "Compares or searches a text. All given comparators must hold.", search);
    let presence = [input("isNull", "Boolean", "Whether the list is null.")];
    schema.add_input("StringListFilter", "Compares a list of texts.", presence);
    schema.add_enum(
        "OrderDirection",
        "Direction of a sort order. Null sorts as the lowest value.",
        [("ASC", "Lowest first."), ("DESC", "Highest first.")].map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    schema.add_enum(
        "Interval",
        "An interval of the calendar of a time zone.",
        Interval::ALL.iter().map(|(_, name, text)| ((*name).to_owned(), (*text).to_owned())),
    );
}

/// Adds the filter and the order of a type.
pub fn define(schema: &mut Schema, entity: &'static EntityType) {
    let name = entity.name;
    let filter = format!("{name}Filter");
    let mut inputs = vec![
        input("and", &format!("[{filter}!]"), "All of these filters match. True if empty."),
        input("or", &format!("[{filter}!]"), "At least one of these filters matches. False if empty."),
        input("not", &filter, "This filter does not match."),
    ];
    for declared in entity.fields.iter().filter(|declared| declared.filterable) {
        let description = format!("Compares `{}`.", declared.name);
        inputs.push(input(declared.name.clone(), &comparator(schema, declared), &description));
    }
    for relation in &entity.relations {
        inputs.push(match relation.link {
            Link::ToOne { .. } => {
                let description = format!("`{}` is not null and matches this filter.", relation.name);
                input(relation.name, &format!("{}Filter", relation.target), &description)
            }
            Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => {
                let description = format!("Some, none or all of `{}` match a filter.", relation.name);
                input(relation.name, &format!("{}ListFilter", relation.target), &description)
            }
        });
    }
    schema.add_input(&filter, &format!("A filter of {name} rows. All given conditions must hold."), inputs);
    schema.add_input(
        &format!("{name}ListFilter"),
        &format!("A condition on the {name} rows that belong to another row."),
        [
            input("some", &filter, "At least one row matches this filter."),
            input("none", &filter, "No row matches this filter."),
            input("every", &filter, "Every row matches this filter. True if there are none."),
        ],
    );
    let orderable = entity.fields.iter().filter(|declared| declared.sort.is_some());
    let fields = orderable.map(|declared| (constant_case(&declared.name), format!("By `{}`.", declared.name)));
    let counts = entity.counts().map(|(count, relation)| {
        let description = format!("By the number of rows that `{} {{ totalCount }}` counts.", relation.name);
        (constant_case(&count), description)
    });
    schema.add_enum(&format!("{name}OrderField"), &format!("What {name} rows can be sorted by."), fields.chain(counts));
    schema.add_input(
        &format!("{name}Order"),
        &format!("One term of a sort order of {name} rows."),
        [
            input("field", &format!("{name}OrderField!"), "The field to sort by."),
            with_default(input("direction", "OrderDirection!", "The direction."), "ASC"),
        ],
    );
}

fn comparator(schema: &mut Schema, declared: &EntityField) -> String {
    let name = match declared.kind {
        FieldKind::GlobalId | FieldKind::RelatedId(_) => "ID",
        FieldKind::BigInt => "BigInt",
        FieldKind::Int => "Int",
        FieldKind::Bool => "Boolean",
        FieldKind::Time => "DateTime",
        FieldKind::Decimal => "Decimal",
        FieldKind::Text if declared.folded.is_some() => "Search",
        FieldKind::Texts => "StringList",
        FieldKind::Text | FieldKind::Json | FieldKind::Bytes => "String",
        FieldKind::Enum(kind) => {
            let filter = format!("{}Filter", kind.name);
            if schema.get(&filter).is_none() {
                let description = format!("Compares a {}. All given comparators must hold.", kind.name);
                schema.add_input(&filter, &description, comparators(kind.name, false, true));
            }
            return filter;
        }
    };
    format!("{name}Filter")
}
