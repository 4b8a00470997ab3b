//! Writes a report as JSON.

use std::collections::HashMap;

use super::{
    groups::{FigureGroups, Key, Values},
    page::SortedRow,
    plan::ChosenMeasure,
    report::{ReportField, ReportPlan, ReportRowField},
};
use crate::{
    json::string::write_string,
    read::{
        RootValue, error::ReadError, field_failures::FieldFailure, model::OTHER, response_budget::JsonWriter,
        row_writer::close, scalar_writer::decimal,
    },
    time::push_ms,
};

/// Writes a report.
pub(super) struct ReportWriter<'a> {
    pub(super) plan: &'a ReportPlan,
    /// [`ReportPlan::identity`].
    pub(super) identity: String,
    pub(super) edges: &'a [i64],
    pub(super) compared: Option<&'a [i64]>,
    pub(super) groups: &'a FigureGroups,
    pub(super) previous: Option<&'a FigureGroups>,
    pub(super) entities: Vec<HashMap<i64, RootValue>>,
    pub(super) failures: Vec<FieldFailure>,
    pub(super) path: Vec<serde_json::Value>,
}

/// The group that is written.
#[derive(Clone, Copy)]
struct Group<'a> {
    row: Option<&'a SortedRow>,
    values: &'a Values,
    previous: Option<&'a Values>,
}

impl ReportWriter<'_> {
    pub(super) fn report(
        &mut self,
        (rows, start): (&[SortedRow], usize),
        page: &[SortedRow],
        out: &mut JsonWriter,
    ) -> Result<(), ReadError> {
        let mut separator = b'{';
        for (key, field) in &self.plan.fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            match field {
                ReportField::TypeName => write_string("Performance", out),
                ReportField::Start => time(self.edges.first(), out),
                ReportField::End => time(self.edges.last(), out),
                ReportField::TotalCount => out.extend_from_slice(rows.len().to_string().as_bytes()),
                ReportField::PageInfo(fields) => self.page_info(fields, (rows.len(), start), page, out),
                ReportField::Totals(fields) => {
                    let previous = self.previous.filter(|_| self.is_compared(None)).map(FigureGroups::totals);
                    self.row(fields, Group { row: None, values: self.groups.totals(), previous }, out)?;
                }
                ReportField::Nodes(fields) => {
                    out.push(b'[');
                    self.path = vec![name(key)];
                    for (index, row) in page.iter().enumerate() {
                        if index > 0 {
                            out.push(b',');
                        }
                        self.path.push(index.into());
                        let values = self.groups.values(&row.keys, row.interval);
                        let previous = self.previous.filter(|_| self.is_compared(row.interval));
                        let previous = previous.map(|groups| groups.values(&row.keys, row.interval));
                        self.row(fields, Group { row: Some(row), values, previous }, out)?;
                        self.path.pop();
                        out.check()?;
                    }
                    self.path.clear();
                    out.push(b']');
                }
            }
        }
        close(separator, out);
        Ok(())
    }

    /// Whether there is anything to compare a row, or the totals, with: months have different numbers of days.
    fn is_compared(&self, interval: Option<usize>) -> bool {
        let edges = self.compared.unwrap_or_default();
        match interval {
            Some(interval) => edges.get(interval) < edges.get(interval + 1),
            None => edges.first() < edges.last(),
        }
    }

    fn page_info(
        &self,
        fields: &[(Vec<u8>, &'static str)],
        (rows, start): (usize, usize),
        page: &[SortedRow],
        out: &mut Vec<u8>,
    ) {
        let mut separator = b'{';
        for (key, field) in fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            let cursor = |row: Option<&SortedRow>, out: &mut Vec<u8>| match row {
                Some(row) => write_string(&self.plan.order.cursor(&self.identity, row), out),
                None => out.extend_from_slice(b"null"),
            };
            match *field {
                "hasNextPage" => out.extend_from_slice((start + page.len() < rows).to_string().as_bytes()),
                "hasPreviousPage" => out.extend_from_slice(self.plan.after.is_some().to_string().as_bytes()),
                "startCursor" => cursor(page.first(), out),
                "endCursor" => cursor(page.last(), out),
                _ => write_string("PageInfo", out),
            }
        }
        close(separator, out);
    }

    fn row(
        &mut self,
        fields: &[(Vec<u8>, ReportRowField)],
        group: Group<'_>,
        out: &mut JsonWriter,
    ) -> Result<(), ReadError> {
        let mut separator = b'{';
        for (key, field) in fields {
            out.push(separator);
            separator = b',';
            out.extend_from_slice(key);
            match field {
                ReportRowField::TypeName(name) => write_string(name, out),
                ReportRowField::Start => time(self.edges.get(group.first_edge()), out),
                ReportRowField::End => time(self.edges.get(group.last_edge(self.edges)), out),
                ReportRowField::Key(dimension) => match group.row.map(|row| &row.keys[*dimension]) {
                    Some(Key::Text(text)) => write_string(text, out),
                    Some(Key::Int(number)) => out.extend_from_slice(number.to_string().as_bytes()),
                    Some(Key::Null) | None => out.extend_from_slice(b"null"),
                },
                ReportRowField::Entity(index) => self.entity(key, *index, group, out),
                ReportRowField::Measure(chosen) => write_measure(chosen, group, out)?,
                ReportRowField::Previous(fields) => match group.previous {
                    Some(values) => self.row(fields, Group { row: group.row, values, previous: None }, out)?,
                    None => out.extend_from_slice(b"null"),
                },
            }
        }
        close(separator, out);
        Ok(())
    }

    fn entity(&mut self, key: &[u8], index: usize, group: Group<'_>, out: &mut Vec<u8>) {
        let dimension = self.plan.entities[index].0;
        let id = match group.row.map(|row| &row.keys[dimension]) {
            Some(Key::Int(id)) => Some(*id),
            _ => None,
        };
        let Some(value) = id.and_then(|id| self.entities[index].get(&id)) else {
            out.extend_from_slice(b"null");
            return;
        };
        out.extend_from_slice(&value.bytes);
        let path = self.path.iter().cloned().chain([name(key)]).collect::<Vec<_>>();
        self.failures.extend(
            value
                .failures
                .iter()
                .map(|failure| path.iter().rev().fold(failure.clone(), |failure, part| failure.below(part.clone()))),
        );
    }
}

impl Group<'_> {
    fn first_edge(&self) -> usize {
        self.row.and_then(|row| row.interval).unwrap_or(0)
    }

    fn last_edge(&self, edges: &[i64]) -> usize {
        self.row.and_then(|row| row.interval).map_or(edges.len().saturating_sub(1), |interval| interval + 1)
    }
}

/// The response key in `"key":`.
fn name(key: &[u8]) -> serde_json::Value {
    String::from_utf8_lossy(key.get(1..key.len().saturating_sub(2)).unwrap_or_default()).into_owned().into()
}

fn time(ms: Option<&i64>, out: &mut Vec<u8>) {
    match ms {
        Some(ms) => {
            out.push(b'"');
            push_ms(*ms, out);
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
}

/// Writes the value of a measure.
fn write_measure(chosen: &ChosenMeasure, group: Group<'_>, out: &mut Vec<u8>) -> Result<(), ReadError> {
    let keys = group.row.map_or(&[][..], |row| &row.keys);
    let Some(value) = computed(chosen, group.values, keys) else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    let name = chosen.measure.name;
    let fitting = i64::try_from(value).map_err(|_| {
        ReadError::bad(format!("`{name}` is larger than 64 bits: take a `filter` or a shorter `period`"))
    })?;
    if chosen.measure.kind.is_decimal() {
        out.push(b'"');
        decimal(fitting.into(), out);
        out.push(b'"');
    } else {
        out.extend_from_slice(itoa::Buffer::new().format(fitting).as_bytes());
    }
    Ok(())
}

/// The value of a measure in a group. None for amounts in the group's own unit if that is not known.
pub(super) fn computed(chosen: &ChosenMeasure, values: &Values, keys: &[Key]) -> Option<i128> {
    match chosen.own_unit.and_then(|place| keys.get(place)) {
        Some(Key::Null) => return None,
        Some(Key::Text(name)) if name == OTHER => return None,
        _ => {}
    }
    let of_figures: Vec<_> = chosen.figures.iter().map(|figure| values[*figure]).collect();
    (chosen.measure.compute)(&of_figures)
}
