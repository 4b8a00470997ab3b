//! Objects, connections and edges of the catalogue's types.

use indexmap::IndexMap;

use super::{FieldDefinition, Input, Schema, TypeKind, field, input, with_default};
use crate::read::model::{Catalog, EntityField, EntityType, FieldKind, Link};

/// Adds a type with its connection.
pub fn define(schema: &mut Schema, catalog: &Catalog, entity: &'static EntityType) {
    let mut fields = IndexMap::new();
    for declared in &entity.fields {
        fields.insert(declared.name.clone(), field(&output_type(declared), &declared.description, []));
        if let FieldKind::Enum(kind) = declared.kind
            && schema.get(kind.name).is_none()
        {
            let other = ("OTHER".to_owned(), "A value that this version does not know; see the raw text.".to_owned());
            let known = kind.values.iter().map(|value| (value.name.to_owned(), value.description.to_owned()));
            schema.add_enum(kind.name, kind.description, known.chain([other]));
        }
    }
    for relation in &entity.relations {
        let definition = match relation.link {
            Link::ToOne { .. } => field(relation.target, relation.description, []),
            Link::ToMany { .. } | Link::Through { .. } => {
                let arguments = catalog.get(relation.target).map_or_else(Vec::new, connection_arguments);
                // Nullable, so that a refused argument or type costs no more than this field.
                field(&format!("{}Connection", relation.target), relation.description, arguments)
            }
        };
        fields.insert(relation.name.to_owned(), definition);
    }
    let name = entity.name;
    schema.add(name, entity.description, TypeKind::Object(fields, entity.node));
    let connection = object([
        ("edges", field(&format!("[{name}Edge!]!"), "The rows of the page, each with its cursor.", [])),
        ("nodes", field(&format!("[{name}!]!"), "The rows of the page.", [])),
        ("pageInfo", field("PageInfo!", "Where the page is in the list.", [])),
        ("totalCount", field("BigInt!", "How many rows the whole list has. Counted only if selected.", [])),
    ]);
    schema.add(format!("{name}Connection"), format!("A page of a list of {name} rows."), connection);
    let edge = object([
        ("cursor", field("String!", "The row's place in the list, for `after` and `before`.", [])),
        ("node", field(&format!("{name}!"), "The row.", [])),
    ]);
    schema.add(format!("{name}Edge"), format!("A {name} row in a list."), edge);
    schema.connections.insert(format!("{name}Connection"), entity.name);
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

/// An object type of these fields.
pub fn object<const N: usize>(fields: [(&str, FieldDefinition); N]) -> TypeKind {
    TypeKind::Object(fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(), false)
}

/// The arguments of every list of this type.
pub fn connection_arguments(entity: &EntityType) -> Vec<Input> {
    let name = entity.name;
    let mut arguments = vec![
        input("first", "Int", "The first rows of the list: 1 to 200, 25 if neither `first` nor `last` is given."),
        input("last", "Int", "The last rows of the list: 1 to 200."),
        input("after", "String", "Only rows after this cursor."),
        input("before", "String", "Only rows before this cursor."),
        input("filter", &format!("{name}Filter"), "Only rows for which this holds."),
        input("orderBy", &format!("[{name}Order!]"), "The order: each term decides where those before it tie."),
    ];
    if entity.mirrored {
        let deleted = input("includeDeleted", "Boolean", "Rows that FirstPromoter deleted as well.");
        arguments.push(with_default(deleted, "false"));
    }
    arguments
}
