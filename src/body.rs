//! Reads a request's body, with limits of size and time.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody as _},
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, TRANSFER_ENCODING},
    },
};
use futures_util::TryStreamExt as _;
use tokio::time::timeout;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It has more bytes than allowed: at least this many.
    TooLarge(u64),
    /// It did not arrive in time.
    TooSlow,
    /// The connection ended before the body did.
    CutOff,
}

/// Whether a body is not compressed. Compressed bodies are never accepted: their bytes are not what was signed, and few
/// of them can expand to very many.
#[must_use]
pub fn is_uncompressed(headers: &HeaderMap) -> bool {
    let names = |header, plain: &'static str| {
        let lines = headers.get_all(header).iter().map(|line| line.to_str().unwrap_or("unreadable"));
        lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .all(|name| name.is_empty() || name.eq_ignore_ascii_case(plain))
    };
    names(CONTENT_ENCODING, "identity") && names(TRANSFER_ENCODING, "chunked")
}

/// Reads a body of at most `max` bytes. One that declares more is not read at all, and no memory is allocated for bytes
/// that have not arrived.
///
/// # Errors
/// When it is too large, too slow, or cut off.
pub async fn read(body: Body, max: usize, read_timeout: Duration) -> Result<Bytes, BodyError> {
    let declared = body.size_hint().lower();
    if declared > max as u64 {
        return Err(BodyError::TooLarge(declared));
    }
    timeout(read_timeout, collect(body, max)).await.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(body: Body, max: usize) -> Result<Bytes, BodyError> {
    let mut pieces = body.into_data_stream();
    let Some(first) = pieces.try_next().await.map_err(|_| BodyError::CutOff)? else { return Ok(Bytes::new()) };
    let mut whole = Vec::new();
    let mut next = Some(first.clone());
    while let Some(piece) = next {
        if whole.len() + piece.len() > max {
            return Err(BodyError::TooLarge((whole.len() + piece.len()) as u64));
        }
        whole.extend_from_slice(&piece);
        next = pieces.try_next().await.map_err(|_| BodyError::CutOff)?;
    }
    // Most bodies arrive in one piece.
    Ok(if whole.len() == first.len() { first } else { whole.into() })
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use futures_util::stream;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_body_is_uncompressed_unless_a_header_names_a_coding() {
        let plain = |name: &'static str, value: &'static str| {
            is_uncompressed(&HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]))
        };
        assert!(is_uncompressed(&HeaderMap::new()));
        assert!(plain("content-encoding", "Identity") && plain("content-encoding", "identity, identity"));
        assert!(plain("content-encoding", "") && plain("transfer-encoding", "chunked"));
        for coding in ["gzip", "br", "identity, gzip", "deflate", "zstd", "x"] {
            assert!(!plain("content-encoding", coding), "{coding}");
        }
        assert!(!plain("transfer-encoding", "gzip, chunked"));
    }

    #[tokio::test]
    async fn a_body_of_many_pieces_is_read_up_to_the_limit() {
        let pieces = |count: usize| Body::from_stream(stream::iter((0..count).map(|_| Ok::<_, Infallible>("12345"))));
        assert_eq!(read(pieces(2), 10, HOUR).await.unwrap(), "1234512345");
        assert_eq!(read(pieces(1), 10, HOUR).await.unwrap(), "12345");
        assert_eq!(read(Body::empty(), 10, HOUR).await.unwrap(), "");
        assert_eq!(read(pieces(3), 10, HOUR).await, Err(BodyError::TooLarge(15)));
    }

    #[tokio::test]
    async fn of_a_large_body_no_more_is_read_than_the_limit() {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let endless = stream::iter(std::iter::repeat_with(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>("12345")
        }));
        assert_eq!(read(Body::from_stream(endless), 10, HOUR).await, Err(BodyError::TooLarge(15)));
        assert_eq!(taken.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_body_that_never_arrives_times_out() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(read(never, 10, Duration::from_millis(1)).await, Err(BodyError::TooSlow));
    }

    #[tokio::test]
    async fn a_broken_connection_cuts_a_body_off() {
        let broken = Body::from_stream(stream::iter([Ok("123"), Err(std::io::Error::other("gone"))]));
        assert_eq!(read(broken, 10, HOUR).await, Err(BodyError::CutOff));
    }
}
