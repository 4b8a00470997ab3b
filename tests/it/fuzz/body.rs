//! Strategies for whole bodies: arbitrary ones with an envelope, real ones with damage, broken ones.

use std::fmt;

use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::BoxedStrategy,
};

use super::{
    document::{Damage, Document},
    value::{id, key, leaf, object, value},
    vocabulary::{PAYLOADS, TYPES},
};

/// What the sender sends.
#[derive(Clone)]
pub struct Body {
    document: Document,
    space: &'static str,
    flaw: Flaw,
}

#[derive(Clone, Debug)]
enum Flaw {
    None,
    Cut(Index),
    Byte(Index, u8),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.flaw, String::from_utf8_lossy(&self.bytes()))
    }
}

impl Body {
    /// The bytes that are sent.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.document.text(self.space);
        match self.flaw {
            Flaw::None => {}
            Flaw::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Flaw::Byte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes
    }

    /// The bytes that are stored if nothing is broken.
    pub fn without_secrets(&self) -> Vec<u8> {
        self.document.without_secrets(self.space)
    }

    /// Whether the body is JSON.
    pub fn is_whole(&self) -> bool {
        matches!(self.flaw, Flaw::None)
    }

    /// Whether the body is the beginning of JSON.
    pub fn is_cut(&self) -> bool {
        matches!(self.flaw, Flaw::Cut(_))
    }
}

/// Any body.
pub fn body() -> impl Strategy<Value = Body> {
    let document = prop_oneof![8 => arbitrary(), 8 => damaged(), 1 => flooded()];
    let flaw = prop_oneof![
        12 => Just(Flaw::None),
        2 => any::<Index>().prop_map(Flaw::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Flaw::Byte(at, byte)),
    ];
    let space = select(vec!["", "", " ", "\r\n\t"]);
    (document, space, flaw).prop_map(|(document, space, flaw)| Body { document, space, flaw })
}

/// A known payload with some of its entries changed.
fn damaged() -> BoxedStrategy<Document> {
    let damage = prop_oneof![
        6 => value().prop_map(Damage::Replace),
        2 => id().prop_map(Damage::Replace),
        2 => Just(Damage::Remove),
        1 => value().prop_map(Damage::Repeat),
        1 => key().prop_map(Damage::Rename),
        3 => (key(), value()).prop_map(|(key, value)| Damage::Add(key, value)),
    ];
    (select(&**PAYLOADS), prop::collection::vec((any::<Index>(), damage), 0..5))
        .prop_map(|(mut document, damages)| {
            for (at, damage) in damages {
                let entries = document.entries();
                if entries > 0 {
                    document.damage(at.index(entries), &damage);
                }
            }
            document
        })
        .boxed()
}

/// A known payload with one and the same value in all of its fields.
fn flooded() -> BoxedStrategy<Document> {
    (select(&**PAYLOADS), leaf())
        .prop_map(|(mut document, value)| {
            document.flood(&value);
            document
        })
        .boxed()
}

/// An envelope of v1 or v2, or parts of both, around anything.
fn arbitrary() -> BoxedStrategy<Document> {
    let name = || {
        prop_oneof![
            12 => select(&**TYPES).prop_map(|name| Document::Text(name.into_bytes())),
            1 => value(),
        ]
    };
    let data = || prop_oneof![12 => object(value()), 1 => value()];
    let event = (name(), value(), value()).prop_map(|(name, id, created_at)| {
        Document::Object(vec![("type".into(), name), ("id".into(), id), ("created_at".into(), created_at)])
    });
    let v1 = (event, data()).prop_map(|(event, data)| vec![("event".into(), event), ("data".into(), data)]);
    let v2 = (name(), data(), value(), prop::option::of(id()), prop::option::of(object(value())), value()).prop_map(
        |(name, data, id, entity_id, changes, timestamp)| {
            let entries = [("event_type", name), ("data", data), ("event_id", id), ("timestamp", timestamp)];
            let optional = [("entity_id", entity_id), ("changes", changes)];
            let optional = optional.into_iter().filter_map(|(key, value)| Some((key, value?)));
            entries.into_iter().chain(optional).map(|(key, value)| (key.into(), value)).collect()
        },
    );
    let odd = prop::collection::vec((key(), value()), 0..3);
    let entries = prop_oneof![
        8 => v1.clone(),
        8 => v2.clone(),
        1 => (v1, v2).prop_map(|(v1, v2)| [v1, v2].concat()),
        1 => Just(Vec::new()),
    ];
    (entries, odd)
        .prop_flat_map(|(entries, odd)| Just([entries, odd].concat()).prop_shuffle())
        .prop_map(Document::Object)
        .boxed()
}
