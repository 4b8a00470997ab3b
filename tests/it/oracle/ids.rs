//! Global ids: `singular:key` in URL-safe base64.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use promograph::{
    graphql::catalog::CATALOG,
    read::model::{EntityType, KeyKind},
};

use super::dataset::Cell;

/// The id of a row.
pub fn encode(entity: &EntityType, key: &Cell) -> String {
    let key = match key {
        Cell::Int(key) => key.to_string(),
        Cell::Text(key) => key.clone(),
        _ => panic!("{key:?} is no key"),
    };
    URL_SAFE_NO_PAD.encode(format!("{}:{key}", entity.singular))
}

/// The type and the key that an id names, if this API could have given it out.
pub fn decode(id: &str) -> Option<(&'static EntityType, Cell)> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let (singular, key) = plain.split_once(':')?;
    let entity = CATALOG.iter().find(|entity| entity.singular == singular)?;
    let key = match entity.key_kind {
        KeyKind::Int => Cell::Int(key.parse().ok()?),
        KeyKind::Text => Cell::Text(key.to_owned()),
    };
    Some((entity, key))
}

/// The key in an id of this type.
pub fn decode_as(entity: &EntityType, id: &str) -> Option<Cell> {
    decode(id).filter(|(found, _)| found.name == entity.name).map(|(_, key)| key)
}

/// A type of the catalogue.
pub fn entity(name: &str) -> &'static EntityType {
    CATALOG.get(name).unwrap_or_else(|| panic!("{name} is declared"))
}
