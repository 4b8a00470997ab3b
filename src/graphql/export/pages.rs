//! Reads an export page by page.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::{Export, ListKind};
use crate::{
    auth::Session,
    error::{ApiError, LimitExceeded},
    graphql::{Api, Request},
    limits::{ALIASES, ANSWER_BYTES},
    read::figures::computed_report::ReportCache,
    time::now_ms,
};

/// The pages of an export, for one viewer.
#[derive(Debug)]
pub struct ExportPages {
    api: Api,
    session: Session,
    export: Export,
    /// The time of all its pages, which belong to one period.
    now_ms: i64,
    /// A report is computed once.
    report: ReportCache,
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

#[derive(Default, Deserialize)]
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
        let (now_ms, report, size) = (now_ms(), ReportCache::default(), export.list.page_size());
        Self { api, session, export, now_ms, report, size, position: Position::Start }
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

    /// The number of rows, while none is added or removed. 0 of a list that is read as a whole.
    ///
    /// # Errors
    /// As of any request.
    pub async fn count(&self) -> Result<u64, ApiError> {
        let Some(request) = &self.export.count else { return Ok(0) };
        let mut request = request.clone();
        request.variables.insert("first".to_owned(), 1.into());
        let json = self.run(&request).await?;
        let Count { total_count } = serde_json::from_slice(&json).map_err(|error| internal(&error))?;
        Ok(total_count)
    }

    /// The JSON of a request's field.
    async fn run(&self, request: &Request) -> Result<Vec<u8>, ApiError> {
        // Held while a page is read, not while the client takes it.
        let _in_flight = self.api.admit(&self.session)?;
        let run = self.api.run_page(&self.session, request, self.now_ms, &self.report);
        self.api.timed(self.api.deadline(), run).await.only_field().map_err(|error| in_terms_of_columns(error.into()))
    }

    async fn read(&mut self) -> Result<ExportPage, ApiError> {
        let mut request = self.export.request.clone();
        if self.export.list.kind != ListKind::Whole {
            request.variables.insert("first".to_owned(), self.size.into());
        }
        if let Position::After(cursor) = &self.position {
            request.variables.insert("after".to_owned(), cursor.clone().into());
        }
        let json = self.run(&request).await?;
        let connection = if self.export.list.kind == ListKind::Whole {
            serde_json::from_slice(&json).map(|nodes| Connection { nodes, page_info: PageInfo::default() })
        } else {
            serde_json::from_slice(&json)
        };
        let Connection { nodes, page_info } = connection.map_err(|error| internal(&error))?;
        let is_first = self.position == Position::Start;
        let lines = nodes.iter().map(|row| self.export.columns.lines(row)).collect::<Result<Vec<_>, _>>();
        let lines = lines.map_err(|error| internal(&error))?.concat();
        let text = self.export.write(&lines, is_first).map_err(|error| internal(&error))?;
        self.position = match page_info.end_cursor.filter(|_| page_info.has_next_page) {
            Some(cursor) => Position::After(cursor),
            None => Position::End,
        };
        Ok(ExportPage { lines: text.into(), rows: lines.len() })
    }
}

/// Columns with arguments are aliases of the document, which the client does not see.
fn in_terms_of_columns(error: ApiError) -> ApiError {
    let Some(LimitExceeded { limit, actual, .. }) = error.exceeded.as_deref().filter(|over| over.rule == ALIASES.name)
    else {
        return error;
    };
    let message = format!("`fields` has {actual} columns with arguments: at most {limit} are allowed");
    ApiError { message, ..error }
}

fn internal(error: &serde_json::Error) -> ApiError {
    tracing::error!(%error, "a page of an export cannot be read");
    ApiError::internal()
}
