//! The SQL of a connection: its page and its count, at the root or for all parents at once. Also of rows by key.
//!
//! Every condition comes from [`ViewerScope`], which adds the viewer's scope.
//!
//! The page size is a parameter, whose value a generic plan does not know: an inner `limit` with the maximal page size
//! tells `PostgreSQL`'s planner that few rows are wanted.

use std::{collections::BTreeSet, fmt::Write as _};

use sea_orm::DbBackend;

use super::{PlannedStatement, level::LevelBuilder};
use crate::read::{
    error::ReadError,
    filter,
    model::{EntityType, Link},
    order::Order,
    page::{MAX_SIZE, Page},
    params::{Param, Params},
    scoped_sql::{ViewerScope, and_listed},
    selection::ArgumentValue,
};

/// The relation from the parents to a list.
pub struct Parent<'a> {
    /// How the rows of the list are joined to a parent.
    pub link: &'a Link,
    /// Whether the relation reaches the type's linked rows.
    pub linked: bool,
    /// The keys of the parents.
    pub keys: ParentKeys,
}

/// Where the keys of the parents of a list are.
pub enum ParentKeys {
    /// In a parameter.
    Parameter,
    /// In this column of the statement's only row: see [`with_list`].
    Column(String),
}

/// A column of the row that [`with_list`] reads.
pub fn row_column(index: usize) -> String {
    format!("r.c{index}")
}

/// A statement of one row that reads a list below it too: each row of the list beside the row, or nulls if there is
/// none. Values that may be long are beside the first one only. `list` is a [`page`] over [`ParentKeys::Column`].
pub fn with_list(row: &str, columns: usize, long: &[usize], list: &str) -> String {
    let names = (0..columns).map(|index| format!("c{index}")).collect::<Vec<_>>().join(", ");
    let value = |index| match row_column(index) {
        value if long.contains(&index) => format!("case when coalesce(l.nth, 1) = 1 then {value} end"),
        value => value,
    };
    let values = (0..columns).map(value).collect::<Vec<_>>().join(", ");
    format!("select {values}, l.* from ({row}) r({names}) left join lateral ({list}) l on true order by l.nth")
}

/// The arguments of a list.
pub struct ListRequest<'a> {
    /// The type of its rows.
    pub entity: &'a EntityType,
    /// The relation from its parents; none at the root.
    pub parent: Option<&'a Parent<'a>>,
    /// Its order.
    pub order: &'a Order,
    /// Its page.
    pub page: &'a Page,
    /// Its filter.
    pub filter: Option<&'a ArgumentValue>,
    /// Whether deleted rows are included.
    pub deleted_too: bool,
}

impl ListRequest<'_> {
    /// The `from` clause. The pairs of a parent come first: they are few, and a cross join keeps `SQLite` from scanning
    /// the other table first.
    pub fn source(&self, alias: &str) -> String {
        let table = self.entity.table;
        match self.parent.map(|parent| parent.link) {
            Some(Link::Through { table: between, .. } | Link::Over { table: between, .. }) => {
                format!("{between} l cross join {table} {alias}")
            }
            _ => format!("{table} {alias}"),
        }
    }

    /// The column of the pairs that replaces the key in the order: the index on the pairs then gives a page without
    /// sorting.
    fn key(&self) -> Option<String> {
        match self.parent.map(|parent| parent.link) {
            Some(Link::Through { child, .. }) => Some(format!("l.{child}")),
            _ => None,
        }
    }

    /// The predicate that joins the row `alias` to its parent.
    fn belongs(
        &self,
        view: ViewerScope,
        parent: &Parent<'_>,
        alias: &str,
        params: &mut Params,
    ) -> Result<String, ReadError> {
        let key = if params.backend == DbBackend::Sqlite { "k.value" } else { "k.key" };
        let Parent { link, .. } = parent;
        match link {
            Link::ToMany { column } => Ok(format!("{alias}.{column} = {key}")),
            Link::Through { parent, child, .. } => {
                let (own, counts) = (self.entity.key, link.and_paired("l"));
                Ok(format!("l.{parent} = {key} and {alias}.{own} = l.{child}{counts}"))
            }
            Link::Over { table, parent, key: between, column } => {
                let seen = view.and_between(table, "l", params);
                Ok(format!("l.{parent} = {key} and {alias}.{column} = l.{between}{seen}"))
            }
            Link::ToOne { .. } => Err(ReadError::internal("a list below a to-one relation")),
        }
    }

    /// The predicate of the rows of the list, over `alias`: relation, scope and filter.
    pub fn condition(&self, view: ViewerScope, alias: &str, params: &mut Params) -> Result<String, ReadError> {
        let mut condition = match self.parent {
            None => "1 = 1".to_owned(),
            Some(parent) => self.belongs(view, parent, alias, params)?,
        };
        let linked = self.parent.is_some_and(|parent| parent.linked);
        condition.push_str(&view.and_visible(self.entity, linked, alias, params));
        condition.push_str(&and_listed(self.entity, self.deleted_too, alias));
        if let Some(filter) = self.filter {
            let predicate = filter::predicate(view, self.entity, filter, alias, params)?;
            let _ = write!(condition, " and {predicate}");
        }
        Ok(condition)
    }

    /// The page in reading order, with one row more than its size.
    fn part(&self, view: ViewerScope, alias: &str, params: &mut Params) -> Result<Part, ReadError> {
        let mut condition = self.condition(view, alias, params)?;
        let key = self.key();
        for (place, before) in [(&self.page.after, false), (&self.page.before, true)] {
            if let Some(place) = place {
                let beyond = self.order.beyond(view, (alias, key.as_deref()), place, before, params);
                let _ = write!(condition, " and {beyond}");
            }
        }
        let order = self.order.clause(view, (alias, key.as_deref()), self.page.backward, params);
        Ok(Part { condition, order, limit: params.bind(Param::Int(self.page.size + 1)) })
    }
}

struct Part {
    condition: String,
    order: String,
    limit: String,
}

/// Reads the page of each parent (or of the root) in reading order, grouped by parent.
pub fn page(builder: &mut LevelBuilder<'_>, request: &ListRequest<'_>) -> Result<String, ReadError> {
    let view = builder.view;
    let table = request.entity.table;
    let outer_order = request.order.clause(view, ("t", None), request.page.backward, &mut builder.params);
    let joins = builder.joins.concat();
    let sqlite = builder.params.backend == DbBackend::Sqlite;
    let most = MAX_SIZE + 1;
    if let (Some(_), true) = (request.parent, sqlite) {
        let parents = builder.params.bind(Param::Parents);
        let part = request.part(view, "x", &mut builder.params)?;
        let key = request.entity.key;
        return Ok(format!(
            "select {columns}, k.key from json_each({parents}) k cross join {table} t on t.{key} in (select x.{key} \
             from {source} where {condition} order by {order} limit {limit}){joins} order by k.key, {outer_order}",
            columns = selected(builder),
            source = request.source("x"),
            condition = part.condition,
            order = part.order,
            limit = part.limit,
        ));
    }
    let (from, group, list_order) = match request.parent.map(|parent| &parent.keys) {
        Some(ParentKeys::Parameter) => {
            let parents = builder.params.bind(Param::Parents);
            let from = format!("unnest({parents}) with ordinality k(key, ord) cross join lateral ");
            (from, ", k.ord - 1".to_owned(), format!(" order by k.ord, {outer_order}"))
        }
        Some(ParentKeys::Column(key)) => {
            let from = format!("(select {key}) k(key) cross join lateral ");
            (from, format!(", row_number() over (order by {outer_order}) nth"), String::new())
        }
        None => (String::new(), String::new(), format!(" order by {outer_order}")),
    };
    let part = request.part(view, "t", &mut builder.params)?;
    let columns = selected(builder);
    let used = used_columns("t", [columns.as_str(), joins.as_str(), outer_order.as_str()]);
    let inner = used.into_iter().map(|column| format!("t.{column}")).collect::<Vec<_>>();
    let inner = if inner.is_empty() { format!("t.{}", request.entity.key) } else { inner.join(", ") };
    Ok(format!(
        "select {columns}{group} from {from}(select * from (select {inner} from {source} where {condition} order by \
         {order} limit {most}) t limit {limit}) t{joins}{list_order}",
        source = request.source("t"),
        condition = part.condition,
        order = part.order,
        limit = part.limit,
    ))
}

/// Reads rows by key.
pub fn by_key(builder: &LevelBuilder<'_>, entity: &EntityType, condition: &str) -> String {
    ordered(builder, entity, condition, &format!("t.{}", entity.key), None)
}

/// Reads the rows of a condition in an order, up to a limit.
pub fn ordered(
    builder: &LevelBuilder<'_>,
    entity: &EntityType,
    condition: &str,
    order: &str,
    limit: Option<&str>,
) -> String {
    let columns = selected(builder);
    let joins = builder.joins.concat();
    let table = entity.table;
    let limit = limit.map_or_else(String::new, |limit| format!(" limit {limit}"));
    format!("select {columns} from {table} t{joins} where {condition} order by {order}{limit}")
}

/// Counts the rows of each parent (or of the root).
pub fn count(view: ViewerScope, backend: DbBackend, request: &ListRequest<'_>) -> Result<PlannedStatement, ReadError> {
    let mut params = Params::new(backend);
    let parents = request.parent.map(|_| params.bind(Param::Parents));
    let condition = request.condition(view, "t", &mut params)?;
    let count = format!("select count(*) from {} where {condition}", request.source("t"));
    let text = match parents {
        None => count,
        Some(parents) if backend == DbBackend::Sqlite => format!("select ({count}), k.key from json_each({parents}) k"),
        Some(parents) => format!("select ({count}), k.ord - 1 from unnest({parents}) with ordinality k(key, ord)"),
    };
    Ok(PlannedStatement { text: text.into(), params, long: Vec::new() })
}

fn selected(builder: &LevelBuilder<'_>) -> String {
    if builder.columns.is_empty() { format!("t.{}", builder.entity().key) } else { builder.columns.join(", ") }
}

/// The columns that these expressions use as `alias.column`, in alphabetical order.
fn used_columns<'a>(alias: &str, texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let prefix = format!("{alias}.");
    let mut columns = BTreeSet::new();
    for text in texts {
        for (start, _) in text.match_indices(&prefix) {
            let whole_word = !text[..start].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_');
            let column = &text[start + prefix.len()..];
            let end = column.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            if whole_word {
                columns.insert(&column[..end.unwrap_or(column.len())]);
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::used_columns;

    #[test]
    fn columns_of_other_aliases_are_left_out() {
        let texts = ["case when (t.promoter_id = $1) then t.email end", "j1.id = t.campaign_id and at.x = 1"];
        assert_eq!(used_columns("t", texts).into_iter().collect::<Vec<_>>(), ["campaign_id", "email", "promoter_id"]);
    }
}
