//! The order of a list: the terms of `orderBy`, then the key, so that it is total.

use super::{
    error::ReadError,
    model::{EntityField, EntityType, KeyKind, Relation},
    params::{Param, Params},
    scope,
    scoped_sql::{ViewerScope, and_listed},
    selection::{ArgumentValue, SelectedField},
};

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
    value: OrderValue,
    /// Text, or a number.
    pub text: bool,
    /// Largest first.
    pub descending: bool,
}

/// What a term compares.
#[derive(Clone, Debug)]
enum OrderValue {
    /// A NOT NULL column.
    Column { column: String, access: scope::Access },
    /// The rows of a to-many relation that the viewer would be shown, `totalCount`, of the type of this name.
    Count { entity: &'static str, relation: Relation },
}

impl OrderTerm {
    /// The term over the row `alias`.
    #[must_use]
    pub fn expression(&self, view: ViewerScope, alias: &str, params: &mut Params) -> String {
        match &self.value {
            OrderValue::Column { column, access } => {
                let hidden = if self.text { "''" } else { "0" };
                scope::guarded(access, view.viewer, column, alias, hidden, params)
            }
            OrderValue::Count { entity, relation } => {
                let (Some(entity), Some(target)) = (view.catalog.get(entity), view.catalog.get(relation.target)) else {
                    return "0".to_owned();
                };
                let (rows, joined) = view.related(relation, entity, target, alias, "o", params);
                let visible = view.and_visible(target, relation.linked, "o", params);
                let followed = view.and_followed(entity, alias, params);
                let listed = and_listed(target, false, "o");
                format!("(select count(*) from {rows} where {joined}{visible}{listed}{followed})")
            }
        }
    }
}

impl Order {
    /// The order of `orderBy`, or the type's default.
    ///
    /// # Errors
    /// When a field is named twice, or is hidden from the viewer.
    pub fn of(view: ViewerScope, entity: &EntityType, selected: &SelectedField) -> Result<Self, ReadError> {
        let mut keys: Vec<(OrderKey<'_>, bool)> = Vec::new();
        match selected.argument("orderBy") {
            Some(ArgumentValue::List(items)) if !items.is_empty() => {
                for item in items {
                    let (key, descending) = requested(entity, item)?;
                    if keys.iter().any(|(earlier, _)| earlier.name() == key.name()) {
                        return Err(ReadError::bad(format!("`orderBy` names {} twice", key.name())));
                    }
                    keys.push((key, descending));
                }
            }
            _ => {
                let field = entity.field(entity.default_order.0);
                keys.extend(field.map(|field| (OrderKey::Field(field), entity.default_order.1)));
            }
        }
        let mut order = Self { name: entity.singular.to_owned(), terms: Vec::with_capacity(keys.len() + 1) };
        let mut total = false;
        for (key, descending) in keys {
            let field = match key {
                OrderKey::Field(field) => field,
                OrderKey::Count(name, relation) => {
                    if !total {
                        let value = OrderValue::Count { entity: entity.name, relation: relation.clone() };
                        order.push(&name, OrderTerm { value, text: false, descending });
                    }
                    continue;
                }
            };
            let access = scope::access(view.viewer, entity, field);
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
            let value = OrderValue::Column { column: sort.column.clone(), access };
            order.push(&field.name, OrderTerm { value, text: sort.text, descending });
            total = field.name == "id";
        }
        if total {
            return Ok(order);
        }
        // The key breaks ties, in the direction of the last term: then one index serves both ways.
        let descending = order.terms.last().is_some_and(|term| term.descending);
        let text = entity.key_kind == KeyKind::Text;
        let value = OrderValue::Column { column: entity.key.to_owned(), access: scope::Access::Full };
        order.push("id", OrderTerm { value, text, descending });
        Ok(order)
    }

    fn push(&mut self, name: &str, term: OrderTerm) {
        self.name.push(if term.descending { '-' } else { '+' });
        self.name.push_str(name);
        self.terms.push(term);
    }

    /// The terms over the row `alias`; `key` is a column that may replace its key, as it has the same value.
    fn expressions(&self, view: ViewerScope, (alias, key): (&str, Option<&str>), params: &mut Params) -> Vec<String> {
        let mut terms: Vec<_> = self.terms.iter().map(|term| term.expression(view, alias, params)).collect();
        if let (Some(last), Some(key)) = (terms.last_mut(), key) {
            key.clone_into(last);
        }
        terms
    }

    /// The terms of `order by`, reversed to read a page backwards.
    #[must_use]
    pub fn clause(&self, view: ViewerScope, row: (&str, Option<&str>), backward: bool, params: &mut Params) -> String {
        let terms = self.terms.iter().zip(self.expressions(view, row, params)).map(|(term, expression)| {
            let direction = if term.descending == backward { "asc" } else { "desc" };
            format!("{expression} {direction}")
        });
        terms.collect::<Vec<_>>().join(", ")
    }

    /// The rows strictly after (or before) a position.
    #[must_use]
    pub fn beyond(
        &self,
        view: ViewerScope,
        row: (&str, Option<&str>),
        place: &Position,
        before: bool,
        params: &mut Params,
    ) -> String {
        let columns = self.expressions(view, row, params);
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

/// What `orderBy` names.
enum OrderKey<'a> {
    Field(&'a EntityField),
    /// The rows of a relation, by this name.
    Count(String, &'a Relation),
}

impl OrderKey<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Field(field) => &field.name,
            Self::Count(name, _) => name,
        }
    }
}

fn requested<'a>(entity: &'a EntityType, item: &ArgumentValue) -> Result<(OrderKey<'a>, bool), ReadError> {
    let unknown = || ReadError::bad("`orderBy` expects objects with `field` and `direction`");
    let ArgumentValue::Object(parts) = item else { return Err(unknown()) };
    let Some(ArgumentValue::Enum(name)) = parts.get("field") else { return Err(unknown()) };
    let named = |field: &str| super::model::constant_case(field) == *name;
    let mut fields = entity.fields.iter().filter(|field| field.sort.is_some());
    let mut counts = entity.counts();
    let key = if let Some(field) = fields.find(|field| named(&field.name)) {
        OrderKey::Field(field)
    } else {
        let (count, relation) = counts.find(|(count, _)| named(count)).ok_or_else(unknown)?;
        OrderKey::Count(count, relation)
    };
    let descending = matches!(parts.get("direction"), Some(ArgumentValue::Enum(direction)) if direction == "DESC");
    Ok((key, descending))
}
