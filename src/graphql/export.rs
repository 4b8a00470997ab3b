//! Exports: a list of the API as a file of CSV or NDJSON.
//!
//! An export is one document that selects the fields of its columns. It is read page by page as requests of its viewer,
//! so that scope, masks, limits, cost and shares of the database are those of all requests, and only one page is in memory.

mod columns;
mod pages;
mod rows;

pub use pages::{ExportPage, ExportPages};

use serde_json::{Map, Value};

use self::columns::{Columns, fields_missing};
use super::{
    request::Request,
    roots::SCHEMA,
    schema::{FieldDefinition, InputDefinition, QUERY_ROOT, TypeKind, named_type},
};
use crate::{
    auth::Viewer,
    error::{ApiError, ErrorCode},
    json::UniqueKeys,
    number,
};

/// A root field that can be exported: a list with `first`, `after`, `nodes` and `pageInfo`.
#[derive(Debug)]
pub struct ExportedList {
    /// The name of the file, without its extension.
    pub name: &'static str,
    /// The root field.
    field: &'static str,
    /// The arguments that an export takes.
    arguments: &'static [&'static str],
    /// Whether it is a list of rows. They are in the order of their ids: it is cheap, and no change moves a row. And all
    /// fields are columns, if none are named; of a report that would be all measures.
    of_rows: bool,
}

const fn of_rows(name: &'static str, field: &'static str, arguments: &'static [&'static str]) -> ExportedList {
    ExportedList { name, field, arguments, of_rows: true }
}

const MIRRORED: &[&str] = &["filter", "includeDeleted"];

/// All exports.
pub const EXPORTS: [ExportedList; 7] = [
    of_rows("leads", "leads", MIRRORED),
    of_rows("promoters", "promoters", MIRRORED),
    of_rows("promotions", "promotions", MIRRORED),
    of_rows("commissions", "commissions", MIRRORED),
    of_rows("payouts", "payouts", MIRRORED),
    of_rows("webhook-events", "webhookEvents", &["filter"]),
    ExportedList {
        name: "performance",
        field: "performance",
        arguments: &["period", "timezone", "interval", "by", "filter", "compareTo", "orderBy", "fill"],
        of_rows: false,
    },
];

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180 with a header, in UTF-8. `bom` puts a byte order mark before it, by which Excel knows UTF-8.
    Csv {
        /// Whether it begins with a byte order mark.
        bom: bool,
    },
    /// One JSON object per line.
    Ndjson,
}

impl ExportFormat {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// What is exported, and in which form.
#[derive(Debug)]
pub struct Export {
    format: ExportFormat,
    columns: Columns,
    /// Reads a page.
    request: Request,
    /// Counts the rows.
    count: Request,
}

impl Export {
    /// The export that a file name such as `leads.csv` and parameters name: `fields`, `bom`, and arguments of the list as
    /// JSON. An empty parameter counts as not given.
    ///
    /// # Errors
    /// Says what is not there, not understood, or not shown to the viewer.
    pub fn new(viewer: Viewer, file: &str, parameters: Vec<(String, String)>) -> Result<Self, ApiError> {
        let (list, mut format) = named(file)?;
        let (definition, node) = list.definition()?;
        let (mut fields, mut arguments) = (None, Map::new());
        for (name, text) in parameters.into_iter().filter(|(_, text)| !text.is_empty()) {
            let argument = definition.arguments.get(&name).filter(|_| list.arguments.contains(&name.as_str()));
            let given_twice = match (name.as_str(), &mut format, argument) {
                ("fields", ..) => fields.replace(text).is_some(),
                ("bom", ExportFormat::Csv { bom }, _) => std::mem::replace(bom, flag(&name, &text)?),
                (_, _, Some(argument)) => {
                    let value = value(&name, &text, argument)?;
                    arguments.insert(name.clone(), value).is_some()
                }
                _ => return Err(unknown_parameter(list, format, &name)),
            };
            if given_twice {
                return Err(ApiError::new(ErrorCode::BadRequest, format!("`{name}` is given twice")));
            }
        }
        let columns = match fields {
            Some(names) => Columns::named(viewer.class(), node, &names)?,
            None if list.of_rows => Columns::all(viewer.class(), node)?,
            None => return Err(fields_missing(viewer.class(), node)),
        };
        let (declared, passed) = declarations(definition, arguments.keys());
        let (field, selection) = (list.field, &columns.selection);
        let order = if list.of_rows { "orderBy: [{field: ID, direction: ASC}]" } else { "" };
        let page = format!(
            "query Export($first: Int!, $after: String, {declared}) {{ {field}(first: $first, after: $after, {order} \
             {passed}) {{ nodes {selection} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let count = format!(
            "query ExportCount($first: Int = 1, {declared}) {{ {field}(first: $first, {passed}) {{ totalCount }} }}"
        );
        let request = |query| Request { query, variables: arguments.clone(), ..Request::default() };
        Ok(Self { format, columns, request: request(page), count: request(count) })
    }

    /// The media type of the file.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.format.media_type()
    }
}

/// The export that a file name names.
fn named(file: &str) -> Result<(&'static ExportedList, ExportFormat), ApiError> {
    let list = |name| EXPORTS.iter().find(|list| list.name == name);
    let found = match file.rsplit_once('.') {
        Some((name, "csv")) => list(name).map(|list| (list, ExportFormat::Csv { bom: false })),
        Some((name, "ndjson")) => list(name).map(|list| (list, ExportFormat::Ndjson)),
        _ => None,
    };
    found.ok_or_else(|| {
        let names = EXPORTS.map(|list| list.name).join(", ");
        let message = format!("There is no such export: expected one of {names} with the extension .csv or .ndjson");
        ApiError::new(ErrorCode::NotFound, message)
    })
}

impl ExportedList {
    /// Its root field, and the type of its rows.
    fn definition(&self) -> Result<(&'static FieldDefinition, &'static str), ApiError> {
        let definition = SCHEMA.field(QUERY_ROOT, self.field).ok_or_else(ApiError::internal)?;
        let nodes = SCHEMA.field(named_type(&definition.ty), "nodes").ok_or_else(ApiError::internal)?;
        Ok((definition, named_type(&nodes.ty)))
    }
}

/// The declarations of variables for these arguments, and the arguments.
fn declarations<'a>(definition: &FieldDefinition, given: impl Iterator<Item = &'a String>) -> (String, String) {
    let given = given.filter_map(|name| Some((name, &definition.arguments.get(name)?.ty)));
    let (declared, passed): (Vec<_>, Vec<_>) =
        given.map(|(name, ty)| (format!("${name}: {ty}"), format!("{name}: ${name}"))).unzip();
    (declared.join(", "), passed.join(", "))
}

fn unknown_parameter(list: &ExportedList, format: ExportFormat, name: &str) -> ApiError {
    let bom = if let ExportFormat::Csv { .. } = format { &["bom"][..] } else { &[] };
    let known = [&["fields"], bom, list.arguments].concat().join(", ");
    let message = format!("There is no parameter `{name}` here: expected {known}");
    ApiError::new(ErrorCode::BadRequest, message)
}

fn flag(name: &str, text: &str) -> Result<bool, ApiError> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(ApiError::new(ErrorCode::BadUserInput, format!("`{name}`: expected 1 or 0"))),
    }
}

/// An argument's value. Text that is no JSON means itself, unless an object or a list is expected.
fn value(name: &str, text: &str, argument: &InputDefinition) -> Result<Value, ApiError> {
    let wrong = |message: String| ApiError::new(ErrorCode::BadUserInput, format!("`{name}`: {message}"));
    let is_object = matches!(
        SCHEMA.get(named_type(&argument.ty)).map(|ty| &ty.kind),
        Some(TypeKind::Input(_) | TypeKind::OneOf(_))
    );
    if let Some(number) = number::inexact(text.as_bytes()) {
        let number = number.chars().take(40).collect::<String>();
        return Err(wrong(format!(
            "the number {number} has more digits than a JSON number can hold: send it as a string"
        )));
    }
    match serde_json::from_str(text) {
        Ok(UniqueKeys(value)) => Ok(value),
        Err(_) if !is_object && !text.starts_with(['[', '{', '"']) => Ok(Value::String(text.to_owned())),
        Err(error) => Err(wrong(format!("expected {} as JSON: {error}", argument.ty))),
    }
}
