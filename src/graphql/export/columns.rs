//! The columns of an export: fields of its type, and of types that to-one relations lead to (`promoter.email`).

use std::fmt;

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::{
    auth::ViewerClass,
    error::{ApiError, ErrorCode},
    graphql::{
        catalog::CATALOG,
        roots::SCHEMA,
        schema::{FieldDefinition, TypeKind, named_type},
    },
    read::{
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
    Relation(Selection),
}

impl Columns {
    /// All fields of the type that the viewer sees.
    ///
    /// # Errors
    /// When the viewer sees none of its rows.
    pub fn all(viewer: ViewerClass, node: &str) -> Result<Self, ApiError> {
        let values = |definition: &FieldDefinition| !SCHEMA.is_composite(named_type(&definition.ty));
        Self::of(viewer, node, shown_fields(viewer, node, values))
    }

    /// These columns, separated by commas.
    ///
    /// # Errors
    /// Names the column that is unknown, hidden, or no single value.
    pub fn named(viewer: ViewerClass, node: &str, names: &str) -> Result<Self, ApiError> {
        Self::of(viewer, node, names.split(',').map(|name| name.trim().to_owned()).collect())
    }

    fn of(viewer: ViewerClass, node: &str, names: Vec<String>) -> Result<Self, ApiError> {
        check_type(viewer, node, node)?;
        let mut columns = Self { list: Vec::new(), selection: Selection::default() };
        for name in names {
            let kind = kind_of(viewer, node, &name)?;
            if columns.list.iter().any(|(other, _)| *other == name) {
                return Err(wrong(&name, "is given twice"));
            }
            columns.selection.add(&name, columns.list.len());
            columns.list.push((name, kind));
        }
        Ok(columns)
    }
}

impl Selection {
    fn add(&mut self, path: &str, column: usize) {
        let Some((relation, rest)) = path.split_once('.') else {
            self.0.insert(path.to_owned(), Selected::Column(column));
            return;
        };
        let selected = self.0.entry(relation.to_owned()).or_insert_with(|| Selected::Relation(Self::default()));
        if let Selected::Relation(relation) = selected {
            relation.add(rest, column);
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
                Selected::Column(column) => {
                    if let Some(cell) = cells.get_mut(*column) {
                        *cell = Some(value);
                    }
                }
            }
        }
        Ok(())
    }
}

/// As a selection set of GraphQL.
impl fmt::Display for Selection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{")?;
        for (name, selected) in &self.0 {
            write!(formatter, " {name}")?;
            if let Selected::Relation(relation) = selected {
                write!(formatter, " {relation}")?;
            }
        }
        formatter.write_str(" }")
    }
}

/// Checks that a column is one value that the viewer sees.
fn kind_of(viewer: ViewerClass, node: &str, path: &str) -> Result<CellKind, ApiError> {
    let (mut ty, mut names) = (node, path.split('.').peekable());
    while let Some(name) = names.next() {
        let Some(definition) = SCHEMA.field(ty, name) else { return Err(unknown(viewer, ty, path, name)) };
        let target = named_type(&definition.ty);
        let is_last = names.peek().is_none();
        match (SCHEMA.is_composite(target), is_last) {
            _ if is_list(definition) => {
                return Err(wrong(path, "is a list: a column is one value, of the row or of a to-one relation"));
            }
            (true, true) => return Err(wrong(path, &format!("is an object: name a field of it, such as `{path}.id`"))),
            (true, false) => {
                check_type(viewer, target, path)?;
                ty = target;
            }
            (false, false) => return Err(wrong(path, &format!("goes on behind `{name}`, which has no fields"))),
            (false, true) => {
                check_field(viewer, ty, name, path)?;
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
    let Some(entity) = CATALOG.get(ty) else { return Ok(()) };
    let hidden = entity.field(name).is_some_and(|field| scope::access(viewer, entity, field) == Access::Hidden);
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

fn wrong(path: &str, what: &str) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, format!("`fields`: `{path}` {what}"))
}

/// The error of an export that has to name its columns.
pub fn fields_missing(viewer: ViewerClass, node: &str) -> ApiError {
    let known = shown_fields(viewer, node, |_| true).join(", ");
    ApiError::new(ErrorCode::BadUserInput, format!("`fields` is needed here: some of {known}"))
}

fn unknown(viewer: ViewerClass, ty: &str, path: &str, name: &str) -> ApiError {
    let known = shown_fields(viewer, ty, |_| true).join(", ");
    wrong(path, &format!("is unknown: {ty} has no field `{name}`, but {known}"))
}
