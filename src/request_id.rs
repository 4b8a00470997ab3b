//! Request ids, which connect a response and an internal error with the log.

use std::sync::Arc;

use uuid::Uuid;

/// The maximum length of an id that a client sends.
const MAX_LENGTH: usize = 64;

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

tokio::task_local! {
    static CURRENT: RequestId;
}

impl RequestId {
    /// A new, unique id.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// An id that a client sent, if it is safe in a log and a header: up to 64 letters, digits, `-`, `_`, `.`.
    #[must_use]
    pub fn from_client(text: &str) -> Option<Self> {
        let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ((1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(sane)).then(|| Self(text.into()))
    }

    /// The id of the request that the current task works for.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Runs a future for this request.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The id as text.
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
    fn only_a_safe_id_of_a_client_is_accepted() {
        for sane in ["a", "0198b1d4-3c62-7e6a-9d5f-5a3f6f7e8d9c", "Root_1.2"] {
            assert_eq!(RequestId::from_client(sane).unwrap().as_str(), sane);
        }
        for odd in ["", "a b", "a\nb", "é", "<script>", "a\"b", &"a".repeat(65)] {
            assert_eq!(RequestId::from_client(odd), None, "{odd:?}");
        }
    }
}
