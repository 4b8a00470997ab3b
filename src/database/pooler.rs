//! Connection options of `PostgreSQL` that also work behind a connection pooler (`PgBouncer`).

use std::{str::FromStr as _, sync::Once};

use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgDatabaseError},
};

/// Settings in the startup message of a connection.
pub(super) type Settings = &'static [(&'static str, &'static str)];

/// Of all read connections. Planning a custom plan costs more than the rows of a point read. Statements name their
/// tables in join order: searching for another order takes seconds where there are many.
const READ_SETTINGS: Settings = &[
    ("plan_cache_mode", "force_generic_plan"),
    ("default_transaction_read_only", "on"),
    ("jit", "off"),
    ("join_collapse_limit", "1"),
    ("from_collapse_limit", "1"),
];

/// Also of internal reads, which look up keys or the first rows of an index. A plan made for an empty table is a
/// sequential scan, and is cached until the table is analyzed: by then it may hold a hundred thousand rows.
pub(super) const LOOKUP_SETTINGS: Settings = &[("enable_seqscan", "off")];

/// The connection options of a URL; none when it is invalid.
pub(super) fn options(url: &str) -> Option<PgConnectOptions> {
    // Poolers refuse unknown startup parameters, and no column is a float.
    let options = PgConnectOptions::from_str(url).ok()?.extra_float_digits(None);
    Some(options.disable_statement_logging().application_name("promograph"))
}

/// Describes the server for messages.
pub(super) fn describe(options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let host =
        options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    // As the server does: the default database is named like the user.
    let name = options.get_database().unwrap_or(user);
    format!("at {host}, port {}, database {name}, user {user}", options.get_port())
}

/// The options of a read connection with these settings too, and with this `statement_timeout` in milliseconds; 0 for
/// none.
pub(super) fn read_options(
    options: &PgConnectOptions,
    settings: Settings,
    statement_timeout_ms: u64,
) -> PgConnectOptions {
    let options = options.clone().options(READ_SETTINGS.iter().chain(settings).copied());
    if statement_timeout_ms == 0 { options } else { options.options([("statement_timeout", statement_timeout_ms)]) }
}

/// Whether a pooler refused the settings in the startup message.
pub(super) fn refuses_settings(error: &sqlx::Error) -> bool {
    message(error).is_some_and(|message| message.starts_with("unsupported startup parameter"))
}

/// Warns of that once.
pub(super) fn warn_of_refused_settings() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "a connection pooler refuses the settings of connections that read: \
             give them to the role, see \"Connection poolers\" in the README"
        );
    });
}

/// Whether prepared statements outlive their transaction. A pooler in transaction mode that does not track them mixes
/// up those of its clients. Two clients of the same program show that, since they give them the same names.
pub(super) async fn keeps_prepared_statements(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut connections = [PgConnection::connect_with(options).await?, PgConnection::connect_with(options).await?];
    let mut result = Ok(true);
    for index in [0, 1, 0, 1] {
        match sqlx::query("select 1").execute(&mut connections[index]).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("26000" | "42P05")) => {
                result = Ok(false);
            }
            Err(error) => result = result.and(Err(error)),
        }
    }
    for connection in connections {
        connection.close().await?;
    }
    result
}

fn message(error: &sqlx::Error) -> Option<&str> {
    let sqlx::Error::Database(error) = error else { return None };
    error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::message)
}
