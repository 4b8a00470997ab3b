//! A contract document: what a promoter has signed. Only v2 has it. The IP address it was signed from is left out on
//! purpose.

use entity::MirroredTable;

use super::promoter;
use crate::{
    json::JsonValue,
    projection::{
        merge::Cell,
        payload::{
            checked,
            object::{FieldMapping, ObjectReader, field, renamed},
            v2_event::V2Event,
            value::ValueType::{Code, Id, Text, Time},
        },
        registers::Registers,
        updates::EventUpdates,
    },
};

/// Only append.
pub const REGISTERS: Registers = Registers::new(&[
    "deleted_at",
    "promoter_id",
    "status",
    "contract_id",
    "contract_name",
    "contract_version",
    "signed_at",
    "created_at",
])
.indexed(&["created_at"]);

static V2_FIELDS: &[FieldMapping] = &[
    field(&REGISTERS, "status", Code),
    field(&REGISTERS, "signed_at", Time),
    field(&REGISTERS, "created_at", Time),
    field(&REGISTERS, "contract_id", Id),
];
static V2_PROMOTER: FieldMapping = field(&REGISTERS, "promoter_id", Id);
static V2_NAME: &[FieldMapping] =
    &[renamed(&REGISTERS, "name", "contract_name", Text), renamed(&REGISTERS, "title", "contract_name", Text)];
static V2_VERSION: FieldMapping = field(&REGISTERS, "contract_version", Text);
static V2_VERSION_OBJECT: &[FieldMapping] = &[
    renamed(&REGISTERS, "version", "contract_version", Text),
    renamed(&REGISTERS, "name", "contract_version", Text),
    renamed(&REGISTERS, "id", "contract_version", Text),
];
const CONTRACT: u8 = REGISTERS.number("contract_id");

/// A document's own event.
pub fn v2_event(updates: &mut EventUpdates, event: &V2Event<'_, '_>) -> Option<i64> {
    let table = MirroredTable::ContractDocument;
    let contract = event.current(updates, "contract");
    let contract = checked::object(updates, "contract_document.contract", contract);
    let version = event.current(updates, "contract_version");
    let mut document = event.own_object(updates, table, "contract_document")?;
    document.fields(V2_FIELDS);
    document.relation("promoter", &V2_PROMOTER, promoter::v2_nested);
    let (id, precedence) = (document.id, event.action.precedence());
    // A text, a number or an object.
    if !matches!(version, Some(JsonValue::Object(_))) {
        document.field(&V2_VERSION);
    }
    if let Some(contract) = contract {
        let contract_id = contract.get("id");
        if let Some(contract) = contract_id.and_then(|id| checked::id(document.updates(), "contract.id", id)) {
            document.set(CONTRACT, Cell::Int(contract));
        }
        ObjectReader::with_key(updates, table, id, contract, precedence).first_of(V2_NAME);
    }
    if let Some(version @ JsonValue::Object(_)) = version {
        ObjectReader::with_key(updates, table, id, version, precedence).first_of(V2_VERSION_OBJECT);
    }
    Some(id)
}
