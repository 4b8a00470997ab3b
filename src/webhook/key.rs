//! Key columns: text from outside, made fit for an index of every database.

use sha2::{Digest as _, Sha256};

/// Bytes that a key column holds at most; index rows of `PostgreSQL` end at about 2,700.
const LONGEST: usize = 200;
/// How much of longer text stays readable.
const READABLE: usize = 120;

/// The text itself where it can be indexed everywhere. NUL, which `PostgreSQL` refuses, becomes
/// U+FFFD; longer text is cut, and the hash of all of it tells it from its like.
pub(super) fn key_text(text: &str) -> String {
    let clean = text.replace('\0', "\u{fffd}");
    if clean.len() <= LONGEST {
        return clean;
    }
    let cut = (0..=READABLE).rev().find(|at| clean.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…{}", &clean[..cut], hex::encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, key_text};

    #[test]
    fn ordinary_text_stays() {
        for text in ["", "lead_signup", "22736304", &"é".repeat(100)] {
            assert_eq!(key_text(text), text);
        }
    }

    #[test]
    fn nul_and_length_never_reach_the_database() {
        assert_eq!(key_text("a\0b"), "a\u{fffd}b");
        let (one, other) = ("é".repeat(5000), format!("{}x", "é".repeat(5000)));
        assert!(key_text(&one).len() <= LONGEST);
        assert_ne!(key_text(&one), key_text(&other));
        assert_eq!(key_text(&one), key_text(&one));
    }
}
