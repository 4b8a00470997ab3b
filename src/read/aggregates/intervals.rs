//! The calendar intervals that groups are of.

use sea_orm::QueryResult;

use crate::{
    read::{error::ReadError, params::Inputs, plan::PlannedStatement, raw_row::RawRow, selection::ArgumentValue},
    time::calendar::{Calendar, CalendarError, Interval, MAX_INTERVALS},
};

/// Groups by intervals of a time.
#[derive(Debug)]
pub struct GroupIntervals {
    /// Reads the earliest and the latest time of all rows.
    pub bounds: PlannedStatement,
    /// The GraphQL name of the time.
    pub field: String,
    /// The interval.
    pub unit: Interval,
    /// The time zone.
    pub zone: ArgumentValue,
}

impl GroupIntervals {
    /// The edges of the intervals between the bounds.
    ///
    /// # Errors
    /// When there are too many.
    pub fn edges(&self, bounds: &[QueryResult], inputs: Inputs<'_>) -> Result<Vec<i64>, ReadError> {
        let row = bounds.first().map(RawRow::of).transpose()?;
        let bound = |column| row.map_or(Ok(None), |row: RawRow<'_>| row.int(column));
        let (Some(first), Some(last)) = (bound(0)?, bound(1)?) else {
            // Every time is null.
            return Ok(vec![0]);
        };
        let zone = self.zone.filled(inputs.slots);
        let calendar = if let ArgumentValue::Text(zone) = &*zone { Calendar::of_zone(zone) } else { None };
        let calendar = calendar.ok_or_else(|| ReadError::bad("`interval.timezone` is not the name of a time zone"))?;
        let field = &self.field;
        calendar.edges(self.unit, first, last.saturating_add(1)).map_err(|error| match error {
            CalendarError::TooMany => {
                let most = MAX_INTERVALS as u64;
                let message =
                    format!("`{field}` spans more than {most} intervals: filter it, or take a longer interval");
                ReadError::over(message, "intervals", most, most + 1)
            }
            CalendarError::OutOfRange => ReadError::bad(format!(
                "`{field}` has times whose intervals are not within the years 1 to 9999: filter the list"
            )),
        })
    }
}
