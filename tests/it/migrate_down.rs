//! `promograph migrate down`: what it removes, and when it refuses.

use promograph::database::{Database, sqlite_url};
use sea_orm::ConnectionTrait as _;

use crate::support::{Backend, Promograph, TestDatabase, on_both};

const DEMO: [&str; 5] = ["demo", "--promoters", "3", "--leads", "9"];
const ALL: [&str; 4] = ["migrate", "down", "--steps", "99"];

fn url(promograph: &Promograph, test: &TestDatabase) -> String {
    match test.backend {
        Backend::Sqlite => sqlite_url(&promograph.data_dir().join("promograph.db")),
        Backend::Postgres => test.url.clone(),
    }
}

#[tokio::test]
async fn nothing_is_undone_without_a_list_of_the_losses_and_a_confirmation() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        let digest = promograph.prints(&["projection", "digest"]).await;
        let (line, code) = promograph.complains(&ALL).await;
        assert!(line.contains("nothing was undone") && line.contains("pass --yes"), "{line}");
        assert!(line.contains("undoes the last ") && line.contains("lead (9 rows)"), "{line}");
        assert!(line.contains("webhook_event (") && line.contains("stored events are lost for good"), "{line}");
        assert_eq!(code, Some(1));
        assert!(!line.contains("postgres@") && !line.contains("app@"), "{line}");
        let status = promograph.prints(&["migrate", "status"]).await;
        assert!(!status.contains("missing"), "{status}");
        assert_eq!(promograph.prints(&["projection", "digest"]).await, digest);

        let output = promograph.run(&[&ALL[..], &["--yes"]].concat()).await;
        let (printed, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success() && !printed.contains("applied "), "{printed}{said}");
        assert!(said.contains("undone. It undoes the last ") && said.contains("lead (9 rows)"), "{said}");
        assert!(!said.contains("projection rebuild"), "no events are left to rebuild from: {said}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_undone_beside_a_server() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let (line, code) = promograph.complains(&["migrate", "down", "--yes"]).await;
        assert!(line.contains("server") || line.contains("serve"), "{line}");
        assert_eq!(code, Some(1));
        // By the lease alone, as from another machine or with another path of the data directory.
        let elsewhere =
            ["migrate", "down", "--yes", "--data-dir", "elsewhere", "--database-url", &url(&promograph, &test)];
        let (line, _) = promograph.complains(&elsewhere).await;
        assert!(line.contains("stop "), "{line}");
        assert!(!promograph.folder().join("elsewhere").exists());
        assert!(!promograph.prints(&["migrate", "status"]).await.contains("missing"));
        assert_eq!(server.stop().await, Some(0));
        promograph.prints(&["migrate", "down", "--yes"]).await;
    })
    .await;
}

#[tokio::test]
async fn fractions_that_are_lost_are_listed_before() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        let db = Database::connect(&url(&promograph, &test)).await.unwrap();
        db.write.execute_unprepared("update commission set amount = 10000 where amount is not null").await.unwrap();
        db.write.execute_unprepared("update balance set amount = 10000").await.unwrap();
        db.close().await.unwrap();
        let steps = promograph.prints(&["migrate", "status"]).await;
        let steps: Vec<_> = steps.lines().collect();
        let index = steps.iter().position(|step| step.contains("count_in_ten_thousandths")).unwrap();
        let down = ["migrate", "down", "--steps", &(steps.len() - index).to_string()];
        let (line, _) = promograph.complains(&down).await;
        assert!(!line.contains("fractions") && line.contains("Of the database "), "{line}");

        let db = Database::connect(&url(&promograph, &test)).await.unwrap();
        db.write.execute_unprepared("update balance set amount = 12345").await.unwrap();
        db.close().await.unwrap();
        let (line, _) = promograph.complains(&down).await;
        assert!(line.contains("balance.amount (fractions) (") && !line.contains("commission.amount"), "{line}");
    })
    .await;
}

#[tokio::test]
async fn after_down_and_up_a_message_says_that_a_rebuild_fills_the_mirror() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&DEMO).await;
        let digest = promograph.prints(&["projection", "digest"]).await;
        // Down until a mirrored table is dropped and the events stay.
        let steps = promograph.prints(&["migrate", "status"]).await;
        let steps: Vec<_> = steps.lines().collect();
        let index = steps.iter().position(|step| step.contains("promoters")).unwrap();
        let count = (steps.len() - index).to_string();
        let down = promograph.run(&["migrate", "down", "--steps", &count, "--yes"]).await;
        let said = String::from_utf8(down.stderr).unwrap();
        assert!(said.contains("after `promograph migrate up` run `promograph projection rebuild`"), "{said}");

        let up = promograph.run(&["migrate", "up"]).await;
        let said = String::from_utf8(up.stderr).unwrap();
        assert!(said.contains("`promograph projection rebuild` fills what is new"), "{said}");
        assert_ne!(promograph.prints(&["projection", "digest"]).await, digest);
        promograph.prints(&["projection", "rebuild"]).await;
        assert_eq!(promograph.prints(&["projection", "digest"]).await, digest);
        let db = Database::connect(&url(&promograph, &test)).await.unwrap();
        db.write.execute_unprepared("select 1").await.unwrap();
        db.close().await.unwrap();
    })
    .await;
}
