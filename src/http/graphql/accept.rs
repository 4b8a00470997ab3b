//! Content negotiation by the `Accept` header (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

use crate::error::{ApiError, ErrorCode};

/// The media type of a response that is not a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonMediaType {
    /// `application/graphql-response+json`: the status says whether the document was executed.
    Graphql,
    /// `application/json`: the status is 200 also if the document is invalid, as older clients expect.
    Json,
}

impl JsonMediaType {
    /// The value of `Content-Type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Graphql => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }
}

const EVENTS: &str = "text/event-stream";

/// Whether the client accepts an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum StreamPreference {
    /// JSON only.
    Never,
    /// An event stream for a subscription, JSON otherwise.
    Allowed,
    /// An event stream only.
    Required,
}

/// The result of the negotiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Negotiated {
    /// The media type of a response that is not a stream.
    pub media_type: JsonMediaType,
    /// Whether the response may or must be a stream.
    pub stream_preference: StreamPreference,
}

impl Negotiated {
    /// Chooses by the `Accept` header: the greatest weight wins, then a name over a wildcard. `*/*` never selects an
    /// event stream. Without the header the response is JSON.
    ///
    /// # Errors
    /// When the header accepts none of the media types.
    pub fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let ranges: Vec<_> = lines.flat_map(|line| line.split(outside_quotes(','))).filter_map(Range::read).collect();
        if ranges.is_empty() {
            return Ok(Self { media_type: JsonMediaType::Json, stream_preference: StreamPreference::Never });
        }
        let graphql = Preference::of(&ranges, JsonMediaType::Graphql.as_str());
        let json = Preference::of(&ranges, JsonMediaType::Json.as_str());
        let events = Preference::of(&ranges, EVENTS);
        // Of two names at the same weight the newer type wins; of two wildcards the older, which every client knows.
        let modern = if graphql.is_named() { graphql >= json } else { graphql > json };
        let (media_type, document) =
            if modern { (JsonMediaType::Graphql, graphql) } else { (JsonMediaType::Json, json) };
        let streams = events.is_allowed() && events.specificity > Specificity::Any;
        let stream_preference = match (document.is_allowed(), streams) {
            (true, true) if events.weight > document.weight => StreamPreference::Required,
            (true, true) => StreamPreference::Allowed,
            (true, false) => StreamPreference::Never,
            (false, true) => StreamPreference::Required,
            (false, false) => return Err(not_acceptable()),
        };
        Ok(Self { media_type: if document.is_allowed() { media_type } else { JsonMediaType::Json }, stream_preference })
    }
}

fn not_acceptable() -> ApiError {
    let (graphql, json) = (JsonMediaType::Graphql.as_str(), JsonMediaType::Json.as_str());
    let message = format!("The Accept header accepts none of {graphql}, {json} and, for subscriptions, {EVENTS}");
    ApiError::new(ErrorCode::NotAcceptable, message)
}

/// How specifically a range matches a media type.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Specificity {
    /// `*/*`.
    Any,
    /// `application/*`.
    Kind,
    /// By its name.
    Name,
    /// By its name and its encoding.
    Charset,
}

/// How much a media type is preferred: by weight, then by specificity.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Preference {
    weight: f32,
    specificity: Specificity,
}

impl Preference {
    /// The weight of the most specific range that matches; zero if none does.
    fn of(ranges: &[Range], media_type: &str) -> Self {
        let fitting = ranges.iter().filter_map(|range| Some((range.specificity(media_type)?, range.weight)));
        let none = Self { weight: 0.0, specificity: Specificity::Any };
        fitting.fold(none, |best, (specificity, weight)| {
            let closer = specificity > best.specificity || (specificity == best.specificity && weight > best.weight);
            if closer { Self { weight, specificity } } else { best }
        })
    }

    fn is_allowed(self) -> bool {
        self.weight > 0.0
    }

    fn is_named(self) -> bool {
        self.is_allowed() && self.specificity >= Specificity::Name
    }
}

/// One entry of the header.
#[derive(Debug)]
struct Range {
    name: String,
    /// Whether its `charset`, if there is one, is UTF-8.
    utf8: Option<bool>,
    /// From 0, not acceptable, to 1.
    weight: f32,
}

impl Range {
    /// An entry that cannot be parsed is ignored.
    fn read(entry: &str) -> Option<Self> {
        let mut parts = entry.split(outside_quotes(';')).map(str::trim);
        let name = match parts.next()? {
            // Old Java clients send this.
            "*" => "*/*".to_owned(),
            name => name.to_ascii_lowercase(),
        };
        name.split_once('/').filter(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())?;
        let (mut utf8, mut weight) = (None, 1.0);
        for parameter in parts {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if key.eq_ignore_ascii_case("q") {
                weight = value.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
                // Parameters after `q` do not belong to the media type.
                break;
            }
            if key.eq_ignore_ascii_case("charset") {
                let charset = value.trim_matches('"');
                utf8 = Some(charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8"));
            }
        }
        Some(Self { name, utf8, weight })
    }

    fn specificity(&self, media_type: &str) -> Option<Specificity> {
        let kind = media_type.split('/').next()?;
        match self.name.as_str() {
            "*/*" => Some(Specificity::Any),
            name if name.strip_suffix("/*") == Some(kind) => Some(Specificity::Kind),
            name if name == media_type => match self.utf8 {
                None => Some(Specificity::Name),
                Some(true) => Some(Specificity::Charset),
                Some(false) => None,
            },
            _ => None,
        }
    }
}

/// Matches a separator outside of quoted strings.
fn outside_quotes(separator: char) -> impl FnMut(char) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    move |letter| {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => return letter == separator && !quoted,
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(lines: &[&'static str]) -> Option<(JsonMediaType, StreamPreference)> {
        let lines = lines.iter().map(|line| (header::ACCEPT, HeaderValue::from_static(line)));
        Negotiated::of(&lines.collect()).ok().map(|accepted| (accepted.media_type, accepted.stream_preference))
    }

    const JSON: Option<(JsonMediaType, StreamPreference)> = Some((JsonMediaType::Json, StreamPreference::Never));
    const GRAPHQL: Option<(JsonMediaType, StreamPreference)> = Some((JsonMediaType::Graphql, StreamPreference::Never));

    #[test]
    fn json_is_the_default_and_the_answer_to_a_wildcard() {
        for accept in ["", " , ", "*/*", "application/*", "*/*;q=0.1", "text/html, image/gif, *; q=.2, */*; q=.2"] {
            assert_eq!(of(&[accept]), JSON, "{accept}");
        }
        assert_eq!(of(&[]), JSON);
        // What cannot be parsed is ignored.
        for accept in ["nonsense", "application/json;q=2", "application/json;q=x", "/;q=1"] {
            assert_eq!(of(&[accept]), JSON, "{accept}");
        }
    }

    #[test]
    fn the_greatest_weight_wins() {
        assert_eq!(of(&["application/graphql-response+json;q=0.5, application/json"]), JSON);
        assert_eq!(of(&["application/graphql-response+json;q=0.5, application/json;q=0.4"]), GRAPHQL);
        assert_eq!(of(&["application/json;q=0.9", "application/graphql-response+json"]), GRAPHQL);
        assert_eq!(of(&["application/graphql-response+json;q=0.1, */*"]), JSON);
        let events = |media_type| Some((media_type, StreamPreference::Required));
        assert_eq!(of(&["text/event-stream, application/json;q=0.5"]), events(JsonMediaType::Json));
        assert_eq!(
            of(&["text/event-stream;q=0.5, application/json"]),
            Some((JsonMediaType::Json, StreamPreference::Allowed))
        );
    }

    #[test]
    fn at_equal_weight_a_name_wins_over_a_wildcard_and_graphql_over_plain_json() {
        for accept in [
            "application/graphql-response+json, application/json",
            "application/json, Application/GraphQL-Response+JSON",
            "application/graphql-response+json, */*",
            "*/*, application/graphql-response+json; charset=utf-8, application/json; charset=\"UTF-8\"",
            "application/graphql-response+json;profile=\"a,b;q=0\"",
        ] {
            assert_eq!(of(&[accept]), GRAPHQL, "{accept}");
        }
        assert_eq!(of(&["application/json, */*"]), JSON);
    }

    #[test]
    fn a_weight_of_zero_refuses() {
        assert_eq!(of(&["application/json;q=0, */*"]), GRAPHQL);
        assert_eq!(of(&["application/graphql-response+json; q=0.000, */*;q=0.1"]), JSON);
        assert_eq!(of(&["text/event-stream;q=0, application/json"]), JSON);
        for accept in [
            "*/*;q=0",
            "application/json;Q=0",
            "application/json;q=0., text/event-stream;q=0.0",
            "application/*;q=0, */*;q=0",
            "text/html",
            "application/json;charset=latin1",
        ] {
            assert_eq!(of(&[accept]), None, "{accept}");
        }
    }

    #[test]
    fn the_closest_range_decides_whatever_the_order() {
        assert_eq!(of(&["*/*, application/*;q=0, application/json;q=0.1"]), JSON);
        assert_eq!(of(&["application/json;q=0.1, application/*;q=0, */*"]), JSON);
        assert_eq!(of(&["application/json;charset=utf-8;q=0, application/json, text/event-stream;q=0.2"]), {
            Some((JsonMediaType::Json, StreamPreference::Required))
        });
    }

    #[test]
    fn a_wildcard_does_not_select_an_event_stream() {
        assert_eq!(of(&["text/event-stream"]), Some((JsonMediaType::Json, StreamPreference::Required)));
        assert_eq!(of(&["text/*"]), Some((JsonMediaType::Json, StreamPreference::Required)));
        assert_eq!(
            of(&["Text/Event-Stream; q=0.9, multipart/mixed"]),
            Some((JsonMediaType::Json, StreamPreference::Required))
        );
        assert_eq!(of(&["*/*"]), JSON);
        let all = "application/graphql-response+json, application/json, text/event-stream";
        assert_eq!(of(&[all]), Some((JsonMediaType::Graphql, StreamPreference::Allowed)));
    }
}
