//! Value coercion: variables from JSON, arguments from literals and variables.
//!
//! A filter with too many terms is refused as soon as the limit is reached, before the rest is read.

use std::{cell::Cell, collections::HashMap};

use async_graphql::{
    Pos, Positioned,
    parser::types::{BaseType, Field, OperationDefinition, Type},
};
use async_graphql_value::ConstValue;
use indexmap::IndexMap;
use serde_json::Map;

mod input_value;

pub use input_value::InputValue;

use super::{
    error::GraphqlError,
    schema::{InputDefinition, ScalarValue, Schema, TypeKind, expected_enum},
};
use crate::{
    error::{ErrorCode, LimitExceeded},
    read::{
        filter,
        selection::{ArgumentValue, Arguments},
    },
    time::Instant,
};

/// The coerced variables of an operation, without absent ones.
pub type Variables = HashMap<String, ArgumentValue>;

/// Coerces the variables that an operation declares: the valid ones, and the error of the first invalid one (variable,
/// path within it, expected value).
pub fn variables(
    schema: &Schema,
    operation: &OperationDefinition,
    given: &Map<String, serde_json::Value>,
) -> (Variables, Result<(), GraphqlError>) {
    let (mut variables, mut readable) = (Variables::new(), Ok(()));
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        let ty = &definition.node.var_type.node;
        let value = match (given.get(name), &definition.node.default_value) {
            (Some(value), _) => json(schema, ty, value),
            (None, Some(default)) => constant(schema, ty, &default.node),
            (None, None) if ty.nullable => continue,
            (None, None) => Err(Mismatch::new("a value")),
        };
        match value {
            Ok(value) => drop(variables.insert(name.to_owned(), value)),
            Err(wrong) => readable = readable.and(Err(wrong.of_variable(name, definition.pos))),
        }
    }
    (variables, readable)
}

/// Coerces the arguments of a field.
///
/// # Errors
/// The argument, the path within it, and the expected value.
pub fn arguments(
    schema: &Schema,
    definitions: &IndexMap<String, InputDefinition>,
    field: &Positioned<Field>,
    variables: &Variables,
) -> Result<Arguments, GraphqlError> {
    let mut arguments = Arguments::new();
    for name in definitions.keys() {
        arguments.extend(argument(schema, definitions, name, field, variables)?.map(|value| (name.clone(), value)));
    }
    Ok(arguments)
}

/// Coerces one argument of a field; none if it is absent.
///
/// # Errors
/// The argument, the path within it, and the expected value.
pub fn argument(
    schema: &Schema,
    definitions: &IndexMap<String, InputDefinition>,
    name: &str,
    field: &Positioned<Field>,
    variables: &Variables,
) -> Result<Option<ArgumentValue>, GraphqlError> {
    let Some(definition) = definitions.get(name) else { return Ok(None) };
    let reader = Reader::new(schema, variables);
    let value = reader.field(definition, field.node.get_argument(name).map(|value| &value.node));
    value.map_err(|wrong| wrong.of_argument(name, field.pos))
}

/// The expected value, and the path within the given one.
#[derive(Debug)]
struct Mismatch {
    place: String,
    expected: String,
    /// The exceeded limit, if that is the reason.
    exceeded: Option<Box<LimitExceeded>>,
}

impl Mismatch {
    fn new(expected: impl Into<String>) -> Self {
        Self { place: String::new(), expected: expected.into(), exceeded: None }
    }

    fn too_many_terms(terms: usize) -> Self {
        let most = filter::MAX_TERMS;
        let exceeded = LimitExceeded::fixed(filter::TERMS, most as u64, terms as u64);
        Self { exceeded: Some(Box::new(exceeded)), ..Self::new(format!("a filter of {most} terms at most")) }
    }

    fn within(mut self, part: &str) -> Self {
        self.place = format!(".{part}{}", self.place);
        self
    }

    fn of_variable(self, name: &str, pos: Pos) -> GraphqlError {
        self.of(&format!("variable `${name}"), pos)
    }

    fn of_argument(self, name: &str, pos: Pos) -> GraphqlError {
        self.of(&format!("argument `{name}"), pos)
    }

    fn of(self, what: &str, pos: Pos) -> GraphqlError {
        let message = format!("{what}{}`: expected {}", self.place, self.expected);
        GraphqlError { exceeded: self.exceeded, ..GraphqlError::new(ErrorCode::BadUserInput, message) }.at(pos)
    }
}

impl From<ScalarValue> for ArgumentValue {
    fn from(read: ScalarValue) -> Self {
        match read {
            ScalarValue::Int(value) | ScalarValue::Time(Instant::At(value)) => Self::Int(value),
            ScalarValue::Time(Instant::Behind(ms)) => Self::Behind(ms),
            ScalarValue::Text(value) => Self::Text(value),
            ScalarValue::Bool(value) => Self::Bool(value),
        }
    }
}

fn json(schema: &Schema, ty: &Type, value: &serde_json::Value) -> Result<ArgumentValue, Mismatch> {
    Reader::new(schema, &Variables::new()).value(ty, value)
}

fn constant(schema: &Schema, ty: &Type, value: &ConstValue) -> Result<ArgumentValue, Mismatch> {
    Reader::new(schema, &Variables::new()).value(ty, &value.clone().into_value())
}

struct Reader<'a> {
    schema: &'a Schema,
    variables: &'a Variables,
    /// Number of filter terms so far.
    terms: Cell<usize>,
}

impl<'a> Reader<'a> {
    fn new(schema: &'a Schema, variables: &'a Variables) -> Self {
        Self { schema, variables, terms: Cell::new(0) }
    }

    /// A field of an input object, or an argument: absent, given, or its default.
    fn field<S: InputValue>(
        &self,
        definition: &InputDefinition,
        given: Option<&S>,
    ) -> Result<Option<ArgumentValue>, Mismatch> {
        let value = match given.map(|value| (value, value.variable())) {
            None => None,
            Some((_, Some(name))) => match self.variables.get(name) {
                Some(ArgumentValue::Null) if !definition.ty.nullable => {
                    return Err(Mismatch::new("a value other than null"));
                }
                value => value.cloned(),
            },
            Some((value, None)) => Some(self.value(&definition.ty, value)?),
        };
        match (value, definition.default) {
            (Some(value), _) => Ok(Some(value)),
            (None, Some(default)) => Ok(Some(literal(default))),
            (None, None) if definition.ty.nullable => Ok(None),
            (None, None) => Err(Mismatch::new("a value")),
        }
    }

    fn value<S: InputValue>(&self, ty: &Type, value: &S) -> Result<ArgumentValue, Mismatch> {
        if let Some(name) = value.variable() {
            // Inside a filter a variable counts as one term at least.
            self.count(usize::from(self.is_filter(ty)))?;
            let value = self.variables.get(name).cloned().unwrap_or(ArgumentValue::Null);
            return if value == ArgumentValue::Null && !ty.nullable {
                Err(Mismatch::new("a value"))
            } else {
                Ok(value)
            };
        }
        if value.is_null() {
            return if ty.nullable { Ok(ArgumentValue::Null) } else { Err(Mismatch::new("a value other than null")) };
        }
        match &ty.base {
            BaseType::List(item) => match value.list() {
                Some(items) => {
                    let read =
                        |(index, value)| self.value(item, value).map_err(|wrong| wrong.within(&format!("{index}")));
                    items.iter().enumerate().map(read).collect::<Result<_, _>>().map(ArgumentValue::List)
                }
                // A single value is coerced to a list of one.
                None => Ok(ArgumentValue::List(vec![self.value(item, value)?])),
            },
            BaseType::Named(name) => self.named(name, value),
        }
    }

    fn named<S: InputValue>(&self, name: &str, value: &S) -> Result<ArgumentValue, Mismatch> {
        let Some(definition) = self.schema.get(name) else { return Err(Mismatch::new("a known type")) };
        match &definition.kind {
            TypeKind::Scalar(scalar) => {
                let raw = value.scalar().ok_or_else(|| Mismatch::new(format!("a {name}")))?;
                scalar.read(&raw).map(ArgumentValue::from).map_err(Mismatch::new)
            }
            TypeKind::Enum(values) => match value.enum_value() {
                Some(given) if values.iter().any(|(known, _)| known == given) => {
                    Ok(ArgumentValue::Enum(given.to_owned()))
                }
                given => Err(Mismatch::new(expected_enum(name, values, given))),
            },
            TypeKind::Input(fields) => self.object(name, fields, value),
            TypeKind::OneOf(fields) => self.one_of(name, fields, value),
            TypeKind::Object(..) | TypeKind::Interface(_) => Err(Mismatch::new("an input type")),
        }
    }

    fn is_filter(&self, ty: &Type) -> bool {
        let BaseType::Named(name) = &ty.base else { return false };
        let definition = self.schema.get(name).map(|definition| &definition.kind);
        matches!(definition, Some(TypeKind::Input(fields)) if terms(fields, 0) > 0)
    }

    fn count(&self, terms: usize) -> Result<(), Mismatch> {
        self.terms.set(self.terms.get() + terms);
        if self.terms.get() > filter::MAX_TERMS { Err(Mismatch::too_many_terms(self.terms.get())) } else { Ok(()) }
    }

    fn object<S: InputValue>(
        &self,
        name: &str,
        fields: &IndexMap<String, InputDefinition>,
        value: &S,
    ) -> Result<ArgumentValue, Mismatch> {
        let names = value.names().ok_or_else(|| Mismatch::new(format!("an object of the type {name}")))?;
        let given = names.len();
        if let Some(unknown) = names.into_iter().find(|given| !fields.contains_key(*given)) {
            return Err(Mismatch::new(format!("a field of {name}")).within(unknown));
        }
        self.count(terms(fields, given))?;
        let mut object = Arguments::new();
        for (name, definition) in fields {
            let value = self.field(definition, value.field(name)).map_err(|wrong| wrong.within(name))?;
            object.extend(value.map(|value| (name.clone(), value)));
        }
        Ok(ArgumentValue::Object(object))
    }
}

impl Reader<'_> {
    fn one_of<S: InputValue>(
        &self,
        name: &str,
        fields: &IndexMap<String, InputDefinition>,
        value: &S,
    ) -> Result<ArgumentValue, Mismatch> {
        let expected = || {
            let names: Vec<_> = fields.keys().map(|name| format!("`{name}`")).collect();
            Mismatch::new(format!("an object of the type {name} with exactly one of {}", names.join(", ")))
        };
        let [given] = value.names().ok_or_else(expected)?[..] else { return Err(expected()) };
        let definition = fields.get(given).ok_or_else(expected)?;
        let read = self.field(definition, value.field(given)).map_err(|wrong| wrong.within(given))?;
        Ok(ArgumentValue::Object(read.map(|value| (given.to_owned(), value)).into_iter().collect()))
    }
}

/// The number of terms that an input object adds to its filter, as [`filter`] counts them.
fn terms(fields: &IndexMap<String, InputDefinition>, given: usize) -> usize {
    if fields.contains_key("and") {
        1
    } else if fields.contains_key("eq") {
        given
    } else {
        0
    }
}

/// The schema's defaults are booleans, integers, texts without escapes, and enum values.
fn literal(default: &str) -> ArgumentValue {
    let text = default.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match (default, text, default.parse()) {
        ("true", ..) => ArgumentValue::Bool(true),
        ("false", ..) => ArgumentValue::Bool(false),
        (_, Some(text), _) => ArgumentValue::Text(text.to_owned()),
        (.., Ok(number)) => ArgumentValue::Int(number),
        (name, ..) => ArgumentValue::Enum(name.to_owned()),
    }
}
