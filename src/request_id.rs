//! The id of the request at hand: the log has it, the answer has it, and so has an error that only
//! the log explains.

use std::sync::Arc;

use uuid::Uuid;

/// Longer ids of callers are not taken.
const LONGEST: usize = 64;

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

tokio::task_local! {
    static CURRENT: RequestId;
}

impl RequestId {
    /// An id that nobody else has.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// The id that a caller gives, if it can stand in a log and a header: up to 64 letters, digits,
    /// `-`, `_`, `.`.
    #[must_use]
    pub fn given(text: &str) -> Option<Self> {
        let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ((1..=LONGEST).contains(&text.len()) && text.bytes().all(sane)).then(|| Self(text.into()))
    }

    /// The request that the current task works on.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Works on this request.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_that_can_stand_anywhere_is_taken() {
        for sane in ["a", "0198b1d4-3c62-7e6a-9d5f-5a3f6f7e8d9c", "Root_1.2"] {
            assert_eq!(RequestId::given(sane).unwrap().as_str(), sane);
        }
        for odd in ["", "a b", "a\nb", "é", "<script>", "a\"b", &"a".repeat(65)] {
            assert_eq!(RequestId::given(odd), None, "{odd:?}");
        }
    }
}
