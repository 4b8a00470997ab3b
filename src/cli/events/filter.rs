//! Selects stored events.

use clap::{Args, ValueEnum};
use entity::webhook_event::Column;
use sea_orm::{ColumnTrait as _, Condition};

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
    #[arg(long = "status", value_name = "STATUS")]
    pub statuses: Vec<StoredStatus>,

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

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoredStatus {
    /// Waits to be applied
    Pending,
    /// Is in the mirror
    Applied,
    /// Kept, but not for the mirror: an unknown type, or a test delivery
    Ignored,
    /// Kept, but not an event that can be read
    Unreadable,
    /// Could not be applied
    Failed,
}

impl StoredStatus {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
        }
    }
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
            all = all.add(Column::Status.is_in(self.statuses.iter().map(|status| status.as_str())));
        }
        all.add_option(self.warnings.then(|| Column::Warnings.is_not_null()))
            .add_option(self.since.map(|since| Column::ReceivedAt.gte(since)))
            .add_option(self.until.map(|until| Column::ReceivedAt.lt(until)))
    }
}

fn at(text: &str) -> Result<i64, String> {
    // Stored times are whole milliseconds.
    let instant = time::Instant::iso8601(text).map(time::Instant::first_ms);
    instant.ok_or_else(|| "expected a time like 2026-05-01 or 2026-05-01T12:00:00Z".to_owned())
}
