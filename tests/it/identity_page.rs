//! The samples of the page on identity providers do what the page says.

use promograph::database::{Database, sqlite_url};
use serde_json::{Value, json};

use crate::support::{
    Backend, Promograph, Socket, TestDatabase, on_both,
    provider::{self, RSA},
    rows,
};

const PAGE: &str = include_str!("../../docs/identity.md");

/// A provider's settings, and the claims of one of its tokens.
struct Sample {
    provider: String,
    settings: Vec<(String, String)>,
    claims: Value,
}

fn samples() -> Vec<Sample> {
    let between = |text: &str, begin: &str| {
        let (_, rest) = text.split_once(begin)?;
        Some(rest.split_once("```")?.0.to_owned())
    };
    let sections = PAGE.split("\n## ").filter(|section| section.contains("```ini"));
    let sample = |section: &str| Sample {
        provider: section.lines().next().unwrap().to_owned(),
        settings: (between(section, "```ini\n").unwrap().lines())
            .map(|line| line.split_once('=').unwrap())
            .map(|(variable, value)| (variable.to_owned(), value.to_owned()))
            .collect(),
        claims: serde_json::from_str(&between(section, "```json\n").unwrap()).unwrap(),
    };
    sections.map(sample).collect()
}

#[tokio::test]
async fn a_promoter_of_each_sample_sees_the_own_row_alone() {
    let samples = samples();
    assert_eq!(samples.len(), 3);
    for sample in &samples {
        eprintln!("{}", sample.provider);
        on_both(async |test: TestDatabase| {
            let mut promograph = Promograph::on(&test);
            std::fs::write(promograph.folder().join("keys.json"), provider::key_set(&[RSA.jwk()])).unwrap();
            for (variable, value) in &sample.settings {
                let value = if variable == "PROMOGRAPH_JWKS" { "keys.json" } else { value };
                promograph = promograph.with(variable, value);
            }
            let server = promograph.serve().await;
            let cust_id = sample.claims["sub"].as_str().unwrap();
            if test.backend == Backend::Sqlite {
                // The server has a file of its own.
                let file = sqlite_url(&promograph.data_dir().join("promograph.db"));
                let database = Database::connect(&file).await.unwrap();
                rows::partners(&database.write, cust_id).await;
            } else {
                rows::partners(&test.database.write, cust_id).await;
            }
            let (mut claims, valid) = (sample.claims.clone(), provider::claims(&json!({})));
            (claims["iat"], claims["exp"]) = (valid["iat"].clone(), valid["exp"].clone());
            let mut socket = Socket::connect(&server.address).await.unwrap();
            let query = br#"{"query": "{ promoters { nodes { firstPromoterId } } viewer { role } }"}"#;
            let (status, body) = socket.post("/graphql", &RSA.token(&claims), query).await.unwrap();
            assert_eq!(status, 200, "{body}");
            let own = json!({"promoters": {"nodes": [{"firstPromoterId": 7}]}, "viewer": {"role": "PROMOTER"}});
            assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["data"], own);
        })
        .await;
    }
}
