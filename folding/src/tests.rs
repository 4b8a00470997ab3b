//! Tests of the rule, over all characters of Unicode.

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;

fn every_char() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

#[test]
fn case_and_composition_do_not_matter() {
    for (one, other) in [
        ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς".replace('ύ', "υ").as_str()),
        ("Σ", "ς"),
        ("STRASSE", "Straße"),
        ("STRASSE", "STRAẞE"),
        ("José", "JOSE\u{301}"),
        ("Ångström", "A\u{30a}NGSTRO\u{308}M"),
        ("\u{212b}", "å"),
        ("\u{212a}elvin", "kelvin"),
        ("ﬃ", "FFI"),
        // The same marks in another order.
        ("q\u{307}\u{323}", "Q\u{323}\u{307}"),
        ("ᾳ\u{301}", "Αι\u{301}".replace("ι\u{301}", "\u{301}\u{345}").as_str()),
        ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
        ("Ꭰ", "ꭰ"),
    ] {
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }
}

#[test]
fn letters_stay_different_that_no_case_joins() {
    for (one, other) in [("Jose", "José"), ("i", "ı"), ("ss", "s"), ("ae", "æ"), ("ａ", "a"), ("", " ")] {
        assert_ne!(fold(one), fold(other), "{one} {other}");
    }
    assert_eq!(fold("İ"), "i\u{307}", "whatever the language");
}

#[test]
fn the_cases_of_every_letter_fold_to_the_same() {
    for letter in every_char() {
        let text = letter.to_string();
        // By the tables of the standard library. The dotless i alone has a capital that is another letter's, too.
        assert_eq!(fold(&text.to_lowercase()), fold(&text), "{letter:?}");
        if letter != 'ı' {
            assert_eq!(fold(&text.to_uppercase()), fold(&text), "{letter:?}");
        }
    }
}

#[test]
fn the_version_stands_for_what_every_letter_folds_to() {
    let mut hash = Sha256::new();
    for letter in every_char() {
        let text = letter.to_string();
        let folded = fold(&text);
        if folded != text {
            hash.update(format!("{text}\0{folded}\0"));
        }
    }
    let expected = (1, "1e9bf950c7133520e9cdf0c0c806217710a8d8116ffbc2f36d0d852051d937ec");
    let found = (VERSION, hex::encode(hash.finalize()));
    assert_eq!((found.0, &*found.1), expected, "Unicode has changed: fold the stored text anew by a migration, too");
}

proptest! {
    #[test]
    fn folding_again_changes_nothing(text in any::<String>(), marked in "[\u{300}-\u{345}Α-ωἀ-ῼa-zß]{0,8}") {
        for text in [text, marked] {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }

    /// Of letters without marks, so that none of them joins its neighbours.
    #[test]
    fn the_folding_of_a_part_is_part_of_the_folding(parts in prop::array::uniform3("[A-Za-zÀ-ʯΑ-ωЀ-ӿ가-힣ﬀ-ﬆ]{0,4}")) {
        let whole = fold(&parts.concat());
        prop_assert_eq!(whole, parts.map(|part| fold(&part)).concat());
    }
}
