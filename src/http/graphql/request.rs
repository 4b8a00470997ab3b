//! Parses requests of GraphQL over HTTP, with errors that say what is wrong.

use serde_json::{Map, Value};

use crate::{
    error::{ApiError, ErrorCode, LimitExceeded},
    graphql::{DocumentRef, Request},
    json::UniqueKeys,
    limits::BATCH,
    number,
};

/// The nesting limit of the JSON parser.
const MAX_JSON_NESTING: u64 = 127;

/// The body of a POST.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RequestBody {
    /// One request.
    Single(Request),
    /// A list of requests, answered by a list of responses.
    Batch(Vec<Request>),
}

/// Parses a JSON body.
pub(super) fn from_body(body: &[u8], max_batch: usize) -> Result<RequestBody, ApiError> {
    // Some clients send a byte order mark first; RFC 8259 lets parsers ignore it.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    check_numbers(body).map_err(wrong)?;
    match serde_json::from_slice(body) {
        Ok(UniqueKeys(Value::Object(members))) => from_members(members).map(RequestBody::Single).map_err(wrong),
        Ok(UniqueKeys(Value::Array(items))) => from_items(items, max_batch),
        Ok(_) => Err(wrong("The body must be a JSON object with `query`, or a list of such objects".to_owned())),
        Err(error) => Err(invalid_json("The body", &error)),
    }
}

/// Checks that the JSON parser rounds no number; the error is a message.
pub(in crate::http) fn check_numbers(json: &[u8]) -> Result<(), String> {
    let Some(number) = number::inexact(json) else { return Ok(()) };
    let number = if number.len() > 40 { format!("{}…", &number[..40]) } else { number.to_owned() };
    Err(format!("The number {number} has more digits than a JSON number can hold: send it as a string"))
}

/// The error for a text that is not JSON, or has a duplicate key.
fn invalid_json(what: &str, error: &serde_json::Error) -> ApiError {
    let said = error.to_string();
    if said.starts_with("recursion limit exceeded") {
        let message =
            format!("{what} nests lists and objects too deeply: at most {MAX_JSON_NESTING} levels are allowed");
        return wrong(message).exceeding(LimitExceeded::fixed("jsonNesting", MAX_JSON_NESTING, MAX_JSON_NESTING + 1));
    }
    // A data error is a duplicate key.
    wrong(if error.is_data() { format!("{what} is ambiguous: {said}") } else { format!("{what} is not JSON: {said}") })
}

/// Parses the query string of a GET.
pub(super) fn from_parameters(parameters: Vec<(String, String)>) -> Result<Request, ApiError> {
    let mut members = Map::new();
    for (name, text) in parameters {
        // Forms and links send an empty parameter for one that is not set.
        if text.is_empty() && name != "query" {
            continue;
        }
        let value = match name.as_str() {
            "query" | "operationName" | "documentId" | "id" | "doc_id" => Value::String(text),
            "variables" | "extensions" => {
                check_numbers(text.as_bytes()).map_err(wrong)?;
                match serde_json::from_str(&text) {
                    Ok(UniqueKeys(value)) => value,
                    Err(error) => return Err(invalid_json(&format!("`{name}`"), &error)),
                }
            }
            _ => continue,
        };
        if members.insert(name.clone(), value).is_some() {
            return Err(wrong(format!("`{name}` is given twice")));
        }
    }
    from_members(members).map_err(wrong)
}

fn from_items(items: Vec<Value>, max_batch: usize) -> Result<RequestBody, ApiError> {
    if items.is_empty() {
        return Err(wrong("The list of requests is empty".to_owned()));
    }
    if items.len() > max_batch {
        let message = format!("A batch may hold {max_batch} requests, this one holds {}", items.len());
        let exceeded = BATCH.exceeded(max_batch as u64, items.len() as u64);
        return Err(ApiError::new(ErrorCode::LimitExceeded, message).exceeding(exceeded));
    }
    let requests = items.into_iter().enumerate().map(|(index, item)| match item {
        Value::Object(members) => from_members(members).map_err(|error| wrong(format!("Request {index}: {error}"))),
        _ => Err(wrong(format!("Request {index}: expected an object"))),
    });
    requests.collect::<Result<_, _>>().map(RequestBody::Batch)
}

/// Parses the members of one request; the error is a message.
pub(in crate::http) fn from_members(mut members: Map<String, Value>) -> Result<Request, String> {
    let document_ref = document_ref(&members)?;
    let query = match members.remove("query") {
        Some(Value::String(query)) => query,
        None | Some(Value::Null) if document_ref.is_some() => String::new(),
        Some(other) => return Err(format!("`query` must be a string, got {}", kind(&other))),
        None => return Err("`query` is missing: expected a string with a GraphQL document".to_owned()),
    };
    let operation_name = match members.remove("operationName") {
        None | Some(Value::Null) => None,
        // Clients send an empty name for an operation without a name.
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(other) => return Err(format!("`operationName` must be a string, got {}", kind(&other))),
    };
    let variables = match members.remove("variables") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(other) => return Err(format!("`variables` must be an object, got {}", kind(&other))),
    };
    Ok(Request { query, document_ref, operation_name, variables })
}

/// The reference to a document: the hash of Apollo's protocol or, without a document, an id.
fn document_ref(members: &Map<String, Value>) -> Result<Option<DocumentRef>, String> {
    let persisted = match members.get("extensions") {
        None | Some(Value::Null) => None,
        Some(Value::Object(extensions)) => extensions.get("persistedQuery").filter(|persisted| !persisted.is_null()),
        Some(other) => return Err(format!("`extensions` must be an object, got {}", kind(other))),
    };
    if let Some(persisted) = persisted {
        return DocumentRef::persisted(persisted).map(Some);
    }
    if members.get("query").is_some_and(|query| !query.is_null()) {
        return Ok(None);
    }
    let given = ["documentId", "id", "doc_id"].into_iter().find_map(|name| Some((name, members.get(name)?)));
    match given {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(id))) => Ok(Some(DocumentRef::Id(id.clone()))),
        Some((name, other)) => Err(format!("`{name}` must be a string, got {}", kind(other))),
    }
}

fn wrong(message: String) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, message)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn post(body: &[u8]) -> Result<RequestBody, ApiError> {
        from_body(body, 3)
    }

    fn code(body: &[u8]) -> Option<ErrorCode> {
        post(body).err().map(|problem| problem.code)
    }

    fn request(query: &str) -> Request {
        Request { query: query.to_owned(), ..Request::default() }
    }

    #[test]
    fn a_request_has_a_query_and_may_have_a_name_and_variables() {
        let body =
            br#"{"query": "{a}", "operationName": "A", "variables": {"x": [1, null]}, "extensions": {}, "other": 1}"#;
        let variables = json!({"x": [1, null]}).as_object().unwrap().clone();
        let asked = Request { operation_name: Some("A".to_owned()), variables, ..request("{a}") };
        assert_eq!(post(body), Ok(RequestBody::Single(asked)));
        let empty = br#"{"query": "{a}", "operationName": null, "variables": null, "extensions": null}"#;
        assert_eq!(post(empty), Ok(RequestBody::Single(request("{a}"))));
        assert_eq!(post(br#"{"query": "{a}", "operationName": ""}"#), Ok(RequestBody::Single(request("{a}"))));
        assert_eq!(
            post(b"\xef\xbb\xbf{\"query\": \"{a}\"}"),
            Ok(RequestBody::Single(request("{a}"))),
            "a byte order mark"
        );
    }

    #[test]
    fn a_body_of_another_shape_is_a_bad_request() {
        let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();
        for body in [
            &b""[..],
            b"{",
            b"null",
            b"5",
            b"\"{a}\"",
            b"{}",
            b"\xff\xfe",
            br#"{"query": null}"#,
            br#"{"query": {"a": 1}}"#,
            br#"{"query": "{a}", "variables": []}"#,
            br#"{"query": "{a}", "variables": "{}"}"#,
            br#"{"query": "{a}", "operationName": 1}"#,
            br#"{"query": "{a}", "extensions": []}"#,
            br#"{"query": "{a}", "extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}}"#,
            br#"{"query": "{a}", "extensions": {"persistedQuery": {"version": 1}}}"#,
            br#"{"query": "{a}", "extensions": {"persistedQuery": "x"}}"#,
            br#"{"id": 1}"#,
            br#"{"documentId": null}"#,
            br#"{"query": null, "documentId": ["a"]}"#,
            br#"{"query": "{a}", "variables": {"x": 1e999}}"#,
            br#"{"query": "{a}", "variables": {"x": 12.34560000000000001}}"#,
            br#"[{"query": "{a}", "variables": {"x": [1, 1e-999]}}]"#,
            br#"{"query": "\ud800"}"#,
            br#"{"query": "{a}", "query": "{b}"}"#,
            br#"{"query": "{a}", "\u0071uery": "{b}"}"#,
            br#"{"query": "{a}", "variables": {"x": 1, "x": 2}}"#,
            br#"{"query": "{a}", "variables": {"x": [{"y": 1, "y": 1}]}}"#,
            br#"[{"query": "{a}"}, {"query": "{a}", "operationName": null, "operationName": "A"}]"#,
            b"[]",
            br#"[{"query": "{a}"}, 5]"#,
            &deep,
        ] {
            assert_eq!(code(body), Some(ErrorCode::BadRequest), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_document_may_be_named_instead_of_sent() {
        let named = |named| Ok(RequestBody::Single(Request { document_ref: Some(named), ..Request::default() }));
        let id = named(DocumentRef::Id("a".to_owned()));
        for body in [
            &br#"{"documentId": "a"}"#[..],
            br#"{"id": "a", "query": null}"#,
            br#"{"doc_id": "a"}"#,
            br#"{"documentId": "a", "id": "b"}"#,
        ] {
            assert_eq!(post(body), id);
        }
        let hash = br#"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "f00"}}}"#;
        assert_eq!(post(hash), named(DocumentRef::Sha256("f00".to_owned())));
        let sent = br#"{"query": "{a}", "id": 1}"#;
        assert_eq!(post(sent), Ok(RequestBody::Single(request("{a}"))), "what is sent needs no name");
    }

    #[test]
    fn a_batch_is_a_list_of_bounded_length() {
        let batch = br#"[{"query": "{a}"}, {"query": "{b}"}]"#;
        assert_eq!(post(batch), Ok(RequestBody::Batch(vec![request("{a}"), request("{b}")])));
        let four = format!("[{}]", [r#"{"query": "{a}"}"#; 4].join(","));
        assert_eq!(code(four.as_bytes()), Some(ErrorCode::LimitExceeded));
    }

    #[test]
    fn a_get_carries_a_request_in_its_query_string() {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        for others in [
            &[("operationName", ""), ("variables", "null"), ("x", "y")][..],
            &[("variables", ""), ("extensions", ""), ("documentId", "")],
            &[("extensions", "null")],
        ] {
            let asked = from_parameters(pairs(&[&[("query", "{a}")], others].concat()));
            assert_eq!(asked, Ok(request("{a}")), "{others:?}");
        }
        for wrong in [
            &[("variables", "{}")][..],
            &[("query", "{a}"), ("query", "{b}")],
            &[("query", "{a}"), ("variables", "{")],
            &[("query", "{a}"), ("variables", "[]")],
            &[("query", "{a}"), ("variables", r#"{"x": 1, "x": 2}"#)],
            &[("query", "{a}"), ("variables", r#"{"x": 0.12345678901234567890}"#)],
        ] {
            assert_eq!(from_parameters(pairs(wrong)).unwrap_err().code, ErrorCode::BadRequest, "{wrong:?}");
        }
    }
}
