//! What an operation makes the databases do, before anything is done for it.
//!
//! Measured on what will run: arguments are read as the planner reads them, so that a value costs the
//! same as a literal, a variable or a default, and fields are merged as the collector merges them, so
//! that relations are counted as they will be joined.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType},
};

mod arguments;
mod statement;

use super::{
    catalog::CATALOG,
    coerce::Variables,
    collect::{Collector, Groups, RootField},
    error::GraphqlError,
    execute::RequestError,
    schema::{SCHEMA, SUBSCRIPTION_FIELDS, named_type, root_type},
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
use arguments::FieldArguments;
use statement::{Over, StatementCost, over, sum};

/// Fields that are looked at, each as often as it is spread.
const MAX_FIELDS: usize = 100_000;
/// Objects within objects, however deep documents may be.
const MAX_DEPTH: usize = 64;

/// What the operation that will run costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects that could come back, plus what is scanned for them.
    pub objects: u64,
    /// The most that may be asked for.
    pub maximum: u64,
    /// Relations that are joined, in all statements.
    pub joins: u64,
    /// Fields that introspection brings back, roughly.
    pub introspection: u64,
}

/// Measures an operation of a document.
///
/// # Errors
/// As [`measure`].
pub(super) fn measure_operation(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
    limits: &RequestLimits,
) -> Result<Cost, RequestError> {
    let root = root_type(operation.node.ty);
    measure(Collector { schema: &SCHEMA, document, root, variables }, limits, operation)
}

/// Measures an operation.
///
/// # Errors
/// Names the limit that is passed, its value, and what was asked for; beside it the cost, where all of it was
/// measured.
fn measure(
    collector: Collector<'_>,
    limits: &RequestLimits,
    operation: &Positioned<OperationDefinition>,
) -> Result<Cost, RequestError> {
    let maximum = limits.cost as u64;
    let mut cost = Cost { maximum, ..Cost::default() };
    if operation.node.ty == OperationType::Mutation {
        return Ok(cost);
    }
    let mut measure = Measure { collector, limits, statements: 0, joins: 0, fields: 0, depth: 0 };
    for root in collector.roots(&operation.node.selection_set.node) {
        let objects = measure.root(&root);
        let stopped = |Over(exceeded, what)| {
            let errors = vec![GraphqlError::over(*exceeded, what).at(operation.pos)];
            RequestError { errors, cost: None }
        };
        cost.objects = sum(cost.objects, objects.map_err(stopped)?);
    }
    cost.joins = measure.joins;
    if cost.objects > maximum {
        let what = "objects that could come back, with what is scanned for them";
        let error = GraphqlError::over(limits::COST.exceeded(maximum, cost.objects), what).at(operation.pos);
        return Err(RequestError { errors: vec![error], cost: Some(cost) });
    }
    Ok(cost)
}

/// Objects that could come back, and what is scanned for them.
type Measured = Result<u64, Over>;

struct Measure<'a> {
    collector: Collector<'a>,
    limits: &'a RequestLimits,
    statements: u64,
    joins: u64,
    fields: usize,
    depth: usize,
}

impl<'a> Measure<'a> {
    fn root(&mut self, root: &RootField<'a>) -> Measured {
        if root.name.starts_with("__") {
            return Ok(0);
        }
        let collector = self.collector;
        let Some(definition) = SCHEMA.field(collector.root, root.name) else { return Ok(0) };
        let given = FieldArguments::of(definition, &root.fields, collector.variables);
        if let Some(source) =
            SUBSCRIPTION_FIELDS.iter().find(|source| source.name == root.name && collector.root != "Query")
        {
            let Some(entity) = CATALOG.get(source.entity) else { return Ok(0) };
            let filter = given.filter(entity);
            let mut statement = StatementCost::with(filter.joins);
            let mut cost = 1;
            for fields in self.groups(source.payload, &root.fields)?.into_values() {
                if name_of(&fields) == source.row {
                    cost = sum(cost, sum(1, self.object(&mut statement, 0, entity, &fields)?));
                }
            }
            self.finish(&statement)?;
            return Ok(sum(cost, filter.rows));
        }
        match CATALOG.root(root.name) {
            Some((entity, true)) => return self.list(entity, None, &given, &root.fields),
            Some((entity, false)) => return self.row(entity, &root.fields),
            None => {}
        }
        match root.name {
            "node" | "nodes" => {
                let name = if root.name == "node" { "id" } else { "ids" };
                let ids = given.argument(name).unwrap_or_default();
                let ids = match ids {
                    Some(ArgumentValue::List(ids)) => ids,
                    id => id.into_iter().collect(),
                };
                self.nodes(&ids, &root.fields)
            }
            _ => self.plain(named_type(&definition.ty), &root.fields),
        }
    }

    /// As often as it is asked for, each row with what is selected of its type.
    fn nodes(&mut self, ids: &[ArgumentValue], fields: &[&'a Positioned<Field>]) -> Measured {
        let mut types: HashMap<&str, u64> = HashMap::new();
        let mut cost: u64 = 0;
        for one in ids {
            let ArgumentValue::Text(text) = one else { continue };
            // Where one id is none of ours, nothing is read.
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

    /// An object that is not a row of a list: the viewer, for example.
    fn plain(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Measured {
        let mut cost = 1;
        for fields in self.groups(object, fields)?.into_values() {
            let Some(definition) = SCHEMA.field(object, name_of(&fields)) else { continue };
            let target = named_type(&definition.ty);
            if fields.iter().all(|field| field.node.selection_set.node.items.is_empty()) {
                continue;
            }
            let below = match CATALOG.get(target) {
                Some(entity) => self.row(entity, &fields)?,
                None => self.plain(target, &fields)?,
            };
            cost = sum(cost, below);
        }
        Ok(cost)
    }

    /// A row that is read by a statement of its own.
    fn row(&mut self, entity: &'static EntityType, fields: &[&'a Positioned<Field>]) -> Measured {
        let mut statement = StatementCost::default();
        self.state(1)?;
        let below = self.object(&mut statement, 0, entity, fields)?;
        self.finish(&statement)?;
        Ok(sum(1, below))
    }

    /// A list, for each row that it hangs on.
    fn list(
        &mut self,
        entity: &'static EntityType,
        link: Option<&Link>,
        given: &FieldArguments<'_>,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        let filter = given.filter(entity);
        let pairs = u64::from(matches!(link, Some(Link::Through { .. })));
        let mut statement = StatementCost::with(sum(filter.joins, pairs));
        let (mut reads, mut counts, mut per_row) = (false, false, 0);
        let connection = format!("{}Connection", entity.name);
        for fields in self.groups(&connection, fields)?.into_values() {
            match name_of(&fields) {
                "nodes" => {
                    reads = true;
                    per_row = sum(per_row, sum(1, self.object(&mut statement, 0, entity, &fields)?));
                }
                "edges" => {
                    reads = true;
                    for fields in self.groups(&format!("{}Edge", entity.name), &fields)?.into_values() {
                        if name_of(&fields) == "node" {
                            per_row = sum(per_row, sum(1, self.object(&mut statement, 0, entity, &fields)?));
                        }
                    }
                }
                "pageInfo" => reads = true,
                "totalCount" => counts = true,
                _ => {}
            }
        }
        self.state(u64::from(reads) + u64::from(counts))?;
        self.finish(&statement)?;
        let mut cost = given.rows().saturating_mul(per_row);
        if reads {
            cost = sum(cost, filter.rows);
        }
        if counts {
            cost = sum(cost, sum(ASSUMED_ROWS, filter.rows));
        }
        Ok(cost)
    }

    /// What a row brings besides itself.
    fn object(
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
                cost = sum(cost, sum(1, self.object(statement, joined, target, &fields)?));
            } else if let Some(definition) = SCHEMA.field(entity.name, name) {
                let given = FieldArguments::of(definition, &fields, self.collector.variables);
                cost = sum(cost, self.list(target, Some(&relation.link), &given, &fields)?);
            }
        }
        self.depth -= 1;
        statement.fits(self.limits)?;
        Ok(cost)
    }

    /// So many statements more.
    fn state(&mut self, statements: u64) -> Result<(), Over> {
        self.statements += statements;
        let most = self.limits.statements as u64;
        if self.statements > most {
            return Err(over(limits::STATEMENTS.exceeded(most, self.statements), "lists and counts, each a statement"));
        }
        Ok(())
    }

    fn finish(&mut self, statement: &StatementCost<'_>) -> Result<(), Over> {
        self.joins = sum(self.joins, statement.joins());
        statement.fits(self.limits)
    }

    fn groups(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Result<Groups<'a>, Over> {
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
