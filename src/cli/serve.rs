//! `promograph serve`: builds the server from its settings, runs it, and shuts it down.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::Args;
use tokio::{net::TcpListener, signal::unix, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::{
        Authenticator,
        identity::{KeySource, Provider, ProviderRules},
    },
    cli::issue_hint::IssueHint,
    graphql::{Api, ApiConfig, TrustedDocuments},
    http::{self, AppState, ConnectionLimiter, Live, Metrics, OidcClient, Readiness, SignIn, UnauthenticatedLimiter},
    inbox::Inbox,
    intake::Intake,
    limits::{ConnectionLimits, LiveLimits, RateLimits, RequestLimits},
    projection::{Changes, ProjectorConfig},
    settings::{AuthArgs, DatabaseArgs, DocumentArgs, IdentityArgs, ServerArgs, WebhookArgs, reachable},
    telemetry::LogArgs,
    webhook::WebhookState,
};

mod background;
mod greeting;
mod startup;

use background::{Background, StopTokens};
use startup::Storage;

/// How long running requests may take to end after the stop: longer than any timeout of a request that was received in
/// full.
const REQUESTS_TIMEOUT: Duration = Duration::from_secs(15);
/// How long `WebSocket`s may then take to close.
const WEBSOCKETS_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the database may then take to finish what was begun. With [`REQUESTS_TIMEOUT`] it stays below the 30 s after
/// which orchestrators kill a process.
const WRITES_TIMEOUT: Duration = Duration::from_secs(5);

/// `promograph serve`.
#[derive(Args, Debug)]
pub struct ServeCommand {
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    /// Do not migrate the database; refuse to start if a migration is missing
    #[arg(long)]
    no_migrate: bool,
    #[command(flatten)]
    webhook: WebhookArgs,
    #[command(flatten)]
    auth: AuthArgs,
    #[command(flatten)]
    identity: IdentityArgs,
    #[command(flatten)]
    documents: DocumentArgs,
    #[command(flatten)]
    limits: RequestLimits,
    #[command(flatten)]
    rates: RateLimits,
    #[command(flatten)]
    connections: ConnectionLimits,
    #[command(flatten)]
    live: LiveLimits,
    #[command(flatten)]
    log: LogArgs,
}

/// What the settings name outside of the database, read and checked.
struct Checked {
    provider: Option<(KeySource, ProviderRules)>,
    client: Option<OidcClient>,
    trusted_documents: Option<TrustedDocuments>,
}

/// The server, built and not yet running.
struct Server {
    state: AppState,
    inbox: Inbox,
    intake: Intake,
    changes: Changes,
    provider: Option<Provider>,
    connection_limiter: Arc<ConnectionLimiter>,
    issue_hint: IssueHint,
    webhook_token: String,
}

impl ServeCommand {
    /// Serves until the process is told to stop.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        // Dropped at the end, it writes the last lines.
        let _log = super::start_log_in_background(&self.log);
        // A refused start leaves nothing behind: what can be checked without the database is checked first.
        let checked = self.check()?;
        let listener = self.listen().await?;
        let (stop, mut background) = (StopTokens::default(), Background::default());
        let mut storage = startup::open(&self.database, !self.no_migrate, &background, &stop).await?;
        let server = self.build(checked, &storage, &stop)?;
        storage.lock.keep();
        stop_on_signals(stop.requests.clone())?;
        let projector = ProjectorConfig::beside_inbox(&storage.db, self.webhook.id_space());
        background.spawn(&server, &storage, &stop, projector, self.database.database_direct_url.clone());
        self.greet(&listener, &server, &storage)?;
        self.serve(listener, &server, &mut background, &stop).await?;
        shut_down(&server.inbox, &storage, background, &stop).await?;
        Ok(ExitCode::SUCCESS)
    }

    fn check(&self) -> anyhow::Result<Checked> {
        self.webhook.check(&self.database)?;
        self.auth.check(&self.database)?;
        let provider = self.identity.provider(&self.auth)?;
        let client = self.identity.client(provider.as_ref().map(|(_, rules)| rules))?;
        Ok(Checked { provider, client, trusted_documents: self.trusted_documents()? })
    }

    fn trusted_documents(&self) -> anyhow::Result<Option<TrustedDocuments>> {
        let Some(manifest) = self.documents.manifest()? else { return Ok(None) };
        let trusted = TrustedDocuments::parse(&manifest, self.documents.trusted_documents_mode, &self.limits);
        trusted.map(Some).map_err(anyhow::Error::msg).context("PROMOGRAPH_TRUSTED_DOCUMENTS")
    }

    async fn listen(&self) -> anyhow::Result<TcpListener> {
        let listen = self.server.listen;
        listen.bind().await.with_context(|| format!("PROMOGRAPH_LISTEN: cannot listen on {listen}"))
    }

    /// Puts the parts together. Generates the secrets that are not set.
    fn build(&self, checked: Checked, storage: &Storage, stop: &StopTokens) -> anyhow::Result<Server> {
        let db = &storage.db;
        let webhook = self.webhook.access(&self.database)?;
        let token_rules = self.auth.rules(&self.database)?;
        let issue_hint = IssueHint::new(&self.database, &self.auth);
        let provider = checked.provider.map(|(keys, rules)| Provider::new(keys, rules));
        let authenticator = Authenticator::new(token_rules, db.clone()).with_provider(provider.clone());
        let inbox = Inbox::start(db.clone(), stop.inbox.clone());
        let intake = Intake::new(inbox.clone(), storage.spool.clone(), storage.ready.clone());
        let changes = Changes::new();
        db.read.set_statement_timeout(Api::statement_timeout(&self.limits));
        let connection_limiter = ConnectionLimiter::new(self.connections.max_connections);
        let state = AppState {
            db: db.clone(),
            api: Api::new(ApiConfig {
                db: db.clone(),
                limits: self.limits.clone(),
                currency: self.server.currency.clone(),
                trusted_documents: checked.trusted_documents,
                rate_points: self.rates.rate_points,
                changes: changes.clone(),
                replay_rows: self.live.replay,
                wake: inbox.wake(),
                spool: storage.spool.clone(),
            }),
            live: Live::new(self.live.clone(), authenticator.clone(), stop.requests.clone()),
            authenticator,
            unauthenticated: UnauthenticatedLimiter::new(&self.rates),
            webhook: WebhookState::new(intake.clone(), webhook.endpoints, webhook.secrets)?
                .with_body_limit(self.webhook.webhook_body_bytes)
                .with_body_timeout(self.connections.body_timeout),
            body_timeout: self.connections.body_timeout,
            cors_origins: self.server.cors_origins.clone(),
            cors_headers: self.server.cors_headers.clone(),
            sign_in: Arc::new(SignIn {
                token_command: Some(issue_hint.as_analyst().to_string()),
                client: checked.client,
            }),
            access_log: self.server.log_requests.clone(),
            metrics: Metrics::default(),
            readiness: Readiness::new(db.clone(), intake.clone()),
            connection_limiter: Some(Arc::clone(&connection_limiter)),
        };
        let webhook_token = webhook.token.expose().to_owned();
        Ok(Server { state, inbox, intake, changes, provider, connection_limiter, issue_hint, webhook_token })
    }

    fn greet(&self, listener: &TcpListener, server: &Server, storage: &Storage) -> anyhow::Result<()> {
        let database = if storage.db.is_sqlite() { "SQLite" } else { "PostgreSQL" };
        tracing::info!(address = %listener.local_addr()?, database, "listening");
        let address = reachable(listener)?;
        greeting::print(address, &server.webhook_token, &server.issue_hint, self.log.log_format);
        Ok(())
    }

    /// Serves until the stop, then until running requests have ended or [`REQUESTS_TIMEOUT`] is over.
    async fn serve(
        &self,
        listener: TcpListener,
        server: &Server,
        background: &mut Background,
        stop: &StopTokens,
    ) -> anyhow::Result<()> {
        let router = http::router(server.state.clone());
        let limiter = Arc::clone(&server.connection_limiter);
        let accepting = async {
            http::serve(listener, router, &self.connections, limiter, &stop.requests).await;
            // WebSockets are not requests any more; they were told to close when the requests were.
            if timeout(WEBSOCKETS_TIMEOUT, server.state.live.ended()).await.is_err() {
                tracing::warn!("gave up waiting for WebSockets to close");
            }
        };
        tokio::select! {
            () = accepting => Ok(()),
            () = stopped_for(&stop.requests, REQUESTS_TIMEOUT) => {
                tracing::warn!("gave up waiting for requests to end");
                Ok(())
            }
            // A server without it would store events that nobody applies: a supervisor should restart the process.
            () = background.projector_ended() => anyhow::bail!("the projector ended, which is a bug in Promograph"),
        }
    }
}

/// Finishes what was begun, in the order in which one part feeds the next, for at most [`WRITES_TIMEOUT`].
async fn shut_down(inbox: &Inbox, storage: &Storage, background: Background, stop: &StopTokens) -> anyhow::Result<()> {
    // No request is left: nothing is added to what the inbox and the spool hold now.
    stop.drainer.cancel();
    stop.inbox.cancel();
    let finish = async {
        let rest = background.drainer_ended().await?;
        if let Some(spool) = &storage.spool {
            spool.close().await?;
        }
        inbox.stopped().await;
        stop.background.cancel();
        rest.ended().await;
        storage.db.close().await
    };
    // What was answered is durable already: giving up loses nothing.
    if let Ok(finished) = timeout(WRITES_TIMEOUT, finish).await {
        finished?;
    } else {
        tracing::warn!("gave up waiting for the database");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The first `SIGTERM`, `SIGINT` or `SIGHUP` (the terminal was closed) cancels `stop`; the second ends the process at
/// once.
fn stop_on_signals(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
    let mut hangup = unix::signal(unix::SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hangup.recv() => {}
            }
            if stop.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!("stopping: finishing requests, then writing what was received");
            stop.cancel();
        }
    });
    Ok(())
}

async fn stopped_for(stop: &CancellationToken, duration: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(duration).await;
}
