//! The order of a list: the terms of `orderBy`, then the key, so that it is total.

use super::{
    error::ReadError,
    model::{EntityField, EntityType, KeyKind},
    params::{Param, Params},
    scope,
    selection::{ArgumentValue, SelectedField},
};
use crate::auth::ViewerClass;

/// A row's position in an order: one value for each term.
pub type Position = Vec<Param>;

/// The order of a list.
#[derive(Clone, Debug)]
pub struct Order {
    /// Names type, fields and directions; cursors carry it.
    pub name: String,
    /// The terms, the key last.
    pub terms: Vec<OrderTerm>,
}

/// One term of an order.
#[derive(Clone, Debug)]
pub struct OrderTerm {
    /// NOT NULL column.
    pub column: String,
    /// Text, or a number.
    pub text: bool,
    /// Largest first.
    pub descending: bool,
    access: scope::Access,
}

impl OrderTerm {
    /// The term over the row `alias`.
    #[must_use]
    pub fn expression(&self, viewer: ViewerClass, alias: &str, params: &mut Params) -> String {
        let hidden = if self.text { "''" } else { "0" };
        scope::guarded(&self.access, viewer, &self.column, alias, hidden, params)
    }
}

impl Order {
    /// The order of `orderBy`, or the type's default.
    ///
    /// # Errors
    /// When a field is named twice, or is hidden from the viewer.
    pub fn of(viewer: ViewerClass, entity: &EntityType, selected: &SelectedField) -> Result<Self, ReadError> {
        let mut fields: Vec<(&EntityField, bool)> = Vec::new();
        match selected.argument("orderBy") {
            Some(ArgumentValue::List(items)) if !items.is_empty() => {
                for item in items {
                    let (field, descending) = requested(entity, item)?;
                    if fields.iter().any(|(earlier, _)| earlier.name == field.name) {
                        return Err(ReadError::bad(format!("`orderBy` names {} twice", field.name)));
                    }
                    fields.push((field, descending));
                }
            }
            _ => fields.extend(entity.field(entity.default_order.0).map(|field| (field, entity.default_order.1))),
        }
        let mut order = Self { name: entity.singular.to_owned(), terms: Vec::with_capacity(fields.len() + 1) };
        let mut total = false;
        for (field, descending) in fields {
            let access = scope::access(viewer, entity, field);
            if !scope::may_compare(&access) {
                return Err(ReadError::Forbidden(format!("`orderBy` {} needs a token that sees it", field.name)));
            }
            if total {
                // The key is unique: later terms decide nothing.
                continue;
            }
            let Some(sort) = &field.sort else {
                return Err(ReadError::internal(format!("{}.{} has no sort key", entity.name, field.name)));
            };
            order.push(&field.name, OrderTerm { column: sort.column.clone(), text: sort.text, descending, access });
            total = field.name == "id";
        }
        if total {
            return Ok(order);
        }
        // The key breaks ties, in the direction of the last term: then one index serves both ways.
        let descending = order.terms.last().is_some_and(|term| term.descending);
        let text = entity.key_kind == KeyKind::Text;
        order.push("id", OrderTerm { column: entity.key.to_owned(), text, descending, access: scope::Access::Full });
        Ok(order)
    }

    fn push(&mut self, name: &str, term: OrderTerm) {
        self.name.push(if term.descending { '-' } else { '+' });
        self.name.push_str(name);
        self.terms.push(term);
    }

    /// The terms over the row `alias`; `key` is a column that may replace its key, as it has the same value.
    fn expressions(&self, viewer: ViewerClass, (alias, key): (&str, Option<&str>), params: &mut Params) -> Vec<String> {
        let mut terms: Vec<_> = self.terms.iter().map(|term| term.expression(viewer, alias, params)).collect();
        if let (Some(last), Some(key)) = (terms.last_mut(), key) {
            key.clone_into(last);
        }
        terms
    }

    /// The terms of `order by`, reversed to read a page backwards.
    #[must_use]
    pub fn clause(
        &self,
        viewer: ViewerClass,
        row: (&str, Option<&str>),
        backward: bool,
        params: &mut Params,
    ) -> String {
        let terms = self.terms.iter().zip(self.expressions(viewer, row, params)).map(|(term, expression)| {
            let direction = if term.descending == backward { "asc" } else { "desc" };
            format!("{expression} {direction}")
        });
        terms.collect::<Vec<_>>().join(", ")
    }

    /// The rows strictly after (or before) a position.
    #[must_use]
    pub fn beyond(
        &self,
        viewer: ViewerClass,
        row: (&str, Option<&str>),
        place: &Position,
        before: bool,
        params: &mut Params,
    ) -> String {
        let columns = self.expressions(viewer, row, params);
        let values: Vec<_> = place.iter().map(|value| params.bind(value.clone())).collect();
        let operator = |term: &OrderTerm| if term.descending == before { ">" } else { "<" };
        let uniform = self.terms.windows(2).all(|pair| pair[0].descending == pair[1].descending);
        if uniform {
            let operator = self.terms.first().map_or(">", operator);
            return format!("({}) {operator} ({})", columns.join(", "), values.join(", "));
        }
        let alternatives = (0..columns.len()).map(|last| {
            let mut parts: Vec<_> = (0..last).map(|index| format!("{} = {}", columns[index], values[index])).collect();
            parts.push(format!("{} {} {}", columns[last], operator(&self.terms[last]), values[last]));
            format!("({})", parts.join(" and "))
        });
        format!("({})", alternatives.collect::<Vec<_>>().join(" or "))
    }
}

fn requested<'a>(entity: &'a EntityType, item: &ArgumentValue) -> Result<(&'a EntityField, bool), ReadError> {
    let unknown = || ReadError::bad("`orderBy` expects objects with `field` and `direction`");
    let ArgumentValue::Object(parts) = item else { return Err(unknown()) };
    let Some(ArgumentValue::Enum(name)) = parts.get("field") else { return Err(unknown()) };
    let field = entity
        .fields
        .iter()
        .find(|field| field.sort.is_some() && super::model::constant_case(&field.name) == *name)
        .ok_or_else(unknown)?;
    let descending = matches!(parts.get("direction"), Some(ArgumentValue::Enum(direction)) if direction == "DESC");
    Ok((field, descending))
}
