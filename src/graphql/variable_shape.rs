//! The shape of a request's variables: everything in them that a plan depends on.
//!
//! Texts, numbers and times become parameters of statements and nothing else, so requests that only differ in them share
//! a plan. Booleans, enum values, nulls, the fields of objects and the lengths of lists change statements or costs, and
//! so do variables of the type `Int`, which are the sizes of pages.

use async_graphql::parser::types::OperationDefinition;

use super::{coerce::Variables, schema::named_type};
use crate::read::selection::{ArgumentValue, Slot};

/// Variables, divided into what a plan depends on and the rest.
pub struct VariableShape {
    /// Equal for equal shapes.
    pub key: Vec<u8>,
    /// The variables, with slots in place of the rest.
    pub variables: Variables,
    /// The rest, by slot.
    pub slots: Vec<ArgumentValue>,
}

impl VariableShape {
    /// Divides the variables of an operation.
    pub fn of(operation: &OperationDefinition, mut variables: Variables) -> Self {
        let mut shape = Self { key: Vec::new(), variables: Variables::new(), slots: Vec::new() };
        for definition in &operation.variable_definitions {
            let name = definition.node.name.node.as_str();
            match variables.remove_entry(name) {
                None => shape.key.push(b'-'),
                Some((name, value)) => {
                    let is_size = named_type(&definition.node.var_type.node) == "Int";
                    let value = shape.erased(value, is_size);
                    shape.variables.insert(name, value);
                }
            }
        }
        shape
    }

    /// The variables as they were given.
    pub fn restored(&self) -> Variables {
        let restored =
            |(name, value): (&String, &ArgumentValue)| (name.clone(), value.filled(&self.slots).into_owned());
        self.variables.iter().map(restored).collect()
    }

    fn erased(&mut self, value: ArgumentValue, is_size: bool) -> ArgumentValue {
        match value {
            ArgumentValue::Int(number) if is_size => {
                self.key.push(b'i');
                self.key.extend_from_slice(&number.to_le_bytes());
                value
            }
            value if is_scalar(&value) => {
                self.key.push(b's');
                self.slot(value, None)
            }
            ArgumentValue::List(items) if !is_size && !items.is_empty() && items.iter().all(is_scalar) => {
                let length = items.len();
                self.key.push(b'l');
                self.length(length);
                self.slot(ArgumentValue::List(items), Some(length))
            }
            ArgumentValue::List(items) => {
                self.key.push(b'[');
                self.length(items.len());
                ArgumentValue::List(items.into_iter().map(|item| self.erased(item, is_size)).collect())
            }
            ArgumentValue::Object(fields) => {
                self.key.push(b'{');
                self.length(fields.len());
                let mut field = |(name, value): (String, ArgumentValue)| {
                    self.text(&name);
                    let value = self.erased(value, is_size);
                    (name, value)
                };
                ArgumentValue::Object(fields.into_iter().map(&mut field).collect())
            }
            ArgumentValue::Enum(name) => {
                self.key.push(b'e');
                self.text(&name);
                ArgumentValue::Enum(name)
            }
            ArgumentValue::Bool(flag) => {
                self.key.push(if flag { b't' } else { b'f' });
                value
            }
            value => {
                self.key.push(b'n');
                value
            }
        }
    }

    fn slot(&mut self, value: ArgumentValue, items: Option<usize>) -> ArgumentValue {
        self.slots.push(value);
        ArgumentValue::Slot(Slot { index: self.slots.len() - 1, items })
    }

    fn length(&mut self, length: usize) {
        self.key.extend_from_slice(&length.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.key.extend_from_slice(text.as_bytes());
    }
}

fn is_scalar(value: &ArgumentValue) -> bool {
    matches!(value, ArgumentValue::Int(_) | ArgumentValue::Behind(_) | ArgumentValue::Text(_))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use indexmap::IndexMap;

    use super::*;

    fn shape(ty: &str, value: Option<ArgumentValue>) -> VariableShape {
        let document = parse_query(format!("query ($a: {ty}) {{ a }}")).unwrap();
        let operation = document.operations.iter().next().unwrap().1.node.clone();
        VariableShape::of(&operation, value.into_iter().map(|value| ("a".to_owned(), value)).collect())
    }

    fn text(value: &str) -> ArgumentValue {
        ArgumentValue::Text(value.to_owned())
    }

    fn object(fields: &[(&str, ArgumentValue)]) -> ArgumentValue {
        ArgumentValue::Object(
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<IndexMap<_, _>>(),
        )
    }

    #[test]
    fn values_that_are_only_parameters_have_one_shape_and_all_others_have_their_own() {
        use ArgumentValue::{Behind, Bool, Enum, Int, List, Null};
        let same = [
            ("String", text("a"), text("b")),
            ("DateTime", Int(1), Int(2)),
            ("DateTime", Int(1), Behind(2)),
            ("[ID!]", List(vec![text("a"), text("b")]), List(vec![text("c"), text("d")])),
            ("F", object(&[("eq", text("a"))]), object(&[("eq", text("b"))])),
        ];
        for (ty, one, other) in same {
            assert_eq!(shape(ty, Some(one)).key, shape(ty, Some(other)).key, "{ty}");
        }
        let other = [
            ("Int", Some(Int(1)), Some(Int(2))),
            ("[Int!]", Some(List(vec![Int(1)])), Some(List(vec![Int(2)]))),
            ("Boolean", Some(Bool(true)), Some(Bool(false))),
            ("E", Some(Enum("A".to_owned())), Some(Enum("B".to_owned()))),
            ("String", Some(Null), Some(text(""))),
            ("String", Some(Null), None),
            ("[ID!]", Some(List(vec![text("a")])), Some(List(vec![text("a"), text("b")]))),
            ("[ID!]", Some(List(vec![])), Some(List(vec![text("a")]))),
            ("F", Some(object(&[("eq", text("a"))])), Some(object(&[("ne", text("a"))]))),
            ("[F!]", Some(List(vec![])), Some(List(vec![object(&[])]))),
        ];
        for (ty, one, other) in other {
            assert_ne!(shape(ty, one).key, shape(ty, other).key, "{ty}");
        }
    }

    #[test]
    fn the_given_values_come_back() {
        let given = object(&[
            ("and", ArgumentValue::List(vec![object(&[("eq", text("a"))]), object(&[("eq", ArgumentValue::Null)])])),
            ("in", ArgumentValue::List(vec![text("b"), text("c")])),
        ]);
        let shape = shape("F", Some(given.clone()));
        assert_eq!(shape.slots.len(), 2);
        assert_eq!(shape.restored().get("a"), Some(&given));
    }
}
