//! Relations: `SeaORM`'s own, which the entities declare.
//!
//! A wrong declaration panics at the start, before anything is served.

use std::borrow::Cow;

use sea_orm::{EntityTrait, Identity, Related, RelationDef, RelationTrait, RelationType, sea_query::TableRef};

use super::{EntityField, EntityType, FieldKind};

/// A relation between rows of two types.
#[derive(Clone, Debug)]
pub struct Relation {
    /// GraphQL name.
    pub name: &'static str,
    /// Its description in the schema.
    pub description: &'static str,
    /// The other type's table.
    pub table: String,
    /// The other type's GraphQL name.
    pub target: &'static str,
    /// How its rows are found.
    pub link: Link,
    /// Whether it reaches the other type's `linked_rows`: a promoter's parent and children.
    pub linked: bool,
}

/// How related rows are found.
#[derive(Clone, Debug)]
pub enum Link {
    /// This row's column holds the other row's key (or, for a profile, both share their key).
    ToOne {
        /// The column here.
        column: &'static str,
    },
    /// The other rows' column holds this row's key.
    ToMany {
        /// The column there.
        column: &'static str,
    },
    /// Many to many over a table of pairs. Pairs are unique, and there is an index on (parent, child).
    Through {
        /// The table of pairs.
        table: String,
        /// Its column with this row's key, a 64-bit integer.
        parent: &'static str,
        /// Its column with the other row's key.
        child: &'static str,
        /// Whether pairs are mirrored rows, of which stubs and deleted ones do not count.
        mirrored: bool,
    },
    /// One to many to many, over the rows of a type between: campaign, promotions, leads. Rows between may be deleted,
    /// but a viewer follows only those that it sees.
    Over {
        /// The table of the rows between.
        table: String,
        /// Its column with this row's key.
        parent: &'static str,
        /// Its key.
        key: &'static str,
        /// The other rows' column with the key of the row between.
        column: &'static str,
    },
}

impl Link {
    /// Excludes pairs `alias` that do not count, with a leading ` and `; empty if all count.
    #[must_use]
    pub fn and_paired(&self, alias: &str) -> String {
        match self {
            Self::Through { mirrored: true, .. } => format!(" and not {alias}.is_stub and {alias}.deleted_at is null"),
            _ => String::new(),
        }
    }
}

impl EntityType {
    /// Adds a to-one relation, and the field `...Id` beside it.
    ///
    /// # Panics
    /// When `relation` is not one of this table's, or not over a single column.
    #[must_use]
    pub fn to_one(mut self, name: &'static str, relation: impl RelationTrait, description: &'static str) -> Self {
        let column = only(&relation.def().from_col);
        let mut id = EntityField::new(column, FieldKind::RelatedId(name), &format!("The `id` of `{name}`."));
        id.name = format!("{name}Id");
        self.fields.push(id);
        self.to_one_without_id(name, relation, description)
    }

    /// Adds a to-one relation whose id is not a field of its own.
    ///
    /// # Panics
    /// As [`Self::to_one`] does.
    #[expect(clippy::needless_pass_by_value, reason = "a declaration names the variant, and keeps none")]
    #[must_use]
    pub fn to_one_without_id(
        self,
        name: &'static str,
        relation: impl RelationTrait,
        description: &'static str,
    ) -> Self {
        let def = relation.def();
        assert!(def.rel_type == RelationType::HasOne, "{}.{name}: {relation:?} leads to many rows", self.name);
        let link = Link::ToOne { column: only(&def.from_col) };
        self.related(name, &def, &def, link, description)
    }

    /// Adds a to-many relation.
    ///
    /// # Panics
    /// As [`Self::to_one`] does.
    #[expect(clippy::needless_pass_by_value, reason = "a declaration names the variant, and keeps none")]
    #[must_use]
    pub fn to_many(self, name: &'static str, relation: impl RelationTrait, description: &'static str) -> Self {
        let def = relation.def();
        assert!(def.rel_type == RelationType::HasMany, "{}.{name}: {relation:?} leads to one row", self.name);
        let link = Link::ToMany { column: only(&def.to_col) };
        self.related(name, &def, &def, link, description)
    }

    /// Adds a to-many relation from the entity `E` to the entity `T` over a table of pairs.
    ///
    /// # Panics
    /// As [`Self::to_one`] does, and when no table of pairs is between the two.
    #[must_use]
    pub fn through<E: Related<T>, T: EntityTrait>(self, name: &'static str, description: &'static str) -> Self {
        let Some(pairs) = E::via() else { panic!("{}.{name} leads over no table of pairs", self.name) };
        let target = E::to();
        let (parent, child) = (only(&pairs.to_col), only(&target.from_col));
        let link = Link::Through { table: table(&pairs.to_tbl), parent, child, mirrored: false };
        self.related(name, &pairs, &target, link, description)
    }

    /// Adds a to-many relation over the rows of a type between, by a relation to them and one of theirs.
    ///
    /// # Panics
    /// As [`Self::to_many`] does.
    #[expect(clippy::needless_pass_by_value, reason = "a declaration names the variants, and keeps none")]
    #[must_use]
    pub fn over(
        self,
        name: &'static str,
        first: impl RelationTrait,
        second: impl RelationTrait,
        description: &'static str,
    ) -> Self {
        let (between, last) = (first.def(), second.def());
        let joined = table(&between.to_tbl) == table(&last.from_tbl);
        assert!(joined, "{}.{name}: {second:?} does not lead on from {first:?}", self.name);
        assert!(last.rel_type == RelationType::HasMany, "{}.{name}: {second:?} leads to one row", self.name);
        let (parent, key, column) = (only(&between.to_col), only(&last.from_col), only(&last.to_col));
        let link = Link::Over { table: table(&between.to_tbl), parent, key, column };
        self.related(name, &between, &last, link, description)
    }

    /// `first` leads away from this table, `last` to the other type's.
    fn related(
        mut self,
        name: &'static str,
        first: &RelationDef,
        last: &RelationDef,
        link: Link,
        description: &'static str,
    ) -> Self {
        let from = table(&first.from_tbl);
        assert!(from == self.table, "{}.{name} leads from the table `{from}`, not from `{}`", self.name, self.table);
        // The name of the type is known once all types are: see `Catalog::new`.
        self.relations.push(Relation {
            name,
            description,
            table: table(&last.to_tbl),
            target: "",
            link,
            linked: false,
        });
        self
    }

    /// The pairs of the last relation are mirrored rows: deleted ones do not count.
    #[must_use]
    pub fn mirrored_pairs(mut self) -> Self {
        if let Some(Link::Through { mirrored, .. }) = self.relations.last_mut().map(|relation| &mut relation.link) {
            *mirrored = true;
        }
        self
    }

    /// Lets the last relation reach the other type's `linked_rows`.
    #[must_use]
    pub fn linked(mut self) -> Self {
        if let Some(relation) = self.relations.last_mut() {
            relation.linked = true;
        }
        self
    }
}

fn table(table: &TableRef) -> String {
    table.sea_orm_table().to_string()
}

/// The one column of a key.
fn only(columns: &Identity) -> &'static str {
    match columns {
        Identity::Unary(column) => match column.inner() {
            Cow::Borrowed(name) => name,
            Cow::Owned(name) => panic!("`{name}` is not a plain name of a column"),
        },
        several => panic!("a relation over one column is expected, not over {several:?}"),
    }
}

#[cfg(test)]
mod tests {
    use entity::{commission, lead, promoter};

    use super::*;
    use crate::read::model::Catalog;

    fn lead() -> EntityType {
        EntityType::new::<lead::Entity>("Lead", ("lead", "leads"), lead::Column::Id, "")
    }

    #[test]
    fn a_relation_is_the_one_that_the_entity_declares() {
        let promoter = EntityType::new::<promoter::Entity>("Promoter", ("", ""), promoter::Column::Id, "");
        let lead = lead().to_one("split", lead::Relation::Promoter, "");
        let catalog = Catalog::new([lead, promoter]);
        let lead = catalog.get("Lead").unwrap();
        assert_eq!(lead.field("splitId").unwrap().column, "promoter_id");
        let relation = lead.relation("split").unwrap();
        assert_eq!((relation.table.as_str(), relation.target), ("promoter", "Promoter"));
        assert!(matches!(relation.link, Link::ToOne { column: "promoter_id" }));
    }

    #[test]
    #[should_panic(expected = "Lead.promoter leads from the table `commission`, not from `lead`")]
    fn the_relation_of_another_entity_is_refused() {
        let _ = lead().to_one("promoter", commission::Relation::Promoter, "");
    }

    #[test]
    #[should_panic(expected = "Lead.commissions: Commissions leads to many rows")]
    fn a_relation_to_many_rows_is_no_relation_to_one() {
        let _ = lead().to_one_without_id("commissions", lead::Relation::Commissions, "");
    }

    #[test]
    #[should_panic(expected = "Lead.promoter: Promoter leads to one row")]
    fn a_relation_to_one_row_is_no_relation_to_many() {
        let _ = lead().to_many("promoter", lead::Relation::Promoter, "");
    }

    #[test]
    #[should_panic(expected = "Lead.promoter: no type is read from the table `promoter`")]
    fn a_relation_leads_to_a_type_of_the_catalogue() {
        let _ = Catalog::new([lead().to_one("promoter", lead::Relation::Promoter, "")]);
    }

    #[test]
    #[should_panic(expected = "Lead.promoter leads over no table of pairs")]
    fn a_relation_over_pairs_has_a_table_of_pairs() {
        let _ = lead().through::<lead::Entity, promoter::Entity>("promoter", "");
    }
}
