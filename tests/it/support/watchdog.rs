//! Ends what tests have started when their process ends, in whatever way: also by a panic that aborts it, or by `kill -9`.
//!
//! A shell in a process group of its own is told what runs. When the pipe to it closes, it ends what is left.

use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{LazyLock, Mutex},
};

const SCRIPT: &str = r#"
trap '' INT TERM HUP
IFS='
'
all=
while IFS=' ' read -r sign thing; do
    kept=
    for each in $all; do [ "$each" = "$thing" ] || kept="$kept$each$IFS"; done
    all=$kept
    if [ "$sign" = + ]; then all="$thing$IFS$all"; fi
done
for each in $all; do
    thing=${each#*:}
    case $each in
    process:*) kill -KILL "$thing" ;;
    cluster:*)
        pid=$(head -n 1 "$thing/data/postmaster.pid")
        if [ "$(readlink "/proc/$pid/cwd")" = "$thing/data" ]; then
            for file in $(grep -l "^PPid:[[:space:]]*$pid\$" /proc/[0-9]*/status); do
                file=${file#/proc/}
                kill -CONT "${file%/status}"
            done
            kill -CONT "$pid"
            kill -QUIT "$pid"
            tries=0
            while [ -d "/proc/$pid" ] && [ "$tries" -lt 100 ]; do
                sleep 0.1
                tries=$((tries + 1))
            done
        fi
        rm -rf "$thing"
        ;;
    disk:*)
        umount -l "$thing"
        rm -rf "$thing"
        ;;
    esac
done
"#;

static WATCHDOG: LazyLock<Mutex<ChildStdin>> = LazyLock::new(|| {
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    Mutex::new(shell.spawn().expect("a shell starts").stdin.take().expect("a pipe"))
});

/// Something that is ended with the tests, unless this was dropped before.
#[derive(Debug)]
pub struct Watched(String);

impl Watched {
    /// A process.
    pub fn process(id: u32) -> Self {
        Self::new(format!("process:{id}"))
    }

    /// A PostgreSQL server, whose data is in `data` in this folder.
    pub fn cluster(folder: &Path) -> Self {
        Self::new(format!("cluster:{}", folder.display()))
    }

    /// A disk that is mounted on this folder.
    pub fn disk(folder: &Path) -> Self {
        Self::new(format!("disk:{}", folder.display()))
    }

    fn new(thing: String) -> Self {
        tell('+', &thing);
        Self(thing)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        tell('-', &self.0);
    }
}

/// That it cannot be told must not fail a test that is about something else.
fn tell(sign: char, thing: &str) {
    if let Ok(mut watchdog) = WATCHDOG.lock() {
        let _ = writeln!(watchdog, "{sign} {thing}");
    }
}
