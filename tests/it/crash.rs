//! The first two promises, by chance: the real binary under load, disturbed at random moments. At the
//! end every event that was answered with 2xx is stored once and applied, every other one at most once,
//! and the mirror is what the stored events tell a fresh database.
//!
//! `PROMOGRAPH_TEST_CRASH_SEED` gives the seed of a run that failed (its times are never quite the same),
//! `PROMOGRAPH_TEST_CRASH_ROUNDS` how many blows each run takes.

use std::env;

use crate::support::{Cluster, Dice, Folder, Promograph};

mod blow;
mod load;
mod programme;
mod site;
mod verdict;

use blow::Blow;
use site::{Database, Site};

/// The size of a server's small disk, in megabytes.
const SMALL_DISK: u32 = 48;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_a_server_and_its_postgresql_fail() {
    let cluster = Cluster::start().await;
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    run(Database::Postgres(cluster), vec![promograph], &Blow::ON_POSTGRES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_two_servers_on_one_postgresql_fail() {
    let cluster = Cluster::start().await;
    let promographs = [(); 2].map(|()| Promograph::new().with("PROMOGRAPH_DATABASE_URL", &cluster.url()));
    run(Database::Postgres(cluster), promographs.into(), &Blow::ON_POSTGRES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_disks_are_full_beside_postgresql() {
    let (Some(cluster), Some(disk)) = (Cluster::start_on_small_disk().await, Folder::on_small_disk(SMALL_DISK)) else {
        return;
    };
    let promograph = Promograph::in_folder(disk).with("PROMOGRAPH_DATABASE_URL", &cluster.url());
    run(Database::Postgres(cluster), vec![promograph], &Blow::ON_SMALL_DISKS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_a_server_on_sqlite_fails() {
    run(Database::Sqlite, vec![Promograph::new()], &Blow::ON_SQLITE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_the_disk_under_sqlite_is_full() {
    let Some(disk) = Folder::on_small_disk(SMALL_DISK) else { return };
    run(Database::Sqlite, vec![Promograph::in_folder(disk)], &Blow::ON_SMALL_DISK_OF_SQLITE).await;
}

/// Deals blows, each kind once and then by chance, and judges.
async fn run(database: Database, promographs: Vec<Promograph>, blows: &[Blow]) {
    let variable = |name| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seed = variable("PROMOGRAPH_TEST_CRASH_SEED").unwrap_or_else(rand::random);
    let rounds =
        variable("PROMOGRAPH_TEST_CRASH_ROUNDS").map_or(blows.len(), |rounds| usize::try_from(rounds).unwrap());
    eprintln!("PROMOGRAPH_TEST_CRASH_SEED={seed} PROMOGRAPH_TEST_CRASH_ROUNDS={rounds}");
    let mut dice = Dice::new([seed, 0, 0, 0]);
    let mut site = Site::open(database, promographs, seed).await;
    let mut waiting = Vec::new();
    for round in 1..=rounds {
        if waiting.is_empty() {
            waiting = blows.to_vec();
            dice.shuffle(&mut waiting);
        }
        let blow = waiting.pop().unwrap();
        eprintln!("{round}: {blow:?}");
        site.moment(&mut dice).await;
        blow.strike(&mut site, &mut dice).await;
        site.assert_servers_run();
    }
    site.moment(&mut dice).await;
    verdict::judge(site).await;
}
