//! Builds one level of a plan from a selection: columns, joins and JSON shape.

use std::{collections::HashMap, sync::Arc};

use sea_orm::DbBackend;

use super::{
    Child, PlanLevel, PlannedStatement,
    connection_sql::{self, Parent, ParentKeys, row_column},
    json_shape::{
        ConnectionFieldShape, ConnectionShape, EdgeFieldShape, FailedField, FieldShape, ObjectShape,
        PageInfoFieldShape, ValueKind, key,
    },
};
use crate::read::{
    error::ReadError,
    model::{EntityField, EntityType, FieldKind, Link, Relation},
    order::Order,
    page::Page,
    params::Params,
    scope::{self, Access},
    scoped_sql::ViewerScope,
    selection::SelectedField,
};

/// Columns of a list that is read with a row. `PostgreSQL` allows 1,664 in a statement, and a row may have 1,500.
const MAX_INLINED_COLUMNS: usize = 150;

/// A level under construction. Its own row has the alias `t`, joined rows `j1`, `j2`, ...
pub struct LevelBuilder<'a> {
    /// The viewer's scope.
    pub view: ViewerScope,
    /// Parameters of the statement that reads the rows.
    pub params: Params,
    /// The selected expressions.
    pub columns: Vec<String>,
    /// `left join ...` for each to-one relation.
    pub joins: Vec<String>,
    /// The columns of the order's terms, if cursors are selected.
    pub place: Option<Vec<usize>>,
    /// The columns with values of variable length.
    long: Vec<usize>,
    entity: &'a EntityType,
    backend: DbBackend,
    /// Whether the level is one row, with which the statement can read a list.
    inlines: bool,
    joined: HashMap<(String, &'static str), (String, usize)>,
    children: Vec<Child>,
}

impl<'a> LevelBuilder<'a> {
    /// A level without columns.
    pub fn new(view: ViewerScope, backend: DbBackend, entity: &'a EntityType) -> Self {
        Self {
            view,
            params: Params::new(backend),
            columns: Vec::new(),
            joins: Vec::new(),
            place: None,
            long: Vec::new(),
            entity,
            backend,
            inlines: false,
            joined: HashMap::new(),
            children: Vec::new(),
        }
    }

    /// Lets the statement read the first list below the level's only row too: one round trip less. `SQLite` has no
    /// lateral join, and no round trips.
    pub fn inline_first_list(&mut self) {
        self.inlines = self.backend == DbBackend::Postgres;
    }

    /// The position of an expression among the selected columns.
    pub fn column(&mut self, expression: String) -> usize {
        if let Some(index) = self.columns.iter().position(|known| *known == expression) {
            return index;
        }
        self.columns.push(expression);
        self.columns.len() - 1
    }

    /// The JSON object of the row `alias`.
    pub fn object(
        &mut self,
        entity: &EntityType,
        alias: &str,
        selected: &[SelectedField],
    ) -> Result<ObjectShape, ReadError> {
        let mut object = ObjectShape::default();
        for selected in selected {
            let slot = if selected.name == "__typename" {
                FieldShape::TypeName(entity.name)
            } else if let Some(field) = entity.field(&selected.name) {
                self.value(entity, field, alias)?
            } else if let Some(relation) = entity.relation(&selected.name) {
                self.relation(entity, relation, alias, selected)?
            } else {
                return Err(unknown(entity.name, selected));
            };
            object.fields.push((key(selected), slot));
        }
        Ok(object)
    }

    fn value(&mut self, entity: &EntityType, field: &EntityField, alias: &str) -> Result<FieldShape, ReadError> {
        let access = scope::access(self.view.viewer, entity, field);
        if access == Access::Hidden {
            return Ok(FieldShape::Null);
        }
        let kind = match field.kind {
            FieldKind::GlobalId => id_kind(entity),
            FieldKind::RelatedId(name) => {
                let relation = entity.relation(name).ok_or_else(|| undeclared(name))?;
                id_kind(self.target(relation)?)
            }
            FieldKind::Text if access == Access::Masked => ValueKind::MaskedEmail,
            kind => ValueKind::of(kind).ok_or_else(|| undeclared(&field.name))?,
        };
        let expression = self.view.field(entity, field, alias, &mut self.params);
        let column = self.column(expression);
        if kind.may_be_long() && !self.long.contains(&column) {
            self.long.push(column);
        }
        Ok(FieldShape::Value(column, kind))
    }

    fn relation(
        &mut self,
        entity: &EntityType,
        relation: &Relation,
        alias: &str,
        selected: &SelectedField,
    ) -> Result<FieldShape, ReadError> {
        let target = self.target(relation)?;
        match relation.link {
            Link::ToOne { .. } => {
                let (joined, presence) = self.join(entity, relation, target, alias);
                Ok(FieldShape::One(presence, self.object(target, &joined, &selected.children)?))
            }
            Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => {
                match self.many(entity, relation, target, alias, selected) {
                    Err(error @ ReadError::Internal(_)) => Err(error),
                    Err(error) => Ok(FieldShape::Failed(FailedField { error: Arc::new(error), at: selected.at })),
                    slot => slot,
                }
            }
        }
    }

    /// A to-many relation. An error makes this field null, and no other.
    fn many(
        &mut self,
        entity: &EntityType,
        relation: &Relation,
        target: &EntityType,
        alias: &str,
        selected: &SelectedField,
    ) -> Result<FieldShape, ReadError> {
        if let Some(refusal) = selected.refusal() {
            return Err(refusal);
        }
        self.view.may_read(target)?;
        let followed = self.view.and_followed(entity, alias, &mut self.params);
        let key = match followed.strip_prefix(" and ") {
            Some(followed) => format!("case when {followed} then {alias}.{} end", entity.key),
            None => format!("{alias}.{}", entity.key),
        };
        let key = self.column(key);
        let reads_rows = |selected: &SelectedField| matches!(&*selected.name, "nodes" | "edges" | "pageInfo");
        let inlined = self.inlines && selected.children.iter().any(reads_rows);
        let mut builder = LevelBuilder::new(self.view, self.backend, target);
        if inlined {
            // One statement, so that its parameters are numbered together.
            builder.params = self.params.clone();
        }
        let parent = |keys| Parent { link: &relation.link, linked: relation.linked, keys };
        let keys = if inlined { ParentKeys::Column(row_column(key)) } else { ParentKeys::Parameter };
        let (mut level, mut connection) = super::list(builder, target, Some(&parent(keys)), selected)?;
        let inlined = inlined && level.columns <= MAX_INLINED_COLUMNS;
        if self.inlines && !inlined {
            let builder = LevelBuilder::new(self.view, self.backend, target);
            (level, connection) = super::list(builder, target, Some(&parent(ParentKeys::Parameter)), selected)?;
        }
        if inlined {
            self.params = level.rows.params.clone();
            self.inlines = false;
        }
        // Replaced by the number of columns once that is known.
        self.children.push(Child { key, inlined_at: inlined.then_some(0), level });
        Ok(FieldShape::Many(self.children.len() - 1, connection))
    }

    /// Joins a to-one relation, once even if it is selected several times.
    fn join(&mut self, entity: &EntityType, relation: &Relation, target: &EntityType, alias: &str) -> (String, usize) {
        let place = (alias.to_owned(), relation.name);
        if let Some(known) = self.joined.get(&place) {
            return known.clone();
        }
        let other = format!("j{}", self.joined.len() + 1);
        let (rows, on) = self.view.related(relation, entity, target, alias, &other, &mut self.params);
        let visible = self.view.and_visible(target, relation.linked, &other, &mut self.params);
        let followed = self.view.and_followed(entity, alias, &mut self.params);
        self.joins.push(format!(" left join {rows} on {on}{visible}{followed}"));
        let presence = self.column(format!("{other}.{}", target.key));
        self.joined.insert(place, (other.clone(), presence));
        (other, presence)
    }

    fn target(&self, relation: &Relation) -> Result<&'a EntityType, ReadError> {
        self.view.catalog.get(relation.target).ok_or_else(|| undeclared(relation.target))
    }

    /// The connection over this level's rows.
    pub fn connection(
        &mut self,
        entity: &EntityType,
        order: &Order,
        selected: &[SelectedField],
    ) -> Result<ConnectionShape, ReadError> {
        let mut connection = ConnectionShape::default();
        let mut aggregates = 0..;
        for selected in selected {
            let slot = match selected.name.as_str() {
                "__typename" => ConnectionFieldShape::TypeName(format!("{}Connection", entity.name)),
                "nodes" => ConnectionFieldShape::Nodes(self.object(entity, "t", &selected.children)?),
                "edges" => ConnectionFieldShape::Edges(self.edges(entity, &selected.children)?),
                "pageInfo" => ConnectionFieldShape::PageInfo(page_info(&selected.children)?),
                "totalCount" => ConnectionFieldShape::TotalCount,
                "aggregate" | "groups" => ConnectionFieldShape::Aggregates(aggregates.next().unwrap_or_default()),
                _ => return Err(unknown("connection", selected)),
            };
            connection.fields.push((key(selected), slot));
        }
        if connection.writes_cursors() {
            let mut place = Vec::with_capacity(order.terms.len());
            for term in &order.terms {
                let expression = term.expression(self.view, "t", &mut self.params);
                place.push(self.column(expression));
            }
            self.place = Some(place);
        }
        Ok(connection)
    }

    fn edges(
        &mut self,
        entity: &EntityType,
        selected: &[SelectedField],
    ) -> Result<Vec<(Vec<u8>, EdgeFieldShape)>, ReadError> {
        let mut slots = Vec::with_capacity(selected.len());
        for selected in selected {
            let slot = match selected.name.as_str() {
                "__typename" => EdgeFieldShape::TypeName(format!("{}Edge", entity.name)),
                "cursor" => EdgeFieldShape::Cursor,
                "node" => EdgeFieldShape::Node(self.object(entity, "t", &selected.children)?),
                _ => return Err(unknown("edge", selected)),
            };
            slots.push((key(selected), slot));
        }
        Ok(slots)
    }

    /// The finished level.
    pub fn finish(
        self,
        text: String,
        reads_rows: bool,
        count: Option<PlannedStatement>,
        page: Option<Page>,
        order: Option<(Order, Vec<usize>)>,
    ) -> PlanLevel {
        let (mut text, mut long, mut children) = (text, self.long, self.children);
        let columns = self.columns.len();
        if let Some(child) = children.iter_mut().find(|child| child.inlined_at.is_some()) {
            child.inlined_at = Some(columns);
            let list = &child.level.rows;
            text = connection_sql::with_list(&text, columns, &long, list.text.text());
            long.extend(list.long.iter().map(|column| columns + column));
        }
        let rows = PlannedStatement { text: text.into(), params: self.params, long };
        PlanLevel { rows, columns, reads_rows, count, aggregates: Vec::new(), page, order, children }
    }

    /// The type of this level's rows.
    pub fn entity(&self) -> &'a EntityType {
        self.entity
    }
}

pub fn id_kind(entity: &EntityType) -> ValueKind {
    match entity.key_kind {
        crate::read::model::KeyKind::Int => ValueKind::Id(entity.singular),
        crate::read::model::KeyKind::Text => ValueKind::TextId(entity.singular),
    }
}

fn page_info(selected: &[SelectedField]) -> Result<Vec<(Vec<u8>, PageInfoFieldShape)>, ReadError> {
    let slot = |selected: &SelectedField| match selected.name.as_str() {
        "__typename" => Ok(PageInfoFieldShape::TypeName),
        "hasNextPage" => Ok(PageInfoFieldShape::HasNextPage),
        "hasPreviousPage" => Ok(PageInfoFieldShape::HasPreviousPage),
        "startCursor" => Ok(PageInfoFieldShape::StartCursor),
        "endCursor" => Ok(PageInfoFieldShape::EndCursor),
        _ => Err(unknown("PageInfo", selected)),
    };
    selected.iter().map(|selected| Ok((key(selected), slot(selected)?))).collect()
}

pub fn undeclared(name: &str) -> ReadError {
    ReadError::internal(format!("{name} is not declared"))
}

pub fn unknown(parent: &str, selected: &SelectedField) -> ReadError {
    ReadError::internal(format!("{parent} has no field {}", selected.name))
}
