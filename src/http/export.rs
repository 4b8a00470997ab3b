//! `GET /export/leads.csv` and the like: a list as a file.
//!
//! The body reads the next page when the client has taken the one before, so a slow client holds no connection to the
//! database, and nothing is left of one that goes away. The timeout for clients that read nothing is the connection's.

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderValue, Uri, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::time::Instant;

use super::{
    Caller, SharedState,
    graphql::headers,
    live::{Admission, Live},
};
use crate::{
    error::{ApiError, ErrorCode},
    graphql::export::{Export, ExportPages},
};

/// The body of an answer while it is sent.
struct Download {
    pages: ExportPages,
    live: Live,
    /// Ends the download with its token.
    admission: Admission,
}

impl Download {
    /// The next part; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        tokio::select! {
            biased;
            _ = self.admission.ended() => Err(ApiError::unauthenticated()),
            () = self.live.stop().cancelled() => {
                Err(ApiError::new(ErrorCode::Unavailable, "The server stops; try again later"))
            }
            page = self.pages.next() => Ok(page?.map(|page| page.lines)),
        }
    }
}

pub(super) async fn answer(
    State(state): State<SharedState>,
    Caller(session): Caller,
    Path(file): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let parameters = Query::<Vec<(String, String)>>::try_from_uri(&uri);
    let Query(parameters) =
        parameters.map_err(|_| ApiError::new(ErrorCode::BadRequest, "The query string cannot be parsed"))?;
    let export = Export::new(session.viewer, &file, parameters)?;
    let media_type = export.media_type();
    let admission = state.live.admit(&session);
    let caller = session.clone();
    let pages = ExportPages::new(state.api.clone(), session, export);
    let mut download = Download { pages, live: state.live.clone(), admission };
    // The errors of the first page are those of the request.
    let first = download.next().await?;
    let rest = stream::try_unfold(download, async |mut download| match download.next().await {
        Ok(part) => Ok(part.map(|part| (part, download))),
        Err(error) => {
            // The client sees a body that breaks off.
            tracing::info!(%error, "an export was broken off");
            Err(error)
        }
    });
    let first = stream::iter(first.map(Ok));
    let body = Body::from_stream(futures_util::StreamExt::chain(first, rest));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, authorization"));
    // Only names of exports came this far.
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers::set_rate_limit(headers, state.api.rate(&caller, Instant::now()), None);
    Ok(response)
}
