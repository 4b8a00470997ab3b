//! Figures: the programme's report, cohorts, and what they are made of.
//!
//! * [`measure`] and [`dimension`] declare what is measured and what it is divided by; [`source`] the rows that are
//!   counted, [`component`] what is computed over them.
//! * [`plan`] makes one statement for each source; `groups` runs them and holds their values.
//! * [`report`] plans `performance`, [`computed_report`] reads it; [`period`] is its period, `page` its order.

pub mod cohorts;
pub mod component;
pub mod computed_report;
pub mod dimension;
pub mod measure;
pub mod period;
pub mod plan;
pub mod report;
pub mod source;
mod statement;

mod groups;
mod page;
mod report_builder;
mod report_writer;

/// `value / divisor`, rounded half away from zero; none where it is divided by nothing.
pub(super) fn rounded_quotient(value: i128, divisor: i128) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    let (value, divisor) = if divisor < 0 { (value.checked_neg()?, divisor.checked_neg()?) } else { (value, divisor) };
    let half = if value < 0 { -(divisor / 2) } else { divisor / 2 };
    Some(value.checked_add(half)? / divisor)
}

#[cfg(test)]
mod tests {
    use super::rounded_quotient;

    #[test]
    fn quotients_are_rounded_half_away_from_zero() {
        for (value, divisor, quotient) in [
            (1, 2, Some(1)),
            (-1, 2, Some(-1)),
            (1, 3, Some(0)),
            (2, 3, Some(1)),
            (5, -2, Some(-3)),
            (-5, -2, Some(3)),
            (0, 5, Some(0)),
            (7, 0, None),
        ] {
            assert_eq!(rounded_quotient(value, divisor), quotient, "{value} / {divisor}");
        }
    }
}
