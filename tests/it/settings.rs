//! Settings, as the owner of a server meets them.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::support::Promograph;

#[tokio::test]
async fn a_mistake_stops_the_start_with_one_line_that_names_the_variable() {
    let mistakes = [
        (
            "PROMOGRAPH_DATABASE_URL",
            "mysql://me:hunter2@host/db",
            "expected a URL that starts with sqlite: or postgres://",
        ),
        ("PROMOGRAPH_DATABASE_DIRECT_URL", "sqlite:hunter2", "expected a URL that starts with postgres://"),
        ("PROMOGRAPH_LISTEN", "8080", "expected an IP address and a port, like 127.0.0.1:8080"),
        ("PROMOGRAPH_LISTEN", "localhost:80800", "expected an IP address and a port"),
        ("PROMOGRAPH_WEBHOOK_TOKENS", "hunter2", "expected at least 16 characters"),
        (
            "PROMOGRAPH_WEBHOOK_TOKENS",
            "hunter2-hunter2-hunter2:sometimes",
            "expected `required`, `if-present` or `off`",
        ),
        ("PROMOGRAPH_WEBHOOK_SECRETS", "hunter2", "expected at least 16 characters"),
        ("PROMOGRAPH_V1_V2_SAME_IDS", "perhaps", "expected true or false"),
        ("PROMOGRAPH_JWT_SECRET", "hunter2", "expected at least 32 characters"),
        ("PROMOGRAPH_JWT_LEEWAY", "1h", "expected a whole number of seconds from 0 to 300"),
        ("PROMOGRAPH_JWT_AUDIENCE_CLAIM", "..", "expected the name of a claim"),
        ("PROMOGRAPH_JWT_ROLE_CLAIM", "a..b", "expected the name of a claim"),
        (
            "PROMOGRAPH_JWT_ROLE_MAP",
            "staff=root",
            "expected a comma-separated list like affiliate=promoter,staff=analyst",
        ),
        ("PROMOGRAPH_JWT_ROLE_MAP", "staff", "expected a comma-separated list like affiliate=promoter,staff=analyst"),
        ("PROMOGRAPH_JWT_DEFAULT_ROLE", "admin", "expected promoter or analyst"),
        ("PROMOGRAPH_JWT_DEFAULT_ROLE", "analyst+pii", "expected promoter or analyst"),
        ("PROMOGRAPH_JWT_PROMOTER_BY", "name", "expected id, email or cust-id"),
        ("PROMOGRAPH_JWT_PROMOTER_CLAIM", "/", "expected the name of a claim"),
        ("PROMOGRAPH_JWT_EMAIL_VERIFIED_CLAIM", ".", "expected the name of a claim"),
        ("PROMOGRAPH_TRUSTED_DOCUMENTS_MODE", "some", "expected only or allow"),
        ("PROMOGRAPH_CURRENCY", "euros", "expected a currency code of three letters (ISO 4217)"),
        ("PROMOGRAPH_CORS_ORIGINS", "portal.example.com", "expected a comma-separated list of origins"),
        ("PROMOGRAPH_CORS_ORIGINS", "https://portal.example.com/app", "expected a comma-separated list of origins"),
        (
            "PROMOGRAPH_CORS_ORIGINS",
            "https://a.example,https://*.example",
            "expected a comma-separated list of origins",
        ),
        ("PROMOGRAPH_CORS_HEADERS", "*", "expected a comma-separated list of header names"),
        ("PROMOGRAPH_LOG", "promograph=loud", "expected error, warn, info, debug, trace or off"),
        ("PROMOGRAPH_LOG", "promogrpah=debug", "did you mean promograph?"),
        ("PROMOGRAPH_LOG", "verbose", "expected error, warn, info, debug, trace or off"),
        (
            "PROMOGRAPH_LOG",
            "promograph::inbx=debug",
            "there is no module promograph::inbx, only address_digest, auth, ",
        ),
        ("PROMOGRAPH_LOG_FORMAT", "xml", "expected text or json"),
        ("PROMOGRAPH_LOG_REQUESTS", "some", "expected all, none, or a whole number N from 1"),
        ("PROMOGRAPH_LIMIT_QUERY_BYTES", "100 kB", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_TOKENS", "-1", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_DEPTH", "0", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_ALIASES", "1 2", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_ROOT_FIELDS", "x", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_DIRECTIVES", "1e3", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_BATCH", "1.5", "expected a whole number from 1"),
        ("PROMOGRAPH_LIMIT_COST", "99999999999999999999", "expected a whole number from 1"),
    ];
    for (variable, value, expected) in mistakes {
        let (line, code) = Promograph::new().with(variable, value).complains(&[]).await;
        assert!(line.starts_with(&format!("promograph: {variable}")), "{line}");
        assert!(line.contains(expected), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(code, Some(2), "{line}");
    }
}

#[tokio::test]
async fn what_only_turns_out_while_starting_is_one_line_too() {
    let unusable = Promograph::new();
    std::fs::write(unusable.folder().join("promograph-data"), "a file").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let required = "0123456789abcdef:required";
    let provider = |place| Promograph::new().with("PROMOGRAPH_JWKS", place).with("PROMOGRAPH_JWT_ISSUER", "https://id");
    let of_us = |place| provider(place).with("PROMOGRAPH_JWT_AUDIENCE", "us");
    let empty = of_us("keys.json");
    std::fs::write(empty.folder().join("keys.json"), r#"{"keys":[{"kty":"oct","k":"aHVudGVyMg"}]}"#).unwrap();
    let trusting = |manifest: &str| {
        let promograph = Promograph::new().with("PROMOGRAPH_TRUSTED_DOCUMENTS", "documents.json");
        std::fs::write(promograph.folder().join("documents.json"), manifest).unwrap();
        promograph
    };
    let starts = [
        (
            Promograph::new().with("PROMOGRAPH_TRUSTED_DOCUMENTS", "/no/such/none.json"),
            "PROMOGRAPH_TRUSTED_DOCUMENTS: expected a readable file, /no/such/none.json: ",
        ),
        (trusting("[]"), "PROMOGRAPH_TRUSTED_DOCUMENTS: expected a JSON object"),
        (
            trusting(r#"{"a": "{ viewer { role } }", "b": "{ nothing }"}"#),
            r#"PROMOGRAPH_TRUSTED_DOCUMENTS: document "b": "#,
        ),
        (trusting(r#"{"a": "{"}"#), r#"PROMOGRAPH_TRUSTED_DOCUMENTS: document "a": "#),
        (Promograph::new().with("PROMOGRAPH_JWKS", "keys.json"), "PROMOGRAPH_JWT_ISSUER: expected the one"),
        (provider("keys.json"), "PROMOGRAPH_JWT_AUDIENCE: expected the one"),
        (of_us("/no/such/keys.json"), "PROMOGRAPH_JWKS: expected a readable file, /no/such/keys.json: "),
        (of_us("http://id.example.com/keys"), "PROMOGRAPH_JWKS: expected the path of a file or a URL that starts with"),
        (Promograph::new().with("PROMOGRAPH_OIDC_CLIENT_ID", "page"), "PROMOGRAPH_JWKS: expected the keys"),
        (
            of_us("https://id.example.com/keys")
                .with("PROMOGRAPH_JWT_ISSUER", "http://id.example.com")
                .with("PROMOGRAPH_OIDC_CLIENT_ID", "page"),
            "PROMOGRAPH_JWT_ISSUER: expected an https URL",
        ),
        (empty, "keys.json cannot be used: it has no key that can be used (key 0: its `kty` is none of"),
        (unusable, "PROMOGRAPH_DATA_DIR: expected a directory"),
        (Promograph::new().with("DATABASE_URL", "mysql://me:hunter2@host/db"), "DATABASE_URL: expected a URL"),
        (
            Promograph::new().with("PROMOGRAPH_DATABASE_DIRECT_URL", "postgres://me:hunter2@127.0.0.1:1/db"),
            "PROMOGRAPH_DATABASE_DIRECT_URL: expected PROMOGRAPH_DATABASE_URL beside it",
        ),
        (Promograph::new().with("PROMOGRAPH_LISTEN", &taken), "PROMOGRAPH_LISTEN: cannot listen on"),
        (
            Promograph::new().with("PROMOGRAPH_WEBHOOK_TOKENS", required),
            "PROMOGRAPH_WEBHOOK_SECRETS: expected the signing",
        ),
        (
            Promograph::new().with("PROMOGRAPH_DATABASE_URL", "postgres://me:hunter2@127.0.0.1:1/db"),
            "PROMOGRAPH_DATABASE_URL: cannot connect to PostgreSQL at 127.0.0.1, port 1, database db, user me: ",
        ),
        (
            Promograph::new().with("PROMOGRAPH_DATABASE_URL", "postgres://me:hunter2@host/db?sslmode=no-verify"),
            "percent-encoded; sslmode has to be disable, allow, prefer, require, verify-ca or verify-full",
        ),
        (
            Promograph::new().with("PROMOGRAPH_DATABASE_URL", "postgres://me:hunter2@h/db?sslrootcert=/no/such.crt"),
            "sslrootcert: expected a readable file, /no/such.crt: No such file",
        ),
        (
            Promograph::new().with("PROMOGRAPH_DATABASE_URL", "sqlite:/no/such/folder/x.db"),
            "cannot create the SQLite file /no/such/folder/x.db: there is no directory /no/such/folder",
        ),
        (no_database(), "/notes.txt: "),
        (with_secret("jwt-key"), "jwt-key: expected at least 32 characters"),
        (with_secret("webhook-token"), "webhook-token: expected at least 32 characters"),
    ];
    for (promograph, expected) in starts {
        let before = files(promograph.folder());
        let (line, code) = promograph.complains(&["serve"]).await;
        assert!(line.contains(expected) && !line.contains("hunter2"), "{line}");
        assert_eq!(code, Some(1), "{line}");
        assert_eq!(files(promograph.folder()), before, "a start that is refused leaves nothing behind: {line}");
    }
}

/// Something else where the database is said to be.
fn no_database() -> Promograph {
    let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", "sqlite:notes.txt");
    std::fs::write(promograph.folder().join("notes.txt"), "not a database, but several lines of text\n".repeat(99))
        .unwrap();
    promograph
}

/// One that was generated and damaged since.
fn with_secret(name: &str) -> Promograph {
    let promograph = Promograph::new();
    std::fs::create_dir(promograph.data_dir()).unwrap();
    std::fs::write(promograph.data_dir().join(name), "short\n").unwrap();
    promograph
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_variable_that_is_set_to_nothing_counts_as_unset() {
    let help = Promograph::new().prints(&["serve", "--help"]).await;
    let names = help.split("[env: ").skip(1).filter_map(|rest| rest.split([']', '=']).next());
    let names: Vec<_> = names.chain(["DATABASE_URL"]).filter(|name| *name != "PROMOGRAPH_LISTEN").collect();
    assert!(names.len() > 40 && names.contains(&"PROMOGRAPH_JWKS"), "{names:?}");
    let promograph = names.iter().enumerate().fold(Promograph::new(), |promograph, (index, name)| {
        promograph.with(name, if index % 2 == 0 { "" } else { " " })
    });
    // The test itself names these two.
    let server = promograph.serve().await;
    promograph.prints(&["token", "issue", "--role", "admin"]).await;
    assert!(promograph.data_dir().join("promograph.db").exists());
    assert_eq!(server.stop().await, Some(0));
    // A flag is meant.
    let (line, _) = promograph.complains(&["serve", "--jwt-issuer", ""]).await;
    assert!(line.contains("PROMOGRAPH_JWT_ISSUER (or --jwt-issuer): expected text"), "{line}");
}

#[tokio::test]
async fn a_variable_that_is_no_setting_is_warned_of_by_every_command() {
    let promograph = Promograph::new().with("PROMOGRAPH_WEBHOOK_TOKEN", "hunter2-hunter2-hunter2");
    let expected =
        "PROMOGRAPH_WEBHOOK_TOKEN is set, but there is no such setting: did you mean PROMOGRAPH_WEBHOOK_TOKENS?";
    for command in [&["migrate", "up"][..], &["token", "list"], &["events", "list"], &["demo", "--leads", "1"]] {
        let said = String::from_utf8(promograph.run(command).await.stderr).unwrap();
        assert!(said.contains("WARN") && said.contains(expected) && !said.contains("hunter2"), "{command:?}: {said}");
    }
    let server = promograph.serve().await;
    assert!(server.log().contains(expected), "also in the log as JSON");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test]
async fn a_mistake_in_a_setting_that_a_command_does_not_use_does_not_stop_it() {
    let promograph = Promograph::new().with("PROMOGRAPH_LISTEN", "nowhere").with("PROMOGRAPH_WEBHOOK_TOKENS", "x");
    promograph.prints(&["migrate", "up"]).await;
    promograph.prints(&["token", "list"]).await;
}

#[tokio::test]
async fn with_nothing_set_everything_private_is_in_one_private_directory() {
    let promograph = Promograph::new();
    let server = promograph.serve().await;
    promograph.prints(&["token", "issue", "--role", "admin"]).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&promograph.data_dir()), 0o700);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(promograph.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert!(names.starts_with(&["jwt-key".to_owned(), "promograph.db".to_owned()]), "{names:?}");
    assert_eq!(std::fs::read_dir(promograph.folder()).unwrap().count(), 1, "nothing lies elsewhere");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test]
async fn a_database_url_is_never_repeated() {
    for url in [
        "postgres://u:hunter/2@127.0.0.1:1/x",
        "postgres://u:hunter#2@127.0.0.1:1/x",
        "postgres://u:hunter2@[::x/x",
        "postgres://u:12/34hunter@127.0.0.1/db",
        "postgres://u:12?hunter@h/x=1",
    ] {
        let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", url);
        let (said, _) = promograph.complains(&["migrate", "status"]).await;
        assert!(said.contains("PROMOGRAPH_DATABASE_URL") && !said.contains("hunter"), "{said}");
        assert!(said.contains("percent-encoded"), "{said}");
        for arguments in [&[url][..], &["serve", url], &["migrate", "down", "--steps", url]] {
            let (said, code) = Promograph::new().complains(arguments).await;
            assert!(!said.contains("hunter") && code == Some(2), "{said}");
        }
    }
}

#[tokio::test]
async fn a_url_that_names_no_file_is_refused_and_leaves_none_behind() {
    for url in ["sqlite::memory:", "sqlite:x.db?mode=memory", "sqlite:%3Amemory%3A", "sqlite://", "sqlite:file:x.db"] {
        let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", url);
        let (line, _) = promograph.complains(&["serve"]).await;
        assert!(line.contains("PROMOGRAPH_DATABASE_URL: expected sqlite:PATH, the path of a file"), "{url}: {line}");
        assert_eq!(files(promograph.folder()), Vec::<PathBuf>::new(), "{url}");
    }
    for url in ["sqlite:x.db?mode=ro", "sqlite:x.db?immutable=1", "sqlite:x.db?vfs=nope"] {
        let promograph = Promograph::new().with("PROMOGRAPH_DATABASE_URL", url);
        let (line, _) = promograph.complains(&["serve"]).await;
        assert!(line.contains("without mode=ro, immutable and vfs"), "{url}: {line}");
        assert_eq!(files(promograph.folder()), Vec::<PathBuf>::new(), "{url}");
    }
}
