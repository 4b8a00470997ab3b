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

/// User and system time so far of a process and all its children, including those that have ended.
///
/// # Errors
/// When there is no such process.
pub fn cpu_of_family(process: u32) -> anyhow::Result<Duration> {
    let first = stat(process)?;
    // A child that ends meanwhile is counted with its parent the next time.
    let children = children(process)?.into_iter().filter_map(|child| stat(child).ok());
    Ok(ticks(first.own + first.children + children.map(|child| child.own).sum::<u64>()))
}

/// Resident memory of a process and its children now, and the sum of the most that each ever had, in kB.
///
/// # Errors
/// When there is no such process.
pub fn memory_of_family(process: u32) -> anyhow::Result<(u64, u64)> {
    let (mut now, mut peak) = (0, 0);
    for process in children(process)?.into_iter().chain([process]) {
        now += status(process, "VmRSS:")?;
        peak += status(process, "VmHWM:")?;
    }
    Ok((now, peak))
}

/// Resident memory of a process, in kB.
///
/// # Errors
/// When there is no such process.
pub fn rss_kb(process: u32) -> anyhow::Result<u64> {
    status(process, "VmRSS:")
}

fn status(process: u32, field: &str) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let value = status.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("no {field}"))?;
    Ok(value.trim().trim_end_matches(" kB").parse()?)
}

fn children(process: u32) -> anyhow::Result<Vec<u32>> {
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let other = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(other) = other
            && stat(other).is_ok_and(|stat| stat.parent == process)
        {
            children.push(other);
        }
    }
    Ok(children)
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
