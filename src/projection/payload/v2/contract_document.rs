//! A contract that a promoter signed. The address it was signed from is left out on purpose.

use super::{
    super::{
        field::{Field, Object, told, told_as},
        json::Json,
        value::Shape::{Code, Id, Text, Time},
        warning,
    },
    Event, Own, promoter,
};
use crate::projection::{
    merge::Cell,
    tables::{CONTRACT_DOCUMENT, Table},
    updates::EventUpdates,
};

static FIELDS: &[Field] = &[
    told(&CONTRACT_DOCUMENT, "status", Code),
    told(&CONTRACT_DOCUMENT, "signed_at", Time),
    told(&CONTRACT_DOCUMENT, "created_at", Time),
    told(&CONTRACT_DOCUMENT, "contract_id", Id),
];
static PROMOTER: Field = told(&CONTRACT_DOCUMENT, "promoter_id", Id);
static NAME: &[Field] = &[
    told_as(&CONTRACT_DOCUMENT, "name", "contract_name", Text),
    told_as(&CONTRACT_DOCUMENT, "title", "contract_name", Text),
];
static VERSION: Field = told(&CONTRACT_DOCUMENT, "contract_version", Text);
static VERSION_INSIDE: &[Field] = &[
    told_as(&CONTRACT_DOCUMENT, "version", "contract_version", Text),
    told_as(&CONTRACT_DOCUMENT, "name", "contract_version", Text),
    told_as(&CONTRACT_DOCUMENT, "id", "contract_version", Text),
];
const CONTRACT: u8 = CONTRACT_DOCUMENT.register("contract_id");

/// A document's own event.
pub fn event(updates: &mut EventUpdates, event: &Event<'_, '_>) -> Own {
    let contract = event.told_now(updates, "contract");
    let contract = warning::object(updates, "contract_document.contract", contract);
    let version = event.told_now(updates, "contract_version");
    let mut document = event.own(updates, Table::ContractDocument, "contract_document")?;
    document.fields(FIELDS);
    document.related("promoter", &PROMOTER, promoter::nested);
    let (id, rank) = (document.id, event.action.rank());
    // A text, a number or an object.
    if !matches!(version, Some(Json::Object(_))) {
        document.field(&VERSION);
    }
    if let Some(contract) = contract {
        let contract_id = contract.get("id");
        if let Some(contract) = contract_id.and_then(|id| warning::id(document.updates(), "contract.id", id)) {
            document.tell(CONTRACT, Cell::Int(contract));
        }
        Object::keyed(updates, Table::ContractDocument, id, contract, rank).spelled(NAME);
    }
    if let Some(version @ Json::Object(_)) = version {
        Object::keyed(updates, Table::ContractDocument, id, version, rank).spelled(VERSION_INSIDE);
    }
    Some(id)
}
