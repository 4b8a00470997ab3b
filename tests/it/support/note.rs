//! What tests could not do here: `scripts/test` says it in the run's last lines, since the output of tests that pass is
//! not shown.

use std::{env, fs::OpenOptions, io::Write as _, thread};

/// This test, or a part of it, was left out, and why.
pub fn left_out(why: &str) {
    eprintln!("left out: {why}");
    let Some(file) = env::var_os("PROMOGRAPH_TEST_NOTES") else { return };
    let line = format!("{}: {why}\n", thread::current().name().unwrap_or("a test"));
    let opened = OpenOptions::new().append(true).create(true).open(file);
    // In one piece, since others write too.
    let _ = opened.and_then(|mut notes| notes.write_all(line.as_bytes()));
}
