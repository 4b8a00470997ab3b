//! `previous` where there is nothing to compare with, and without a comparison.

use promograph::auth::Viewer;
use serde_json::{Map, json};

use super::{SEED, Setting};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_compare_with_is_null_with_an_interval_and_without() {
    let setting = Setting::new(SEED, 0).await;
    let ask = async |arguments: &str| {
        let query = format!(
            "{{ performance(period: {{dates: {{from: \"2024-02-29\", to: \"2024-02-29\"}}}} {arguments}) \
             {{ totals {{ previous {{ sales }} }} nodes {{ previous {{ sales }} }} }} }}"
        );
        setting.ask(Viewer::Admin, &query, &Map::new()).await.unwrap()["data"]["performance"].take()
    };
    // No day a year before is a 29 February.
    let none = json!({"totals": {"previous": null}, "nodes": [{"previous": null}]});
    assert_eq!(ask("compareTo: PREVIOUS_YEAR").await, none);
    assert_eq!(ask("compareTo: PREVIOUS_YEAR interval: DAY").await, none);
    let day_before = json!({"totals": {"previous": {"sales": 0}}, "nodes": [{"previous": {"sales": 0}}]});
    assert_eq!(ask("compareTo: PREVIOUS_PERIOD").await, day_before);
    assert_eq!(ask("compareTo: PREVIOUS_PERIOD interval: DAY").await, day_before);
    // As from a variable: one document with and without a comparison.
    assert_eq!(ask("compareTo: null").await, none);
}
