//! What a promoter does not see moves nothing that it sees.

use promograph::graphql::catalog::CATALOG;
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase, escaped,
    example::{self, LEO, MIRA},
    on_both,
};

/// A webhook v2 about a promoter. Events with a larger number are later.
fn promoter(number: i64, id: i64, action: &str, changed: Value) -> Value {
    let mut data = json!({ "id": id });
    let Value::Object(changed) = changed else { panic!("no object") };
    data.as_object_mut().unwrap().extend(changed);
    json!({
        "event_id": format!("e-{number}"), "event_type": format!("promoter.{action}"), "entity_id": id, "changes": {},
        "timestamp": format!("2026-03-01T00:{number:02}:00Z"), "data": data,
    })
}

async fn tell(app: &TestApp, event: Value) {
    app.deliver(event.to_string()).await;
    app.settle().await;
}

#[tokio::test]
async fn when_a_row_was_changed_is_null_for_promoters_who_cannot_ask_by_it_either() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        let mut rows = 0;
        for entity in CATALOG.iter().filter(|entity| entity.mirrored) {
            let list = entity.plural;
            let document = format!("{{ {list}(includeDeleted: true) {{ nodes {{ id updatedAt }} }} }}");
            for client in [app.promoter(MIRA), app.promoter(LEO)] {
                let data = client.data(&document).await;
                let nodes = data[list]["nodes"].as_array().unwrap();
                assert!(nodes.iter().all(|node| node["updatedAt"].is_null()), "{data}");
                rows += nodes.len();
                for filter in ["{ isNull: true }", "{ gt: \"2026-01-01T00:00:00Z\" }"] {
                    let asked = format!("{{ {list}(filter: {{ updatedAt: {filter} }}) {{ totalCount }} }}");
                    assert_eq!(client.query(&asked).await.codes(), ["FORBIDDEN"], "{asked}");
                }
                let ordered = format!("{{ {list}(orderBy: {{ field: UPDATED_AT }}) {{ totalCount }} }}");
                assert!(!client.query(&ordered).await.codes().is_empty(), "{ordered}");
            }
            for client in [app.admin(), app.analyst(false)] {
                let data = client.data(&document).await;
                assert!(data[list]["nodes"].as_array().unwrap().iter().all(|node| node["updatedAt"].is_string()));
            }
        }
        assert!(rows > 12, "{rows} rows were seen");
        let below = "{ viewer { promoter { updatedAt profile { updatedAt } promotions { nodes { updatedAt campaign { updatedAt } } } } } }";
        let text = app.promoter(MIRA).query(below).await.text;
        assert!(text.contains("updatedAt") && !text.contains("updatedAt\":\""), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_recruit_is_left_out_whatever_is_asked() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        tell(&app, promoter(1, 77, "created", json!({ "email": "new@partners.example", "parent_promoter": { "id": LEO } }))).await;
        let leo = app.promoter(LEO);
        let children = "{ viewer { promoter {
            children { totalCount nodes { firstPromoterId } }
            all: children(includeDeleted: true, orderBy: { field: ID }) { totalCount nodes { id firstPromoterId deletedAt } }
            page: children(first: 1, includeDeleted: true, orderBy: { field: ID, direction: DESC }) {
                nodes { firstPromoterId } pageInfo { hasNextPage }
            }
        } } }";
        let ids = |data: &Value, name: &str| {
            let nodes = data["viewer"]["promoter"][name]["nodes"].as_array().unwrap();
            nodes.iter().map(|node| node["firstPromoterId"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        let before = leo.data(children).await;
        assert_eq!(ids(&before, "all"), [77, MIRA]);
        tell(&app, promoter(2, MIRA, "deleted", json!({}))).await;
        let after = leo.data(children).await;
        for name in ["children", "all"] {
            assert_eq!(ids(&after, name), [77], "{after}");
            assert_eq!(after["viewer"]["promoter"][name]["totalCount"], 1);
        }
        assert_eq!(after["viewer"]["promoter"]["page"]["pageInfo"]["hasNextPage"], false);
        for filter in [
            format!("{{ children: {{ some: {{ firstPromoterId: {{ eq: {MIRA} }} }} }} }}"),
            format!("{{ not: {{ children: {{ none: {{ firstPromoterId: {{ eq: {MIRA} }} }} }} }} }}"),
            "{ children: { some: { deletedAt: { isNull: false } } } }".to_owned(),
        ] {
            let document = format!("{{ promoters(filter: {filter}, includeDeleted: true) {{ totalCount }} }}");
            assert_eq!(leo.data(&document).await["promoters"]["totalCount"], 0, "{filter}");
        }
        let single = format!("{{ promoter(firstPromoterId: {MIRA}) {{ id }} node(id: \"cHJvbW90ZXI6NTEwMDAwMQ\") {{ id }} }}");
        assert_eq!(leo.data(&single).await, json!({ "promoter": null, "node": null }));
        let staff = "{ promoter(firstPromoterId: 5100002) { children(includeDeleted: true) { totalCount } } }";
        assert_eq!(app.analyst(false).data(staff).await["promoter"]["children"]["totalCount"], 2);
    })
    .await;
}

#[tokio::test]
async fn a_promoters_tag_moves_with_what_was_read_and_with_nothing_else() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let document = "{ viewer { promoter { email custId updatedAt } } leads { totalCount nodes { state } } }";
        let path = format!("/graphql?query={}", escaped(document));
        let mira = app.promoter(MIRA);
        let get = async |known: &str| {
            let answer = mira.send("GET", &path, &[("if-none-match", known)], String::new()).await;
            (answer.status.as_u16(), answer.headers["etag"].to_str().unwrap().to_owned())
        };
        let (status, tag) = get("").await;
        assert_eq!(status, 200);
        // Staff's note on her, and somebody else's address.
        tell(&app, promoter(1, MIRA, "updated", json!({ "note": "slow to answer" }))).await;
        tell(&app, promoter(2, LEO, "updated", json!({ "email": "leo@elsewhere.example" }))).await;
        assert_eq!(get(&tag).await, (304, tag.clone()));
        tell(&app, promoter(3, MIRA, "updated", json!({ "cust_id": "crm-1" }))).await;
        let (status, other) = get(&tag).await;
        assert!(status == 200 && other != tag);
    })
    .await;
}

#[tokio::test]
async fn a_promoter_does_not_learn_from_freshness_that_something_came() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let document = "{ freshness { lastReceivedAt lastAppliedAt lagMilliseconds } }";
        let nothing = json!({ "freshness": { "lastReceivedAt": null, "lastAppliedAt": null, "lagMilliseconds": 0 } });
        let mira = app.promoter(MIRA);
        assert_eq!(mira.data(document).await, nothing);
        app.deliver(promoter(1, LEO, "created", json!({})).to_string()).await;
        assert_eq!(mira.data(document).await, nothing, "while it waits");
        app.settle().await;
        assert_eq!(mira.data(document).await, nothing);
        assert!(app.analyst(false).data(document).await["freshness"]["lastAppliedAt"].is_string());
    })
    .await;
}
