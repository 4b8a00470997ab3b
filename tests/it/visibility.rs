//! Who sees what.

pub mod fields;
mod hidden;
mod live;
mod payouts;
mod refused;

use std::collections::BTreeSet;

use promograph::graphql::sdl;
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase,
    example::{self, LEO, MIRA},
    on_both,
};

/// What a kind of viewer gets for a root field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected {
    /// This many rows, or any answer that is no list.
    Rows(usize),
    /// An answer that is not null.
    Some,
    /// Null without an error.
    Null,
    /// Null with this code.
    ErrorCode(&'static str),
}

use Expected::{ErrorCode, Null, Rows, Some as Something};

const FORBIDDEN: Expected = ErrorCode("FORBIDDEN");

/// Root field, its document, and what admin, analyst, Leo (a promoter with a commission of the second
/// tier) and a promoter without any row get. Without a token there is nothing: see below.
pub const TABLE: &[(&str, &str, [Expected; 4])] = &[
    ("viewer", "viewer { role }", [Something; 4]),
    ("freshness", "freshness { lastReceivedAt }", [Something; 4]),
    ("node", r#"node(id: "cHJvbW90ZXI6NTEwMDAwMQ") { id }"#, [Something, Something, Null, Null]),
    ("nodes", r#"nodes(ids: ["cHJvbW90ZXI6NTEwMDAwMQ"]) { id }"#, [Something; 4]),
    ("promoter", "promoter(firstPromoterId: 5100001) { id }", [Something, Something, Null, Null]),
    ("promoters", "promoters { nodes { id } }", [Rows(4), Rows(4), Rows(1), Rows(0)]),
    ("profile", r#"profile(id: "cHJvZmlsZTo1MTAwMDAx") { id }"#, [Something, Something, Null, Null]),
    ("profiles", "profiles { nodes { id } }", [Rows(4), Rows(4), Rows(1), Rows(0)]),
    ("balance", r#"balance(id: "YmFsYW5jZTozOTIwMTY0OmVhcm5lZDpjYXNo") { id }"#, [Something, Something, Null, Null]),
    (
        "balances",
        "balances(filter: { promoter: { firstPromoterId: { eq: 3920164 } } }) { nodes { id } }",
        [Rows(3), Rows(3), Rows(0), Rows(0)],
    ),
    ("campaign", "campaign(firstPromoterId: 41001) { id }", [Something, Something, Something, Null]),
    ("campaigns", "campaigns { nodes { id } }", [Rows(2), Rows(2), Rows(1), Rows(0)]),
    ("promotion", "promotion(firstPromoterId: 6100001) { id }", [Something, Something, Null, Null]),
    (
        "promotions",
        "promotions(filter: { campaign: { firstPromoterId: { eq: 41001 } } }) { nodes { id } }",
        [Rows(2), Rows(2), Rows(1), Rows(0)],
    ),
    ("offer", "offer(firstPromoterId: 67212) { id }", [Something, Something, Null, Null]),
    (
        "offers",
        "offers(filter: { firstPromoterId: { eq: 67212 } }) { nodes { id } }",
        [Rows(1), Rows(1), Rows(0), Rows(0)],
    ),
    ("reward", "reward(firstPromoterId: 128312) { id }", [Something, Something, Null, Null]),
    (
        "rewards",
        "rewards(filter: { firstPromoterId: { eq: 128312 } }) { nodes { id } }",
        [Rows(1), Rows(1), Rows(0), Rows(0)],
    ),
    ("lead", "lead(firstPromoterId: 30100001) { id }", [Something, Something, Null, Null]),
    ("leads", "leads { nodes { id } }", [Rows(2), Rows(2), Rows(0), Rows(0)]),
    ("commission", "commission(firstPromoterId: 14100002) { id }", [Something, Something, Something, Null]),
    ("commissions", "commissions { nodes { id } }", [Rows(2), Rows(2), Rows(1), Rows(0)]),
    ("payout", "payout(firstPromoterId: 2710001) { id }", [Something, Something, Null, Null]),
    ("payouts", "payouts { nodes { id } }", [Rows(2), Rows(2), Rows(0), Rows(0)]),
    ("payoutMethod", "payoutMethod(firstPromoterId: 810001) { id }", [Something, Something, Null, Null]),
    ("payoutMethods", "payoutMethods { nodes { id } }", [Rows(1), Rows(1), Rows(0), Rows(0)]),
    ("paymentsBatch", "paymentsBatch(firstPromoterId: 61001) { id }", [Something, Something, Null, Null]),
    ("paymentsBatches", "paymentsBatches { nodes { id } }", [Rows(1), Rows(1), Rows(0), Rows(0)]),
    ("contractDocument", "contractDocument(firstPromoterId: 910001) { id }", [Something, Something, Null, Null]),
    ("contractDocuments", "contractDocuments { nodes { id } }", [Rows(1), Rows(1), Rows(0), Rows(0)]),
    ("webhookEvent", r#"webhookEvent(id: "d2ViaG9va0V2ZW50Ong") { id }"#, [Null, FORBIDDEN, FORBIDDEN, FORBIDDEN]),
    ("webhookEvents", "webhookEvents { nodes { id } }", [Rows(19), FORBIDDEN, FORBIDDEN, FORBIDDEN]),
    ("performance", "performance { totals { activeCustomers } }", [Something; 4]),
    ("leadCohorts", "leadCohorts { size }", [Something; 4]),
    ("measures", "measures { name }", [Something; 4]),
    (
        "replayEvents",
        "replayEvents(input: { types: [\"none\"] }) { replayed }",
        [Something, FORBIDDEN, FORBIDDEN, FORBIDDEN],
    ),
];

/// The fields of a type, read from the schema's text: arguments stand on deeper lines.
fn fields_of(name: &str) -> Vec<String> {
    let sdl = sdl();
    let start = sdl.find(&format!("type {name} {{")).expect("the type is in the schema");
    let body = &sdl[start..start + sdl[start..].find("\n}").unwrap()];
    let fields = body.lines().filter_map(|line| line.strip_prefix("  "));
    let fields = fields.filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
    let names = fields.filter_map(|line| line.split(['(', ':']).next().filter(|name| !name.contains(' ')));
    names.map(str::to_owned).collect()
}

/// The root fields of queries and mutations; those of subscriptions have a table of their own.
fn root_fields() -> BTreeSet<String> {
    [fields_of("Query"), fields_of("Mutation")].concat().into_iter().collect()
}

#[test]
fn every_root_field_has_a_row_in_the_table() {
    let rows: BTreeSet<_> = TABLE.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(rows, root_fields());
    let empty: Vec<_> = TABLE.iter().filter(|(.., expected)| expected[0] == Rows(0)).map(|(name, ..)| *name).collect();
    assert!(empty.is_empty(), "a list without rows hides from nobody: let tests/it/support/example.rs tell {empty:?}");
}

#[tokio::test]
async fn every_viewer_gets_what_the_table_says() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        let clients = [app.admin(), app.analyst(false), app.promoter(LEO), app.promoter(1)];
        for (name, field, expected) in TABLE {
            let operation = if *name == "replayEvents" { "mutation" } else { "query" };
            let document = format!("{operation} {{ {field} }}");
            for (index, (client, expected)) in clients.iter().zip(expected).enumerate() {
                let answer = client.query(&document).await;
                let value = &answer.body["data"][name];
                let codes = answer.codes();
                let got = match (codes.first(), value) {
                    (Some(code), Value::Null) => matches!(expected, ErrorCode(wanted) if wanted == code),
                    (None, Value::Null) => *expected == Null,
                    (None, value) => match value["nodes"].as_array() {
                        Some(nodes) => *expected == Rows(nodes.len()),
                        None => *expected == Something,
                    },
                    _ => false,
                };
                assert!(got, "{name} for viewer {index}: expected {expected:?}, got {}", answer.text);
            }
            let answer = app.anonymous().query(&document).await;
            assert_eq!((answer.status.as_u16(), answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn contact_data_needs_the_right_to_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let document = "{ lead(firstPromoterId: 30100001) { email uid suspicion promoter { email note profile { lastName } } } }";
        let full = json!({ "lead": {
            "email": "anna@customer.example", "uid": "cus_Anna01", "suspicion": "SELF_REFERRAL",
            "promoter": { "email": "mira.okafor@partners.example", "note": full_note(&app).await, "profile": { "lastName": last_name(&app).await } },
        } });
        assert_eq!(app.analyst(true).data(document).await, full);
        let masked = app.analyst(false).data(document).await;
        assert_eq!(masked["lead"]["email"], json!("a***@customer.example"));
        assert_eq!(masked["lead"]["uid"], Value::Null);
        assert_eq!(masked["lead"]["suspicion"], json!("SELF_REFERRAL"));
        assert_eq!(masked["lead"]["promoter"]["profile"], json!({ "lastName": null }));
        for refused in [
            r#"{ leads(filter: { email: { startsWith: "a" } }) { totalCount } }"#,
            "{ leads(filter: { promoter: { email: { isNull: false } } }) { totalCount } }",
            "{ leads(orderBy: { field: EMAIL }) { totalCount } }",
            r#"{ lead(email: "anna@customer.example") { id } }"#,
            r#"{ promoter(custId: "x") { id } }"#,
        ] {
            assert_eq!(app.analyst(false).query(refused).await.codes(), ["FORBIDDEN"], "{refused}");
            assert!(app.analyst(true).query(refused).await.codes().is_empty(), "{refused}");
        }
    })
    .await;
}

async fn full_note(app: &TestApp) -> Value {
    app.admin().data("{ promoter(firstPromoterId: 5100001) { note } }").await["promoter"]["note"].clone()
}

async fn last_name(app: &TestApp) -> Value {
    let document = "{ profile(id: \"cHJvZmlsZTo1MTAwMDAx\") { lastName } }";
    app.admin().data(document).await["profile"]["lastName"].clone()
}

#[tokio::test]
async fn a_promoter_sees_of_parent_and_children_their_id_and_no_more() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let below = "id firstPromoterId email status joinedAt parentId profile { id } leads { totalCount }
            promotions { totalCount } commissions { totalCount } children { totalCount }";
        let document = format!("{{ viewer {{ promoter {{ parentId children {{ totalCount nodes {{ {below} }} }} parent {{ {below} }} }} }} }}");
        let nothing = json!({ "totalCount": 0 });
        let child = app.promoter(LEO).data(&document).await;
        assert_eq!(
            child["viewer"]["promoter"]["children"],
            json!({ "totalCount": 1, "nodes": [{
                "id": "cHJvbW90ZXI6NTEwMDAwMQ", "firstPromoterId": MIRA, "email": null, "status": null, "joinedAt": null,
                "parentId": null, "profile": null, "leads": nothing, "promotions": nothing, "commissions": nothing,
                "children": nothing,
            }] })
        );
        let parent = app.promoter(MIRA).data(&document).await;
        assert_eq!(parent["viewer"]["promoter"]["parentId"], json!("cHJvbW90ZXI6NTEwMDAwMg"));
        assert_eq!(
            parent["viewer"]["promoter"]["parent"],
            json!({
                "id": "cHJvbW90ZXI6NTEwMDAwMg", "firstPromoterId": LEO, "email": null, "status": null, "joinedAt": null,
                "parentId": null, "profile": null, "leads": nothing, "promotions": nothing, "commissions": nothing,
                "children": nothing,
            })
        );
    })
    .await;
}

#[tokio::test]
async fn the_earner_of_a_higher_tier_does_not_see_the_lead() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        let document = "{ commissions { nodes { firstPromoterId tier leadId lead { id } promoterId } } }";
        assert_eq!(
            app.promoter(LEO).data(document).await["commissions"]["nodes"],
            json!([{ "firstPromoterId": 14_100_002, "tier": 2, "leadId": null, "lead": null, "promoterId": "cHJvbW90ZXI6NTEwMDAwMg" }])
        );
        for (filter, count) in [("{ lead: {} }", 0), ("{ leadId: { isNull: false } }", 0), ("{ leadId: { isNull: true } }", 1)] {
            let document = format!("{{ commissions(filter: {filter}) {{ totalCount }} }}");
            let data = app.promoter(LEO).data(&document).await;
            assert_eq!(data["commissions"]["totalCount"], json!(count), "{filter}");
        }
    })
    .await;
}
