//! Exports: a list of the API as a file of CSV or NDJSON.
//!
//! An export is one document that selects the fields of its columns. It is read page by page as requests of its viewer,
//! so that scope, masks, limits, cost and shares of the database are those of all requests, and only one page is in memory.

mod column_name;
mod columns;
mod pages;
mod rows;

pub use pages::{ExportPage, ExportPages};

use serde_json::{Map, Value};

use self::columns::{Columns, LineType, fields_missing};
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
    read::{figures::report, page},
};

/// A root field that can be exported.
#[derive(Debug)]
pub struct ExportedList {
    /// The name of the file, without its extension.
    pub name: &'static str,
    /// The root field.
    field: &'static str,
    /// The arguments that an export takes.
    arguments: &'static [&'static str],
    kind: ListKind,
}

/// How an export is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListKind {
    /// Rows page by page. They are in the order of their ids: it is cheap, and no change moves a row. All fields are
    /// columns, if none are named.
    Rows,
    /// A report page by page. Its columns are named: all would be all measures.
    Report,
    /// A list without pages, with a list in each object whose objects are the lines.
    Whole,
}

const fn of_rows(name: &'static str, field: &'static str, arguments: &'static [&'static str]) -> ExportedList {
    ExportedList { name, field, arguments, kind: ListKind::Rows }
}

const MIRRORED: &[&str] = &["filter", "includeDeleted"];

/// All exports.
pub const EXPORTS: [ExportedList; 8] = [
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
        kind: ListKind::Report,
    },
    ExportedList {
        name: "cohorts",
        field: "leadCohorts",
        arguments: &["by", "months", "timezone", "filter"],
        kind: ListKind::Whole,
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
    list: &'static ExportedList,
    format: ExportFormat,
    columns: Columns,
    /// Reads a page.
    request: Request,
    /// Counts the rows; none if that needs all of them.
    count: Option<Request>,
}

impl Export {
    /// The export that a file name such as `leads.csv` and parameters name: `fields`, `bom`, and arguments of the list as
    /// JSON. An empty parameter counts as not given.
    ///
    /// # Errors
    /// Says what is not there, not understood, or not shown to the viewer.
    pub fn new(viewer: Viewer, file: &str, parameters: Vec<(String, String)>) -> Result<Self, ApiError> {
        let (list, format) = named(file)?;
        let (definition, lines) = list.definition()?;
        let (mut fields, mut bom, mut arguments) = (None, None, Map::new());
        for (name, text) in parameters.into_iter().filter(|(_, text)| !text.is_empty()) {
            let argument = definition.arguments.get(&name).filter(|_| list.arguments.contains(&name.as_str()));
            let given_twice = match (name.as_str(), format, argument) {
                ("fields", ..) => fields.replace(text).is_some(),
                ("bom", ExportFormat::Csv { .. }, _) => bom.replace(flag(&name, &text)?).is_some(),
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
        let format = match (format, bom) {
            (ExportFormat::Csv { .. }, Some(bom)) => ExportFormat::Csv { bom },
            (format, _) => format,
        };
        let columns = match fields {
            Some(names) => Columns::named(viewer.class(), lines, &names)?,
            None if list.kind == ListKind::Report => return Err(fields_missing(viewer.class(), lines)),
            None => Columns::all(viewer.class(), lines)?,
        };
        let (page, count) = list.documents(declarations(definition, arguments.keys()), &columns);
        let request = |query| Request { query, variables: arguments.clone(), ..Request::default() };
        Ok(Self { list, format, request: request(page), count: count.map(request), columns })
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
    /// The rows of a page.
    fn page_size(&self) -> i64 {
        if self.kind == ListKind::Report { report::MAX_PAGE } else { page::MAX_SIZE }
    }

    /// Its root field, and what its lines are.
    fn definition(&self) -> Result<(&'static FieldDefinition, LineType), ApiError> {
        let definition = SCHEMA.field(QUERY_ROOT, self.field).ok_or_else(ApiError::internal)?;
        let target = named_type(&definition.ty);
        let below = |name| SCHEMA.field(target, name).map(|field| named_type(&field.ty)).ok_or_else(ApiError::internal);
        let lines = match self.kind {
            ListKind::Whole => LineType { row: target, parts: Some(("periods", below("periods")?)) },
            ListKind::Rows | ListKind::Report => LineType { row: below("nodes")?, parts: None },
        };
        Ok((definition, lines))
    }

    /// The documents of a page and of the number of rows.
    fn documents(&self, (declared, passed): (String, String), columns: &Columns) -> (String, Option<String>) {
        let field = self.field;
        let paged = "$first: Int!, $after: String";
        let page = |order: &str, total: &str| {
            format!(
                "query Export({paged}, {declared}) {{ {field}(first: $first, after: $after, {order} {passed}) \
                 {{ {total} nodes {columns} pageInfo {{ hasNextPage endCursor }} }} }}"
            )
        };
        match self.kind {
            ListKind::Rows => {
                let count = format!(
                    "query ExportCount($first: Int!, {declared}) {{ {field}(first: $first, {passed}) {{ totalCount }} }}"
                );
                (page("orderBy: [{field: ID, direction: ASC}]", ""), Some(count))
            }
            // It is computed to be counted, with the same figures as for its pages.
            ListKind::Report => (page("", "totalCount"), Some(page("", "totalCount"))),
            ListKind::Whole if passed.is_empty() => (format!("query Export {{ {field} {columns} }}"), None),
            ListKind::Whole => (format!("query Export({declared}) {{ {field}({passed}) {columns} }}"), None),
        }
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
        _ => Err(ApiError::new(ErrorCode::BadUserInput, format!("`{name}` is {text:?}: expected 1 or 0"))),
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
