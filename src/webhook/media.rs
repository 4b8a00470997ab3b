//! Which content types are taken for JSON.

use axum::http::{HeaderMap, header::CONTENT_TYPE};

use crate::body::is_plain;

/// Whether the headers allow the body to be JSON as it is: no content type, or one of JSON, and
/// not compressed.
pub(super) fn may_be_json(headers: &HeaderMap) -> bool {
    is_plain(headers) && headers.get_all(CONTENT_TYPE).iter().all(|value| value.to_str().is_ok_and(is_json))
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.split_once('/') {
        // An empty header is as good as none.
        None => essence.is_empty(),
        Some((kind, subtype)) => {
            !kind.is_empty() && (subtype.ends_with("+json") || (kind == "application" && subtype == "json"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_has_many_names() {
        for name in ["application/json", "Application/JSON ; charset=utf-8", "application/vnd.api+json", "", " "] {
            assert!(is_json(name), "{name}");
        }
        for name in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", "/json", "text/json"]
        {
            assert!(!is_json(name), "{name}");
        }
    }
}
