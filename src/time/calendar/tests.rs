use super::*;
use crate::time::parse_ms;

fn ms(text: &str) -> i64 {
    parse_ms(text).unwrap()
}

fn calendar(zone: &str) -> Calendar {
    Calendar::of_zone(zone).unwrap()
}

fn edges(zone: &str, interval: Interval, from: &str, to: &str) -> Vec<String> {
    let edges = calendar(zone).edges(interval, ms(from), ms(to)).unwrap();
    edges.into_iter().map(crate::time::format_ms).collect()
}

#[test]
fn a_zone_is_named_as_the_zone_database_names_it() {
    for zone in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Etc/GMT+12"] {
        assert!(Calendar::of_zone(zone).is_some(), "{zone}");
    }
    for wrong in ["", "utc", "Mars/Olympus", "europe/berlin", "+02:00", "CEST", "Europe/Berlin ", "../etc/passwd"] {
        assert!(Calendar::of_zone(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_month_begins_at_midnight_of_the_zone() {
    assert_eq!(
        edges("America/New_York", Interval::Month, "2026-10-15", "2026-12-01T05:00:00Z"),
        ["2026-10-01T04:00:00.000Z", "2026-11-01T04:00:00.000Z", "2026-12-01T05:00:00.000Z"]
    );
    assert_eq!(
        edges("Asia/Kathmandu", Interval::Year, "2025-06-01", "2025-06-02"),
        ["2024-12-31T18:15:00.000Z", "2025-12-31T18:15:00.000Z"]
    );
}

#[test]
fn days_have_23_and_25_hours_where_clocks_change() {
    let lengths = |from, to| {
        let edges = calendar("Europe/Berlin").edges(Interval::Day, ms(from), ms(to)).unwrap();
        edges.windows(2).map(|pair| (pair[1] - pair[0]) / HOUR_MS).collect::<Vec<_>>()
    };
    assert_eq!(lengths("2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"), [24, 23, 24]);
    assert_eq!(lengths("2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"), [24, 25, 24]);
}

#[test]
fn a_day_whose_midnight_is_skipped_begins_with_its_first_time() {
    // Clocks went from 23:59:59 to 01:00:00.
    assert_eq!(
        edges("America/Asuncion", Interval::Day, "2023-10-01T12:00:00Z", "2023-10-01T13:00:00Z")[0],
        "2023-10-01T04:00:00.000Z"
    );
}

#[test]
fn a_day_that_a_zone_skipped_is_none() {
    // Samoa crossed the date line: there was no 30 December 2011.
    assert_eq!(
        edges("Pacific/Apia", Interval::Day, "2011-12-29T12:00:00Z", "2011-12-31T00:00:00Z"),
        ["2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z", "2011-12-31T10:00:00.000Z"]
    );
}

#[test]
fn weeks_begin_on_monday_and_quarters_with_their_first_month() {
    assert_eq!(
        edges("UTC", Interval::Week, "2026-01-01", "2026-01-06"),
        ["2025-12-29T00:00:00.000Z", "2026-01-05T00:00:00.000Z", "2026-01-12T00:00:00.000Z"]
    );
    assert_eq!(
        edges("UTC", Interval::Quarter, "2026-05-31", "2026-07-02"),
        ["2026-04-01T00:00:00.000Z", "2026-07-01T00:00:00.000Z", "2026-10-01T00:00:00.000Z"]
    );
}

#[test]
fn the_hour_that_clocks_repeat_is_two_hours_and_half_hour_zones_have_theirs() {
    let hours = edges("Europe/Berlin", Interval::Hour, "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z");
    assert_eq!(hours.len(), 3);
    assert_eq!(
        edges("Asia/Kolkata", Interval::Hour, "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ["2026-10-24T23:30:00.000Z", "2026-10-25T00:30:00.000Z"]
    );
}

#[test]
fn shifts_count_calendar_intervals() {
    let berlin = calendar("Europe/Berlin");
    let shifted = |interval, at, count| crate::time::format_ms(berlin.shifted(interval, ms(at), count).unwrap());
    assert_eq!(shifted(Interval::Month, "2026-11-30T10:00:00Z", -3), "2026-07-31T22:00:00.000Z");
    assert_eq!(shifted(Interval::Quarter, "2026-11-30T10:00:00Z", 1), "2026-12-31T23:00:00.000Z");
    assert_eq!(shifted(Interval::Week, "2026-11-30T10:00:00Z", 0), "2026-11-29T23:00:00.000Z");
    assert_eq!(shifted(Interval::Hour, "2026-11-30T10:20:00Z", -2), "2026-11-30T08:00:00.000Z");
}

#[test]
fn what_is_before_has_the_same_local_time_on_a_date_that_there_is() {
    let berlin = calendar("Europe/Berlin");
    let before = |unit, at, count| crate::time::format_ms(berlin.before(unit, ms(at), count).unwrap());
    assert_eq!(before(Interval::Year, "2024-07-01T12:00:00Z", 1), "2023-07-01T12:00:00.000Z");
    assert_eq!(before(Interval::Day, "2026-03-30T12:00:00Z", 2), "2026-03-28T13:00:00.000Z");
    assert_eq!(before(Interval::Day, "2026-03-02T12:00:00Z", 2), "2026-02-28T12:00:00.000Z");
    assert_eq!(before(Interval::Year, "2024-02-29T12:00:00Z", 1), "2023-02-28T23:00:00.000Z");
    assert_eq!(before(Interval::Quarter, "2026-07-31T12:00:00Z", 1), "2026-04-30T22:00:00.000Z");
    // At half past two clocks were changed to half past three.
    assert_eq!(before(Interval::Year, "2027-03-29T00:30:00Z", 1), "2026-03-29T01:30:00.000Z");
}

#[test]
fn too_many_intervals_and_times_that_no_calendar_has_are_refused() {
    let utc = calendar("UTC");
    let day = 24 * HOUR_MS;
    assert_eq!(utc.edges(Interval::Day, 0, 10_000 * day).map(|edges| edges.len()), Ok(10_001));
    assert_eq!(utc.edges(Interval::Day, 0, 10_000 * day + 1), Err(CalendarError::TooMany));
    assert_eq!(utc.edges(Interval::Hour, 0, i64::MAX), Err(CalendarError::TooMany));
    assert_eq!(utc.start(Interval::Year, i64::MIN), Err(CalendarError::OutOfRange));
    assert_eq!(utc.shifted(Interval::Year, 0, -3_000), Err(CalendarError::OutOfRange));
    assert_eq!(utc.shifted(Interval::Month, 0, i64::MIN), Err(CalendarError::OutOfRange));
    assert_eq!(utc.start_of_date("0000-01-01"), None);
    for wrong in ["2026-02-29", "2026-1-01", "26-01-01", "2026-01-01T00:00", "", "20260101--"] {
        assert_eq!(utc.start_of_date(wrong), None, "{wrong}");
    }
}

/// In every zone, around every change of clocks from 2015 to 2030: an instant is in the bucket of its local hour, day,
/// week, month, quarter and year.
#[test]
fn buckets_are_those_of_local_time_in_every_zone_around_every_change_of_clocks() {
    let (first, last) = (ms("2015-01-01"), ms("2030-12-31"));
    let zones: Vec<_> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    assert!(zones.len() > 550, "{} zones", zones.len());
    let mut changes = 0;
    for name in zones {
        let Some(calendar) = Calendar::of_zone(&name) else { panic!("{name}") };
        let transitions = calendar.zone.following(Timestamp::from_millisecond(first).unwrap());
        let times = transitions.map(|transition| transition.timestamp().as_millisecond());
        for change in times.take_while(|change| *change < last) {
            changes += 1;
            for (interval, ..) in Interval::ALL {
                check(&calendar, interval, change, &name);
            }
        }
    }
    assert!(changes > 2_000, "{changes} changes");
}

/// The local time, cut to the interval.
fn label(calendar: &Calendar, interval: Interval, ms: i64) -> (i64, Date) {
    let local = calendar.zone.to_datetime(timestamp(ms).unwrap());
    let hour = if interval == Interval::Hour { i64::from(local.hour()) } else { 0 };
    (hour, first_day(interval, local.date()).unwrap())
}

fn check(calendar: &Calendar, interval: Interval, change: i64, name: &str) {
    let (from, to) = (change - 3 * HOUR_MS, change + 3 * HOUR_MS);
    let edges = calendar.edges(interval, from, to).unwrap();
    assert!(edges[0] <= from && edges[edges.len() - 1] >= to, "{name}");
    for pair in edges.windows(2) {
        let labels = [pair[0], pair[1] - 1].map(|ms| label(calendar, interval, ms));
        assert_eq!(labels[0], labels[1], "{name} {interval:?} {pair:?}");
        assert_eq!(calendar.start(interval, pair[1] - 1), Ok(pair[0]), "{name} {interval:?}");
        if interval != Interval::Hour {
            assert_ne!(label(calendar, interval, pair[1]), labels[0], "{name} {interval:?} {pair:?}");
        }
    }
}
