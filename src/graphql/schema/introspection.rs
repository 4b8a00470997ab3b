//! The types of introspection (September 2025, 4), for validation: async-graphql brings its own to answer them.

use super::model::{Introspection, Schema, TypeKind, field, input, object, with_default};

/// Builds them.
pub fn introspection() -> Introspection {
    let mut schema = Schema::default();
    define(&mut schema);
    let roots =
        [("__schema", field("__Schema!", "", [])), ("__type", field("__Type", "", [input("name", "String!", "")]))];
    Introspection {
        types: schema.into_types(),
        condition: [input("if", "Boolean!", "")].into_iter().collect(),
        typename: field("String!", "", []),
        roots: roots.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
    }
}

fn define(schema: &mut Schema) {
    let plain = |ty| field(ty, "", []);
    let deprecated = |ty| field(ty, "", [with_default(input("includeDeprecated", "Boolean!", ""), "false")]);
    let mut add = |name: &str, kind| schema.add(name, "", kind);
    let is_deprecated = || [("isDeprecated", plain("Boolean!")), ("deprecationReason", plain("String"))];
    let named = || [("name", plain("String!")), ("description", plain("String"))];
    add(
        "__Schema",
        object([
            ("description", plain("String")),
            ("types", plain("[__Type!]!")),
            ("queryType", plain("__Type!")),
            ("mutationType", plain("__Type")),
            ("subscriptionType", plain("__Type")),
            ("directives", plain("[__Directive!]!")),
        ]),
    );
    add(
        "__Type",
        object([
            ("kind", plain("__TypeKind!")),
            ("name", plain("String")),
            ("description", plain("String")),
            ("specifiedByURL", plain("String")),
            ("fields", deprecated("[__Field!]")),
            ("interfaces", plain("[__Type!]")),
            ("possibleTypes", plain("[__Type!]")),
            ("enumValues", deprecated("[__EnumValue!]")),
            ("inputFields", deprecated("[__InputValue!]")),
            ("ofType", plain("__Type")),
            ("isOneOf", plain("Boolean")),
        ]),
    );
    let [deprecation, reason] = is_deprecated();
    let [name, description] = named();
    add(
        "__Field",
        object([
            name,
            description,
            ("args", deprecated("[__InputValue!]!")),
            ("type", plain("__Type!")),
            deprecation,
            reason,
        ]),
    );
    let [deprecation, reason] = is_deprecated();
    let [name, description] = named();
    let default = ("defaultValue", plain("String"));
    add("__InputValue", object([name, description, ("type", plain("__Type!")), default, deprecation, reason]));
    let [deprecation, reason] = is_deprecated();
    let [name, description] = named();
    add("__EnumValue", object([name, description, deprecation, reason]));
    let [name, description] = named();
    let locations = ("locations", plain("[__DirectiveLocation!]!"));
    let arguments = ("args", deprecated("[__InputValue!]!"));
    add("__Directive", object([name, description, ("isRepeatable", plain("Boolean!")), locations, arguments]));
    // Never an input: their values are not needed.
    add("__TypeKind", TypeKind::Enum(Vec::new()));
    add("__DirectiveLocation", TypeKind::Enum(Vec::new()));
}
