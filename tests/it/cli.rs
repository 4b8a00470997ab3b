//! The commands, run as a person runs them.

use crate::support::{Promograph, Socket, TestDatabase, on_both};

#[tokio::test]
async fn a_token_is_printed_alone_before_the_first_start_once_there_is_a_database() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["migrate", "up"]).await;
        let output = promograph.run(&["token", "issue", "--role", "admin", "--name", "Ann"]).await;
        let (printed, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success() && said.is_empty(), "{said}");
        assert_eq!((printed.lines().count(), printed.trim().split('.').count()), (1, 3), "{printed}");
        let list = promograph.prints(&["token", "list"]).await;
        assert!(list.contains("active") && list.contains("admin") && list.ends_with("Ann"), "{list}");
        assert!(!list.contains(printed.trim()), "the token itself is kept nowhere");
    })
    .await;
}

#[tokio::test]
async fn a_token_that_makes_no_sense_is_not_issued() {
    let promograph = Promograph::new();
    for wrong in [
        &["--role", "promoter"][..],
        &["--role", "admin", "--promoter", "7"],
        &["--role", "analyst", "--promoter", "7"],
        &["--role", "admin", "--pii"],
        &["--role", "promoter", "--promoter", "0"],
        &["--role", "root"],
        &["--role", "admin", "--ttl", "30"],
        &["--role", "admin", "--name", ""],
        &[],
    ] {
        let output = promograph.run(&[&["token", "issue"], wrong].concat()).await;
        assert!(!output.status.success() && output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn revoking_says_when_there_is_no_such_token() {
    let promograph = Promograph::new();
    promograph.prints(&["migrate", "up"]).await;
    let (line, code) = promograph.complains(&["token", "revoke", "tok_none"]).await;
    assert!(line.contains("there is no token tok_none"), "{line}");
    assert_eq!(code, Some(1));
}

#[tokio::test]
async fn migrations_go_by_hand_and_the_server_waits_for_them_if_told_so() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let up = promograph.prints(&["migrate", "up"]).await;
        assert!(up.lines().all(|line| line.starts_with("applied ")), "{up}");
        assert_eq!(promograph.prints(&["migrate", "status"]).await, up);

        let down = promograph.prints(&["migrate", "down", "--yes"]).await;
        assert!(down.lines().last().unwrap().starts_with("missing "), "{down}");
        let status = promograph.run(&["migrate", "status"]).await;
        assert_eq!(status.status.code(), Some(1), "a missing migration is seen by scripts");
        let (line, _) = promograph.complains(&["serve", "--no-migrate", "--listen", "127.0.0.1:0"]).await;
        assert!(line.contains("1 migrations are missing: run `promograph migrate up`"), "{line}");

        let server = promograph.serve().await;
        assert_eq!(promograph.prints(&["migrate", "status"]).await, up, "serve applied it");
        assert_eq!(server.stop().await, Some(0));
    })
    .await;
}

#[tokio::test]
async fn who_starts_together_shares_the_work_of_migrating() {
    on_both(async |test: TestDatabase| {
        let [one, two, three] = [(); 3].map(|()| Promograph::on(&test));
        if test.database.is_sqlite() {
            let up = || one.prints(&["migrate", "up"]);
            let (first, second, third) = tokio::join!(up(), up(), up());
            assert!(!first.contains("missing") && first == second && second == third, "{first}");
            return;
        }
        one.prints(&["migrate", "down", "--steps", "99", "--yes"]).await;
        let (one, two, three) = tokio::join!(one.serve(), two.serve(), three.serve());
        for server in [one, two, three] {
            assert_eq!(server.stop().await, Some(0));
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_finishes_and_says_so_by_its_code() {
    let promograph = Promograph::new();
    let server = promograph.serve().await;
    let mut socket = Socket::connect(&server.address).await.unwrap();
    assert_eq!(socket.get("/health").await.unwrap(), (200, "ok\n".to_owned()));
    assert_eq!(server.stop().await, Some(0));
    let names: Vec<_> =
        std::fs::read_dir(promograph.data_dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with("-wal")), "{names:?}");
}

#[tokio::test]
async fn help_lists_the_commands_and_every_setting() {
    let promograph = Promograph::new();
    let help = promograph.prints(&["--help"]).await;
    for command in ["serve", "migrate", "token", "events", "projection", "schema", "demo", "completions"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    let settings = promograph.prints(&["serve", "--help"]).await;
    for name in ["DATABASE_URL", "DATA_DIR", "LISTEN", "DATABASE_DIRECT_URL", "WEBHOOK_TOKENS", "WEBHOOK_SECRETS"]
        .into_iter()
        .chain([
            "JWT_SECRET",
            "JWT_ISSUER",
            "JWT_AUDIENCE",
            "CURRENCY",
            "CORS_ORIGINS",
            "CORS_HEADERS",
            "LOG",
            "LOG_FORMAT",
        ])
    {
        assert!(settings.contains(&format!("[env: PROMOGRAPH_{name}")), "{name}");
    }
}

#[tokio::test]
async fn the_schema_is_printed_and_checked_without_a_database() {
    let promograph = Promograph::new();
    let sdl = promograph.prints(&["schema"]).await + "\n";
    let file = promograph.folder().join("schema.graphql");
    let check = ["schema", "--check", file.to_str().unwrap()];
    std::fs::write(&file, &sdl).unwrap();
    assert_eq!(promograph.prints(&check).await, "");
    std::fs::write(&file, sdl.replacen("type Promoter ", "type Affiliate ", 1)).unwrap();
    let output = promograph.run(&check).await;
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(printed.contains("\n-type Affiliate ") && printed.contains("\n+type Promoter "), "{printed}");
    let (line, _) = promograph.complains(&["schema", "--check", "nowhere"]).await;
    assert!(line.contains("cannot read nowhere"), "{line}");
    assert!(!promograph.data_dir().exists());
}

#[tokio::test]
async fn a_token_that_was_revoked_by_hand_is_refused_from_then_on_by_a_running_server() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let server = promograph.serve().await;
        let token = promograph.prints(&["token", "issue", "--role", "admin"]).await;
        let mut socket = Socket::connect(&server.address).await.unwrap();
        let mut ask = async || socket.post("/graphql", &token, br#"{"query": "{ __typename }"}"#).await.unwrap().0;
        assert_eq!(ask().await, 200);
        let list = promograph.prints(&["token", "list"]).await;
        let id = list.lines().last().unwrap().split(' ').next().unwrap();
        assert_eq!(promograph.prints(&["token", "revoke", id]).await, format!("revoked {id}"));
        assert_eq!(ask().await, 401);
        assert!(promograph.prints(&["token", "list"]).await.contains("revoked"));
        assert_eq!(server.stop().await, Some(0));
    })
    .await;
}

#[tokio::test]
async fn the_tables_are_rebuilt_beside_a_running_server_also_after_a_prune() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let filled = promograph.prints(&["demo", "--promoters", "5", "--leads", "40"]).await;
        let events: u64 = filled.split(' ').nth(2).unwrap().parse().unwrap();
        let server = promograph.serve().await;
        let digest = promograph.prints(&["projection", "digest"]).await;
        let whole = digest.lines().last().unwrap().split_whitespace().last().unwrap().to_owned();
        assert_eq!(whole.len(), 64, "{digest}");
        let rebuilt = promograph.prints(&["projection", "rebuild"]).await;
        let expected = format!("before  {whole}\nafter   {whole}  (the same)");
        assert!(rebuilt.contains(" 0 rows written\n") && rebuilt.ends_with(&expected), "{rebuilt}");

        for wrong in ["", "90", "-1d", "0d", "soon", "1e3d"] {
            let output = promograph.run(&["events", "prune", "--applied-before", wrong]).await;
            assert!(!output.status.success() && output.stdout.is_empty(), "{wrong}");
        }
        let none = promograph.prints(&["events", "prune", "--applied-before", "12h"]).await;
        assert!(none.starts_with("deleted 0 bodies"), "{none}");
        let mut pruned = 0;
        while pruned < events {
            let said = promograph.prints(&["events", "prune", "--applied-before", "1s"]).await;
            pruned += said.split(' ').nth(1).unwrap().parse::<u64>().unwrap();
        }
        let kept = promograph.prints(&["projection", "rebuild"]).await;
        assert!(kept.contains(&expected) && kept.contains("rows cannot be rebuilt"), "{kept}");
        assert!(
            kept.lines().any(|line| line.starts_with("  lead: ") && line.ends_with("and 20 more (--all)")),
            "{kept}"
        );
        assert_eq!(promograph.prints(&["projection", "digest"]).await, digest);
        assert_eq!(server.stop().await, Some(0));
    })
    .await;
}
