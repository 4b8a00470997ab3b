//! The whole server in the process: a database of its own, the real routes, the real inbox.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, StatusCode},
};
use promograph::{
    auth::{
        Authenticator, SigningKey, TokenRules, Viewer, issued,
        token::{self, NewToken},
    },
    database::Database,
    graphql::{Api, ApiConfig},
    http::{AccessLog, AppState, ConnectionLimiter, Live, Metrics, Readiness, UnauthenticatedLimiter, router, serve},
    inbox::Inbox,
    limits::{ConnectionLimits, LiveLimits, RateLimits, RequestLimits},
    projection::{Changes, OutcomeCounts, drain, notice_writer},
    secret::Secret,
    time::now_ms,
    webhook::{Endpoints, SigningSecrets, WebhookState},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{TOKEN, TestDatabase, live::EventStream};

/// Sets the limits per minute.
pub fn set_rates(state: &mut AppState, rates: &RateLimits) {
    state.api = Api::new(ApiConfig { rate_points: rates.rate_points, ..state.api.config().clone() });
    state.unauthenticated = UnauthenticatedLimiter::new(rates);
}

/// A server without a socket, on the database of a test.
pub struct TestApp {
    pub database: Database,
    pub changes: Changes,
    /// Cancelled, it stops as on a signal.
    pub stop: CancellationToken,
    router: Router,
    rules: TokenRules,
}

/// A kind of user who asks the server.
pub struct Client {
    router: Router,
    token: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body as JSON, or as a string if it is none.
    pub body: Value,
    /// The body as it was written.
    pub text: String,
}

impl TestApp {
    pub fn new(test: &TestDatabase) -> Self {
        Self::with(test, RequestLimits::default(), |_| {})
    }

    /// With other settings of live data.
    pub fn with_live(test: &TestDatabase, change: impl FnOnce(&mut LiveLimits)) -> Self {
        let mut live = LiveLimits::default();
        change(&mut live);
        Self::build(test, RequestLimits::default(), live, |_| {})
    }

    /// With other limits, or a changed state.
    pub fn with(test: &TestDatabase, limits: RequestLimits, change: impl FnOnce(&mut AppState)) -> Self {
        Self::build(test, limits, LiveLimits::default(), change)
    }

    fn build(test: &TestDatabase, limits: RequestLimits, live: LiveLimits, change: impl FnOnce(&mut AppState)) -> Self {
        let database = test.database.clone();
        let key = SigningKey::hs256(&Secret::new("0123456789abcdef0123456789abcdef")).unwrap();
        let rules = TokenRules { key, issuer: None, audience: None };
        let inbox = Inbox::start(database.clone(), CancellationToken::new());
        let (endpoints, secrets) = (Endpoints::parse(TOKEN).unwrap(), SigningSecrets::parse("").unwrap());
        let webhook = WebhookState::new(inbox.clone(), endpoints, secrets).unwrap();
        let authenticator = Authenticator::new(rules.clone(), database.clone());
        let (changes, stop) = (Changes::new(), CancellationToken::new());
        tokio::spawn(notice_writer::run(database.clone(), inbox.subscribe(), changes.clone(), stop.clone()));
        database.read.set_statement_timeout(Api::statement_timeout(&limits));
        let (body_timeout, wake) = (ConnectionLimits::default().body_timeout, inbox.wake());
        let mut state = AppState {
            db: database.clone(),
            api: Api::new(ApiConfig { limits, wake, ..ApiConfig::new(database.clone()) }),
            live: Live::new(LiveLimits::default(), authenticator.clone(), stop.clone()),
            authenticator,
            unauthenticated: UnauthenticatedLimiter::new(&RateLimits::default()),
            readiness: Readiness::new(database.clone(), webhook.intake().clone()),
            webhook,
            body_timeout,
            cors_origins: Vec::new(),
            cors_headers: Vec::new(),
            sign_in: Arc::default(),
            access_log: AccessLog::default(),
            metrics: Metrics::default(),
            connection_limiter: None,
        };
        change(&mut state);
        // Last: the test may have replaced the API or the authenticator.
        let config = state.api.config().clone();
        state.api = Api::new(ApiConfig { changes: changes.clone(), replay_rows: live.replay, ..config });
        state.live = Live::new(live, state.authenticator.clone(), stop.clone());
        Self { database, changes, stop, router: router(state), rules }
    }

    /// The parts of an API on the database of a test.
    pub fn api_config(test: &TestDatabase) -> ApiConfig {
        ApiConfig::new(test.database.clone())
    }

    /// An API on the database of a test, without the rest of a server.
    pub fn api(test: &TestDatabase) -> Api {
        Api::new(Self::api_config(test))
    }

    /// Delivers a webhook that must be accepted.
    pub async fn deliver(&self, body: impl Into<Body>) -> Answer {
        let path = format!("/webhooks/firstpromoter/{TOKEN}");
        let request = Request::post(path)
            .header("host", "test")
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        let answer = send(&self.router, request).await;
        assert!(answer.status.is_success(), "{answer:?}");
        answer
    }

    /// Applies everything that is pending.
    pub async fn settle(&self) -> OutcomeCounts {
        drain(&self.database, &self.changes, now_ms()).await.unwrap()
    }

    pub fn anonymous(&self) -> Client {
        Client { router: self.router.clone(), token: None }
    }

    /// Shows this token, whatever it is.
    pub fn bearer(&self, token: &str) -> Client {
        Client { router: self.router.clone(), token: Some(token.to_owned()) }
    }

    pub fn admin(&self) -> Client {
        self.client(Viewer::Admin)
    }

    /// An admin with a token that lasts so many seconds.
    pub fn admin_until(&self, seconds: i64) -> Client {
        self.bearer(&self.token_until("of-a-test", Viewer::Admin, seconds))
    }

    pub fn analyst(&self, pii: bool) -> Client {
        self.client(Viewer::Analyst { pii })
    }

    pub fn promoter(&self, id: i64) -> Client {
        self.client(Viewer::Promoter { id })
    }

    /// A user with a token that somebody minted who has the key.
    pub fn client(&self, viewer: Viewer) -> Client {
        self.bearer(&self.token("of-a-test", viewer))
    }

    /// Listens on a port, for what needs a socket.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (router, stop) = (self.router.clone(), self.stop.clone());
        let settings = ConnectionLimits::default();
        let limiter = ConnectionLimiter::new(settings.max_connections);
        tokio::spawn(async move { serve(listener, router, &settings, limiter, &stop).await });
        address
    }

    /// A token of this kind of user.
    pub fn token_of(&self, viewer: Viewer) -> String {
        self.token("of-a-test", viewer)
    }

    /// A token that ends after so many seconds.
    pub fn token_for(&self, viewer: Viewer, seconds: i64) -> String {
        self.token_until("of-a-test", viewer, seconds)
    }

    /// A token that is in the table, and its id.
    pub async fn issue(&self, viewer: Viewer) -> (String, String) {
        let (id, now) = (token::new_id(), now_ms());
        issued::record(&self.database, &id, None, viewer, now, now + 3_600_000).await.unwrap();
        (self.token(&id, viewer), id)
    }

    fn token(&self, id: &str, viewer: Viewer) -> String {
        self.token_until(id, viewer, 3600)
    }

    fn token_until(&self, id: &str, viewer: Viewer, seconds: i64) -> String {
        let (issued_at, expires_at) = (now_ms() / 1000, now_ms() / 1000 + seconds);
        let grant = NewToken { viewer, id: id.to_owned(), subject: "test".to_owned(), issued_at, expires_at };
        token::issue(&self.rules, grant).unwrap()
    }
}

impl Client {
    /// Asks `/graphql` without variables.
    pub async fn query(&self, document: &str) -> Answer {
        self.query_with(document, json!({})).await
    }

    /// Asks `/graphql`.
    pub async fn query_with(&self, document: &str, variables: Value) -> Answer {
        self.post(&json!({ "query": document, "variables": variables })).await
    }

    /// The `data` of an answer without errors.
    pub async fn data(&self, document: &str) -> Value {
        self.query(document).await.data()
    }

    /// Posts any JSON to `/graphql`.
    pub async fn post(&self, body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.send("POST", "/graphql", &headers, body.to_string()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], String::new()).await
    }

    /// An operation's event stream.
    pub async fn events(&self, document: &str) -> EventStream {
        let headers = [("content-type", "application/json"), ("accept", "text/event-stream")];
        let response = self.raw("POST", "/graphql", &headers, json!({ "query": document }).to_string()).await;
        assert_eq!(response.status(), StatusCode::OK);
        EventStream::new(response.into_body())
    }

    /// Sends any request, with the token of this user.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        answer(self.raw(method, path, headers, body).await).await
    }

    /// Sends any request, with the token of this user, and leaves the answer's body to be read.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).header("host", "test");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }
}

impl Answer {
    /// The `data` of an answer that must have no errors.
    pub fn data(self) -> Value {
        assert!(self.status.is_success() && self.body.get("errors").is_none(), "{self:?}");
        self.body["data"].clone()
    }

    /// The codes of the errors, in order.
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("(none)")).collect()
    }
}

/// A text as it stands in a query string: every byte escaped.
pub fn escaped(text: &str) -> String {
    let hex = hex::encode(text);
    hex.as_bytes().chunks(2).fold(String::new(), |out, pair| out + "%" + &String::from_utf8_lossy(pair))
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    answer(router.clone().oneshot(request).await.unwrap()).await
}

async fn answer(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = body.unwrap_or_else(|_| Value::String(text.clone()));
    Answer { status: parts.status, headers: parts.headers, body, text }
}
