//! The version of the mirror: a number that grows with every commit that changes it.

use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use crate::database::Database;

/// The version of what a read that begins after this one sees, or of an earlier state: so ask first,
/// then read. It grows with every commit that changed mirrored rows or which events told them, by
/// whatever process, and also goes on growing after a backup was restored. What is received and not
/// yet applied does not count. One look at the end of an index.
///
/// # Errors
/// When the database does not answer.
pub async fn current(db: &Database) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.backend, "select coalesce(max(version), 0) from change_notice");
    let row = db.for_ourselves().query_one_raw(statement).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the version".to_owned()))?.try_get_by_index(0)
}
