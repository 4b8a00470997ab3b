//! A promoter's profile: nested in the promoter, and kept by the promoter's id.

use std::borrow::Cow;

use super::super::{
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Id, Line, Text, Tree},
    warning::{self, kind},
};
use crate::{
    json::canonical,
    projection::{
        clock::Precedence,
        merge::Cell,
        tables::{PROFILE, PROMOTER, Table},
        updates::EventUpdates,
    },
};

static ID: Field = told_as(&PROFILE, "id", "profile_id", Id);
static FIELDS: &[Field] = &[
    told(&PROFILE, "first_name", Line),
    told(&PROFILE, "last_name", Line),
    told(&PROFILE, "website", Text),
    told(&PROFILE, "company_name", Line),
    told(&PROFILE, "company_number", Text),
    told(&PROFILE, "phone_number", Text),
    told(&PROFILE, "address", Text),
    told(&PROFILE, "vat_id", Text),
    told(&PROFILE, "country", Code),
    told(&PROFILE, "paypal_email", Code),
    told(&PROFILE, "description", Text),
];
static AVATAR: &[Field] = &[told_as(&PROFILE, "avatar", "avatar_url", Text), told(&PROFILE, "avatar_url", Text)];
/// v1 has these in the promoter, where they are kept.
static FORMS: &[Field] = &[told(&PROMOTER, "w8_form_url", Text), told(&PROMOTER, "w9_form_url", Text)];
static SOCIAL_ACCOUNTS: Field = told(&PROFILE, "social_accounts", Tree);
const NETWORKS: [(&str, &str); 7] = [
    ("facebook", "facebook_url"),
    ("instagram", "instagram_url"),
    ("linkedin", "linkedin_url"),
    ("tiktok", "tiktok_url"),
    ("twitch", "twitch_url"),
    ("twitter", "twitter_url"),
    ("youtube", "youtube_url"),
];

/// Tells the profile of this promoter.
pub fn tell<'j>(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &Json<'j>,
    rank: Precedence,
    changes: Option<&Json<'j>>,
) {
    let mut profile = start(updates, promoter, json, rank, changes);
    profile.field(&ID);
    rest(&mut profile);
    forms(updates, promoter, json, rank, changes);
}

/// The same where the fields stand in the promoter's own object.
pub fn of_promoter<'j>(
    updates: &mut EventUpdates,
    promoter: i64,
    json: &Json<'j>,
    rank: Precedence,
    changes: &Json<'j>,
) {
    rest(&mut start(updates, promoter, json, rank, Some(changes)));
    forms(updates, promoter, json, rank, Some(changes));
}

fn start<'r, 'j>(
    updates: &'r mut EventUpdates,
    promoter: i64,
    json: &'r Json<'j>,
    rank: Precedence,
    changes: Option<&'r Json<'j>>,
) -> Object<'r, 'j> {
    updates.reference(Table::Promoter, promoter);
    let profile = Object::keyed(updates, Table::Profile, promoter, json, rank);
    match changes {
        Some(changes) => profile.changed_by(changes),
        None => profile,
    }
}

fn rest(profile: &mut Object<'_, '_>) {
    profile.fields(FIELDS);
    profile.spelled(AVATAR);
    profile.field(&SOCIAL_ACCOUNTS);
    if let Some(accounts) = social_accounts(profile) {
        let keys = NETWORKS.map(|(_, key)| key);
        profile.refer(&keys, SOCIAL_ACCOUNTS.register(), Cell::Text(accounts));
    }
}

fn forms<'j>(updates: &mut EventUpdates, promoter: i64, json: &Json<'j>, rank: Precedence, changes: Option<&Json<'j>>) {
    let is_told = |form: &Field| [Some(json), changes].iter().flatten().any(|json| json.get(form.key()).is_some());
    if FORMS.iter().any(is_told) {
        let mut promoter = Object::keyed(updates, Table::Promoter, promoter, json, rank);
        if let Some(changes) = changes {
            promoter = promoter.changed_by(changes);
        }
        promoter.fields(FORMS);
    }
}

/// The `..._url` fields in v1's form, which is one value; none if there are no such fields.
fn social_accounts(profile: &mut Object<'_, '_>) -> Option<String> {
    let stands = |key: &str, profile: &Object<'_, '_>| profile.json(key).is_some();
    let listed: Vec<_> =
        NETWORKS.iter().filter_map(|(network, key)| Some((*network, *key, profile.told_now(key)?))).collect();
    if listed.is_empty() {
        return None;
    }
    if listed.len() < NETWORKS.len() && !listed.iter().any(|(_, key, _)| stands(key, profile)) {
        // They are one value, of which nobody tells the rest.
        for (_, key, url) in listed {
            profile.updates().warn(
                format_args!("changes.{key}"),
                format_args!("{} is not kept: the other networks are not told", kind(url)),
            );
        }
        return None;
    }
    let filled = listed.into_iter().filter_map(|(network, key, url)| {
        match warning::value(profile.updates(), format_args!("profile.{key}"), Text, url) {
            Some(Cell::Text(url)) => {
                let url = vec![(Cow::Borrowed("url"), Json::Text(Cow::Owned(url)))];
                Some((Cow::Borrowed(network), Json::Object(url)))
            }
            _ => None,
        }
    });
    Some(canonical(&Json::Object(filled.collect())))
}
