//! The root fields of a type of the catalogue: one row by a key, and the list of rows.

use futures_util::{FutureExt as _, future::BoxFuture};

use super::field::{Caching, QueryField, ResolveContext, RootError};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        resolved::Resolved,
        schema::{FieldDefinition, NamedInput, connection_arguments, field, input},
    },
    read::{
        Param, Reader, RowLookup,
        error::ReadError,
        global_id::{self, RowKey},
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

    fn resolve<'a>(
        &'a self,
        ResolveContext { session, reader, collector, .. }: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>> {
        async move {
            let lookup = lookup(reader, self.0, &collector.arguments(selection)?)?;
            let children = collector.below(selection, self.0.name);
            let row = reader.one(session.viewer, self.0, lookup, &children).await?;
            Ok(Resolved::read_or_null(row, &selection.path()))
        }
        .boxed()
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

    fn resolve<'a>(
        &'a self,
        ResolveContext { session, reader, collector, .. }: &'a ResolveContext<'a>,
        selection: &'a RootSelection<'a>,
    ) -> BoxFuture<'a, Result<Resolved, RootError>> {
        async move {
            let arguments = collector.arguments(selection)?;
            let children = collector.below(selection, &format!("{}Connection", self.0.name));
            let (key, name) = (selection.key.to_owned(), selection.name.to_owned());
            let at = (selection.pos.line, selection.pos.column);
            let selected = SelectedField { key, name, arguments, refused: None, at, children };
            let json = reader.connection(session.viewer, self.0, &selected).await?;
            Ok(Resolved::read(json, &selection.path()))
        }
        .boxed()
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
    match (name.as_str(), value) {
        ("id", ArgumentValue::Text(text)) => global_id::decode_as(reader.catalog(), entity, text).map(RowLookup::Key),
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
