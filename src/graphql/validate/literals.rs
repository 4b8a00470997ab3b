//! Literals: each has to be of the expected type.

use async_graphql::{
    Pos,
    parser::types::{BaseType, Type},
};
use async_graphql_value::{ConstValue, Value};
use indexmap::IndexMap;

use super::visitor::{DefinitionInfo, VariableUsage, Visitor};
use crate::graphql::{
    coerce::InputValue as _,
    schema::{InputDefinition, TypeKind, expected_enum},
};

impl<'a> Visitor<'a, '_> {
    /// The value of an argument. Of an unknown argument only the variables are recorded.
    pub(super) fn input(&mut self, definition: Option<&'a InputDefinition>, value: &'a Value, pos: Pos, place: &str) {
        let place = Place { ty: definition.map(|definition| &definition.ty), pos, name: place };
        self.value(place, definition.is_some_and(|definition| definition.default.is_some()), value);
    }

    /// The default of a variable.
    pub(super) fn constant(&mut self, ty: &Type, value: &ConstValue, pos: Pos, name: &str) {
        let value = value.clone().into_value();
        // A separate visitor, since nothing in it is recorded.
        let info = DefinitionInfo::default();
        let mut walk =
            Visitor { schema: self.schema, document: self.document, errors: &mut *self.errors, info, depth: 0 };
        walk.value(Place { ty: Some(ty), pos, name }, false, &value);
    }

    fn value(&mut self, place: Place<'a, '_>, has_default: bool, value: &'a Value) {
        if let Value::Variable(name) = value {
            let place_type = place.ty.map(|ty| (ty, has_default));
            self.info.variables.push(VariableUsage { name, pos: place.pos, place: place_type, in_one_of: false });
            return;
        }
        let Some(ty) = place.ty else { return self.unknown(place, value) };
        if matches!(value, Value::Null) {
            if !ty.nullable {
                self.refuse(place, &format!("a `{ty}`, not null"));
            }
            return;
        }
        match &ty.base {
            // A single value is coerced to a list of one.
            BaseType::List(item) => {
                let place = Place { ty: Some(item), ..place };
                match value {
                    Value::List(items) => items.iter().for_each(|value| self.value(place, false, value)),
                    value => self.value(place, false, value),
                }
            }
            BaseType::Named(name) => self.named(place, name, value),
        }
    }

    fn named(&mut self, place: Place<'a, '_>, name: &str, value: &'a Value) {
        let schema = self.schema;
        let expected = match schema.get(name).map(|definition| &definition.kind) {
            Some(TypeKind::Scalar(scalar)) => match value.scalar().map(|raw| scalar.read(&raw)) {
                Some(Ok(_)) => return,
                Some(Err(expected)) => expected,
                None => format!("a {name}"),
            },
            Some(TypeKind::Enum(values)) => match value.enum_value() {
                Some(given) if values.iter().any(|(known, _)| known == given) => return,
                given => expected_enum(name, values, given),
            },
            Some(TypeKind::Input(fields)) => match value {
                Value::Object(given) => return self.object(place, name, fields, given),
                _ => format!("an object of the type {name}"),
            },
            Some(TypeKind::OneOf(fields)) => match value {
                Value::Object(given) if given.len() == 1 => {
                    self.object(place, name, fields, given);
                    if let (Some(usage), Some(Value::Variable(_))) =
                        (self.info.variables.last_mut(), given.values().next())
                    {
                        usage.in_one_of = true;
                    }
                    return;
                }
                _ => format!("an object of the type {name} with exactly one field"),
            },
            // An unknown type is reported where it is used.
            _ => return,
        };
        self.refuse(place, &expected);
        // Variables inside it count as used.
        self.unknown(place, value);
    }

    fn object(
        &mut self,
        place: Place<'a, '_>,
        name: &str,
        fields: &'a IndexMap<String, InputDefinition>,
        given: &'a IndexMap<async_graphql::Name, Value>,
    ) {
        for (field, value) in given {
            let definition = fields.get(field.as_str());
            if definition.is_none() {
                self.refuse(place, &format!("a field of {name} instead of `{field}`"));
            }
            self.input(definition, value, place.pos, field);
        }
        let one_of = matches!(self.schema.get(name).map(|definition| &definition.kind), Some(TypeKind::OneOf(_)));
        for (field, definition) in fields.iter().filter(|_| !one_of) {
            if !definition.ty.nullable && definition.default.is_none() && !given.contains_key(field.as_str()) {
                self.refuse(place, &format!("the field `{field}` of {name}"));
            }
        }
    }

    fn unknown(&mut self, place: Place<'a, '_>, value: &'a Value) {
        let inner = Place { ty: None, ..place };
        match value {
            Value::List(items) => items.iter().for_each(|value| self.value(inner, false, value)),
            Value::Object(fields) => fields.values().for_each(|value| self.value(inner, false, value)),
            _ => {}
        }
    }

    fn refuse(&mut self, place: Place<'_, '_>, expected: &str) {
        self.errors.add(format!("`{}`: expected {expected}", place.name), place.pos);
    }
}

/// Where a value is expected.
#[derive(Clone, Copy)]
struct Place<'a, 'n> {
    ty: Option<&'a Type>,
    pos: Pos,
    name: &'n str,
}
