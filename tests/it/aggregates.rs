//! `aggregate` and `groups` of lists.

mod intervals;

use entity::{commission, lead};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, on_both, rows};

/// A commission of a promoter: amount in 1/10,000 of its unit, sale amount, unit, status.
async fn commissions(test: &TestDatabase, told: &[(i64, i64, Option<i64>, &str, &str)]) {
    let row = |(index, (promoter, amount, sale, unit, status)): (usize, &(i64, i64, Option<i64>, &str, &str))| {
        commission::ActiveModel {
            id: Set(i64::try_from(index).unwrap() + 1),
            promoter_id: Set(Some(*promoter)),
            amount: Set(Some(*amount)),
            sale_amount: Set(*sale),
            unit: Set(Some((*unit).to_owned())),
            status: Set(Some((*status).to_owned())),
            is_stub: Set(false),
            field_clocks: Set("[]".to_owned()),
            first_seen_at: Set(0),
            updated_at: Set(0),
            ..Default::default()
        }
    };
    let rows = told.iter().enumerate().map(row);
    commission::Entity::insert_many(rows).exec_without_returning(&test.database.write).await.unwrap();
}

#[tokio::test]
async fn figures_are_exact_and_units_are_never_added() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let told = [
            (1, 10_000, Some(100), "cash", "approved"),
            (1, -25_000, Some(-300), "cash", "approved"),
            (2, 5_001, None, "free_month", "pending"),
            (2, 20_000, None, "free_months", "lost"),
            (2, 10_000, None, "gold", "won"),
        ];
        commissions(&test, &told).await;
        let app = TestApp::new(&test);
        let document = "{
            commissions { aggregate { count saleAmount { sum avg min max } promoterId { countDistinct } amount { max } createdAt { min } } }
            cash: commissions(filter: { unit: { eq: CASH } }) { aggregate { amount { sum avg } } }
            none: commissions(filter: { status: { eq: DENIED } }) { aggregate { count saleAmount { sum avg min } promoterId { countDistinct } } }
            units: commissions { groups(by: UNIT) { key { unit } aggregate { count amount { sum avg } } } }
            states: commissions { groups(by: [STATUS], orderBy: [{ field: COUNT, direction: DESC }], having: { count: { gt: 1 } }) {
                key { status } aggregate { count promoterId { countDistinct } } } }
        }";
        let data = app.admin().data(document).await;
        assert_eq!(
            data,
            json!({
                "commissions": { "aggregate": {
                    "count": 5, "saleAmount": { "sum": -200, "avg": "-100", "min": -300, "max": 100 },
                    "promoterId": { "countDistinct": 2 }, "amount": { "max": "2" }, "createdAt": { "min": null },
                } },
                "cash": { "aggregate": { "amount": { "sum": "-1.5", "avg": "-0.75" } } },
                "none": { "aggregate": {
                    "count": 0, "saleAmount": { "sum": null, "avg": null, "min": null }, "promoterId": { "countDistinct": 0 },
                } },
                "units": { "groups": [
                    { "key": { "unit": "CASH" }, "aggregate": { "count": 2, "amount": { "sum": "-1.5", "avg": "-0.75" } } },
                    { "key": { "unit": "FREE_MONTHS" }, "aggregate": { "count": 2, "amount": { "sum": "2.5001", "avg": "1.2501" } } },
                    { "key": { "unit": "OTHER" }, "aggregate": { "count": 1, "amount": { "sum": null, "avg": null } } },
                ] },
                // Of unknown texts `OTHER` is one group, whose promoters are told apart once.
                "states": { "groups": [
                    { "key": { "status": "APPROVED" }, "aggregate": { "count": 2, "promoterId": { "countDistinct": 1 } } },
                    { "key": { "status": "OTHER" }, "aggregate": { "count": 2, "promoterId": { "countDistinct": 1 } } },
                ] },
            })
        );
        for refused in [
            "{ commissions { aggregate { amount { sum } } } }",
            "{ commissions(filter: { unit: { ne: CASH } }) { aggregate { amount { avg } } } }",
            "{ commissions { groups(by: STATUS, having: { amount: { sum: { gt: 1 } } }) { aggregate { count } } } }",
            "{ commissions { groups(by: STATUS, orderBy: { field: AMOUNT_SUM }) { aggregate { count } } } }",
        ] {
            let answer = app.admin().query(refused).await;
            let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(answer.codes() == ["BAD_USER_INPUT"] && message.contains("group by UNIT"), "{refused}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn amounts_of_units_that_are_not_known_are_added_by_their_text_alone() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        let units = ["gold", "gold", "silver", "free_month", "free_months"];
        let told: Vec<_> = units.iter().map(|unit| (1, 10_000, None, *unit, "approved")).collect();
        commissions(&test, &told).await;
        let none = commission::Entity::update_many().col_expr(commission::Column::Unit, Expr::value(None::<String>));
        none.filter(commission::Column::Id.eq(5)).exec(&test.database.write).await.unwrap();
        let app = TestApp::new(&test);
        let data = app
            .admin()
            .data(
                "{
            units: commissions { groups(by: UNIT, having: { amount: { sum: { isNull: true } } }) {
                key { unit } aggregate { count amount { sum avg max } } } }
            texts: commissions { groups(by: [UNIT, UNIT_RAW]) { key { unitRaw } aggregate { amount { sum avg } } } }
            gold: commissions(filter: { unitRaw: { eq: \"gold\" } }) { aggregate { amount { sum } } }
            others: commissions(filter: { unit: { eq: OTHER } }) {
                groups(by: [PROMOTER_ID, UNIT_RAW]) { key { unitRaw } aggregate { amount { sum } } } }
        }",
            )
            .await;
        let unit = |unit: Value, count: i64| {
            json!({ "key": { "unit": unit }, "aggregate": { "count": count, "amount": { "sum": null, "avg": null, "max": "1" } } })
        };
        let text = |unit: Value, sum: Value, average: Value| {
            json!({ "key": { "unitRaw": unit }, "aggregate": { "amount": { "sum": sum, "avg": average } } })
        };
        let sum = |unit: &str, sum: &str| json!({ "key": { "unitRaw": unit }, "aggregate": { "amount": { "sum": sum } } });
        assert_eq!(
            data,
            json!({
                "units": { "groups": [unit(Value::Null, 1), unit(json!("OTHER"), 3)] },
                "texts": { "groups": [
                    text(Value::Null, Value::Null, Value::Null),
                    text(json!("free_month"), json!("1"), json!("1")),
                    text(json!("gold"), json!("2"), json!("1")),
                    text(json!("silver"), json!("1"), json!("1")),
                ] },
                "gold": { "aggregate": { "amount": { "sum": "2" } } },
                "others": { "groups": [sum("gold", "2"), sum("silver", "1")] },
            })
        );
        for figures in ["aggregate { amount { sum } }", "groups(by: STATUS) { aggregate { amount { avg } } }"] {
            let document = format!("{{ commissions(filter: {{ unit: {{ eq: OTHER }} }}) {{ {figures} }} }}");
            let answer = app.admin().query(&document).await;
            let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(answer.codes() == ["BAD_USER_INPUT"] && message.contains("`unitRaw: { eq: ... }`"), "{message}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sum_that_does_not_fit_into_64_bits_is_an_error_and_its_average_is_not() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2).await;
        let large = i64::MAX;
        let told =
            [(1, 0, Some(large), "cash", "a"), (1, 0, Some(large), "cash", "a"), (2, 0, Some(-large), "cash", "a")];
        commissions(&test, &told).await;
        let app = TestApp::new(&test);
        // A part exceeds 64 bits, the whole does not.
        let whole = app.admin().data("{ commissions { aggregate { saleAmount { sum } } } }").await;
        assert_eq!(whole["commissions"]["aggregate"]["saleAmount"]["sum"], json!(large));
        let parts = "{ commissions { groups(by: PROMOTER_ID) { aggregate { saleAmount { avg } } } } }";
        let averages = app.admin().data(parts).await["commissions"]["groups"].take();
        let average = |text: &str| json!({ "aggregate": { "saleAmount": { "avg": text } } });
        assert_eq!(averages, json!([average("9223372036854775807"), average("-9223372036854775807")]));
        let answer = app.admin().query(&parts.replace("avg", "sum")).await;
        let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(answer.codes() == ["BAD_USER_INPUT"] && message.contains("sum of `saleAmount`"), "{message}");
        assert_eq!(answer.body["data"], json!({ "commissions": null }));
    })
    .await;
}

#[tokio::test]
async fn figures_below_rows_are_of_the_rows_that_the_viewer_sees_there() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 3).await;
        let state = lead::Entity::update_many().col_expr(lead::Column::State, Expr::value("active"));
        state.filter(lead::Column::Id.is_in([1, 6, 7])).exec(&test.database.write).await.unwrap();
        let deleted = lead::Entity::update_many().col_expr(lead::Column::DeletedAt, Expr::value(5_000));
        deleted.filter(lead::Column::Id.eq(7)).exec(&test.database.write).await.unwrap();
        let app = TestApp::new(&test);
        let document = "{ promoters(orderBy: { field: ID }) { nodes { leads {
            aggregate { count createdAt { max } } groups(by: STATE) { key { state } aggregate { count } } } } } }";
        let group = |state: &str, count: i64| json!({ "key": { "state": state }, "aggregate": { "count": count } });
        let of = |count: i64, ms: i64, groups: Value| {
            let latest = format!("1970-01-01T00:00:00.00{ms}Z");
            json!({ "leads": { "aggregate": { "count": count, "createdAt": { "max": latest } }, "groups": groups } })
        };
        let first = of(5, 3, json!([group("ACTIVE", 1), group("SIGNUP", 4)]));
        let second = of(4, 2, json!([group("ACTIVE", 1), group("SIGNUP", 3)]));
        let third = of(5, 3, json!([group("SIGNUP", 5)]));
        assert_eq!(app.admin().data(document).await["promoters"]["nodes"], json!([first, second, third]));
        assert_eq!(app.promoter(2).data(document).await["promoters"]["nodes"], json!([second]));
        let own = app
            .promoter(2)
            .data("{ leads { aggregate { count promoterId { countDistinct } updatedAt { max } } } }")
            .await;
        let own = own["leads"]["aggregate"].clone();
        assert_eq!(own, json!({ "count": 4, "promoterId": { "countDistinct": 1 }, "updatedAt": { "max": null } }));
    })
    .await;
}

#[tokio::test]
async fn what_a_viewer_may_not_compare_groups_selects_and_orders_no_groups() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        let app = TestApp::new(&test);
        let (analyst, promoter) = (app.analyst(false), app.promoter(1));
        for (client, groups) in [
            (&analyst, "groups(by: EMAIL)"),
            (&analyst, "groups(by: [STATE, LAST_NAME])"),
            (&promoter, "groups(by: SUSPICION)"),
            (&promoter, "groups(by: STATE, orderBy: { field: UPDATED_AT_MAX })"),
        ] {
            let answer = client.query(&format!("{{ leads {{ {groups} {{ aggregate {{ count }} }} }} }}")).await;
            assert_eq!((answer.codes(), &answer.body["data"]["leads"]), (vec!["FORBIDDEN"], &Value::Null), "{groups}");
        }
        assert_eq!(promoter.query("{ webhookEvents { aggregate { count } } }").await.codes(), ["FORBIDDEN"]);
    })
    .await;
}

#[tokio::test]
async fn arguments_of_groups_that_are_wrong_are_refused_by_name() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (arguments, below, named) in [
            ("by: []", "aggregate { count }", "`by`"),
            ("by: [STATE, STATE]", "aggregate { count }", "STATE twice"),
            ("by: [STATE, PLAN_NAME, IS_EXPIRED, PROMOTER_ID]", "aggregate { count }", "at most 3"),
            ("by: STATE, first: 0", "aggregate { count }", "`first` is 0"),
            ("by: STATE, first: 10001", "aggregate { count }", "10000"),
            ("by: STATE, orderBy: { field: PLAN_NAME }", "aggregate { count }", "planName"),
            ("by: STATE, orderBy: [{ field: COUNT }, { field: COUNT }]", "aggregate { count }", "COUNT twice"),
            ("by: STATE, having: { count: { gt: null } }", "aggregate { count }", "having.count.gt"),
            ("by: STATE", "key { planName }", "planName"),
        ] {
            let answer = app.admin().query(&format!("{{ leads {{ groups({arguments}) {{ {below} }} }} }}")).await;
            let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(answer.codes() == ["BAD_USER_INPUT"] && message.contains(named), "{arguments}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn more_groups_than_the_limit_are_refused_and_figures_have_a_cost() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 2_001).await;
        let app = TestApp::new(&test);
        let answer = app.admin().query("{ leads { groups(by: EMAIL, first: 1) { key { email } } } }").await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
        let exceeded = &answer.body["errors"][0]["extensions"];
        assert!(answer.text.contains("more than 10000 groups"), "{exceeded}");
        let cost = |document: &'static str| async {
            app.admin().query(document).await.body["extensions"]["cost"]["requested"].as_u64().unwrap()
        };
        assert_eq!(cost("{ leads { aggregate { count createdAt { min max } } } }").await, 100 + 3);
        let groups =
            "{ leads { groups(by: STATE, first: 7) { key { state } aggregate { count createdAt { min } } } } }";
        assert_eq!(cost(groups).await, 100 + 7 * 3);
        assert_eq!(cost("{ leads { groups(by: STATE) { aggregate { count } } } }").await, 100 + 100);
        let by_interval = "{ leads { groups(interval: { field: CREATED_AT, unit: DAY, timezone: \"UTC\" }) { aggregate { count } } } }";
        assert_eq!(cost(by_interval).await, 300 + 100);
        let filtered = "{ leads(filter: { commissions: { some: {} } }) { aggregate { count } } }";
        assert_eq!(cost(filtered).await, 100 + 100 + 1);
    })
    .await;
}

#[tokio::test]
async fn amounts_without_a_currency_are_never_added() {
    on_both(async |test: TestDatabase| {
        rows::programme(&test.database.write, 1).await;
        commissions(&test, &[(1, 10_000, None, "cash", "approved"); 4]).await;
        for (id, currency) in [(1, Some("eur")), (2, Some("eur")), (3, None), (4, None)] {
            commission::Entity::update_many()
                .col_expr(commission::Column::OriginalSaleAmount, Expr::value(100))
                .col_expr(commission::Column::OriginalSaleCurrency, Expr::value(currency))
                .filter(commission::Column::Id.eq(id))
                .exec(&test.database.write)
                .await
                .unwrap();
        }
        let app = TestApp::new(&test);
        let groups = "{ commissions { groups(by: [ORIGINAL_SALE_CURRENCY]) {
            key { originalSaleCurrency } aggregate { count originalSaleAmount { sum avg max } } } } }";
        let group = |currency: Value, sum: Value, average: Value| {
            json!({
                "key": { "originalSaleCurrency": currency },
                "aggregate": { "count": 2, "originalSaleAmount": { "sum": sum, "avg": average, "max": 100 } },
            })
        };
        let groups = app.admin().data(groups).await["commissions"]["groups"].take();
        assert_eq!(
            groups,
            json!([group(Value::Null, Value::Null, Value::Null), group(json!("eur"), json!(200), json!("100"))])
        );
    })
    .await;
}

#[tokio::test]
async fn the_key_start_is_refused_without_an_interval() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let answer = app.admin().query("{ leads { groups(by: [STATE]) { key { start } } } }").await;
        let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!((answer.codes(), message), (vec!["BAD_USER_INPUT"], "`key` names `start`, which needs `interval`"));
    })
    .await;
}
