//! Whole numbers that limit something: none of them can be switched off by zero.

pub(super) const MILLION: u32 = 1_000_000;
pub(super) const BILLION: u32 = 1_000_000_000;

/// A whole number from 1 to `MOST`.
pub(super) fn count<const MOST: u32, N: TryFrom<u32>>(text: &str) -> Result<N, String> {
    let count = text.trim().parse().ok().filter(|count| (1..=MOST).contains(count));
    count.and_then(|count| N::try_from(count).ok()).ok_or_else(|| format!("expected a whole number from 1 to {MOST}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_at_least_one_and_at_most_what_it_may_be() {
        assert_eq!(count::<MILLION, usize>(" 1000000 "), Ok(1_000_000));
        assert_eq!(count::<BILLION, u32>("1"), Ok(1));
        for wrong in ["0", "-1", "many", "", "1e3", "1000001", "99999999999999999999"] {
            let expected = Err("expected a whole number from 1 to 1000000".to_owned());
            assert_eq!(count::<MILLION, usize>(wrong), expected, "{wrong}");
        }
    }
}
