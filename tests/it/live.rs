//! Live data: what is sent to whom, and how it ends.

use promograph::auth::Viewer;
use serde_json::{Value, json};

use crate::support::{TestApp, fixture};

mod documents;
mod ending;
mod executor;
mod found;
mod hidden;
mod limits;
mod named;
mod nodes;
mod outages;
mod resuming;
mod rows;
mod sse;
mod subscriptions_transport_ws;
mod subscriptions_transport_ws_ends;
mod webhook_events;

/// A webhook v1 about a lead of a promoter. Events with a larger number are later.
fn lead(number: i64, id: i64, promoter: i64, state: &str) -> Value {
    let minute = number % 60;
    let created_at = format!("2025-03-01T{:02}:{minute:02}:00Z", number / 60);
    json!({
        "event": { "id": number, "type": "lead_signup", "created_at": created_at },
        "data": {
            "id": id, "state": state, "email": format!("lead-{id}@customer.example"),
            "promoter": { "id": promoter, "email": format!("promoter-{promoter}@partners.example") },
        },
    })
}

/// Delivers an event and applies it.
async fn tell(app: &TestApp, event: Value) {
    app.deliver(event.to_string()).await;
    app.settle().await;
}

async fn tell_fixture(app: &TestApp, name: &str) {
    app.deliver(fixture(name)).await;
    app.settle().await;
}

/// The admin's token.
fn admin(app: &TestApp) -> String {
    app.token_of(Viewer::Admin)
}

/// The opaque id of a row.
fn id(kind: &str, key: i64) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(format!("{kind}:{key}"))
}

const LEADS: &str = "subscription { leadChanged { lead { firstPromoterId state } lastEventId } }";

/// The leads' ids and states in a message of [`LEADS`].
fn seen(data: &Value) -> (i64, &str) {
    let lead = &data["leadChanged"]["lead"];
    (lead["firstPromoterId"].as_i64().unwrap(), lead["state"].as_str().unwrap())
}
