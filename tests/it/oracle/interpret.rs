//! `ExecuteQuery` (October 2021, section 6), one row and one field after the other.
//!
//! Where this API goes beyond the specification: a root field is answered whole. What is wrong with
//! any argument below it, whether or not a row is reached, makes the root field null; `viewer` cannot be
//! null, so there it is `promoter`. Which of several faults is told is free.

use std::collections::BTreeSet;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, Field, OperationDefinition},
};
use promograph::{
    auth::{Session, Viewer},
    read::model::{EntityType, Kind, Link},
};

use super::{
    collect::{Collector, Groups},
    ids::{self, entity},
    input::{Arguments, Coercion, Given},
    json::Json,
    list::{Page, Request},
    overlap::Overlap,
    programme::{Cell, Row},
    sight::{Shown, Sight},
    types::{Types, named},
};

mod root;

pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
pub const FORBIDDEN: &str = "FORBIDDEN";
pub const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";

/// What is wrong below one root field.
#[derive(Debug, Default)]
pub struct Faults(Vec<&'static str>);

impl Faults {
    /// One more.
    pub fn add(&mut self, code: &'static str) {
        self.0.push(code);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// One entry of `errors`: the codes that it may have, and its path.
#[derive(Debug)]
pub struct Failure {
    pub codes: BTreeSet<&'static str>,
    pub path: Vec<String>,
}

/// What the server has to answer.
#[derive(Debug)]
pub enum Expected {
    /// The request is not run.
    Refused(&'static str),
    /// `data` as bytes, and `errors`.
    Answered { data: String, failures: Vec<Failure> },
}

/// What a document is run against.
pub struct World<'a> {
    pub types: &'a Types,
    pub sight: Sight<'a>,
    pub session: &'a Session,
    pub now_ms: i64,
}

/// Runs a document.
pub fn interpret<'a>(
    world: &'a World<'a>,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &serde_json::Map<String, serde_json::Value>,
) -> Expected {
    if !(Overlap { types: world.types, document }).all_can_merge() {
        return Expected::Refused(VALIDATION);
    }
    let Ok(coercion) = Coercion::of(world.types, operation, variables) else {
        return Expected::Refused(BAD_USER_INPUT);
    };
    let execution = Execution { world, sight: world.sight, collector: Collector { document, coercion } };
    execution.query(operation)
}

struct Execution<'a> {
    world: &'a World<'a>,
    sight: Sight<'a>,
    collector: Collector<'a>,
}

impl<'a> Execution<'a> {
    fn arguments(&self, parent: &str, fields: &[&Positioned<Field>], faults: &mut Faults) -> Option<Arguments> {
        let field = &fields[0].node;
        let definitions = &self.world.types.field(parent, &field.name.node)?.arguments;
        let arguments = self.collector.coercion.arguments(definitions, field);
        if arguments.is_err() {
            faults.add(BAD_USER_INPUT);
        }
        arguments.ok()
    }

    /// Collects what is wrong with the arguments below fields that return an object of this type.
    fn check(&self, object: &str, fields: &[&'a Positioned<Field>], faults: &mut Faults) {
        for fields in self.collector.below(object, fields).values() {
            let name = fields[0].node.name.node.as_str();
            let Some(output) = self.world.types.field(object, name) else { continue };
            let arguments = self.arguments(object, fields, faults);
            if let (Some(target), Some(arguments)) = (listed(object, name), arguments) {
                Request::of(&self.sight, target, &arguments, faults);
            }
            if self.world.types.composite(named(&output.ty)).is_some() {
                self.check(named(&output.ty), fields, faults);
            }
        }
    }

    /// A row, by fields that return it.
    fn object(&self, of: &EntityType, row: &Row, fields: &[&'a Positioned<Field>]) -> Json {
        Self::write(of.name, &self.collector.below(of.name, fields), |name, fields| {
            if let Some(field) = of.field(name) {
                return self.leaf(of, field, row);
            }
            let relation = of.relation(name).expect("fields and relations are declared");
            let target = entity(relation.target);
            match relation.link {
                Link::ToOne { .. } => match self.sight.related(of, name, row) {
                    Some(other) => self.object(target, other, fields),
                    None => Json::Null,
                },
                Link::Through { .. } => panic!("{name} is not asked for"),
                Link::ToMany { .. } => {
                    self.list(of.name, target, fields, |deleted_too| self.sight.listed(of, name, row, deleted_too))
                }
            }
        })
    }

    fn leaf(&self, of: &EntityType, field: &promograph::read::model::Field, row: &Row) -> Json {
        let cell = self.sight.value(of, field, row);
        match (field.kind, &cell) {
            (_, Cell::Null) => Json::Null,
            (Kind::GlobalId, key) => Json::Text(ids::encode(of, key)),
            (Kind::RelatedId(name), key) => {
                Json::Text(ids::encode(entity(of.relation(name).expect("the relation is declared").target), key))
            }
            (_, Cell::Text(text)) if self.sight.shown(of, &field.name, row) == Shown::Masked => {
                Json::Text(super::json::masked(text))
            }
            (kind, cell) => Json::cell(cell, kind),
        }
    }

    /// A list, by fields of `parent` that return it. Their arguments were checked.
    fn list<'b>(
        &self,
        parent: &str,
        of: &EntityType,
        fields: &[&'a Positioned<Field>],
        rows: impl FnOnce(bool) -> Vec<&'b Row>,
    ) -> Json {
        let mut faults = Faults::default();
        let arguments = self.arguments(parent, fields, &mut faults).expect("the arguments were checked");
        let request = Request::of(&self.sight, of, &arguments, &mut faults).expect("the arguments were checked");
        let page = request.page(&self.sight, of, rows(request.deleted_too));
        let connection = format!("{}Connection", of.name);
        Self::write(&connection, &self.collector.below(&connection, fields), |name, fields| match name {
            "totalCount" => Json::Int(page.total),
            "nodes" => Json::List(page.rows.iter().map(|row| self.object(of, row, fields)).collect()),
            "edges" => Json::List(page.rows.iter().map(|row| self.edge(of, &request, row, fields)).collect()),
            _ => self.page_info(of, &request, &page, fields),
        })
    }

    fn edge(&self, of: &EntityType, request: &Request, row: &Row, fields: &[&'a Positioned<Field>]) -> Json {
        let edge = format!("{}Edge", of.name);
        Self::write(&edge, &self.collector.below(&edge, fields), |name, fields| match name {
            "cursor" => self.cursor(of, request, row),
            _ => self.object(of, row, fields),
        })
    }

    fn page_info(&self, of: &EntityType, request: &Request, page: &Page<'_>, fields: &[&'a Positioned<Field>]) -> Json {
        let cursor = |row: Option<&&Row>| row.map_or(Json::Null, |row| self.cursor(of, request, row));
        Self::write("PageInfo", &self.collector.below("PageInfo", fields), |name, _| match name {
            "hasNextPage" => Json::Bool(page.has_next),
            "hasPreviousPage" => Json::Bool(page.has_previous),
            "startCursor" => cursor(page.rows.first()),
            _ => cursor(page.rows.last()),
        })
    }

    fn cursor(&self, of: &EntityType, request: &Request, row: &Row) -> Json {
        Json::Text(request.order.cursor(&request.order.place(&self.sight, of, row)))
    }

    /// An object of these fields.
    fn write(object: &str, groups: &Groups<'a>, value: impl Fn(&str, &[&'a Positioned<Field>]) -> Json) -> Json {
        let written = groups.iter().map(|(key, fields)| {
            let name = fields[0].node.name.node.as_str();
            let value = if name == "__typename" { Json::text(object) } else { value(name, fields) };
            ((*key).to_owned(), value)
        });
        Json::Object(written.collect())
    }
}

/// The type of the rows, when a field of a type is a list of rows.
fn listed(object: &str, field: &str) -> Option<&'static EntityType> {
    let of = promograph::graphql::catalog::CATALOG.get(object)?;
    let relation = of.relation(field)?;
    matches!(relation.link, Link::ToMany { .. }).then(|| entity(relation.target))
}

/// The text of an argument.
fn text<'a>(arguments: &'a Arguments, name: &str) -> Option<&'a str> {
    match arguments.get(name) {
        Some(Given::Text(text)) => Some(text),
        _ => None,
    }
}

/// The rows of the viewer's own promoter.
fn own_id(viewer: Viewer) -> Option<Cell> {
    match viewer {
        Viewer::Promoter { id } => Some(Cell::Int(id)),
        _ => None,
    }
}
