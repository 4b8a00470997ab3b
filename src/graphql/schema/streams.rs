//! What can be subscribed to.

use indexmap::IndexMap;

use super::{FieldDefinition, Schema, TypeKind, entities::object, field, input};

/// The type of subscriptions.
pub const ROOT: &str = "Subscription";

/// A root field of subscriptions: rows of one type, as they change or come.
#[derive(Debug)]
pub struct SubscriptionField {
    /// The field.
    pub name: &'static str,
    /// The type of its messages.
    pub payload: &'static str,
    /// The type of the rows.
    pub entity: &'static str,
    /// The field of a message with the row.
    pub row: &'static str,
    /// The field of the row, and of a message, that tells when.
    pub time: &'static str,
    /// The field of the row that `promoterId` is compared with.
    pub promoter: Option<&'static str>,
    description: &'static str,
}

/// All of them.
pub static SUBSCRIPTION_FIELDS: [SubscriptionField; 5] = [
    changes("leadChanged", "LeadChange", "Lead", "lead", "promoterId"),
    changes("promoterChanged", "PromoterChange", "Promoter", "promoter", "id"),
    changes("commissionChanged", "CommissionChange", "Commission", "commission", "promoterId"),
    changes("payoutChanged", "PayoutChange", "Payout", "payout", "promoterId"),
    SubscriptionField {
        name: "webhookEventReceived",
        payload: "WebhookEventReceived",
        entity: "WebhookEvent",
        row: "webhookEvent",
        time: "receivedAt",
        promoter: None,
        description: "Webhook events as they are kept, before they are applied. For admins.",
    },
];

const CHANGES: &str = "Rows that are new or in which something changed that the viewer sees, deleted ones included, each as the viewer \
    sees it now. A row that the viewer does not see, or that the arguments leave out, is not sent. Several changes in a short time \
    may come as one message, and after an interruption a row may come again.";

const fn changes(
    name: &'static str,
    payload: &'static str,
    entity: &'static str,
    row: &'static str,
    promoter: &'static str,
) -> SubscriptionField {
    SubscriptionField { name, payload, entity, row, time: "updatedAt", promoter: Some(promoter), description: CHANGES }
}

/// Adds `Subscription` and the types of its messages.
pub fn define(schema: &mut Schema) {
    let mut fields: IndexMap<String, FieldDefinition> = IndexMap::new();
    for source in &SUBSCRIPTION_FIELDS {
        let SubscriptionField { name, payload, entity, row, time, promoter, description } = source;
        let mut arguments = vec![input("filter", &format!("{entity}Filter"), "Only rows for which this holds.")];
        if promoter.is_some() {
            arguments.push(input("promoterId", "ID", "Only rows of the promoter with this `id`."));
        }
        arguments.push(input(
            "after",
            "ID",
            "The `lastEventId` of the last message that arrived: what was missed since then is sent first.",
        ));
        fields.insert((*name).to_owned(), field(&format!("{payload}!"), description, arguments));
        let when = if promoter.is_some() {
            "When this mirror last changed something of the row that the viewer sees."
        } else {
            "When it was received."
        };
        let message = object([
            ("id", field("ID!", "The `id` of the row.", [])),
            (row, field(&format!("{entity}!"), "The row.", [])),
            (time, field("DateTime!", when, [])),
            (
                "lastEventId",
                field(
                    "ID",
                    "The `id` of a webhook event: given as `after` to a new subscription it brings what comes after \
                     this message. Null while no event was applied since the subscription began.",
                    [],
                ),
            ),
        ]);
        schema.add(*payload, format!("A message of `{name}`."), message);
    }
    schema.add(
        ROOT,
        "What can be subscribed to, over WebSocket or server-sent events.",
        TypeKind::Object(fields, false),
    );
}
