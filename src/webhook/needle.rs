//! Our own webhook tokens, as things to look for in what is about to be stored.

use memchr::memmem::Finder;

/// The tokens to look for.
#[derive(Clone, Default)]
pub(super) struct Needles {
    finders: Vec<Finder<'static>>,
    shortest: usize,
}

impl Needles {
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let finders: Vec<_> = tokens.into_iter().map(|token| Finder::new(token).into_owned()).collect();
        let shortest = finders.iter().map(|finder| finder.needle().len()).min().unwrap_or(usize::MAX);
        Self { finders, shortest }
    }

    /// Whether a text holds a token as it is written.
    pub fn are_in(&self, text: &[u8]) -> bool {
        text.len() >= self.shortest && self.finders.iter().any(|finder| finder.find(text).is_some())
    }
}
