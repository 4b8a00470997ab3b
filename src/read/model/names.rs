//! GraphQL names of columns.

/// `sale_event_id` → `saleEventId`.
#[must_use]
pub fn camel_case(column: &str) -> String {
    let mut name = String::with_capacity(column.len());
    let mut upper = false;
    for letter in column.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            name.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            name.push(letter);
        }
    }
    name
}

/// `saleEventId` → `SALE_EVENT_ID`.
#[must_use]
pub fn constant_case(name: &str) -> String {
    let mut constant = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
    }
    constant
}
