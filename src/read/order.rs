//! The order of a list: the terms asked for, then the key, so that it is total.

use super::{
    cursor::Place,
    error::ReadError,
    model::{EntityType, Field, KeyKind},
    scope,
    selection::{Input, Selected},
    sql::Params,
};
use crate::auth::Viewer;

/// The order of a list.
#[derive(Clone, Debug)]
pub struct Order {
    /// Names type, fields and directions; cursors carry it.
    pub name: String,
    /// The terms, the key last.
    pub terms: Vec<Term>,
}

/// One term of an order.
#[derive(Clone, Debug)]
pub struct Term {
    /// NOT NULL column.
    pub column: String,
    /// Text, or a number.
    pub text: bool,
    /// Largest first.
    pub descending: bool,
    access: scope::Access,
}

impl Term {
    /// The term over the row `alias`.
    #[must_use]
    pub fn expression(&self, viewer: Viewer, alias: &str, params: &mut Params) -> String {
        let hidden = if self.text { "''" } else { "0" };
        scope::guarded(&self.access, viewer, &self.column, alias, hidden, params)
    }
}

impl Order {
    /// The order that `orderBy` asks for, or the type's own.
    ///
    /// # Errors
    /// When a field is named twice, or is hidden from the viewer.
    pub fn of(viewer: Viewer, entity: &EntityType, selected: &Selected) -> Result<Self, ReadError> {
        let mut fields: Vec<(&Field, bool)> = Vec::new();
        match selected.argument("orderBy") {
            Some(Input::List(items)) if !items.is_empty() => {
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
                // Behind the key nothing is left to decide.
                continue;
            }
            let Some(sort) = &field.sort else {
                return Err(ReadError::internal(format!("{}.{} has no sort key", entity.name, field.name)));
            };
            order.push(&field.name, Term { column: sort.column.clone(), text: sort.text, descending, access });
            total = field.name == "id";
        }
        if total {
            return Ok(order);
        }
        // The key breaks ties, in the direction of the last term: then one index serves both ways.
        let descending = order.terms.last().is_some_and(|term| term.descending);
        let text = entity.key_kind == KeyKind::Text;
        order.push("id", Term { column: entity.key.to_owned(), text, descending, access: scope::Access::Full });
        Ok(order)
    }

    fn push(&mut self, name: &str, term: Term) {
        self.name.push(if term.descending { '-' } else { '+' });
        self.name.push_str(name);
        self.terms.push(term);
    }

    /// The terms over the row `alias`; a column that is equal to its key may stand for the key.
    fn expressions(&self, viewer: Viewer, (alias, key): (&str, Option<&str>), params: &mut Params) -> Vec<String> {
        let mut terms: Vec<_> = self.terms.iter().map(|term| term.expression(viewer, alias, params)).collect();
        if let (Some(last), Some(key)) = (terms.last_mut(), key) {
            key.clone_into(last);
        }
        terms
    }

    /// `order by ...` over a row and what stands for its key; turned around to read a page backwards.
    #[must_use]
    pub fn clause(&self, viewer: Viewer, row: (&str, Option<&str>), backward: bool, params: &mut Params) -> String {
        let terms = self.terms.iter().zip(self.expressions(viewer, row, params)).map(|(term, expression)| {
            let direction = if term.descending == backward { "asc" } else { "desc" };
            format!("{expression} {direction}")
        });
        terms.collect::<Vec<_>>().join(", ")
    }

    /// The rows strictly after (or before) a place.
    #[must_use]
    pub fn beyond(
        &self,
        viewer: Viewer,
        row: (&str, Option<&str>),
        place: &Place,
        before: bool,
        params: &mut Params,
    ) -> String {
        let columns = self.expressions(viewer, row, params);
        let values: Vec<_> = place.iter().map(|value| params.bind(value.clone())).collect();
        let operator = |term: &Term| if term.descending == before { ">" } else { "<" };
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

fn requested<'a>(entity: &'a EntityType, item: &Input) -> Result<(&'a Field, bool), ReadError> {
    let unknown = || ReadError::bad("`orderBy` expects objects with `field` and `direction`");
    let Input::Object(parts) = item else { return Err(unknown()) };
    let Some(Input::Enum(name)) = parts.get("field") else { return Err(unknown()) };
    let field = entity
        .fields
        .iter()
        .find(|field| field.sort.is_some() && super::model::constant_case(&field.name) == *name)
        .ok_or_else(unknown)?;
    let descending = matches!(parts.get("direction"), Some(Input::Enum(direction)) if direction == "DESC");
    Ok((field, descending))
}
