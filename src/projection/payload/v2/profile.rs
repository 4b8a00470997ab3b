//! A promoter's profile: nested in the promoter, and kept by the promoter's id.

use std::borrow::Cow;

use super::super::{
    canonical::canonical,
    field::{Field, Object, told, told_as},
    json::Json,
    value::Shape::{Code, Id, Line, Text, Tree},
    warning,
};
use crate::projection::{
    clock::Rank,
    facts::Facts,
    merge::Cell,
    tables::{PROFILE, PROMOTER, Table},
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
const NETWORKS: [&str; 7] = ["facebook", "instagram", "linkedin", "tiktok", "twitch", "twitter", "youtube"];

/// Tells the profile of this promoter.
pub fn tell<'j>(facts: &mut Facts, promoter: i64, json: &Json<'j>, rank: Rank, changes: Option<&Json<'j>>) {
    let mut profile = start(facts, promoter, json, rank, changes);
    profile.field(&ID);
    rest(&mut profile);
    forms(facts, promoter, json, rank);
}

/// The same where the fields stand in the promoter's own object.
pub fn of_promoter<'j>(facts: &mut Facts, promoter: i64, json: &Json<'j>, rank: Rank, changes: &Json<'j>) {
    rest(&mut start(facts, promoter, json, rank, Some(changes)));
    forms(facts, promoter, json, rank);
}

fn start<'r, 'j>(
    facts: &'r mut Facts,
    promoter: i64,
    json: &'r Json<'j>,
    rank: Rank,
    changes: Option<&'r Json<'j>>,
) -> Object<'r, 'j> {
    facts.refer(Table::Promoter, promoter);
    let profile = Object::keyed(facts, Table::Profile, promoter, json, rank);
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
        profile.tell(SOCIAL_ACCOUNTS.register(), Cell::Text(accounts));
    }
}

fn forms(facts: &mut Facts, promoter: i64, json: &Json<'_>, rank: Rank) {
    if FORMS.iter().any(|form| json.get(form.key()).is_some()) {
        Object::keyed(facts, Table::Promoter, promoter, json, rank).fields(FORMS);
    }
}

/// The `..._url` fields in v1's form, which is one value; none if there are no such fields.
fn social_accounts(profile: &mut Object<'_, '_>) -> Option<String> {
    let told = NETWORKS.iter().filter_map(|network| Some((*network, profile.json(&format!("{network}_url"))?)));
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return None;
    }
    let filled = told.into_iter().filter_map(|(network, url)| {
        match warning::value(profile.facts(), format_args!("profile.{network}_url"), Text, url) {
            Some(Cell::Text(url)) => {
                let url = vec![(Cow::Borrowed("url"), Json::Text(Cow::Owned(url)))];
                Some((Cow::Borrowed(network), Json::Object(url)))
            }
            _ => None,
        }
    });
    Some(canonical(&Json::Object(filled.collect())))
}
