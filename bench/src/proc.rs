//! CPU time and memory of processes, from `/proc`.

use std::{fs, time::Duration};

use anyhow::Context as _;

/// Clock ticks per second in `/proc`; the same on every Linux.
const TICKS: u64 = 100;

struct Stat {
    parent: u32,
    own: u64,
    /// CPU time of children that have ended.
    children: u64,
}

/// User and system time of one process so far.
///
/// # Errors
/// When there is no such process.
pub fn cpu_of(process: u32) -> anyhow::Result<Duration> {
    Ok(ticks(stat(process)?.own))
}

/// User and system time so far of a process and all its children, including those that have ended.
///
/// # Errors
/// When there is no such process.
pub fn cpu_of_family(process: u32) -> anyhow::Result<Duration> {
    let first = stat(process)?;
    let mut sum = first.own + first.children;
    for entry in fs::read_dir("/proc")? {
        let child = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        // A child that ends meanwhile is counted with its parent the next time.
        if let Some(Ok(stat)) = child.map(stat)
            && stat.parent == process
        {
            sum += stat.own;
        }
    }
    Ok(ticks(sum))
}

/// Resident memory of a process, in kB.
///
/// # Errors
/// When there is no such process.
pub fn rss_kb(process: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn stat(process: u32) -> anyhow::Result<Stat> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in parentheses, may contain any character.
    let (_, rest) = stat.rsplit_once(')').context("no name in stat")?;
    let fields: Vec<_> = rest.split_whitespace().collect();
    let number = |at: usize| fields.get(at).context("stat is short")?.parse::<u64>().context("no number in stat");
    Ok(Stat { parent: u32::try_from(number(1)?)?, own: number(11)? + number(12)?, children: number(13)? + number(14)? })
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1000 / TICKS)
}
