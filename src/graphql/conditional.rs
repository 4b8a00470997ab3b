//! Telling a reader that nothing has changed, without reading.
//!
//! The tag of an answer is a hash of all that the answer follows from: who asks, the document, its
//! variables, this version of the API, and the version of the mirror, which is asked for before any
//! row is read. So what is read is at least as new as its tag, and an equal tag means an equal answer.
//!
//! The mirror's version tells of every change in the programme. A promoter sees few of them: there the tag is
//! made of what was read instead, so nothing is saved but the way.

use std::{collections::HashSet, sync::LazyLock};

use async_graphql::parser::types::{OperationType, Selection, SelectionSet};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    api::Api,
    collect::{Collector, RootField},
    documents::Document,
    execute::PreparedOperation,
    request::{AllowedOperations, Request, Response},
    response::ResponseBuilder,
    schema::{SCHEMA, named_type},
};
use crate::{
    auth::{Session, Viewer},
    projection::version,
    read::{global_id, selection::ArgumentValue},
};

/// What a reader has.
#[derive(Clone, Copy, Debug)]
pub struct IfNoneMatch<'a> {
    /// The tags of its copies, without quotes.
    pub tags: &'a [String],
    /// The media type of the response.
    pub media_type: &'a str,
}

/// Changes with whatever changes answers though no row changes.
static EDITION: LazyLock<String> =
    LazyLock::new(|| edition(&format!("{} {}", env!("CARGO_PKG_VERSION"), folding::VERSION), &super::sdl()));

fn edition(version: &str, sdl: &str) -> String {
    hex::encode(Sha256::new().chain_update(version).chain_update([0]).chain_update(sdl).finalize())
}

fn hash(edition: &str, parts: &Value) -> String {
    let all = json!([edition, parts]).to_string();
    URL_SAFE_NO_PAD.encode(&Sha256::digest(all)[..18])
}

impl Api {
    /// Runs a request that only reads, unless the reader has the answer: then the response has no body
    /// and says so by its status.
    pub async fn execute_conditional(
        &self,
        session: &Session,
        request: &Request,
        if_none_match: IfNoneMatch<'_>,
        now_ms: i64,
    ) -> Response {
        self.timed(self.deadline(), self.run_conditional(session, request, if_none_match, now_ms)).await
    }

    async fn run_conditional(
        &self,
        session: &Session,
        request: &Request,
        if_none_match: IfNoneMatch<'_>,
        now_ms: i64,
    ) -> ResponseBuilder {
        let prepared = match self.prepare(session, request, AllowedOperations::Queries) {
            Ok(prepared) => prepared,
            Err(refusal) => return ResponseBuilder::refused(refusal.errors, refusal.cost),
        };
        let is_known = |tag: Option<&String>| tag.is_some_and(|tag| if_none_match.tags.contains(tag));
        if let Viewer::Promoter { .. } = session.viewer {
            let answer = self.run_operation(session, &prepared, 0, now_ms).await;
            let tag =
                answer.digest().and_then(|state| self.tag(session, &prepared, if_none_match.media_type, &json!(state)));
            return if is_known(tag.as_ref()) { ResponseBuilder::not_modified(tag) } else { answer.tagged(tag) };
        }
        // Before the first row is read: the rows may be newer than the tag, never older. Where nobody can say now,
        // the read itself will tell.
        let version = version::current(&self.config.db).await.ok();
        let tag = version.and_then(|version| self.tag(session, &prepared, if_none_match.media_type, &json!(version)));
        if is_known(tag.as_ref()) {
            ResponseBuilder::not_modified(tag)
        } else {
            self.run_operation(session, &prepared, 0, now_ms).await.tagged(tag)
        }
    }

    /// The tag of an answer that follows from this state of the rows. None for what does not follow from the mirror
    /// alone.
    fn tag(&self, session: &Session, prepared: &PreparedOperation, form: &str, state: &Value) -> Option<String> {
        let document = &prepared.document;
        if prepared.operation.node.ty != OperationType::Query {
            return None;
        }
        let (parsed, variables) = (&document.parsed, &prepared.variables);
        let collector = Collector { schema: &SCHEMA, document: parsed, root: "Query", variables };
        let set = &prepared.operation.node.selection_set.node;
        let roots = collector.roots(set);
        if !roots.iter().all(|root| self.is_versioned(&collector, root))
            || Walk::new(document).leaves("Query", set)
            || may_filter_by_events(&document.text, &prepared.raw)
        {
            return None;
        }
        let token = roots.iter().any(|root| root.name == "viewer").then_some((&session.subject, session.expires_at));
        let parts = json!([
            format!("{:?}", self.config.limits),
            self.config.currency.as_deref(),
            format!("{:?}", session.viewer),
            token,
            &*document.text,
            prepared.name,
            prepared.raw,
            form,
            state,
        ]);
        Some(hash(&EDITION, &parts))
    }

    fn is_versioned(&self, collector: &Collector<'_>, root: &RootField<'_>) -> bool {
        let is_mirrored = |id: &ArgumentValue| match id {
            ArgumentValue::Text(id) => {
                global_id::decode(self.reader.catalog(), id).is_ok_and(|(entity, _)| !entity.admin_only)
            }
            _ => false,
        };
        match root.name {
            "node" => collector.arguments(root).is_ok_and(|given| given.get("id").is_some_and(is_mirrored)),
            "nodes" => collector.arguments(root).is_ok_and(|given| match given.get("ids") {
                Some(ArgumentValue::List(ids)) => ids.iter().all(is_mirrored),
                _ => false,
            }),
            _ => true,
        }
    }
}

/// Relations to rows that are not mirrored.
static LEAVING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let catalog = &super::catalog::CATALOG;
    let leaves = |target| catalog.get(target).is_some_and(|entity| entity.admin_only);
    let relations = catalog.iter().flat_map(|entity| &entity.relations);
    relations.filter(|relation| leaves(relation.target)).map(|relation| relation.name).collect()
});

/// Whether a filter could ask for rows by such a relation. A document that only mentions its name is
/// read anew too, which costs a little and is never wrong.
fn may_filter_by_events(document: &str, variables: &Map<String, Value>) -> bool {
    fn names(value: &Value) -> bool {
        match value {
            Value::Object(fields) => fields.iter().any(|(name, value)| LEAVING.contains(&**name) || names(value)),
            Value::Array(items) => items.iter().any(names),
            _ => false,
        }
    }
    LEAVING.iter().any(|name| document.contains(name)) || variables.values().any(names)
}

/// Looks for types whose rows are not mirrored: stored events and what is counted from them.
struct Walk<'a> {
    document: &'a Document,
    visited: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, visited: HashSet::new() }
    }

    fn leaves(&mut self, parent: &str, set: &'a SelectionSet) -> bool {
        let reader = &super::catalog::CATALOG;
        let rows = SCHEMA.rows_of(parent).unwrap_or(parent);
        if parent == "Freshness" || reader.get(rows).is_some_and(|entity| entity.admin_only) {
            return true;
        }
        set.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => SCHEMA
                .field(parent, &field.node.name.node)
                .is_some_and(|definition| self.leaves(named_type(&definition.ty), &field.node.selection_set.node)),
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                self.leaves(condition.unwrap_or(parent), &inline.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                match self.document.parsed.fragments.get(name) {
                    Some(fragment) if self.visited.insert(name) => {
                        let condition = fragment.node.type_condition.node.on.node.as_str();
                        self.leaves(condition, &fragment.node.selection_set.node)
                    }
                    _ => false,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_or_schema_gives_other_tags() {
        let tags = [edition("1", "a"), edition("2", "a"), edition("1", "b"), edition("1a", "")];
        let tags: HashSet<_> = tags.iter().map(|edition| hash(edition, &json!(["the same"]))).collect();
        assert_eq!(tags.len(), 4);
    }
}
