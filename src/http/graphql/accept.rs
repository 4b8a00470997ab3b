//! What a client takes: its `Accept` header, weighed against what `/graphql` can answer (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};

use crate::error::{ApiError, ErrorCode};

/// In which form one answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/graphql-response+json`: the status says whether the document was run.
    Graphql,
    /// `application/json`: a document that is not run is told with 200, as older clients expect.
    Json,
}

impl Form {
    /// As it stands in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Graphql => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }
}

const EVENTS: &str = "text/event-stream";

/// How a request wants its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Wish {
    /// As JSON.
    Json,
    /// As JSON, or as an event stream if it is a subscription.
    Either,
    /// As an event stream.
    Events,
}

/// What a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The form of an answer that is no stream.
    pub form: Form,
    /// Whether an answer may be a stream, or has to be.
    pub wish: Wish,
}

impl Accepted {
    /// Chooses by the `Accept` header: the greatest weight wins, then what is named over what only a
    /// wildcard allows. An event stream is never meant by `*/*`. Without the header it is JSON.
    ///
    /// # Errors
    /// When the header allows nothing that can be answered.
    pub fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let ranges: Vec<_> = lines.flat_map(|line| line.split(outside_quotes(','))).filter_map(Range::read).collect();
        if ranges.is_empty() {
            return Ok(Self { form: Form::Json, wish: Wish::Json });
        }
        let graphql = Rank::of(&ranges, Form::Graphql.media_type());
        let json = Rank::of(&ranges, Form::Json.media_type());
        let events = Rank::of(&ranges, EVENTS);
        // Who names both at the same weight gets the one that says more; who names none the one that all know.
        let modern = if graphql.is_named() { graphql >= json } else { graphql > json };
        let (form, document) = if modern { (Form::Graphql, graphql) } else { (Form::Json, json) };
        let streams = events.is_allowed() && events.closeness > Closeness::Any;
        let wish = match (document.is_allowed(), streams) {
            (true, true) if events.weight > document.weight => Wish::Events,
            (true, true) => Wish::Either,
            (true, false) => Wish::Json,
            (false, true) => Wish::Events,
            (false, false) => return Err(refusal()),
        };
        Ok(Self { form: if document.is_allowed() { form } else { Form::Json }, wish })
    }
}

fn refusal() -> ApiError {
    let (graphql, json) = (Form::Graphql.media_type(), Form::Json.media_type());
    let message = format!("The Accept header takes none of {graphql}, {json}, and for subscriptions {EVENTS}");
    ApiError::new(ErrorCode::NotAcceptable, message)
}

/// How closely a range fits a media type.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Closeness {
    /// `*/*`.
    Any,
    /// `application/*`.
    Kind,
    /// By its name.
    Name,
    /// By its name and its encoding.
    Charset,
}

/// How much a media type is wanted: by weight first, then by how closely it is meant.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Rank {
    weight: f32,
    closeness: Closeness,
}

impl Rank {
    /// The weight of the range that fits most closely; nothing is wanted that no range fits.
    fn of(ranges: &[Range], media_type: &str) -> Self {
        let fitting = ranges.iter().filter_map(|range| Some((range.closeness(media_type)?, range.weight)));
        let none = Self { weight: 0.0, closeness: Closeness::Any };
        fitting.fold(none, |best, (closeness, weight)| {
            let closer = closeness > best.closeness || (closeness == best.closeness && weight > best.weight);
            if closer { Self { weight, closeness } } else { best }
        })
    }

    fn is_allowed(self) -> bool {
        self.weight > 0.0
    }

    fn is_named(self) -> bool {
        self.is_allowed() && self.closeness >= Closeness::Name
    }
}

/// One entry of the header.
#[derive(Debug)]
struct Range {
    name: String,
    /// What it says about the encoding: none, or whether that is the one of JSON and event streams.
    utf8: Option<bool>,
    /// From 0, which refuses, to 1.
    weight: f32,
}

impl Range {
    /// An entry that cannot be read counts as if it were not there.
    fn read(entry: &str) -> Option<Self> {
        let mut parts = entry.split(outside_quotes(';')).map(str::trim);
        let name = match parts.next()? {
            // Old Java clients write it so.
            "*" => "*/*".to_owned(),
            name => name.to_ascii_lowercase(),
        };
        name.split_once('/').filter(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())?;
        let (mut utf8, mut weight) = (None, 1.0);
        for parameter in parts {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if key.eq_ignore_ascii_case("q") {
                weight = value.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
                // What follows is no parameter of the media type.
                break;
            }
            if key.eq_ignore_ascii_case("charset") {
                let charset = value.trim_matches('"');
                utf8 = Some(charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8"));
            }
        }
        Some(Self { name, utf8, weight })
    }

    fn closeness(&self, media_type: &str) -> Option<Closeness> {
        let kind = media_type.split('/').next()?;
        match self.name.as_str() {
            "*/*" => Some(Closeness::Any),
            name if name.strip_suffix("/*") == Some(kind) => Some(Closeness::Kind),
            name if name == media_type => match self.utf8 {
                None => Some(Closeness::Name),
                Some(true) => Some(Closeness::Charset),
                Some(false) => None,
            },
            _ => None,
        }
    }
}

/// Finds a separator where it is none within quotes.
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

    fn of(lines: &[&'static str]) -> Option<(Form, Wish)> {
        let lines = lines.iter().map(|line| (header::ACCEPT, HeaderValue::from_static(line)));
        Accepted::of(&lines.collect()).ok().map(|accepted| (accepted.form, accepted.wish))
    }

    const JSON: Option<(Form, Wish)> = Some((Form::Json, Wish::Json));
    const GRAPHQL: Option<(Form, Wish)> = Some((Form::Graphql, Wish::Json));

    #[test]
    fn json_is_for_who_says_nothing_or_takes_anything() {
        for accept in ["", " , ", "*/*", "application/*", "*/*;q=0.1", "text/html, image/gif, *; q=.2, */*; q=.2"] {
            assert_eq!(of(&[accept]), JSON, "{accept}");
        }
        assert_eq!(of(&[]), JSON);
        // What cannot be read is as good as nothing.
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
        let events = |form| Some((form, Wish::Events));
        assert_eq!(of(&["text/event-stream, application/json;q=0.5"]), events(Form::Json));
        assert_eq!(of(&["text/event-stream;q=0.5, application/json"]), Some((Form::Json, Wish::Either)));
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
            Some((Form::Json, Wish::Events))
        });
    }

    #[test]
    fn an_event_stream_is_not_meant_by_anything() {
        assert_eq!(of(&["text/event-stream"]), Some((Form::Json, Wish::Events)));
        assert_eq!(of(&["text/*"]), Some((Form::Json, Wish::Events)));
        assert_eq!(of(&["Text/Event-Stream; q=0.9, multipart/mixed"]), Some((Form::Json, Wish::Events)));
        assert_eq!(of(&["*/*"]), JSON);
        let all = "application/graphql-response+json, application/json, text/event-stream";
        assert_eq!(of(&[all]), Some((Form::Graphql, Wish::Either)));
    }
}
