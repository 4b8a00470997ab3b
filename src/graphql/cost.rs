//! What an operation makes the databases do, before anything is done for it.
//!
//! Measured on what will run: arguments are read as the planner reads them, so that a value costs the
//! same as a literal, a variable or a default, and fields are merged as the collector merges them, so
//! that relations are counted as they will be joined.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Field, OperationDefinition, OperationType},
};
use indexmap::IndexMap;

mod statement;

use super::{
    catalog::CATALOG,
    collect::{Collector, Groups, RootField},
    fault::Fault,
    schema::{InputDefinition, SCHEMA, STREAMS},
};
use crate::{
    error::Exceeded,
    read::{
        filter::{self, SCANNED, Work},
        id,
        model::{EntityType, Link},
        page,
        selection::Input,
    },
    settings::{LimitArgs, rule},
};
use statement::{Over, Statement, over, sum};

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

/// Measures an operation. Where that stops early, the cost is what was measured until then.
///
/// # Errors
/// Names the limit that is passed, its value, and what was asked for.
pub fn measure(
    collector: Collector<'_>,
    limits: &LimitArgs,
    operation: &Positioned<OperationDefinition>,
) -> (Cost, Result<(), Fault>) {
    let maximum = limits.cost as u64;
    let mut cost = Cost { maximum, ..Cost::default() };
    if operation.node.ty == OperationType::Mutation {
        return (cost, Ok(()));
    }
    let mut measure = Measure { collector, limits, statements: 0, joins: 0, fields: 0, depth: 0 };
    let mut measured = Ok(());
    for root in collector.roots(&operation.node.selection_set.node) {
        match measure.root(&root) {
            Ok(objects) => cost.objects = cost.objects.saturating_add(objects),
            Err(Over(exceeded, what)) => {
                measured = Err(Fault::over(*exceeded, what));
                break;
            }
        }
    }
    cost.joins = measure.joins;
    if measured.is_ok() && cost.objects > maximum {
        let what = "objects that could come back, with what is scanned for them";
        measured = Err(Fault::over(rule::COST.passed(maximum, cost.objects), what));
    }
    (cost, measured.map_err(|fault| fault.at(operation.pos)))
}

/// Objects that could come back, and what is scanned for them.
type Measured = Result<u64, Over>;

struct Measure<'a> {
    collector: Collector<'a>,
    limits: &'a LimitArgs,
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
        let arguments = &definition.arguments;
        if let Some(source) = STREAMS.iter().find(|source| source.name == root.name && collector.root != "Query") {
            let Some(entity) = CATALOG.get(source.entity) else { return Ok(0) };
            let filter = self.filter(entity, arguments, &root.fields);
            let mut statement = Statement::with(filter.joins);
            let mut cost = 1;
            for fields in self.groups(source.payload, &root.fields)?.into_values() {
                if name_of(&fields) == source.row {
                    cost = sum(cost, sum(1, self.object(&mut statement, 0, entity, &fields)?));
                }
            }
            self.finish(&statement)?;
            return Ok(sum(cost, filter.cost));
        }
        match CATALOG.root(root.name) {
            Some((entity, true)) => return self.list(entity, None, arguments, &root.fields),
            Some((entity, false)) => return self.row(entity, &root.fields),
            None => {}
        }
        match root.name {
            "node" | "nodes" => {
                let name = if root.name == "node" { "id" } else { "ids" };
                let ids = self.argument(arguments, name, &root.fields).unwrap_or_default();
                let ids = match ids {
                    Some(Input::List(ids)) => ids,
                    id => id.into_iter().collect(),
                };
                self.nodes(&ids, &root.fields)
            }
            _ => {
                let target = definition.ty.to_string();
                self.plain(target.trim_matches(['[', ']', '!']), &root.fields)
            }
        }
    }

    /// As often as it is asked for, each row with what is selected of its type.
    fn nodes(&mut self, ids: &[Input], fields: &[&'a Positioned<Field>]) -> Measured {
        let mut types: HashMap<&str, u64> = HashMap::new();
        let mut cost: u64 = 0;
        for one in ids {
            let Input::Text(text) = one else { continue };
            // Where one id is none of ours, nothing is read.
            let Ok((entity, _)) = id::decode(&CATALOG, text) else { return Ok(ids.len() as u64) };
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
            let target = definition.ty.to_string();
            let target = target.trim_matches(['[', ']', '!']);
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
        let mut statement = Statement::default();
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
        arguments: &IndexMap<String, InputDefinition>,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        let filter = self.filter(entity, arguments, fields);
        let pairs = u64::from(matches!(link, Some(Link::Through { .. })));
        let mut statement = Statement::with(sum(filter.joins, pairs));
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
        let mut cost = self.rows(arguments, fields).saturating_mul(per_row);
        if reads {
            cost = sum(cost, filter.cost);
        }
        if counts {
            cost = sum(cost, sum(SCANNED, filter.cost));
        }
        Ok(cost)
    }

    /// What a row brings besides itself.
    fn object(
        &mut self,
        statement: &mut Statement<'a>,
        row: usize,
        entity: &'static EntityType,
        fields: &[&'a Positioned<Field>],
    ) -> Measured {
        if self.depth == MAX_DEPTH {
            let (most, actual) = (MAX_DEPTH as u64, MAX_DEPTH as u64 + 1);
            return Err(over(Exceeded::fixed("objects", most, actual), "objects within objects"));
        }
        self.depth += 1;
        let mut cost = 0;
        for fields in self.groups(entity.name, fields)?.into_values() {
            let name = name_of(&fields);
            let Some(relation) = entity.relation(name) else {
                statement.column(row, name);
                continue;
            };
            let Some(target) = CATALOG.get(relation.target) else { continue };
            if let Link::ToOne { .. } = relation.link {
                let joined = statement.join(row, name);
                statement.fits(self.limits)?;
                cost = sum(cost, sum(1, self.object(statement, joined, target, &fields)?));
            } else if let Some(definition) = SCHEMA.field(entity.name, name) {
                cost = sum(cost, self.list(target, Some(&relation.link), &definition.arguments, &fields)?);
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
            return Err(over(rule::STATEMENTS.passed(most, self.statements), "lists and counts, each a statement"));
        }
        Ok(())
    }

    fn finish(&mut self, statement: &Statement<'_>) -> Result<(), Over> {
        self.joins = sum(self.joins, statement.joins());
        statement.fits(self.limits)
    }

    fn groups(&mut self, object: &str, fields: &[&'a Positioned<Field>]) -> Result<Groups<'a>, Over> {
        let groups = self.collector.groups(object, fields.iter().map(|field| &field.node.selection_set.node));
        self.fields += groups.values().map(Vec::len).sum::<usize>();
        if self.fields > MAX_FIELDS {
            let exceeded = Exceeded::fixed("fields", MAX_FIELDS as u64, self.fields as u64);
            return Err(over(exceeded, "fields, each counted as often as it is spread,"));
        }
        Ok(groups)
    }

    /// The rows of a page; the largest page if that cannot be told.
    fn rows(&self, arguments: &IndexMap<String, InputDefinition>, fields: &[&'a Positioned<Field>]) -> u64 {
        let size = |name| match self.argument(arguments, name, fields)? {
            Some(Input::Int(size)) => Ok(Some(size)),
            _ => Ok(None),
        };
        let rows = size("first").and_then(|first| Ok::<_, Fault>(page::rows(first, size("last")?)));
        u64::try_from(rows.unwrap_or(page::MAX_SIZE).min(page::MAX_SIZE)).unwrap_or(0)
    }

    /// A filter that cannot be read is no work: it is refused.
    fn filter(
        &self,
        entity: &EntityType,
        arguments: &IndexMap<String, InputDefinition>,
        fields: &[&'a Positioned<Field>],
    ) -> Work {
        match self.argument(arguments, "filter", fields) {
            Ok(Some(filter)) => filter::work(&CATALOG, entity, &filter),
            _ => Work::default(),
        }
    }

    fn argument(
        &self,
        arguments: &IndexMap<String, InputDefinition>,
        name: &str,
        fields: &[&'a Positioned<Field>],
    ) -> Result<Option<Input>, Fault> {
        let Some(field) = fields.first() else { return Ok(None) };
        super::coerce::argument(&SCHEMA, arguments, name, field, self.collector.variables)
    }
}

fn name_of<'a>(fields: &[&'a Positioned<Field>]) -> &'a str {
    fields.first().map_or("", |field| field.node.name.node.as_str())
}
