//! Finds the document of a request: its own, one that was sent before (Apollo's automatic persisted queries), or a
//! trusted one from a manifest.
//!
//! Valid documents are cached parsed, and their queries compiled, so that the next request is neither validated nor
//! planned again.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{compile::CachedQuery, error::GraphqlError, request::Request};
use crate::error::ErrorCode;

mod cache;
mod document;
mod manifest;
mod trusted;

use cache::DocumentCache;
pub use cache::QueryKey;
pub use document::Document;
use document::sha256;
pub use trusted::{TrustedDocuments, TrustedMode};

/// How a request refers to a document that it does not contain, or identifies the one that it contains.
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
    /// If it has another structure.
    pub fn persisted(extension: &serde_json::Value) -> Result<Self, String> {
        let hash = extension.get("sha256Hash").and_then(serde_json::Value::as_str);
        match (extension.get("version").and_then(serde_json::Value::as_u64), hash) {
            (Some(1), Some(hash)) => Ok(Self::Sha256(hash.to_owned())),
            _ => Err("`extensions.persistedQuery` must be {\"version\": 1, \"sha256Hash\": \"...\"}".to_owned()),
        }
    }
}

/// The document of a request.
#[derive(Debug)]
pub enum DocumentLookup {
    /// Cached or trusted, so it is valid.
    Known(Arc<Document>),
    /// The text of one that has to be parsed and validated.
    New(Arc<str>),
}

/// Finds documents. Cheap to clone; clones share the cache.
#[derive(Clone, Default)]
pub struct Documents {
    trusted: Option<TrustedDocuments>,
    cache: Arc<Mutex<DocumentCache>>,
    compiled: Arc<AtomicU64>,
}

impl Documents {
    /// With these trusted documents.
    #[must_use]
    pub fn new(trusted: Option<TrustedDocuments>) -> Self {
        Self { trusted, cache: Arc::default(), compiled: Arc::default() }
    }

    /// The document of a request.
    ///
    /// # Errors
    /// If the reference is unknown, the document is not trusted, or its hash is wrong.
    pub fn find(&self, request: &Request) -> Result<DocumentLookup, GraphqlError> {
        match &request.document_ref {
            Some(named) if request.query.is_empty() => self.named(named),
            named => self.brought(&request.query, named.as_ref()),
        }
    }

    /// Caches a valid document, also by its hash if the request has that.
    pub fn insert(&self, document: &Arc<Document>, request: &Request) {
        let mut cache = self.cache();
        if let Some(DocumentRef::Sha256(hash)) = &request.document_ref {
            cache.persist(hash, &document.text);
        }
        cache.insert(document);
    }

    /// The compiled query of this key.
    pub fn compiled(&self, key: &QueryKey) -> Option<CachedQuery> {
        self.cache().compiled(key)
    }

    /// Counts a query that is compiled.
    pub fn count_compiled(&self) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
    }

    /// How many queries were compiled since the start.
    #[must_use]
    pub fn compilations(&self) -> u64 {
        self.compiled.load(Ordering::Relaxed)
    }

    /// Caches a compiled query.
    pub fn insert_compiled(&self, document: &Document, key: QueryKey, compiled: &CachedQuery) {
        self.cache().insert_compiled(document, key, compiled);
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
        // The message of Apollo's protocol: some clients compare it.
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

#[cfg(test)]
mod tests;
