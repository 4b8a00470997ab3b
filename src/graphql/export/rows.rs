//! Writes lines of CSV or NDJSON.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};
use serde::ser::Error as _;
use serde_json::{Result, value::RawValue};

use super::{
    Export, ExportFormat,
    columns::{CellKind, Cells},
};

/// Spreadsheets take a cell that begins with one of these for a formula.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Export {
    /// These lines; behind what the file begins with, if they are the first.
    ///
    /// # Errors
    /// When a value is not what its column has.
    pub(super) fn write(&self, lines: &[Cells<'_>], first: bool) -> Result<Vec<u8>> {
        match self.format {
            ExportFormat::Csv { bom } => self.csv(lines, first, bom),
            ExportFormat::Ndjson => Ok(self.ndjson(lines)),
        }
    }

    fn csv(&self, lines: &[Cells<'_>], first: bool, bom: bool) -> Result<Vec<u8>> {
        let start = if first && bom { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start);
        let columns = &self.columns.list;
        if first {
            out.write_record(columns.iter().map(|(name, _)| name)).map_err(serde_json::Error::custom)?;
        }
        for line in lines {
            for (cell, (_, kind)) in line.iter().zip(columns) {
                let text = cell.map_or(Ok(Cow::Borrowed("")), |value| text_of(value, *kind))?;
                out.write_field(text.as_bytes()).map_err(serde_json::Error::custom)?;
            }
            out.write_record(None::<&[u8]>).map_err(serde_json::Error::custom)?;
        }
        out.into_inner().map_err(serde_json::Error::custom)
    }

    fn ndjson(&self, lines: &[Cells<'_>]) -> Vec<u8> {
        let mut out = Vec::new();
        for line in lines {
            let mut separator = b'{';
            for (cell, (name, _)) in line.iter().zip(&self.columns.list) {
                out.push(separator);
                separator = b',';
                // Names of fields and of enum values need no escapes.
                out.push(b'"');
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(b"\":");
                out.extend_from_slice(cell.map_or("null", RawValue::get).as_bytes());
            }
            out.extend_from_slice(b"}\n");
        }
        out
    }
}

/// A value as a cell of CSV.
fn text_of(value: &RawValue, kind: CellKind) -> Result<Cow<'_, str>> {
    let json = value.get();
    if json == "null" {
        return Ok(Cow::Borrowed(""));
    }
    if kind == CellKind::Json || !json.starts_with('"') {
        return Ok(Cow::Borrowed(json));
    }
    let text: String = serde_json::from_str(json)?;
    Ok(Cow::Owned(if kind == CellKind::Text && text.starts_with(FORMULA) { format!("'{text}") } else { text }))
}
