//! The documentation does what it says: its queries run, its answers are right, its links lead somewhere.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use promograph::{error::ErrorCode, read::figures::measure::MEASURES};
use serde_json::Value;

use crate::support::{TestApp, TestDatabase, fixture, on_both};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let of = |folder: &Path| -> Vec<PathBuf> {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
    };
    let mut pages = of(root());
    pages.extend(of(&root().join("docs")));
    pages.push(root().join("bench/README.md"));
    pages.sort();
    pages
}

/// The fenced blocks of a page: language, text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut parts = page.split("```");
    parts.next();
    let mut blocks = Vec::new();
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        blocks.extend(block.split_once('\n'));
    }
    blocks
}

/// The two webhooks that the README sends by hand.
async fn two_webhooks(app: &TestApp) {
    for name in ["seed_promoter_signed_up", "seed_lead_signup"] {
        app.deliver(fixture(name)).await;
        app.settle().await;
    }
}

#[tokio::test]
async fn every_query_of_the_docs_runs_and_gives_the_answer_below_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        two_webhooks(&app).await;
        let (mut queries, mut answers) = (0, 0);
        for page in pages() {
            let text = fs::read_to_string(&page).unwrap();
            let blocks = blocks(&text);
            for (index, (language, document)) in blocks.iter().enumerate() {
                if *language != "graphql" {
                    continue;
                }
                queries += 1;
                if document.starts_with("subscription") {
                    drop(app.admin().events(document).await);
                    continue;
                }
                let data = app.admin().data(document).await;
                if let Some(("json", answer)) = blocks.get(index + 1) {
                    answers += 1;
                    assert_eq!(data, serde_json::from_str::<Value>(answer).unwrap(), "{}: {document}", page.display());
                }
            }
        }
        assert!(queries >= 9 && answers >= 7, "{queries} queries, {answers} answers");
    })
    .await;
}

#[test]
fn the_table_of_measures_is_what_the_server_declares() {
    let rows = MEASURES.iter().map(|measure| {
        let date = measure.date.map_or_else(|| "now".to_owned(), |date| format!("`{}`", date.replace(", ", "`, `")));
        let vendor = measure.vendor_name.map_or_else(String::new, |name| format!("`{name}`"));
        let exactness = measure.approximate.map_or_else(|| "exact".to_owned(), |why| format!("approximate: {why}"));
        format!("| `{}` | {} | {date} | {vendor} | {exactness} |\n", measure.name, measure.description)
    });
    let head = "| Measure | Meaning | By | FirstPromoter | |\n|---|---|---|---|---|\n";
    let table = format!("{head}{}", rows.collect::<String>());
    let page = fs::read_to_string(root().join("docs/figures.md")).unwrap();
    assert!(page.ends_with(&table), "docs/figures.md ends with another table; this is the right one:\n{table}");
}

#[tokio::test]
async fn the_answer_to_curl_in_the_readme_is_the_server_s() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        two_webhooks(&app).await;
        let readme = fs::read_to_string(root().join("README.md")).unwrap();
        let request = readme.lines().find_map(|line| line.trim().strip_prefix("-d '")?.strip_suffix('\'')).unwrap();
        let answer: Value =
            serde_json::from_str(readme.lines().find(|line| line.starts_with(r#"{"data":"#)).unwrap()).unwrap();
        let headers = [("content-type", "application/json")];
        assert_eq!(app.admin().send("POST", "/graphql", &headers, request.to_owned()).await.body, answer);
    })
    .await;
}

#[test]
fn the_page_for_clients_lists_every_error_code_with_its_status() {
    let page = fs::read_to_string(root().join("docs/clients.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let listed: Vec<_> = rows.filter_map(|(code, rest)| Some((code, rest.split_once(" | ")?.0))).collect();
    for code in ErrorCode::ALL {
        let status = code.status().as_u16().to_string();
        assert!(listed.contains(&(code.as_str(), status.as_str())), "{code} {status}");
    }
}

/// What stands in backticks in the first two cells of the tables' rows that begin with this.
fn first_cells<'p>(page: &'p str, beginning: &str) -> Vec<[Vec<&'p str>; 2]> {
    let rows = page.lines().filter(|line| line.starts_with(beginning));
    let cells = rows.map(|row| {
        let mut cells = row.split(" | ").map(|cell| cell.split('`').skip(1).step_by(2).collect());
        [cells.next(), cells.next()].map(Option::unwrap)
    });
    cells.collect()
}

#[test]
fn every_limit_is_explained_and_its_default_told_as_it_is() {
    let page = |name: &str| fs::read_to_string(root().join("docs").join(name)).unwrap();
    let (settings, limits) = (page("settings.md"), page("limits.md"));
    let explained = [limits.clone(), page("live.md")].concat();
    let headings = ["Request limits", "Rate limits", "Connections", "Subscriptions"];
    let sections = settings.split("\n## ").filter(|section| headings.iter().any(|name| section.starts_with(name)));
    let mut defaults = HashMap::new();
    for [names, default] in sections.flat_map(|section| first_cells(section, "| `--")) {
        let (&[_, variable], &[default]) = (&names[..], &default[..]) else { continue };
        assert!(explained.contains(&format!("`{variable}`")), "docs/limits.md or docs/live.md: {variable}");
        defaults.insert(variable, default);
    }
    assert!(defaults.len() > 20, "{defaults:?}");
    for [variables, told] in first_cells(&limits, "| `PROMOGRAPH_") {
        let own: Vec<_> = variables.iter().map(|variable| defaults[variable]).collect();
        assert_eq!(told, own, "docs/limits.md: {variables:?}");
    }
}

/// As GitHub makes it of a heading.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let kept = letters.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn every_link_of_the_docs_leads_to_a_file_and_a_heading() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let is_there = match fs::read_to_string(&target) {
                Ok(target) if !heading.is_empty() => target
                    .lines()
                    .filter_map(|line| line.strip_prefix('#'))
                    .any(|line| anchor(line.trim_start_matches('#')) == heading),
                _ => target.exists(),
            };
            if !is_there {
                wrong.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_heading_is_linked_as_github_links_it() {
    assert_eq!(anchor("Why the other transports are not the crate's"), "why-the-other-transports-are-not-the-crates");
    assert_eq!(anchor("When PostgreSQL is away"), "when-postgresql-is-away");
    assert_eq!(blocks("a\n```json\n{}\n```\nb"), [("json", "{}\n")]);
}

#[test]
fn every_file_that_the_docs_name_is_there() {
    let folders =
        ["src/", "entity/", "migration/", "tests/", "docs/", "scripts/", "bench/", "web/", "demo/", "folding/"];
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let without_blocks: String = text.split("```").step_by(2).collect();
        for name in without_blocks.split('`').skip(1).step_by(2) {
            let is_path = folders.iter().any(|folder| name.starts_with(folder))
                && !name.contains([' ', '<', '*', '{'])
                && !name.contains("NAME")
                && !name.contains("YYYY");
            if is_path && !root().join(name).exists() && !page.parent().unwrap().join(name).exists() {
                wrong.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
