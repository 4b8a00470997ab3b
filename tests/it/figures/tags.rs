//! Entity tags of reports: the period's bounds are part of what an answer follows from.

use promograph::{
    auth::{Session, Viewer},
    graphql::{Api, IfNoneMatch, Request},
};

use super::dataset::NOW;
use crate::support::{TestApp, TestDatabase, on_both};

const DAY: i64 = 86_400_000;

/// The tag of an answer at a time, and its status if the client knows a tag.
async fn ask(api: &Api, viewer: Viewer, query: &str, known: &[String], now: i64) -> (Option<String>, u16) {
    let session = Session { viewer, subject: "test".to_owned(), expires_at: 1_900_000_000, revocable: None };
    let request = Request { query: query.to_owned(), ..Request::default() };
    let condition = IfNoneMatch { tags: known, media_type: "application/json" };
    let response = api.execute_conditional(&session, &request, condition, now).await;
    (response.tag, response.status.as_u16())
}

#[tokio::test]
async fn a_report_keeps_its_tag_until_its_period_moves() {
    on_both(async |test: TestDatabase| {
        let api = TestApp::api(&test);
        // NOW is a Thursday, 2026-07-02, before noon.
        for (query, same, other) in [
            ("{ performance(period: {last: {count: 1, unit: MONTH}}) { nodes { referrals } } }", 20 * DAY, 31 * DAY),
            ("{ performance(period: {current: WEEK}) { totals { sales } } }", 3 * DAY, 4 * DAY),
            ("{ performance(period: {current: HOUR}) { totals { sales } } }", 60_000, 3_600_000),
            // On the other side of the date line the day ends when UTC's has half of it left.
            (
                "{ performance(timezone: \"Pacific/Apia\", period: {current: DAY}) { totals { sales } } }",
                60_000,
                DAY / 2,
            ),
            ("{ leadCohorts(by: QUARTER) { size } }", 80 * DAY, 92 * DAY),
            (
                "{ performance(period: {last: {count: 1, unit: DAY}}, compareTo: PREVIOUS_YEAR) { totals { sales } } }",
                60_000,
                DAY,
            ),
        ] {
            for viewer in [Viewer::Admin, Viewer::Analyst { pii: false }] {
                let (tag, status) = ask(&api, viewer, query, &[], NOW).await;
                let known = [tag.unwrap_or_else(|| panic!("a tag: {query}"))];
                assert_eq!(status, 200, "{query}");
                let (again, status) = ask(&api, viewer, query, &known, NOW + same).await;
                assert!(status == 304 && again.as_ref() == Some(&known[0]), "{query}");
                let (moved, status) = ask(&api, viewer, query, &known, NOW + other).await;
                assert!(status == 200 && moved.is_some_and(|moved| moved != known[0]), "{query}");
            }
        }
        // A fixed period never moves.
        let query = "{ performance(period: {dates: {from: \"2026-03-01\", to: \"2026-03-31\"}}) { totals { sales } } }";
        let known = [ask(&api, Viewer::Admin, query, &[], NOW).await.0.unwrap()];
        assert_eq!(ask(&api, Viewer::Admin, query, &known, NOW + 400 * DAY).await.1, 304);
    })
    .await;
}

#[tokio::test]
async fn what_is_as_it_is_now_has_no_tag() {
    on_both(async |test: TestDatabase| {
        let api = TestApp::api(&test);
        for query in [
            "{ performance { totals { payoutsDue } } }",
            "{ performance { nodes { liability(age: OVER_90_DAYS) } } }",
            "{ performance(period: {current: YEAR}) { totals { referrals activeCustomers } } }",
            "{ performance(period: {current: YEAR}, orderBy: [{measure: LIABILITY_UNKNOWN}]) { nodes { sales } } }",
        ] {
            for viewer in [Viewer::Admin, Viewer::Promoter { id: 1 }] {
                assert_eq!(ask(&api, viewer, query, &[], NOW).await, (None, 200), "{query}");
            }
        }
    })
    .await;
}
