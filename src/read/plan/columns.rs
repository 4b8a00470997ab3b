//! Which columns of a row some expressions use.

use std::collections::BTreeSet;

/// The columns that stand as `alias.column` in any of the texts, in alphabetical order.
pub fn used<'a>(alias: &str, texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let prefix = format!("{alias}.");
    let mut columns = BTreeSet::new();
    for text in texts {
        for (start, _) in text.match_indices(&prefix) {
            let whole_word = !text[..start].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_');
            let column = &text[start + prefix.len()..];
            let end = column.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            if whole_word {
                columns.insert(&column[..end.unwrap_or(column.len())]);
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn columns_of_other_aliases_are_left_out() {
        let texts = ["case when (t.promoter_id = $1) then t.email end", "j1.id = t.campaign_id and at.x = 1"];
        assert_eq!(used("t", texts).into_iter().collect::<Vec<_>>(), ["campaign_id", "email", "promoter_id"]);
    }
}
