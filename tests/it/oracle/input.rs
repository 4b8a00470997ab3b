//! `CoerceVariableValues` and `CoerceArgumentValues` (October 2021, 6.1.2 and 6.4.1), with the
//! input coercion of every kind of type (section 3).

use std::collections::HashMap;

use async_graphql::parser::types::{BaseType, Field, OperationDefinition, Type};
use async_graphql_value::Value;
use chrono::DateTime;
use promograph::time::calendar::Calendar;
use serde_json::{Map, Value as Json};

use super::types::{Inputs, Kind, Types};

/// A coerced value. Times are milliseconds, decimals are in 1/10,000.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    Null,
    Int(i64),
    /// A time in nanoseconds since 1970.
    Time(i128),
    Text(String),
    Bool(bool),
    Enum(String),
    List(Vec<Given>),
    Object(HashMap<String, Given>),
}

/// Coerced arguments; what was not given is not in it.
pub type Arguments = HashMap<String, Given>;

/// The value cannot be coerced.
#[derive(Debug)]
pub struct Unfit;

/// A value before coercion.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Literal(&'a Value),
    Json(&'a Json),
}

/// Coerces values by the types of a schema.
pub struct Coercion<'a> {
    pub types: &'a Types,
    pub variables: HashMap<String, Given>,
}

impl<'a> Coercion<'a> {
    /// `CoerceVariableValues`.
    pub fn of(types: &'a Types, operation: &OperationDefinition, values: &Map<String, Json>) -> Result<Self, Unfit> {
        let constants = Coercion { types, variables: HashMap::new() };
        let mut variables = HashMap::new();
        for definition in &operation.variable_definitions {
            let name = definition.node.name.node.to_string();
            let ty = &definition.node.var_type.node;
            let default = definition.node.default_value.as_ref().map(|default| default.node.clone().into_value());
            match (values.get(&name), default) {
                (None, Some(default)) => {
                    variables.insert(name, constants.value(ty, Raw::Literal(&default))?);
                }
                (None, None) if ty.nullable => {}
                (None, None) => return Err(Unfit),
                (Some(value), _) => {
                    variables.insert(name, constants.value(ty, Raw::Json(value))?);
                }
            }
        }
        Ok(Self { types, variables })
    }

    /// `CoerceArgumentValues`.
    pub fn arguments(&self, definitions: &Inputs, field: &Field) -> Result<Arguments, Unfit> {
        self.entries(definitions, |name| field.get_argument(name).map(|value| Raw::Literal(&value.node)))
    }

    /// Arguments and the fields of input objects follow the same rules.
    fn entries<'b>(&self, definitions: &Inputs, given: impl Fn(&str) -> Option<Raw<'b>>) -> Result<Arguments, Unfit> {
        let mut entries = Arguments::new();
        for (name, definition) in definitions {
            let value = match given(name) {
                None => None,
                Some(Raw::Literal(Value::Variable(variable))) => match self.variables.get(variable.as_str()) {
                    Some(Given::Null) if !definition.ty.nullable => return Err(Unfit),
                    value => value.cloned(),
                },
                Some(raw) => Some(self.value(&definition.ty, raw)?),
            };
            match (value, &definition.default) {
                (Some(value), _) => {
                    entries.insert(name.clone(), value);
                }
                (None, Some(default)) => {
                    entries.insert(name.clone(), self.value(&definition.ty, Raw::Literal(default))?);
                }
                (None, None) if definition.ty.nullable => {}
                (None, None) => return Err(Unfit),
            }
        }
        Ok(entries)
    }

    fn value(&self, ty: &Type, raw: Raw<'_>) -> Result<Given, Unfit> {
        if let Raw::Literal(Value::Variable(name)) = raw {
            // Within a list, a variable without a value counts as null.
            let value = self.variables.get(name.as_str()).cloned().unwrap_or(Given::Null);
            return if value == Given::Null && !ty.nullable { Err(Unfit) } else { Ok(value) };
        }
        if matches!(raw, Raw::Literal(Value::Null) | Raw::Json(Json::Null)) {
            return if ty.nullable { Ok(Given::Null) } else { Err(Unfit) };
        }
        let name = match &ty.base {
            BaseType::Named(name) => name.as_str(),
            BaseType::List(item) => {
                let items: Vec<_> = match raw {
                    Raw::Literal(Value::List(items)) => items.iter().map(Raw::Literal).collect(),
                    Raw::Json(Json::Array(items)) => items.iter().map(Raw::Json).collect(),
                    single => vec![single],
                };
                return items.into_iter().map(|raw| self.value(item, raw)).collect::<Result<_, _>>().map(Given::List);
            }
        };
        match self.types.get(name) {
            Kind::Scalar => scalar(name, raw),
            Kind::Enum(values) => match raw {
                Raw::Literal(Value::Enum(given)) if values.contains(&given.to_string()) => {
                    Ok(Given::Enum(given.to_string()))
                }
                Raw::Json(Json::String(given)) if values.contains(given) => Ok(Given::Enum(given.clone())),
                _ => Err(Unfit),
            },
            Kind::Input(definitions) => self.object(definitions, raw),
            Kind::Composite(_) => Err(Unfit),
        }
    }

    fn object(&self, definitions: &Inputs, raw: Raw<'_>) -> Result<Given, Unfit> {
        let names: Vec<String> = match raw {
            Raw::Literal(Value::Object(fields)) => fields.keys().map(ToString::to_string).collect(),
            Raw::Json(Json::Object(fields)) => fields.keys().cloned().collect(),
            _ => return Err(Unfit),
        };
        if names.iter().any(|name| !definitions.contains_key(name)) {
            return Err(Unfit);
        }
        let entries = self.entries(definitions, |name| match raw {
            Raw::Literal(Value::Object(fields)) => fields.get(name).map(Raw::Literal),
            Raw::Json(value) => value.get(name).map(Raw::Json),
            Raw::Literal(_) => None,
        })?;
        Ok(Given::Object(entries))
    }
}

fn scalar(name: &str, raw: Raw<'_>) -> Result<Given, Unfit> {
    let (text, number) = match raw {
        Raw::Literal(Value::String(text)) | Raw::Json(Json::String(text)) => (Some(text.as_str()), None),
        Raw::Literal(Value::Number(number)) | Raw::Json(Json::Number(number)) => (None, Some(number)),
        Raw::Literal(Value::Boolean(flag)) | Raw::Json(Json::Bool(flag)) if name == "Boolean" => {
            return Ok(Given::Bool(*flag));
        }
        _ => return Err(Unfit),
    };
    let whole = number.and_then(serde_json::Number::as_i64);
    let value = match name {
        "Int" => whole.filter(|number| i32::try_from(*number).is_ok()).map(Given::Int),
        "BigInt" => whole.or_else(|| text?.parse().ok()).map(Given::Int),
        "String" => text.map(|text| Given::Text(text.to_owned())),
        "TimeZone" => text.filter(|name| Calendar::of_zone(name).is_some()).map(|name| Given::Text(name.to_owned())),
        "ID" => whole.map(|number| number.to_string()).or_else(|| text.map(str::to_owned)).map(Given::Text),
        "DateTime" => {
            // A date is the start of its day.
            let midnight = |text: &str| format!("{text}{}", if text.len() == 10 { "T00:00:00Z" } else { "" });
            let time = text.and_then(|text| DateTime::parse_from_rfc3339(&midnight(text)).ok());
            time.map(|time| {
                Given::Time(i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos()))
            })
        }
        "Decimal" => {
            // A double tells 15 digits apart, and no more.
            let digits = |number: f64| {
                format!("{number:e}").bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count()
            };
            if number
                .filter(|number| number.is_f64())
                .and_then(serde_json::Number::as_f64)
                .is_some_and(|number| digits(number) > 15)
            {
                return Err(Unfit);
            }
            let written = number.map(ToString::to_string);
            written.as_deref().or(text).and_then(decimal).map(Given::Int)
        }
        _ => None,
    };
    value.ok_or(Unfit)
}

fn decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > 4 {
        return None;
    }
    let unit = 10_i128.pow(4 - u32::try_from(fraction.len()).ok()?);
    let value = whole.parse::<i128>().ok()?.checked_mul(10_000)? + fraction.parse::<i128>().ok()? * unit;
    i64::try_from(if text.starts_with('-') { -value } else { value }).ok()
}
