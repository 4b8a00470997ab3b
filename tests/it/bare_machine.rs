//! `scripts/test` on a machine that lacks what it needs.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/test");
/// What every machine has.
const TOOLS: [&str; 14] =
    ["bash", "sort", "head", "sed", "tr", "cut", "cat", "dirname", "readlink", "ls", "rm", "mktemp", "uname", "env"];

/// A machine with these programs besides, each a script.
fn machine(programs: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    for tool in TOOLS {
        let found: PathBuf =
            std::env::split_paths(&path).map(|place| place.join(tool)).find(|file| file.exists()).unwrap();
        symlink(found, folder.path().join(tool)).unwrap();
    }
    for (name, script) in programs {
        let file = folder.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn run(machine: &Path, arguments: &[&str]) -> (String, Output) {
    let mut command = Command::new(machine.join("bash"));
    command.arg(SCRIPT).args(arguments).env_clear().env("PATH", machine).env("RECORD", machine.join("record"));
    // As on a machine with a server: which one is found elsewhere is another matter.
    let output = command.env("PROMOGRAPH_TEST_POSTGRES", "postgres://nobody@127.0.0.1:1").output().unwrap();
    (String::from_utf8(output.stderr.clone()).unwrap(), output)
}

const RUST: (&str, &str) =
    ("cargo", r#"[ "$1" = --version ] && echo "cargo 1.99.0 (x)" || echo "cargo $*" >>"$RECORD""#);
const USER: (&str, &str) = ("id", "echo 1000");
const ROOT: (&str, &str) = ("id", "echo 0");
const APT: (&str, &str) = ("apt-get", r#"echo "apt-get $*" >>"$RECORD""#);

fn record(machine: &tempfile::TempDir) -> String {
    fs::read_to_string(machine.path().join("record")).unwrap_or_default()
}

#[test]
fn all_that_is_missing_is_told_in_one_list_before_anything_is_built() {
    let machine = machine(&[USER, ("node", "echo v18.19.0"), RUST]);
    let (said, output) = run(machine.path(), &[]);
    assert!(!output.status.success());
    for expected in [
        "a C compiler (cc)",
        "git",
        "Python 3.10 or newer with venv",
        "Chromium",
        "Node.js 20.19 or newer with npm (this is 18.19.0), which this system's packages do not have",
        "https://nodejs.org",
        "apt-get install --no-install-recommends gcc libc6-dev git python3 python3-venv chromium\n",
        "scripts/test --workspace",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(record(&machine), "", "nothing was built or installed");
}

#[test]
fn an_old_rust_is_told_as_well() {
    let old = ("cargo", r#"[ "$1" = --version ] && echo "cargo 1.63.0" || echo "cargo $*" >>"$RECORD""#);
    let (said, _) = run(machine(&[USER, old]).path(), &["--workspace"]);
    assert!(said.contains("or newer (this is 1.63.0): rustup update stable"), "{said}");
    assert!(!said.contains("Node.js") && !said.contains("Chromium"), "they are not needed: {said}");
    let (said, _) = run(machine(&[USER]).path(), &[]);
    assert!(said.contains("from https://rustup.rs") && said.contains("Node.js 20.19"), "{said}");
}

#[test]
fn root_installs_all_that_the_distribution_has_at_once_or_nothing() {
    // Where Node.js is too old nothing is installed.
    let old = ("apt-cache", "echo '  Candidate: 18.19.0+dfsg-6'");
    let bookworm = machine(&[ROOT, APT, old, RUST]);
    let (said, _) = run(bookworm.path(), &[]);
    assert!(said.contains("which this system's packages do not have") && said.contains("chromium"), "{said}");
    assert_eq!(record(&bookworm), "");

    let new = ("apt-cache", "echo '  Candidate: 20.19.2+dfsg-1'");
    let trixie = machine(&[ROOT, APT, new, RUST]);
    run(trixie.path(), &[]);
    let expected = "apt-get update -qq\napt-get install -y -qq --no-install-recommends gcc libc6-dev git python3 \
        python3-venv chromium nodejs npm\n";
    assert_eq!(record(&trixie), expected);
}

#[test]
fn what_could_not_be_tested_is_said_in_the_last_lines() {
    let cargo = r#"if [ "$1" = --version ]; then echo "cargo 1.99.0"; exit; fi
echo 'a::test: needs root' >>"$PROMOGRAPH_TEST_NOTES"; exit 3"#;
    let machine = machine(&[USER, ("cc", ""), ("cargo", cargo)]);
    let (said, output) = run(machine.path(), &["--workspace"]);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.ends_with("== left out here\na::test: needs root\n"), "{said}");
}

#[test]
fn the_needed_node_is_the_same_everywhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    for package in ["web", "tests/browser", "tests/clients"] {
        assert!(read(&format!("{package}/package.json")).contains(r#""node": ">=20.19""#), "{package}");
    }
    for (file, text) in [
        ("README.md", "Node.js 20.19"),
        ("scripts/test", "NODE=20.19.0"),
        ("build.rs", "OLDEST_NODE: (u32, u32) = (20, 19)"),
        ("src/http/web/missing.html", "20.19 is the oldest that works"),
        ("tests/browser/run", "Node.js 20.19"),
        ("tests/clients/run", "Node.js 20.19"),
    ] {
        let whole = read(file);
        assert!(whole.contains(text), "{file}");
        assert!(!whole.contains("Node.js 20 "), "{file}");
    }
}
