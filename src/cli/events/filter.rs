//! Selects stored events.

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use entity::webhook_event::{Column, EventStatus};
use sea_orm::{ColumnTrait as _, Condition, Iterable as _};

use crate::time;

/// Events that meet all conditions.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Event filter")]
pub struct EventFilter {
    /// Events with this id or event id; may be repeated
    #[arg(long = "id", value_name = "ID")]
    pub ids: Vec<String>,

    /// Events of this type, like `lead_signup`; may be repeated
    #[arg(long = "type", value_name = "TYPE")]
    pub types: Vec<String>,

    /// Events with this status; may be repeated
    #[arg(long = "status", value_name = "STATUS", value_parser = status())]
    pub statuses: Vec<EventStatus>,

    /// Applied events with warnings: values that were not understood, rejected, or truncated
    #[arg(long)]
    pub warnings: bool,

    /// Events received at this time or later: 2026-05-01 or 2026-05-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub since: Option<i64>,

    /// Events received before this time
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub until: Option<i64>,
}

impl EventFilter {
    /// Whether any condition is given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        let lists = self.ids.is_empty() && self.types.is_empty() && self.statuses.is_empty();
        !lists || self.warnings || self.since.is_some() || self.until.is_some()
    }

    pub(super) fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if !self.ids.is_empty() {
            all = all.add(Condition::any().add(Column::Id.is_in(&self.ids)).add(Column::EventId.is_in(&self.ids)));
        }
        if !self.types.is_empty() {
            all = all.add(Column::EventType.is_in(&self.types));
        }
        if !self.statuses.is_empty() {
            all = all.add(Column::Status.is_in(self.statuses.iter().copied()));
        }
        all.add_option(self.warnings.then(|| Column::Warnings.is_not_null()))
            .add_option(self.since.map(|since| Column::ReceivedAt.gte(since)))
            .add_option(self.until.map(|until| Column::ReceivedAt.lt(until)))
    }
}

fn status() -> impl TypedValueParser<Value = EventStatus> {
    let help = |status| match status {
        EventStatus::Pending => "Waits to be applied",
        EventStatus::Applied => "Is in the mirror",
        EventStatus::Ignored => "Kept, but not for the mirror: an unknown type, or a test delivery",
        EventStatus::Unreadable => "Kept, but not an event that can be read",
        EventStatus::Failed => "Could not be applied",
    };
    let values = EventStatus::iter().map(|status| PossibleValue::new(status.as_str()).help(help(status)));
    PossibleValuesParser::new(values).try_map(|text| EventStatus::parse(&text).ok_or("not a status"))
}

fn at(text: &str) -> Result<i64, String> {
    // Stored times are whole milliseconds.
    let instant = time::Instant::iso8601(text).map(time::Instant::first_ms);
    instant.ok_or_else(|| "expected a time like 2026-05-01 or 2026-05-01T12:00:00Z".to_owned())
}
