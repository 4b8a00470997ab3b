//! Metrics of the process, as far as the system has `/proc`.

use std::fs;

use prometheus_client::metrics::gauge::Gauge;
use rustix::{
    param::clock_ticks_per_second,
    process::{Resource, getrlimit},
};

use super::Report;

pub(super) fn add(out: &mut Report) {
    if let Some(bytes) = resident_bytes() {
        out.gauge("process_resident_memory_bytes", "Resident memory of the process", bytes);
    }
    if let Some(seconds) = cpu_seconds() {
        let gauge = Gauge::<f64, std::sync::atomic::AtomicU64>::default();
        gauge.set(seconds);
        out.0.register("process_cpu_seconds", "CPU time of the process", gauge);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        out.gauge("process_open_fds", "Open files and sockets", files.count());
    }
    if let Some(max) = getrlimit(Resource::Nofile).current {
        out.gauge("process_max_fds", "Limit of open files", max);
    }
}

fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[expect(clippy::cast_precision_loss, reason = "a process does not live for millions of years")]
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the name in parentheses and may hold anything; user and system time are the
    // 12th and 13th after it.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some((ticks()? + ticks()?) as f64 / clock_ticks_per_second() as f64)
}
