//! `viewer`: what the token says.

use std::collections::HashMap;

use futures_util::{FutureExt as _, future::BoxFuture};
use sea_orm::ActiveEnum as _;
use serde_json::{Value, json};

use super::field::{Caching, QueryField, ResolveContext, RootError};
use crate::{
    auth,
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        resolved::Resolved,
        schema::{FieldDefinition, Schema, field, object},
    },
    read::{
        RootValue, RowLookup,
        global_id::RowKey,
        object_writer,
        selection::{Arguments, SelectedField},
    },
};

/// The last second that RFC 3339 can write.
const MAX_SECONDS: i64 = 253_402_300_799;

/// `viewer`.
pub struct ViewerField;

impl QueryField for ViewerField {
    fn name(&self) -> &'static str {
        "viewer"
    }

    fn definition(&self) -> FieldDefinition {
        field("Viewer!", "The token of this request, and what it allows.", [])
    }

    fn define_types(&self, schema: &mut Schema) {
        let viewer = object([
            ("role", field("Role!", "The token's role.", [])),
            ("subject", field("String!", "The token's subject (`sub`).", [])),
            ("seesContactData", field("Boolean!", "Whether other people's contact data is returned in full.", [])),
            (
                "currency",
                field(
                    "String",
                    "Currency of all money (ISO 4217). Null if the server's settings do not name it: no webhook does.",
                    [],
                ),
            ),
            ("expiresAt", field("DateTime!", "When the token expires.", [])),
            ("promoter", field("Promoter", "The promoter of a promoter's token. Null for other roles.", [])),
        ]);
        schema.add("Viewer", "The token of a request, and what it allows.", viewer);
        let roles = [
            ("ADMIN", "Reads and does everything."),
            ("ANALYST", "Reads every row of the programme; contact data only if the token allows it."),
            ("PROMOTER", "Reads the promoter's own rows."),
        ];
        let roles = roles.map(|(name, description)| (name.to_owned(), description.to_owned()));
        schema.add_enum("Role", "The role of a token.", roles);
    }

    fn caching(&self) -> Caching {
        Caching::MirrorAndToken
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        measure.object("Viewer", &selection.fields)
    }

    fn resolve<'a>(
        &'a self,
        context: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>> {
        resolve(context, selection).map(Ok).boxed()
    }
}

/// The viewer is never null, so an error below it belongs to its `promoter`.
async fn resolve(context: &ResolveContext<'_>, selection: &RootSelection<'_>) -> Resolved {
    let ResolveContext { session, collector, .. } = context;
    let (mut selected, mut errors, mut promoters) = (Vec::new(), Vec::new(), HashMap::new());
    for field in collector.children(selection, "Viewer") {
        if field.name == "promoter" {
            let path = [json!(selection.key), json!(field.key)];
            let read = match promoter(context, &field).await {
                Ok(read) => Resolved::read_or_null(read, &path),
                Err(error) => Resolved::failed(error.at(&field, path.to_vec())),
            };
            promoters.insert(field.key.to_owned(), read.json);
            errors.extend(read.errors);
        }
        let (key, name) = (field.key.to_owned(), field.name.to_owned());
        let (arguments, at) = (Arguments::new(), (field.pos.line, field.pos.column));
        selected.push(SelectedField { key, name, arguments, refused: None, at, children: Vec::new() });
    }
    let sees_contact_data = matches!(session.viewer, auth::Viewer::Admin | auth::Viewer::Analyst { pii: true });
    let json = object_writer::object("Viewer", &selected, &mut |field, out| match field.name.as_str() {
        "promoter" => out.extend_from_slice(promoters.get(field.key.as_str()).map_or(b"null", Vec::as_slice)),
        "role" => object_writer::value(&json!(session.viewer.role().to_value().to_uppercase()), out),
        "currency" => object_writer::value(&json!(context.currency), out),
        "subject" => object_writer::value(&json!(session.subject), out),
        "seesContactData" => object_writer::value(&json!(sees_contact_data), out),
        "expiresAt" => object_writer::time(Some(session.expires_at.min(MAX_SECONDS).saturating_mul(1_000)), out),
        _ => object_writer::value(&Value::Null, out),
    });
    Resolved { json, errors }
}

/// The promoter's own row; none for other roles.
async fn promoter(context: &ResolveContext<'_>, field: &RootSelection<'_>) -> Result<Option<RootValue>, RootError> {
    let ResolveContext { session, reader, collector, .. } = context;
    let (auth::Viewer::Promoter { id }, Some(entity)) = (session.viewer, reader.catalog().get("Promoter")) else {
        return Ok(None);
    };
    let children = collector.below(field, entity.name);
    Ok(reader.one(session.viewer, entity, RowLookup::Key(RowKey::Int(id)), &children).await?)
}
