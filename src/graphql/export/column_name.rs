//! The name of a column: fields behind to-one relations, and arguments of the last one, as `previous.earnings(unit:POINTS)`.

use crate::{
    error::{ApiError, ErrorCode},
    graphql::schema::{FieldDefinition, Schema, TypeKind, named_type},
    read::model::OTHER,
};

/// A column's name in its parts.
#[derive(Debug)]
pub struct ColumnName<'a> {
    /// As it is given.
    pub text: &'a str,
    /// The fields.
    pub path: Vec<&'a str>,
    /// The arguments of the last field.
    arguments: Vec<(&'a str, &'a str)>,
}

/// The names in a list: commas within parentheses do not separate them.
pub fn split(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let names = list.split(move |letter| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        letter == ',' && depth <= 0
    });
    names.map(str::trim)
}

impl<'a> ColumnName<'a> {
    /// Parses a name.
    ///
    /// # Errors
    /// When its arguments cannot be read.
    pub fn parse(text: &'a str) -> Result<Self, ApiError> {
        let Some((path, rest)) = text.split_once('(') else {
            return Ok(Self { text, path: text.split('.').collect(), arguments: Vec::new() });
        };
        let argument = |argument: &'a str| argument.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        let arguments = rest.strip_suffix(')').and_then(|list| list.split(',').map(argument).collect());
        let expected = "has arguments that cannot be read: expected a name and a value, as in `earnings(unit:CASH)`";
        Ok(Self { text, path: path.split('.').collect(), arguments: arguments.ok_or_else(|| wrong(text, expected))? })
    }

    /// Checks the arguments of the last field: enum values, each once.
    ///
    /// # Errors
    /// Names the argument.
    pub fn check_arguments(&self, schema: &Schema, definition: &FieldDefinition) -> Result<(), ApiError> {
        for (index, (name, value)) in self.arguments.iter().enumerate() {
            let Some(argument) = definition.arguments.get(*name) else {
                let known: Vec<_> = definition.arguments.keys().map(String::as_str).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(wrong(self.text, &format!("has no argument `{name}`: expected {known}")));
            };
            if self.arguments[..index].iter().any(|(other, _)| other == name) {
                return Err(wrong(self.text, &format!("gives `{name}` twice")));
            }
            let Some(TypeKind::Enum(values)) = schema.get(named_type(&argument.ty)).map(|ty| &ty.kind) else {
                return Err(wrong(self.text, &format!("gives `{name}`, which columns cannot")));
            };
            if !values.iter().any(|(known, _)| known == value) {
                // `OTHER` is refused as a unit: it is no single one.
                let known: Vec<_> =
                    values.iter().map(|(known, _)| known.as_str()).filter(|known| *known != OTHER).collect();
                return Err(wrong(self.text, &format!("has the wrong `{name}`: expected {}", known.join(", "))));
            }
        }
        Ok(())
    }

    /// The arguments as GraphQL, with their parentheses.
    #[must_use]
    pub fn arguments(&self) -> Option<String> {
        let arguments: Vec<_> = self.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        (!arguments.is_empty()).then(|| format!("({})", arguments.join(", ")))
    }
}

/// The error of a column.
pub fn wrong(name: &str, what: &str) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, format!("`fields`: `{name}` {what}"))
}
