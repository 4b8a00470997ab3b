//! The root fields of subscriptions. How they run: `subscription`.

use indexmap::IndexMap;

use crate::graphql::{
    catalog::CATALOG,
    collect::RootSelection,
    cost::{CostMeasure, Exceeded},
    schema::{FieldDefinition, SUBSCRIPTION_ROOT, Schema, TypeKind, field, input, object},
};

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
        description: "Webhook events as they are stored, before they are applied. For admins.",
    },
];

const CHANGES: &str = "New rows, and rows with a change in a field that the viewer sees, deletions included. Each is sent as the viewer \
    sees it at that time. Rows that the viewer does not see or that the arguments exclude are not sent. Several changes \
    in a short time may arrive as one message, and after an interruption a row may be sent again.";

const fn changes(
    name: &'static str,
    payload: &'static str,
    entity: &'static str,
    row: &'static str,
    promoter: &'static str,
) -> SubscriptionField {
    SubscriptionField { name, payload, entity, row, time: "updatedAt", promoter: Some(promoter), description: CHANGES }
}

impl SubscriptionField {
    /// The field with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SUBSCRIPTION_FIELDS.iter().find(|field| field.name == name)
    }

    /// The objects of one message.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        match (CATALOG.get(self.entity), measure.arguments(selection)) {
            (Some(entity), Some(arguments)) => {
                measure.message(entity, (self.payload, self.row), &arguments, &selection.fields)
            }
            _ => Ok(0),
        }
    }
}

/// Adds `Subscription` and the types of its messages.
pub fn define(schema: &mut Schema) {
    let mut fields: IndexMap<String, FieldDefinition> = IndexMap::new();
    for declared in &SUBSCRIPTION_FIELDS {
        let SubscriptionField { name, payload, entity, row, time, promoter, description } = declared;
        let mut arguments = vec![input("filter", &format!("{entity}Filter"), "Only rows that match this filter.")];
        if promoter.is_some() {
            arguments.push(input("promoterId", "ID", "Only rows of the promoter with this `id`."));
        }
        arguments.push(input(
            "after",
            "ID",
            "The `lastEventId` of the last received message. Changes that were missed since then are sent first.",
        ));
        fields.insert((*name).to_owned(), field(&format!("{payload}!"), description, arguments));
        let when = if promoter.is_some() {
            "When this mirror last changed a field of the row that the viewer sees."
        } else {
            "When the event was received."
        };
        let message = object([
            ("id", field("ID!", "The `id` of the row.", [])),
            (row, field(&format!("{entity}!"), "The row.", [])),
            (time, field("DateTime!", when, [])),
            (
                "lastEventId",
                field(
                    "ID",
                    "The `id` of a webhook event. A new subscription with this `after` resumes after this message. Null \
                     while no event was applied since the subscription began.",
                    [],
                ),
            ),
        ]);
        schema.add(*payload, format!("A message of `{name}`."), message);
    }
    schema.add(
        SUBSCRIPTION_ROOT,
        "Changes as they happen, over WebSocket or server-sent events.",
        TypeKind::Object(fields, false),
    );
}
