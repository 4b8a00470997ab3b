//! Living with a connection pooler (`PgBouncer`) between us and `PostgreSQL`.

use std::{str::FromStr as _, sync::Once};

use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgDatabaseError},
};

/// What connections ask for at their start.
pub(super) type Settings = &'static [(&'static str, &'static str)];

/// All that read. Custom plans cost more than the rows of a point read; see `read`. Statements name their tables in
/// the order in which they are to be joined: looking for another takes seconds where there are many.
const READING: Settings = &[
    ("plan_cache_mode", "force_generic_plan"),
    ("default_transaction_read_only", "on"),
    ("jit", "off"),
    ("join_collapse_limit", "1"),
    ("from_collapse_limit", "1"),
];

/// Besides, those that look up by keys, or the first few in an index's order. A plan that was made while a table was
/// empty reads it from end to end, and is kept until the table is analyzed: by then it may hold a hundred thousand rows.
pub(super) const LOOKING_UP: Settings = &[("enable_seqscan", "off")];

/// How a URL is connected to; none when it is not understood.
pub(super) fn options(url: &str) -> Option<PgConnectOptions> {
    // Poolers refuse what they do not know, and no column of ours is a float.
    let options = PgConnectOptions::from_str(url).ok()?.extra_float_digits(None);
    Some(options.disable_statement_logging().application_name("promograph"))
}

/// Where that leads, for messages.
pub(super) fn place(options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let host =
        options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    // As the server has it: the database that is not named is the user's.
    let name = options.get_database().unwrap_or(user);
    format!("at {host}, port {}, database {name}, user {user}", options.get_port())
}

/// For a connection that reads, with these settings too, whose statements the database ends after so many
/// milliseconds; 0 for never.
pub(super) fn reading(options: &PgConnectOptions, besides: Settings, statement_ms: u64) -> PgConnectOptions {
    let options = options.clone().options(READING.iter().chain(besides).copied());
    if statement_ms == 0 { options } else { options.options([("statement_timeout", statement_ms)]) }
}

/// Whether settings at the start of a connection were refused.
pub(super) fn refuses_settings(error: &sqlx::Error) -> bool {
    message(error).is_some_and(|message| message.starts_with("unsupported startup parameter"))
}

/// Tells that once.
pub(super) fn tell_of_refusal() {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        tracing::warn!(
            "a connection pooler refuses the settings of connections that read: \
             give them to the role, see \"Connection poolers\" in the README"
        );
    });
}

/// Whether prepared statements outlive their transaction. A pooler that gives every transaction another
/// connection without knowing of them mixes up those of its clients: seen by two clients of the same
/// program, since they name them alike.
pub(super) async fn keeps_statements(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut connections = [PgConnection::connect_with(options).await?, PgConnection::connect_with(options).await?];
    let mut kept = Ok(true);
    for index in [0, 1, 0, 1] {
        match sqlx::query("select 1").execute(&mut connections[index]).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("26000" | "42P05")) => {
                kept = Ok(false);
            }
            Err(error) => kept = kept.and(Err(error)),
        }
    }
    for connection in connections {
        connection.close().await?;
    }
    kept
}

fn message(error: &sqlx::Error) -> Option<&str> {
    let sqlx::Error::Database(error) = error else { return None };
    error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::message)
}
