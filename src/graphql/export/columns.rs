//! The columns of an export: fields of its type, and of types that to-one relations lead to (`promoter.email`).

use std::{collections::HashSet, fmt};

use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::column_name::{ColumnName, split, wrong};
use crate::{
    auth::ViewerClass,
    error::{ApiError, ErrorCode},
    graphql::{
        catalog::CATALOG,
        roots::SCHEMA,
        schema::{FieldDefinition, TypeKind, named_type},
    },
    read::{
        figures::measure::Measure,
        model::OwnRows,
        scope::{self, Access},
    },
};

/// The columns of an export.
#[derive(Debug)]
pub struct Columns {
    /// Their names, and how their values are written, in their order.
    pub list: Vec<(String, CellKind)>,
    /// The fields that are read for them.
    pub selection: Selection,
    /// The fields of the rows below, if each of them is a line.
    pub parts: Option<(&'static str, Selection)>,
}

/// The values of a row, by column.
pub type Cells<'a> = Vec<Option<&'a RawValue>>;

/// What the lines of a file are.
#[derive(Clone, Copy, Debug)]
pub struct LineType {
    /// The type of the rows.
    pub row: &'static str,
    /// The rows below, each a line with the fields of the row above: their field, and their type.
    pub parts: Option<(&'static str, &'static str)>,
}

/// How a value is written as a cell of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text of people: spreadsheets must not take it for a formula.
    Text,
    /// A number, a time, an id or another value that is never a formula, without quotes.
    Plain,
    /// JSON as it is.
    Json,
}

/// What is selected of an object.
#[derive(Debug, Default)]
pub struct Selection(IndexMap<String, Selected>);

#[derive(Debug)]
enum Selected {
    Column(usize),
    /// With the field and its arguments, which is selected by another name.
    With(usize, String),
    Relation(Selection),
}

impl Columns {
    /// All fields of the type that the viewer sees.
    ///
    /// # Errors
    /// When the viewer sees none of its rows.
    pub fn all(viewer: ViewerClass, lines: LineType) -> Result<Self, ApiError> {
        Self::of(viewer, lines, lines.fields(viewer, is_value).iter().map(String::as_str))
    }

    /// These columns, separated by commas.
    ///
    /// # Errors
    /// Names the column that is unknown, hidden, or no single value.
    pub fn named(viewer: ViewerClass, lines: LineType, names: &str) -> Result<Self, ApiError> {
        Self::of(viewer, lines, split(names))
    }

    fn of<'a>(viewer: ViewerClass, lines: LineType, names: impl Iterator<Item = &'a str>) -> Result<Self, ApiError> {
        check_type(viewer, lines.row, lines.row)?;
        let mut columns = Self { list: Vec::new(), selection: Selection::default(), parts: None };
        let (mut known, mut parts) = (HashSet::new(), Selection::default());
        for text in names {
            let name = ColumnName::parse(text)?;
            let (ty, selection) = match lines.parts {
                Some((_, ty)) if !lines.is_of_row(&name) => (ty, &mut parts),
                _ => (lines.row, &mut columns.selection),
            };
            let kind = kind_of(viewer, ty, &name)?;
            if !known.insert(text) {
                return Err(wrong(text, "is given twice"));
            }
            selection.add(&name.path, name.arguments(), columns.list.len());
            columns.list.push((text.to_owned(), kind));
        }
        columns.parts = lines.parts.map(|(field, _)| (field, parts)).filter(|(_, parts)| !parts.0.is_empty());
        Ok(columns)
    }

    /// The lines of a row: one, or one for each of its parts.
    ///
    /// # Errors
    /// When it is no object of the selected fields.
    pub fn lines<'a>(&self, row: &'a RawValue) -> serde_json::Result<Vec<Cells<'a>>> {
        let mut cells = vec![None; self.list.len()];
        self.selection.fill(row, &mut cells)?;
        let Some((field, selection)) = &self.parts else { return Ok(vec![cells]) };
        let fields: IndexMap<&str, &RawValue> = serde_json::from_str(row.get())?;
        let parts: Vec<&RawValue> =
            fields.get(field).map_or(Ok(Vec::new()), |list| serde_json::from_str(list.get()))?;
        let line = |part| {
            let mut cells = cells.clone();
            selection.fill(part, &mut cells).map(|()| cells)
        };
        parts.into_iter().map(line).collect()
    }
}

impl LineType {
    /// Whether a column is of the row itself, if it has parts.
    fn is_of_row(&self, name: &ColumnName<'_>) -> bool {
        name.path.first().and_then(|field| SCHEMA.field(self.row, field)).is_some_and(is_value)
    }

    /// The fields of a line that a viewer sees.
    fn fields(&self, viewer: ViewerClass, include: impl Fn(&FieldDefinition) -> bool) -> Vec<String> {
        let Some((_, part)) = self.parts else { return shown_fields(viewer, self.row, include) };
        let of = |ty| shown_fields(viewer, ty, |definition| is_value(definition) && include(definition));
        [of(self.row), of(part)].concat()
    }
}

fn is_value(definition: &FieldDefinition) -> bool {
    !SCHEMA.is_composite(named_type(&definition.ty))
}

/// As a selection set of GraphQL.
impl fmt::Display for Columns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{}", self.selection)?;
        if let Some((field, selection)) = &self.parts {
            write!(formatter, " {field} {{{selection} }}")?;
        }
        formatter.write_str(" }")
    }
}

impl Selection {
    fn add(&mut self, path: &[&str], arguments: Option<String>, column: usize) {
        match (path, arguments) {
            ([], _) => {}
            ([field], None) => _ = self.0.insert((*field).to_owned(), Selected::Column(column)),
            ([field], Some(arguments)) => {
                self.0.insert(format!("column{column}"), Selected::With(column, format!("{field}{arguments}")));
            }
            ([relation, rest @ ..], arguments) => {
                let selected = self.0.entry((*relation).to_owned());
                if let Selected::Relation(relation) = selected.or_insert_with(|| Selected::Relation(Self::default())) {
                    relation.add(rest, arguments, column);
                }
            }
        }
    }

    /// Puts the values of an object into the cells of its columns. A null object leaves them as they are.
    ///
    /// # Errors
    /// When it is no object.
    pub fn fill<'a>(&self, object: &'a RawValue, cells: &mut [Option<&'a RawValue>]) -> serde_json::Result<()> {
        let Some(values) = serde_json::from_str::<Option<IndexMap<&str, &RawValue>>>(object.get())? else {
            return Ok(());
        };
        for (name, selected) in &self.0 {
            let Some(value) = values.get(name.as_str()) else { continue };
            match selected {
                Selected::Relation(relation) => relation.fill(value, cells)?,
                Selected::Column(column) | Selected::With(column, _) => {
                    if let Some(cell) = cells.get_mut(*column) {
                        *cell = Some(value);
                    }
                }
            }
        }
        Ok(())
    }
}

/// As the content of a selection set of GraphQL.
impl fmt::Display for Selection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, selected) in &self.0 {
            match selected {
                Selected::Column(_) => write!(formatter, " {name}")?,
                Selected::With(_, field) => write!(formatter, " {name}: {field}")?,
                Selected::Relation(relation) => write!(formatter, " {name} {{{relation} }}")?,
            }
        }
        Ok(())
    }
}

/// Checks that a column is one value that the viewer sees.
fn kind_of(viewer: ViewerClass, node: &str, column: &ColumnName<'_>) -> Result<CellKind, ApiError> {
    let (mut ty, path, mut names) = (node, column.text, column.path.iter().copied().peekable());
    while let Some(name) = names.next() {
        let Some(definition) = SCHEMA.field(ty, name) else { return Err(unknown(viewer, ty, path, name)) };
        let target = named_type(&definition.ty);
        let is_last = names.peek().is_none();
        match (SCHEMA.is_composite(target), is_last) {
            _ if is_list(definition) => {
                return Err(wrong(path, "is a list: a column is one value, of the row or of a to-one relation"));
            }
            (true, true) => {
                let fields = shown_fields(viewer, target, is_value);
                let field =
                    fields.iter().find(|field| *field == "id").or(fields.first()).ok_or_else(ApiError::internal)?;
                return Err(wrong(path, &format!("is an object: name a field of it, such as `{path}.{field}`")));
            }
            (true, false) => {
                check_type(viewer, target, path)?;
                ty = target;
            }
            (false, false) => return Err(wrong(path, &format!("goes on behind `{name}`, which has no fields"))),
            (false, true) => {
                check_field(viewer, ty, name, path)?;
                column.check_arguments(&SCHEMA, definition)?;
                return Ok(cell_kind(definition));
            }
        }
    }
    Err(unknown(viewer, ty, path, ""))
}

/// Whether it is a to-many relation.
fn is_list(definition: &FieldDefinition) -> bool {
    !definition.arguments.is_empty() && SCHEMA.is_composite(named_type(&definition.ty))
}

fn cell_kind(definition: &FieldDefinition) -> CellKind {
    let is_list = definition.ty.to_string().starts_with('[');
    match named_type(&definition.ty) {
        _ if is_list => CellKind::Json,
        "JSON" => CellKind::Json,
        "String" => CellKind::Text,
        _ => CellKind::Plain,
    }
}

/// The fields of a type that a viewer sees.
fn shown_fields(viewer: ViewerClass, ty: &str, include: impl Fn(&FieldDefinition) -> bool) -> Vec<String> {
    let Some(TypeKind::Object(fields, _)) = SCHEMA.get(ty).map(|definition| &definition.kind) else {
        return Vec::new();
    };
    let shown = fields.iter().filter(|(name, definition)| {
        !is_list(definition) && include(definition) && check_field(viewer, ty, name, name).is_ok()
    });
    shown.map(|(name, _)| name.clone()).collect()
}

fn check_field(viewer: ViewerClass, ty: &str, name: &str, path: &str) -> Result<(), ApiError> {
    let hidden = match CATALOG.get(ty) {
        Some(entity) => entity.field(name).is_some_and(|field| scope::access(viewer, entity, field) == Access::Hidden),
        None => viewer == ViewerClass::Promoter && Measure::named(name).is_some_and(|measure| measure.staff),
    };
    if hidden { Err(forbidden(path)) } else { Ok(()) }
}

fn check_type(viewer: ViewerClass, ty: &str, path: &str) -> Result<(), ApiError> {
    let Some(entity) = CATALOG.get(ty) else { return Ok(()) };
    let hidden = match viewer {
        ViewerClass::Admin => false,
        ViewerClass::Analyst { .. } => entity.admin_only,
        ViewerClass::Promoter => entity.admin_only || matches!(entity.own_rows, OwnRows::None),
    };
    if hidden { Err(forbidden(path)) } else { Ok(()) }
}

fn forbidden(path: &str) -> ApiError {
    ApiError::new(ErrorCode::Forbidden, format!("`{path}` is not shown to the bearer of this token"))
}

/// The error of an export that has to name its columns.
pub fn fields_missing(viewer: ViewerClass, lines: LineType) -> ApiError {
    let known = lines.fields(viewer, is_value).join(", ");
    ApiError::new(ErrorCode::BadUserInput, format!("`fields` is needed here: some of {known}"))
}

fn unknown(viewer: ViewerClass, ty: &str, path: &str, name: &str) -> ApiError {
    let known = shown_fields(viewer, ty, |_| true).join(", ");
    wrong(path, &format!("is unknown: {ty} has no field `{name}`, but {known}"))
}
