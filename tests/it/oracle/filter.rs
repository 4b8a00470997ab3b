//! `filter` arguments: their errors, and the rows that pass. A comparator never holds for null
//! (`isNull` aside), and `not` means "is not true".

use std::cmp::Ordering;

use promograph::{
    auth::Viewer,
    read::model::{EntityField, EntityType, FieldKind, Link},
};

use super::{
    dataset::{Cell, Row},
    ids::{self, entity},
    input::Given,
    interpret::{BAD_USER_INPUT, FORBIDDEN, Faults},
    json::enum_value,
    visibility::ViewerAccess,
};

/// Collects the errors of a filter.
pub fn check(visibility: &ViewerAccess<'_>, of: &EntityType, filter: &Given, faults: &mut Faults) {
    let Some(fields) = object(filter, faults) else { return };
    for (name, value) in fields {
        match (name.as_str(), of.relation(name), of.field(name)) {
            ("and" | "or", ..) => match value {
                Given::List(filters) => filters.iter().for_each(|filter| check(visibility, of, filter, faults)),
                _ => faults.add(BAD_USER_INPUT),
            },
            ("not", ..) => check(visibility, of, value, faults),
            (_, Some(relation), _) if matches!(relation.link, Link::ToOne { .. }) => {
                check(visibility, entity(relation.target), value, faults);
            }
            (_, Some(relation), _) => {
                let Some(quantified) = object(value, faults) else { continue };
                for filter in quantified.values() {
                    if relation.target == "WebhookEvent" && visibility.viewer != Viewer::Admin {
                        faults.add(FORBIDDEN);
                    }
                    check(visibility, entity(relation.target), filter, faults);
                }
            }
            (_, None, field) => {
                let field = field.expect("filters name fields and relations");
                if !visibility.may_name(of, name) {
                    faults.add(FORBIDDEN);
                }
                let Some(comparisons) = object(value, faults) else { continue };
                for operand in comparisons.values() {
                    check_operand(of, field, operand, faults);
                }
            }
        }
    }
}

fn object<'a>(value: &'a Given, faults: &mut Faults) -> Option<&'a std::collections::HashMap<String, Given>> {
    if let Given::Object(fields) = value {
        return Some(fields);
    }
    faults.add(BAD_USER_INPUT);
    None
}

fn check_operand(of: &EntityType, field: &EntityField, operand: &Given, faults: &mut Faults) {
    match operand {
        Given::Null => faults.add(BAD_USER_INPUT),
        Given::List(items) => items.iter().for_each(|item| check_operand(of, field, item, faults)),
        Given::Text(text) => match referred(of, field) {
            Some(target) if ids::decode_as(target, text).is_none() => faults.add(BAD_USER_INPUT),
            None if text.contains('\0') => faults.add(BAD_USER_INPUT),
            _ => {}
        },
        _ => {}
    }
}

/// The type whose ids the field holds.
fn referred(of: &EntityType, field: &EntityField) -> Option<&'static EntityType> {
    match field.kind {
        FieldKind::GlobalId => Some(entity(of.name)),
        FieldKind::RelatedId(relation) => of.relation(relation).map(|relation| entity(relation.target)),
        _ => None,
    }
}

/// Whether a row passes a filter that was checked.
pub fn passes(visibility: &ViewerAccess<'_>, of: &EntityType, filter: &Given, row: &Row) -> bool {
    let Given::Object(fields) = filter else { panic!("the filter was checked") };
    fields.iter().all(|(name, value)| match (name.as_str(), value) {
        ("and", Given::List(filters)) => filters.iter().all(|filter| passes(visibility, of, filter, row)),
        ("or", Given::List(filters)) => filters.iter().any(|filter| passes(visibility, of, filter, row)),
        ("not", filter) => !passes(visibility, of, filter, row),
        (_, Given::Object(inner)) => match (of.relation(name), of.field(name)) {
            (Some(relation), _) if matches!(relation.link, Link::ToOne { .. }) => visibility
                .related(of, name, row)
                .is_some_and(|other| passes(visibility, entity(relation.target), value, other)),
            (Some(relation), _) => inner.iter().all(|(quantifier, filter)| {
                let target = entity(relation.target);
                let rows = visibility.listed(of, name, row, false);
                let mut passing = rows.iter().map(|row| passes(visibility, target, filter, row));
                match quantifier.as_str() {
                    "some" => passing.any(|passes| passes),
                    "none" => !passing.any(|passes| passes),
                    _ => passing.all(|passes| passes),
                }
            }),
            (None, Some(field)) => {
                let cell = visibility.value(of, field, row);
                inner.iter().all(|(comparator, operand)| holds(of, field, &cell, comparator, operand))
            }
            (None, None) => panic!("{name} is neither field nor relation"),
        },
        _ => panic!("the filter was checked"),
    })
}

fn holds(of: &EntityType, field: &EntityField, cell: &Cell, comparator: &str, operand: &Given) -> bool {
    if comparator == "isNull" {
        return Given::Bool(*cell == Cell::Null) == *operand;
    }
    if *cell == Cell::Null {
        return false;
    }
    let equals = |operand: &Given| compare(of, field, cell, operand) == Some(Ordering::Equal);
    let ordering = || compare(of, field, cell, operand).expect("comparable values");
    match (comparator, operand) {
        ("eq", operand) => equals(operand),
        ("ne", operand) => !equals(operand),
        ("in", Given::List(operands)) => operands.iter().any(equals),
        ("notIn", Given::List(operands)) => !operands.iter().any(equals),
        ("lt", _) => ordering().is_lt(),
        ("lte", _) => ordering().is_le(),
        ("gt", _) => ordering().is_gt(),
        ("gte", _) => ordering().is_ge(),
        ("contains", Given::Text(part)) => folded(cell).contains(&folding::fold(part)),
        ("startsWith", Given::Text(start)) => folded(cell).starts_with(&folding::fold(start)),
        _ => panic!("{comparator} with {operand:?}"),
    }
}

fn folded(cell: &Cell) -> String {
    let Cell::Text(text) = cell else { panic!("only texts are searched") };
    folding::fold(text)
}

fn compare(of: &EntityType, field: &EntityField, cell: &Cell, operand: &Given) -> Option<Ordering> {
    if let (Some(target), Given::Text(id)) = (referred(of, field), operand) {
        return Some(cell.cmp(&ids::decode_as(target, id)?));
    }
    match (cell, operand) {
        (Cell::Int(one), Given::Int(other)) => Some(one.cmp(other)),
        (Cell::Int(ms), Given::Time(other)) => Some((i128::from(*ms) * 1_000_000).cmp(other)),
        (Cell::Bool(one), Given::Bool(other)) => Some(one.cmp(other)),
        (Cell::Text(one), Given::Text(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
        (Cell::Text(raw), Given::Enum(name)) => match field.kind {
            FieldKind::Enum(values) => Some(enum_value(values, raw).cmp(name.as_str())),
            _ => None,
        },
        _ => None,
    }
}
