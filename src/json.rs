//! JSON where `serde_json` alone does not do.
//!
//! | Module | Reads or writes | Used by |
//! |---|---|---|
//! | [`scanner`] | bytes → tokens with their byte ranges, at any depth | webhook redaction and envelopes |
//! | [`tree`] | text → a tree that tolerates what senders get wrong | the readers of webhook payloads |
//! | [`mod@canonical`] | the tree → text, equal for equal values | columns that hold JSON |
//! | [`unique_keys`] | a `serde_json::Value` without repeated keys | requests, tokens, key sets |
//! | [`string`] | the inside of a string ↔ what it stands for | all of them, and every writer of JSON |

pub mod canonical;
pub mod scanner;
pub mod string;
pub mod tree;
pub mod unique_keys;

pub use canonical::canonical;
pub use tree::JsonValue;
pub use unique_keys::UniqueKeys;

use thiserror::Error;

/// Where and why bytes are not JSON. Repeats none of them.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not JSON: {reason} at byte {at}")]
pub struct JsonError {
    /// Where the token begins that breaks the grammar; nothing from here on can be judged.
    pub at: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}
