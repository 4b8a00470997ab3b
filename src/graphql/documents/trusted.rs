//! The documents that the owner of the server trusts.

use std::{collections::HashMap, sync::Arc};

use super::{Document, sha256};
use crate::settings::TrustedMode;

/// Trusted documents, parsed and found good.
#[derive(Debug)]
pub struct Trusted {
    /// What becomes of others.
    pub mode: TrustedMode,
    by_id: HashMap<String, Arc<Document>>,
    by_text: HashMap<Arc<str>, Arc<Document>>,
}

impl Trusted {
    /// None yet.
    #[must_use]
    pub fn new(mode: TrustedMode) -> Self {
        Self { mode, by_id: HashMap::new(), by_text: HashMap::new() }
    }

    /// Trusts a document, by this id and by the SHA-256 of its text: Relay's ids are shorter hashes,
    /// while Apollo's link asks by that one.
    pub fn add(&mut self, id: String, document: Document) {
        let document = Arc::new(document);
        self.by_id.entry(sha256(&document.text)).or_insert_with(|| document.clone());
        self.by_text.insert(document.text.clone(), document.clone());
        self.by_id.insert(id, document);
    }

    /// The document with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Arc<Document>> {
        self.by_id.get(id).cloned()
    }

    /// The document with this text.
    #[must_use]
    pub fn by_text(&self, text: &str) -> Option<Arc<Document>> {
        self.by_text.get(text).cloned()
    }
}
