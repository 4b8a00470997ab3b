//! `ETag` and `If-None-Match`.

use axum::http::{HeaderMap, HeaderValue, header};

/// More tags than a reader has copies of one address.
const MOST: usize = 16;

/// The tags that a reader names, compared weakly (RFC 9110, 13.1.2). `*` is no copy of anything.
pub(super) fn of_reader(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let tags = lines.flat_map(|line| line.split(',')).filter_map(|item| {
        let item = item.trim();
        let quoted = item.strip_prefix("W/").unwrap_or(item);
        Some(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned())
    });
    tags.take(MOST).collect()
}

/// Says how the answer may be kept: with a tag by the reader alone, and asked for each time.
pub(super) fn tell(tag: Option<&str>, headers: &mut HeaderMap) {
    let value = tag.and_then(|tag| HeaderValue::from_str(&format!("\"{tag}\"")).ok());
    let caching = if value.is_some() { "private, no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(value) = value {
        headers.insert(header::ETAG, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_names_its_tags_in_a_list() {
        let of = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(line));
            of_reader(&headers)
        };
        assert_eq!(of(r#""a""#), ["a"]);
        assert_eq!(of(r#"W/"a" , "b""#), ["a", "b"]);
        let many = (0..20).map(|tag| format!("\"{tag}\"")).collect::<Vec<_>>().join(",");
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(&many).unwrap())]);
        assert_eq!(of_reader(&headers).len(), MOST);
        for none in ["", "*", "a", "\"a", "a\"", "\""] {
            assert!(of(none).is_empty(), "{none}");
        }
    }
}
