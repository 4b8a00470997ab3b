//! The version of the mirror: a number that grows with every commit that changes it.

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::changes::notes;
use crate::database::{Database, Workload};

/// The version of what a read that begins after this one sees, or of an earlier state: so ask first,
/// then read. It grows with every commit that changed mirrored rows or which events told them, by
/// whatever process, and also goes on growing after a backup was restored. What is received and not
/// yet applied does not count. One look at the end of an index.
///
/// # Errors
/// When the database does not answer.
pub async fn current(db: &Database) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.backend, "select coalesce(max(version), 0) from change_notice");
    let row = db.internal(Workload::Versions).query_one_raw(statement).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the version".to_owned()))?.try_get_by_index(0)
}

/// The time that the last commit says it was written at, whoever's clock that came from; 0 if none says
/// so. Milliseconds since 1970.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn last_time(db: &Database) -> Result<i64, DbErr> {
    // The last ones may have changed nothing, or too much to say.
    let sql = "select changed from change_notice order by version desc limit 20";
    let rows = db.internal(Workload::Projection).query_all_raw(Statement::from_string(db.backend, sql)).await?;
    let texts = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.iter().find_map(|text| notes::time(text)).unwrap_or(0))
}
