//! Plans: what a root field needs as one statement per to-many level, and how its JSON looks.
//!
//! A plan holds statement texts and parameters, no rows and no connection. To-one relations are
//! joined into the statement of the row they hang on; each to-many relation is a [`Level`] of its
//! own, read for all parents at once.

mod changed;
mod columns;
mod object;
mod shape;
mod statement;

pub use changed::{Candidates, changed};
pub use shape::{Connection, ConnectionSlot, EdgeSlot, Failed, Object, PageInfoSlot, Slot, ValueKind};

use super::{
    error::ReadError,
    expression::{View, and_listed},
    id::Key,
    model::{EntityType, KeyKind},
    order::Order,
    page::Page,
    scope,
    selection::{Input, Selected},
    sql::{Param, Params},
};
use object::Builder;

/// One statement, and those of the to-many relations below its rows.
#[derive(Debug)]
pub struct Level {
    /// Reads the rows; none when only the count is wanted.
    pub rows: Option<Sql>,
    /// Counts the rows of every parent.
    pub count: Option<Sql>,
    /// Which part of every parent's rows is read.
    pub page: Option<Page>,
    /// The order, and where its terms are in a row, when cursors are wanted.
    pub order: Option<(Order, Vec<usize>)>,
    /// The to-many relations below.
    pub children: Vec<Child>,
}

/// A statement.
#[derive(Debug)]
pub struct Sql {
    /// Its text.
    pub text: String,
    /// Its parameters.
    pub params: Params,
    /// The columns whose values may be long.
    pub long: Vec<usize>,
}

/// A to-many relation below the rows of a level.
#[derive(Debug)]
pub struct Child {
    /// Where the parent's key is in the parent level's rows.
    pub key: usize,
    /// The rows.
    pub level: Level,
}

/// A root field that is a list.
#[derive(Debug)]
pub struct ConnectionPlan {
    /// Its level.
    pub level: Level,
    /// Its JSON.
    pub connection: Connection,
}

/// A root field that is one row, or some rows by key.
#[derive(Debug)]
pub struct ObjectPlan {
    /// Its level: at most one row for a single key.
    pub level: Level,
    /// Its JSON.
    pub object: Object,
    /// Where a row's key is, to find it again among several.
    pub key: usize,
}

/// How a root field names its row.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// By key.
    Key(Key),
    /// By several keys of one type.
    Keys(Vec<Key>),
    /// By a natural key: column and value.
    Natural(&'static str, Param),
}

/// Plans a list at the root.
///
/// # Errors
/// When an argument is refused.
pub fn connection(
    view: View<'_>,
    backend: sea_orm::DbBackend,
    entity: &EntityType,
    selected: &Selected,
) -> Result<ConnectionPlan, ReadError> {
    view.may_read(entity)?;
    let (level, connection) = list(view, backend, entity, None, selected)?;
    Ok(ConnectionPlan { level, connection })
}

/// Plans one row, or several by key.
///
/// # Errors
/// When an argument below is refused, or the natural key is hidden from the viewer.
pub fn object(
    view: View<'_>,
    backend: sea_orm::DbBackend,
    entity: &EntityType,
    lookup: Lookup,
    children: &[Selected],
) -> Result<ObjectPlan, ReadError> {
    view.may_read(entity)?;
    let mut builder = Builder::new(view, backend, entity);
    let key = builder.column(format!("t.{}", entity.key));
    let object = builder.object(entity, "t", children)?;
    let natural = matches!(lookup, Lookup::Natural(..));
    let mut condition = match lookup {
        Lookup::Key(key) => format!("t.{} = {}", entity.key, builder.params.bind(single(entity, key)?)),
        Lookup::Keys(keys) => {
            let list = several(entity, keys)?;
            builder.params.is_in(&format!("t.{}", entity.key), list)
        }
        Lookup::Natural(column, value) => {
            let field = entity.fields.iter().find(|field| field.column == column);
            let field = field.ok_or_else(|| ReadError::internal(format!("{column} is not a field")))?;
            if !scope::may_compare(&scope::access(view.viewer, entity, field)) {
                let name = &field.name;
                return Err(ReadError::Forbidden(format!("`{name}` needs a token that sees {}.{name}", entity.name)));
            }
            let (expression, guard) = view.compared(entity, field, column, "t", &mut builder.params);
            let guard = guard.map_or_else(String::new, |guard| format!(" and {guard}"));
            let listed = and_listed(entity, false, "t");
            format!("{expression} = {}{guard}{listed}", builder.params.bind(value))
        }
    };
    condition.push_str(&view.and_visible(entity, false, "t", &mut builder.params));
    let mut text = statement::by_key(&builder, entity, &condition);
    if natural {
        // It may fit several rows: the oldest answers.
        text.push_str(" limit 1");
    }
    let level = builder.finish(Some(text), None, None, None);
    Ok(ObjectPlan { level, object, key })
}

/// Plans a list: at the root, or below the rows that a relation starts from.
fn list(
    view: View<'_>,
    backend: sea_orm::DbBackend,
    entity: &EntityType,
    parent: Option<&statement::Parent<'_>>,
    selected: &Selected,
) -> Result<(Level, Connection), ReadError> {
    let order = Order::of(view.viewer, entity, selected)?;
    let page = Page::of(&order, selected)?;
    let mut builder = Builder::new(view, backend, entity);
    let connection = builder.connection(entity, &order, &selected.children)?;
    let request = statement::Request {
        entity,
        parent,
        order: &order,
        page: &page,
        filter: selected.argument("filter"),
        deleted_too: selected.argument("includeDeleted") == Some(&Input::Bool(true)),
    };
    let count = if connection.counts() { Some(statement::count(view, backend, &request)?) } else { None };
    // Built even if only the count is wanted: a refused filter is refused however little is selected.
    let rows = statement::page(&mut builder, &request)?;
    let text = connection.reads_rows().then_some(rows);
    let place = builder.place.clone();
    let level = builder.finish(text, count, Some(page), place.map(|place| (order, place)));
    Ok((level, connection))
}

fn single(entity: &EntityType, key: Key) -> Result<Param, ReadError> {
    match (entity.key_kind, key) {
        (KeyKind::Int, Key::Int(key)) => Ok(Param::Int(key)),
        (KeyKind::Text, Key::Text(key)) => Ok(Param::Text(key)),
        _ => Err(ReadError::internal(format!("a key of the wrong kind for {}", entity.name))),
    }
}

fn several(entity: &EntityType, keys: Vec<Key>) -> Result<Param, ReadError> {
    let (mut ints, mut texts) = (Vec::new(), Vec::new());
    for key in keys {
        match single(entity, key)? {
            Param::Int(key) => ints.push(key),
            Param::Text(key) => texts.push(key),
            _ => {}
        }
    }
    Ok(if entity.key_kind == KeyKind::Int { Param::Ints(ints) } else { Param::Texts(texts) })
}
