//! Documents that were used lately, bounded in number and size: the least used ones go first.

use std::sync::Arc;

use hashlink::LruCache;

use super::Document;

/// How many documents are kept parsed, and how many texts by their hash.
pub(super) const ENTRIES: usize = 1000;
/// Bytes of text of the parsed documents. Parsed they take some 30 times as much.
pub(super) const PARSED_BYTES: usize = 1024 * 1024;
/// Bytes of text that are kept by their hash.
pub(super) const PERSISTED_BYTES: usize = 4 * 1024 * 1024;

/// What is kept.
pub(super) struct Memory {
    parsed: LruCache<Arc<str>, Arc<Document>>,
    parsed_bytes: usize,
    persisted: LruCache<String, Arc<str>>,
    persisted_bytes: usize,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            parsed: LruCache::new(ENTRIES + 1),
            parsed_bytes: 0,
            persisted: LruCache::new(ENTRIES + 1),
            persisted_bytes: 0,
        }
    }
}

impl Memory {
    /// The document with this text.
    pub fn get(&mut self, text: &str) -> Option<Arc<Document>> {
        self.parsed.get(text).cloned()
    }

    /// The text with this hash.
    pub fn persisted(&mut self, hash: &str) -> Option<Arc<str>> {
        self.persisted.get(hash).cloned()
    }

    /// Keeps a document; one that would push out many others is not kept.
    pub fn keep(&mut self, document: &Arc<Document>) {
        if document.text.len() > PARSED_BYTES / 16 || self.parsed.contains_key(&document.text) {
            return;
        }
        self.parsed_bytes += document.text.len();
        self.parsed.insert(document.text.clone(), document.clone());
        while self.parsed_bytes > PARSED_BYTES || self.parsed.len() > ENTRIES {
            let Some((text, _)) = self.parsed.remove_lru() else { break };
            self.parsed_bytes -= text.len();
        }
    }

    /// Keeps a text by its hash.
    pub fn persist(&mut self, hash: &str, text: &Arc<str>) {
        if self.persisted.get(hash).is_some() {
            return;
        }
        self.persisted_bytes += text.len();
        self.persisted.insert(hash.to_owned(), text.clone());
        while self.persisted_bytes > PERSISTED_BYTES || self.persisted.len() > ENTRIES {
            let Some((_, text)) = self.persisted.remove_lru() else { break };
            self.persisted_bytes -= text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: String) -> Arc<Document> {
        Arc::new(Document { text: text.into(), parsed: async_graphql::parser::parse_query("{a}").unwrap() })
    }

    #[test]
    fn the_least_used_documents_go_first_and_bytes_are_bounded() {
        let mut memory = Memory::default();
        for number in 0..ENTRIES {
            memory.keep(&document(format!("{number}")));
            memory.persist(&number.to_string(), &"x".into());
        }
        assert!(memory.get("0").is_some() && memory.persisted("0").is_some());
        memory.keep(&document("new".to_owned()));
        memory.persist("new", &"x".into());
        assert!(memory.get("0").is_some() && memory.get("1").is_none() && memory.get("new").is_some());
        assert!(memory.persisted("0").is_some() && memory.persisted("1").is_none());

        let (large, too_large) = (PARSED_BYTES / 16, PARSED_BYTES / 16 + 1);
        memory.keep(&document("x".repeat(too_large)));
        assert!(memory.get(&"x".repeat(too_large)).is_none());
        for number in 0..17 {
            let text = format!("{}{number:02}", "x".repeat(large - 2));
            memory.keep(&document(text.clone()));
            memory.persist(&format!("large {number}"), &text.repeat(16).into());
            assert!(memory.get(&text).is_some());
        }
        assert_eq!((memory.parsed.len(), memory.persisted.len()), (16, 4));
        let parsed: usize = memory.parsed.iter().map(|(text, _)| text.len()).sum();
        let persisted: usize = memory.persisted.iter().map(|(_, text)| text.len()).sum();
        assert_eq!((parsed, persisted), (memory.parsed_bytes, memory.persisted_bytes));
    }
}
