//! Documents and compiled queries that were used lately.

use std::sync::Arc;

use super::document::Document;
use crate::{auth::ViewerClass, cache::BoundedCache, graphql::compile::CachedQuery};

/// Maximum number of parsed documents, and of texts by their hash.
const MAX_ENTRIES: usize = 1000;
/// Maximum bytes of text of all parsed documents. Parsed they take some 30 times as much.
const MAX_PARSED_BYTES: usize = 1024 * 1024;
/// A longer document is not kept parsed: it would evict many others.
const MAX_DOCUMENT_BYTES: usize = MAX_PARSED_BYTES / 16;
/// Maximum bytes of all texts that are kept by their hash.
const MAX_PERSISTED_BYTES: usize = 4 * 1024 * 1024;
/// Maximum number of compiled queries.
const MAX_COMPILED: usize = 4000;
/// Maximum bytes of all compiled queries, roughly.
const MAX_COMPILED_BYTES: usize = 16 * 1024 * 1024;
/// Maximum bytes of a compiled query, roughly.
const MAX_QUERY_BYTES: usize = MAX_COMPILED_BYTES / 16;

/// What a compiled query is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryKey {
    /// The document's number.
    pub document: u64,
    /// The operation, if the request names one.
    pub operation: Option<String>,
    /// The class of its viewers.
    pub viewer: ViewerClass,
    /// The key of its variables' shape.
    pub variables: Vec<u8>,
}

/// Parsed documents, the texts of persisted queries, and compiled queries.
pub(super) struct DocumentCache {
    parsed: BoundedCache<Arc<str>, Arc<Document>>,
    compiled: BoundedCache<QueryKey, CachedQuery>,
    persisted: BoundedCache<String, Arc<str>>,
}

impl Default for DocumentCache {
    fn default() -> Self {
        Self {
            parsed: BoundedCache::new(MAX_ENTRIES, MAX_PARSED_BYTES),
            compiled: BoundedCache::new(MAX_COMPILED, MAX_COMPILED_BYTES),
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

    /// The compiled query of this key.
    pub fn compiled(&mut self, key: &QueryKey) -> Option<CachedQuery> {
        self.compiled.get(key).cloned()
    }

    /// Adds a compiled query, unless it or its document is too large to be kept: it would evict many others.
    pub fn insert_compiled(&mut self, document: &Document, key: QueryKey, compiled: &CachedQuery) {
        let size = match compiled {
            CachedQuery::Shared(query) => query.size(),
            CachedQuery::PerRequest => Some(0),
        };
        let name = key.operation.as_ref().map_or(0, String::len);
        let weight = size.map(|size| size + name + key.variables.len() + size_of::<(QueryKey, CachedQuery)>());
        if let Some(weight) = weight.filter(|weight| *weight <= MAX_QUERY_BYTES)
            && document.text.len() <= MAX_DOCUMENT_BYTES
        {
            self.compiled.insert(key, weight, compiled.clone());
        }
    }

    /// Adds a text by its hash.
    pub fn persist(&mut self, hash: &str, text: &Arc<str>) {
        self.persisted.insert(hash.to_owned(), text.len(), text.clone());
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Pos;

    use super::*;
    use crate::graphql::{
        compile::{CompiledQuery, CompiledRoot, RootPlan},
        cost::Cost,
        roots::Caching,
    };

    fn document(text: String) -> Arc<Document> {
        let parsed = async_graphql::parser::parse_query("{a}").unwrap();
        Arc::new(Document { text: text.into(), parsed, introspection: 0, number: 0 })
    }

    fn keeps(value: RootPlan) -> bool {
        let root = CompiledRoot { key: "a".to_owned(), pos: Pos::default(), value };
        let query = CompiledQuery { cost: Cost::default(), caching: Caching::Mirror, roots: vec![root] };
        let key = QueryKey { document: 0, operation: None, viewer: ViewerClass::Admin, variables: Vec::new() };
        let mut cache = DocumentCache::default();
        cache.insert_compiled(&document("{a}".to_owned()), key.clone(), &CachedQuery::Shared(Arc::new(query)));
        cache.compiled(&key).is_some()
    }

    #[test]
    fn a_compiled_query_that_would_evict_many_others_or_holds_a_document_is_not_kept() {
        assert!(keeps(RootPlan::Json(vec![b' '; 1000])));
        assert!(!keeps(RootPlan::Json(vec![b' '; MAX_QUERY_BYTES])));
        let introspection = async_graphql::parser::parse_query("{ __typename }").unwrap();
        assert!(!keeps(RootPlan::Introspection(Box::new(introspection))));
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
