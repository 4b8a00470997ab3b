//! Plans of root fields: one statement for each to-many level, and the shape of the JSON.
//!
//! A plan holds statement texts and parameters, no rows and no connection. It is made for a class of viewers and a shape
//! of arguments, and used by many requests. To-one relations are joined into the statement of their row; each to-many
//! relation is a [`PlanLevel`] of its own, read for all parents at once.

mod aggregates;
mod changed_rows;
mod connection_sql;
mod json_shape;
mod level;

pub use aggregates::{DEFAULT_GROUPS, figure_name};
pub use changed_rows::{Candidates, changed};
pub use json_shape::key;
pub use json_shape::{
    ConnectionFieldShape, ConnectionShape, EdgeFieldShape, FailedField, FieldShape, ObjectShape, PageInfoFieldShape,
    ValueKind,
};

use super::{
    aggregates::AggregatePlan,
    error::ReadError,
    global_id::RowKey,
    model::{EntityType, KeyKind},
    order::Order,
    page::Page,
    params::{Inputs, Param, Params},
    scope,
    scoped_sql::{ViewerScope, and_listed},
    selection::{ArgumentValue, SelectedField},
};
use crate::database::ReadStatement;
use level::LevelBuilder;

/// One statement, and those of the to-many relations below its rows.
#[derive(Debug)]
pub struct PlanLevel {
    /// Reads the rows.
    pub rows: PlannedStatement,
    /// The number of columns of a row.
    pub columns: usize,
    /// Whether they are read: not when only the count is wanted.
    pub reads_rows: bool,
    /// Counts the rows of every parent.
    pub count: Option<PlannedStatement>,
    /// The selected `aggregate` and `groups` over the rows of every parent.
    pub aggregates: Vec<AggregatePlan>,
    /// The page of each parent's rows.
    pub page: Option<Page>,
    /// The order, and the columns of its terms, if cursors are selected.
    pub order: Option<(Order, Vec<usize>)>,
    /// The to-many relations below.
    pub children: Vec<Child>,
}

/// A statement.
#[derive(Debug)]
pub struct PlannedStatement {
    /// Its text.
    pub text: ReadStatement,
    /// Its parameters.
    pub params: Params,
    /// The columns with values of variable length.
    pub long: Vec<usize>,
}

/// A to-many relation below the rows of a level.
#[derive(Debug)]
pub struct Child {
    /// Where the parent's key is in the parent level's rows.
    pub key: usize,
    /// Where the rows are beside those of the parent's level, if that is one row and its statement reads them too.
    pub inlined_at: Option<usize>,
    /// The rows.
    pub level: PlanLevel,
}

/// A root field that is a list.
#[derive(Debug)]
pub struct ConnectionPlan {
    /// Its level.
    pub level: PlanLevel,
    /// Its JSON.
    pub connection: ConnectionShape,
}

impl PlanLevel {
    /// Checks that every parameter has a value for a request.
    ///
    /// # Errors
    /// When the value of a variable is refused.
    pub fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        let aggregates = self.aggregates.iter().flat_map(AggregatePlan::statements);
        for statement in [&self.rows].into_iter().chain(&self.count).chain(aggregates) {
            statement.params.check(inputs)?;
        }
        self.children.iter().try_for_each(|child| child.level.check(inputs))
    }

    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let statement = |statement: &PlannedStatement| statement.text.text().len() + statement.params.size();
        let aggregates = self.aggregates.iter().flat_map(AggregatePlan::statements);
        let statements = [&self.rows].into_iter().chain(&self.count).chain(aggregates).map(statement);
        let children = self.children.iter().map(|child| child.level.size());
        let aggregates = self.aggregates.iter().map(AggregatePlan::size).sum::<usize>();
        // A page's positions are parameters too.
        2 * statements.chain(children).sum::<usize>() + aggregates + size_of::<Self>()
    }
}

/// A root field that is one row, or some rows by key.
#[derive(Debug)]
pub struct ObjectPlan {
    /// Its level: at most one row for a single key.
    pub level: PlanLevel,
    /// Its JSON.
    pub object: ObjectShape,
    /// Where a row's key is, to find it again among several.
    pub key: usize,
    /// The type of the key.
    pub key_kind: KeyKind,
}

impl ConnectionPlan {
    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.level.size() + self.connection.size()
    }
}

impl ObjectPlan {
    /// Its approximate size in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.level.size() + self.object.size()
    }
}

/// How a root field identifies its row.
#[derive(Clone, Debug)]
pub enum RowLookup {
    /// By key.
    Key(Param),
    /// By several keys of one type.
    Keys(Vec<RowKey>),
    /// By a parameter that is a list of keys that the viewer sees: as through relations, linked rows too.
    Keyed(Param),
    /// By a natural key: column and value.
    Natural(&'static str, Param),
}

/// Plans a list at the root.
///
/// # Errors
/// When an argument is refused.
pub fn connection(
    view: ViewerScope,
    backend: sea_orm::DbBackend,
    entity: &EntityType,
    selected: &SelectedField,
) -> Result<ConnectionPlan, ReadError> {
    view.may_read(entity)?;
    let (level, connection) = list(LevelBuilder::new(view, backend, entity), entity, None, selected)?;
    Ok(ConnectionPlan { level, connection })
}

/// Plans one row, or several by key.
///
/// # Errors
/// When an argument below is refused, or the natural key is hidden from the viewer.
pub fn object(
    view: ViewerScope,
    backend: sea_orm::DbBackend,
    entity: &EntityType,
    lookup: RowLookup,
    children: &[SelectedField],
) -> Result<ObjectPlan, ReadError> {
    view.may_read(entity)?;
    let mut builder = LevelBuilder::new(view, backend, entity);
    let key = builder.column(format!("t.{}", entity.key));
    if !matches!(lookup, RowLookup::Keys(_) | RowLookup::Keyed(_)) {
        builder.inline_first_list();
    }
    let object = builder.object(entity, "t", children)?;
    let natural = matches!(lookup, RowLookup::Natural(..));
    let linked = matches!(lookup, RowLookup::Keyed(_));
    let mut condition = match lookup {
        RowLookup::Key(key) => format!("t.{} = {}", entity.key, builder.params.bind(key)),
        RowLookup::Keys(keys) => {
            let list = several(entity, keys)?;
            builder.params.is_in(&format!("t.{}", entity.key), list)
        }
        RowLookup::Keyed(keys) => builder.params.is_in(&format!("t.{}", entity.key), keys),
        RowLookup::Natural(column, value) => {
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
    condition.push_str(&view.and_visible(entity, linked, "t", &mut builder.params));
    let mut text = connection_sql::by_key(&builder, entity, &condition);
    if natural {
        // Several rows may match: the one with the lowest key is taken.
        text.push_str(" limit 1");
    }
    let level = builder.finish(text, true, None, None, None);
    Ok(ObjectPlan { level, object, key, key_kind: entity.key_kind })
}

/// Plans a list: at the root, or below the rows that a relation starts from.
fn list(
    mut builder: LevelBuilder<'_>,
    entity: &EntityType,
    parent: Option<&connection_sql::Parent<'_>>,
    selected: &SelectedField,
) -> Result<(PlanLevel, ConnectionShape), ReadError> {
    let (view, backend) = (builder.view, builder.params.backend);
    let order = Order::of(view, entity, selected)?;
    let page = Page::of(&order, selected)?;
    let connection = builder.connection(entity, &order, &selected.children)?;
    let request = connection_sql::ListRequest {
        entity,
        parent,
        order: &order,
        page: &page,
        filter: selected.argument("filter"),
        deleted_too: selected.argument("includeDeleted") == Some(&ArgumentValue::Bool(true)),
    };
    let count = if connection.counts() { Some(connection_sql::count(view, backend, &request)?) } else { None };
    // Built even if only the count is selected: an invalid filter is refused in any case.
    let text = connection_sql::page(&mut builder, &request)?;
    let aggregates = selected.children.iter().filter(|child| matches!(&*child.name, "aggregate" | "groups"));
    let aggregates =
        aggregates.map(|child| aggregates::plan(view, backend, &request, child)).collect::<Result<_, _>>()?;
    let place = builder.place.clone();
    let level = builder.finish(text, connection.reads_rows(), count, Some(page), place.map(|place| (order, place)));
    Ok((PlanLevel { aggregates, ..level }, connection))
}

fn single(entity: &EntityType, key: RowKey) -> Result<Param, ReadError> {
    match (entity.key_kind, key) {
        (KeyKind::Int, RowKey::Int(key)) => Ok(Param::Int(key)),
        (KeyKind::Text, RowKey::Text(key)) => Ok(Param::Text(key)),
        _ => Err(ReadError::internal(format!("a key of the wrong kind for {}", entity.name))),
    }
}

fn several(entity: &EntityType, keys: Vec<RowKey>) -> Result<Param, ReadError> {
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
