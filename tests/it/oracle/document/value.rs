//! Input values: as literals, as variables, and as the JSON of variables.

use async_graphql::parser::types::{BaseType, Type};
use serde_json::{Map, Value as Json};

use super::Maker;
use crate::oracle::{json::quoted, types::Kind};

/// A value before it is written.
#[derive(Clone, Debug)]
pub enum Val {
    Null,
    Int(i64),
    Bool(bool),
    /// A decimal number.
    Number(String),
    Text(String),
    Enum(String),
    List(Vec<Val>),
    Object(Vec<(String, Val)>),
}

impl Val {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl Maker<'_> {
    /// `(name: value, ...)`.
    pub fn written(&mut self, definitions: &crate::oracle::types::Inputs, values: &[(&str, Val)]) -> String {
        if values.is_empty() {
            return String::new();
        }
        let written = values.iter().map(|(name, value)| {
            let literal = self.literal(value, &definitions[*name].ty);
            format!("{name}: {literal}")
        });
        format!("({})", written.collect::<Vec<_>>().join(", "))
    }

    /// The `if` of a directive.
    pub fn flag(&mut self) -> String {
        let value = Val::Bool(self.dice.percent(60));
        let ty = Type::new("Boolean!").expect("a type");
        if self.dice.percent(60) { self.variable(&value, &ty) } else { self.plain(&value, &ty) }
    }

    /// A literal or a variable.
    fn literal(&mut self, value: &Val, ty: &Type) -> String {
        if !self.constant && self.definitions.len() < 12 && self.dice.percent(14) {
            return self.variable(value, ty);
        }
        self.plain(value, ty)
    }

    fn plain(&mut self, value: &Val, ty: &Type) -> String {
        match (value, &ty.base) {
            (Val::Null, _) => "null".to_owned(),
            (Val::List(items), BaseType::List(item)) => {
                // One value stands for a list of one.
                if let ([single], true) = (items.as_slice(), self.dice.percent(35)) {
                    return self.plain(single, item);
                }
                let items: Vec<_> = items.iter().map(|value| self.literal(value, item)).collect();
                format!("[{}]", items.join(", "))
            }
            (Val::Object(fields), BaseType::Named(name)) => {
                let world = self.world;
                let definitions = world.types.inputs(name);
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| {
                        let definition = &definitions[name];
                        format!("{name}: {}", self.literal(value, &definition.ty))
                    })
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
            (Val::Int(number), _) => number.to_string(),
            (Val::Bool(flag), _) => flag.to_string(),
            (Val::Number(text) | Val::Enum(text), _) => text.clone(),
            (Val::Text(text), _) => quoted(text),
            (Val::List(_) | Val::Object(_), _) => panic!("{value:?} is no {ty}"),
        }
    }

    /// Declares a variable for a place of this type, in one of the states that a variable can have.
    fn variable(&mut self, value: &Val, ty: &Type) -> String {
        let name = format!("v{}", self.definitions.len());
        let nullable = ty.to_string().trim_end_matches('!').to_owned();
        let required = format!("{nullable}!");
        // The place is taken before the default is written, which declares none.
        self.definitions.push(String::new());
        let place = self.definitions.len() - 1;
        let default = {
            let constant = std::mem::replace(&mut self.constant, true);
            let default = self.plain(value, ty);
            self.constant = constant;
            default
        };
        let json = self.json(value, ty);
        let (definition, given) = match self.dice.below(100) {
            roll if matches!(value, Val::Null) => {
                if roll < 50 {
                    (nullable, Some(json))
                } else {
                    (format!("{nullable} = null"), None)
                }
            }
            0..3 if self.faulty => (required, None),
            3..6 if self.faulty => (required, Some(Json::Null)),
            6..9 if self.faulty => (required, Some(self.unfit(ty))),
            0..25 => (required, Some(json)),
            25..35 => (format!("{required} = {default}"), None),
            35..50 => (format!("{nullable} = {default}"), None),
            50..60 => (format!("{nullable} = {default}"), Some(json)),
            // Null is refused in a place that takes none, when the field is reached.
            60..65 if ty.nullable || self.faulty => (format!("{nullable} = {default}"), Some(Json::Null)),
            65..75 if ty.nullable => (nullable, None),
            75..80 if ty.nullable => (nullable, Some(Json::Null)),
            _ if ty.nullable => (nullable, Some(json)),
            _ => (required, Some(json)),
        };
        self.definitions[place] = format!("${name}: {definition}");
        if let Some(given) = given {
            self.given.insert(name.clone(), given);
        }
        format!("${name}")
    }

    fn json(&mut self, value: &Val, ty: &Type) -> Json {
        match (value, &ty.base) {
            (Val::Null, _) => Json::Null,
            (Val::List(items), BaseType::List(item)) => {
                if let ([single], true) = (items.as_slice(), self.dice.percent(35)) {
                    return self.json(single, item);
                }
                items.iter().map(|value| self.json(value, item)).collect()
            }
            (Val::Object(fields), BaseType::Named(name)) => {
                let world = self.world;
                let definitions = world.types.inputs(name);
                let fields = fields.iter().map(|(name, value)| (name.clone(), self.json(value, &definitions[name].ty)));
                Json::Object(fields.collect::<Map<_, _>>())
            }
            (Val::Int(number), _) => Json::from(*number),
            (Val::Bool(flag), _) => Json::from(*flag),
            (Val::Number(text), _) => serde_json::from_str(text).expect("a number"),
            (Val::Enum(text) | Val::Text(text), _) => Json::from(text.as_str()),
            (Val::List(_) | Val::Object(_), _) => panic!("{value:?} is no {ty}"),
        }
    }

    /// JSON that the type does not take.
    fn unfit(&mut self, ty: &Type) -> Json {
        match &ty.base {
            BaseType::List(item) => Json::from(vec![self.unfit(item)]),
            BaseType::Named(name) => match self.world.types.get(name) {
                Kind::Input(_) => Json::from(1),
                Kind::Enum(_) => Json::from("NO_SUCH_VALUE"),
                _ => Json::Object(Map::new()),
            },
        }
    }
}
