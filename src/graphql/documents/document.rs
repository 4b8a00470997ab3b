//! A document of a request.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition},
};
use sha2::{Digest as _, Sha256};

use crate::{
    graphql::{document_limits, error::GraphqlError, roots::SCHEMA, syntax},
    limits::RequestLimits,
};

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// As it was sent.
    pub text: Arc<str>,
    /// The same, parsed.
    pub parsed: ExecutableDocument,
    /// Fields that introspection returns, roughly.
    pub introspection: u64,
    /// No other document has this number.
    pub number: u64,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Document {
    /// Parses a document and checks the limits of its form.
    ///
    /// # Errors
    /// The syntax error, or the exceeded limit.
    pub fn parse(text: &str, limits: &RequestLimits) -> Result<Self, GraphqlError> {
        let parsed = syntax::parse(text, limits)?;
        let introspection = document_limits::check(&SCHEMA, limits, &parsed)?;
        Ok(Self { text: text.into(), parsed, introspection, number: NEXT.fetch_add(1, Ordering::Relaxed) })
    }

    /// The operation with this name, or the only one.
    ///
    /// # Errors
    /// When there is none, or no name is given and there are several.
    pub fn operation(&self, name: Option<&str>) -> Result<&Positioned<OperationDefinition>, GraphqlError> {
        let mut operations = self.parsed.operations.iter();
        match name {
            Some(wanted) => operations
                .find(|(name, _)| name.is_some_and(|name| name == wanted))
                .map(|(_, operation)| operation)
                .ok_or_else(|| GraphqlError::invalid("the document has no operation with the name in `operationName`")),
            None => match (operations.next(), operations.next()) {
                (Some((_, operation)), None) => Ok(operation),
                _ => Err(GraphqlError::invalid("the document has several operations: `operationName` must name one")),
            },
        }
    }
}

/// The SHA-256 of a document's text in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
