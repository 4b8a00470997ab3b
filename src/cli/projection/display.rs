//! How far a rebuild is: a bar on a terminal, else a line now and then.

use std::{
    io::{IsTerminal as _, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::projection::Progress;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// What is shown on the standard error.
pub struct Display {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Display {
    /// Nothing shown yet.
    pub fn new() -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let style = "{bar:32} {human_pos}/{human_len} {msg}, {per_sec}, {eta} left";
            bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    /// Shows it.
    pub fn show(&mut self, progress: Progress) {
        let (done, total, what) = match progress {
            Progress::Telling { done, total } => (done, total, "events told"),
            Progress::Comparing => (0, 0, "comparing the tables"),
            Progress::Writing { done, total } => (done, total, "rows written"),
        };
        if let Some(bar) = &self.bar {
            bar.set_message(what);
            bar.set_length(total);
            bar.set_position(done);
        } else if progress == Progress::Comparing {
            eprintln!("{what}");
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{done} of {total} {what}");
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
