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
use crate::{error::ErrorCode, limits::RequestLimits};

mod cache;
mod manifest;
mod trusted;

use cache::DocumentCache;
pub use trusted::{TrustedDocuments, TrustedMode};

/// How a request names a document that it does not bring along, or says what it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentRef {
    /// `documentId`, `id` or `doc_id`: one of the trusted documents.
    Id(String),
    /// `extensions.persistedQuery.sha256Hash`.
    Sha256(String),
}

impl DocumentRef {
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
    pub fn parse(text: &str, limits: &RequestLimits) -> Result<Self, GraphqlError> {
        Ok(Self { text: text.into(), parsed: syntax::parse(text, limits)? })
    }
}

/// The document of a request.
#[derive(Debug)]
pub enum DocumentLookup {
    /// It was found good before.
    Known(Arc<Document>),
    /// Its text, not looked at yet.
    New(Arc<str>),
}

/// Finds documents. Cheap to clone; the clones share what they know.
#[derive(Clone, Default)]
pub struct Documents {
    trusted: Option<TrustedDocuments>,
    cache: Arc<Mutex<DocumentCache>>,
}

impl Documents {
    /// With these trusted documents.
    #[must_use]
    pub fn new(trusted: Option<TrustedDocuments>) -> Self {
        Self { trusted, cache: Arc::default() }
    }

    /// The document that a request means.
    ///
    /// # Errors
    /// When it names none that is known, or brings one that is not allowed or not what it says.
    pub fn find(&self, request: &Request) -> Result<DocumentLookup, GraphqlError> {
        match &request.document_ref {
            Some(named) if request.query.is_empty() => self.named(named),
            named => self.brought(&request.query, named.as_ref()),
        }
    }

    /// Keeps a document that was found good, also under its hash if the request gave that.
    pub fn keep(&self, document: &Arc<Document>, request: &Request) {
        let mut cache = self.cache();
        if let Some(DocumentRef::Sha256(hash)) = &request.document_ref {
            cache.persist(hash, &document.text);
        }
        cache.insert(document);
    }

    fn brought(&self, text: &str, named: Option<&DocumentRef>) -> Result<DocumentLookup, GraphqlError> {
        let hash = match named {
            Some(DocumentRef::Sha256(hash)) => Some(hash),
            _ => None,
        };
        if hash.is_some_and(|hash| *hash != sha256(text)) {
            return Err(GraphqlError::new(ErrorCode::BadRequest, "`sha256Hash` is not the SHA-256 of `query`"));
        }
        if let Some(trusted) = &self.trusted {
            if let Some(document) = trusted.by_text(text) {
                return Ok(DocumentLookup::Known(document));
            }
            if trusted.mode() == TrustedMode::Only {
                return Err(untrusted("this document is none of the trusted ones: only those are run here"));
            }
        }
        let mut cache = self.cache();
        match cache.get(text) {
            Some(document) => {
                if let Some(hash) = hash {
                    cache.persist(hash, &document.text);
                }
                Ok(DocumentLookup::Known(document))
            }
            None => Ok(DocumentLookup::New(text.into())),
        }
    }

    fn named(&self, named: &DocumentRef) -> Result<DocumentLookup, GraphqlError> {
        let (DocumentRef::Id(id) | DocumentRef::Sha256(id)) = named;
        if let Some(document) = self.trusted.as_ref().and_then(|trusted| trusted.by_id(id)) {
            return Ok(DocumentLookup::Known(document));
        }
        let only_trusted = self.trusted.as_ref().is_some_and(|trusted| trusted.mode() == TrustedMode::Only);
        if only_trusted || matches!(named, DocumentRef::Id(_)) {
            return Err(untrusted("none of the trusted documents has this id"));
        }
        let mut cache = self.cache();
        // The words of Apollo's protocol: some clients look for them.
        let text = cache
            .persisted(id)
            .ok_or_else(|| GraphqlError::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"))?;
        Ok(cache.get(&text).map_or(DocumentLookup::New(text), DocumentLookup::Known))
    }

    fn cache(&self) -> MutexGuard<'_, DocumentCache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
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
