//! `filter` arguments as SQL predicates.
//!
//! A comparator never holds for null (except `isNull`), and `not` means "is not true".

use indexmap::IndexMap;

mod compare;
mod cost;

pub use cost::{ASSUMED_ROWS, FilterCost, filter_cost, order_cost};

use super::{
    error::ReadError,
    model::{EntityField, EntityType, Link, Relation},
    params::Params,
    scope,
    scoped_sql::{ViewerScope, and_listed},
    selection::ArgumentValue,
};

/// Maximal nesting of `and`, `or`, `not` and relations.
pub const MAX_DEPTH: usize = 6;
/// Maximal number of comparisons, relations and combined filters in one filter.
pub const MAX_TERMS: usize = 200;
/// The name of that limit.
pub const TERMS: &str = "filterTerms";
/// Maximal length of the lists of `in` and `notIn`.
pub const MAX_LIST: usize = 1_000;

type Fields = IndexMap<String, ArgumentValue>;

/// Builds the predicates of one statement.
pub struct FilterBuilder<'a> {
    view: ViewerScope,
    params: &'a mut Params,
    aliases: usize,
    terms: usize,
}

/// A filter as a predicate over the row `alias`.
///
/// # Errors
/// When the filter compares a field that is hidden from the viewer, holds a null, or is too large.
pub fn predicate(
    view: ViewerScope,
    entity: &EntityType,
    filter: &ArgumentValue,
    alias: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let mut builder = FilterBuilder { view, params, aliases: 0, terms: 0 };
    builder.object(entity, filter, alias, "filter", 1)
}

/// The comparison of one field, as it stands in a filter, as a predicate over the row `alias`.
///
/// # Errors
/// As [`predicate`].
pub fn comparison(
    view: ViewerScope,
    entity: &EntityType,
    field: &EntityField,
    comparators: &ArgumentValue,
    alias: &str,
    path: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    FilterBuilder { view, params, aliases: 0, terms: 0 }.field(entity, field, comparators, alias, path)
}

impl FilterBuilder<'_> {
    fn object(
        &mut self,
        entity: &EntityType,
        filter: &ArgumentValue,
        alias: &str,
        path: &str,
        depth: usize,
    ) -> Result<String, ReadError> {
        if depth > MAX_DEPTH {
            let message = format!("`{path}` nests deeper than {MAX_DEPTH} levels");
            return Err(ReadError::over(message, "filterDepth", MAX_DEPTH as u64, depth as u64));
        }
        self.count()?;
        let fields = object(filter, path)?;
        let mut parts = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let path = format!("{path}.{name}");
            parts.push(match name.as_str() {
                "and" => self.list(entity, value, alias, &path, depth, (" and ", "1 = 1"))?,
                "or" => self.list(entity, value, alias, &path, depth, (" or ", "1 = 0"))?,
                "not" => format!("({}) is not true", self.object(entity, value, alias, &path, depth + 1)?),
                _ => match (entity.relation(name), entity.field(name)) {
                    (Some(relation), _) => self.relation(entity, relation, value, alias, &path, depth)?,
                    (None, Some(field)) => self.field(entity, field, value, alias, &path)?,
                    (None, None) => return Err(ReadError::bad(format!("`{path}` is not a field"))),
                },
            });
        }
        Ok(all(&parts))
    }

    /// Counts a term: everything that becomes text of the statement.
    fn count(&mut self) -> Result<(), ReadError> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            let message = format!("`filter` holds more than {MAX_TERMS} terms");
            return Err(ReadError::over(message, TERMS, MAX_TERMS as u64, self.terms as u64));
        }
        Ok(())
    }

    fn list(
        &mut self,
        entity: &EntityType,
        value: &ArgumentValue,
        alias: &str,
        path: &str,
        depth: usize,
        (separator, empty): (&str, &str),
    ) -> Result<String, ReadError> {
        let ArgumentValue::List(items) = value else { return Err(null(path)) };
        let mut parts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            parts.push(self.object(entity, item, alias, &format!("{path}.{index}"), depth + 1)?);
        }
        Ok(if parts.is_empty() { empty.to_owned() } else { format!("({})", parts.join(separator)) })
    }

    fn relation(
        &mut self,
        entity: &EntityType,
        relation: &Relation,
        value: &ArgumentValue,
        alias: &str,
        path: &str,
        depth: usize,
    ) -> Result<String, ReadError> {
        if matches!(relation.link, Link::ToOne { .. }) {
            return self.exists(entity, relation, (value, false), alias, path, depth);
        }
        let mut parts = Vec::new();
        for (quantifier, value) in object(value, path)? {
            let path = format!("{path}.{quantifier}");
            let fails = quantifier == "every";
            let exists = self.exists(entity, relation, (value, fails), alias, &path, depth)?;
            parts.push(if quantifier == "some" { exists } else { format!("not {exists}") });
        }
        Ok(all(&parts))
    }

    /// A related row passes the filter; or, if `fails`, one does not.
    fn exists(
        &mut self,
        entity: &EntityType,
        relation: &Relation,
        (value, fails): (&ArgumentValue, bool),
        alias: &str,
        path: &str,
        depth: usize,
    ) -> Result<String, ReadError> {
        let target = self
            .view
            .catalog
            .get(relation.target)
            .ok_or_else(|| ReadError::internal(format!("{} is not declared", relation.target)))?;
        self.view.may_read(target)?;
        self.aliases += 1;
        let other = format!("f{}", self.aliases);
        let mut inner = self.object(target, value, &other, path, depth + 1)?;
        if fails {
            inner = format!("({inner}) is not true");
        }
        let (rows, joined) = self.view.related(relation, entity, target, alias, &other, self.params);
        let visible = self.view.and_visible(target, relation.linked, &other, self.params);
        let followed = self.view.and_followed(entity, alias, self.params);
        let listed = match relation.link {
            Link::ToOne { .. } => String::new(),
            Link::ToMany { .. } | Link::Through { .. } | Link::Over { .. } => and_listed(target, false, &other),
        };
        Ok(format!("exists (select 1 from {rows} where {joined}{visible}{listed}{followed} and {inner})"))
    }

    fn field(
        &mut self,
        entity: &EntityType,
        field: &EntityField,
        value: &ArgumentValue,
        alias: &str,
        path: &str,
    ) -> Result<String, ReadError> {
        if !scope::may_compare(&scope::access(self.view.viewer, entity, field)) {
            return Err(ReadError::Forbidden(format!(
                "`{path}` needs a token that sees {}.{}",
                entity.name, field.name
            )));
        }
        let mut parts = Vec::new();
        for (comparator, operand) in object(value, path)? {
            self.count()?;
            let path = format!("{path}.{comparator}");
            let target = compare::ComparedField { entity, field, alias, path: &path };
            parts.push(compare::predicate(self.view, &target, comparator, operand, self.params)?);
        }
        Ok(all(&parts))
    }
}

fn all(parts: &[String]) -> String {
    if parts.is_empty() { "1 = 1".to_owned() } else { format!("({})", parts.join(" and ")) }
}

fn object<'a>(value: &'a ArgumentValue, path: &str) -> Result<&'a Fields, ReadError> {
    match value {
        ArgumentValue::Object(fields) => Ok(fields),
        _ => Err(null(path)),
    }
}

fn null(path: &str) -> ReadError {
    ReadError::bad(format!("`{path}` is null: leave it out, or compare with `isNull`"))
}
