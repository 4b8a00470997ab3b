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
    pub figures: FigureStatements,
}

/// Those of questions for figures.
pub struct FigureStatements {
    pub q4: Statement,
    pub own_year_referrals: Statement,
    pub own_year_customers: Statement,
    pub top: Statement,
    pub names: Statement,
    pub whole_referrals: Statement,
    pub whole_customers: Statement,
    pub whole_cancellations: Statement,
    pub sales: Statement,
    pub earnings: Statement,
}

impl Connections {
    /// Connects with these settings besides its own, and prepares the statements.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn open(url: &str, settings: &str) -> anyhow::Result<Self> {
        let mut config: Config = url.parse()?;
        config.options(format!("-c plan_cache_mode=force_generic_plan -c jit=off {settings}"));
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
            figures: FigureStatements::prepare(client).await?,
        })
    }
}

impl FigureStatements {
    async fn prepare(client: &Client) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            q4: client.prepare(include_str!("../sql/figures/q4.sql")).await?,
            own_year_referrals: client.prepare(include_str!("../sql/figures/own_year_referrals.sql")).await?,
            own_year_customers: client.prepare(include_str!("../sql/figures/own_year_customers.sql")).await?,
            top: client.prepare(include_str!("../sql/figures/top.sql")).await?,
            names: client.prepare(include_str!("../sql/figures/names.sql")).await?,
            whole_referrals: client.prepare(include_str!("../sql/figures/whole_referrals.sql")).await?,
            whole_customers: client.prepare(include_str!("../sql/figures/whole_customers.sql")).await?,
            whole_cancellations: client.prepare(include_str!("../sql/figures/whole_cancellations.sql")).await?,
            sales: client.prepare(include_str!("../sql/figures/sales.sql")).await?,
            earnings: client.prepare(include_str!("../sql/figures/earnings.sql")).await?,
        })
    }
}
