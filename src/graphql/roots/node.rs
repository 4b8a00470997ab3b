//! `node`: any object by its id.

use super::{
    field::{Caching, CompileContext, CompileError, CompiledField, QueryField},
    rows::CompiledRow,
};
use crate::{
    auth::ViewerClass,
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
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

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let arguments = collector.arguments(selection)?;
        // The type is in the id.
        let Some(ArgumentValue::Text(text)) = arguments.get("id") else { return Err(CompileError::NeedsValues) };
        let (entity, key) = global_id::decode(reader.catalog(), text)?;
        if is_hidden(viewer, entity) {
            return Ok(Box::new(CompiledRow(None)));
        }
        let children = collector.below(selection, entity.name);
        let plan = reader.plan_rows(viewer, entity, RowLookup::Key(key.into()), &children)?;
        Ok(Box::new(CompiledRow(Some(plan))))
    }
}

/// Whether an id of this type must look like one that does not exist.
pub fn is_hidden(viewer: ViewerClass, entity: &EntityType) -> bool {
    entity.admin_only && viewer != ViewerClass::Admin
}
