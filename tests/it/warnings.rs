//! Where users see what was not understood, and what waits for the clock.

use promograph::{
    cli::events::{EventFilter, list, show},
    time::{format_ms, now_ms},
};
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, fixture, on_both};

const WARNING: &str = "promoter.paid_balance.cash: text is not a number";

fn lead(id: i64, created_at: &str, promoter: &Value) -> String {
    let event = json!({"id": id, "type": "lead_signup", "created_at": created_at});
    json!({"event": event, "data": {"id": id, "state": "signup", "promoter": promoter}}).to_string()
}

/// One event without, one with a warning, and one that is held back.
async fn app(test: &TestDatabase) -> TestApp {
    let app = TestApp::new(test);
    app.deliver(fixture("lead_signup")).await;
    app.deliver(lead(7, "2025-03-01 00:00:00 UTC", &json!({"id": 3, "paid_balance": {"cash": "1,250"}}))).await;
    app.deliver(lead(8, &format_ms(now_ms() + 3 * 86_400_000), &json!({"id": 4}))).await;
    let drained = app.settle().await;
    assert_eq!((drained.applied, drained.delayed), (2, 1));
    app
}

#[tokio::test]
async fn warnings_and_what_is_held_back_stand_at_the_event() {
    on_both(async |test: TestDatabase| {
        let app = app(&test).await;
        let fields = "status error warnings heldSince nextAttemptAt";
        let document = format!("{{ webhookEvents(orderBy: [{{field: ID}}]) {{ nodes {{ {fields} }} }} }}");
        let events = app.admin().data(&document).await["webhookEvents"]["nodes"].clone();
        let applied = |warnings: Value| {
            json!({"status": "APPLIED", "error": null, "warnings": warnings, "heldSince": null, "nextAttemptAt": null})
        };
        assert_eq!((&events[0], &events[1]), (&applied(Value::Null), &applied(json!([WARNING]))));
        let held = &events[2];
        assert_eq!((&held["status"], &held["warnings"]), (&json!("PENDING"), &Value::Null));
        assert!(held["error"].as_str().unwrap().starts_with("held back: event.created_at: text is more than 24 hours"));
        assert!(held["heldSince"].is_string() && held["nextAttemptAt"].is_string());

        for (filter, expected) in [
            ("warnings: { isNull: false }", 1),
            ("warnings: { isNull: true }", 2),
            ("heldSince: { isNull: false }", 1),
            ("nextAttemptAt: { isNull: true }", 2),
            ("nextAttemptAt: { isNull: false }", 1),
            (r#"nextAttemptAt: { lt: "2000-01-01T00:00:00Z" }"#, 0),
            (r#"nextAttemptAt: { eq: "1970-01-01T00:00:00Z" }"#, 0),
        ] {
            let document = format!("{{ webhookEvents(filter: {{ {filter} }}) {{ totalCount }} }}");
            assert_eq!(app.admin().data(&document).await["webhookEvents"]["totalCount"], expected, "{filter}");
        }
        let answer = app.analyst(true).query("{ webhookEvents { nodes { warnings } } }").await;
        assert_eq!(answer.codes(), ["FORBIDDEN"]);
    })
    .await;
}

#[tokio::test]
async fn they_are_counted_and_what_is_held_back_is_no_lag() {
    on_both(async |test: TestDatabase| {
        let app = app(&test).await;
        let document = "{ freshness { eventsWithWarnings eventsHeldBack heldBackSince lagMilliseconds } }";
        for user in [app.admin(), app.analyst(false)] {
            let fresh = user.data(document).await["freshness"].clone();
            assert_eq!((&fresh["eventsWithWarnings"], &fresh["eventsHeldBack"]), (&json!(1), &json!(1)));
            assert!(fresh["heldBackSince"].is_string() && fresh["lagMilliseconds"] == 0, "{fresh}");
        }
        let fresh = app.promoter(3).data(document).await["freshness"].clone();
        for hidden in ["eventsWithWarnings", "eventsHeldBack", "heldBackSince"] {
            assert_eq!(fresh[hidden], Value::Null, "{hidden}");
        }
        let metrics = app.admin().get("/metrics").await.text;
        for line in
            ["promograph_events_with_warnings 1", "promograph_events_held_back 1", "promograph_projector_lag_seconds 0"]
        {
            assert!(metrics.lines().any(|written| written == line), "{line}: {metrics}");
        }
        let ready = app.anonymous().get("/ready").await.body["projector"].clone();
        assert_eq!(ready, json!({"pending": 0, "pendingIsCapped": false, "oldestPendingAgeMs": 0, "heldBack": 1}));
    })
    .await;
}

#[tokio::test]
async fn the_command_line_lists_and_shows_them() {
    on_both(async |test: TestDatabase| {
        let app = app(&test).await;
        let listed = async |filter: EventFilter| {
            let mut out = Vec::new();
            list(&app.database, &filter, 10, &mut out).await.unwrap();
            String::from_utf8(out).unwrap()
        };
        let warned = listed(EventFilter { warnings: true, ..EventFilter::default() }).await;
        assert!(warned.lines().count() == 2 && warned.contains(WARNING), "{warned}");
        let all = listed(EventFilter::default()).await;
        assert!(
            all.lines().count() == 4 && all.contains("held back: event.created_at") && all.contains("; since 20"),
            "{all}"
        );
        let id = warned.lines().nth(1).unwrap().split_whitespace().next().unwrap();
        let mut shown = Vec::new();
        show(&app.database, id, false, &mut shown).await.unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains(&format!("warning       {WARNING}\n")), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn amounts_with_a_unit_are_decimals_and_sales_are_minor_units() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let reward = |id: i64, amount: Value| {
            let data = json!({"id": id, "amount": amount, "unit": "discount_per", "conversion_amount": 4999, "promoter": {
                "id": 3, "current_balance": {"cash": 12.5, "discount_per": "7.5", "credits": 1e2, "points": -3},
            }});
            json!({"event": {"id": id, "type": "reward_created", "created_at": "2025-03-01T00:00:00Z"}, "data": data})
        };
        for (id, amount) in (1..).zip([json!(12.5), json!("7.5"), json!(-100), json!("1e2"), json!(0.0001)]) {
            app.deliver(reward(id, amount).to_string()).await;
        }
        app.settle().await;
        let balances = "{ balances(orderBy: [{field: AMOUNT}]) { nodes { unit amount } } }";
        let nodes = app.admin().data(balances).await["balances"]["nodes"].clone();
        let balance = |unit: &str, amount: &str| json!({"unit": unit, "amount": amount});
        let expected = [
            balance("POINTS", "-3"),
            balance("DISCOUNT_PER", "7.5"),
            balance("CASH", "12.5"),
            balance("CREDITS", "100"),
        ];
        assert_eq!(nodes, json!(expected));
        let amounts = async |arguments: &str| {
            let document = format!("{{ commissions({arguments}) {{ nodes {{ amount saleAmount }} pageInfo {{ endCursor }} }} }}");
            let page = app.admin().data(&document).await["commissions"].clone();
            let nodes = page["nodes"].as_array().unwrap().iter();
            assert!(nodes.clone().all(|node| node["saleAmount"] == 4999));
            let amounts = nodes.map(|node| node["amount"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            (amounts, page["pageInfo"]["endCursor"].as_str().unwrap_or_default().to_owned())
        };
        let order = "orderBy: [{field: AMOUNT, direction: DESC}]";
        let (first, cursor) = amounts(&format!("{order}, first: 2")).await;
        let (rest, _) = amounts(&format!(r#"{order}, after: "{cursor}""#)).await;
        assert_eq!((first, rest), (strings(&["100", "12.5"]), strings(&["7.5", "0.0001", "-100"])));
        for (filter, expected) in [
            (r#"eq: "7.5""#, &["7.5"][..]),
            ("gt: 7.5, lt: 100", &["12.5"]),
            (r#"in: ["100", "0.0001"]"#, &["100", "0.0001"]),
        ] {
            let found = amounts(&format!("{order}, filter: {{ amount: {{ {filter} }} }}")).await.0;
            assert_eq!(found, strings(expected), "{filter}");
        }
    })
    .await;
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn a_deletion_without_a_usable_time_is_dated_by_the_mirror() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        for (id, time) in [(7, "soon"), (8, "2025-03-01T00:00:00Z")] {
            let event = json!({"event_id": id, "event_type": "referral.deleted", "entity_id": id, "timestamp": time});
            app.deliver(event.to_string()).await;
        }
        app.settle().await;
        let document = "{ leads(includeDeleted: true, orderBy: [{field: ID}]) { nodes { deletedAt updatedAt } } }";
        let leads = app.admin().data(document).await["leads"]["nodes"].clone();
        assert_eq!(leads[0]["deletedAt"], leads[0]["updatedAt"]);
        assert_eq!(leads[1]["deletedAt"], "2025-03-01T00:00:00.000Z");
        for (filter, expected) in
            [(r#"lt: "2000-01-01T00:00:00Z""#, 0), (r#"gt: "2026-01-01T00:00:00Z""#, 1), ("isNull: true", 0)]
        {
            let document =
                format!("{{ leads(includeDeleted: true, filter: {{ deletedAt: {{ {filter} }} }}) {{ totalCount }} }}");
            assert_eq!(app.admin().data(&document).await["leads"]["totalCount"], expected, "{filter}");
        }
        assert_eq!(app.admin().data("{ leads { totalCount } }").await["leads"]["totalCount"], 0);
    })
    .await;
}
