//! The progress of a long command: a bar on a terminal, otherwise a line every few seconds.

use std::{
    env,
    fmt::Write as _,
    io::{IsTerminal as _, stderr},
    time::{Duration, Instant},
};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};

/// How often a line is printed without a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);
/// Before that a rate is chance.
const RATE_AFTER: Duration = Duration::from_secs(1);
const STYLE: &str = "{wide_bar} {human_pos}/{human_len} {msg}{rate}";

/// Reports on standard error.
pub struct ProgressReporter {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl ProgressReporter {
    /// Without a report yet.
    pub fn new() -> Self {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let bar = (stderr().is_terminal() && !is_dumb).then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // Nothing can be done where it cannot be written.
                let _ = out.write_str(&rate(state.elapsed(), state.pos(), state.per_sec(), state.eta()));
            }));
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    /// Shows that `done` of `total` are done.
    pub fn show(&mut self, done: u64, total: u64, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_message(what.to_owned());
            bar.set_position(done);
        } else if self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            eprintln!("{done} of {total} {what}");
        }
    }

    /// What has no measure, and takes its time.
    pub fn say(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(0);
                bar.set_position(0);
                bar.set_message(what.to_owned());
            }
            None => eprintln!("{what}"),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The bar, for who takes it away before the end.
    pub fn bar(&self) -> Option<ProgressBar> {
        self.bar.clone()
    }
}

/// Does the work, unless Ctrl-C ends it: then the bar is taken away, this is said, and the process ends as one that
/// was interrupted.
pub async fn unless_interrupted<T>(work: impl Future<Output = T>, bar: Option<ProgressBar>, said: &str) -> T {
    tokio::select! {
        done = work => done,
        Ok(()) = tokio::signal::ctrl_c() => {
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
            eprintln!("promograph: {said}");
            std::process::exit(130);
        }
    }
}

/// The pace and the time left, once they mean something.
fn rate(elapsed: Duration, done: u64, per_second: f64, left: Duration) -> String {
    if elapsed < RATE_AFTER || done == 0 || per_second < 0.5 {
        return String::new();
    }
    let mut said = String::new();
    // Writing to a string cannot fail; and no rate is negative or near the end of the range.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded rate of some thousands")]
    let _ = write!(said, ", {}/s, {:#} left", HumanCount(per_second.round() as u64), HumanDuration(left));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_whole_number_and_shown_only_once_it_means_something() {
        let second = Duration::from_secs(1);
        assert_eq!(rate(second / 2, 8_000, 17_131.949_4, second), "");
        assert_eq!(rate(5 * second, 0, 0.0, Duration::ZERO), "");
        assert_eq!(rate(5 * second, 85_000, 17_131.949_4, 12 * second), ", 17,132/s, 12s left");
        assert_eq!(rate(5 * second, 85_000, 17_131.949_4, 150 * second), ", 17,132/s, 3m left");
    }
}
