//! A few connections with prepared statements. Requests share them: `tokio-postgres` pipelines what is sent at the same
//! time.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_postgres::{Client, Config, NoTls, Statement};

/// On two cores two to four connections serve point reads better than more.
const CONNECTIONS: usize = 4;

/// The connections, used in turn.
pub struct Connections {
    open: Vec<Connection>,
    next: AtomicUsize,
}

/// One connection.
pub struct Connection {
    pub client: Client,
    pub statements: Statements,
}

/// The prepared statements of a connection.
pub struct Statements {
    pub q1: Statement,
    pub q2: Statement,
    pub q3: Statement,
    pub own_promotions: Statement,
    pub own_leads: Statement,
    pub own_count: Statement,
    pub list: Statement,
}

impl Connections {
    /// Connects and prepares the statements.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let mut config: Config = url.parse()?;
        config.options("-c plan_cache_mode=force_generic_plan -c jit=off");
        let mut open = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            let statements = Statements::prepare(&client).await?;
            open.push(Connection { client, statements });
        }
        Ok(Self { open, next: AtomicUsize::new(0) })
    }

    /// The next connection.
    pub fn next(&self) -> &Connection {
        &self.open[self.next.fetch_add(1, Ordering::Relaxed) % self.open.len()]
    }
}

impl Statements {
    async fn prepare(client: &Client) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            q1: client.prepare(include_str!("../sql/q1.sql")).await?,
            q2: client.prepare(include_str!("../sql/q2.sql")).await?,
            q3: client.prepare(include_str!("../sql/q3.sql")).await?,
            own_promotions: client.prepare(include_str!("../sql/own_promotions.sql")).await?,
            own_leads: client.prepare(include_str!("../sql/own_leads.sql")).await?,
            own_count: client.prepare(include_str!("../sql/own_count.sql")).await?,
            list: client.prepare(include_str!("../sql/list.sql")).await?,
        })
    }
}
