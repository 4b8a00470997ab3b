//! The root fields, and the types that are not rows.

use indexmap::IndexMap;

use super::{FieldDefinition, Input, Schema, TypeKind, entities, field, input};
use crate::read::model::{Catalog, EntityField, EntityType, FieldKind};

/// Adds `Query` and what only it returns.
pub fn define(schema: &mut Schema, catalog: &'static Catalog) {
    let mut fields: IndexMap<String, FieldDefinition> = IndexMap::new();
    fields.insert("viewer".to_owned(), field("Viewer!", "Who is asking: what the token says.", []));
    let description = "How fresh the mirror is.";
    fields.insert("freshness".to_owned(), field("Freshness", description, []));
    let id = input("id", "ID!", "The `id` of any object.");
    let description = "Any object by its id; null if there is none that the viewer may see.";
    fields.insert("node".to_owned(), field("Node", description, [id]));
    let ids = input("ids", "[ID!]!", "The ids of any objects, 200 at most.");
    let description = "Several objects by their ids, in the order of the ids; null for each that there is not.";
    fields.insert("nodes".to_owned(), field("[Node]", description, [ids]));
    for entity in catalog.iter() {
        let description = format!("One {} by exactly one of the arguments; null if there is none.", entity.name);
        fields.insert(entity.singular.to_owned(), field(entity.name, &description, keys(entity)));
        let arguments = entities::connection_arguments(entity);
        let description = format!("The {} rows that the viewer may see.", entity.name);
        fields.insert(entity.plural.to_owned(), field(&format!("{}Connection", entity.name), &description, arguments));
    }
    schema.add("Query", "What can be read.", TypeKind::Object(fields, false));
    let id = field("ID!", "Opaque id, unique over all types.", []);
    let node = TypeKind::Interface([("id".to_owned(), id)].into_iter().collect());
    schema.add("Node", "An object with an id.", node);
    define_page_info(schema);
    define_viewer(schema);
    define_freshness(schema);
}

/// By what the singular root field finds a row.
fn keys(entity: &EntityType) -> Vec<Input> {
    let mut keys = vec![input("id", "ID", "The `id` of the object.")];
    if entity.field("firstPromoterId").is_some_and(|field| field.column == entity.key) {
        keys.push(input("firstPromoterId", "BigInt", "FirstPromoter's id."));
    }
    for column in &entity.natural_keys {
        if let Some(declared) = entity.fields.iter().find(|declared| declared.column == *column) {
            keys.push(input(declared.name.clone(), scalar(declared), &natural(declared)));
        }
    }
    keys
}

fn natural(declared: &EntityField) -> String {
    format!("Exactly this `{}`; the oldest if several have it.", declared.name)
}

fn scalar(declared: &EntityField) -> &'static str {
    match declared.kind {
        FieldKind::BigInt => "BigInt",
        _ => "String",
    }
}

fn define_page_info(schema: &mut Schema) {
    let page_info = entities::object([
        (
            "hasNextPage",
            field("Boolean!", "Whether rows follow the page. ScalarValue backwards: whether `before` was given.", []),
        ),
        (
            "hasPreviousPage",
            field("Boolean!", "Whether rows precede the page. ScalarValue forwards: whether `after` was given.", []),
        ),
        ("startCursor", field("String", "The cursor of the first row.", [])),
        ("endCursor", field("String", "The cursor of the last row.", [])),
    ]);
    schema.add("PageInfo", "Where a page is in its list.", page_info);
}

fn define_viewer(schema: &mut Schema) {
    let viewer = entities::object([
        ("role", field("Role!", "What the token is for.", [])),
        ("subject", field("String!", "Whom the token names (`sub`).", [])),
        ("seesContactData", field("Boolean!", "Whether contact data of others is shown in full.", [])),
        (
            "currency",
            field("String", "The currency of all money (ISO 4217), if the server was told: no webhook names it.", []),
        ),
        ("expiresAt", field("DateTime!", "When the token ends.", [])),
        ("promoter", field("Promoter", "The promoter that the token belongs to.", [])),
    ]);
    schema.add("Viewer", "Who is asking.", viewer);
    schema.add_enum(
        "Role",
        "What a token is for.",
        [
            ("ADMIN", "Sees and does everything."),
            ("ANALYST", "Sees every row of the programme; contact data only with the right to it."),
            ("PROMOTER", "Sees what is its own."),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
}

fn define_freshness(schema: &mut Schema) {
    let freshness = entities::object([
        ("lastReceivedAt", field("DateTime", "When the last webhook event was received. Null for promoters.", [])),
        ("lastAppliedAt", field("DateTime", "When an event was last applied. Null for promoters.", [])),
        (
            "lagMilliseconds",
            field(
                "BigInt!",
                "How long the oldest event that can be applied and is not has waited, by this server's clock; 0 if none \
                 waits. Events that are held back do not count. In whole minutes for promoters.",
                [],
            ),
        ),
        ("counts", field("[WebhookEventCount!]", "Events by status. For admins and analysts; null for promoters.", [])),
        (
            "eventsWithWarnings",
            field(
                "BigInt",
                "How many applied events told something that was not understood, not believed, or kept with a loss. For \
                 admins and analysts; null for promoters.",
                [],
            ),
        ),
        (
            "eventsHeldBack",
            field(
                "BigInt",
                "How many events wait because their own time is more than 24 hours ahead of this server's clock: one of \
                 the two clocks is wrong. For admins and analysts; null for promoters.",
                [],
            ),
        ),
        (
            "heldBackSince",
            field(
                "DateTime",
                "Since when the first of those has waited; null if there is none. For admins and analysts; null for \
                 promoters.",
                [],
            ),
        ),
    ]);
    schema.add("Freshness", "How fresh the mirror is.", freshness);
    let count = entities::object([
        ("status", field("WebhookEventStatus!", "The status.", [])),
        ("count", field("BigInt!", "How many events have it.", [])),
    ]);
    schema.add("WebhookEventCount", "How many webhook events have a status.", count);
}
