//! What is said at the start.

use std::{fs, fs::File, process::Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tokio::task::spawn_blocking;

use crate::support::{Promograph, eventually};

/// Serves until something is said on the standard output, which goes to a file; gives that.
async fn said(promograph: &Promograph, arguments: &[&str]) -> String {
    let path = promograph.folder().join("said");
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut command = promograph.command(&arguments);
    let log = promograph.folder().join("log");
    command.stdout(File::create(&path).unwrap()).stderr(Stdio::from(File::create(&log).unwrap()));
    let mut server = command.spawn().unwrap();
    eventually("it listens", async || {
        let logged = fs::read_to_string(&log).unwrap();
        assert!(!logged.contains("promograph: "), "it has ended: {logged}");
        logged.contains("issues a token") || fs::metadata(&path).unwrap().len() > 0
    })
    .await;
    kill_process(Pid::from_child(&server), Signal::TERM).unwrap();
    assert!(spawn_blocking(move || server.wait()).await.unwrap().unwrap().success());
    fs::read_to_string(path).unwrap() + &fs::read_to_string(log).unwrap()
}

#[tokio::test]
async fn the_pages_the_webhook_url_and_the_way_to_a_token_are_said_wherever_the_output_goes() {
    let promograph = Promograph::new();
    let first = said(&promograph, &[]).await;
    let url = first.lines().find_map(|line| line.trim().strip_prefix("Webhook URL  http://127.0.0.1:")).unwrap();
    let token = url.rsplit('/').next().unwrap().to_owned();
    assert_eq!(token, fs::read_to_string(promograph.data_dir().join("webhook-token")).unwrap().trim(), "{first}");
    assert!(first.contains("GraphiQL     http://127.0.0.1:") && first.contains("/graphiql\n"), "{first}");
    // As it is to be typed, from any directory.
    let command = first.lines().find_map(|line| line.trim().strip_prefix("API token    ")).unwrap();
    let (program, rest) = command.split_once(" token issue --role admin --data-dir ").unwrap();
    let shown = fs::canonicalize(promograph.data_dir()).unwrap();
    assert_eq!((program, fs::canonicalize(rest).unwrap()), (env!("CARGO_BIN_EXE_promograph"), shown), "{first}");
    assert!(std::path::Path::new(rest).is_absolute(), "{first}");

    let second = said(&promograph, &[]).await;
    assert!(second.contains(&token), "it is the same at the next start");
}

#[tokio::test]
async fn a_log_never_holds_the_token_of_webhooks() {
    let promograph = Promograph::new();
    let json = said(&promograph, &["--log-format", "json"]).await;
    let token = fs::read_to_string(promograph.data_dir().join("webhook-token")).unwrap();
    assert!(json.contains("token issue --role admin --data-dir") && !json.contains(token.trim()), "{json}");
    let text = said(&promograph, &[]).await;
    let logged = text.lines().filter(|line| line.contains("INFO"));
    assert!(logged.clone().count() > 0 && logged.clone().all(|line| !line.contains(token.trim())), "{text}");
}
