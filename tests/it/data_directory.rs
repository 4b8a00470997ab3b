//! The data directory: how it is created and found, and its file modes.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use promograph::database::{Database, sqlite_url};

use crate::support::{Backend, Promograph, TestDatabase, on_both};

/// Commands that work on what is there.
const COMMANDS: [&[&str]; 10] = [
    &["token", "issue", "--role", "admin"],
    &["token", "list"],
    &["token", "revoke", "tok_none"],
    &["events", "list"],
    &["events", "show", "none"],
    &["events", "replay", "--all"],
    &["events", "prune", "--applied-before", "1d"],
    &["projection", "rebuild"],
    &["projection", "digest"],
    &["migrate", "down", "--yes"],
];

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[tokio::test]
async fn a_command_in_the_wrong_directory_makes_no_database_and_says_where_it_looked() {
    for command in COMMANDS.iter().chain([&["migrate", "status"][..], &["serve", "--no-migrate"]].iter()) {
        let promograph = Promograph::new();
        let (line, code) = promograph.complains(command).await;
        let path = fs::canonicalize(promograph.folder()).unwrap().join("promograph-data/promograph.db");
        assert!(
            line.contains(&format!("there is no database: looked for {}. ", path.display())),
            "{command:?}: {line}"
        );
        assert!(line.contains("--data-dir") && line.contains("PROMOGRAPH_DATA_DIR") && code == Some(1), "{line}");
        assert!(is_empty(promograph.folder()), "{command:?}");
    }
    for command in COMMANDS {
        let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", "sqlite:mistyped.db");
        let (line, _) = promograph.complains(command).await;
        assert!(line.contains("/mistyped.db. ") && line.contains("PROMOGRAPH_DATABASE_URL"), "{command:?}: {line}");
        assert!(is_empty(promograph.folder()), "{command:?}");
    }
}

#[tokio::test]
async fn the_data_is_in_the_directory_that_is_named_whatever_its_name() {
    for name in ["a%20b", "a?b", ":memory:x", "sqlite:x"] {
        let promograph = Promograph::new();
        let printed = promograph.prints(&["demo", "--promoters", "1", "--leads", "1", "--data-dir", name]).await;
        assert!(promograph.folder().join(name).join("promograph.db").exists(), "{name}: {printed}");
        assert_eq!(fs::read_dir(promograph.folder()).unwrap().count(), 1, "{name}");
        promograph.prints(&["token", "list", "--data-dir", name]).await;
    }
    let promograph = Promograph::new();
    let absolute = format!("/{}/d", promograph.folder().display());
    promograph.prints(&["migrate", "up", "--data-dir", &absolute]).await;
    assert!(promograph.folder().join("d/promograph.db").exists());

    let promograph = Promograph::new();
    for command in [&["serve"][..], &["demo"], &["migrate", "up"], &["token", "list"]] {
        let mut command = promograph.command(command);
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"a\xff");
        let output = command.arg("--data-dir").arg(name).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("PROMOGRAPH_DATA_DIR: expected a path in UTF-8"), "{said}");
        assert!(is_empty(promograph.folder()));
    }
}

#[tokio::test]
async fn who_may_not_look_is_not_told_that_there_is_nothing() {
    let promograph = Promograph::new();
    fs::write(promograph.folder().join("file"), "").unwrap();
    let (line, _) = promograph.complains(&["token", "list", "--data-dir", "file"]).await;
    assert!(line.contains("cannot look at ") && line.contains("file/promograph.db: Not a directory"), "{line}");
}

#[tokio::test]
async fn a_command_makes_no_tables_in_somebody_elses_database() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let test = TestDatabase::empty(backend).await;
        sea_orm::ConnectionTrait::execute_unprepared(&test.database.write, "create table theirs (x integer)")
            .await
            .unwrap();
        let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", &test.url);
        for command in COMMANDS.iter().filter(|command| command[0] != "migrate") {
            let (line, _) = promograph.complains(command).await;
            assert!(line.contains("this is not a database of Promograph: looked for "), "{command:?}: {line}");
        }
        assert!(is_empty(promograph.folder()));
    }
}

#[tokio::test]
async fn a_token_is_signed_only_with_a_key_that_a_server_has() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let elsewhere = ["token", "issue", "--role", "admin", "--data-dir", "elsewhere"];
        let (line, _) = promograph.complains(&elsewhere).await;
        assert!(line.contains("there is no") && line.contains("/elsewhere") && line.contains("--data-dir"), "{line}");
        assert!(!promograph.folder().join("elsewhere").exists());
    })
    .await;
}

#[tokio::test]
async fn a_sqlite_file_and_those_beside_it_are_its_owners_wherever_they_lie() {
    let promograph = Promograph::new().with("DATABASE_URL", "sqlite:x/mine.db");
    let folder = promograph.folder().join("x");
    fs::create_dir(&folder).unwrap();
    let server = promograph.serve().await;
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["mine.db", "mine.db-shm", "mine.db-wal", "mine.db.lock"]);
    assert!(!server.log().contains("other users of this machine can read"), "{}", server.log());
    assert_eq!(server.stop().await, Some(0));

    // One that was made before is left as it is, and told of.
    fs::set_permissions(folder.join("mine.db"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(promograph.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let server = promograph.serve().await;
    assert!(server.log().contains("mine.db holds personal data, and other users of this machine can read it"));
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test]
async fn a_database_that_is_opened_by_the_library_is_private_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("promograph.db");
    let db = Database::connect(&sqlite_url(&file)).await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    db.close().await.unwrap();
}
