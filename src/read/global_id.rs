//! Opaque global ids: the type and the key, in URL-safe base64.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    error::ReadError,
    model::{Catalog, EntityType, KeyKind},
};

/// A row's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// FirstPromoter's id.
    Int(i64),
    /// Text that this server made.
    Text(String),
}

/// Appends the id of the row `key` of the type with this singular name, without quotes.
pub fn encode_into(singular: &str, key: &str, out: &mut Vec<u8>) {
    let mut plain = String::with_capacity(singular.len() + 1 + key.len());
    plain.push_str(singular);
    plain.push(':');
    plain.push_str(key);
    let start = out.len();
    out.resize(start + plain.len().div_ceil(3) * 4, 0);
    // The slice has room for the padded form, so the unpadded one always fits.
    let written = URL_SAFE_NO_PAD.encode_slice(plain, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
}

/// The id of the row `key` of `entity`.
#[must_use]
pub fn encode(entity: &EntityType, key: &str) -> String {
    let mut out = Vec::new();
    encode_into(entity.singular, key, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The type and key that an id names.
///
/// # Errors
/// When the id is malformed.
pub fn decode<'a>(catalog: &'a Catalog, id: &str) -> Result<(&'a EntityType, RowKey), ReadError> {
    let malformed =
        || ReadError::bad("this is not an id of this API: expected the `id` of an object as it was returned");
    let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|_| malformed())?;
    let plain = String::from_utf8(bytes).map_err(|_| malformed())?;
    let (kind, key) = plain.split_once(':').ok_or_else(malformed)?;
    let entity = catalog.iter().find(|entity| entity.node && entity.singular == kind).ok_or_else(malformed)?;
    let key = match entity.key_kind {
        KeyKind::Int => {
            let number: i64 = key.parse().map_err(|_| malformed())?;
            // Ids are canonical: `promoter:+1` is none.
            if number.to_string() != key {
                return Err(malformed());
            }
            RowKey::Int(number)
        }
        KeyKind::Text if key.contains('\0') => return Err(malformed()),
        KeyKind::Text => RowKey::Text(key.to_owned()),
    };
    Ok((entity, key))
}

/// The key in an id of the type with this name.
///
/// # Errors
/// When it is not an id, or one of another type.
pub fn decode_as(catalog: &Catalog, name: &str, id: &str) -> Result<RowKey, ReadError> {
    let (found, key) = decode(catalog, id)?;
    if found.name != name {
        return Err(ReadError::bad(format!("this is the id of a {}: expected the id of a {name}", found.name)));
    }
    Ok(key)
}
