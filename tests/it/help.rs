//! What commands print for people and for programs.

use std::process::Stdio;

use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::support::{Promograph, TestDatabase, on_both};

#[tokio::test]
async fn the_usage_says_that_a_command_is_optional() {
    let help = Promograph::new().prints(&["--help"]).await;
    assert!(help.contains("Usage: promograph [COMMAND]"), "{help}");
}

#[tokio::test]
async fn a_missing_argument_is_told_without_what_variables_set() {
    let promograph = Promograph::new()
        .with("PROMOGRAPH_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/x")
        .with("PROMOGRAPH_JWT_SECRET", "hunter2-hunter2-hunter2-hunter2-hunter2")
        .with("PROMOGRAPH_DATA_DIR", "/hunter2");
    for command in [&["token", "issue"][..], &["events", "show"], &["token", "issue", "--rol", "admin"]] {
        let output = promograph.run(command).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        for set in ["hunter2", "--database-url", "--jwt-secret", "--data-dir"] {
            assert!(!said.contains(set), "{set}: {said}");
        }
    }
    for command in [&["serve", "--help"][..], &["token", "issue", "--help"], &["migrate", "down", "--help"]] {
        let help = promograph.prints(command).await;
        assert!(help.contains("[env: PROMOGRAPH_DATA_DIR]") && !help.contains("hunter2"), "{help}");
    }
}

#[tokio::test]
async fn shells_complete_the_commands() {
    let promograph = Promograph::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = promograph.prints(&["completions", shell]).await;
        assert!(script.contains("projection") && script.contains("webhook-tokens"), "{shell}");
    }
}

#[tokio::test]
async fn a_reader_that_has_read_enough_is_no_mistake() {
    let promograph = Promograph::new();
    let mut command = promograph.command(&["schema"]);
    let output = spawn_blocking(move || {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait_with_output().unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[tokio::test]
async fn every_list_is_there_as_json_with_an_object_a_line() {
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        let demo = promograph.prints(&["demo", "--promoters", "2", "--leads", "3"]).await;
        assert!(
            demo.contains(" serve --data-dir ") && demo.contains(" token issue --role admin --data-dir "),
            "{demo}"
        );
        let lines = async |command: &[&str]| -> Vec<Value> {
            let printed = promograph.prints(&[command, &["--json"]].concat()).await;
            printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let issue = ["token", "issue", "--role", "promoter", "--promoter", "7", "--name", "Ann"];
        promograph.prints(&issue).await;
        let tokens = lines(&["token", "list"]).await;
        assert_eq!(tokens.len(), 1);
        assert_eq!(
            (&tokens[0]["name"], &tokens[0]["state"], &tokens[0]["promoter"]),
            (&"Ann".into(), &"active".into(), &7.into())
        );

        let events = lines(&["events", "list", "--limit", "2"]).await;
        assert!(events.len() == 2 && events[0]["status"] == "applied" && events[0]["error"].is_null(), "{events:?}");
        let id = events[0]["id"].as_str().unwrap();
        let event = lines(&["events", "show", id]).await;
        assert!(event.len() == 1 && event[0]["id"] == id && event[0]["body"].is_string(), "{event:?}");
        assert_eq!(event[0]["receivedAt"], events[0]["receivedAt"]);

        let steps = lines(&["migrate", "status"]).await;
        assert!(steps.len() > 5 && steps.iter().all(|step| step["applied"] == true), "{steps:?}");
        let digest = lines(&["projection", "digest"]).await;
        assert!(digest.iter().any(|line| line["table"] == "lead" && line["rows"] == 3), "{digest:?}");
        assert_eq!(digest.last().unwrap()["digest"].as_str().unwrap().len(), 64);
    })
    .await;
}
