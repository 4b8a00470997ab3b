//! The rows that lists show.

use entity::lead;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, on_both, rows};

#[tokio::test]
async fn lists_leave_out_stubs_and_deleted_rows_unless_requested() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        change(&test, 1, lead::Column::DeletedAt, Expr::value(5_000)).await;
        change(&test, 2, lead::Column::IsStub, Expr::value(true)).await;
        let app = TestApp::new(&test);
        let document = "{
            leads { totalCount } all: leads(includeDeleted: true) { totalCount }
            promoters { nodes { leads { totalCount nodes { id } } all: leads(includeDeleted: true) { totalCount } } }
            some: promoters(filter: { leads: { some: { firstPromoterId: { in: [1, 2] } } } }) { totalCount }
            deleted: lead(firstPromoterId: 1) { deletedAt } gone: lead(email: \"lead1@example.com\") { id }
            stub: lead(firstPromoterId: 2) { firstPromoterId }
        }";
        let mut data = app.admin().data(document).await;
        let nodes = data["promoters"]["nodes"][0]["leads"]["nodes"].take();
        assert_eq!(nodes.as_array().map(Vec::len), Some(3));
        assert_eq!(
            data,
            json!({
                "leads": { "totalCount": 3 }, "all": { "totalCount": 4 },
                "promoters": { "nodes": [{ "leads": { "totalCount": 3, "nodes": null }, "all": { "totalCount": 4 } }] },
                "some": { "totalCount": 0 },
                "deleted": { "deletedAt": "1970-01-01T00:00:05.000Z" }, "gone": null,
                "stub": { "firstPromoterId": 2 },
            })
        );
    })
    .await;
}

#[tokio::test]
async fn a_split_partner_sees_the_lead_without_contact_data() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        // The first promoter's lead is shared with the second promoter's promotion.
        change(&test, 1, lead::Column::SplitPromotionId, Expr::value(2)).await;
        let app = TestApp::new(&test);
        let document = "{ lead(firstPromoterId: 1) {
            email state promoterId promoter { id } promotionId splitPromotionId splitPromotion { firstPromoterId }
        } }";
        let partner = app.promoter(2).data(document).await;
        assert_eq!(
            partner["lead"],
            json!({
                "email": null, "state": "SIGNUP", "promoterId": null, "promoter": null, "promotionId": null,
                "splitPromotionId": "cHJvbW90aW9uOjI", "splitPromotion": { "firstPromoterId": 2 },
            })
        );
        let owner = app.promoter(1).data(document).await;
        assert_eq!(owner["lead"]["email"], json!("lead1@example.com"));
        assert_eq!(
            (&owner["lead"]["splitPromotionId"], &owner["lead"]["splitPromotion"]),
            (&Value::Null, &Value::Null)
        );
        // What is hidden is not found out by asking for it.
        for (question, answer) in [
            ("{ leads(filter: { email: { eq: \"lead1@example.com\" } }) { totalCount } }", 0),
            ("{ leads(filter: { email: { startsWith: \"lead1@\" } }) { totalCount } }", 0),
            ("{ leads(filter: { email: { isNull: true } }) { totalCount } }", 1),
            ("{ leads(filter: { not: { email: { ne: \"x\" } } }) { totalCount } }", 1),
            ("{ leads(filter: { promoter: {} }) { totalCount } }", 5),
        ] {
            assert_eq!(app.promoter(2).data(question).await["leads"]["totalCount"], json!(answer), "{question}");
        }
        let natural = "{ lead(email: \"lead1@example.com\") { id } }";
        assert_eq!(app.promoter(2).data(natural).await, json!({ "lead": null }));
        let ordered = "{ leads(orderBy: { field: EMAIL }) { edges { cursor node { firstPromoterId } } } }";
        let ordered = app.promoter(2).data(ordered).await;
        assert_eq!(ordered["leads"]["edges"][0]["node"]["firstPromoterId"], json!(1));
        let cursor = ordered["leads"]["edges"][0]["cursor"].as_str().unwrap();
        let place = base64(cursor);
        assert!(!place.contains("lead1"), "{place}");
    })
    .await;
}

fn base64(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

async fn change(test: &TestDatabase, id: i64, column: lead::Column, value: Expr) {
    let update = lead::Entity::update_many().col_expr(column, value).filter(lead::Column::Id.eq(id));
    update.exec(&test.database.write).await.unwrap();
}
