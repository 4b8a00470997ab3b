//! The shape of what can be read: types, their fields and relations, and who may see them.
//!
//! Only the vocabulary is here. The declarations themselves are the catalogue (`graphql::catalog`):
//! GraphQL types, filters, orders and SQL all follow from one declaration per type.

use indexmap::IndexMap;

mod declare;
mod names;

pub use names::{camel_case, constant_case};

use super::scope::{OwnRows, Owner};

/// All types, by GraphQL name, in the order of their declaration.
#[derive(Debug, Default)]
pub struct Catalog {
    types: IndexMap<&'static str, EntityType>,
}

impl Catalog {
    /// Collects declared types.
    #[must_use]
    pub fn new(types: impl IntoIterator<Item = EntityType>) -> Self {
        Self { types: types.into_iter().map(|declared| (declared.name, declared)).collect() }
    }

    /// The type of this name. Relations and root fields only name declared types: a test of the
    /// catalogue sees to it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&EntityType> {
        self.types.get(name)
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
pub struct EntityType {
    /// GraphQL name, such as `Promoter`.
    pub name: &'static str,
    /// Root field for one: `promoter`.
    pub singular: &'static str,
    /// Root field for the list: `promoters`.
    pub plural: &'static str,
    /// What it is, for a newcomer.
    pub description: &'static str,
    /// The table.
    pub table: &'static str,
    /// The key column.
    pub key: &'static str,
    /// What the key holds.
    pub key_kind: KeyKind,
    /// Whether it is a `Node` with a global `id`.
    pub node: bool,
    /// Fields in the order of the schema.
    pub fields: Vec<Field>,
    /// Relations in the order of the schema.
    pub relations: Vec<Relation>,
    /// Columns besides the id by which the singular root field finds one row.
    pub natural_keys: Vec<&'static str>,
    /// The order of lists that ask for none: field name, and whether descending.
    pub default_order: (&'static str, bool),
    /// Whether rows are mirrored, so that lists leave stubs and deleted rows out.
    pub mirrored: bool,
    /// Which rows a promoter sees.
    pub own_rows: OwnRows,
    /// Which rows a promoter sees when reached through a relation that allows more.
    pub linked_rows: Option<OwnRows>,
    /// Of the rows a promoter sees: whose guarded fields it sees.
    pub owner: Owner,
    /// Whether only an admin may read it at all.
    pub admin_only: bool,
}

/// What a key column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// FirstPromoter's 64-bit id.
    Int,
    /// Text of our own making.
    Text,
}

/// One field that is read from one column.
#[derive(Clone, Debug)]
pub struct Field {
    /// GraphQL name.
    pub name: String,
    /// What it means, with its unit.
    pub description: String,
    /// The column.
    pub column: &'static str,
    /// How the column is shown and compared.
    pub kind: Kind,
    /// Whether every row has a value that every viewer sees.
    pub required: bool,
    /// Who sees it.
    pub visibility: Visibility,
    /// The column that orders by this field, if lists can be ordered by it.
    pub sort: Option<SortKey>,
    /// The lower-cased copy that `contains` and `startsWith` search.
    pub folded: Option<String>,
    /// Whether filters can use it.
    pub filterable: bool,
    /// A value of the column that stands for none, and the column that is shown instead, or `null`.
    pub instead: Option<(i64, &'static str)>,
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
pub enum Kind {
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
    /// What it says.
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
}

/// Who sees a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone who sees the row; of a promoter's parent and children nobody but staff.
    Open,
    /// Everyone who sees the row at all, even if only its id.
    Key,
    /// Contact data: needs `pii` or ownership; null without.
    Contact,
    /// Contact data: needs `pii` or ownership; a masked e-mail address without.
    ContactEmail,
    /// Admin and analyst.
    Staff,
}

/// How rows of two types belong together.
#[derive(Clone, Debug)]
pub struct Relation {
    /// GraphQL name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// The other type's GraphQL name.
    pub target: &'static str,
    /// How to get there.
    pub link: Link,
    /// Whether the other type's `linked_rows` apply: a promoter's parent and children.
    pub linked: bool,
}

/// How to get from a row to related rows.
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
    /// A table of pairs says which rows belong together: many here to many there. No pair stands in
    /// it twice, and an index on (parent, child) finds them.
    Through {
        /// The table of pairs.
        table: &'static str,
        /// Its column with this row's key, a 64-bit integer.
        parent: &'static str,
        /// Its column with the other row's key.
        child: &'static str,
        /// Whether pairs are mirrored rows, so that stubs and those that FirstPromoter removed do not count.
        mirrored: bool,
    },
}

impl Link {
    /// What has to hold for a pair `alias` to count, with a leading ` and `; empty when nothing has to.
    #[must_use]
    pub fn and_paired(&self, alias: &str) -> String {
        match self {
            Self::Through { mirrored: true, .. } => format!(" and not {alias}.is_stub and {alias}.deleted_at is null"),
            _ => String::new(),
        }
    }
}

impl EntityType {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The relation of this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}
