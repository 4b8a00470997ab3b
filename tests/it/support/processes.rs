//! Other processes, by what the kernel tells of them: a bare machine has neither `ps` nor `kill`.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// Sends a signal; one who has ended meanwhile needs none.
pub fn signal(signal: Signal, processes: &[i32]) {
    for pid in processes.iter().filter_map(|id| Pid::from_raw(*id)) {
        let _ = kill_process(pid, signal);
    }
}

/// Those whom this process has started, as far as they live.
pub fn children(parent: i32) -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    ids.filter(|id| stat(*id).is_some_and(|(_, its_parent)| its_parent == parent)).collect()
}

/// Whether it has ended, though nobody may have asked how.
pub fn has_ended(id: i32) -> bool {
    stat(id).is_none_or(|(state, _)| matches!(state, 'Z' | 'X'))
}

/// The state of a process, and its parent.
fn stat(id: i32) -> Option<(char, i32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

#[test]
fn processes_are_found_signalled_and_seen_to_end_without_other_programs() {
    let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
    let id = i32::try_from(child.id()).unwrap();
    let own = i32::try_from(std::process::id()).unwrap();
    assert!(children(own).contains(&id) && !has_ended(id));
    signal(Signal::KILL, &[id]);
    assert!(!child.wait().unwrap().success());
    assert!(has_ended(id) && !children(own).contains(&id));
    // Gone long ago, or never there.
    signal(Signal::KILL, &[id]);
    assert!(has_ended(i32::MAX));
}
