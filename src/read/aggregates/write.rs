//! Figures as JSON.

use super::{AggregateGroup, AggregatePlan, AggregateShape, KeyValue};
use crate::{
    json::string::write_string,
    read::{
        error::ReadError,
        global_id,
        model::Statistic,
        plan::ValueKind,
        response_budget::JsonWriter,
        row_writer::{boolean, close, number},
        scalar_writer::decimal,
    },
    time::push_ms,
};

/// Writes an `aggregate` as an object, `groups` as a list of objects.
///
/// # Errors
/// When the response is too large.
pub fn write(plan: &AggregatePlan, groups: &[AggregateGroup], out: &mut JsonWriter) -> Result<(), ReadError> {
    if plan.first.is_none() {
        let none = AggregateGroup::default();
        return shape(plan, &plan.shape, groups.first().unwrap_or(&none), out);
    }
    out.push(b'[');
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        shape(plan, &plan.shape, group, out)?;
    }
    out.push(b']');
    Ok(())
}

fn shape(
    plan: &AggregatePlan,
    written: &AggregateShape,
    group: &AggregateGroup,
    out: &mut JsonWriter,
) -> Result<(), ReadError> {
    match written {
        AggregateShape::TypeName(name) => write_string(name, out),
        AggregateShape::Count => number(group.count, out),
        AggregateShape::Key(index) => {
            let key = plan.keys.get(*index).ok_or_else(|| ReadError::internal("a group has no such key"))?;
            match group.keys.get(*index) {
                Some(Some(value)) => key_value(key.kind, value, out),
                _ => out.extend_from_slice(b"null"),
            }
        }
        AggregateShape::Measure(index) => {
            let measure = plan.measures.get(*index).ok_or_else(|| ReadError::internal("there is no such figure"))?;
            let value = group.values.get(*index).copied().flatten();
            match (measure.kind.scalar(measure.statistic), value) {
                // Of no rows too.
                (_, None) if measure.statistic == Statistic::CountDistinct => number(0, out),
                (_, None) => out.extend_from_slice(b"null"),
                ("Decimal", Some(value)) => quoted(out, |out| decimal(value, out)),
                ("DateTime", Some(ms)) => {
                    let ms = i64::try_from(ms).map_err(|_| ReadError::internal("a time beyond 64 bits"))?;
                    quoted(out, |out| push_ms(ms, out));
                }
                (_, Some(value)) => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
            }
        }
        AggregateShape::Object(fields) => {
            let mut separator = b'{';
            for (key, written) in fields {
                out.push(separator);
                separator = b',';
                out.extend_from_slice(key);
                shape(plan, written, group, out)?;
            }
            close(separator, out);
        }
    }
    out.check()
}

fn key_value(kind: ValueKind, value: &KeyValue, out: &mut JsonWriter) {
    match (kind, value) {
        (_, KeyValue::Bool(flag)) => boolean(*flag, out),
        (ValueKind::Time, KeyValue::Int(ms)) => quoted(out, |out| push_ms(*ms, out)),
        (ValueKind::Id(singular), KeyValue::Int(key)) => {
            quoted(out, |out| global_id::encode_into(singular, itoa::Buffer::new().format(*key), out));
        }
        (ValueKind::TextId(singular), KeyValue::Text(key)) => {
            quoted(out, |out| global_id::encode_into(singular, key, out));
        }
        (_, KeyValue::Int(value)) => number(*value, out),
        (_, KeyValue::Text(text)) => write_string(text, out),
    }
}

fn quoted(out: &mut JsonWriter, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}
