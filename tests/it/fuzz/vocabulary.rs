//! The names that readers look for, taken from their source, and the payloads that are known.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use serde_json::Value;

use super::document::Document;

/// The keys, types and words that the readers of payloads name, and some that they do not.
pub static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words = BTreeSet::from(["unheard_of".to_owned(), String::new(), "Id".to_owned()]);
    let sources = ["mirror.rs", "mirror", "parse.rs", "payload"];
    let mut open = sources.map(|source| root().join("src/projection").join(source)).to_vec();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let source = std::fs::read_to_string(path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            words.extend(code.split('"').filter(|word| is_name(word)).map(str::to_owned));
        }
    }
    assert!(words.contains("customer_since") && words.contains("promoter_campaign"), "{words:?}");
    words.into_iter().collect()
});

/// All known payloads, by protocol and type: those of the fixtures.
pub static PAYLOADS: LazyLock<Vec<Document>> = LazyLock::new(|| FIXTURES.iter().map(Document::from).collect());

/// All known event types.
pub static TYPES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = FIXTURES.iter().filter_map(|body| body.pointer("/event/type").or(body.get("event_type"))?.as_str());
    let types: BTreeSet<_> = names.map(str::to_owned).collect();
    assert!(types.len() > 55, "{types:?}");
    types.into_iter().collect()
});

/// The ids in the known payloads, so that arbitrary events are about the same objects.
pub static IDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    fn collect(value: &Value, ids: &mut BTreeSet<u64>) {
        match value {
            Value::Number(number) => ids.extend(number.as_u64().filter(|id| *id > 10_000)),
            Value::Array(elements) => elements.iter().for_each(|element| collect(element, ids)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, ids)),
            _ => {}
        }
    }
    let mut ids = BTreeSet::from([1, 2, 3]);
    FIXTURES.iter().for_each(|body| collect(body, &mut ids));
    ids.into_iter().map(|id| id.to_string()).collect()
});

static FIXTURES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = root().join("tests/fixtures/webhooks");
    let mut paths: Vec<_> = [folder.clone(), folder.join("v2")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'0'..=b'9'))
}
