//! A document of a request.

use std::sync::Arc;

use async_graphql::parser::types::ExecutableDocument;
use sha2::{Digest as _, Sha256};

use crate::{
    graphql::{error::GraphqlError, syntax},
    limits::RequestLimits,
};

/// A parsed document.
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
    /// The syntax error, or the exceeded limit.
    pub fn parse(text: &str, limits: &RequestLimits) -> Result<Self, GraphqlError> {
        Ok(Self { text: text.into(), parsed: syntax::parse(text, limits)? })
    }
}

/// The SHA-256 of a document's text in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
