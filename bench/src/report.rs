//! The printed report: tables of results, and the goals.

use std::fmt;

use crate::load::Outcome;

/// The result of one load.
pub struct Phase {
    /// Connections.
    pub connections: usize,
    /// The senders' view.
    pub outcome: Outcome,
    /// The 99th percentile of the age of the oldest pending event, in milliseconds.
    pub lag_p99: f64,
    /// Events that were pending when the last one was answered.
    pub pending: i64,
    /// Events per second from the first request until all were applied.
    pub throughput: f64,
    /// Microseconds of the server's CPU per event, for storing and applying.
    pub server_micros: f64,
    /// The same of the database's processes.
    pub database_micros: f64,
}

impl Phase {
    /// The header of the table.
    pub const HEAD: &str = "| Connections | acknowledged/s | ack p50 ms | ack p99 ms | after the first second | lag p99 ms | waiting at the end | \
        until applied, events/s | server µs/event | database µs/event |\n|---|---|---|---|---|---|---|---|---|---|";
}

/// The results of one database.
#[derive(Default)]
pub struct Report {
    database: &'static str,
    is_postgres: bool,
    /// The database's own rates with one event per transaction, measured several times between the loads.
    pub singly: Vec<f64>,
    /// The same with one client.
    pub alone: f64,
    /// The same with fifty events per transaction.
    pub batches: f64,
    /// By number of connections.
    pub phases: Vec<Phase>,
    /// Loads at half of the peak.
    pub half: Vec<Phase>,
    /// The load at the rate that must be sustained.
    pub sustained: Option<Phase>,
    /// Events applied per second under a higher load.
    pub applied: f64,
    /// Acknowledged events.
    pub sent: u64,
    /// Stored events and their deliveries.
    pub stored: (i64, i64),
}

impl Report {
    /// An empty report.
    pub fn new(database: &'static str, is_postgres: bool) -> Self {
        Self { database, is_postgres, ..Self::default() }
    }

    /// The highest rate of acknowledged events.
    pub fn peak(&self) -> f64 {
        self.phases.iter().map(|phase| phase.outcome.rate()).fold(0.0, f64::max)
    }

    /// The median of the database's own rates.
    pub fn singly(&self) -> f64 {
        median(self.singly.clone())
    }

    /// # Errors
    /// When the stored events are not exactly the acknowledged ones.
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
            goals.push(("ms of acknowledgement p99 at half of the peak, the median".into(), p99, "<=", 50.0));
        }
        if let Some(sustained) = &self.sustained {
            goals.push(("acknowledged/s of 2,000 sent".into(), sustained.outcome.rate(), ">=", 1_960.0));
            goals.push(("ms of lag p99 meanwhile".into(), sustained.lag_p99, "<=", 250.0));
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
        for phase in self.phases.iter().chain(&self.half).chain(&self.sustained) {
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
        let Self { connections, outcome, lag_p99, pending, throughput, server_micros, database_micros } = self;
        write!(
            f,
            "| {connections} | {:.0} | {:.2} | {:.2} | {:.2} | {lag_p99:.0} | {pending} | {throughput:.0} | {server_micros:.0} | {database_micros:.0} |",
            outcome.rate(),
            outcome.quantile(0.5),
            outcome.quantile(0.99),
            outcome.later_quantile(0.99),
        )
    }
}
