//! Fills async-graphql's registry from the schema, for introspection.
//!
//! The types have no Rust types: [`QueryRoot`] registers all of them. async-graphql resolves none of the fields but
//! those of introspection.

use std::{borrow::Cow, pin::Pin};

use async_graphql::{
    CacheControl, ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, Response,
    ServerError, ServerResult, SubscriptionType, Value,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry},
};
use futures_util::stream::Stream;
use indexmap::IndexMap;

use crate::graphql::{
    roots::SCHEMA,
    schema::{
        FieldDefinition, InputDefinition, MUTATION_ROOT, QUERY_ROOT, SUBSCRIPTION_ROOT, Scalar, TypeDefinition,
        TypeKind,
    },
};

/// The query root, as async-graphql sees it.
#[derive(Clone, Copy, Debug)]
pub struct QueryRoot;

impl OutputType for QueryRoot {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(QUERY_ROOT)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        for (name, definition) in SCHEMA.types() {
            if let Some(meta) = meta_type(name, definition) {
                registry.types.insert(name.clone(), meta);
                if matches!(definition.kind, TypeKind::Object(_, true)) {
                    registry.add_implements(name, "Node");
                }
            }
        }
        format!("{QUERY_ROOT}!")
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        async_graphql::resolver_utils::resolve_container(ctx, self).await
    }
}

impl ContainerType for QueryRoot {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Err(ServerError::new("this field is not resolved here", Some(ctx.item.pos)))
    }
}

impl ObjectType for QueryRoot {}

/// The mutation root, as async-graphql sees it. It executes no mutation.
#[derive(Clone, Copy, Debug)]
pub struct MutationRoot;

impl OutputType for MutationRoot {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(MUTATION_ROOT)
    }

    /// [`QueryRoot`] registers the type.
    fn create_type_info(_: &mut Registry) -> String {
        format!("{MUTATION_ROOT}!")
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        async_graphql::resolver_utils::resolve_container(ctx, self).await
    }
}

impl ContainerType for MutationRoot {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        Err(ServerError::new("this field is not resolved here", Some(ctx.item.pos)))
    }
}

impl ObjectType for MutationRoot {}

/// The subscription root, as async-graphql sees it. It executes no subscription.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionRoot;

impl SubscriptionType for SubscriptionRoot {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(SUBSCRIPTION_ROOT)
    }

    /// [`QueryRoot`] registers the type.
    fn create_type_info(_: &mut Registry) -> String {
        format!("{SUBSCRIPTION_ROOT}!")
    }

    fn create_field_stream<'a>(
        &'a self,
        _: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}

/// The built-in scalars are in the registry already.
fn meta_type(name: &str, definition: &TypeDefinition) -> Option<MetaType> {
    let description = Some(definition.description.clone());
    let one_of = matches!(definition.kind, TypeKind::OneOf(_));
    Some(match &definition.kind {
        TypeKind::Scalar(Scalar::Int | Scalar::String | Scalar::Boolean | Scalar::Id) => return None,
        TypeKind::Scalar(_) => MetaType::Scalar {
            name: name.to_owned(),
            description,
            is_valid: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            specified_by_url: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Enum(values) => MetaType::Enum {
            name: name.to_owned(),
            description,
            enum_values: values.iter().map(|(value, text)| (value.clone(), meta_enum_value(value, text))).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Object(fields, _) => MetaType::Object {
            name: name.to_owned(),
            description,
            fields: meta_fields(fields),
            cache_control: CacheControl::default(),
            extends: false,
            shareable: false,
            resolvable: true,
            keys: None,
            visible: None,
            inaccessible: false,
            interface_object: false,
            tags: Vec::new(),
            is_subscription: name == SUBSCRIPTION_ROOT,
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Interface(fields) => MetaType::Interface {
            name: name.to_owned(),
            description,
            fields: meta_fields(fields),
            possible_types: SCHEMA.nodes().map(str::to_owned).collect(),
            extends: false,
            keys: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
        TypeKind::Input(fields) | TypeKind::OneOf(fields) => MetaType::InputObject {
            name: name.to_owned(),
            description,
            input_fields: meta_inputs(&shown(fields, one_of)),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            oneof: one_of,
            directive_invocations: Vec::new(),
        },
    })
}

/// As the schema shows them: those of a one-of are nullable.
fn shown(fields: &IndexMap<String, InputDefinition>, one_of: bool) -> IndexMap<String, InputDefinition> {
    let mut shown = fields.clone();
    shown.values_mut().for_each(|field| field.ty.nullable |= one_of);
    shown
}

fn meta_enum_value(name: &str, description: &str) -> MetaEnumValue {
    MetaEnumValue {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        deprecation: Deprecation::default(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

fn meta_fields(fields: &IndexMap<String, FieldDefinition>) -> IndexMap<String, MetaField> {
    let meta = |name: &String, field: &FieldDefinition| MetaField {
        name: name.clone(),
        description: Some(field.description.clone()),
        args: meta_inputs(&field.arguments),
        ty: field.ty.to_string(),
        deprecation: Deprecation::default(),
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    fields.iter().map(|(name, field)| (name.clone(), meta(name, field))).collect()
}

fn meta_inputs(inputs: &IndexMap<String, InputDefinition>) -> IndexMap<String, MetaInputValue> {
    let meta = |name: &String, input: &InputDefinition| MetaInputValue {
        name: name.clone(),
        description: Some(input.description.clone()),
        ty: input.ty.to_string(),
        deprecation: Deprecation::default(),
        default_value: input.default.map(str::to_owned),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    };
    inputs.iter().map(|(name, input)| (name.clone(), meta(name, input))).collect()
}
