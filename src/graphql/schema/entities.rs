//! Objects, connections and edges of the catalogue's types.

use indexmap::IndexMap;

use super::{
    aggregates,
    model::{NamedInput, Schema, TypeKind, field, input, object, with_default},
};
use crate::read::model::{Catalog, EntityField, EntityType, FieldKind, Link};

/// Adds a type with its connection.
pub fn define(schema: &mut Schema, catalog: &Catalog, entity: &'static EntityType) {
    let mut fields = IndexMap::new();
    for declared in &entity.fields {
        fields.insert(declared.name.clone(), field(&output_type(declared), &declared.description, []));
        if let FieldKind::Enum(kind) = declared.kind
            && schema.get(kind.name).is_none()
        {
            let other = (
                "OTHER".to_owned(),
                "A value that this version does not know. The field with the suffix `Raw` has the original text."
                    .to_owned(),
            );
            let known = kind.values.iter().map(|value| (value.name.to_owned(), value.description.to_owned()));
            schema.add_enum(kind.name, kind.description, known.chain([other]));
        }
    }
    for relation in &entity.relations {
        let definition = match relation.link {
            Link::ToOne { .. } => field(relation.target, relation.description, []),
            Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => {
                let arguments = catalog.get(relation.target).map_or_else(Vec::new, connection_arguments);
                // Nullable, so that a refused argument makes only this field null.
                field(&format!("{}Connection", relation.target), relation.description, arguments)
            }
        };
        fields.insert(relation.name.to_owned(), definition);
    }
    let name = entity.name;
    // One sentence for all of them instead of one with every field.
    let nulls = if entity.mirrored { " A field is null until a webhook event has its value." } else { "" };
    schema.add(name, format!("{}{nulls}", entity.description), TypeKind::Object(fields, entity.node));
    let [aggregate, groups] = aggregates::connection_fields(entity);
    let connection = object([
        ("edges", field(&format!("[{name}Edge!]!"), "The rows of the page with their cursors.", [])),
        ("nodes", field(&format!("[{name}!]!"), "The rows of the page.", [])),
        ("pageInfo", field("PageInfo!", "Position of the page in the list.", [])),
        ("totalCount", field("BigInt!", "Number of rows in the whole list. Counted only if it is selected.", [])),
        aggregate,
        groups,
    ]);
    schema.add(format!("{name}Connection"), format!("A page of a list of {name} rows."), connection);
    let edge = object([
        ("cursor", field("String!", "Position of the row in the list, for `after` and `before`.", [])),
        ("node", field(&format!("{name}!"), "The row.", [])),
    ]);
    schema.add(format!("{name}Edge"), format!("A {name} row of a list, with its cursor."), edge);
}

/// Adds `PageInfo`.
pub fn define_page_info(schema: &mut Schema) {
    let page_info = object([
        (
            "hasNextPage",
            field("Boolean!", "Whether rows follow the page. With `last`: whether `before` was given.", []),
        ),
        (
            "hasPreviousPage",
            field("Boolean!", "Whether rows precede the page. With `first`: whether `after` was given.", []),
        ),
        ("startCursor", field("String", "Cursor of the first row. Null if the page is empty.", [])),
        ("endCursor", field("String", "Cursor of the last row. Null if the page is empty.", [])),
    ]);
    schema.add("PageInfo", "Position of a page in its list.", page_info);
}

fn output_type(declared: &EntityField) -> String {
    let name = match declared.kind {
        FieldKind::GlobalId | FieldKind::RelatedId(_) => "ID",
        FieldKind::BigInt => "BigInt",
        FieldKind::Int => "Int",
        FieldKind::Text | FieldKind::Bytes => "String",
        FieldKind::Bool => "Boolean",
        FieldKind::Time => "DateTime",
        FieldKind::Decimal => "Decimal",
        FieldKind::Json => "JSON",
        FieldKind::Texts => "[String!]",
        FieldKind::Enum(kind) => kind.name,
    };
    if declared.required { format!("{name}!") } else { name.to_owned() }
}

/// The arguments of every list of this type.
pub fn connection_arguments(entity: &EntityType) -> Vec<NamedInput> {
    let name = entity.name;
    let mut arguments = vec![
        input("first", "Int", "Returns the first rows: 1 to 200. 25 if neither `first` nor `last` is given."),
        input("last", "Int", "Returns the last rows: 1 to 200."),
        input("after", "String", "Only rows after this cursor."),
        input("before", "String", "Only rows before this cursor."),
        input("filter", &format!("{name}Filter"), "Only rows that match this filter."),
        input(
            "orderBy",
            &format!("[{name}Order!]"),
            "Sort order. Each term sorts the rows that are equal by the terms before it.",
        ),
    ];
    if entity.mirrored {
        let deleted = input("includeDeleted", "Boolean", "Includes rows that FirstPromoter deleted.");
        arguments.push(with_default(deleted, "false"));
    }
    arguments
}
