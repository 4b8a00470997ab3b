//! The order of a report's rows, and cursors.

use std::cmp::Ordering;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    dimension::Dimension,
    groups::{Key, Keys, Values},
    plan::ChosenMeasure,
    report_writer::computed,
};
use crate::read::{error::ReadError, selection::ArgumentValue};

/// The order: by measures, then by interval, then by keys.
#[derive(Debug)]
pub struct ReportOrder {
    /// Names measures, directions and dimensions; cursors carry it.
    name: String,
    terms: Vec<(ChosenMeasure, bool)>,
}

/// A row in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct SortedRow {
    measures: Vec<Option<i128>>,
    /// Its interval, if rows are divided by intervals.
    pub interval: Option<usize>,
    /// Its keys.
    pub keys: Keys,
}

impl ReportOrder {
    /// An order by measures, each with whether the largest comes first.
    #[must_use]
    pub fn new(terms: Vec<(ChosenMeasure, bool)>, dimensions: &[&'static Dimension]) -> Self {
        let measures = terms
            .iter()
            .map(|(chosen, descending)| format!("{}{}", if *descending { '-' } else { '+' }, chosen.measure.name));
        let dimensions = dimensions.iter().map(|dimension| format!("/{}", dimension.name));
        Self { name: measures.chain(dimensions).collect(), terms }
    }

    /// A row with these values.
    #[must_use]
    pub fn row(&self, values: &Values, interval: Option<usize>, keys: Keys) -> SortedRow {
        let measures = self.terms.iter().map(|(chosen, _)| computed(chosen, values, &keys)).collect();
        SortedRow { measures, interval, keys }
    }

    /// Null is lowest, as everywhere.
    #[must_use]
    pub fn compare(&self, one: &SortedRow, other: &SortedRow) -> Ordering {
        let pairs = one.measures.iter().zip(&other.measures).zip(&self.terms);
        let by_measures = pairs.map(|((one, other), (_, descending))| {
            let ordering = one.cmp(other);
            if *descending { ordering.reverse() } else { ordering }
        });
        by_measures
            .fold(Ordering::Equal, Ordering::then)
            .then_with(|| one.interval.cmp(&other.interval))
            .then_with(|| one.keys.cmp(&other.keys))
    }

    /// The cursor of a row of this report.
    #[must_use]
    pub fn cursor(&self, report: &str, row: &SortedRow) -> String {
        let measures: Vec<_> = row.measures.iter().map(|value| value.map(|value| value.to_string())).collect();
        let keys = row.keys.iter().map(|key| match key {
            Key::Null => Value::Null,
            Key::Int(number) => json!(number),
            Key::Text(text) => json!(text),
        });
        let parts = json!([self.name.clone() + report, measures, row.interval, keys.collect::<Vec<_>>()]);
        URL_SAFE_NO_PAD.encode(parts.to_string())
    }

    /// The row that a cursor of this report names.
    ///
    /// # Errors
    /// When it is no cursor of this order, or of another report.
    pub fn position(&self, report: &str, cursor: &ArgumentValue, dimensions: usize) -> Result<SortedRow, ReadError> {
        let ArgumentValue::Text(cursor) = cursor else { return Err(malformed()) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
        let parts: (String, Vec<Option<String>>, Option<usize>, Vec<Value>) =
            serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        let (name, measures, interval, keys) = parts;
        if name.strip_prefix(&self.name) != Some(report) {
            return Err(ReadError::bad(
                "`after` is a cursor of another report: use it with the `period`, `timezone`, `interval`, `by` and \
                 `orderBy` it was returned for, while `last` and `current` mean the same period",
            ));
        }
        if measures.len() != self.terms.len() || keys.len() != dimensions {
            return Err(malformed());
        }
        let measure = |text: Option<String>| text.map(|text| text.parse().map_err(|_| malformed())).transpose();
        let key = |value| match value {
            Value::Null => Ok(Key::Null),
            Value::String(text) => Ok(Key::Text(text)),
            value => value.as_i64().map(Key::Int).ok_or_else(malformed),
        };
        Ok(SortedRow {
            measures: measures.into_iter().map(measure).collect::<Result<_, _>>()?,
            interval,
            keys: keys.into_iter().map(key).collect::<Result<_, _>>()?,
        })
    }
}

fn malformed() -> ReadError {
    ReadError::bad("`after` is not a cursor: expected one that this report returned")
}
