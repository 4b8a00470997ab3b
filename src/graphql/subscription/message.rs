//! A message: the response of the subscription's operation for one changed row.

use bytes::Bytes;
use serde_json::json;

use crate::{
    graphql::{catalog::CATALOG, error::GraphqlError, roots::SubscriptionField},
    json::string::write_string,
    read::{
        FieldFailure, RootValue,
        changed::ChangedRow,
        global_id::{self, RowKey},
        model::EntityType,
        object_writer,
        selection::SelectedField,
    },
};

/// The message for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The response object as JSON.
    pub body: Bytes,
    /// Its `lastEventId`, selected or not.
    pub last_event: Option<String>,
}

/// The structure of a subscription's messages.
#[derive(Debug)]
pub struct MessageShape {
    key: String,
    source: &'static SubscriptionField,
    entity: &'static EntityType,
    selected: Vec<SelectedField>,
}

impl MessageShape {
    /// With this response key and these selections.
    pub fn new(
        key: &str,
        source: &'static SubscriptionField,
        entity: &'static EntityType,
        selected: Vec<SelectedField>,
    ) -> Self {
        Self { key: key.to_owned(), source, entity, selected }
    }

    /// The selections of the row, once for each field with the row.
    pub fn selections(&self) -> Vec<&[SelectedField]> {
        self.selected.iter().filter(|field| self.is_row(field)).map(|field| field.children.as_slice()).collect()
    }

    fn is_row(&self, field: &SelectedField) -> bool {
        field.name == self.source.row
    }

    /// The message for a row. `event` is the id of the stored event to resume after.
    pub fn message(&self, row: &ChangedRow, event: Option<&str>) -> Message {
        let last_event = event.and_then(|event| Some(global_id::encode(CATALOG.get("WebhookEvent")?, event)));
        let (mut objects, mut errors) = (row.objects.iter(), Vec::new());
        let payload =
            object_writer::object(self.source.payload, &self.selected, &mut |field, out| match field.name.as_str() {
                "id" => {
                    let key = match &row.key {
                        RowKey::Int(key) => key.to_string(),
                        RowKey::Text(key) => key.clone(),
                    };
                    write_string(&global_id::encode(self.entity, &key), out);
                }
                "lastEventId" => match &last_event {
                    Some(id) => write_string(id, out),
                    None => out.extend_from_slice(b"null"),
                },
                name if name == self.source.time => object_writer::time(Some(row.at), out),
                _ => match objects.next() {
                    Some(RootValue { bytes, failures }) => {
                        out.extend_from_slice(bytes);
                        let path = [json!(self.key), json!(field.key)];
                        let error = |failure: &FieldFailure| {
                            let path = path.iter().chain(&failure.path).cloned().collect();
                            GraphqlError::read(&failure.error, failure.at.into(), path).json()
                        };
                        errors.extend(failures.iter().map(error));
                    }
                    None => out.extend_from_slice(b"null"),
                },
            });
        let mut body = Vec::with_capacity(payload.len() + self.key.len() + 16);
        body.push(b'{');
        if !errors.is_empty() {
            body.extend_from_slice(b"\"errors\":");
            body.extend_from_slice(serde_json::Value::from(errors).to_string().as_bytes());
            body.push(b',');
        }
        body.extend_from_slice(b"\"data\":{");
        write_string(&self.key, &mut body);
        body.push(b':');
        body.extend_from_slice(&payload);
        body.extend_from_slice(b"}}");
        Message { body: body.into(), last_event }
    }
}
