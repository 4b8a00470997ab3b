//! How the JSON of a level looks: keys in the order of the request, and where each value is.

use std::sync::Arc;

use crate::read::{
    error::ReadError,
    model::{EnumType, Kind},
    selection::Selected,
};

/// An object: `"key":` as bytes, and what follows it.
#[derive(Debug, Default)]
pub struct Object {
    /// In the order of the request.
    pub slots: Vec<(Vec<u8>, Slot)>,
}

/// The value of a key.
#[derive(Debug)]
pub enum Slot {
    /// `__typename`.
    TypeName(&'static str),
    /// Hidden from the viewer.
    Null,
    /// A column of the row.
    Value(usize, ValueKind),
    /// A joined row: null when the column is.
    One(usize, Object),
    /// The rows of a to-many relation.
    Many(usize, Connection),
    /// Null, with an error of its own.
    Failed(Failed),
}

/// Why a field cannot be read, whatever the row.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The reason.
    pub error: Arc<ReadError>,
    /// Where the field stands in the document: line and column.
    pub at: (usize, usize),
}

/// How a column becomes JSON.
#[derive(Clone, Copy, Debug)]
pub enum ValueKind {
    /// A global id of the type with this `singular` name.
    Id(&'static str),
    /// The same over a text key.
    TextId(&'static str),
    /// A number.
    Int,
    /// A string.
    Text,
    /// A masked e-mail address.
    MaskedEmail,
    /// A boolean.
    Bool,
    /// Milliseconds since 1970.
    Time,
    /// 1/10,000.
    Decimal,
    /// A value of an enum.
    Enum(&'static EnumType),
    /// JSON as it is.
    Json,
    /// Bytes, as a string.
    Bytes,
}

impl ValueKind {
    /// Whether values have no length of their own.
    pub fn may_be_long(self) -> bool {
        matches!(self, Self::Text | Self::MaskedEmail | Self::Enum(_) | Self::Json | Self::Bytes)
    }

    /// The form of a plain column; ids need their type's name.
    pub fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::GlobalId | Kind::RelatedId(_) => return None,
            Kind::BigInt | Kind::Int => Self::Int,
            Kind::Text => Self::Text,
            Kind::Bool => Self::Bool,
            Kind::Time => Self::Time,
            Kind::Decimal => Self::Decimal,
            Kind::Enum(kind) => Self::Enum(kind),
            Kind::Json | Kind::Texts => Self::Json,
            Kind::Bytes => Self::Bytes,
        })
    }
}

/// A connection.
#[derive(Debug, Default)]
pub struct Connection {
    /// In the order of the request.
    pub slots: Vec<(Vec<u8>, ConnectionSlot)>,
}

/// The value of a connection's key.
#[derive(Debug)]
pub enum ConnectionSlot {
    /// `__typename`.
    TypeName(String),
    /// `nodes`.
    Nodes(Object),
    /// `edges`.
    Edges(Vec<(Vec<u8>, EdgeSlot)>),
    /// `pageInfo`.
    PageInfo(Vec<(Vec<u8>, PageInfoSlot)>),
    /// `totalCount`.
    TotalCount,
}

/// The value of an edge's key.
#[derive(Debug)]
pub enum EdgeSlot {
    /// `__typename`.
    TypeName(String),
    /// `cursor`.
    Cursor,
    /// `node`.
    Node(Object),
}

/// The value of a `pageInfo` key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageInfoSlot {
    /// `__typename`.
    TypeName,
    /// `hasNextPage`.
    HasNextPage,
    /// `hasPreviousPage`.
    HasPreviousPage,
    /// `startCursor`.
    StartCursor,
    /// `endCursor`.
    EndCursor,
}

impl Connection {
    /// Whether the rows are counted.
    pub fn counts(&self) -> bool {
        self.slots.iter().any(|(_, slot)| matches!(slot, ConnectionSlot::TotalCount))
    }

    /// Whether rows are read.
    pub fn reads_rows(&self) -> bool {
        self.slots.iter().any(|(_, slot)| {
            matches!(slot, ConnectionSlot::Nodes(_) | ConnectionSlot::Edges(_) | ConnectionSlot::PageInfo(_))
        })
    }

    /// Whether cursors are written.
    pub fn writes_cursors(&self) -> bool {
        self.slots.iter().any(|(_, slot)| match slot {
            ConnectionSlot::Edges(slots) => slots.iter().any(|(_, slot)| matches!(slot, EdgeSlot::Cursor)),
            ConnectionSlot::PageInfo(slots) => {
                slots.iter().any(|(_, slot)| matches!(slot, PageInfoSlot::StartCursor | PageInfoSlot::EndCursor))
            }
            _ => false,
        })
    }
}

/// `"key":` as it stands in the answer. GraphQL names need no escaping.
pub fn key(selected: &Selected) -> Vec<u8> {
    let mut key = Vec::with_capacity(selected.key.len() + 3);
    key.push(b'"');
    key.extend_from_slice(selected.key.as_bytes());
    key.extend_from_slice(b"\":");
    key
}
