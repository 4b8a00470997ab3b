//! Writes rows as JSON bytes, directly from the driver's row buffers.

use std::io::Write as _;

use serde_json::Value;

use super::{
    aggregates, cursor,
    error::ReadError,
    fetch::{ChildRows, FetchedRows, RowGroup},
    global_id,
    order::Order,
    page::Page,
    plan::{
        ConnectionFieldShape, ConnectionShape, EdgeFieldShape, FieldShape, ObjectShape, PageInfoFieldShape, PlanLevel,
        ValueKind,
    },
    raw_row::RawRow,
    response_budget::JsonWriter,
    scalar_writer::{decimal, masked},
};
use crate::{json::string::write_string, time::push_ms};

/// Ends an object, which may be empty by `@skip`.
pub fn close(separator: u8, out: &mut Vec<u8>) {
    if separator == b'{' {
        out.push(separator);
    }
    out.push(b'}');
}

/// Writes the connection of a group.
///
/// # Errors
/// When a row holds an unexpected value.
pub fn connection(
    level: &PlanLevel,
    shape: &ConnectionShape,
    rows: &FetchedRows,
    group: &RowGroup,
    out: &mut JsonWriter,
) -> Result<(), ReadError> {
    fields(&shape.fields, out, |field, out| {
        match field {
            ConnectionFieldShape::TypeName(name) => write_string(name, out),
            ConnectionFieldShape::TotalCount => number(group.total, out),
            ConnectionFieldShape::Aggregates(index) => {
                let plan =
                    level.aggregates.get(*index).ok_or_else(|| ReadError::internal("aggregates were not planned"))?;
                aggregates::write(plan, group.aggregates.get(*index).map_or(&[], |groups| groups), out)?;
            }
            ConnectionFieldShape::Nodes(shape) => {
                list(rows, group, out, |row, out| object(level, shape, row, &rows.children, out))?;
            }
            ConnectionFieldShape::Edges(shape) => {
                list(rows, group, out, |row, out| edge(level, shape, row, rows, out))?;
            }
            ConnectionFieldShape::PageInfo(shape) => page_info(level, shape, rows, group, out)?,
        }
        Ok(())
    })
}

/// Writes an object: the key of each field, and its value by `write`.
fn fields<S>(
    shapes: &[(Vec<u8>, S)],
    out: &mut JsonWriter,
    mut write: impl FnMut(&S, &mut JsonWriter) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut separator = b'{';
    for (key, shape) in shapes {
        out.push(separator);
        separator = b',';
        out.extend_from_slice(key);
        write(shape, out)?;
    }
    close(separator, out);
    Ok(())
}

fn list<'a>(
    rows: &'a FetchedRows,
    group: &RowGroup,
    out: &mut JsonWriter,
    mut write: impl FnMut(RawRow<'a>, &mut JsonWriter) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    out.push(b'[');
    for (index, row) in rows.rows(group).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(row?, out)?;
    }
    out.push(b']');
    Ok(())
}

fn edge(
    level: &PlanLevel,
    shape: &[(Vec<u8>, EdgeFieldShape)],
    row: RawRow<'_>,
    rows: &FetchedRows,
    out: &mut JsonWriter,
) -> Result<(), ReadError> {
    fields(shape, out, |field, out| match field {
        EdgeFieldShape::TypeName(name) => {
            write_string(name, out);
            Ok(())
        }
        EdgeFieldShape::Cursor => write_cursor(level, row, out),
        EdgeFieldShape::Node(shape) => object(level, shape, row, &rows.children, out),
    })
}

fn page_info(
    level: &PlanLevel,
    shape: &[(Vec<u8>, PageInfoFieldShape)],
    rows: &FetchedRows,
    group: &RowGroup,
    out: &mut JsonWriter,
) -> Result<(), ReadError> {
    let (next, previous) = match &level.page {
        Some(Page { backward: true, before, .. }) => (before.is_some(), group.more),
        Some(Page { after, .. }) => (group.more, after.is_some()),
        None => (false, false),
    };
    fields(shape, out, |field, out| {
        let row = match field {
            PageInfoFieldShape::TypeName => {
                write_string("PageInfo", out);
                return Ok(());
            }
            PageInfoFieldShape::HasNextPage => {
                boolean(next, out);
                return Ok(());
            }
            PageInfoFieldShape::HasPreviousPage => {
                boolean(previous, out);
                return Ok(());
            }
            PageInfoFieldShape::StartCursor => rows.rows(group).next(),
            PageInfoFieldShape::EndCursor => rows.rows(group).last(),
        };
        if let Some(row) = row {
            write_cursor(level, row?, out)
        } else {
            out.extend_from_slice(b"null");
            Ok(())
        }
    })
}

fn write_cursor(level: &PlanLevel, row: RawRow<'_>, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let Some((order, columns)) = &level.order else { return Err(ReadError::internal("no order to make a cursor of")) };
    let values = place(order, columns, row)?;
    out.push(b'"');
    cursor::encode_into(order, &values, out);
    out.push(b'"');
    Ok(())
}

fn place(order: &Order, columns: &[usize], row: RawRow<'_>) -> Result<Vec<Value>, ReadError> {
    order
        .terms
        .iter()
        .zip(columns)
        .map(|(term, column)| {
            Ok(if term.text {
                Value::from(row.text(*column)?.unwrap_or_default())
            } else {
                Value::from(row.int(*column)?.unwrap_or_default())
            })
        })
        .collect()
}

/// Writes a row as an object.
///
/// # Errors
/// When the row holds an unexpected value.
pub fn object(
    level: &PlanLevel,
    shape: &ObjectShape,
    row: RawRow<'_>,
    children: &[ChildRows],
    out: &mut JsonWriter,
) -> Result<(), ReadError> {
    fields(&shape.fields, out, |field, out| {
        match field {
            FieldShape::TypeName(name) => write_string(name, out),
            FieldShape::Null | FieldShape::Failed(_) => out.extend_from_slice(b"null"),
            FieldShape::Value(column, kind) => cell(row, *column, *kind, out)?,
            FieldShape::One(presence, _) if row.is_null(*presence)? => out.extend_from_slice(b"null"),
            FieldShape::One(_, shape) => object(level, shape, row, children, out)?,
            FieldShape::Many(index, shape) => {
                let (Some(child), Some(plan)) = (children.get(*index), level.children.get(*index)) else {
                    return Err(ReadError::internal("a relation was not read"));
                };
                let group = row.int(child.key)?.map_or_else(RowGroup::default, |key| child.group(key));
                connection(&plan.level, shape, &child.rows, &group, out)?;
            }
        }
        // After every value: a single one may be large.
        out.check()
    })
}

fn cell(row: RawRow<'_>, column: usize, kind: ValueKind, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let written = match kind {
        ValueKind::Id(singular) => row.int(column)?.map(|key| {
            out.push(b'"');
            global_id::encode_into(singular, itoa::Buffer::new().format(key), out);
            out.push(b'"');
        }),
        ValueKind::TextId(singular) => row.text(column)?.map(|key| {
            out.push(b'"');
            global_id::encode_into(singular, key, out);
            out.push(b'"');
        }),
        ValueKind::Int => row.int(column)?.map(|value| number(value, out)),
        ValueKind::Text => row.text(column)?.map(|text| write_string(text, out)),
        ValueKind::MaskedEmail => row.text(column)?.map(|text| write_string(&masked(text), out)),
        ValueKind::Bool => row.bool(column)?.map(|flag| boolean(flag, out)),
        ValueKind::Time => row.int(column)?.map(|ms| {
            out.push(b'"');
            push_ms(ms, out);
            out.push(b'"');
        }),
        ValueKind::Decimal => row.int(column)?.map(|value| {
            out.push(b'"');
            decimal(value.into(), out);
            out.push(b'"');
        }),
        ValueKind::Enum(kind) => row.text(column)?.map(|raw| write_string(kind.value_of(raw), out)),
        ValueKind::Json => row.text(column)?.map(|json| out.extend_from_slice(json.as_bytes())),
        ValueKind::Bytes => row.bytes(column)?.map(|bytes| write_string(&String::from_utf8_lossy(bytes), out)),
    };
    if written.is_none() {
        out.extend_from_slice(b"null");
    }
    Ok(())
}

/// Writes a number.
pub fn number(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Writes a boolean.
pub fn boolean(value: bool, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{value}");
}
