//! Lists page by page.

use entity::lead;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestDatabase, on_both, rows};

/// Walks a list to its end, forwards or backwards, and gives the ids in the order of the list.
async fn walk(client: &Client, order: &str, backward: bool) -> Vec<i64> {
    let (size, cursor) = if backward { ("last", "before") } else { ("first", "after") };
    let document = format!(
        "query ($c: String) {{ leads({size}: 7, {cursor}: $c, orderBy: {order}) {{
            nodes {{ firstPromoterId }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let (mut ids, mut place) = (Vec::new(), Value::Null);
    loop {
        let data = client.query_with(&document, json!({ "c": place })).await.data();
        let page =
            data["leads"]["nodes"].as_array().unwrap().iter().map(|node| node["firstPromoterId"].as_i64().unwrap());
        let info = &data["leads"]["pageInfo"];
        if backward {
            ids.splice(0..0, page);
            assert_eq!(info["hasNextPage"], json!(!place.is_null()));
        } else {
            ids.extend(page);
            assert_eq!(info["hasPreviousPage"], json!(!place.is_null()));
        }
        let (more, next) = if backward { ("hasPreviousPage", "startCursor") } else { ("hasNextPage", "endCursor") };
        if info[more] == json!(false) {
            return ids;
        }
        place = info[next].clone();
    }
}

#[tokio::test]
async fn a_list_is_the_same_page_by_page_forwards_and_backwards_in_every_order() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 9).await;
        let app = TestApp::new(&test);
        let created = |id: i64| if id % 4 > 0 { id % 4 } else { i64::MIN };
        let mut by_created: Vec<i64> = (1..=45).collect();
        by_created.sort_by_key(|id| (created(*id), *id));
        let mut mixed = by_created.clone();
        mixed.sort_by_key(|id| (created(*id), std::cmp::Reverse(*id)));
        let mut by_email: Vec<i64> = (1..=45).collect();
        by_email.sort_by_key(|id| format!("lead{id}@example.com"));
        let reversed = by_created.iter().rev().copied().collect();
        for (order, expected) in [
            ("{ field: CREATED_AT }", by_created),
            ("{ field: CREATED_AT, direction: DESC }", reversed),
            ("[{ field: CREATED_AT }, { field: ID, direction: DESC }]", mixed),
            ("[{ field: EMAIL }]", by_email),
        ] {
            assert_eq!(walk(&app.admin(), order, false).await, expected, "{order}");
            assert_eq!(walk(&app.admin(), order, true).await, expected, "{order} backwards");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_are_ordered_by_the_number_of_rows_that_a_relation_shows() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 4).await;
        // Five leads each: the second promoter keeps three of them, one of the third was deleted, the fourth has three.
        for (lead, column, value) in [
            (6, lead::Column::PromoterId, 1),
            (7, lead::Column::PromoterId, 1),
            (11, lead::Column::DeletedAt, 5_000),
            (16, lead::Column::DeletedAt, 5_000),
            (17, lead::Column::DeletedAt, 5_000),
        ] {
            let update = lead::Entity::update_many().col_expr(column, Expr::value(value));
            update.filter(lead::Column::Id.eq(lead)).exec(&test.database.write).await.unwrap();
        }
        let app = TestApp::new(&test);
        let document = "query ($c: String, $p: String) { promoters(first: 1, after: $c, before: $p, orderBy: { field: LEADS_COUNT, direction: DESC }) {
            nodes { firstPromoterId leads { totalCount } } pageInfo { endCursor hasNextPage } } }";
        let (mut found, mut place) = (Vec::new(), Value::Null);
        loop {
            let page = app.admin().query_with(document, json!({ "c": place })).await.data()["promoters"].take();
            let node = &page["nodes"][0];
            found.push((node["firstPromoterId"].clone(), node["leads"]["totalCount"].clone()));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            place = page["pageInfo"]["endCursor"].clone();
        }
        let expected = [(1, 7), (3, 4), (4, 3), (2, 3)];
        assert_eq!(found, expected.map(|(promoter, leads)| (json!(promoter), json!(leads))));
        // A campaign's leads come through its promotions.
        let campaign = "{ campaigns(orderBy: [{ field: LEADS_COUNT }]) { nodes { leads { totalCount } } } }";
        assert_eq!(app.admin().data(campaign).await["campaigns"]["nodes"], json!([{ "leads": { "totalCount": 17 } }]));
    })
    .await;
}

#[tokio::test]
async fn every_parent_has_a_page_of_its_own() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let app = TestApp::new(&test);
        let document = "{ promotions(orderBy: { field: ID }) { nodes {
            leads(first: 2, orderBy: { field: ID }) { totalCount nodes { firstPromoterId } pageInfo { hasNextPage } }
            last: leads(last: 1, orderBy: { field: ID }) { edges { node { firstPromoterId } } }
        } } }";
        let data = app.admin().data(document).await;
        let expected: Vec<_> = (0..3)
            .map(|parent| {
                let first = parent * 5 + 1;
                json!({
                    "leads": {
                        "totalCount": 5,
                        "nodes": [{ "firstPromoterId": first }, { "firstPromoterId": first + 1 }],
                        "pageInfo": { "hasNextPage": true },
                    },
                    "last": { "edges": [{ "node": { "firstPromoterId": first + 4 } }] },
                })
            })
            .collect();
        assert_eq!(data["promotions"]["nodes"], json!(expected));
    })
    .await;
}

#[tokio::test]
async fn a_cursor_belongs_to_its_order() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        let app = TestApp::new(&test);
        let data = app.admin().data("{ leads(first: 1) { edges { cursor } } }").await;
        let cursor = &data["leads"]["edges"][0]["cursor"];
        let document = "query ($c: String) { leads(after: $c, orderBy: { field: EMAIL }) { totalCount } }";
        let answer = app.admin().query_with(document, json!({ "c": cursor })).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
        assert_eq!(answer.body["data"], json!({ "leads": null }));
    })
    .await;
}
