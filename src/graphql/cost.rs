//! Cost analysis: the work of an operation for the database, before any of it is done.
//!
//! It measures the operation that will be executed: arguments are coerced as for the planner, so that a literal, a
//! variable and a default cost the same, and fields are merged as the collector merges them, so that relations are
//! counted as they will be joined.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Field, OperationDefinition},
};

mod aggregates;
mod arguments;
mod statement;

use super::{
    catalog::CATALOG,
    collect::{Collector, Groups, RootSelection},
    error::GraphqlError,
    schema::named_type,
};
use crate::{
    error::LimitExceeded,
    limits::{self, RequestLimits},
    read::{
        filter::ASSUMED_ROWS,
        global_id,
        model::{EntityType, FieldKind, Link},
        selection::ArgumentValue,
    },
};
pub use arguments::FieldArguments;
pub use statement::Exceeded;
use statement::{StatementCost, over, sum};

/// Maximum number of fields to visit, each counted as often as it is spread.
const MAX_FIELDS: usize = 100_000;
/// Assumed objects that are scanned for a statement of a report.
const SCANNED_ROWS: u64 = 2_000;
/// Maximum depth of objects within objects, whatever depth the settings allow.
const MAX_DEPTH: usize = 64;

/// The cost of an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects that could be returned, plus those scanned for them.
    pub objects: u64,
    /// The maximum of `objects`.
    pub maximum: u64,
    /// Relations that are joined, in all statements.
    pub joins: u64,
    /// Fields that introspection returns, roughly.
    pub introspection: u64,
    /// Whether the mirror's version covers all rows that are returned.
    pub versioned: bool,
}

/// Why an operation is too expensive.
pub struct CostError {
    /// The limit.
    pub error: Box<GraphqlError>,
    /// The cost, if all of it was measured.
    pub cost: Option<Cost>,
}

/// Measures an operation; `field` measures a root field.
///
/// # Errors
/// The limit that is exceeded.
pub fn measure<'a>(
    collector: Collector<'a>,
    limits: &'a RequestLimits,
    operation: &'a Positioned<OperationDefinition>,
    mut field: impl FnMut(&mut CostMeasure<'a>, &RootSelection<'a>) -> Result<u64, Exceeded>,
) -> Result<Cost, CostError> {
    let maximum = limits.cost as u64;
    let mut measure = CostMeasure { collector, limits, statements: 0, joins: 0, fields: 0, depth: 0, versioned: true };
    let mut objects = 0;
    for root in collector.roots(&operation.node.selection_set.node) {
        let measured = field(&mut measure, &root).map_err(|Exceeded(exceeded, what)| CostError {
            error: Box::new(GraphqlError::over(*exceeded, what).at(operation.pos)),
            cost: None,
        })?;
        objects = sum(objects, measured);
    }
    let CostMeasure { joins, versioned, .. } = measure;
    let cost = Cost { objects, maximum, joins, introspection: 0, versioned };
    if objects > maximum {
        let what = "objects that could be returned, with those scanned for them";
        let error = GraphqlError::over(limits::COST.exceeded(maximum, objects), what).at(operation.pos);
        return Err(CostError { error: Box::new(error), cost: Some(cost) });
    }
    Ok(cost)
}

/// Objects that could be returned, and those scanned for them.
type Measured = Result<u64, Exceeded>;

/// Measures the root fields of an operation.
pub struct CostMeasure<'a> {
    collector: Collector<'a>,
    limits: &'a RequestLimits,
    statements: u64,
    joins: u64,
    fields: usize,
    depth: usize,
    versioned: bool,
}

impl<'a> CostMeasure<'a> {
    /// The type of the operation.
    pub fn root_type(&self) -> &'static str {
        self.collector.root
    }

    /// The arguments of a root field.
    pub fn arguments(&self, root: &RootSelection<'a>) -> Option<FieldArguments<'a>> {
        let definition = self.collector.schema.field(self.collector.root, root.name)?;
        Some(FieldArguments::of(self.collector, definition, &root.fields))
    }

    /// One argument of a root field, if it is given and can be read.
    pub fn argument(&self, root: &RootSelection<'a>, name: &str) -> Option<ArgumentValue> {
        self.arguments(root)?.argument(name).ok().flatten()
    }

    /// A message of a subscription: its type, and its field with the row.
    pub fn message(
        &mut self,
        entity: &'static EntityType,
        (payload, row): (&str, &str),
        arguments: &FieldArguments<'_>,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        let filter = arguments.filter(entity);
        let mut statement = StatementCost::with(filter.joins);
        let mut cost = 1;
        for fields in self.groups(payload, fields)?.into_values() {
            if name_of(&fields) == row {
                cost = sum(cost, sum(1, self.columns(&mut statement, 0, entity, &fields)?));
            }
        }
        self.finish(&statement)?;
        Ok(sum(cost, filter.rows))
    }

    /// Rows by their ids, each with the selection on its type, as often as its id is given.
    pub fn nodes(&mut self, ids: &[ArgumentValue], fields: &[&'a Positioned<Field>]) -> Measured {
        let mut types: HashMap<&str, u64> = HashMap::new();
        let mut cost: u64 = 0;
        for one in ids {
            let ArgumentValue::Text(text) = one else { continue };
            // If one id is invalid, nothing is read.
            let Ok((entity, _)) = global_id::decode(&CATALOG, text) else { return Ok(ids.len() as u64) };
            let row = match types.get(entity.name) {
                Some(row) => *row,
                None => self.row(entity, fields)?,
            };
            types.insert(entity.name, row);
            cost = sum(cost, row);
        }
        Ok(cost)
    }

    /// An object that is not a row, such as the viewer.
    pub fn object(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Measured {
        let mut cost = 1;
        for fields in self.groups(object, fields)?.into_values() {
            let Some(definition) = self.collector.schema.field(object, name_of(&fields)) else { continue };
            let target = named_type(&definition.ty);
            if fields.iter().all(|field| field.node.selection_set.node.items.is_empty()) {
                continue;
            }
            let below = match CATALOG.get(target) {
                Some(entity) => self.row(entity, &fields)?,
                None => self.object(target, &fields)?,
            };
            cost = sum(cost, below);
        }
        Ok(cost)
    }

    /// The names of all fields without selections, at any depth of objects that are no rows.
    pub fn leaves(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Result<Vec<&'a str>, Exceeded> {
        let mut leaves = Vec::new();
        for fields in self.groups(object, fields)?.into_values() {
            let name = name_of(&fields);
            let Some(definition) = self.collector.schema.field(object, name) else { continue };
            let target = named_type(&definition.ty);
            if fields.iter().all(|field| field.node.selection_set.node.items.is_empty()) {
                leaves.push(name);
            } else if CATALOG.get(target).is_none() {
                leaves.extend(self.leaves(target, &fields)?);
            }
        }
        Ok(leaves)
    }

    /// Whether a field of an object is selected.
    pub fn selects(&mut self, object: &str, fields: &[&'a Positioned<Field>], name: &str) -> Result<bool, Exceeded> {
        Ok(self.groups(object, fields)?.into_values().any(|fields| name_of(&fields) == name))
    }

    /// A report: statements that scan tables, and objects for each of its rows.
    pub fn report(&mut self, statements: u64, rows: u64, object: &str, fields: &[&'a Positioned<Field>]) -> Measured {
        self.state(statements)?;
        Ok(sum(statements.saturating_mul(SCANNED_ROWS), rows.saturating_mul(self.object(object, fields)?)))
    }

    /// A row that is read by a statement of its own.
    pub fn row(&mut self, entity: &'static EntityType, fields: &[&'a Positioned<Field>]) -> Measured {
        self.versioned &= entity.versioned;
        let mut statement = StatementCost::default();
        self.state(1)?;
        let below = self.columns(&mut statement, 0, entity, fields)?;
        self.finish(&statement)?;
        Ok(sum(1, below))
    }

    /// A list, once for each parent row.
    pub fn list(
        &mut self,
        entity: &'static EntityType,
        link: Option<&Link>,
        given: &FieldArguments<'_>,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        self.versioned &= entity.versioned;
        let (filter, order) = (given.filter(entity), given.order(entity));
        let pairs = u64::from(matches!(link, Some(Link::Through { .. } | Link::Over { .. })));
        let mut statement = StatementCost::with(sum(sum(filter.joins, order.joins), pairs));
        let (mut reads, mut counts, mut per_row, mut aggregates) = (false, false, 0, 0);
        let connection = format!("{}Connection", entity.name);
        for fields in self.groups(&connection, fields)?.into_values() {
            match name_of(&fields) {
                "nodes" => {
                    reads = true;
                    per_row = sum(per_row, sum(1, self.columns(&mut statement, 0, entity, &fields)?));
                }
                "edges" => {
                    reads = true;
                    for fields in self.groups(&format!("{}Edge", entity.name), &fields)?.into_values() {
                        if name_of(&fields) == "node" {
                            per_row = sum(per_row, sum(1, self.columns(&mut statement, 0, entity, &fields)?));
                        }
                    }
                }
                "pageInfo" => reads = true,
                "totalCount" => counts = true,
                "aggregate" | "groups" => {
                    self.state(1)?;
                    self.finish(&StatementCost::with(sum(filter.joins, pairs)))?;
                    aggregates = sum(aggregates, sum(filter.rows, self.aggregates(&connection, &fields)?));
                }
                _ => {}
            }
        }
        self.state(u64::from(reads) + u64::from(counts))?;
        self.finish(&statement)?;
        let mut cost = sum(given.rows().saturating_mul(per_row), aggregates);
        if reads {
            cost = sum(cost, sum(filter.rows, order.rows));
        }
        if counts {
            cost = sum(cost, sum(ASSUMED_ROWS, filter.rows));
        }
        Ok(cost)
    }

    /// The columns of a row, and the objects below it.
    fn columns(
        &mut self,
        statement: &mut StatementCost<'a>,
        row: usize,
        entity: &'static EntityType,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        if self.depth == MAX_DEPTH {
            let (most, actual) = (MAX_DEPTH as u64, MAX_DEPTH as u64 + 1);
            return Err(over(LimitExceeded::fixed("objects", most, actual), "objects within objects"));
        }
        self.depth += 1;
        let mut cost = 0;
        for fields in self.groups(entity.name, fields)?.into_values() {
            let name = name_of(&fields);
            let Some(relation) = entity.relation(name) else {
                statement.column(row, name);
                if entity.field(name).is_some_and(|field| matches!(field.kind, FieldKind::RelatedId(_))) {
                    statement.related_id(row, name);
                }
                continue;
            };
            let Some(target) = CATALOG.get(relation.target) else { continue };
            if let Link::ToOne { .. } = relation.link {
                let joined = statement.join(row, name);
                statement.fits(self.limits)?;
                cost = sum(cost, sum(1, self.columns(statement, joined, target, &fields)?));
            } else if let Some(definition) = self.collector.schema.field(entity.name, name) {
                let given = FieldArguments::of(self.collector, definition, &fields);
                cost = sum(cost, self.list(target, Some(&relation.link), &given, &fields)?);
            }
        }
        self.depth -= 1;
        statement.fits(self.limits)?;
        Ok(cost)
    }

    /// Adds statements.
    fn state(&mut self, statements: u64) -> Result<(), Exceeded> {
        self.statements += statements;
        let most = self.limits.statements as u64;
        if self.statements > most {
            return Err(over(limits::STATEMENTS.exceeded(most, self.statements), "lists and counts, each a statement"));
        }
        Ok(())
    }

    fn finish(&mut self, statement: &StatementCost<'_>) -> Result<(), Exceeded> {
        self.joins = sum(self.joins, statement.joins());
        statement.fits(self.limits)
    }

    fn groups(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Result<Groups<'a>, Exceeded> {
        let groups = self.collector.groups(object, fields.iter().map(|field| &field.node.selection_set.node));
        self.fields += groups.values().map(Vec::len).sum::<usize>();
        if self.fields > MAX_FIELDS {
            let exceeded = LimitExceeded::fixed("fields", MAX_FIELDS as u64, self.fields as u64);
            return Err(over(exceeded, "fields, each counted as often as it is spread,"));
        }
        Ok(groups)
    }
}

fn name_of<'a>(fields: &[&'a Positioned<Field>]) -> &'a str {
    fields.first().map_or("", |field| field.node.name.node.as_str())
}
