//! The documents that the operator of the server trusts.

use std::{collections::HashMap, sync::Arc};

use super::{
    document::{Document, sha256},
    manifest,
};
use crate::{
    graphql::{
        coerce,
        error::GraphqlError,
        roots::{self, SCHEMA},
        validate::validate,
    },
    limits::RequestLimits,
};

/// What becomes of documents that are not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TrustedMode {
    /// They are refused, introspection included.
    Only,
    /// They are executed too.
    Allow,
}

/// Trusted documents, parsed and validated. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TrustedDocuments(Arc<Index>);

#[derive(Debug)]
struct Index {
    mode: TrustedMode,
    by_id: HashMap<String, Arc<Document>>,
    by_text: HashMap<Arc<str>, Arc<Document>>,
}

impl TrustedDocuments {
    /// Reads a manifest and checks every document as a request without variables would be.
    ///
    /// # Errors
    /// Names the first document that is refused, and why.
    pub fn parse(manifest: &[u8], mode: TrustedMode, limits: &RequestLimits) -> Result<Self, String> {
        let mut index = Index { mode, by_id: HashMap::new(), by_text: HashMap::new() };
        for entry in manifest::parse(manifest)? {
            let document = checked(&entry.text, limits);
            let document = document.map_err(|error| format!("document {:?}: {}", entry.id, error.message))?;
            index.add(entry.id, document);
        }
        Ok(Self(Arc::new(index)))
    }

    /// Whether other documents are allowed.
    #[must_use]
    pub fn mode(&self) -> TrustedMode {
        self.0.mode
    }

    /// The document with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Arc<Document>> {
        self.0.by_id.get(id).cloned()
    }

    /// The document with this text.
    #[must_use]
    pub fn by_text(&self, text: &str) -> Option<Arc<Document>> {
        self.0.by_text.get(text).cloned()
    }
}

impl Index {
    /// Adds a document under its id and the SHA-256 of its text: Relay's ids are shorter hashes, while Apollo's link
    /// asks by that one.
    fn add(&mut self, id: String, document: Document) {
        let document = Arc::new(document);
        self.by_id.entry(sha256(&document.text)).or_insert_with(|| document.clone());
        self.by_text.insert(document.text.clone(), document.clone());
        self.by_id.insert(id, document);
    }
}

fn checked(text: &str, limits: &RequestLimits) -> Result<Document, GraphqlError> {
    let first = |errors: Vec<GraphqlError>| {
        errors.into_iter().next().unwrap_or_else(|| GraphqlError::invalid("it is not valid"))
    };
    let document = Document::parse(text, limits)?;
    validate(&SCHEMA, &document.parsed).map_err(first)?;
    for (_, operation) in document.parsed.operations.iter() {
        let (variables, _) = coerce::variables(&SCHEMA, &operation.node, &serde_json::Map::new());
        roots::measure(&document.parsed, operation, &variables, limits).map_err(|exceeded| *exceeded.error)?;
    }
    Ok(document)
}
