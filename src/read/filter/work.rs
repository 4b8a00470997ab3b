//! What a filter makes a database do, known before the database is asked.

use std::ops::AddAssign;

use crate::read::{
    model::{Catalog, EntityType, Kind, Link},
    selection::Input,
};

/// The rows that a relation, a search or a count is taken to look at.
pub const SCANNED: u64 = 100;
/// How many joined relations are planned as quickly as one that is a condition.
const JOINS: u64 = 2;
/// How many rows a row is taken to have behind a to-many relation.
const FAN_OUT: u64 = 10;
/// How many times the same rows are looked at where a filter goes down to many, up to one, and down again.
const AGAIN: u64 = 100;

/// The work of a filter each time that it is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Relations that it adds to the statement, as many as are planned as quickly.
    pub joins: u64,
    /// Rows that relations and searches look at, and values that are compared.
    pub cost: u64,
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.joins = self.joins.saturating_add(other.joins);
        self.cost = self.cost.saturating_add(other.cost);
    }
}

/// The work of a filter over rows of this type. What is no filter costs nothing: it is refused later.
#[must_use]
pub fn work(catalog: &Catalog, entity: &EntityType, filter: &Input) -> Work {
    object(catalog, entity, filter, Place { times: 1, shared: None })
}

/// Where in a filter something stands.
#[derive(Clone, Copy)]
struct Place {
    /// How many rows are looked at for each row of the list.
    times: u64,
    /// Behind a relation to many: whether different rows may have come to the same one.
    shared: Option<bool>,
}

impl Place {
    /// What is behind a relation from here, and how often the relation is looked at.
    fn behind(self, link: &Link) -> (u64, Self) {
        let Self { times, shared } = self;
        if let Link::ToOne { .. } = link {
            return (times, Self { times, shared: shared.map(|_| true) });
        }
        // Downwards each row is met once, as in a tree.
        let looked = if shared == Some(true) { times.saturating_mul(AGAIN) } else { times };
        let shared = shared == Some(true) || matches!(link, Link::Through { .. });
        (looked, Self { times: looked.saturating_mul(FAN_OUT), shared: Some(shared) })
    }
}

fn object(catalog: &Catalog, entity: &EntityType, filter: &Input, place: Place) -> Work {
    let mut sum = Work::default();
    let Input::Object(fields) = filter else { return sum };
    for (name, value) in fields {
        if let Some(relation) = entity.relation(name) {
            let Some(target) = catalog.get(relation.target) else { continue };
            let (looked, below) = place.behind(&relation.link);
            let filters = match (&relation.link, value) {
                (Link::ToOne { .. }, filter) => vec![filter],
                (_, Input::Object(quantified)) => quantified.values().collect(),
                _ => Vec::new(),
            };
            for filter in filters {
                sum += Work { joins: JOINS, cost: SCANNED.saturating_mul(looked) };
                sum += object(catalog, target, filter, below);
            }
            continue;
        }
        match value {
            Input::List(filters) => filters.iter().for_each(|filter| sum += object(catalog, entity, filter, place)),
            Input::Object(_) if name == "not" => sum += object(catalog, entity, value, place),
            Input::Object(comparisons) => {
                let costs = comparisons.iter().map(|(comparator, operand)| match operand {
                    _ if matches!(comparator.as_str(), "contains" | "startsWith") => SCANNED,
                    Input::List(values) => values.len() as u64,
                    _ => 1,
                });
                let cost = costs.fold(0, u64::saturating_add).saturating_mul(place.times);
                // For a promoter the id is looked up among the rows that it sees.
                let looks_up = entity.field(name).is_some_and(|field| matches!(field.kind, Kind::RelatedId(_)));
                sum += Work { joins: if looks_up { comparisons.len() as u64 } else { 0 }, cost };
            }
            _ => {}
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::graphql::catalog::CATALOG;

    /// As if every text were a text.
    fn input(value: &Value) -> Input {
        match value {
            Value::Object(fields) => {
                Input::Object(fields.iter().map(|(name, value)| (name.clone(), input(value))).collect())
            }
            Value::Array(items) => Input::List(items.iter().map(input).collect()),
            other => Input::Text(other.to_string()),
        }
    }

    fn of(filter: &Value) -> (u64, u64) {
        let work = work(&CATALOG, CATALOG.get("Lead").unwrap(), &input(filter));
        (work.joins, work.cost)
    }

    #[test]
    fn comparing_is_cheap_and_looking_at_other_rows_is_not() {
        assert_eq!(of(&json!({})), (0, 0));
        assert_eq!(of(&json!({"uid": {"eq": "a", "in": ["b", "c"]}})), (0, 3));
        assert_eq!(of(&json!({"email": {"contains": "a"}})), (0, 100));
        assert_eq!(of(&json!({"promotion": {"campaign": {"name": {"eq": "a"}}}})), (4, 201));
        assert_eq!(of(&json!({"commissions": {"some": {"status": {"eq": "a"}}}})), (2, 110));
        assert_eq!(of(&json!({"commissions": {"some": {}, "none": {}}})), (4, 200));
        assert_eq!(of(&json!({"events": {"some": {}}})), (2, 100));
    }

    #[test]
    fn relations_behind_many_rows_cost_as_many_times_more() {
        let one = json!({"promotion": {"leads": {"some": {"commissions": {"some": {"reward": {}}}}}}});
        assert_eq!(of(&one), (8, 100 + 100 + 1_000 + 10_000));
        for combined in ["and", "or"] {
            assert_eq!(of(&json!({combined: vec![one.clone(); 20]})), (160, 224_000));
        }
        assert_eq!(of(&json!({"not": one})), (8, 11_200));
    }

    #[test]
    fn going_down_to_the_same_rows_again_costs_a_hundred_times_more() {
        let down = |inner: Value| json!({"promoter": {"leads": {"none": inner}}});
        assert_eq!(of(&down(json!({}))), (4, 200));
        assert_eq!(of(&down(down(json!({})))), (8, 200 + 1_000 + 100_000));
        // As they do who share rows with many others.
        let paid = json!({"commissions": {"some": {"payouts": {"some": {"commissions": {"some": {}}}}}}});
        assert_eq!(of(&paid), (6, 100 + 1_000 + 1_000_000));
    }

    #[test]
    fn comparing_the_id_of_another_row_is_like_a_relation() {
        assert_eq!(of(&json!({"promotionId": {"eq": "a", "ne": "b"}, "id": {"eq": "c"}})), (2, 3));
    }
}
