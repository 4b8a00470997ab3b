//! `node`: any object by its id.

use futures_util::{FutureExt as _, future::BoxFuture};

use super::field::{Caching, QueryField, ResolveContext, RootError};
use crate::{
    auth::{self, Session},
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        resolved::Resolved,
        schema::{FieldDefinition, Schema, TypeKind, field, input},
    },
    read::{RowLookup, global_id, model::EntityType, selection::ArgumentValue},
};

/// `node`.
pub struct NodeField;

impl QueryField for NodeField {
    fn name(&self) -> &'static str {
        "node"
    }

    fn definition(&self) -> FieldDefinition {
        let id = input("id", "ID!", "The `id` of an object of any type.");
        field("Node", "The object with this id. Null if there is none that the viewer may see.", [id])
    }

    fn define_types(&self, schema: &mut Schema) {
        let id = field("ID!", "Opaque id, unique across all types.", []);
        let node = TypeKind::Interface([("id".to_owned(), id)].into_iter().collect());
        schema.add("Node", "An object with an id.", node);
    }

    fn caching(&self) -> Caching {
        Caching::Mirror
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        let id = measure.argument(selection, "id");
        measure.nodes(id.as_slice(), &selection.fields)
    }

    fn resolve<'a>(
        &'a self,
        ResolveContext { session, reader, collector, .. }: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>> {
        async move {
            let arguments = collector.arguments(selection)?;
            let Some(ArgumentValue::Text(text)) = arguments.get("id") else { return Ok(Resolved::null()) };
            let (entity, key) = global_id::decode(reader.catalog(), text)?;
            if is_hidden(session, entity) {
                return Ok(Resolved::null());
            }
            let children = collector.below(selection, entity.name);
            let row = reader.one(session.viewer, entity, RowLookup::Key(key), &children).await?;
            Ok(Resolved::read_or_null(row, &selection.path()))
        }
        .boxed()
    }
}

/// Whether an id of this type must look like one that does not exist.
pub fn is_hidden(session: &Session, entity: &EntityType) -> bool {
    entity.admin_only && session.viewer != auth::Viewer::Admin
}
