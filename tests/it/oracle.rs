//! The server against a plain interpreter written from the GraphQL specification (October 2021).
//!
//! Random documents over a small dataset are run by both, on both databases: `data` must be the same bytes, `errors` the
//! same codes and paths, and the responses of both databases the same bytes. The interpreter knows the schema
//! (`schema.graphql`), the columns of fields (the catalogue) and the rules of [`visibility`], which are written by hand;
//! it shares no code with the server.
//!
//! `PROMOGRAPH_TEST_ORACLE_SEED` sets another seed, `PROMOGRAPH_TEST_ORACLE_DOCUMENTS` the number of documents for each viewer of
//! each dataset.

use std::env;

use promograph::{
    auth::{Session, Viewer},
    graphql::{AllowedOperations, Api, ApiConfig, Request, catalog::CATALOG},
    read::model::Link,
};
use serde_json::{Map, Value};

use crate::support::{Backend, Dice, TestDatabase};
use answer::Answer;
use dataset::{Cell, Dataset};
use document::Made;
use interpret::World;
use types::Types;
use visibility::ViewerAccess;

mod answer;
mod collect;
pub(crate) mod dataset;
mod document;
mod filter;
pub(crate) mod ids;
mod input;
pub(crate) mod insert;
mod interpret;
pub(crate) mod json;
mod list;
mod overlap;
mod types;
pub(crate) mod visibility;

const DATASETS: u64 = 3;
const DOCUMENTS: u64 = 300;
const SEED: u64 = 20_261_120;
const CURRENCY: &str = "EUR";
const NOW_MS: i64 = 1_800_000_000_000;
/// Differences that are reported before the test stops.
const MAX_DIFFERENCES: usize = 5;

/// A dataset in both databases.
struct Setting {
    dataset: Dataset,
    servers: Vec<(Backend, Api)>,
    _databases: Vec<TestDatabase>,
}

impl Setting {
    async fn new(seed: u64, number: u64) -> Self {
        let dataset = dataset::make(&mut Dice::new([seed, number, 0, 0]));
        let (mut servers, mut databases) = (Vec::new(), Vec::new());
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let test = TestDatabase::migrated(backend).await;
            insert::insert(&test.database, &dataset).await;
            let currency = Some(CURRENCY.to_owned());
            let api = Api::new(ApiConfig { currency, ..ApiConfig::new(test.database.clone()) });
            servers.push((backend, api));
            databases.push(test);
        }
        Self { dataset, servers, _databases: databases }
    }

    fn viewers(&self) -> [Viewer; 5] {
        let promoter = |place: usize| match self.dataset.rows("promoter")[place]["id"] {
            Cell::Int(id) => Viewer::Promoter { id },
            _ => panic!("ids are numbers"),
        };
        [Viewer::Admin, Viewer::Analyst { pii: true }, Viewer::Analyst { pii: false }, promoter(0), promoter(1)]
    }
}

/// Every column that the API reads is compared: none is null in all generated rows.
#[test]
fn the_interpreter_has_values_in_every_column_of_the_catalogue() {
    let datasets: Vec<_> = (0..DATASETS).map(|number| dataset::make(&mut Dice::new([SEED, number, 0, 0]))).collect();
    let mut empty = Vec::new();
    let mut check = |table: &str, column: &str| {
        let mut rows = datasets.iter().flat_map(|dataset| dataset.rows(table));
        if !rows.any(|row| row.get(column).is_some_and(|cell| *cell != Cell::Null)) {
            empty.push(format!("{table}.{column}"));
        }
    };
    for of in CATALOG.iter() {
        for field in &of.fields {
            check(of.table, field.column);
        }
        for relation in &of.relations {
            match &relation.link {
                Link::ToOne { column } => check(of.table, column),
                Link::ToMany { column } => check(ids::entity(relation.target).table, column),
                Link::Through { table, parent, child, .. } => {
                    check(table, parent);
                    check(table, child);
                }
                // Made of two relations that are checked themselves.
                Link::Over { .. } => {}
            }
        }
    }
    assert!(empty.is_empty(), "add them to tests/it/oracle/dataset/columns.rs: {empty:?}");
}

/// Counts of the results.
#[derive(Debug, Default)]
struct Tally {
    answered: usize,
    failed: usize,
    refused: usize,
    over_a_limit: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_like_an_interpreter_written_from_the_specification() {
    let number = |name: &str, default| env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (seed, documents) =
        (number("PROMOGRAPH_TEST_ORACLE_SEED", SEED), number("PROMOGRAPH_TEST_ORACLE_DOCUMENTS", DOCUMENTS));
    let types = Types::read();
    let (mut tally, mut differences) = (Tally::default(), Vec::new());
    for dataset in 0..DATASETS {
        let setting = Setting::new(seed, dataset).await;
        for (place, viewer) in setting.viewers().into_iter().enumerate() {
            let session = session(viewer);
            let visibility = ViewerAccess { dataset: &setting.dataset, viewer };
            let world = World { types: &types, visibility, session: &session, now_ms: NOW_MS };
            for document in 0..documents {
                let mut dice = Dice::new([seed, dataset, place as u64 + 1, document]);
                let made = document::make(&mut dice, &world);
                let altered = Made { variables: altered(&mut dice, &made.variables), ..made.clone() };
                differences.extend(run(&setting, &world, &made, &mut tally).await);
                // Plans are shared: by requests with other values, and by viewers of one class.
                differences.extend(run(&setting, &world, &altered, &mut tally).await);
                if let (Viewer::Promoter { .. }, [.., other]) = (viewer, setting.viewers()) {
                    let visibility = ViewerAccess { dataset: &setting.dataset, viewer: other };
                    let world = World { visibility, session: &self::session(other), ..world };
                    differences.extend(run(&setting, &world, &made, &mut tally).await);
                }
                assert!(
                    differences.len() < MAX_DIFFERENCES,
                    "PROMOGRAPH_TEST_ORACLE_SEED={seed}, dataset {dataset}, document {document}\n{}",
                    differences.join("\n\n")
                );
            }
        }
    }
    assert!(differences.is_empty(), "PROMOGRAPH_TEST_ORACLE_SEED={seed}\n{}", differences.join("\n\n"));
    eprintln!("{tally:?}");
    // Every kind of result must occur.
    let all = tally.answered + tally.failed + tally.refused + tally.over_a_limit;
    assert!(tally.answered > all / 2 && tally.over_a_limit < all / 20, "{tally:?}");
    assert!(tally.failed > 0 && tally.refused > 0, "{tally:?}");
}

fn session(viewer: Viewer) -> Session {
    Session { viewer, subject: "someone \"odd\"".to_owned(), expires_at: 1_900_000_000, revocable: None }
}

/// The variables with other texts and numbers: of each other, or made up.
fn altered(dice: &mut Dice, variables: &Map<String, Value>) -> Map<String, Value> {
    fn leaves<'a>(value: &'a Value, all: &mut Vec<&'a Value>) {
        match value {
            Value::Object(fields) => fields.values().for_each(|value| leaves(value, all)),
            Value::Array(items) => items.iter().for_each(|value| leaves(value, all)),
            Value::String(_) | Value::Number(_) => all.push(value),
            _ => {}
        }
    }
    fn alter(dice: &mut Dice, value: &mut Value, all: &[&Value]) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|value| alter(dice, value, all)),
            Value::Array(items) => items.iter_mut().for_each(|value| alter(dice, value, all)),
            Value::String(_) | Value::Number(_) => match dice.below(8) {
                0 => *value = Value::from("none of them"),
                1 => *value = Value::from(7),
                2..5 => *value = (*dice.pick(all)).clone(),
                _ => {}
            },
            _ => {}
        }
    }
    let (mut all, given) = (Vec::new(), Value::from(variables.clone()));
    leaves(&given, &mut all);
    let mut other = given.clone();
    alter(dice, &mut other, &all);
    other.as_object().cloned().unwrap_or_default()
}

/// Runs one document, and describes how the responses differ.
async fn run(setting: &Setting, world: &World<'_>, made: &Made, tally: &mut Tally) -> Option<String> {
    let Made { query, operation_name, variables } = made.clone();
    let request = Request { query, operation_name, variables, ..Request::default() };
    let parsed = async_graphql::parser::parse_query(&request.query).expect("the document is GraphQL");
    let mut operations = parsed.operations.iter();
    let (_, operation) = operations
        .find(|(name, _)| request.operation_name.is_none() || name.is_some_and(|name| name == "Q"))
        .expect("the document has an operation");
    let expected = interpret::interpret(world, &parsed, &operation.node, &request.variables);
    let mut over_a_limit = false;
    let mut first = None;
    for (backend, api) in &setting.servers {
        let response = api.execute(world.session, &request, AllowedOperations::All, world.now_ms).await;
        let bytes = first.get_or_insert_with(|| response.body.clone());
        if *bytes != response.body {
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            let (one, other) = (text(bytes), text(&response.body));
            return Some(format!("the databases differ\n{}\n{one}\n{backend:?}: {other}", request.query));
        }
        let answer = Answer::read(&response.body);
        if answer.is_over_a_limit() {
            over_a_limit = true;
            continue;
        }
        if let Some(difference) = answer.differs_from(&expected) {
            return Some(format!(
                "{difference}\non {backend:?} as {:?}\n{}\nvariables: {}\nexpected: {expected:?}\nanswered: {}",
                world.session.viewer,
                request.query,
                serde_json::Value::from(request.variables.clone()),
                String::from_utf8_lossy(&response.body),
            ));
        }
    }
    match &expected {
        _ if over_a_limit => tally.over_a_limit += 1,
        interpret::Expected::Refused(_) => tally.refused += 1,
        interpret::Expected::Answered { failures, .. } if failures.is_empty() => tally.answered += 1,
        interpret::Expected::Answered { .. } => tally.failed += 1,
    }
    None
}
