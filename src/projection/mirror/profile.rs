//! A promoter's profile: contact and company data, nested in the promoter and keyed by its id.

use std::borrow::Cow;

use entity::MirroredTable;

use super::promoter::FORMS;
use crate::{
    json::{JsonValue, canonical},
    projection::{
        clock::Precedence,
        merge::Cell,
        payload::{
            checked::{self, type_name},
            object::{FieldMapping, ObjectReader, field, renamed},
            value::ValueType::{Code, Id, Line, Text, Tree},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "profile_id",
    "first_name",
    "last_name",
    "website",
    "company_name",
    "phone_number",
    "address",
    "vat_id",
    "country",
    "paypal_email",
    "avatar_url",
    "description",
    "social_accounts",
    "company_number",
]);

static ID: FieldMapping = renamed(&REGISTERS, "id", "profile_id", Id);
static FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "first_name", Line),
    field(&REGISTERS, "last_name", Line),
    field(&REGISTERS, "website", Text),
    field(&REGISTERS, "company_name", Line),
    field(&REGISTERS, "phone_number", Text),
    field(&REGISTERS, "address", Text),
    field(&REGISTERS, "vat_id", Text),
    field(&REGISTERS, "country", Code),
    field(&REGISTERS, "paypal_email", Code),
    field(&REGISTERS, "description", Text),
];
static SOCIAL_ACCOUNTS: FieldMapping = field(&REGISTERS, "social_accounts", Tree);

static V1_AVATAR: FieldMapping = field(&REGISTERS, "avatar_url", Text);
static V2_AVATAR: &[FieldMapping] =
    &[renamed(&REGISTERS, "avatar", "avatar_url", Text), field(&REGISTERS, "avatar_url", Text)];
static V2_FIELDS: &[FieldMapping] = &[field(&REGISTERS, "company_number", Text)];
const V2_NETWORKS: [(&str, &str); 7] = [
    ("facebook", "facebook_url"),
    ("instagram", "instagram_url"),
    ("linkedin", "linkedin_url"),
    ("tiktok", "tiktok_url"),
    ("twitch", "twitch_url"),
    ("twitter", "twitter_url"),
    ("youtube", "youtube_url"),
];

/// Reads the profile of this promoter; `is_own` if the event is about the promoter.
pub fn v1_nested(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &JsonValue<'_>,
    precedence: Precedence,
    is_own: bool,
) {
    updates.reference(MirroredTable::Promoter, promoter);
    let mut profile = ObjectReader::with_key(updates, MirroredTable::Profile, promoter, json, precedence);
    profile.field(&ID);
    profile.fields(FIELDS);
    profile.field(&V1_AVATAR);
    profile.field(&SOCIAL_ACCOUNTS);
    if is_own {
        // It exists with its promoter, who may have been deleted before.
        profile.clear_deleted_at();
    }
}

/// Reads the profile of this promoter.
pub fn v2_object<'j>(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &JsonValue<'j>,
    precedence: Precedence,
    changes: Option<&JsonValue<'j>>,
) {
    let mut profile = v2_reader(updates, promoter, json, precedence, changes);
    profile.field(&ID);
    v2_fields(&mut profile);
    v2_forms(updates, promoter, json, precedence, changes);
}

/// The same where the fields are in the promoter's own object.
pub fn v2_in_promoter<'j>(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &JsonValue<'j>,
    precedence: Precedence,
    changes: &JsonValue<'j>,
) {
    v2_fields(&mut v2_reader(updates, promoter, json, precedence, Some(changes)));
    v2_forms(updates, promoter, json, precedence, Some(changes));
}

fn v2_reader<'r, 'j>(
    updates: &'r mut EventUpdates,
    promoter: i64,
    json: &'r JsonValue<'j>,
    precedence: Precedence,
    changes: Option<&'r JsonValue<'j>>,
) -> ObjectReader<'r, 'j> {
    updates.reference(MirroredTable::Promoter, promoter);
    let profile = ObjectReader::with_key(updates, MirroredTable::Profile, promoter, json, precedence);
    match changes {
        Some(changes) => profile.with_changes(changes),
        None => profile,
    }
}

fn v2_fields(profile: &mut ObjectReader<'_, '_>) {
    profile.fields(FIELDS);
    profile.fields(V2_FIELDS);
    profile.first_of(V2_AVATAR);
    profile.field(&SOCIAL_ACCOUNTS);
    if let Some(accounts) = v2_social_accounts(profile) {
        let keys = V2_NETWORKS.map(|(_, key)| key);
        profile.set_from(&keys, SOCIAL_ACCOUNTS.register(), Cell::Text(accounts));
    }
}

/// The forms are columns of the promoter.
fn v2_forms<'j>(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &JsonValue<'j>,
    precedence: Precedence,
    changes: Option<&JsonValue<'j>>,
) {
    let is_present =
        |form: &FieldMapping| [Some(json), changes].iter().flatten().any(|json| json.get(form.key()).is_some());
    if FORMS.iter().any(is_present) {
        let mut promoter = ObjectReader::with_key(updates, MirroredTable::Promoter, promoter, json, precedence);
        if let Some(changes) = changes {
            promoter = promoter.with_changes(changes);
        }
        promoter.fields(FORMS);
    }
}

/// The `..._url` fields in v1's form, which is one value; none if there are no such fields.
fn v2_social_accounts(profile: &mut ObjectReader<'_, '_>) -> Option<String> {
    let listed: Vec<_> =
        V2_NETWORKS.iter().filter_map(|(network, key)| Some((*network, *key, profile.current(key)?))).collect();
    if listed.is_empty() {
        return None;
    }
    if listed.len() < V2_NETWORKS.len() && !listed.iter().any(|(_, key, _)| profile.get(key).is_some()) {
        // They are one value, of which only a part is known.
        for (_, key, url) in listed {
            profile.updates().warn(
                format_args!("changes.{key}"),
                format_args!("{} is not kept: the other networks are unknown", type_name(url)),
            );
        }
        return None;
    }
    let filled = listed.into_iter().filter_map(|(network, key, url)| {
        match checked::value(profile.updates(), format_args!("profile.{key}"), Text, url) {
            Some(Cell::Text(url)) => {
                let url = vec![(Cow::Borrowed("url"), JsonValue::Text(Cow::Owned(url)))];
                Some((Cow::Borrowed(network), JsonValue::Object(url)))
            }
            _ => None,
        }
    });
    Some(canonical(&JsonValue::Object(filled.collect())))
}
