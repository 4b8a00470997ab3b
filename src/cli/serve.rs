//! `promograph serve`: everything that runs together, and how it ends.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::Args;
use tokio::{signal::unix, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    auth::{Authenticator, identity::Provider},
    cli::token_command::TokenCommand,
    database::{Database, Gate},
    graphql::{Api, ApiConfig, TrustedDocuments},
    http::{self, AppState, ConnectionLimiter},
    inbox::Inbox,
    intake::Intake,
    limits::{ConnectionLimits, LiveLimits, RateLimits, RequestLimits},
    projection::{Changes, Follower, Projector, ProjectorConfig, announcer, listener},
    secret::Secret,
    settings::{AuthArgs, DatabaseArgs, DocumentArgs, IdentityArgs, ServerArgs, WebhookArgs, reachable},
    telemetry::LogArgs,
    time::now_ms,
    webhook::WebhookState,
};

mod greeting;
mod opening;

use opening::Opened;

/// How long requests may take to end once the server is told to stop: longer than any takes that was
/// received in full.
const LAST_REQUESTS: Duration = Duration::from_secs(15);
/// How long a `WebSocket` may take of that to close, after all requests have ended.
const FAREWELL: Duration = Duration::from_secs(3);
/// How long the database may then take to end what was begun. Both together stay below the 30 s that
/// orchestrators wait before they kill.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// `promograph serve`.
#[derive(Args, Debug)]
pub struct ServeCommand {
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    /// Leave the schema alone; refuse to start when a migration is missing
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

impl ServeCommand {
    /// Serves until the process is told to stop.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        super::start_log(&self.log);
        // A start that is refused leaves nothing behind, so all that can be looked at without a database comes first.
        self.webhook.check(&self.database)?;
        self.auth.check(&self.database)?;
        let provider = self.identity.provider(&self.auth)?;
        let trusted_documents = self.trusted_documents()?;
        let listen = self.server.listen;
        let listener = listen.bind().await.with_context(|| format!("PROMOGRAPH_LISTEN: cannot listen on {listen}"))?;
        let (address, reachable) = (listener.local_addr()?, reachable(&listener)?);
        let (background, background_stop) = (TaskTracker::new(), CancellationToken::new());
        let inbox_stop = CancellationToken::new();
        let Opened { db, gate, spool, mut lock } =
            opening::open(&self.database, !self.no_migrate, &background, &background_stop, &inbox_stop).await?;
        let access = self.webhook.access(&self.database)?;
        let rules = self.auth.rules(&self.database)?;
        lock.keep();
        let hint = TokenCommand::of(&self.database, &self.auth);
        let stop = stop_on_signals()?;

        let inbox = Inbox::start(db.clone(), inbox_stop.clone());
        let changes = Changes::new();
        let config = ProjectorConfig::beside_inbox(&db, self.webhook.ids());
        let projector = Projector::new(db.clone(), changes.clone(), config);
        let (wake, opened, projector_stop) = (inbox.wake(), gate.clone(), background_stop.clone());
        let mut projector = background.spawn(async move {
            if opened.wait_unless(&projector_stop).await {
                projector.run(wake, projector_stop).await;
            }
        });
        let direct_url = self.database.database_direct_url.clone();
        tell_changes(&db, &changes, &inbox, &gate, direct_url, &background, &background_stop);
        let intake = match spool.clone() {
            Some(spool) => Intake::with_spool(inbox.clone(), spool, gate),
            None => Intake::from(inbox.clone()),
        };
        let drainer_stop = background_stop.child_token();
        let drainer = background.spawn(intake.clone().drain(drainer_stop.clone()));
        let webhook = WebhookState::new(intake, access.endpoints, access.secrets)?;
        let provider = provider.map(|(keys, expected)| Provider::new(keys, expected));
        if let Some(provider) = provider.clone() {
            let stop = background_stop.clone();
            background.spawn(async move { stop.run_until_cancelled(provider.prepare(now_ms())).await });
        }
        let authenticator = Authenticator::new(rules, db.clone()).with_provider(provider);
        let webhook = webhook.with_body_limit(self.webhook.webhook_body_bytes);
        let state = AppState::new(db.clone(), self.limits, authenticator, webhook, &inbox);
        let mut state = state.with_rates(&self.rates).with_body_timeout(self.connections.body_timeout);
        let currency = self.server.currency.clone();
        state.api = Api::new(ApiConfig { currency, trusted_documents, ..state.api.config().clone() });
        (state.cors_origins, state.cors_headers) = (self.server.cors_origins, self.server.cors_headers);
        state.token_command = Some(hint.as_analyst().to_string().into());
        let limiter = ConnectionLimiter::new(self.connections.max_connections);
        state.connection_limiter = Some(Arc::clone(&limiter));
        let state = state.with_live(self.live, changes.clone(), stop.clone());
        let live = state.live.clone();

        tracing::info!(%address, database = if db.is_sqlite() { "SQLite" } else { "PostgreSQL" }, "listening");
        greeting::say(reachable, access.token.expose(), &hint, self.log.log_format);
        let served = async {
            http::serve(listener, http::router(state), &self.connections, limiter, &stop).await;
            // WebSockets are no requests any more; they were told to close when the others were.
            if timeout(FAREWELL, live.ended()).await.is_err() {
                tracing::warn!("gave up waiting for WebSockets to close");
            }
        };
        tokio::select! {
            () = served => {}
            () = too_long_after(&stop) => tracing::warn!("gave up waiting for requests to end"),
            // It ends only when it is told to; so that events do not pile up unseen, start anew.
            _ = &mut projector => anyhow::bail!("the projector ended, which is a bug in Promograph"),
        }
        // No request is left, so nothing comes after what the inboxes hold now.
        drainer_stop.cancel();
        inbox_stop.cancel();
        let rest = async {
            drainer.await?;
            if let Some(spool) = &spool {
                spool.close().await?;
            }
            inbox.stopped().await;
            background_stop.cancel();
            background.close();
            background.wait().await;
            db.close().await
        };
        // All that was answered is on disk already; the rest is good manners.
        if let Ok(ended) = timeout(LAST_WRITES, rest).await {
            ended?;
        } else {
            tracing::warn!("gave up waiting for the database");
        }
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

impl ServeCommand {
    fn trusted_documents(&self) -> anyhow::Result<Option<TrustedDocuments>> {
        let Some(manifest) = self.documents.manifest()? else { return Ok(None) };
        let trusted = TrustedDocuments::parse(&manifest, self.documents.trusted_documents_mode, &self.limits);
        trusted.map(Some).map_err(anyhow::Error::msg).context("PROMOGRAPH_TRUSTED_DOCUMENTS")
    }
}

/// Tells the subscribers of this process what any process changes or keeps.
fn tell_changes(
    db: &Database,
    changes: &Changes,
    inbox: &Inbox,
    gate: &Gate,
    direct_url: Option<Secret>,
    background: &TaskTracker,
    stop: &CancellationToken,
) {
    background.spawn(announcer::run(db.clone(), inbox.subscribe(), changes.clone(), stop.clone()));
    let follower = Follower::new(db.clone(), changes.clone());
    if let (false, Some(url)) = (db.is_sqlite(), direct_url) {
        let (changes, listening, stop) = (changes.clone(), follower.listening(), stop.clone());
        background.spawn(async move { listener::run(url.expose(), &changes, &listening, &stop).await });
    }
    let (opened, follower_stop) = (gate.clone(), stop.clone());
    background.spawn(async move {
        if opened.wait_unless(&follower_stop).await {
            follower.run(follower_stop).await;
        }
    });
}

/// Cancelled by the first `SIGTERM`, `SIGINT` or `SIGHUP` (the terminal was closed); the second ends
/// the process at once.
fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
    let mut hangup = unix::signal(unix::SignalKind::hangup())?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hangup.recv() => {}
            }
            if stopping.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!("stopping: finishing requests, then writing down what was received");
            stopping.cancel();
        }
    });
    Ok(stop)
}

async fn too_long_after(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAST_REQUESTS).await;
}
