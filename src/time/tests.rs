use super::{Instant, YEARS_1_TO_9999, format_ms, parse_ms};

const NOON: i64 = 1_727_956_800_000;

#[test]
fn reads_every_precision_and_zone() {
    for (text, ms) in [
        ("2024-10-03T12:00:00Z", NOON),
        ("2024-10-03T12:00:00", NOON),
        ("2024-10-03T12:00Z", NOON),
        (" 2024-10-03 12:00:00 UTC", NOON),
        ("2024-10-03 12:00:00 +0000", NOON),
        ("2024-10-03 12:00:00 +0000 UTC", NOON),
        ("2024-10-03 12:00 gmt", NOON),
        ("2024-10-03t12:00:00z", NOON),
        ("2024-10-03 12:00:00+00", NOON),
        ("Thu, 03 Oct 2024 12:00:00 +0000", NOON),
        ("3 Oct 2024 14:00 +0200", NOON),
        ("Thu, 03 Oct 2024 12:00:00 GMT", NOON),
        ("Thu, 03 Oct 2024 12:00:00 UTC", NOON),
        ("Thu, 03 Oct 2024 12:00:00 UTC +00:00", NOON),
        ("Thu, 03 Oct 2024 12:00:00.103999999 UTC +00:00", NOON + 103),
        ("Thu, 03 Oct 2024 13:00:00.000000000 CET +01:00", NOON),
        ("Thu, 03 Oct 2024 09:00:00 -03 -03:00", NOON),
        ("2024-10-03 13:00:00 CET +01:00", NOON),
        ("2024-10-03T12:00:00Z[UTC]", NOON),
        ("2024-10-03T14:00:00+02:00[Europe/Paris]", NOON),
        ("20241003T120000Z", NOON),
        ("20241003T1400+0200", NOON),
        ("20241003T120000.103Z", NOON + 103),
        ("1727956800103999", NOON + 103),
        ("1727956800103999999", NOON + 103),
        ("1727956800", NOON),
        ("1727956800.1039", NOON + 103),
        ("1.7279568e9", NOON),
        ("1727956800103", NOON + 103),
        ("1727956800103.9", NOON + 103),
        ("2024-10-03 12:00:00", NOON),
        ("2024-10-03T12:00:00.5Z", NOON + 500),
        ("2024-10-03T12:00:00.103Z", NOON + 103),
        ("2024-10-03T12:00:00.103999Z", NOON + 103),
        ("2024-10-03T12:00:00.103999999999Z", NOON + 103),
        ("2024-10-03T14:00:00+02:00", NOON),
        ("2024-10-03T14:00:00.250+0200", NOON + 250),
        ("2024-10-03T07:00:00-05", NOON),
        ("2024-10-03", NOON - 12 * 3_600_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000),
    ] {
        assert_eq!(parse_ms(text), Some(ms), "{text}");
    }
}

#[test]
fn what_is_no_time_is_none() {
    for text in [
        "",
        "soon",
        "2024-02-30T00:00:00Z",
        "2024-10-03T25:00:00Z",
        "2024-10-03T12:00:00.x",
        "2024-10-03T+2:00:00Z",
        "2024-10-03T12:00:00+99:00",
        "2024-10-03T12:00:00+",
        "10000-01-01T00:00:00Z",
        "2024-10-0😀",
        "2024-10-03T12:00:00ZZ",
        "2024-10-03 12:00:00 CET",
        "2024-10-03 12:00:00 +0000 CET",
        "Fri, 03 Oct 2024 12:00:00 +0000",
        "0",
        "20241003",
        "-1727956800",
        "172795680010300000",
        "0000000000000001",
        "20241003T1200000Z",
        "20241332T120000Z",
        "2024-10-03T12:00:00[Europe/Paris]",
        "2024-10-03 12:00:00 UTC +01:00",
        "Thu, 03 Oct 2024 12:00:00 CET",
        "Fri, 03 Oct 2024 12:00:00 UTC +00:00",
        "Thu, 03 Oct 2024 12:00:00.x UTC",
        "1e99",
    ] {
        assert_eq!(parse_ms(text), None, "{text}");
    }
}

#[test]
fn a_time_to_compare_with_is_never_cut() {
    for (text, instant) in [
        ("2024-10-03T12:00:00Z", Some(Instant::At(NOON))),
        ("2024-10-03T14:00:00.031000+02:00", Some(Instant::At(NOON + 31))),
        ("2024-10-03T12:00:00.0315Z", Some(Instant::Behind(NOON + 31))),
        ("2024-10-03T12:00:00.0310000000000000000001Z", Some(Instant::Behind(NOON + 31))),
        ("1969-12-31T23:59:59.9999Z", Some(Instant::Behind(-1))),
        ("2016-12-31T23:59:60Z", None),
        ("2016-12-31T23:59:60.5Z", None),
        ("2024-02-30T00:00:00Z", None),
        ("10000-01-01T00:00:00Z", None),
    ] {
        assert_eq!(Instant::rfc3339(text), instant, "{text}");
        assert_eq!(Instant::iso8601(text), instant, "{text}");
    }
    assert_eq!(
        (Instant::rfc3339("2024-10-03"), Instant::iso8601("2024-10-03")),
        (Some(Instant::At(NOON - 43_200_000)), Some(Instant::At(NOON - 43_200_000)))
    );
    // What the API cannot write.
    for text in ["0000-01-01", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"] {
        assert_eq!(Instant::rfc3339(text), None, "{text}");
    }
    assert_eq!(Instant::rfc3339("0001-01-01"), Some(Instant::At(*YEARS_1_TO_9999.start())));
    for text in ["2024-02-30", "2024-10-3", "24-10-03", "2024-1003-", "1727956800", "2024-10-03Z", " 2024-10-03"] {
        assert_eq!(Instant::rfc3339(text), None, "{text}");
    }
    for (text, instant) in [
        ("1727956800.1039", Instant::Behind(NOON + 103)),
        ("1.7279568e9", Instant::At(NOON)),
        ("1727956800103.9", Instant::Behind(NOON + 103)),
        ("1727956800103", Instant::At(NOON + 103)),
        ("1727956800103000", Instant::At(NOON + 103)),
        ("1727956800103000001", Instant::Behind(NOON + 103)),
        ("Thu, 03 Oct 2024 12:00:00.000000001 UTC +00:00", Instant::Behind(NOON)),
        ("Thu, 03 Oct 2024 12:00:00 UTC", Instant::At(NOON)),
    ] {
        assert_eq!(Instant::iso8601(text), Some(instant), "{text}");
    }
    assert_eq!(Instant::iso8601("20161231T235960Z"), None);
    assert_eq!((Instant::At(7).first_ms(), Instant::Behind(7).first_ms()), (7, 8));
}

#[test]
fn writes_what_it_reads() {
    for text in ["2024-10-03T12:00:00.103Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"] {
        assert_eq!(format_ms(parse_ms(text).unwrap()), text);
    }
}
