//! The root fields of a type of the catalogue: one row by a key, and the list of rows.

use std::future::ready;

use futures_util::{FutureExt as _, future::BoxFuture};

use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, NamedInput, connection_arguments, field, input},
    },
    read::{
        ConnectionPlan, Inputs, ObjectPlan, Param, Reader, RootValue, RowLookup,
        error::ReadError,
        global_id,
        model::{EntityField, EntityType, FieldKind},
        selection::{ArgumentValue, Arguments, SelectedField},
    },
};

fn caching(entity: &EntityType) -> Caching {
    if entity.versioned { Caching::Mirror } else { Caching::Never }
}

/// `lead(id: ...)`: one row.
pub struct RowField(pub &'static EntityType);

impl QueryField for RowField {
    #[expect(clippy::misnamed_getters, reason = "the field's name, not the type's")]
    fn name(&self) -> &'static str {
        self.0.singular
    }

    fn definition(&self) -> FieldDefinition {
        let description =
            format!("The {} with the given key. Exactly one argument is required. Null if there is none.", self.0.name);
        field(self.0.name, &description, keys(self.0))
    }

    fn caching(&self) -> Caching {
        caching(self.0)
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        measure.row(self.0, &selection.fields)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let lookup = lookup(reader, self.0, &collector.arguments(selection)?)?;
        let children = collector.below(selection, self.0.name);
        Ok(Box::new(CompiledRow(Some(reader.plan_rows(viewer, self.0, lookup, &children)?))))
    }
}

/// One row; none if the viewer must not know that there is one.
#[derive(Debug)]
pub struct CompiledRow(pub Option<ObjectPlan>);

impl CompiledField for CompiledRow {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.0.as_ref().map_or(Ok(()), |plan| plan.level.check(inputs))
    }

    fn fails(&self) -> bool {
        self.0.as_ref().is_some_and(ObjectPlan::fails)
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        match &self.0 {
            Some(plan) => context.reader.one(plan, context.inputs).boxed(),
            None => ready(Ok(None)).boxed(),
        }
    }

    fn size(&self) -> usize {
        self.0.as_ref().map_or(0, ObjectPlan::size)
    }
}

/// `leads(...)`: the list, as a connection.
pub struct ListField(pub &'static EntityType);

impl QueryField for ListField {
    #[expect(clippy::misnamed_getters, reason = "the field's name, not the type's")]
    fn name(&self) -> &'static str {
        self.0.plural
    }

    fn definition(&self) -> FieldDefinition {
        let description = format!("All {} rows that the viewer may see, in pages.", self.0.name);
        field(&format!("{}Connection", self.0.name), &description, connection_arguments(self.0))
    }

    fn caching(&self) -> Caching {
        caching(self.0)
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        match measure.arguments(selection) {
            Some(arguments) => measure.list(self.0, None, &arguments, &selection.fields),
            None => Ok(0),
        }
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let CompileContext { viewer, reader, collector } = *context;
        let arguments = collector.arguments(selection)?;
        let children = collector.below(selection, &format!("{}Connection", self.0.name));
        let (key, name) = (selection.key.to_owned(), selection.name.to_owned());
        let at = (selection.pos.line, selection.pos.column);
        let selected = SelectedField { key, name, arguments, refused: None, at, children };
        Ok(Box::new(CompiledList(reader.plan_connection(viewer, self.0, &selected)?)))
    }
}

#[derive(Debug)]
struct CompiledList(ConnectionPlan);

impl CompiledField for CompiledList {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        self.0.level.check(inputs)
    }

    fn fails(&self) -> bool {
        self.0.fails()
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        async move { context.reader.connection(&self.0, context.inputs).await.map(Some) }.boxed()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

/// The arguments by which [`RowField`] finds its row.
fn keys(entity: &EntityType) -> Vec<NamedInput> {
    let mut keys = vec![input("id", "ID", "The object's `id`.")];
    if entity.field("firstPromoterId").is_some_and(|field| field.column == entity.key) {
        keys.push(input("firstPromoterId", "BigInt", "FirstPromoter's id."));
    }
    for column in &entity.natural_keys {
        if let Some(declared) = entity.fields.iter().find(|declared| declared.column == *column) {
            let description = format!("Equal to `{}`; the oldest row if several are.", declared.name);
            keys.push(input(declared.name.clone(), scalar(declared), &description));
        }
    }
    keys
}

fn scalar(declared: &EntityField) -> &'static str {
    match declared.kind {
        FieldKind::BigInt => "BigInt",
        _ => "String",
    }
}

/// The key in the arguments: exactly one of them.
fn lookup(reader: &Reader, entity: &EntityType, arguments: &Arguments) -> Result<RowLookup, ReadError> {
    let mut given = arguments.iter().filter(|(_, value)| **value != ArgumentValue::Null);
    let (Some((name, value)), None) = (given.next(), given.next()) else {
        let names: Vec<_> = keys(entity).iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("`{}` needs exactly one of {}", entity.singular, names.join(", "));
        return Err(ReadError::BadInput(message));
    };
    let (catalog, type_name, key) = (reader.catalog(), entity.name, name.clone());
    let unknown = move || ReadError::BadInput(format!("`{key}` is not a key of {type_name}"));
    match name.as_str() {
        "id" => {
            let id = Param::of(value, move |id| match id {
                ArgumentValue::Text(id) => global_id::decode_as(catalog, type_name, id).map(Param::from),
                _ => Err(unknown()),
            });
            id.map(RowLookup::Key)
        }
        "firstPromoterId" => {
            let id = Param::of(value, move |id| match id {
                ArgumentValue::Int(id) => Ok(Param::Int(*id)),
                _ => Err(unknown()),
            });
            id.map(RowLookup::Key)
        }
        _ => {
            let (column, name) = (entity.field(name).map_or("", |field| field.column), name.clone());
            let text = Param::of(value, move |text| match text {
                ArgumentValue::Text(text) if text.contains('\0') => {
                    Err(ReadError::BadInput(format!("`{name}` contains a NUL character")))
                }
                ArgumentValue::Text(text) => Ok(Param::Text(text.clone())),
                _ => Err(unknown()),
            });
            text.map(|text| RowLookup::Natural(column, text))
        }
    }
}
