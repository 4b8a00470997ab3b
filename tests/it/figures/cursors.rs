//! Cursors of reports.

use promograph::{
    auth::{Session, Viewer},
    graphql::{AllowedOperations, Request},
};
use serde_json::Value as Json;

use super::{NOW, SEED, Setting};

const DAY_MS: i64 = 86_400_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_period_interval_or_zone_is_refused() {
    let setting = Setting::new(SEED, 0).await;
    let session =
        Session { viewer: Viewer::Admin, subject: "test".to_owned(), expires_at: 1_900_000_000, revocable: None };
    let page = async |arguments: &str, after: Option<&str>, now: i64| {
        let after = after.map(|after| format!("after: \"{after}\"")).unwrap_or_default();
        let query = format!(
            "{{ performance({arguments} first: 1 {after}) {{ nodes {{ start sales }} pageInfo {{ endCursor }} }} }}"
        );
        let request = Request { query, ..Request::default() };
        let response = setting.servers[0].execute(&session, &request, AllowedOperations::All, now).await;
        serde_json::from_slice::<Json>(&response.body).unwrap()
    };
    let of = |unit: &str, zone: &str, interval: &str| {
        format!("period: {{last: {{count: 2, unit: {unit}}}}} timezone: \"{zone}\" interval: {interval}")
    };
    let given = of("YEAR", "UTC", "DAY");
    let first = page(&given, None, NOW).await;
    let cursor = first["data"]["performance"]["pageInfo"]["endCursor"].as_str().unwrap();
    let second = page(&given, Some(cursor), NOW).await;
    assert_ne!(second["data"]["performance"]["nodes"], first["data"]["performance"]["nodes"]);
    assert!(second.get("errors").is_none(), "{second}");
    // A day later the last two years are the same.
    assert_eq!(page(&given, Some(cursor), NOW + DAY_MS).await, second);
    for (arguments, now) in [
        (of("YEAR", "UTC", "WEEK"), NOW),
        (of("YEAR", "Europe/Berlin", "DAY"), NOW),
        (of("QUARTER", "UTC", "DAY"), NOW),
        (of("YEAR", "UTC", "DAY"), NOW + 366 * DAY_MS),
    ] {
        let answer = page(&arguments, Some(cursor), now).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("`after` is a cursor of another report"), "{arguments}: {answer}");
    }
}
