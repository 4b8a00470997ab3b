//! Reading a request's body: bounded in size and in time.

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
pub enum Unread {
    /// It has more bytes: so many, or at least so many.
    TooLarge(u64),
    /// It did not arrive in time.
    TooSlow,
    /// It ended early.
    CutOff,
}

/// Whether a body comes as it is. Compressed ones are taken nowhere: their bytes are not what was signed,
/// and a few of them can stand for very many.
#[must_use]
pub fn is_plain(headers: &HeaderMap) -> bool {
    let names = |header, plain: &'static str| {
        let lines = headers.get_all(header).iter().map(|line| line.to_str().unwrap_or("unreadable"));
        lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .all(|name| name.is_empty() || name.eq_ignore_ascii_case(plain))
    };
    names(CONTENT_ENCODING, "identity") && names(TRANSFER_ENCODING, "chunked")
}

/// Reads a body of `most` bytes at most. What says that it is larger is not read at all, and nothing is
/// set aside for what has not arrived.
///
/// # Errors
/// When it is too large, too slow, or cut off.
pub async fn read(body: Body, most: usize, within: Duration) -> Result<Bytes, Unread> {
    let declared = body.size_hint().lower();
    if declared > most as u64 {
        return Err(Unread::TooLarge(declared));
    }
    timeout(within, collect(body, most)).await.unwrap_or(Err(Unread::TooSlow))
}

async fn collect(body: Body, most: usize) -> Result<Bytes, Unread> {
    let mut pieces = body.into_data_stream();
    let Some(first) = pieces.try_next().await.map_err(|_| Unread::CutOff)? else { return Ok(Bytes::new()) };
    let mut whole = Vec::new();
    let mut next = Some(first.clone());
    while let Some(piece) = next {
        if whole.len() + piece.len() > most {
            return Err(Unread::TooLarge((whole.len() + piece.len()) as u64));
        }
        whole.extend_from_slice(&piece);
        next = pieces.try_next().await.map_err(|_| Unread::CutOff)?;
    }
    // Most bodies come in one piece.
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
    fn a_body_is_plain_unless_a_header_names_a_coding() {
        let plain = |name: &'static str, value: &'static str| {
            is_plain(&HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]))
        };
        assert!(is_plain(&HeaderMap::new()));
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
        assert_eq!(read(pieces(3), 10, HOUR).await, Err(Unread::TooLarge(15)));
    }

    #[tokio::test]
    async fn of_a_large_body_no_more_is_read_than_the_limit() {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let endless = stream::iter(std::iter::repeat_with(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>("12345")
        }));
        assert_eq!(read(Body::from_stream(endless), 10, HOUR).await, Err(Unread::TooLarge(15)));
        assert_eq!(taken.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn what_never_comes_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(read(never, 10, Duration::from_millis(1)).await, Err(Unread::TooSlow));
    }

    #[tokio::test]
    async fn what_breaks_is_cut_off() {
        let broken = Body::from_stream(stream::iter([Ok("123"), Err(std::io::Error::other("gone"))]));
        assert_eq!(read(broken, 10, HOUR).await, Err(Unread::CutOff));
    }
}
