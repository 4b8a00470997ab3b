//! One server at a time on the files that it writes; commands beside it.

use promograph::{
    database::{Database, sqlite_url},
    projection::digest,
};
use sea_orm::ConnectionTrait as _;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Backend, Promograph, Socket, TestDatabase, eventually, on_both,
    senders::{self, Senders},
};

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_files_does_not_start_while_the_first_lives() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let (line, code) = promograph.complains(&SERVE).await;
        assert!(code == Some(1) && line.contains("another `promograph serve` is running on "), "{line}");
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
async fn damaged_tables_are_rebuilt_while_a_server_keeps_webhooks_and_answers_reads() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["demo", "--promoters", "20", "--leads", "1500"]).await;
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let url = if test.backend == Backend::Sqlite {
            sqlite_url(&promograph.data_dir().join("promograph.db"))
        } else {
            test.url.clone()
        };
        let db = Database::connect(&url).await.unwrap();
        let right = digest(&db).await.unwrap();
        for harm in [
            "update lead set plan_name = 'wrong' where id % 2 = 0",
            "delete from payout_commission",
            "delete from commission where id % 3 = 0",
            "delete from lead_event",
            "update promoter set note = 'wrong'",
        ] {
            db.write.execute_unprepared(harm).await.unwrap();
        }
        assert_ne!(digest(&db).await.unwrap(), right);

        let (senders, ended) = (Senders::new(), CancellationToken::new());
        let sending = senders.start(&server.address, 4);
        let reading = async {
            let (mut socket, mut answers) = (Socket::connect(&server.address).await.unwrap(), 0);
            while !ended.is_cancelled() {
                let query = br#"{"query": "{ leads(first: 5) { totalCount nodes { email } } }"}"#;
                let (status, answer) = socket.post("/graphql", &token, query).await.unwrap();
                assert!(status == 200 && !answer.contains("errors"), "{answer}");
                answers += 1;
            }
            answers
        };
        let rebuilding = async {
            let output = promograph.run(&["projection", "rebuild"]).await;
            ended.cancel();
            output
        };
        let (output, answers) = tokio::join!(rebuilding, reading);
        sending.stop().await;
        let (said, shown) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(
            said.contains("(not the same as before)") && said.contains("links from rows to events"),
            "{said}{shown}"
        );
        assert!(shown.contains("comparing the tables"), "how far it is: {shown}");
        assert!(answers > 0 && senders.count() > 0, "{answers} {}", senders.count());

        // All that came meanwhile is applied, and nothing is left to put right.
        eventually("all is applied", async || {
            let waiting = promograph.prints(&["events", "list", "--status", "pending"]).await;
            !waiting.contains("lead_signup")
        })
        .await;
        let again = promograph.prints(&["projection", "rebuild"]).await;
        assert!(again.contains(" 0 rows written\n"), "{again}");
        db.close().await.unwrap();
        assert_eq!(server.stop().await, Some(0));
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
