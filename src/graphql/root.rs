//! Root fields that are read: rows, lists, `node`, `nodes`, `viewer`, `freshness`.

use std::collections::HashMap;

use serde_json::{Value, json};

mod resolved;

pub use resolved::Resolved;

use super::{
    api::Api,
    collect::{Collector, RootField},
    error::GraphqlError,
    schema::SCHEMA,
};
use crate::{
    auth::{Session, Viewer},
    read::{
        Param, Reader, RootValue, RowLookup,
        error::ReadError,
        global_id::{self, RowKey},
        model::EntityType,
        object_writer,
        response_budget::JsonWriter,
        selection::{ArgumentValue, Arguments, SelectedField},
    },
};

/// The last second that RFC 3339 can write.
const LATEST: i64 = 253_402_300_799;
/// How many ids `nodes` takes.
const MAX_NODES: usize = 200;

/// Why a root field failed: before or while reading.
enum RootError {
    GraphqlError(GraphqlError),
    Read(ReadError),
}

impl RootError {
    fn at(self, field: &RootField<'_>, path: Vec<Value>) -> GraphqlError {
        match self {
            Self::GraphqlError(error) => GraphqlError { path, ..error },
            Self::Read(error) => GraphqlError::read(&error, field.pos, path),
        }
    }
}

impl From<GraphqlError> for RootError {
    fn from(error: GraphqlError) -> Self {
        Self::GraphqlError(error)
    }
}

impl From<ReadError> for RootError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl Api {
    /// Reads a root field.
    pub(super) async fn resolve(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
        now_ms: i64,
    ) -> Resolved {
        let path = vec![json!(root.key)];
        let resolved = match root.name {
            "viewer" => return self.viewer(session, reader, collector, root).await,
            "freshness" => self.freshness(session, reader, collector, root, now_ms).await,
            "node" => self.node(session, reader, collector, root).await,
            "nodes" => match self.nodes(session, reader, collector, root).await {
                Ok(resolved) => return resolved,
                Err(refusal) => Err(refusal),
            },
            _ => self.rows(session, reader, collector, root).await,
        };
        match resolved {
            Ok(Some(json)) => Resolved::read(json, &path),
            Ok(None) => Resolved::null(),
            Err(refusal) => Resolved::failed(refusal.at(root, path)),
        }
    }

    async fn rows(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
    ) -> Result<Option<RootValue>, RootError> {
        let Some((entity, list)) = self.reader.catalog().root(root.name) else { return Ok(None) };
        let arguments = collector.arguments(root)?;
        if list {
            let children = collector.below(root, &format!("{}Connection", entity.name));
            let (key, name, at) = (root.key.to_owned(), root.name.to_owned(), (root.pos.line, root.pos.column));
            let selected = SelectedField { key, name, arguments, refused: None, at, children };
            return Ok(Some(reader.connection(session.viewer, entity, &selected).await?));
        }
        let lookup = self.lookup(entity, &arguments)?;
        let children = collector.below(root, entity.name);
        Ok(reader.one(session.viewer, entity, lookup, &children).await?)
    }

    /// By what the singular root field finds its row: exactly one argument.
    fn lookup(&self, entity: &EntityType, arguments: &Arguments) -> Result<RowLookup, ReadError> {
        let mut given = arguments.iter().filter(|(_, value)| **value != ArgumentValue::Null);
        let (Some((name, value)), None) = (given.next(), given.next()) else {
            let names: Vec<_> = SCHEMA
                .field("Query", entity.singular)
                .map_or_else(Vec::new, |field| field.arguments.keys().map(|name| format!("`{name}`")).collect());
            let message = format!("`{}` needs exactly one of {}", entity.singular, names.join(", "));
            return Err(ReadError::BadInput(message));
        };
        match (name.as_str(), value) {
            ("id", ArgumentValue::Text(text)) => {
                global_id::decode_as(self.reader.catalog(), entity, text).map(RowLookup::Key)
            }
            ("firstPromoterId", ArgumentValue::Int(key)) => Ok(RowLookup::Key(RowKey::Int(*key))),
            (name, ArgumentValue::Text(text)) => {
                let column = entity.field(name).map_or("", |field| field.column);
                if text.contains('\0') {
                    return Err(ReadError::BadInput(format!("`{name}` contains a NUL character")));
                }
                Ok(RowLookup::Natural(column, Param::Text(text.clone())))
            }
            _ => Err(ReadError::BadInput(format!("`{name}` is not a key of {}", entity.name))),
        }
    }

    async fn node(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
    ) -> Result<Option<RootValue>, RootError> {
        let arguments = collector.arguments(root)?;
        let Some(ArgumentValue::Text(text)) = arguments.get("id") else { return Ok(None) };
        let (entity, key) = global_id::decode(self.reader.catalog(), text)?;
        if hidden(session, entity) {
            return Ok(None);
        }
        let children = collector.below(root, entity.name);
        Ok(reader.one(session.viewer, entity, RowLookup::Key(key), &children).await?)
    }

    async fn nodes(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
    ) -> Result<Resolved, RootError> {
        let arguments = collector.arguments(root)?;
        let Some(ArgumentValue::List(ids)) = arguments.get("ids") else { return Ok(Resolved::null()) };
        if ids.len() > MAX_NODES {
            let message = format!("`ids` has {} ids: at most {MAX_NODES}", ids.len());
            return Err(ReadError::over(message, "ids", MAX_NODES as u64, ids.len() as u64).into());
        }
        let mut wanted = Vec::with_capacity(ids.len());
        let mut by_type: Vec<(&EntityType, Vec<RowKey>)> = Vec::new();
        for id in ids {
            let ArgumentValue::Text(text) = id else { continue };
            let (entity, key) = global_id::decode(self.reader.catalog(), text)?;
            wanted.push((entity.name, key.clone()));
            if hidden(session, entity) {
                continue;
            }
            match by_type.iter_mut().find(|(known, _)| known.name == entity.name) {
                Some((_, keys)) if keys.contains(&key) => {}
                Some((_, keys)) => keys.push(key),
                None => by_type.push((entity, vec![key])),
            }
        }
        // A row that is asked for again and again is written as often.
        let beside = reader.within(reader.room().beside());
        let mut found: HashMap<(&str, RowKey), RootValue> = HashMap::new();
        for (entity, keys) in by_type {
            let children = collector.below(root, entity.name);
            let rows = beside.several(session.viewer, entity, keys, &children).await?;
            found.extend(rows.into_iter().map(|(key, json)| ((entity.name, key), json)));
        }
        let (mut out, mut errors) = (JsonWriter::new(reader.room()), Vec::new());
        out.push(b'[');
        for (index, place) in wanted.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let path = [json!(root.key), json!(index)];
            let object = found.get(place).map_or_else(Resolved::null, |json| Resolved::read(json.clone(), &path));
            out.extend_from_slice(&object.json);
            out.check()?;
            errors.extend(object.errors);
        }
        out.push(b']');
        Ok(Resolved { json: out.finish()?, errors })
    }

    /// The viewer is never null, so a failure below it is its `promoter`'s.
    async fn viewer(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
    ) -> Resolved {
        let (role, contact) = match session.viewer {
            Viewer::Admin => ("ADMIN", true),
            Viewer::Analyst { pii } => ("ANALYST", pii),
            Viewer::Promoter { .. } => ("PROMOTER", false),
        };
        let (mut selected, mut errors, mut promoters) = (Vec::new(), Vec::new(), HashMap::new());
        for field in collector.children(root, "Viewer") {
            if field.name == "promoter" {
                let path = vec![json!(root.key), json!(field.key)];
                let read = match self.own_promoter(session, reader, collector, &field).await {
                    Ok(read) => read.map_or_else(Resolved::null, |json| Resolved::read(json, &path)),
                    Err(refusal) => Resolved::failed(refusal.at(&field, path)),
                };
                promoters.insert(field.key.to_owned(), read.json);
                errors.extend(read.errors);
            }
            let (key, name) = (field.key.to_owned(), field.name.to_owned());
            let (arguments, at) = (Arguments::new(), (field.pos.line, field.pos.column));
            selected.push(SelectedField { key, name, arguments, refused: None, at, children: Vec::new() });
        }
        let json = object_writer::object("Viewer", &selected, &mut |field, out| match field.name.as_str() {
            "promoter" => out.extend_from_slice(promoters.get(field.key.as_str()).map_or(b"null", Vec::as_slice)),
            "role" => object_writer::value(&json!(role), out),
            "currency" => object_writer::value(&json!(self.config.currency.as_deref()), out),
            "subject" => object_writer::value(&json!(session.subject), out),
            "seesContactData" => object_writer::value(&json!(contact), out),
            "expiresAt" => object_writer::time(Some(session.expires_at.min(LATEST).saturating_mul(1_000)), out),
            _ => object_writer::value(&Value::Null, out),
        });
        Resolved { json, errors }
    }

    /// None for others than promoters: nothing is below that could fail.
    async fn own_promoter(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        field: &RootField<'_>,
    ) -> Result<Option<RootValue>, RootError> {
        let (Viewer::Promoter { id }, Some(entity)) = (session.viewer, self.reader.catalog().get("Promoter")) else {
            return Ok(None);
        };
        let children = collector.below(field, entity.name);
        Ok(reader.one(session.viewer, entity, RowLookup::Key(RowKey::Int(id)), &children).await?)
    }

    async fn freshness(
        &self,
        session: &Session,
        reader: &Reader,
        collector: &Collector<'_>,
        root: &RootField<'_>,
        now_ms: i64,
    ) -> Result<Option<RootValue>, RootError> {
        let selected = collector.below(root, "Freshness");
        let bytes = reader.freshness(session.viewer, &selected, now_ms).await?;
        Ok(Some(RootValue { bytes, failures: Vec::new() }))
    }
}

/// By its id, what only admins see is as if it were not there.
fn hidden(session: &Session, entity: &EntityType) -> bool {
    entity.admin_only && session.viewer != Viewer::Admin
}
