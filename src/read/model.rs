//! Declarations of what can be read: types, their fields and relations, and their visibility.
//!
//! The declarations themselves are the catalogue (`graphql::catalog`): GraphQL types, filters, orders and SQL all follow
//! from one declaration for each type.

use std::collections::HashMap;

use indexmap::IndexMap;

mod aggregates;
mod case;
mod declare;
mod relation;

pub use aggregates::{MeasuredKind, Statistic};
pub use relation::{Link, Relation};

pub use case::{camel_case, constant_case};

/// All types, by GraphQL name, in the order of their declaration.
#[derive(Debug, Default)]
pub struct Catalog {
    types: IndexMap<&'static str, EntityType>,
}

impl Catalog {
    /// Collects declared types, and gives every relation the type that is read from its table.
    ///
    /// # Panics
    /// When no declared type is read from the table that a relation leads to.
    #[must_use]
    pub fn new(types: impl IntoIterator<Item = EntityType>) -> Self {
        let mut types: IndexMap<_, _> = types.into_iter().map(|declared| (declared.name, declared)).collect();
        let by_table: HashMap<_, _> = types.values().map(|declared| (declared.table, declared.name)).collect();
        for declared in types.values_mut() {
            for Relation { name, table, target, .. } in &mut declared.relations {
                *target = by_table
                    .get(table.as_str())
                    .copied()
                    .unwrap_or_else(|| panic!("{}.{name}: no type is read from the table `{table}`", declared.name));
            }
        }
        Self { types }
    }

    /// The type of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&EntityType> {
        self.types.get(name)
    }

    /// The type that is read from this table.
    #[must_use]
    pub fn of_table(&self, table: &str) -> Option<&EntityType> {
        self.iter().find(|declared| declared.table == table)
    }

    /// All types.
    pub fn iter(&self) -> impl Iterator<Item = &EntityType> {
        self.types.values()
    }

    /// The type that a root field reads, and whether it is the connection.
    #[must_use]
    pub fn root(&self, field: &str) -> Option<(&EntityType, bool)> {
        self.iter().find_map(|declared| match field {
            _ if field == declared.singular => Some((declared, false)),
            _ if field == declared.plural => Some((declared, true)),
            _ => None,
        })
    }
}

/// One GraphQL type that is read from one table.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub struct EntityType {
    /// GraphQL name, such as `Promoter`.
    pub name: &'static str,
    /// Root field for one: `promoter`.
    pub singular: &'static str,
    /// Root field for the list: `promoters`.
    pub plural: &'static str,
    /// Its description in the schema.
    pub description: &'static str,
    /// The table.
    pub table: &'static str,
    /// The key column.
    pub key: &'static str,
    /// The type of the key.
    pub key_kind: KeyKind,
    /// Whether it is a `Node` with a global `id`.
    pub node: bool,
    /// Fields in the order of the schema.
    pub fields: Vec<EntityField>,
    /// Relations in the order of the schema.
    pub relations: Vec<Relation>,
    /// Columns besides the id by which the singular root field finds one row.
    pub natural_keys: Vec<&'static str>,
    /// The default order: field name, and whether descending.
    pub default_order: (&'static str, bool),
    /// Whether rows are mirrored, so that lists leave stubs and deleted rows out.
    pub mirrored: bool,
    /// The rows that a promoter sees.
    pub own_rows: OwnRows,
    /// The rows that a promoter sees through linked relations.
    pub linked_rows: Option<OwnRows>,
    /// In which of its rows a promoter sees the guarded fields.
    pub owner: Owner,
    /// Whether only an admin may read it at all.
    pub admin_only: bool,
    /// Whether the mirror's version grows with every change of its rows, so that responses with them can be cached.
    pub versioned: bool,
}

/// The type of a key column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// FirstPromoter's 64-bit id.
    Int,
    /// Text that this server made.
    Text,
}

/// One field that is read from one column.
#[derive(Clone, Debug)]
pub struct EntityField {
    /// GraphQL name.
    pub name: String,
    /// What it means, with its unit.
    pub description: String,
    /// The column.
    pub column: &'static str,
    /// Its type: how the column is shown and compared.
    pub kind: FieldKind,
    /// Whether every row has a value that every viewer sees.
    pub required: bool,
    /// Its visibility.
    pub visibility: Visibility,
    /// The reason: what it may contain.
    pub reason: &'static str,
    /// The column that orders by this field, if lists can be ordered by it.
    pub sort: Option<SortKey>,
    /// The folded copy that `contains` and `startsWith` search.
    pub folded: Option<String>,
    /// Whether filters can use it.
    pub filterable: bool,
    /// A value of the column that means none, and the column that replaces it, or `null`.
    pub instead: Option<(i64, &'static str)>,
    /// The field with the unit of this amount. Amounts of different units are never added.
    pub measured_in: Option<&'static str>,
}

/// A NOT NULL column to order by.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The column.
    pub column: String,
    /// Whether it holds text (in byte order) or a number.
    pub text: bool,
}

/// How a column's value is shown and compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// The row's own opaque id.
    GlobalId,
    /// The opaque id of a row of another type, through this to-one relation.
    RelatedId(&'static str),
    /// 64-bit integer, a JSON number.
    BigInt,
    /// 32-bit integer.
    Int,
    /// Text.
    Text,
    /// Boolean.
    Bool,
    /// Milliseconds since 1970, shown as RFC 3339 in UTC.
    Time,
    /// 1/10,000, shown as a decimal string.
    Decimal,
    /// Text that is shown as a value of an enum.
    Enum(&'static EnumType),
    /// JSON kept as text.
    Json,
    /// A list of texts, kept as a JSON array.
    Texts,
    /// Bytes shown as text.
    Bytes,
}

/// An enum over text that the sender may extend at any time.
#[derive(Debug, PartialEq)]
pub struct EnumType {
    /// GraphQL name.
    pub name: &'static str,
    /// Its description in the schema.
    pub description: &'static str,
    /// Name, meaning, and the raw texts that mean it.
    pub values: &'static [EnumValue],
}

/// One value of an enum.
#[derive(Debug, PartialEq)]
pub struct EnumValue {
    /// GraphQL name.
    pub name: &'static str,
    /// Meaning.
    pub description: &'static str,
    /// The raw texts.
    pub raw: &'static [&'static str],
}

/// The value of every enum for a raw text that none of its values names.
pub const OTHER: &str = "OTHER";

impl EnumType {
    /// The value that a raw text means.
    #[must_use]
    pub fn value_of(&self, raw: &str) -> &'static str {
        self.values.iter().find(|value| value.raw.contains(&raw)).map_or(OTHER, |value| value.name)
    }

    /// The same as SQL, over an expression; null for null.
    #[must_use]
    pub fn value_sql(&self, raw: &str) -> String {
        let values = self.values.iter().map(|value| {
            let texts: Vec<_> = value.raw.iter().map(|raw| format!("'{raw}'")).collect();
            format!("when {raw} in ({}) then '{}'", texts.join(", "), value.name)
        });
        format!("(case when {raw} is null then null {} else '{OTHER}' end)", values.collect::<Vec<_>>().join(" "))
    }

    /// Whether it is a raw text that one of the values names, as SQL; null for null.
    #[must_use]
    pub fn is_known_sql(&self, raw: &str) -> String {
        let texts: Vec<_> = self.values.iter().flat_map(|value| value.raw).map(|raw| format!("'{raw}'")).collect();
        format!("{raw} in ({})", texts.join(", "))
    }
}

/// The visibility of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every viewer of the row; of a promoter's parent and children staff only.
    Open,
    /// Every viewer of the row, even one that sees only its id.
    Key,
    /// Contact data: needs `pii` or ownership; null without.
    Contact,
    /// Contact data: needs `pii` or ownership; a masked e-mail address without.
    ContactEmail,
    /// Admin and analyst.
    Staff,
    /// Admin, and analysts with `pii`: notes of the staff on people.
    StaffContact,
}

/// The rows that a promoter sees. In a predicate `{t}` stands for the row, `{v}` for the promoter's id.
#[derive(Clone, Copy, Debug)]
pub enum OwnRows {
    /// None.
    None,
    /// Those for which this predicate holds.
    Where(&'static str),
}

/// In which of the rows that a promoter sees it sees the guarded fields too.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    /// All of them.
    Everyone,
    /// Contact data only where this holds.
    OfContactData(&'static str),
    /// Everything but the id only where this holds.
    OfRow(&'static str),
}

impl EntityField {
    /// The generated column by which lists are ordered, if it is a number's: the number, or the lowest one for null.
    #[must_use]
    pub fn number_sort_column(&self) -> Option<&str> {
        let generated =
            self.sort.as_ref().filter(|sort| !sort.text && sort.column != self.column && self.instead.is_none());
        generated.map(|sort| sort.column.as_str())
    }
}

impl EntityType {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&EntityField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The to-many relations by whose `totalCount` lists can be ordered, each with the name of that count. The webhook
    /// events of a row are counted by nobody: they are no part of the mirror.
    pub fn counts(&self) -> impl Iterator<Item = (String, &Relation)> {
        let many = self.relations.iter().filter(|relation| !matches!(relation.link, Link::ToOne { .. }));
        many.filter(|relation| relation.table != "webhook_event").map(|relation| {
            let name = format!("{}Count", relation.name);
            // FirstPromoter's own counter of that name is a field.
            let taken = self.field(&name).is_some();
            (if taken { format!("{}TotalCount", relation.name) } else { name }, relation)
        })
    }

    /// The relation of this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}
