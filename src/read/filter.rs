//! `filter` arguments as predicates.
//!
//! A comparator never holds for null (except `isNull`), and `not` means "is not true".

use indexmap::IndexMap;

mod compare;
mod work;

pub use work::{SCANNED, Work, work};

use super::{
    error::ReadError,
    expression::{View, and_listed, related},
    model::{EntityType, Field, Link, Relation},
    scope,
    selection::Input,
    sql::Params,
};

/// How deep filters may nest: `and`, `or`, `not` and relations.
pub const MAX_DEPTH: usize = 6;
/// How many comparisons, relations and combined filters one filter may hold.
pub const MAX_TERMS: usize = 200;
/// What that limit is called.
pub const TERMS: &str = "filterTerms";
/// How long the list of `in` and `notIn` may be.
pub const MAX_LIST: usize = 1_000;

type Fields = IndexMap<String, Input>;

/// Builds the predicates of one statement.
pub struct Filter<'a> {
    view: View<'a>,
    params: &'a mut Params,
    aliases: usize,
    terms: usize,
}

/// The predicate over the row `alias` that a filter asks for.
///
/// # Errors
/// When the filter compares what the viewer may not see, holds a null, or is too large.
pub fn predicate(
    view: View<'_>,
    entity: &EntityType,
    filter: &Input,
    alias: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let mut builder = Filter { view, params, aliases: 0, terms: 0 };
    builder.object(entity, filter, alias, "filter", 1)
}

impl Filter<'_> {
    fn object(
        &mut self,
        entity: &EntityType,
        filter: &Input,
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

    /// One term more: everything that becomes text in the statement.
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
        value: &Input,
        alias: &str,
        path: &str,
        depth: usize,
        (separator, empty): (&str, &str),
    ) -> Result<String, ReadError> {
        let Input::List(items) = value else { return Err(null(path)) };
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
        value: &Input,
        alias: &str,
        path: &str,
        depth: usize,
    ) -> Result<String, ReadError> {
        if matches!(relation.link, Link::ToOne { .. }) {
            return self.exists(entity, relation, value, alias, path, depth);
        }
        let mut parts = Vec::new();
        for (quantifier, value) in object(value, path)? {
            let path = format!("{path}.{quantifier}");
            let exists = self.exists(entity, relation, value, alias, &path, depth)?;
            parts.push(if quantifier == "none" { format!("not {exists}") } else { exists });
        }
        Ok(all(&parts))
    }

    fn exists(
        &mut self,
        entity: &EntityType,
        relation: &Relation,
        value: &Input,
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
        let inner = self.object(target, value, &other, path, depth + 1)?;
        let (rows, joined) = related(relation, entity, target, alias, &other);
        let visible = self.view.and_visible(target, relation.linked, &other, self.params);
        let followed = self.view.and_followed(entity, alias, self.params);
        let listed = match relation.link {
            Link::ToMany { .. } | Link::Through { .. } => and_listed(target, false, &other),
            Link::ToOne { .. } => String::new(),
        };
        Ok(format!("exists (select 1 from {rows} where {joined}{visible}{listed}{followed} and {inner})"))
    }

    fn field(
        &mut self,
        entity: &EntityType,
        field: &Field,
        value: &Input,
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
            let target = compare::Target { entity, field, alias, path: &path };
            parts.push(compare::predicate(self.view, &target, comparator, operand, self.params)?);
        }
        Ok(all(&parts))
    }
}

fn all(parts: &[String]) -> String {
    if parts.is_empty() { "1 = 1".to_owned() } else { format!("({})", parts.join(" and ")) }
}

fn object<'a>(value: &'a Input, path: &str) -> Result<&'a Fields, ReadError> {
    match value {
        Input::Object(fields) => Ok(fields),
        _ => Err(null(path)),
    }
}

fn null(path: &str) -> ReadError {
    ReadError::bad(format!("`{path}` is null: leave it out, or compare with `isNull`"))
}
