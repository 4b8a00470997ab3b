//! `ExecuteQuery` (October 2021, section 6), one row and one field after the other.
//!
//! If one field has several errors, the server may report any of them.

use std::{cell::RefCell, collections::BTreeSet};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, Field, OperationDefinition},
};
use promograph::{
    auth::{Session, Viewer},
    read::model::{EntityType, FieldKind, Link},
};

use super::{
    collect::{Collector, Groups},
    dataset::{Cell, Row},
    ids::{self, entity},
    input::{Arguments, Coercion, Given},
    json::Json,
    list::{Page, Request},
    overlap::Overlap,
    types::Types,
    visibility::{Shown, ViewerAccess},
};

mod aggregates;
mod root;

pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
pub const FORBIDDEN: &str = "FORBIDDEN";
pub const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";

/// The errors below one root field.
#[derive(Debug, Default)]
pub struct Faults(Vec<&'static str>);

impl Faults {
    /// A sum does not fit into 64 bits.
    pub fn overflow() -> Self {
        Self(vec![BAD_USER_INPUT])
    }

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
    pub path: Vec<serde_json::Value>,
}

/// The response that the server must give.
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
    pub visibility: ViewerAccess<'a>,
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
    let collector = Collector { document, coercion };
    let execution = Execution {
        world,
        visibility: world.visibility,
        collector,
        path: RefCell::default(),
        failures: RefCell::default(),
        overflow: std::cell::Cell::default(),
    };
    execution.query(operation)
}

struct Execution<'a> {
    world: &'a World<'a>,
    visibility: ViewerAccess<'a>,
    collector: Collector<'a>,
    /// The current path.
    path: RefCell<Vec<serde_json::Value>>,
    failures: RefCell<Vec<Failure>>,
    /// Whether a sum below the root field does not fit into 64 bits.
    overflow: std::cell::Cell<bool>,
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

    /// The field that it is at cannot be answered.
    fn fail(&self, faults: Faults) -> Json {
        let failure = Failure { codes: faults.0.into_iter().collect(), path: self.path.borrow().clone() };
        self.failures.borrow_mut().push(failure);
        Json::Null
    }

    fn at(&self, place: impl Into<serde_json::Value>, value: impl FnOnce() -> Json) -> Json {
        self.path.borrow_mut().push(place.into());
        let value = value();
        self.path.borrow_mut().pop();
        value
    }

    /// A row, by fields that return it.
    fn object(&self, of: &EntityType, row: &Row, fields: &[&'a Positioned<Field>]) -> Json {
        self.write(of.name, &self.collector.below(of.name, fields), |name, fields| {
            if let Some(field) = of.field(name) {
                return self.leaf(of, field, row);
            }
            let relation = of.relation(name).expect("fields and relations are declared");
            let target = entity(relation.target);
            match relation.link {
                Link::ToOne { .. } => match self.visibility.related(of, name, row) {
                    Some(other) => self.object(target, other, fields),
                    None => Json::Null,
                },
                Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => {
                    self.list(of.name, target, fields, |deleted_too| self.visibility.listed(of, name, row, deleted_too))
                }
            }
        })
    }

    fn leaf(&self, of: &EntityType, field: &promograph::read::model::EntityField, row: &Row) -> Json {
        let cell = self.visibility.value(of, field, row);
        match (field.kind, &cell) {
            (_, Cell::Null) => Json::Null,
            (FieldKind::GlobalId, key) => Json::Text(ids::encode(of, key)),
            (FieldKind::RelatedId(name), key) => {
                Json::Text(ids::encode(entity(of.relation(name).expect("the relation is declared").target), key))
            }
            (_, Cell::Text(text)) if self.visibility.shown(of, &field.name, row) == Shown::Masked => {
                Json::Text(super::json::masked(text))
            }
            (kind, cell) => Json::cell(cell, kind),
        }
    }

    /// A list, by fields of `parent` that return it.
    fn list<'b>(
        &self,
        parent: &str,
        of: &EntityType,
        fields: &[&'a Positioned<Field>],
        rows: impl FnOnce(bool) -> Vec<&'b Row>,
    ) -> Json {
        let mut faults = Faults::default();
        if of.name == "WebhookEvent" && self.visibility.viewer != Viewer::Admin {
            faults.add(FORBIDDEN);
        }
        let arguments = self.arguments(parent, fields, &mut faults);
        let request = arguments.and_then(|arguments| Request::of(&self.visibility, of, &arguments, &mut faults));
        let Some(request) = request.filter(|_| faults.count() == 0) else { return self.fail(faults) };
        let connection = format!("{}Connection", of.name);
        let selected = self.collector.below(&connection, fields);
        for fields in selected.values().filter(|fields| is_figure(fields)) {
            self.figures_of(of, &request, fields, &mut faults);
        }
        if faults.count() > 0 {
            return self.fail(faults);
        }
        let rows = request.passing(&self.visibility, of, rows(request.deleted_too));
        let page = request.page(&self.visibility, of, rows.clone());
        self.write(&connection, &selected, |name, fields| match name {
            "aggregate" | "groups" => self.figures(of, &request, &rows, fields),
            "totalCount" => Json::Int(page.total),
            "nodes" => self.each(&page, |row| self.object(of, row, fields)),
            "edges" => self.each(&page, |row| self.edge(of, &request, row, fields)),
            _ => self.page_info(of, &request, &page, fields),
        })
    }

    fn each(&self, page: &Page<'_>, value: impl Fn(&Row) -> Json) -> Json {
        Json::List(page.rows.iter().enumerate().map(|(index, row)| self.at(index, || value(row))).collect())
    }

    fn edge(&self, of: &EntityType, request: &Request, row: &Row, fields: &[&'a Positioned<Field>]) -> Json {
        let edge = format!("{}Edge", of.name);
        self.write(&edge, &self.collector.below(&edge, fields), |name, fields| match name {
            "cursor" => self.cursor(of, request, row),
            _ => self.object(of, row, fields),
        })
    }

    fn page_info(&self, of: &EntityType, request: &Request, page: &Page<'_>, fields: &[&'a Positioned<Field>]) -> Json {
        let cursor = |row: Option<&&Row>| row.map_or(Json::Null, |row| self.cursor(of, request, row));
        self.write("PageInfo", &self.collector.below("PageInfo", fields), |name, _| match name {
            "hasNextPage" => Json::Bool(page.has_next),
            "hasPreviousPage" => Json::Bool(page.has_previous),
            "startCursor" => cursor(page.rows.first()),
            _ => cursor(page.rows.last()),
        })
    }

    fn cursor(&self, of: &EntityType, request: &Request, row: &Row) -> Json {
        Json::Text(request.order.cursor(&request.order.place(&self.visibility, of, row)))
    }

    /// An object of these fields.
    fn write(&self, object: &str, groups: &Groups<'a>, value: impl Fn(&str, &[&'a Positioned<Field>]) -> Json) -> Json {
        let written = groups.iter().map(|(key, fields)| {
            let name = fields[0].node.name.node.as_str();
            let value = self.at(*key, || if name == "__typename" { Json::text(object) } else { value(name, fields) });
            ((*key).to_owned(), value)
        });
        Json::Object(written.collect())
    }
}

fn is_figure(fields: &[&Positioned<Field>]) -> bool {
    matches!(fields[0].node.name.node.as_str(), "aggregate" | "groups")
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
