//! What tests leave behind: nothing, however they end.

use std::{env, fs, path::PathBuf, process::Command};

use crate::support::{Cluster, Folder, Promograph, eventually, has_ended};

/// Set for the process that is killed: the file that it writes its processes into.
const HELD: &str = "PROMOGRAPH_TEST_HELD";
const NAME: &str = "left_behind::what_tests_have_started_ends_with_them_also_when_they_are_killed";

#[tokio::test(flavor = "multi_thread")]
async fn what_tests_have_started_ends_with_them_also_when_they_are_killed() {
    if let Some(file) = env::var_os(HELD) {
        return hold(file.into()).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("held");
    let mut held = Command::new(env::current_exe().unwrap());
    let mut held = held.args(["--exact", NAME]).env(HELD, &file).spawn().unwrap();
    eventually("it has started them", async || file.exists()).await;
    let started = fs::read_to_string(&file).unwrap();
    let (processes, folders): (Vec<_>, Vec<_>) = started.lines().partition(|line| line.parse::<i32>().is_ok());
    let processes: Vec<i32> = processes.iter().map(|id| id.parse().unwrap()).collect();
    assert!(processes.len() > 3 && processes.iter().all(|id| !has_ended(*id)), "{started}");
    held.kill().unwrap();
    held.wait().unwrap();
    eventually("all of them have ended", async || processes.iter().all(|id| has_ended(*id))).await;
    eventually("no disk and no cluster is left", async || {
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
        folders.iter().all(|folder| !mounts.contains(folder) && !PathBuf::from(folder).exists())
    })
    .await;
}

/// Starts all kinds, one of them in a way that it cannot end by itself, and waits for the end.
async fn hold(file: PathBuf) {
    let cluster = Cluster::start().await;
    let server = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url()).serve().await;
    let disk = Folder::on_small_disk(4);
    let processes = [cluster.processes(), vec![server.id()]].concat();
    cluster.freeze();
    let mut started: Vec<_> = processes.iter().map(ToString::to_string).collect();
    started.push(cluster.folder().display().to_string());
    started.extend(disk.iter().map(|disk| disk.path().display().to_string()));
    // It is complete once it is there.
    fs::write(file.with_extension("draft"), started.join("\n")).unwrap();
    fs::rename(file.with_extension("draft"), file).unwrap();
    std::future::pending::<()>().await;
}
