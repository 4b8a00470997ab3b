//! What is within the limits is answered, whatever it is: never with an error of our own, never too late.
//!
//! `PROMOGRAPH_COST_DOCUMENTS` says how many documents every viewer asks, `PROMOGRAPH_COST_SEED` where chance begins.

use std::{env, fmt::Write as _};

use promograph::{
    graphql::catalog::CATALOG,
    read::model::{EntityType, FieldKind, Link},
};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::support::{Dice, TestApp, TestDatabase, on_both, rows};

const DOCUMENTS: u64 = 60;
const SEED: u64 = 20_261_129;
/// What a backend may hold in all.
const MAX_BACKEND: i64 = 100_000_000;

#[tokio::test]
async fn whatever_is_within_the_limits_is_answered_in_time_and_in_little_memory() {
    let number = |name: &str, default| env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (seed, documents) = (number("PROMOGRAPH_COST_SEED", SEED), number("PROMOGRAPH_COST_DOCUMENTS", DOCUMENTS));
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 20).await;
        let app = TestApp::new(&test);
        let (mut answered, mut refused) = (0, 0);
        for (place, client) in [app.admin(), app.analyst(false), app.promoter(7)].into_iter().enumerate() {
            for document in 0..documents {
                let text = Maker::new(Dice::new([seed, place as u64, document, 0])).document();
                let answer = client.query(&text).await;
                let codes = answer.codes();
                let too_many = |rule: &str| matches!(rule, "filterDepth" | "filterTerms");
                let rule = &answer.body["errors"][0]["extensions"]["rule"];
                match codes.first() {
                    Some(&"BAD_USER_INPUT") if rule.as_str().is_some_and(too_many) => refused += 1,
                    Some(&"LIMIT_EXCEEDED") => refused += 1,
                    // A promoter, or who sees no contact data, may not filter by everything.
                    Some(&"FORBIDDEN") | None => answered += 1,
                    _ => {
                        panic!("PROMOGRAPH_COST_SEED={seed}, document {document} of viewer {place}: {codes:?}\n{text}")
                    }
                }
            }
        }
        assert!(answered > refused / 2 && refused > 0, "{answered} answered, {refused} refused");
        if test.database.backend == DbBackend::Postgres {
            let sql = "select sum(total_bytes)::bigint from pg_backend_memory_contexts";
            let row = test.database.read.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
            let held: i64 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
            assert!(held < MAX_BACKEND, "{held}");
        }
    })
    .await;
}

/// Makes documents with many relations, many lists and large filters.
struct Maker {
    dice: Dice,
    /// How many objects there may still be.
    budget: usize,
    fragments: Vec<String>,
}

impl Maker {
    fn new(mut dice: Dice) -> Self {
        let budget = 5 + dice.below(60);
        Self { dice, budget, fragments: Vec::new() }
    }

    fn document(mut self) -> String {
        let lists: Vec<_> = CATALOG.iter().filter(|entity| !entity.admin_only).collect();
        let mut roots = String::new();
        for index in 0..=self.dice.below(3) {
            let entity = *self.dice.pick(&lists);
            let _ = write!(roots, " r{index}: {}", self.list(entity.plural, entity, 5));
        }
        format!("{{{roots} }}{}", self.fragments.concat())
    }

    fn list(&mut self, name: &str, entity: &EntityType, depth: usize) -> String {
        let size = 1 + self.dice.below(4);
        let filter =
            if self.dice.percent(40) { format!(", filter: {}", self.filter(entity, 3)) } else { String::new() };
        let count = if self.dice.percent(20) { "totalCount " } else { "" };
        format!("{name}(first: {size}{filter}) {{ {count}nodes {} }}", self.object(entity, depth))
    }

    /// A selection, sometimes as a fragment.
    fn object(&mut self, entity: &EntityType, depth: usize) -> String {
        self.budget = self.budget.saturating_sub(1);
        let everything = self.dice.percent(30);
        let mut text = "{ id ".to_owned();
        for field in &entity.fields {
            if everything || self.dice.percent(10) {
                let _ = write!(text, "{} ", field.name);
            }
        }
        if depth > 0 {
            for relation in &entity.relations {
                let target = CATALOG.get(relation.target).unwrap();
                let to_one = matches!(relation.link, Link::ToOne { .. });
                let wanted = self.dice.percent(if to_one { 70 } else { 8 });
                if self.budget == 0 || target.admin_only || !wanted {
                    continue;
                }
                let selected = if to_one {
                    format!("{} {} ", relation.name, self.object(target, depth - 1))
                } else {
                    format!("{} ", self.list(relation.name, target, depth - 1))
                };
                text.push_str(&selected);
            }
        }
        text.push('}');
        if !self.dice.percent(25) {
            return text;
        }
        let name = format!("F{}", self.fragments.len());
        self.fragments.push(format!(" fragment {name} on {} {text}", entity.name));
        format!("{{ ...{name} }}")
    }

    fn filter(&mut self, entity: &EntityType, depth: usize) -> String {
        let mut parts = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let relation = self.dice.pick_any(&entity.relations).filter(|_| depth > 0);
            let part = match relation {
                Some(relation) if self.dice.percent(40) => {
                    let target = CATALOG.get(relation.target).unwrap();
                    if target.admin_only {
                        continue;
                    }
                    let inner = self.filter(target, depth - 1);
                    match relation.link {
                        Link::ToOne { .. } => format!("{{ {}: {inner} }}", relation.name),
                        _ if self.dice.percent(50) => format!("{{ {}: {{ some: {inner} }} }}", relation.name),
                        _ => format!("{{ {}: {{ none: {inner} }} }}", relation.name),
                    }
                }
                _ if depth > 0 && self.dice.percent(20) => format!("{{ not: {} }}", self.filter(entity, depth - 1)),
                _ => self.comparison(entity),
            };
            parts.push(part);
        }
        let more = if self.dice.percent(10) { self.dice.below(30) } else { 0 };
        for _ in 0..more {
            parts.push(self.comparison(entity));
        }
        let combined = if self.dice.percent(50) { "and" } else { "or" };
        format!("{{ {combined}: [{}] }}", parts.join(", "))
    }

    fn comparison(&mut self, entity: &EntityType) -> String {
        let fields: Vec<_> = entity.fields.iter().filter(|field| field.filterable).collect();
        let field = self.dice.pick(&fields);
        let comparison = match field.kind {
            FieldKind::BigInt | FieldKind::Int => "in: [1, 2, 3]",
            FieldKind::Time => r#"lt: "2030-01-01T00:00:00Z""#,
            FieldKind::Text if field.folded.is_some() => r#"contains: "a""#,
            FieldKind::Text => r#"notIn: ["a", "b"]"#,
            _ => "isNull: false",
        };
        format!("{{ {}: {{ {comparison} }} }}", field.name)
    }
}
