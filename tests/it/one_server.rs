//! One server at a time on the files that it writes; commands beside it.

use promograph::database::sqlite_url;

use crate::support::{Promograph, Socket, TestDatabase, eventually, on_both, senders};

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_files_does_not_start_while_the_first_lives() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let (line, code) = promograph.complains(&SERVE).await;
        assert!(code == Some(1) && line.contains("another `promograph serve` works on "), "{line}");
        assert!(line.contains("promograph-data") && line.contains("PROMOGRAPH_DATA_DIR"), "{line}");

        // The first goes on, and commands work beside it.
        senders::post(&mut Socket::connect(&server.address).await.unwrap(), 1).await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        assert!(promograph.prints(&["token", "list"]).await.contains("admin"));
        eventually("it is applied", async || {
            promograph.prints(&["events", "list", "--status", "applied"]).await.contains("lead_signup")
        })
        .await;
        promograph.prints(&["events", "replay", "--status", "applied"]).await;
        assert!(promograph.prints(&["projection", "rebuild"]).await.contains("(the same)"));
        promograph.prints(&["migrate", "status"]).await;
        assert!(!token.is_empty());

        // However it ends, the next one starts.
        server.kill();
        let server = promograph.serve().await;
        assert_eq!(server.stop().await, Some(0));
        assert_eq!(promograph.serve().await.stop().await, Some(0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_has_one_server_whatever_its_data_directory_and_the_name_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, alias) = (folder.path().join("shared.db"), folder.path().join("alias.db"));
    let on = |file| Promograph::new().with("PROMOGRAPH_DATABASE_URL", &sqlite_url(file));
    let promograph = on(&file);
    promograph.prints(&["migrate", "up"]).await;
    std::os::unix::fs::symlink(&file, &alias).unwrap();
    let server = promograph.serve().await;
    for other in [on(&file), on(&alias)] {
        let (line, _) = other.complains(&SERVE).await;
        assert!(line.contains("another `promograph serve`") && line.contains("shared.db"), "{line}");
    }
    assert_eq!(server.stop().await, Some(0));
}
