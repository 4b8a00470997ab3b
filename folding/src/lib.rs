//! Case folding for searches: of the text in the `..._folded` columns, and of the text that is searched in them.
//!
//! The rule is Unicode's canonical caseless matching (chapter 3.13, D145) in NFC: two texts fold to the same text if
//! they differ only in case, or in how letters and their marks are composed. "STRASSE" and "Straße" do, and so do "Σ",
//! "σ" and "ς". It depends on no language and on no neighbouring letters, so the folding of a part of a text is a part
//! of the folding of the text, with one exception: a letter and its marks are one unit. "Jose" is not found in "José".

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The version of the rule of [`fold`]. The database stores the version by which its columns were folded.
///
/// Increase it when any text folds differently than before, also by a new version of Unicode (a test fails then), and
/// add a migration that folds the stored text again.
pub const VERSION: i64 = 1;

/// The folded form of a text. Folding it again changes nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: the iota subscript of Greek folds to a letter, and marks must stay before it.
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let folded: Cow<str> = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

#[cfg(test)]
mod tests;
