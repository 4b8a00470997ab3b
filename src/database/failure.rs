//! Classifies database errors: the row, a passing state of the connection, or the database.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Why a write failed.
#[derive(Debug, PartialEq, Eq)]
pub enum DbFailure {
    /// A row of the statement cannot be stored; the others can.
    Data(String),
    /// The same statement may succeed when sent again: a broken pooled connection, a deadlock, a serialisation failure.
    Retry,
    /// The database cannot write now.
    Unavailable,
}

impl From<&sqlx::Error> for DbFailure {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                    of_postgres(error.code(), error.message())
                } else {
                    of_sqlite(&error.code().unwrap_or_default(), error.message())
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::Retry,
            _ => Self::Unavailable,
        }
    }
}

/// Whether an error is a passing state of the database: it cannot be reached, does not answer, accepts no more
/// connections, or cannot write now.
#[must_use]
pub fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => is_outage_of_driver(error),
        _ => false,
    }
}

/// Whether `SQLite` found the disk full, or a quota, which it reports as an I/O error.
pub(crate) fn is_disk_full(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return false;
    };
    let sqlx::Error::Database(error) = error.as_ref() else { return false };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 10 | 13))
}

/// Whether a read failed because its connection was broken: it may be sent again at once.
pub(crate) fn is_broken_connection(error: &DbErr) -> bool {
    matches!(error, DbErr::Query(RuntimeErr::SqlxError(error)) if DbFailure::from(error.as_ref()) == DbFailure::Retry)
}

/// Whether `PostgreSQL` cancelled a statement: `statement_timeout`, or a cancel request.
#[must_use]
pub fn is_cancelled(error: &DbErr) -> bool {
    matches!(error, DbErr::Query(RuntimeErr::SqlxError(error)) if cancelled(error).is_some())
}

/// The database's message, if the driver's error is such a cancellation.
pub(crate) fn cancelled(error: &sqlx::Error) -> Option<&str> {
    let sqlx::Error::Database(error) = error else { return None };
    (error.code().as_deref() == Some("57014")).then(|| error.message())
}

fn is_outage_of_driver(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                is_outage_of_postgres(&code)
            } else {
                // Busy, locked, read-only, I/O error, full, cannot open.
                matches!(code.parse::<u32>().unwrap_or(0) & 0xff, 5 | 6 | 8 | 10 | 13 | 14)
            }
        }
        _ => false,
    }
}

/// By SQLSTATE: connection (08), resources (53), ended by an operator (57P), the server's own files (58), internal
/// errors (XX; a full disk is reported so to a connecting client), a read-only server or transaction (25006), a
/// database that accepts no connections at the moment (55000).
fn is_outage_of_postgres(code: &str) -> bool {
    matches!(code.get(..2).unwrap_or_default(), "08" | "53" | "58" | "XX")
        || code.starts_with("57P")
        || matches!(code, "25006" | "55000")
}

/// By SQLSTATE class: cardinality (21), data (22), constraint (23), limits (54), raised (P0).
fn of_postgres(code: &str, message: &str) -> DbFailure {
    match code.get(..2).unwrap_or_default() {
        "21" | "22" | "23" | "54" | "P0" => DbFailure::Data(format!("{code}: {message}")),
        // Serialisation failure, deadlock; and sessions that the server ended.
        "08" | "40" => DbFailure::Retry,
        "57" if code != "57P03" => DbFailure::Retry,
        _ => DbFailure::Unavailable,
    }
}

/// By primary result code: too big (18), constraint (19), mismatch (20).
fn of_sqlite(code: &str, message: &str) -> DbFailure {
    match code.parse::<u32>().unwrap_or(0) & 0xff {
        18..=20 => DbFailure::Data(format!("{code}: {message}")),
        _ => DbFailure::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::{DbFailure, is_outage_of_postgres, of_postgres, of_sqlite};

    #[test]
    fn a_mistake_is_no_outage() {
        for code in ["08006", "53300", "53100", "57P01", "57P03", "58030", "XX000", "25006", "55000"] {
            assert!(is_outage_of_postgres(code), "{code}");
        }
        for code in ["28P01", "3D000", "42P01", "42501", "22021", "57014", "40001", ""] {
            assert!(!is_outage_of_postgres(code), "{code}");
        }
    }

    #[test]
    fn only_errors_of_the_data_are_blamed_on_a_row() {
        for code in ["22021", "23514", "54000", "P0001"] {
            assert!(matches!(of_postgres(code, "x"), DbFailure::Data(_)), "{code}");
        }
        for code in ["57P03", "53100", "53300", "25006", "42P01", "58030", "XX000", ""] {
            assert_eq!(of_postgres(code, "x"), DbFailure::Unavailable, "{code}");
        }
        for code in ["40001", "40P01", "57P01", "08006"] {
            assert_eq!(of_postgres(code, "x"), DbFailure::Retry, "{code}");
        }
        for code in ["19", "1811", "275", "18"] {
            assert!(matches!(of_sqlite(code, "x"), DbFailure::Data(_)), "{code}");
        }
        for code in ["5", "13", "10", "8", "14", "11", ""] {
            assert_eq!(of_sqlite(code, "x"), DbFailure::Unavailable, "{code}");
        }
    }
}
