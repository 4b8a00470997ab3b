//! The scalar types.

use super::{
    model::{Schema, TypeKind},
    scalars::Scalar,
};

/// Adds the scalars.
pub fn define(schema: &mut Schema) {
    for (name, scalar, description) in [
        ("Int", Scalar::Int, "A 32-bit integer."),
        ("String", Scalar::String, "Unicode text."),
        ("Boolean", Scalar::Boolean, "`true` or `false`."),
        ("ID", Scalar::Id, "An opaque id. Do not build or parse it."),
        (
            "BigInt",
            Scalar::BigInt,
            "A 64-bit integer. Output: a JSON number. Input: a number, or a string of digits for clients whose numbers are exact only up to 2^53.",
        ),
        (
            "DateTime",
            Scalar::DateTime,
            "A point in time in RFC 3339. Output: UTC with milliseconds, `2025-05-01T00:00:00.000Z`. Input: any offset and precision, or a date, which is the start of that day in UTC: `2025-05-01` is `2025-05-01T00:00:00Z`.",
        ),
        (
            "Decimal",
            Scalar::Decimal,
            "A decimal number with up to four digits after the point. Output: a string, so that nothing is rounded. Input: a string, or a number of up to 15 digits.",
        ),
        ("Date", Scalar::Date, "A day of a calendar: `2025-05-01`."),
        (
            "TimeZone",
            Scalar::TimeZone,
            "The name of a time zone in the IANA database, such as `Europe/Berlin` or `America/New_York`, or `UTC`.",
        ),
        ("JSON", Scalar::Json, "Any JSON value. Output only."),
    ] {
        schema.add(name, description, TypeKind::Scalar(scalar));
    }
}
