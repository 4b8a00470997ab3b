//! Which rows and fields a viewer sees, as SQL. Every read of the API goes through here.
//!
//! A promoter's scope is part of the statements, so that no hidden value leaves the database: rows by a predicate,
//! fields by `case when ... end`. Filters, orders and natural keys use the same expressions, so that none of them is an
//! oracle for hidden values.

use super::{
    model::{EntityField, EntityType, OwnRows, Owner, Visibility},
    params::Params,
};
use crate::auth::ViewerClass;

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
pub fn access(viewer: ViewerClass, entity: &EntityType, field: &EntityField) -> Access {
    let contact = matches!(field.visibility, Visibility::Contact | Visibility::ContactEmail);
    let staff = matches!(field.visibility, Visibility::Staff | Visibility::StaffContact);
    match viewer {
        ViewerClass::Admin | ViewerClass::Analyst { pii: true } => Access::Full,
        ViewerClass::Analyst { pii: false } => match field.visibility {
            Visibility::Contact | Visibility::StaffContact => Access::Hidden,
            Visibility::ContactEmail => Access::Masked,
            _ => Access::Full,
        },
        ViewerClass::Promoter => match (field.visibility, entity.owner) {
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
pub fn rows(
    viewer: ViewerClass,
    entity: &EntityType,
    linked: bool,
    alias: &str,
    params: &mut Params,
) -> Option<String> {
    if viewer != ViewerClass::Promoter {
        return None;
    }
    let rows = entity.linked_rows.filter(|_| linked).unwrap_or(entity.own_rows);
    Some(match rows {
        OwnRows::None => "1 = 0".to_owned(),
        OwnRows::Where(predicate) => fill(predicate, alias, params),
    })
}

/// Puts alias and viewer into a predicate.
#[must_use]
pub fn fill(predicate: &str, alias: &str, params: &mut Params) -> String {
    let id = params.viewer();
    format!("({})", predicate.replace("{t}", alias).replace("{v}", &id))
}

/// `column` of `alias` as the viewer sees it: the column, or null where it is hidden.
#[must_use]
pub fn guarded(
    access: &Access,
    viewer: ViewerClass,
    column: &str,
    alias: &str,
    hidden: &str,
    params: &mut Params,
) -> String {
    match (access, viewer) {
        (Access::Hidden, _) => hidden.to_owned(),
        (Access::Where(predicate), ViewerClass::Promoter) => {
            let predicate = fill(predicate, alias, params);
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
