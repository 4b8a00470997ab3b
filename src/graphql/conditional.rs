//! Conditional requests: answers 304 from the mirror's version alone.
//!
//! A tag is a hash of everything that the response follows from ([`TagInputs`]). The mirror's version is read before
//! the first row: the rows may be newer than their tag, never older, and equal tags mean equal responses.
//!
//! The version grows with every change of the programme, and a promoter sees few of them. For promoters the tag is
//! made of the rows that were read instead: that saves the transfer, not the reading.
//!
//! Nothing is cached unless it is declared: every root field has its [`Caching`], every type of the catalogue says
//! whether the version covers it.

use std::{collections::HashSet, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    api::{Api, ApiConfig},
    catalog::CATALOG,
    prepare::{PreparedOperation, Work},
    request::{AllowedOperations, Request, Response},
    response::ResponseBuilder,
    roots::Caching,
};
use crate::{
    auth::{Session, Viewer},
    projection::version,
    read::Inputs,
};

/// The condition of a request.
#[derive(Clone, Copy, Debug)]
pub struct IfNoneMatch<'a> {
    /// The tags of `If-None-Match`, without quotes.
    pub tags: &'a [String],
    /// The media type of the response.
    pub media_type: &'a str,
}

/// Everything that a response follows from.
#[derive(Serialize)]
struct TagInputs<'a> {
    /// This version of the server, and its schema.
    edition: &'a str,
    settings: &'a str,
    viewer: String,
    /// Subject and expiry, if a field returns them.
    token: Option<(&'a str, i64)>,
    document: &'a str,
    operation_name: Option<&'a str>,
    variables: &'a Map<String, Value>,
    media_type: &'a str,
    /// What single root fields follow from.
    roots: Vec<String>,
    /// The mirror's version, or a digest of the rows.
    state: &'a Value,
}

impl TagInputs<'_> {
    fn tag(&self) -> String {
        // Serialization of such a struct cannot fail; if it did, no tag would be equal to another.
        let text = serde_json::to_vec(self).unwrap_or_else(|_| uuid::Uuid::now_v7().into_bytes().to_vec());
        URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..18])
    }
}

/// Changes whenever responses change though no row does.
static EDITION: LazyLock<String> =
    LazyLock::new(|| edition(&format!("{} {}", env!("CARGO_PKG_VERSION"), folding::VERSION), &super::sdl()));

fn edition(version: &str, sdl: &str) -> String {
    hex::encode(Sha256::new().chain_update(version).chain_update([0]).chain_update(sdl).finalize())
}

/// The settings that a response follows from. A new setting does not compile until it is listed here.
pub(super) fn response_settings(config: &ApiConfig) -> String {
    let ApiConfig {
        limits,
        currency,
        db: _,
        trusted_documents: _,
        rate_points: _,
        changes: _,
        replay_rows: _,
        wake: _,
        spool: _,
    } = config;
    format!("{limits:?} {currency:?}")
}

impl Api {
    /// Executes a query, unless the client's copy is still valid: then the response has status 304 and no body.
    pub async fn execute_conditional(
        &self,
        session: &Session,
        request: &Request,
        if_none_match: IfNoneMatch<'_>,
        now_ms: i64,
    ) -> Response {
        self.timed(self.deadline(), self.run_conditional(session, request, if_none_match, now_ms)).await.finish()
    }

    async fn run_conditional(
        &self,
        session: &Session,
        request: &Request,
        if_none_match: IfNoneMatch<'_>,
        now_ms: i64,
    ) -> ResponseBuilder {
        let prepared = match self.prepare(session, request, AllowedOperations::Queries, now_ms) {
            Ok(prepared) => prepared,
            Err(refused) => return ResponseBuilder::refused(refused.errors, refused.cost),
        };
        let is_known = |tag: Option<&String>| tag.is_some_and(|tag| if_none_match.tags.contains(tag));
        if let Viewer::Promoter { .. } = session.viewer {
            let response = self.run_operation(session, &prepared, 0, now_ms).await;
            let rows = response.digest();
            let tag =
                rows.and_then(|rows| self.tag(session, &prepared, if_none_match.media_type, &json!(rows), now_ms));
            return if is_known(tag.as_ref()) { ResponseBuilder::not_modified(tag) } else { response.tagged(tag) };
        }
        // If the database does not answer, the query itself reports it.
        let version = version::current(&self.config.db).await.ok();
        let tag =
            version.and_then(|version| self.tag(session, &prepared, if_none_match.media_type, &json!(version), now_ms));
        if is_known(tag.as_ref()) {
            ResponseBuilder::not_modified(tag)
        } else {
            self.run_operation(session, &prepared, 0, now_ms).await.tagged(tag)
        }
    }

    /// The tag of a response over this state of the rows; none if the response must not be cached.
    fn tag(
        &self,
        session: &Session,
        prepared: &PreparedOperation<'_>,
        media_type: &str,
        state: &Value,
        now_ms: i64,
    ) -> Option<String> {
        if may_filter_by_unversioned_rows(&prepared.document.text, &prepared.request.variables) {
            return None;
        }
        let token = match prepared.caching {
            Caching::Never => return None,
            Caching::Mirror => None,
            Caching::MirrorAndToken => Some((session.subject.as_str(), session.expires_at)),
        };
        let Work::Query(query, slots) = &prepared.work else { return None };
        let promoter = session.viewer.promoter();
        let roots = query.tags(Inputs { promoter, slots, now_ms, ..Inputs::default() })?;
        let inputs = TagInputs {
            edition: &EDITION,
            settings: &self.response_settings,
            viewer: format!("{:?}", session.viewer),
            token,
            document: &prepared.document.text,
            operation_name: prepared.request.operation_name.as_deref(),
            variables: &prepared.request.variables,
            media_type,
            roots,
            state,
        };
        Some(inputs.tag())
    }
}

/// The names of relations to rows that the mirror's version does not cover.
static UNVERSIONED_RELATIONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let is_unversioned = |target| CATALOG.get(target).is_none_or(|entity| !entity.versioned);
    let relations = CATALOG.iter().flat_map(|entity| &entity.relations);
    relations.filter(|relation| is_unversioned(relation.target)).map(|relation| relation.name).collect()
});

/// Whether a filter could use such a relation. A document that only mentions its name is not cached either, which
/// costs a little and is never wrong.
fn may_filter_by_unversioned_rows(document: &str, variables: &Map<String, Value>) -> bool {
    fn names(value: &Value) -> bool {
        match value {
            Value::Object(fields) => {
                fields.iter().any(|(name, value)| UNVERSIONED_RELATIONS.contains(&**name) || names(value))
            }
            Value::Array(items) => items.iter().any(names),
            _ => false,
        }
    }
    UNVERSIONED_RELATIONS.iter().any(|name| document.contains(name)) || variables.values().any(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_or_schema_gives_other_tags() {
        let variables = Map::new();
        let tag = |edition: &str| {
            let inputs = TagInputs {
                edition,
                settings: "",
                viewer: String::new(),
                token: None,
                document: "{ a }",
                operation_name: None,
                variables: &variables,
                media_type: "",
                roots: Vec::new(),
                state: &Value::Null,
            };
            inputs.tag()
        };
        let editions = [edition("1", "a"), edition("2", "a"), edition("1", "b"), edition("1a", "")];
        assert_eq!(editions.iter().map(|edition| tag(edition)).collect::<HashSet<_>>().len(), 4);
    }
}
