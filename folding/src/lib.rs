//! The one rule by which text is folded for searching: what is stored in the `..._folded` columns, and
//! what is looked for in them.
//!
//! The rule is Unicode's canonical caseless matching (chapter 3.13, D145), written in NFC: two texts fold
//! to the same if they differ in case alone, or in how letters and their marks are composed. "STRASSE"
//! and "Straße" do, and so do "Σ", "σ" and "ς". It looks at no language and at no neighbours of a letter,
//! so the folding of a part of a text is part of the folding of the text, with one exception: a letter
//! and the marks on it are one. "Jose" is not found in "José", nor a mark by itself in what it is part of.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Which rule [`fold`] follows. The database holds the number of the rule by which its columns were folded.
///
/// It grows when any text folds differently than before, so also with a new edition of Unicode (a test
/// notices that). Then a migration has to fold the stored text anew.
pub const VERSION: i64 = 1;

/// The folded form of a text. Folding it again changes nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: the iota below a Greek letter folds to a letter, which marks must not get behind.
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let folded: Cow<str> = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

#[cfg(test)]
mod tests;
