//! SQL expressions over rows and fields within a viewer's scope: every statement is made of these.

use super::{
    error::ReadError,
    model::{Catalog, EntityField, EntityType, FieldKind, Link, Owner, Relation},
    params::Params,
    scope::{self, Access},
};
use crate::auth::ViewerClass;

/// The viewer and the types: builds expressions that hide what the viewer does not see.
#[derive(Clone, Copy, Debug)]
pub struct ViewerScope {
    /// The types.
    pub catalog: &'static Catalog,
    /// The viewer's class.
    pub viewer: ViewerClass,
}

impl ViewerScope {
    /// The field of the row `alias`: its column, null where it is hidden.
    #[must_use]
    pub fn field(&self, entity: &EntityType, field: &EntityField, alias: &str, params: &mut Params) -> String {
        let access = scope::access(self.viewer, entity, field);
        if let Some((relation, target)) = self.narrowed_relation(entity, field) {
            // A hidden relation hides its id too: take the id from the rows that the viewer sees.
            let rows = scope::rows(self.viewer, target, relation.linked, "r", params).unwrap_or_default();
            let (table, key, column) = (target.table, target.key, field.column);
            let id = format!("(select r.{key} from {table} r where r.{key} = {alias}.{column} and {rows})");
            return match (access, self.viewer) {
                (Access::Where(predicate), ViewerClass::Promoter) => {
                    format!("case when {} then {id} end", scope::fill(predicate, alias, params))
                }
                _ => id,
            };
        }
        shown(field, alias, scope::guarded(&access, self.viewer, field.column, alias, "null", params))
    }

    /// The column of a field for a comparison, unguarded so that its index is used, and a predicate that must hold too.
    /// A comparison with a hidden value is never true, and `not` means "is not true": so a filter reveals no more than
    /// the field does.
    #[must_use]
    pub fn compared(
        &self,
        entity: &EntityType,
        field: &EntityField,
        column: &str,
        alias: &str,
        params: &mut Params,
    ) -> (String, Option<String>) {
        if self.narrowed_relation(entity, field).is_some() {
            return (self.field(entity, field, alias, params), None);
        }
        let guard = match (scope::access(self.viewer, entity, field), self.viewer) {
            (Access::Where(predicate), ViewerClass::Promoter) => Some(scope::fill(predicate, alias, params)),
            _ => None,
        };
        (shown(field, alias, format!("{alias}.{column}")), guard)
    }

    fn narrowed_relation<'b>(
        &self,
        entity: &'b EntityType,
        field: &EntityField,
    ) -> Option<(&'b Relation, &'static EntityType)> {
        let (FieldKind::RelatedId(name), ViewerClass::Promoter) = (field.kind, self.viewer) else { return None };
        let relation = entity.relation(name)?;
        Some((relation, self.catalog.get(relation.target)?))
    }

    /// Refuses a type that only an admin may read, at the root as in relations and filters.
    ///
    /// # Errors
    /// When the viewer is no admin.
    pub fn may_read(&self, entity: &EntityType) -> Result<(), ReadError> {
        if entity.admin_only && self.viewer != ViewerClass::Admin {
            return Err(ReadError::Forbidden(format!("{} needs an admin token", entity.name)));
        }
        Ok(())
    }

    /// The predicate that allows following relations of the row `alias`, with a leading ` and `: of its parent and
    /// children a promoter sees the id only.
    #[must_use]
    pub fn and_followed(&self, entity: &EntityType, alias: &str, params: &mut Params) -> String {
        match (self.viewer, entity.owner) {
            (ViewerClass::Promoter, Owner::OfRow(own)) => format!(" and {}", scope::fill(own, alias, params)),
            _ => String::new(),
        }
    }

    /// The rows of a type that the viewer sees, with a leading ` and `; empty when all.
    #[must_use]
    pub fn and_visible(&self, entity: &EntityType, linked: bool, alias: &str, params: &mut Params) -> String {
        scope::rows(self.viewer, entity, linked, alias, params).map_or_else(String::new, |rows| format!(" and {rows}"))
    }

    /// The rows `alias` of a table between two types that the viewer may follow, with a leading ` and `.
    #[must_use]
    pub fn and_between(&self, table: &str, alias: &str, params: &mut Params) -> String {
        self.catalog.of_table(table).map_or_else(String::new, |between| self.and_visible(between, false, alias, params))
    }

    /// The `from` clause of a relation's rows `other`, and the predicate that joins them to `alias`.
    #[must_use]
    pub fn related(
        &self,
        relation: &Relation,
        entity: &EntityType,
        target: &EntityType,
        alias: &str,
        other: &str,
        params: &mut Params,
    ) -> (String, String) {
        let rows = format!("{} {other}", target.table);
        match &relation.link {
            Link::ToOne { column } => (rows, format!("{other}.{} = {alias}.{column}", target.key)),
            Link::ToMany { column } => (rows, format!("{other}.{column} = {alias}.{}", entity.key)),
            Link::Through { table, parent, child, .. } => (
                format!("{table} {other}l cross join {rows}"),
                format!(
                    "{other}l.{parent} = {alias}.{} and {other}.{} = {other}l.{child}{}",
                    entity.key,
                    target.key,
                    relation.link.and_paired(&format!("{other}l"))
                ),
            ),
            Link::Over { table, parent, key, column } => (
                format!("{table} {other}l cross join {rows}"),
                format!(
                    "{other}l.{parent} = {alias}.{} and {other}.{column} = {other}l.{key}{}",
                    entity.key,
                    self.and_between(table, &format!("{other}l"), params)
                ),
            ),
        }
    }
}

/// A field's column, or its replacement.
fn shown(field: &EntityField, alias: &str, column: String) -> String {
    match field.instead {
        None => column,
        Some((none, "null")) => format!("nullif({column}, {none})"),
        Some((none, other)) => format!("(case when {column} = {none} then {alias}.{other} else {column} end)"),
    }
}

/// Excludes what lists do not show, with a leading ` and `: stubs, and deleted rows unless requested.
#[must_use]
pub fn and_listed(entity: &EntityType, deleted_too: bool, alias: &str) -> String {
    match (entity.mirrored, deleted_too) {
        (false, _) => String::new(),
        (true, true) => format!(" and not {alias}.is_stub"),
        (true, false) => format!(" and not {alias}.is_stub and {alias}.deleted_at is null"),
    }
}
