//! The model of a GraphQL schema: types, fields, arguments.

use async_graphql::parser::types::{BaseType, OperationType, Type};
use indexmap::IndexMap;

use super::scalars::{Scalar, repeated};

/// The root type of queries.
pub const QUERY_ROOT: &str = "Query";
/// The root type of mutations.
pub const MUTATION_ROOT: &str = "Mutation";
/// The root type of subscriptions.
pub const SUBSCRIPTION_ROOT: &str = "Subscription";

/// All types by name.
#[derive(Debug, Default)]
pub struct Schema {
    types: IndexMap<String, TypeDefinition>,
    introspection: Option<Introspection>,
}

/// The types and fields of introspection, and the argument of `@skip` and `@include`.
#[derive(Debug)]
pub struct Introspection {
    /// All its types by name.
    pub types: IndexMap<String, TypeDefinition>,
    /// `__typename`.
    pub typename: FieldDefinition,
    /// `__schema` and `__type`.
    pub roots: IndexMap<String, FieldDefinition>,
    /// The arguments of `@skip` and `@include`.
    pub condition: IndexMap<String, InputDefinition>,
}

impl Introspection {
    /// `__typename`, and at the root of queries `__schema` and `__type`.
    fn field(&self, on: &str, name: &str) -> Option<&FieldDefinition> {
        match name {
            "__typename" => Some(&self.typename),
            _ if on == QUERY_ROOT => self.roots.get(name),
            _ => None,
        }
    }
}

/// A named type.
#[derive(Debug)]
pub struct TypeDefinition {
    /// Its description.
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
    /// An input object of which exactly one field is given.
    OneOf(IndexMap<String, InputDefinition>),
}

/// A field of an object.
#[derive(Debug)]
pub struct FieldDefinition {
    /// Its description.
    pub description: String,
    /// Its type.
    pub ty: Type,
    /// Its arguments.
    pub arguments: IndexMap<String, InputDefinition>,
}

/// An argument, or a field of an input object.
#[derive(Clone, Debug)]
pub struct InputDefinition {
    /// Its description.
    pub description: String,
    /// Its type.
    pub ty: Type,
    /// The default value: a literal.
    pub default: Option<&'static str>,
}

impl Schema {
    /// An empty schema that knows introspection.
    #[must_use]
    pub fn with_introspection(introspection: Introspection) -> Self {
        Self { introspection: Some(introspection), ..Self::default() }
    }

    /// Its types by name.
    #[must_use]
    pub fn into_types(self) -> IndexMap<String, TypeDefinition> {
        self.types
    }

    /// The number of types, those of introspection excluded.
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

    /// The arguments of `@skip` and `@include`.
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

    /// Whether it is an input type.
    #[must_use]
    pub fn is_input(&self, name: &str) -> bool {
        let kind = self.get(name).map(|definition| &definition.kind);
        matches!(kind, Some(TypeKind::Scalar(_) | TypeKind::Enum(_) | TypeKind::Input(_) | TypeKind::OneOf(_)))
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

    /// All types, those of introspection left out.
    pub fn types(&self) -> impl Iterator<Item = (&String, &TypeDefinition)> {
        self.types.iter()
    }

    /// The types that implement `Node`.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        let nodes = self.types.iter().filter(|(_, definition)| matches!(definition.kind, TypeKind::Object(_, true)));
        nodes.map(|(name, _)| name.as_str())
    }

    /// Adds a type.
    pub fn add(&mut self, name: impl Into<String>, description: impl Into<String>, kind: TypeKind) {
        self.types.insert(name.into(), TypeDefinition { description: description.into(), kind });
    }

    /// Adds an enum: names and descriptions of its values.
    pub fn add_enum(&mut self, name: &str, description: &str, values: impl IntoIterator<Item = (String, String)>) {
        self.add(name, description, TypeKind::Enum(values.into_iter().collect()));
    }

    /// Adds an input object.
    pub fn add_input(&mut self, name: &str, description: &str, fields: impl IntoIterator<Item = NamedInput>) {
        self.add(name, description, TypeKind::Input(fields.into_iter().collect()));
    }

    /// Adds an input object of which exactly one field must be given. The fields' types are non-null here, as a given
    /// field must have a value; the schema shows them as nullable.
    pub fn add_one_of(&mut self, name: &str, description: &str, fields: impl IntoIterator<Item = NamedInput>) {
        self.add(name, description, TypeKind::OneOf(fields.into_iter().collect()));
    }
}

/// The root type of an operation.
#[must_use]
pub fn root_type(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => QUERY_ROOT,
        OperationType::Mutation => MUTATION_ROOT,
        OperationType::Subscription => SUBSCRIPTION_ROOT,
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

/// What an error says that a value of an enum must be.
pub fn expected_enum(name: &str, values: &[(String, String)], given: Option<&str>) -> String {
    let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
    format!("a value of the enum {name}: {}{}", names.join(", "), given.map(repeated).unwrap_or_default())
}

/// An argument or a field of an input object, with its name.
pub type NamedInput = (String, InputDefinition);

/// The parsed form of a type such as `[LeadFilter!]`; the texts are our own.
fn type_of(text: &str) -> Type {
    Type::new(text).unwrap_or_else(|| unreachable!("`{text}` is not a type"))
}

/// An argument or a field of an input object.
pub fn input(name: impl Into<String>, ty: &str, description: &str) -> NamedInput {
    (name.into(), InputDefinition { description: description.to_owned(), ty: type_of(ty), default: None })
}

/// With a default value.
pub fn with_default((name, definition): NamedInput, default: &'static str) -> NamedInput {
    (name, InputDefinition { default: Some(default), ..definition })
}

/// A field of an object.
pub fn field(ty: &str, description: &str, arguments: impl IntoIterator<Item = NamedInput>) -> FieldDefinition {
    FieldDefinition { description: description.to_owned(), ty: type_of(ty), arguments: arguments.into_iter().collect() }
}

/// An object type of these fields.
pub fn object<const N: usize>(fields: [(&str, FieldDefinition); N]) -> TypeKind {
    TypeKind::Object(fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(), false)
}
