//! Which rows and fields a viewer sees, as SQL. Every read of the API goes through here.
//!
//! A promoter's scope is part of the statements, so that no hidden value leaves the database: rows by a predicate,
//! fields by `case when ... end`. Filters, orders and natural keys use the same expressions, so that none of them is an
//! oracle for hidden values.

use super::{
    model::{EntityField, EntityType, OwnRows, Owner, Visibility},
    params::Params,
};
use crate::auth::Viewer;

/// A viewer's access to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Unchanged.
    Full,
    /// As a masked e-mail address.
    Masked,
    /// Never: null.
    Hidden,
    /// Where this predicate holds, null elsewhere.
    Where(&'static str),
}

/// A viewer's access to a field of a type.
#[must_use]
pub fn access(viewer: Viewer, entity: &EntityType, field: &EntityField) -> Access {
    let contact = matches!(field.visibility, Visibility::Contact | Visibility::ContactEmail);
    let staff = matches!(field.visibility, Visibility::Staff | Visibility::StaffContact);
    match viewer {
        Viewer::Admin | Viewer::Analyst { pii: true } => Access::Full,
        Viewer::Analyst { pii: false } => match field.visibility {
            Visibility::Contact | Visibility::StaffContact => Access::Hidden,
            Visibility::ContactEmail => Access::Masked,
            _ => Access::Full,
        },
        Viewer::Promoter { .. } => match (field.visibility, entity.owner) {
            _ if staff => Access::Hidden,
            (Visibility::Key, _) | (_, Owner::Everyone) => Access::Full,
            (_, Owner::OfRow(predicate)) => Access::Where(predicate),
            (_, Owner::OfContactData(predicate)) if contact => Access::Where(predicate),
            (_, Owner::OfContactData(_)) => Access::Full,
        },
    }
}

/// The rows of a type that a viewer sees, as a predicate over `alias`; none for staff, who see all.
#[must_use]
pub fn rows(viewer: Viewer, entity: &EntityType, linked: bool, alias: &str, params: &mut Params) -> Option<String> {
    let Viewer::Promoter { id } = viewer else { return None };
    let rows = entity.linked_rows.filter(|_| linked).unwrap_or(entity.own_rows);
    Some(match rows {
        OwnRows::None => "1 = 0".to_owned(),
        OwnRows::Where(predicate) => fill(predicate, alias, id, params),
    })
}

/// Puts alias and viewer into a predicate.
#[must_use]
pub fn fill(predicate: &str, alias: &str, viewer_id: i64, params: &mut Params) -> String {
    let id = params.viewer(viewer_id);
    format!("({})", predicate.replace("{t}", alias).replace("{v}", &id))
}

/// `column` of `alias` as the viewer sees it: the column, or null where it is hidden.
#[must_use]
pub fn guarded(
    access: &Access,
    viewer: Viewer,
    column: &str,
    alias: &str,
    hidden: &str,
    params: &mut Params,
) -> String {
    match (access, viewer) {
        (Access::Hidden, _) => hidden.to_owned(),
        (Access::Where(predicate), Viewer::Promoter { id }) => {
            let predicate = fill(predicate, alias, id, params);
            let otherwise = if hidden == "null" { String::new() } else { format!(" else {hidden}") };
            format!("case when {predicate} then {alias}.{column}{otherwise} end")
        }
        _ => format!("{alias}.{column}"),
    }
}

/// Whether a viewer may use a field in arguments: filters, orders, natural keys.
#[must_use]
pub fn may_compare(access: &Access) -> bool {
    matches!(access, Access::Full | Access::Where(_))
}
