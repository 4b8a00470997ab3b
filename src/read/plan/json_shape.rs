//! The JSON of a level: keys in the order of the request, and the column of each value.

use std::sync::Arc;

use crate::read::{
    error::ReadError,
    model::{EnumType, FieldKind},
    selection::SelectedField,
};

/// An object: `"key":` as bytes, and its value.
#[derive(Debug, Default)]
pub struct ObjectShape {
    /// In the order of the request.
    pub fields: Vec<(Vec<u8>, FieldShape)>,
}

/// The value of a key.
#[derive(Debug)]
pub enum FieldShape {
    /// `__typename`.
    TypeName(&'static str),
    /// Hidden from the viewer.
    Null,
    /// A column of the row.
    Value(usize, ValueKind),
    /// A joined row: null when the column is.
    One(usize, ObjectShape),
    /// The rows of a to-many relation.
    Many(usize, ConnectionShape),
    /// Null, with an error of its own.
    Failed(FailedField),
}

/// A field that cannot be read in any row.
#[derive(Clone, Debug)]
pub struct FailedField {
    /// The error.
    pub error: Arc<ReadError>,
    /// The location of the field in the document: line and column.
    pub at: (usize, usize),
}

/// The JSON form of a column.
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
    /// Whether values have variable length.
    pub fn may_be_long(self) -> bool {
        matches!(self, Self::Text | Self::MaskedEmail | Self::Enum(_) | Self::Json | Self::Bytes)
    }

    /// The form of a plain column; ids need their type's name.
    pub fn of(kind: FieldKind) -> Option<Self> {
        Some(match kind {
            FieldKind::GlobalId | FieldKind::RelatedId(_) => return None,
            FieldKind::BigInt | FieldKind::Int => Self::Int,
            FieldKind::Text => Self::Text,
            FieldKind::Bool => Self::Bool,
            FieldKind::Time => Self::Time,
            FieldKind::Decimal => Self::Decimal,
            FieldKind::Enum(kind) => Self::Enum(kind),
            FieldKind::Json | FieldKind::Texts => Self::Json,
            FieldKind::Bytes => Self::Bytes,
        })
    }
}

/// A connection.
#[derive(Debug, Default)]
pub struct ConnectionShape {
    /// In the order of the request.
    pub fields: Vec<(Vec<u8>, ConnectionFieldShape)>,
}

/// The value of a connection's key.
#[derive(Debug)]
pub enum ConnectionFieldShape {
    /// `__typename`.
    TypeName(String),
    /// `nodes`.
    Nodes(ObjectShape),
    /// `edges`.
    Edges(Vec<(Vec<u8>, EdgeFieldShape)>),
    /// `pageInfo`.
    PageInfo(Vec<(Vec<u8>, PageInfoFieldShape)>),
    /// `totalCount`.
    TotalCount,
    /// `aggregate` or `groups`: one of the level's aggregates.
    Aggregates(usize),
}

/// The value of an edge's key.
#[derive(Debug)]
pub enum EdgeFieldShape {
    /// `__typename`.
    TypeName(String),
    /// `cursor`.
    Cursor,
    /// `node`.
    Node(ObjectShape),
}

/// The value of a `pageInfo` key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageInfoFieldShape {
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

impl ObjectShape {
    /// Its approximate size in memory, in bytes.
    pub fn size(&self) -> usize {
        let below = |shape: &FieldShape| match shape {
            FieldShape::One(_, object) => object.size(),
            FieldShape::Many(_, connection) => connection.size(),
            FieldShape::Failed(failed) => failed.error.to_string().len(),
            _ => 0,
        };
        self.fields.iter().map(|(key, shape)| key.len() + size_of_val(shape) + below(shape)).sum()
    }
}

impl ConnectionShape {
    /// Its approximate size in memory, in bytes.
    pub fn size(&self) -> usize {
        let edge = |shape: &EdgeFieldShape| if let EdgeFieldShape::Node(object) = shape { object.size() } else { 0 };
        let below = |shape: &ConnectionFieldShape| match shape {
            ConnectionFieldShape::Nodes(object) => object.size(),
            ConnectionFieldShape::Edges(fields) => fields.iter().map(|(_, shape)| edge(shape)).sum(),
            _ => 0,
        };
        self.fields.iter().map(|(key, shape)| key.len() + size_of_val(shape) + below(shape)).sum()
    }

    /// Whether the total is selected.
    pub fn counts(&self) -> bool {
        self.fields.iter().any(|(_, shape)| matches!(shape, ConnectionFieldShape::TotalCount))
    }

    /// Whether rows are selected.
    pub fn reads_rows(&self) -> bool {
        self.fields.iter().any(|(_, shape)| {
            matches!(
                shape,
                ConnectionFieldShape::Nodes(_) | ConnectionFieldShape::Edges(_) | ConnectionFieldShape::PageInfo(_)
            )
        })
    }

    /// Whether cursors are selected.
    pub fn writes_cursors(&self) -> bool {
        self.fields.iter().any(|(_, shape)| match shape {
            ConnectionFieldShape::Edges(fields) => {
                fields.iter().any(|(_, shape)| matches!(shape, EdgeFieldShape::Cursor))
            }
            ConnectionFieldShape::PageInfo(fields) => fields
                .iter()
                .any(|(_, shape)| matches!(shape, PageInfoFieldShape::StartCursor | PageInfoFieldShape::EndCursor)),
            _ => false,
        })
    }
}

/// `"key":` as it is written. GraphQL names need no escaping.
pub fn key(selected: &SelectedField) -> Vec<u8> {
    let mut key = Vec::with_capacity(selected.key.len() + 3);
    key.push(b'"');
    key.extend_from_slice(selected.key.as_bytes());
    key.extend_from_slice(b"\":");
    key
}
