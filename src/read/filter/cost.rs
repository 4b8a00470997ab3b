//! Estimates the cost of a filter before it is sent to the database.

use std::ops::AddAssign;

use crate::read::{
    model::{Catalog, EntityType, FieldKind, Link, constant_case},
    selection::ArgumentValue,
};

/// Assumed rows that a relation, a search or a count scans.
pub const ASSUMED_ROWS: u64 = 100;
/// Joined relations that are planned as quickly as one relation in a filter.
const JOINS: u64 = 2;
/// Assumed rows behind a to-many relation.
const FAN_OUT: u64 = 10;
/// How often the same rows are scanned where a filter goes to many, back to one, and to many again.
const AGAIN: u64 = 100;

/// The cost of applying a filter once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilterCost {
    /// Relations that it adds to the statement, as equivalent joins.
    pub joins: u64,
    /// Rows that relations and searches scan, and values that are compared.
    pub rows: u64,
}

impl AddAssign for FilterCost {
    fn add_assign(&mut self, other: Self) {
        self.joins = self.joins.saturating_add(other.joins);
        self.rows = self.rows.saturating_add(other.rows);
    }
}

/// The cost of a filter over rows of this type. An invalid filter costs nothing: it is refused later.
#[must_use]
pub fn filter_cost(catalog: &Catalog, entity: &EntityType, filter: &ArgumentValue) -> FilterCost {
    object(catalog, entity, filter, Position { times: 1, shared: None })
}

/// The cost of ordering a list of this type by these terms: the rows of a relation are counted for each row.
#[must_use]
pub fn order_cost(entity: &EntityType, order: &ArgumentValue) -> FilterCost {
    let mut sum = FilterCost::default();
    let ArgumentValue::List(terms) = order else { return sum };
    for term in terms {
        let ArgumentValue::Object(parts) = term else { continue };
        let Some(ArgumentValue::Enum(name)) = parts.get("field") else { continue };
        let Some((_, relation)) = entity.counts().find(|(count, _)| constant_case(count) == *name) else { continue };
        let (_, counted) = Position { times: 1, shared: None }.behind(&relation.link);
        // It is in the statement twice: to find the page, and to sort its rows.
        sum += FilterCost { joins: 2 * JOINS, rows: ASSUMED_ROWS.saturating_mul(counted.times) };
    }
    sum
}

/// Where in a filter something stands.
#[derive(Clone, Copy)]
struct Position {
    /// Rows that are scanned for each row of the list.
    times: u64,
    /// Behind a to-many relation: whether several rows may lead to the same one.
    shared: Option<bool>,
}

impl Position {
    /// The nesting behind a relation, and how often the relation is followed.
    fn behind(self, link: &Link) -> (u64, Self) {
        let Self { times, shared } = self;
        if let Link::ToOne { .. } = link {
            return (times, Self { times, shared: shared.map(|_| true) });
        }
        // Downwards each row is reached once, as in a tree.
        let looked = if shared == Some(true) { times.saturating_mul(AGAIN) } else { times };
        let shared = shared == Some(true) || matches!(link, Link::Through { .. });
        // A relation over a type between costs as much as the two that it is made of.
        let between = if matches!(link, Link::Over { .. }) { FAN_OUT } else { 1 };
        let looked = looked.saturating_mul(between);
        (looked, Self { times: looked.saturating_mul(FAN_OUT), shared: Some(shared) })
    }
}

fn object(catalog: &Catalog, entity: &EntityType, filter: &ArgumentValue, place: Position) -> FilterCost {
    let mut sum = FilterCost::default();
    let ArgumentValue::Object(fields) = filter else { return sum };
    for (name, value) in fields {
        if let Some(relation) = entity.relation(name) {
            let Some(target) = catalog.get(relation.target) else { continue };
            let (looked, below) = place.behind(&relation.link);
            let filters = match (&relation.link, value) {
                (Link::ToOne { .. }, filter) => vec![filter],
                (_, ArgumentValue::Object(quantified)) => quantified.values().collect(),
                _ => Vec::new(),
            };
            for filter in filters {
                sum += FilterCost { joins: JOINS, rows: ASSUMED_ROWS.saturating_mul(looked) };
                sum += object(catalog, target, filter, below);
            }
            continue;
        }
        match value {
            ArgumentValue::List(filters) => {
                for filter in filters {
                    sum += object(catalog, entity, filter, place);
                }
            }
            ArgumentValue::Object(_) if name == "not" => sum += object(catalog, entity, value, place),
            ArgumentValue::Object(comparisons) => {
                let costs = comparisons.iter().map(|(comparator, operand)| match operand {
                    _ if matches!(comparator.as_str(), "contains" | "startsWith") => ASSUMED_ROWS,
                    operand => operand.items().map_or(1, |items| items as u64),
                });
                let rows = costs.fold(0, u64::saturating_add).saturating_mul(place.times);
                // For a promoter the id is looked up among the rows that it sees.
                let looks_up = entity.field(name).is_some_and(|field| matches!(field.kind, FieldKind::RelatedId(_)));
                sum += FilterCost { joins: if looks_up { comparisons.len() as u64 } else { 0 }, rows };
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

    /// Converts JSON, scalars as text.
    fn input(value: &Value) -> ArgumentValue {
        match value {
            Value::Object(fields) => {
                ArgumentValue::Object(fields.iter().map(|(name, value)| (name.clone(), input(value))).collect())
            }
            Value::Array(items) => ArgumentValue::List(items.iter().map(input).collect()),
            other => ArgumentValue::Text(other.to_string()),
        }
    }

    fn of(filter: &Value) -> (u64, u64) {
        let cost = filter_cost(&CATALOG, CATALOG.get("Lead").unwrap(), &input(filter));
        (cost.joins, cost.rows)
    }

    #[test]
    fn comparisons_are_cheap_and_scans_of_other_rows_are_not() {
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
        // Also over a table of pairs.
        let paid = json!({"commissions": {"some": {"payouts": {"some": {"commissions": {"some": {}}}}}}});
        assert_eq!(of(&paid), (6, 100 + 1_000 + 1_000_000));
    }

    #[test]
    fn a_relation_over_a_type_between_costs_as_much_as_both() {
        let campaigns = |filter: Value| filter_cost(&CATALOG, CATALOG.get("Campaign").unwrap(), &input(&filter)).rows;
        let below = json!({"commissions": {"every": {}}});
        assert_eq!(campaigns(json!({"leads": {"some": below}})), 1_000 + 10_000);
        assert_eq!(campaigns(json!({"promotions": {"some": {"leads": {"some": below}}}})), 100 + 1_000 + 10_000);
    }

    #[test]
    fn comparing_the_id_of_another_row_is_like_a_relation() {
        assert_eq!(of(&json!({"promotionId": {"eq": "a", "ne": "b"}, "id": {"eq": "c"}})), (2, 3));
    }
}
