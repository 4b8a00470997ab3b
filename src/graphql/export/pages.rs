//! Reads an export page by page.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::Export;
use crate::{
    auth::Session,
    error::ApiError,
    graphql::{AllowedOperations, Api, Request},
    limits::ANSWER_BYTES,
    read::page::MAX_SIZE,
    time::now_ms,
};

/// The pages of an export, for one viewer.
#[derive(Debug)]
pub struct ExportPages {
    api: Api,
    session: Session,
    export: Export,
    /// Rows of the next page.
    size: i64,
    position: Position,
}

#[derive(Debug, PartialEq, Eq)]
enum Position {
    Start,
    After(String),
    End,
}

/// The lines of a page.
#[derive(Debug)]
pub struct ExportPage {
    /// As they are in the file; with the header of CSV, if it is the first page.
    pub lines: Bytes,
    /// The number of rows.
    pub rows: usize,
}

/// A page as the API answers it.
#[derive(Deserialize)]
struct Connection<'a> {
    #[serde(borrow)]
    nodes: Vec<&'a RawValue>,
    #[serde(rename = "pageInfo")]
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    total_count: u64,
}

impl ExportPages {
    /// From the first page on.
    #[must_use]
    pub fn new(api: Api, session: Session, export: Export) -> Self {
        Self { api, session, export, size: MAX_SIZE, position: Position::Start }
    }

    /// The next page; none at the end. The first one fails as any request does. For later ones it waits while the
    /// viewer's rate limit is exceeded or the server is overloaded. Pages that are larger than a response may be are read
    /// in parts.
    ///
    /// # Errors
    /// When it cannot be read. Nothing is to be read after that.
    pub async fn next(&mut self) -> Result<Option<ExportPage>, ApiError> {
        let mut attempts = 0;
        while self.position != Position::End {
            let error = match self.read().await {
                Ok(page) => return Ok(Some(page)),
                Err(error) => error,
            };
            let exceeded = error.exceeded.as_deref();
            match exceeded.and_then(|exceeded| exceeded.retry_after_s) {
                Some(seconds) if self.position != Position::Start => {
                    // Longer each time, as each attempt takes a point.
                    attempts += 1;
                    sleep(Duration::from_secs(seconds) * attempts).await;
                }
                _ if exceeded.is_some_and(|exceeded| exceeded.rule == ANSWER_BYTES.name) && self.size > 1 => {
                    self.size /= 2;
                }
                _ => return Err(error),
            }
        }
        Ok(None)
    }

    /// The number of rows, while none is added or removed.
    ///
    /// # Errors
    /// As of any request.
    pub async fn count(&self) -> Result<u64, ApiError> {
        let json = self.run(&self.export.count).await?;
        let Count { total_count } = serde_json::from_slice(&json).map_err(|error| internal(&error))?;
        Ok(total_count)
    }

    /// The JSON of a request's field.
    async fn run(&self, request: &Request) -> Result<Vec<u8>, ApiError> {
        // Held while a page is read, not while the client takes it.
        let _in_flight = self.api.admit(&self.session)?;
        let run = self.api.run(&self.session, request, AllowedOperations::Queries, 0, now_ms());
        Ok(self.api.timed(self.api.deadline(), run).await.only_field()?)
    }

    async fn read(&mut self) -> Result<ExportPage, ApiError> {
        let mut request = self.export.request.clone();
        request.variables.insert("first".to_owned(), self.size.into());
        if let Position::After(cursor) = &self.position {
            request.variables.insert("after".to_owned(), cursor.clone().into());
        }
        let json = self.run(&request).await?;
        let Connection { nodes, page_info } = serde_json::from_slice(&json).map_err(|error| internal(&error))?;
        let is_first = self.position == Position::Start;
        let lines = self.export.lines(&nodes, is_first).map_err(|error| internal(&error))?;
        self.position = match page_info.end_cursor.filter(|_| page_info.has_next_page) {
            Some(cursor) => Position::After(cursor),
            None => Position::End,
        };
        Ok(ExportPage { lines: lines.into(), rows: nodes.len() })
    }
}

fn internal(error: &serde_json::Error) -> ApiError {
    tracing::error!(%error, "a page of an export cannot be read");
    ApiError::internal()
}
