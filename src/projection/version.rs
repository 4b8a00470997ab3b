//! The version of the mirror: a number that grows with every commit that changes it.

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::changes::notice_codec;
use crate::database::{Database, Workload};

/// The version of the state that a read sees which begins after this one, or of an earlier state: so get the version
/// first, then read. It grows with every commit of any process that changed mirrored rows or their lineage, and keeps
/// growing after a backup was restored. Received events that are not applied yet do not count. One index lookup.
///
/// # Errors
/// When the database does not answer.
pub async fn current(db: &Database) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.backend, "select coalesce(max(version), 0) from change_notice");
    let row = db.internal(Workload::Versions).query_one_raw(statement).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the version".to_owned()))?.try_get_by_index(0)
}

/// The time of the last commit, by the clock of the process that wrote it; 0 if there is none. Milliseconds since
/// 1970 UTC.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn last_time(db: &Database) -> Result<i64, DbErr> {
    // The last ones may have changed nothing, or too much to say.
    let sql = "select changed from change_notice order by version desc limit 20";
    let rows = db.internal(Workload::Projection).query_all_raw(Statement::from_string(db.backend, sql)).await?;
    let texts = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.iter().find_map(|text| notice_codec::decode_time(text)).unwrap_or(0))
}
