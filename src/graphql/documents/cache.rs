//! Documents that were used lately, by text and by hash.

use std::sync::Arc;

use super::document::Document;
use crate::cache::BoundedCache;

/// Maximum number of parsed documents, and of texts by their hash.
const MAX_ENTRIES: usize = 1000;
/// Maximum bytes of text of all parsed documents. Parsed they take some 30 times as much.
const MAX_PARSED_BYTES: usize = 1024 * 1024;
/// A longer document is not kept parsed: it would evict many others.
const MAX_DOCUMENT_BYTES: usize = MAX_PARSED_BYTES / 16;
/// Maximum bytes of all texts that are kept by their hash.
const MAX_PERSISTED_BYTES: usize = 4 * 1024 * 1024;

/// Parsed documents, and the texts of persisted queries.
pub(super) struct DocumentCache {
    parsed: BoundedCache<Arc<str>, Arc<Document>>,
    persisted: BoundedCache<String, Arc<str>>,
}

impl Default for DocumentCache {
    fn default() -> Self {
        Self {
            parsed: BoundedCache::new(MAX_ENTRIES, MAX_PARSED_BYTES),
            persisted: BoundedCache::new(MAX_ENTRIES, MAX_PERSISTED_BYTES),
        }
    }
}

impl DocumentCache {
    /// The document with this text.
    pub fn get(&mut self, text: &str) -> Option<Arc<Document>> {
        self.parsed.get(text).cloned()
    }

    /// The text with this hash.
    pub fn persisted(&mut self, hash: &str) -> Option<Arc<str>> {
        self.persisted.get(hash).cloned()
    }

    /// Adds a document.
    pub fn insert(&mut self, document: &Arc<Document>) {
        if document.text.len() <= MAX_DOCUMENT_BYTES {
            self.parsed.insert(document.text.clone(), document.text.len(), document.clone());
        }
    }

    /// Adds a text by its hash.
    pub fn persist(&mut self, hash: &str, text: &Arc<str>) {
        self.persisted.insert(hash.to_owned(), text.len(), text.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: String) -> Arc<Document> {
        Arc::new(Document { text: text.into(), parsed: async_graphql::parser::parse_query("{a}").unwrap() })
    }

    #[test]
    fn a_document_that_would_evict_many_others_is_not_kept_parsed() {
        let mut cache = DocumentCache::default();
        let (large, too_large) = ("x".repeat(MAX_DOCUMENT_BYTES), "x".repeat(MAX_DOCUMENT_BYTES + 1));
        for text in [&large, &too_large] {
            cache.insert(&document(text.clone()));
            cache.persist(text, &text.as_str().into());
        }
        assert!(cache.get(&large).is_some() && cache.get(&too_large).is_none());
        assert!(cache.persisted(&too_large).is_some(), "its text is");
    }
}
