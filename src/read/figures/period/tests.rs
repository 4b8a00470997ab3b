use super::*;

/// The start of each interval of these dates, and the bounds of what it is compared with: the date, or the hour within one.
fn compared(
    zone: &str,
    (from, to): (&str, &str),
    interval: Interval,
    comparison: Comparison,
) -> Vec<(String, Option<[String; 2]>)> {
    let text = |text: &str| ArgumentValue::Text(text.to_owned());
    let dates = [("from".to_owned(), text(from)), ("to".to_owned(), text(to))].into_iter().collect();
    let period = [("dates".to_owned(), ArgumentValue::Object(dates))].into_iter().collect();
    let request = PeriodRequest {
        period: ArgumentValue::Object(period),
        zone: text(zone),
        interval: Some(interval),
        comparison: Some(comparison),
    };
    let edges = request.edges(&[], 0).unwrap();
    let zone = jiff::tz::TimeZone::get(zone).unwrap();
    let local = |ms: i64| {
        let local = zone.to_datetime(jiff::Timestamp::from_millisecond(ms).unwrap());
        local.strftime(if local.hour() == 0 { "%m-%d" } else { "%H:%M" }).to_string()
    };
    let before = edges.compared.unwrap();
    let pairs = edges.edges.windows(2).zip(before.windows(2));
    pairs
        .map(|(now, before)| {
            let what = (before[0] < before[1]).then(|| [local(before[0]), local(before[1])]);
            (local(now[0]), what)
        })
        .collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, Option<[String; 2]>)> {
    let bounds = |text: &str| text.split_once(" to ").map(|(from, to)| [from.to_owned(), to.to_owned()]);
    pairs.iter().map(|(start, before)| ((*start).to_owned(), bounds(before))).collect()
}

#[test]
fn a_day_is_compared_with_the_same_date_a_year_before() {
    let days = |from, to| compared("Europe/Berlin", (from, to), Interval::Day, Comparison::PreviousYear);
    assert_eq!(
        days("2024-02-27", "2024-03-01"),
        expected(&[
            ("02-27", "02-27 to 02-28"),
            ("02-28", "02-28 to 03-01"),
            ("02-29", "none"),
            ("03-01", "03-01 to 03-02"),
        ])
    );
    // The rows of 29 February are in no row of their own.
    assert_eq!(
        days("2025-02-27", "2025-03-01"),
        expected(&[("02-27", "02-27 to 02-28"), ("02-28", "02-28 to 03-01"), ("03-01", "03-01 to 03-02")])
    );
    assert_eq!(days("2024-02-27", "2024-02-28").last(), expected(&[("02-28", "02-28 to 03-01")]).last());
}

#[test]
fn a_week_is_compared_with_its_dates_a_year_before_also_at_the_ends_of_the_period() {
    assert_eq!(
        compared("America/New_York", ("2026-06-03", "2026-06-16"), Interval::Week, Comparison::PreviousYear),
        expected(&[("06-03", "06-03 to 06-08"), ("06-08", "06-08 to 06-15"), ("06-15", "06-15 to 06-17")])
    );
}

#[test]
fn an_hour_is_compared_with_the_same_hour_whenever_clocks_changed() {
    // On 29 March 2026 there is no hour from two to three.
    let hours = compared("Europe/Berlin", ("2027-03-29", "2027-03-29"), Interval::Hour, Comparison::PreviousYear);
    assert_eq!(hours.len(), 24);
    let changed = expected(&[("01:00", "01:00 to 03:00"), ("02:00", "none"), ("03:00", "03:00 to 04:00")]);
    assert_eq!(hours[1..4], changed);
}

#[test]
fn a_part_of_a_week_or_month_is_compared_with_as_many_days_before() {
    let before = |interval| compared("UTC", ("2026-11-25", "2026-12-04"), interval, Comparison::PreviousPeriod);
    assert_eq!(before(Interval::Week), expected(&[("11-25", "11-15 to 11-20"), ("11-30", "11-20 to 11-25")]));
    assert_eq!(before(Interval::Month), expected(&[("11-25", "11-15 to 11-21"), ("12-01", "11-21 to 11-25")]));
}

#[test]
fn the_days_of_a_month_are_compared_from_its_first_and_months_with_as_many_months() {
    let days = compared("UTC", ("2026-03-01", "2026-03-31"), Interval::Day, Comparison::PreviousPeriod);
    assert_eq!(days[27..], expected(&[("03-28", "02-28 to 03-01"), ("03-29", ""), ("03-30", ""), ("03-31", "")]));
    let days = compared("UTC", ("2026-02-01", "2026-02-28"), Interval::Day, Comparison::PreviousPeriod);
    assert_eq!(days[27..], expected(&[("02-28", "01-28 to 01-29")]));
    assert_eq!(
        compared("UTC", ("2026-02-01", "2026-04-30"), Interval::Quarter, Comparison::PreviousPeriod),
        expected(&[("02-01", "11-01 to 01-01"), ("04-01", "01-01 to 02-01")])
    );
}
