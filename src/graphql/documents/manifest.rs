//! Manifests of trusted documents, as the compilers of clients write them.
//!
//! | Written by | Looks like |
//! |---|---|
//! | Relay (`persistConfig.file`), graphql-codegen (`persisted-documents.json`) | `{"ID": "DOCUMENT", ...}` |
//! | Apollo (`generate-persisted-query-manifest`) | `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "ID", "body": "DOCUMENT", ...}]}` |

use serde_json::{Map, Value};

use crate::json::UniqueKeys;

const FORMAT: &str = "apollo-persisted-query-manifest";

/// One trusted document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestEntry {
    /// The id in requests.
    pub id: String,
    /// The document.
    pub text: String,
}

/// Reads a manifest.
///
/// # Errors
/// The document and the reason.
pub fn parse(bytes: &[u8]) -> Result<Vec<ManifestEntry>, String> {
    let UniqueKeys(manifest) = serde_json::from_slice(bytes).map_err(|error| format!("expected JSON: {error}"))?;
    let Value::Object(members) = manifest else {
        return Err("expected a JSON object: documents by id, or Apollo's manifest".to_owned());
    };
    let entries = if members.contains_key("format") { of_apollo(&members)? } else { by_id(members)? };
    if entries.is_empty() {
        return Err("expected at least one document".to_owned());
    }
    Ok(entries)
}

fn by_id(members: Map<String, Value>) -> Result<Vec<ManifestEntry>, String> {
    let entry = |(id, text): (String, Value)| match text {
        Value::String(text) if !id.is_empty() => Ok(ManifestEntry { id, text }),
        _ => Err(format!("document {id:?}: expected an id and the text of the document")),
    };
    members.into_iter().map(entry).collect()
}

fn of_apollo(members: &Map<String, Value>) -> Result<Vec<ManifestEntry>, String> {
    if members.get("format").and_then(Value::as_str) != Some(FORMAT) || members.get("version") != Some(&Value::from(1))
    {
        return Err(format!("expected the format {FORMAT:?}, version 1"));
    }
    let operations = members.get("operations").and_then(Value::as_array).ok_or("expected a list `operations`")?;
    let mut entries: Vec<ManifestEntry> = Vec::with_capacity(operations.len());
    let mut seen = std::collections::HashSet::new();
    for (index, operation) in operations.iter().enumerate() {
        let text = |name| operation.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(id), Some(body)) = (text("id"), text("body")) else {
            return Err(format!("operation {index}: expected an object with the texts `id` and `body`"));
        };
        if !seen.insert(id) {
            return Err(format!("operation {index}: another one has the id {id:?}"));
        }
        entries.push(ManifestEntry { id: id.to_owned(), text: body.to_owned() });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_of_relay_codegen_and_apollo_are_read() {
        let entry = |id: &str, text: &str| ManifestEntry { id: id.to_owned(), text: text.to_owned() };
        let relay = br#"{"b2": "query B { viewer { role } }", "a1": "{ viewer { role } }"}"#;
        let mut read = parse(relay).unwrap();
        read.sort_by(|left, right| left.id.cmp(&right.id));
        assert_eq!(read, [entry("a1", "{ viewer { role } }"), entry("b2", "query B { viewer { role } }")]);
        let apollo = br#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "a1", "name": "A", "type": "query", "body": "query A { viewer { role } }", "clientName": "web"}]}"#;
        assert_eq!(parse(apollo), Ok(vec![entry("a1", "query A { viewer { role } }")]));
    }

    #[test]
    fn what_is_no_manifest_is_refused_by_name() {
        for (text, expected) in [
            ("", "expected JSON"),
            ("[]", "expected a JSON object"),
            ("{}", "at least one document"),
            (r#"{"a": 1}"#, r#"document "a""#),
            (r#"{"": "{a}"}"#, r#"document """#),
            (r#"{"a": "{a}", "a": "{b}"}"#, "given twice"),
            (r#"{"format": "relay"}"#, "expected the format"),
            (r#"{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}"#, "version 1"),
            (r#"{"format": "apollo-persisted-query-manifest", "version": 1}"#, "`operations`"),
            (r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": []}"#, "at least one"),
            (
                r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}"#,
                "operation 0",
            ),
            (
                r#"{"format": "apollo-persisted-query-manifest", "version": 1,
                    "operations": [{"id": "a", "body": "{a}"}, {"id": "a", "body": "{b}"}]}"#,
                "operation 1",
            ),
        ] {
            let said = parse(text.as_bytes()).unwrap_err();
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}
