//! Figures against a plain program that counts rows in memory.
//!
//! Random questions to `performance` and `leadCohorts` over small, dense datasets are answered by both, for every kind of
//! viewer: equal to the unit, and byte for byte the same from both databases. The reference is written from the
//! descriptions of the schema; it shares no code with the server, but the texts of enums.
//!
//! `PROMOGRAPH_TEST_FIGURES_SEED` sets another seed, `PROMOGRAPH_TEST_FIGURES_QUERIES` the number of questions of each
//! viewer to each dataset.

use std::env;

use promograph::{
    auth::{Session, Viewer},
    graphql::{AllowedOperations, Api, ApiConfig, Request},
    limits::RequestLimits,
};
use serde_json::{Map, Value as Json, json};

use crate::{
    oracle::{
        dataset::{Cell, Dataset},
        ids, insert,
        json::decimal,
        visibility::ViewerAccess,
    },
    support::{Backend, Dice, TestApp, TestDatabase, on_both},
};
use dataset::NOW;
use facts::World;
use measures::Value;
use question::{Key, Question};
use reference::Line;

mod calendar;
mod cohorts;
mod comparison;
mod cursors;
mod dataset;
mod document;
mod facts;
mod measures;
mod question;
mod random;
mod reference;
mod refused;
mod story;
mod tags;

const DATASETS: u64 = 3;
const QUERIES: u64 = 60;
const SEED: u64 = 20_261_130;
/// Differences that are reported before the test stops.
const MAX_DIFFERENCES: usize = 5;

/// A dataset in both databases.
struct Setting {
    dataset: Dataset,
    servers: Vec<Api>,
    _databases: Vec<TestDatabase>,
}

impl Setting {
    async fn new(seed: u64, number: u64) -> Self {
        // One of them holds amounts that do not add up to 64 bits.
        let dataset = dataset::make(&mut Dice::new([seed, number, 0, 0]), number == DATASETS - 1);
        let (mut servers, mut databases) = (Vec::new(), Vec::new());
        for backend in [Backend::Sqlite, Backend::Postgres] {
            let test = TestDatabase::migrated(backend).await;
            insert::insert(&test.database, &dataset).await;
            let limits = RequestLimits { cost: 100_000_000, ..RequestLimits::default() };
            servers.push(Api::new(ApiConfig { limits, ..ApiConfig::new(test.database.clone()) }));
            databases.push(test);
        }
        Self { dataset, servers, _databases: databases }
    }

    /// The answer, which is the same on both databases.
    async fn ask(&self, viewer: Viewer, query: &str, variables: &Map<String, Json>) -> Result<Json, String> {
        let session = Session { viewer, subject: "test".to_owned(), expires_at: 1_900_000_000, revocable: None };
        let request = Request { query: query.to_owned(), variables: variables.clone(), ..Request::default() };
        let mut bodies = Vec::new();
        for api in &self.servers {
            let response = api.execute(&session, &request, AllowedOperations::All, NOW).await;
            bodies.push(String::from_utf8_lossy(&response.body).into_owned());
        }
        if bodies[0] != bodies[1] {
            return Err(format!("the databases differ:\n{}\n{}", bodies[0], bodies[1]));
        }
        serde_json::from_str(&bodies[0]).map_err(|error| error.to_string())
    }
}

const VIEWERS: [Viewer; 5] = [
    Viewer::Admin,
    Viewer::Analyst { pii: true },
    Viewer::Analyst { pii: false },
    Viewer::Promoter { id: 1 },
    Viewer::Promoter { id: 2 },
];

/// Counts of the results.
#[derive(Debug, Default)]
struct Tally {
    answered: usize,
    overflowed: usize,
    refused: usize,
    pages: usize,
    rows: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_what_a_plain_count_of_the_rows_gives() {
    let number = |name: &str, default| env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (seed, queries) =
        (number("PROMOGRAPH_TEST_FIGURES_SEED", SEED), number("PROMOGRAPH_TEST_FIGURES_QUERIES", QUERIES));
    let (mut tally, mut differences) = (Tally::default(), Vec::new());
    for number in 0..DATASETS {
        let setting = Setting::new(seed, number).await;
        for (place, viewer) in VIEWERS.into_iter().enumerate() {
            for query in 0..queries {
                let mut dice = Dice::new([seed, number, place as u64 + 1, query]);
                let question = random::question(&mut dice, viewer);
                let mut asked = vec![(viewer, question)];
                // Plans are shared: by requests with other values, and by viewers of one class.
                if asked[0].1.variables {
                    asked.push((viewer, random::altered(&mut dice, &asked[0].1)));
                }
                if let Viewer::Promoter { id } = viewer {
                    asked.push((Viewer::Promoter { id: id + 1 }, asked[0].1.clone()));
                }
                for (viewer, question) in asked {
                    let Err(difference) = compare(&setting, viewer, &question, &mut dice, &mut tally).await else {
                        continue;
                    };
                    let (document, variables) = question.document(1, None);
                    differences.push(format!(
                        "PROMOGRAPH_TEST_FIGURES_SEED={seed}, dataset {number}, {viewer:?}, question {query}\n\
                         {document}\n{}\n{difference}",
                        Json::from(variables)
                    ));
                }
                assert!(differences.len() < MAX_DIFFERENCES, "{}", differences.join("\n\n"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
    eprintln!("{tally:?}");
    // Every kind of result must occur.
    assert!(tally.refused > 0 && tally.overflowed > 0 && tally.answered > 10 * tally.overflowed, "{tally:?}");
    assert!(tally.pages > tally.answered && tally.rows > 5 * tally.answered, "{tally:?}");
}

/// Asks for all pages of a report, and says how they differ from what is expected.
async fn compare(
    setting: &Setting,
    viewer: Viewer,
    question: &Question,
    dice: &mut Dice,
    tally: &mut Tally,
) -> Result<(), String> {
    let world = World { dataset: &setting.dataset, viewer, now: NOW };
    let report = reference::report(world, question);
    let written = Written { world, question };
    let first = (report.rows.len().div_ceil(1 + dice.below(3))).clamp(1, 1_000);
    let mut after: Option<String> = None;
    for (number, page) in pages(&report.rows, first).enumerate() {
        let (query, variables) = question.document(first, after.as_deref());
        let answer = setting.ask(viewer, &query, &variables).await?;
        tally.pages += 1;
        tally.rows += page.len();
        if question.adds_unknown_units() {
            let error = &answer["errors"][0]["message"];
            let is_told = error.as_str().is_some_and(|text| text.contains("would add different units"));
            tally.refused += 1;
            return if is_told { Ok(()) } else { Err(format!("unknown units are added: {answer}")) };
        }
        let lines = || std::iter::once(&report.totals).chain(page);
        if lines().any(|line| !fits(line, question)) {
            tally.overflowed += 1;
            let error = &answer["errors"][0];
            let told = error["message"].as_str().is_some_and(|text| text.contains("64 bits"));
            let fits =
                answer["data"]["performance"].is_null() && error["extensions"]["code"] == "BAD_USER_INPUT" && told;
            return if fits { Ok(()) } else { Err(format!("an overflow is expected: {answer}")) };
        }
        let time = |ms: Option<i64>| ms.map(promograph::time::format_ms);
        let last = (number + 1) * first >= report.rows.len();
        let mut totals = written.measures(&report.totals.values);
        written.previous(&report.totals, &mut totals);
        let cursor = answer["data"]["performance"]["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        let expected = json!({ "performance": {
            "start": time(report.bounds.map(|bounds| bounds.0)),
            "end": time(report.bounds.map(|bounds| bounds.1)),
            "totalCount": report.rows.len(),
            "totals": totals,
            "nodes": page.iter().map(|line| written.row(line)).collect::<Vec<_>>(),
            "pageInfo": { "hasNextPage": !last, "endCursor": cursor },
        } });
        if answer["data"] != expected || answer.get("errors").is_some() {
            return Err(format!("page {number} of {first}\nexpected: {expected}\nanswered: {answer}"));
        }
        after = cursor;
    }
    tally.answered += 1;
    Ok(())
}

/// The pages of so many rows; one without rows if there are none.
fn pages(rows: &[Line], first: usize) -> impl Iterator<Item = &[Line]> {
    let none = rows.is_empty().then_some(rows);
    rows.chunks(first).chain(none)
}

/// Whether all selected values of a line fit into 64 bits.
fn fits(line: &Line, question: &Question) -> bool {
    let all = [Some(&line.values), line.previous.as_ref()].into_iter().flatten();
    all.flat_map(|values| values.iter().zip(&question.chosen))
        .filter(|(_, chosen)| chosen.shown)
        .all(|(value, _)| value.number().is_none_or(|number| i64::try_from(number).is_ok()))
}

/// How expected values are written.
struct Written<'a> {
    world: World<'a>,
    question: &'a Question,
}

impl Written<'_> {
    fn measures(&self, values: &[Value]) -> Json {
        let small = |number: i128| i64::try_from(number).expect("it fits");
        let mut fields = Map::new();
        for (place, (value, _)) in
            values.iter().zip(&self.question.chosen).enumerate().filter(|(_, (_, chosen))| chosen.shown)
        {
            let value = match value {
                Value::Number(value) => json!(value.map(small)),
                Value::Decimal(value) => json!(value.map(|value| decimal(small(value)))),
            };
            fields.insert(format!("m{place}"), value);
        }
        fields.into()
    }

    fn previous(&self, line: &Line, fields: &mut Json) {
        if self.question.compare.is_some() {
            fields["previous"] = line.previous.as_ref().map_or(Json::Null, |values| self.measures(values));
        }
    }

    fn row(&self, line: &Line) -> Json {
        let mut fields = self.measures(&line.values);
        self.previous(line, &mut fields);
        let time = |ms: Option<i64>| ms.map(promograph::time::format_ms);
        fields["start"] = json!(time(line.bounds.map(|bounds| bounds.0)));
        fields["end"] = json!(time(line.bounds.map(|bounds| bounds.1)));
        for (key, dimension) in line.keys.iter().zip(&self.question.by) {
            let (_, field, _, entity) = dimension.names();
            fields[field] = match (key, entity) {
                (Key::Null, _) => Json::Null,
                (Key::Int(id), Some(entity)) => self.entity(entity, *id, field == "parentPromoter"),
                (Key::Int(number), None) => json!(number),
                (Key::Text(text), _) => json!(text),
            };
        }
        fields
    }

    /// The row that a dimension names, if the viewer sees it.
    fn entity(&self, entity: &str, id: i64, relative: bool) -> Json {
        let (entity, key) = (ids::entity(entity), Cell::Int(id));
        let row = self.world.dataset.find(entity.table, entity.key, &key);
        let access = ViewerAccess { dataset: self.world.dataset, viewer: self.world.viewer };
        match row.filter(|row| access.row(entity, row, relative)) {
            Some(_) => json!({ "id": ids::encode(entity, &key) }),
            None => Json::Null,
        }
    }
}

#[tokio::test]
async fn the_schema_names_the_dimensions_that_the_reference_knows_of_every_measure() {
    on_both(async |test: TestDatabase| {
        let data = TestApp::new(&test).admin().data("{ measures { name dimensions } }").await;
        let told: Vec<_> = random::MEASURES
            .iter()
            .map(|name| {
                let dimensions = question::DIMENSIONS.iter().filter(|dimension| measures::tells(name, **dimension));
                let names: Vec<_> = dimensions.map(|dimension| dimension.names().0).collect();
                json!({ "name": name, "dimensions": names })
            })
            .collect();
        assert_eq!(data["measures"], Json::from(told));
    })
    .await;
}
