//! The statements of a level.
//!
//! The page's size is a parameter, and a generic plan knows nothing of parameters: so an inner
//! `limit` with the largest page tells the planner that few rows are wanted.

use std::fmt::Write as _;

use sea_orm::DbBackend;

use super::{Sql, columns::used, object::Builder};
use crate::read::{
    error::ReadError,
    expression::{View, and_listed},
    filter,
    model::{EntityType, Link},
    order::Order,
    page::{MAX_SIZE, Page},
    selection::Input,
    sql::{Param, Params},
};

/// Below which rows a list hangs.
pub struct Parent<'a> {
    /// How the list's rows belong to a parent.
    pub link: &'a Link,
    /// Whether the relation reaches the type's linked rows.
    pub linked: bool,
}

/// What a list asks for.
pub struct Request<'a> {
    /// The type of its rows.
    pub entity: &'a EntityType,
    /// Below which rows; none at the root.
    pub parent: Option<&'a Parent<'a>>,
    /// In which order.
    pub order: &'a Order,
    /// Which part.
    pub page: &'a Page,
    /// Which of them.
    pub filter: Option<&'a Input>,
    /// Deleted rows as well.
    pub deleted_too: bool,
}

impl Request<'_> {
    /// What the list's rows are read from. The pairs of a parent come first: they are few, and a
    /// cross join keeps `SQLite` from walking through the other table instead.
    fn source(&self, alias: &str) -> String {
        let table = self.entity.table;
        match self.parent.map(|parent| parent.link) {
            Some(Link::Through { table: pairs, .. }) => format!("{pairs} l cross join {table} {alias}"),
            _ => format!("{table} {alias}"),
        }
    }

    /// The column of the pairs that stands for the key: in its order the index on the pairs gives a
    /// page without sorting.
    fn key(&self) -> Option<String> {
        match self.parent.map(|parent| parent.link) {
            Some(Link::Through { child, .. }) => Some(format!("l.{child}")),
            _ => None,
        }
    }

    /// Which rows belong to a parent, as a predicate over `alias`.
    fn belongs(&self, parent: &Parent<'_>, alias: &str, backend: DbBackend) -> Result<String, ReadError> {
        let key = if backend == DbBackend::Sqlite { "k.value" } else { "k.key" };
        let Parent { link, .. } = parent;
        match link {
            Link::ToMany { column } => Ok(format!("{alias}.{column} = {key}")),
            Link::Through { parent, child, .. } => {
                let (own, counts) = (self.entity.key, link.and_paired("l"));
                Ok(format!("l.{parent} = {key} and {alias}.{own} = l.{child}{counts}"))
            }
            Link::ToOne { .. } => Err(ReadError::internal("a list below a to-one relation")),
        }
    }

    /// Which rows belong to the list, as a predicate over `alias`.
    fn condition(&self, view: View<'_>, alias: &str, params: &mut Params) -> Result<String, ReadError> {
        let mut condition = match self.parent {
            None => "1 = 1".to_owned(),
            Some(parent) => self.belongs(parent, alias, params.backend)?,
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

    /// The part of the list that the page wants, one row more than its size, in reading order.
    fn part(&self, view: View<'_>, alias: &str, params: &mut Params) -> Result<Part, ReadError> {
        let mut condition = self.condition(view, alias, params)?;
        let key = self.key();
        for (place, before) in [(&self.page.after, false), (&self.page.before, true)] {
            if let Some(place) = place {
                let beyond = self.order.beyond(view.viewer, (alias, key.as_deref()), place, before, params);
                let _ = write!(condition, " and {beyond}");
            }
        }
        let order = self.order.clause(view.viewer, (alias, key.as_deref()), self.page.backward, params);
        Ok(Part { condition, order, limit: params.bind(Param::Int(self.page.size + 1)) })
    }
}

struct Part {
    condition: String,
    order: String,
    limit: String,
}

/// Reads a page of every parent (or of the root), its rows together, in reading order.
pub fn page(builder: &mut Builder<'_>, request: &Request<'_>) -> Result<String, ReadError> {
    let view = builder.view;
    let table = request.entity.table;
    let outer_order = request.order.clause(view.viewer, ("t", None), request.page.backward, &mut builder.params);
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
    let (from, group, group_order) = if request.parent.is_some() {
        let parents = builder.params.bind(Param::Parents);
        let from = format!("unnest({parents}) with ordinality k(key, ord) cross join lateral ");
        (from, ", k.ord - 1", "k.ord, ")
    } else {
        (String::new(), "", "")
    };
    let part = request.part(view, "t", &mut builder.params)?;
    let columns = selected(builder);
    let used = used("t", [columns.as_str(), joins.as_str(), outer_order.as_str()]);
    let inner = used.into_iter().map(|column| format!("t.{column}")).collect::<Vec<_>>();
    let inner = if inner.is_empty() { format!("t.{}", request.entity.key) } else { inner.join(", ") };
    Ok(format!(
        "select {columns}{group} from {from}(select * from (select {inner} from {source} where {condition} order by \
         {order} limit {most}) t limit {limit}) t{joins} order by {group_order}{outer_order}",
        source = request.source("t"),
        condition = part.condition,
        order = part.order,
        limit = part.limit,
    ))
}

/// Reads rows by key.
pub fn by_key(builder: &Builder<'_>, entity: &EntityType, condition: &str) -> String {
    ordered(builder, entity, condition, &format!("t.{}", entity.key), None)
}

/// Reads the rows for which a condition holds, in an order; so many at most as a placeholder says.
pub fn ordered(
    builder: &Builder<'_>,
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

/// Counts the rows of every parent (or of the root).
pub fn count(view: View<'_>, backend: DbBackend, request: &Request<'_>) -> Result<Sql, ReadError> {
    let mut params = Params::new(backend);
    let parents = request.parent.map(|_| params.bind(Param::Parents));
    let condition = request.condition(view, "t", &mut params)?;
    let count = format!("select count(*) from {} where {condition}", request.source("t"));
    let text = match parents {
        None => count,
        Some(parents) if backend == DbBackend::Sqlite => format!("select ({count}), k.key from json_each({parents}) k"),
        Some(parents) => format!("select ({count}), k.ord - 1 from unnest({parents}) with ordinality k(key, ord)"),
    };
    Ok(Sql { text, params, long: Vec::new() })
}

fn selected(builder: &Builder<'_>) -> String {
    if builder.columns.is_empty() { format!("t.{}", builder.entity().key) } else { builder.columns.join(", ") }
}
