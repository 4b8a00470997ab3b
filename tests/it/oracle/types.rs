//! The schema as the interpreter knows it: read from `schema.graphql`.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind as Parsed, TypeSystemDefinition},
    },
};
use async_graphql_value::Value;
use indexmap::IndexMap;

/// All types by name.
pub struct Types(HashMap<String, Kind>);

/// A named type.
pub enum Kind {
    Scalar,
    Enum(Vec<String>),
    /// An object or interface.
    Composite(Composite),
    Input(Inputs),
}

/// An object or an interface.
pub struct Composite {
    pub interface: bool,
    /// Whether it implements `Node`.
    pub node: bool,
    pub fields: IndexMap<String, Output>,
}

/// A field.
pub struct Output {
    pub ty: Type,
    pub arguments: Inputs,
}

/// Arguments, or the fields of an input object.
pub type Inputs = IndexMap<String, Input>;

/// An argument, or a field of an input object.
pub struct Input {
    pub ty: Type,
    pub default: Option<Value>,
}

impl Types {
    /// Reads the schema.
    pub fn read() -> Self {
        let document = parse_schema(include_str!("../../../schema.graphql")).expect("schema.graphql is a schema");
        let mut types: HashMap<_, _> =
            ["Int", "String", "Boolean", "ID"].map(|name| (name.to_owned(), Kind::Scalar)).into_iter().collect();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let kind = match definition.node.kind {
                Parsed::Scalar => Kind::Scalar,
                Parsed::Enum(parsed) => {
                    Kind::Enum(parsed.values.iter().map(|value| value.node.value.node.to_string()).collect())
                }
                Parsed::Object(parsed) => Kind::Composite(Composite {
                    interface: false,
                    node: parsed.implements.iter().any(|name| name.node == "Node"),
                    fields: outputs(parsed.fields),
                }),
                Parsed::Interface(parsed) => {
                    Kind::Composite(Composite { interface: true, node: false, fields: outputs(parsed.fields) })
                }
                Parsed::InputObject(parsed) => Kind::Input(inputs(parsed.fields)),
                Parsed::Union(_) => panic!("the schema has no unions"),
            };
            types.insert(definition.node.name.node.to_string(), kind);
        }
        Self(types)
    }

    /// The type of this name.
    pub fn get(&self, name: &str) -> &Kind {
        self.0.get(name).unwrap_or_else(|| panic!("{name} is a type"))
    }

    /// An object or interface.
    pub fn composite(&self, name: &str) -> Option<&Composite> {
        match self.0.get(name) {
            Some(Kind::Composite(composite)) => Some(composite),
            _ => None,
        }
    }

    /// A field of an object or interface; none for `__typename`.
    pub fn field(&self, parent: &str, name: &str) -> Option<&Output> {
        self.composite(parent)?.fields.get(name)
    }

    /// The fields of an input object.
    pub fn inputs(&self, name: &str) -> &Inputs {
        match self.get(name) {
            Kind::Input(inputs) => inputs,
            _ => panic!("{name} is an input object"),
        }
    }

    /// Whether what is selected on `condition` holds for an object of this type.
    pub fn applies(&self, condition: &str, object: &str) -> bool {
        condition == object || condition == "Node" && self.composite(object).is_some_and(|object| object.node)
    }
}

fn outputs(fields: Vec<Positioned<FieldDefinition>>) -> IndexMap<String, Output> {
    let output = |field: FieldDefinition| Output { ty: field.ty.node, arguments: inputs(field.arguments) };
    fields.into_iter().map(|field| (field.node.name.node.to_string(), output(field.node))).collect()
}

fn inputs(values: Vec<Positioned<InputValueDefinition>>) -> Inputs {
    let input = |value: InputValueDefinition| {
        let default = value.default_value.map(|default| default.node.into_value());
        (value.name.node.to_string(), Input { ty: value.ty.node, default })
    };
    values.into_iter().map(|value| input(value.node)).collect()
}

/// The name within a type.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}
