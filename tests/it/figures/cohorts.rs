//! `leadCohorts` in the reference.

use promograph::auth::Viewer;
use serde_json::{Map, Value as Json, json};

use super::{
    DATASETS, MAX_DIFFERENCES, SEED, Setting, VIEWERS,
    calendar::{Calendar, Interval, moved},
    dataset::{self, NOW},
    document,
    facts::{Source, World, int},
    measures,
    question::Condition,
    random,
};
use crate::support::Dice;

/// Questions of each viewer.
const QUESTIONS: u64 = 20;

/// The cohorts of so many months, as the server writes them.
fn cohorts(world: World<'_>, zone: &str, by: Interval, months: i64, filter: &[Condition]) -> Json {
    let calendar = Calendar::of(zone);
    let first_month = moved(Interval::Month, calendar.date(world.now).first_of_month(), 1 - months);
    let from = calendar.shifted(by, calendar.start(first_month), 0);
    let edges = calendar.edges(by, from, calendar.shifted(by, world.now, 1));
    let created = world.facts(Source::LeadsCreated);
    let sales = world.facts(Source::Sales);
    let cohorts = edges.windows(2).enumerate().map(|(cohort, bounds)| {
        let leads: Vec<_> = created
            .iter()
            .filter(|fact| fact.date.is_some_and(|at| bounds[0] <= at && at < bounds[1]) && world.matches(fact, filter))
            .map(|fact| fact.row)
            .collect();
        let periods = edges.windows(2).enumerate().skip(cohort).map(|(interval, bounds)| {
            // What is told to have happened before a lead was created, happened with it.
            let start = if interval == cohort { i64::MIN } else { bounds[0] };
            let within = |at: Option<i64>| at.is_some_and(|at| start <= at && at < bounds[1]);
            let count = |column: &str| leads.iter().filter(|lead| within(int(lead, column))).count();
            let cancelled =
                leads.iter().filter(|lead| int(lead, "customer_since").is_some() && within(int(lead, "cancelled_at")));
            let active = leads.iter().filter(|lead| {
                int(lead, "customer_since").is_some_and(|since| since < bounds[1])
                    && int(lead, "cancelled_at").is_none_or(|at| at >= bounds[1])
            });
            let sold = sales.iter().filter(|fact| within(fact.date)).filter(|fact| {
                let lead = fact.lead.and_then(|lead| int(lead, "id"));
                lead.is_some() && leads.iter().any(|other| int(other, "id") == lead)
            });
            let amounts: Vec<i64> = sold.filter_map(|fact| int(fact.row, "sale_amount")).collect();
            json!({
                "offset": interval - cohort,
                "converted": count("customer_since"),
                "cancelled": cancelled.count(),
                "active": active.count(),
                "sales": amounts.iter().filter(|amount| **amount >= 0).count(),
                "revenue": amounts.iter().sum::<i64>(),
            })
        });
        json!({
            "cohort": promograph::time::format_ms(bounds[0]),
            "size": leads.len(),
            "periods": periods.collect::<Vec<_>>(),
        })
    });
    cohorts.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cohorts_are_what_a_plain_count_of_the_rows_gives() {
    let setting = Setting::new(SEED, 0).await;
    let mut differences = Vec::new();
    for (place, viewer) in VIEWERS.into_iter().enumerate() {
        for number in 0..QUESTIONS {
            let dice = &mut Dice::new([SEED, 99, place as u64, number]);
            let (zone, months) = (*dice.pick(dataset::ZONES), 1 + dice.number(14));
            let by = *dice.pick(&[Interval::Week, Interval::Month, Interval::Quarter, Interval::Year]);
            let mut filter = random::filter(dice, viewer);
            filter.retain(|condition| {
                ["referrals", "sales"].iter().all(|measure| measures::tells(measure, condition.dimension))
            });
            let world = World { dataset: &setting.dataset, viewer, now: NOW };
            let expected = cohorts(world, zone, by, months, &filter);
            let arguments = document::filter_argument(&filter);
            let query = format!(
                "{{ leadCohorts(by: {}, months: {months}, timezone: \"{zone}\" {arguments}) {{ cohort size periods {{ offset \
                 converted cancelled active sales revenue }} }} }}",
                by.name()
            );
            match setting.ask(viewer, &query, &Map::new()).await {
                Ok(answer) if answer["data"]["leadCohorts"] == expected => {}
                Ok(answer) => differences.push(format!("{viewer:?} {query}\nexpected: {expected}\nanswered: {answer}")),
                Err(difference) => differences.push(format!("{viewer:?} {query}\n{difference}")),
            }
            assert!(differences.len() < MAX_DIFFERENCES, "{}", differences.join("\n\n"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cohorts_compute_only_what_is_selected() {
    // Amounts of this dataset do not add up to 64 bits.
    let setting = Setting::new(SEED, DATASETS - 1).await;
    let ask = async |fields: &str| {
        let query = format!("{{ leadCohorts(by: YEAR, months: 60) {{ {fields} }} }}");
        setting.ask(Viewer::Admin, &query, &Map::new()).await.unwrap()
    };
    let error = ask("cohort size periods { revenue }").await["errors"][0]["message"].to_string();
    assert!(error.contains("`revenue` is larger than 64 bits"), "{error}");
    let all = ask("cohort size periods { offset converted cancelled active sales }").await;
    for fields in ["cohort", "size", "periods { offset }", "a: periods { active } b: periods { sales offset }"] {
        let answer = ask(fields).await;
        for (cohort, expected) in cohorts_of(&answer).iter().zip(cohorts_of(&all)) {
            for (name, value) in cohort.as_object().unwrap() {
                let (Some(periods), expected) = (value.as_array(), &expected["periods"]) else {
                    assert_eq!(value, &expected[name], "{fields}");
                    continue;
                };
                for (period, expected) in periods.iter().zip(expected.as_array().unwrap()) {
                    assert!(
                        period.as_object().unwrap().iter().all(|(name, value)| *value == expected[name]),
                        "{fields}"
                    );
                }
            }
        }
    }
}

fn cohorts_of(answer: &Json) -> &[Json] {
    answer["data"]["leadCohorts"].as_array().unwrap()
}
