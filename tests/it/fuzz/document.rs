//! JSON as it is written: equal keys, numbers of any size, escapes and bytes that are no text stay.

use serde_json::Value;

use crate::support::TOKEN;

const SECRET_KEYS: [&str; 4] = ["auth_token", "temp_password", "password_setup_url", "default_webhook_url"];

const ENVELOPE: [&str; 5] = ["event", "event_id", "event_type", "entity_type", "timestamp"];

/// A piece of JSON text.
#[derive(Clone, Debug)]
pub enum Document {
    /// A number, a word, or any other value that is written like this; it holds no secret.
    Plain(Vec<u8>),
    /// The inside of a string, as it is written.
    Text(Vec<u8>),
    List(Vec<Document>),
    Object(Vec<Entry>),
}

pub type Entry = (Key, Document);

/// The key of an object.
#[derive(Clone, Debug)]
pub struct Key {
    pub name: String,
    /// Whether every character is written as an escape.
    pub escaped: bool,
}

/// A change to one entry of an object.
#[derive(Clone, Debug)]
pub enum Damage {
    Replace(Document),
    Remove,
    /// Another value under the same key.
    Repeat(Document),
    Rename(Key),
    /// A key beside it.
    Add(Key, Document),
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), escaped: false }
    }
}

impl From<&Value> for Document {
    fn from(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(inside(text, false)),
            Value::Array(elements) => Self::List(elements.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(key, value)| (key.as_str().into(), value.into())).collect())
            }
            plain => Self::Plain(plain.to_string().into_bytes()),
        }
    }
}

impl Document {
    /// The text, with this between the pieces.
    pub fn text(&self, space: &str) -> Vec<u8> {
        self.written(space, false)
    }

    /// What may be stored of the text.
    pub fn without_secrets(&self, space: &str) -> Vec<u8> {
        self.written(space, true)
    }

    fn written(&self, space: &str, redacted: bool) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, space.as_bytes(), redacted);
        out
    }

    fn write(&self, out: &mut Vec<u8>, space: &[u8], redacted: bool) {
        match self {
            Self::Plain(text) => out.extend(text),
            Self::Text(inside) => quoted(out, inside, redacted),
            Self::List(elements) => list(out, *b"[]", space, elements, |out, element| {
                element.write(out, space, redacted);
            }),
            Self::Object(entries) => list(out, *b"{}", space, entries, |out, (key, value)| {
                quoted(out, &inside(&key.name, key.escaped), redacted);
                out.push(b':');
                out.extend(space);
                if redacted && SECRET_KEYS.contains(&key.name.as_str()) && !value.is_null() {
                    out.extend(b"\"[redacted]\"");
                } else {
                    value.write(out, space, redacted);
                }
            }),
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Self::Plain(text) if text == b"null")
    }

    /// How many entries all objects have together.
    pub fn entries(&self) -> usize {
        match self {
            Self::Plain(_) | Self::Text(_) => 0,
            Self::List(elements) => elements.iter().map(Self::entries).sum(),
            Self::Object(entries) => entries.iter().map(|(_, value)| 1 + value.entries()).sum(),
        }
    }

    /// Puts this in the place of every text and null, but for those of the envelope.
    pub fn flood(&mut self, value: &Self) {
        match self {
            Self::Plain(_) | Self::Text(_) => {
                if self.is_null() || matches!(self, Self::Text(_)) {
                    self.clone_from(value);
                }
            }
            Self::List(elements) => elements.iter_mut().for_each(|element| element.flood(value)),
            Self::Object(entries) => {
                let inner = entries.iter_mut().filter(|(key, _)| !ENVELOPE.contains(&key.name.as_str()));
                inner.for_each(|(_, inner)| inner.flood(value));
            }
        }
    }

    /// Damages the entry with this number. Gives the number back, less the entries here, if there are fewer.
    pub fn damage(&mut self, mut number: usize, damage: &Damage) -> Option<usize> {
        match self {
            Self::Plain(_) | Self::Text(_) => {}
            Self::List(elements) => {
                for element in elements {
                    number = element.damage(number, damage)?;
                }
            }
            Self::Object(entries) => {
                for at in 0..entries.len() {
                    if number == 0 {
                        damage.apply(entries, at);
                        return None;
                    }
                    number = entries[at].1.damage(number - 1, damage)?;
                }
            }
        }
        Some(number)
    }
}

impl Damage {
    fn apply(&self, entries: &mut Vec<Entry>, at: usize) {
        match self {
            Self::Replace(value) => entries[at].1 = value.clone(),
            Self::Remove => {
                entries.remove(at);
            }
            Self::Repeat(value) => entries.insert(at + 1, (entries[at].0.clone(), value.clone())),
            Self::Rename(key) => entries[at].0 = key.clone(),
            Self::Add(key, value) => entries.insert(at, (key.clone(), value.clone())),
        }
    }
}

fn list<T>(out: &mut Vec<u8>, brackets: [u8; 2], space: &[u8], items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.push(brackets[0]);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend(space);
        write(out, item);
    }
    out.extend(space);
    out.push(brackets[1]);
}

fn quoted(out: &mut Vec<u8>, inside: &[u8], redacted: bool) {
    let token = TOKEN.as_bytes();
    let inside = if redacted && inside.windows(token.len()).any(|part| part == token) { b"[redacted]" } else { inside };
    out.push(b'"');
    out.extend(inside);
    out.push(b'"');
}

/// The inside of a JSON string that says this.
pub fn inside(text: &str, escaped: bool) -> Vec<u8> {
    if escaped {
        let units: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        return units.concat().into_bytes();
    }
    let quoted = Value::from(text).to_string();
    quoted.as_bytes()[1..quoted.len() - 1].to_vec()
}
