//! A promoter's profile: nested in the promoter, and kept by the promoter's id.

use super::super::{
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Id, Line, Text, Tree},
};
use crate::projection::{
    clock::Precedence,
    tables::{PROFILE, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told_as(&PROFILE, "id", "profile_id", Id),
    told(&PROFILE, "first_name", Line),
    told(&PROFILE, "last_name", Line),
    told(&PROFILE, "website", Text),
    told(&PROFILE, "company_name", Line),
    told(&PROFILE, "phone_number", Text),
    told(&PROFILE, "address", Text),
    told(&PROFILE, "vat_id", Text),
    told(&PROFILE, "country", Code),
    told(&PROFILE, "paypal_email", Code),
    told(&PROFILE, "avatar_url", Text),
    told(&PROFILE, "description", Text),
    told(&PROFILE, "social_accounts", Tree),
];

/// Tells the profile of this promoter.
pub fn tell(updates: &mut EventUpdates, promoter: i64, json: &Json<'_>, rank: Precedence) {
    updates.reference(Table::Promoter, promoter);
    Object::keyed(updates, Table::Profile, promoter, json, rank).fields(FIELDS);
}
