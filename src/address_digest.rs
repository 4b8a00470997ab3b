//! Digests of addresses: what is kept of a deleted promoter, to recognise the address without storing it.

use sha2::{Digest as _, Sha256};

/// The digest of an e-mail address, the same for upper and lower case of ASCII.
#[must_use]
pub fn email(address: &str) -> String {
    hex::encode(Sha256::digest(format!("email {}", address.to_ascii_lowercase())))
}

/// The digest of a `cust_id`.
#[must_use]
pub fn cust_id(id: &str) -> String {
    hex::encode(Sha256::digest(format!("cust_id {id}")))
}
