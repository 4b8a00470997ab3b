//! The GraphQL schema: one model, made from the catalogue, for all who need it.
//!
//! The executor validates, collects and coerces by it; async-graphql's registry (introspection, SDL) is
//! filled from it.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::parser::types::{BaseType, OperationType, Type};
use indexmap::IndexMap;

mod entities;
mod filters;
mod introspection;
mod mutations;
mod registry;
mod roots;
mod scalars;
mod streams;

use introspection::Introspection;
pub use mutations::ROOT as MUTATION_ROOT;
pub use registry::{MutationRoot, QueryRoot, SubscriptionRoot};
pub use scalars::{Scalar, ScalarInput, ScalarValue};
pub use streams::{ROOT, SUBSCRIPTION_FIELDS, SubscriptionField};

use super::catalog::CATALOG;

/// The schema.
pub static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::of(&CATALOG));

/// All types by name.
#[derive(Debug, Default)]
pub struct Schema {
    types: IndexMap<String, TypeDefinition>,
    connections: HashMap<String, &'static str>,
    introspection: Option<Introspection>,
}

/// A named type.
#[derive(Debug)]
pub struct TypeDefinition {
    /// What it is.
    pub description: String,
    /// Its kind.
    pub kind: TypeKind,
}

/// The kind of a named type.
#[derive(Debug)]
pub enum TypeKind {
    /// A scalar.
    Scalar(Scalar),
    /// An enum: names and meanings.
    Enum(Vec<(String, String)>),
    /// An object; whether it implements `Node`.
    Object(IndexMap<String, FieldDefinition>, bool),
    /// The interface `Node`.
    Interface(IndexMap<String, FieldDefinition>),
    /// An input object.
    Input(IndexMap<String, InputDefinition>),
}

/// A field of an object.
#[derive(Debug)]
pub struct FieldDefinition {
    /// What it means.
    pub description: String,
    /// Its type.
    pub ty: Type,
    /// Its arguments.
    pub arguments: IndexMap<String, InputDefinition>,
}

/// An argument, or a field of an input object.
#[derive(Debug)]
pub struct InputDefinition {
    /// What it does.
    pub description: String,
    /// Its type.
    pub ty: Type,
    /// What an absent value stands for: a literal.
    pub default: Option<&'static str>,
}

impl Schema {
    fn of(catalog: &'static crate::read::model::Catalog) -> Self {
        let mut schema = Self { introspection: Some(Introspection::default()), ..Self::default() };
        scalars::define(&mut schema);
        filters::define_shared(&mut schema);
        roots::define(&mut schema, catalog);
        mutations::define(&mut schema);
        streams::define(&mut schema);
        for entity in catalog.iter() {
            entities::define(&mut schema, catalog, entity);
            filters::define(&mut schema, entity);
        }
        schema
    }

    /// How many types there are, those of introspection left out.
    #[must_use]
    pub fn size(&self) -> usize {
        self.types.len()
    }

    /// The type of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TypeDefinition> {
        self.types.get(name).or_else(|| self.introspection.as_ref()?.types.get(name))
    }

    /// A field that can be selected on a type: its own, or one of introspection.
    #[must_use]
    pub fn selectable(&self, type_name: &str, field: &str) -> Option<&FieldDefinition> {
        let introspected = || self.introspection.as_ref()?.field(type_name, field);
        self.field(type_name, field).or_else(introspected)
    }

    /// What `@skip` and `@include` take.
    #[must_use]
    pub fn condition_arguments(&self) -> Option<&IndexMap<String, InputDefinition>> {
        self.introspection.as_ref().map(|introspection| &introspection.condition)
    }

    /// Whether it is an object or an interface.
    #[must_use]
    pub fn is_composite(&self, name: &str) -> bool {
        let kind = self.get(name).map(|definition| &definition.kind);
        matches!(kind, Some(TypeKind::Object(..) | TypeKind::Interface(_)))
    }

    /// Whether values of the type can be given.
    #[must_use]
    pub fn is_input(&self, name: &str) -> bool {
        let kind = self.get(name).map(|definition| &definition.kind);
        matches!(kind, Some(TypeKind::Scalar(_) | TypeKind::Enum(_) | TypeKind::Input(_)))
    }

    /// The field of an object or interface.
    #[must_use]
    pub fn field(&self, type_name: &str, field: &str) -> Option<&FieldDefinition> {
        match &self.get(type_name)?.kind {
            TypeKind::Object(fields, _) | TypeKind::Interface(fields) => fields.get(field),
            _ => None,
        }
    }

    /// Whether a selection on `condition` applies to an object of this type.
    #[must_use]
    pub fn applies(&self, condition: &str, object: &str) -> bool {
        condition == object
            || condition == "Node"
                && matches!(self.get(object), Some(TypeDefinition { kind: TypeKind::Object(_, true), .. }))
    }

    /// The type of the rows of a connection type.
    #[must_use]
    pub fn rows_of(&self, connection: &str) -> Option<&'static str> {
        self.connections.get(connection).copied()
    }

    /// The types that implement `Node`.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        let nodes = self.types.iter().filter(|(_, definition)| matches!(definition.kind, TypeKind::Object(_, true)));
        nodes.map(|(name, _)| name.as_str())
    }

    fn add(&mut self, name: impl Into<String>, description: impl Into<String>, kind: TypeKind) {
        self.types.insert(name.into(), TypeDefinition { description: description.into(), kind });
    }

    fn add_enum(&mut self, name: &str, description: &str, values: impl IntoIterator<Item = (String, String)>) {
        self.add(name, description, TypeKind::Enum(values.into_iter().collect()));
    }

    fn add_input(&mut self, name: &str, description: &str, fields: impl IntoIterator<Item = Input>) {
        self.add(name, description, TypeKind::Input(fields.into_iter().collect()));
    }
}

/// The type that an operation starts from.
#[must_use]
pub fn root_type(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => mutations::ROOT,
        OperationType::Subscription => streams::ROOT,
    }
}

/// The named type inside lists and `!`: `Lead` of `[Lead!]!`.
#[must_use]
pub fn named_type(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named_type(item),
    }
}

type Input = (String, InputDefinition);

/// The parsed form of a type such as `[LeadFilter!]`; the texts are our own.
fn type_of(text: &str) -> Type {
    Type::new(text).unwrap_or_else(|| unreachable!("`{text}` is not a type"))
}

fn input(name: impl Into<String>, ty: &str, description: &str) -> Input {
    (name.into(), InputDefinition { description: description.to_owned(), ty: type_of(ty), default: None })
}

fn with_default((name, definition): Input, default: &'static str) -> Input {
    (name, InputDefinition { default: Some(default), ..definition })
}

fn field(ty: &str, description: &str, arguments: impl IntoIterator<Item = Input>) -> FieldDefinition {
    FieldDefinition { description: description.to_owned(), ty: type_of(ty), arguments: arguments.into_iter().collect() }
}
