//! Our own webhook tokens, as things to look for in what is about to be stored.

use memchr::memmem::Finder;

use super::text::unescape;

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

    /// Whether the inside of a JSON string holds a token: plainly, escaped, or as in a URL.
    pub fn are_in(&self, raw: &[u8]) -> bool {
        // Neither kind of escape makes text shorter.
        if raw.len() < self.shortest {
            return false;
        }
        let text = unescape(raw);
        self.find(&text) || (text.contains(&b'%') && self.find(&percent_decode(&text)))
    }

    fn find(&self, text: &[u8]) -> bool {
        self.finders.iter().any(|finder| finder.find(text).is_some())
    }
}

fn percent_decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, tail @ ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            out.extend(u8::try_from(high * 16 + low));
            rest = tail;
        } else {
            out.push(*byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Needles;

    #[test]
    fn finds_a_token_however_it_is_written() {
        let needles = Needles::new(["first-token-0123456", "second-token-012345"]);
        for text in [
            "https://x.example/webhooks/firstpromoter/first-token-0123456?x",
            r"second\u002dtoken-012345",
            "https://x.example/%66irst%2Dtoken-0123456",
            r"\u002566irst-token-0123456",
        ] {
            assert!(needles.are_in(text.as_bytes()), "{text}");
        }
        for text in ["", "first-token-012345", "https://x.example/%zz%6", "first-token-%0123456"] {
            assert!(!needles.are_in(text.as_bytes()), "{text}");
        }
        assert!(!Needles::new([]).are_in(b"anything"));
    }
}
