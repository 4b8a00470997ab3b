//! Which document a request means: one that it brings along, one that was sent before (automatic
//! persisted queries, Apollo's protocol), or a trusted one from a manifest.
//!
//! Documents that were found good are kept, parsed, so that the next request with the same text goes
//! straight to its variables. What depends on variables (cost, coercion) is never kept.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::parser::types::ExecutableDocument;
use sha2::{Digest as _, Sha256};

use super::{error::GraphqlError, request::Request, syntax};
use crate::{
    error::ErrorCode,
    settings::{LimitArgs, TrustedMode},
};

mod manifest;
mod memory;
mod trusted;

use memory::Memory;
pub use trusted::TrustedDocuments;

/// How a request names a document that it does not bring along, or says what it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `documentId`, `id` or `doc_id`: one of the trusted documents.
    Id(String),
    /// `extensions.persistedQuery.sha256Hash`.
    Sha256(String),
}

impl Named {
    /// Reads `extensions.persistedQuery`.
    ///
    /// # Errors
    /// In words, when it has another shape.
    pub fn persisted(extension: &serde_json::Value) -> Result<Self, String> {
        let hash = extension.get("sha256Hash").and_then(serde_json::Value::as_str);
        match (extension.get("version").and_then(serde_json::Value::as_u64), hash) {
            (Some(1), Some(hash)) => Ok(Self::Sha256(hash.to_owned())),
            _ => Err("`extensions.persistedQuery` must be {\"version\": 1, \"sha256Hash\": \"...\"}".to_owned()),
        }
    }
}

/// A document that was parsed.
#[derive(Debug)]
pub struct Document {
    /// As it was sent.
    pub text: Arc<str>,
    /// The same, parsed.
    pub parsed: ExecutableDocument,
}

impl Document {
    /// Parses a document.
    ///
    /// # Errors
    /// Where it is not GraphQL, or the limit that it passes.
    pub fn parse(text: &str, limits: &LimitArgs) -> Result<Self, GraphqlError> {
        Ok(Self { text: text.into(), parsed: syntax::parse(text, limits)? })
    }
}

/// The document of a request.
#[derive(Debug)]
pub enum Found {
    /// It was found good before.
    Known(Arc<Document>),
    /// Its text, not looked at yet.
    New(Arc<str>),
}

/// Finds documents. Cheap to clone; the clones share what they know.
#[derive(Clone, Default)]
pub struct Documents {
    trusted: Option<TrustedDocuments>,
    memory: Arc<Mutex<Memory>>,
}

impl Documents {
    /// With these trusted documents.
    #[must_use]
    pub fn new(trusted: Option<TrustedDocuments>) -> Self {
        Self { trusted, memory: Arc::default() }
    }

    /// The document that a request means.
    ///
    /// # Errors
    /// When it names none that is known, or brings one that is not allowed or not what it says.
    pub fn find(&self, request: &Request) -> Result<Found, GraphqlError> {
        match &request.named {
            Some(named) if request.query.is_empty() => self.named(named),
            named => self.brought(&request.query, named.as_ref()),
        }
    }

    /// Keeps a document that was found good, also under its hash if the request gave that.
    pub fn keep(&self, document: &Arc<Document>, request: &Request) {
        let mut memory = self.memory();
        if let Some(Named::Sha256(hash)) = &request.named {
            memory.persist(hash, &document.text);
        }
        memory.keep(document);
    }

    fn brought(&self, text: &str, named: Option<&Named>) -> Result<Found, GraphqlError> {
        let hash = match named {
            Some(Named::Sha256(hash)) => Some(hash),
            _ => None,
        };
        if hash.is_some_and(|hash| *hash != sha256(text)) {
            return Err(GraphqlError::new(ErrorCode::BadRequest, "`sha256Hash` is not the SHA-256 of `query`"));
        }
        if let Some(trusted) = &self.trusted {
            if let Some(document) = trusted.by_text(text) {
                return Ok(Found::Known(document));
            }
            if trusted.mode() == TrustedMode::Only {
                return Err(untrusted("this document is none of the trusted ones: only those are run here"));
            }
        }
        let mut memory = self.memory();
        match memory.get(text) {
            Some(document) => {
                if let Some(hash) = hash {
                    memory.persist(hash, &document.text);
                }
                Ok(Found::Known(document))
            }
            None => Ok(Found::New(text.into())),
        }
    }

    fn named(&self, named: &Named) -> Result<Found, GraphqlError> {
        let (Named::Id(id) | Named::Sha256(id)) = named;
        if let Some(document) = self.trusted.as_ref().and_then(|trusted| trusted.by_id(id)) {
            return Ok(Found::Known(document));
        }
        let only_trusted = self.trusted.as_ref().is_some_and(|trusted| trusted.mode() == TrustedMode::Only);
        if only_trusted || matches!(named, Named::Id(_)) {
            return Err(untrusted("none of the trusted documents has this id"));
        }
        let mut memory = self.memory();
        // The words of Apollo's protocol: some clients look for them.
        let text = memory
            .persisted(id)
            .ok_or_else(|| GraphqlError::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"))?;
        Ok(memory.get(&text).map_or(Found::New(text), Found::Known))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Documents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Documents")
    }
}

fn untrusted(message: &str) -> GraphqlError {
    GraphqlError::new(ErrorCode::DocumentNotTrusted, message)
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests;
