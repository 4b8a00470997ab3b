//! The tables, with the goals.

use std::fmt;

use crate::load::Outcome;

/// What one load came to.
pub struct Phase {
    /// Connections.
    pub connections: usize,
    /// What the senders saw.
    pub outcome: Outcome,
    /// The age of the oldest event that waited, in milliseconds: 99 of 100 looks saw less.
    pub lag_p99: f64,
    /// Events that still waited when the last one was answered.
    pub waiting: i64,
    /// Events per second from the first request until all were applied.
    pub through: f64,
    /// Microseconds of CPU per event, accepting and applying.
    pub server_micros: f64,
    /// The same of the database's processes.
    pub database_micros: f64,
}

impl Phase {
    /// The names of what it shows.
    pub const HEAD: &str = "| Connections | acknowledged/s | ack p50 ms | ack p99 ms | after the first second | lag p99 ms | waiting at the end | \
        until applied, events/s | server µs/event | database µs/event |\n|---|---|---|---|---|---|---|---|---|---|";
}

/// All of one database.
#[derive(Default)]
pub struct Report {
    database: &'static str,
    is_postgres: bool,
    /// The database's own rates, one event per transaction; several times between our runs.
    pub singly: Vec<f64>,
    /// The same with one client.
    pub alone: f64,
    /// The same with fifty events per transaction.
    pub batches: f64,
    /// By number of connections.
    pub phases: Vec<Phase>,
    /// At half of the peak, several times.
    pub half: Vec<Phase>,
    /// At the rate that must be held.
    pub held: Option<Phase>,
    /// Applied per second while more came in than that.
    pub applied: f64,
    /// Events that were acknowledged.
    pub sent: u64,
    /// Events that are stored, and the deliveries counted on them.
    pub stored: (i64, i64),
}

impl Report {
    /// Nothing yet.
    pub fn new(database: &'static str, is_postgres: bool) -> Self {
        Self { database, is_postgres, ..Self::default() }
    }

    /// The most that was acknowledged per second.
    pub fn peak(&self) -> f64 {
        self.phases.iter().map(|phase| phase.outcome.rate()).fold(0.0, f64::max)
    }

    /// The median of the database's own rates.
    pub fn singly(&self) -> f64 {
        median(self.singly.clone())
    }

    /// # Errors
    /// When an acknowledged event is not stored, or another is.
    pub fn check(&self) -> anyhow::Result<()> {
        let sent = i64::try_from(self.sent)?;
        anyhow::ensure!(
            self.stored == (sent, sent),
            "{sent} events were acknowledged, but (stored, delivered) is {:?}",
            self.stored
        );
        Ok(())
    }

    fn goals(&self) -> Vec<(String, f64, &'static str, f64)> {
        let single = self.singly();
        let wanted = if self.is_postgres { 2.5 } else { 2.0 };
        let mut goals = vec![(format!("acknowledged / {single:.0} singly"), self.peak() / single, ">=", wanted)];
        if self.is_postgres {
            goals.push((format!("applied / {single:.0} singly"), self.applied / single, ">=", 1.0));
        }
        if !self.half.is_empty() {
            let p99 = median(self.half.iter().map(|half| half.outcome.quantile(0.99)).collect());
            goals.push(("ms of acknowledgement p99 at half of the peak, the median".into(), p99, "<=", 20.0));
        }
        if let Some(held) = &self.held {
            goals.push(("acknowledged/s of 2,000 sent".into(), held.outcome.rate(), ">=", 1_960.0));
            goals.push(("ms of lag p99 meanwhile".into(), held.lag_p99, "<=", 250.0));
        }
        goals
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rates: Vec<_> = self.singly.iter().map(|rate| format!("{rate:.0}")).collect();
        writeln!(f, "\n## {}\n", self.database)?;
        writeln!(
            f,
            "Itself, event + 3 upserts: one per transaction {} events/s{}; fifty per transaction {:.0}; ours applied {:.0}.\n",
            rates.join(", "),
            if self.is_postgres { format!(" (one client {:.0})", self.alone) } else { String::new() },
            self.batches,
            self.applied,
        )?;
        writeln!(f, "{}", Phase::HEAD)?;
        for phase in self.phases.iter().chain(&self.half).chain(&self.held) {
            writeln!(f, "{phase}")?;
        }
        writeln!(f, "\n| Goal | measured | wanted | |\n|---|---|---|---|")?;
        for (name, measured, relation, wanted) in self.goals() {
            let met = if relation == ">=" { measured >= wanted } else { measured <= wanted };
            writeln!(f, "| {name} | {measured:.2} | {relation} {wanted} | {} |", if met { "met" } else { "missed" })?;
        }
        let (stored, delivered) = self.stored;
        writeln!(f, "\n{} acknowledged, {stored} stored, {delivered} deliveries counted.", self.sent)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, outcome, lag_p99, waiting, through, server_micros, database_micros } = self;
        write!(
            f,
            "| {connections} | {:.0} | {:.2} | {:.2} | {:.2} | {lag_p99:.0} | {waiting} | {through:.0} | {server_micros:.0} | {database_micros:.0} |",
            outcome.rate(),
            outcome.quantile(0.5),
            outcome.quantile(0.99),
            outcome.later_quantile(0.99),
        )
    }
}
