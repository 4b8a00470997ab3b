//! Posting webhooks to the real routes with the real inbox.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use entity::webhook_event;
use promograph::{
    database::Database,
    inbox::Inbox,
    webhook::{Endpoints, SigningSecrets, WebhookState, router},
};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// The token of the endpoint that [`Webhooks::new`] opens.
pub const TOKEN: &str = "webhook-token-of-the-tests";

/// One webhook receiver.
pub struct Webhooks {
    pub router: Router,
    pub state: WebhookState,
    inbox: Inbox,
    database: Database,
}

/// What was answered.
#[derive(Debug)]
pub struct Answered {
    pub code: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Webhooks {
    /// With one endpoint in the default mode, and no secret.
    pub fn new(database: &Database) -> Self {
        Self::with(database, TOKEN, "")
    }

    /// With these settings.
    pub fn with(database: &Database, tokens: &str, secrets: &str) -> Self {
        let inbox = Inbox::start(database.clone(), CancellationToken::new());
        let (endpoints, secrets) = (Endpoints::parse(tokens).unwrap(), SigningSecrets::parse(secrets).unwrap());
        let state = WebhookState::new(inbox.clone(), endpoints, secrets).unwrap();
        Self { router: router(state.clone()), state, inbox, database: database.clone() }
    }

    /// Receives the ids of new events.
    pub fn subscribe(&self) -> tokio::sync::broadcast::Receiver<std::sync::Arc<[String]>> {
        self.inbox.subscribe()
    }

    /// A genuine delivery of JSON.
    pub async fn deliver(&self, body: impl Into<Body>) -> Answered {
        self.post(&format!("/webhooks/firstpromoter/{TOKEN}"), &[("content-type", "application/json")], body).await
    }

    /// Any POST.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answered {
        self.request("POST", path, headers, body).await
    }

    /// Any request.
    pub async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1024 * 1024).await.unwrap();
        Answered { code: parts.status, headers: parts.headers, body: serde_json::from_slice(&body).unwrap() }
    }

    /// Everything that is stored, oldest first.
    pub async fn events(&self) -> Vec<webhook_event::Model> {
        webhook_event::Entity::find().order_by_asc(webhook_event::Column::Id).all(&self.database.read).await.unwrap()
    }
}

/// All payloads of `tests/fixtures/webhooks`, of v1 and v2.
pub fn all_fixtures() -> Vec<String> {
    let mut bodies = Vec::new();
    for folder in ["", "v2/"] {
        let path = format!("{}/tests/fixtures/webhooks/{folder}", env!("CARGO_MANIFEST_DIR"));
        let names = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
        names.sort_unstable();
        bodies.extend(names.iter().map(|name| fixture(&format!("{folder}{name}"))));
    }
    bodies
}

/// A payload from `tests/fixtures/webhooks`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/webhooks/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
