//! `X-Webhook-Signature`: HMAC-SHA256 over the raw body, in hexadecimal.
//!
//! It carries no time, so a delivery is not refused for its age; the inbox deduplicates replays.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// A signing secret, prepared for HMAC.
#[derive(Clone)]
pub(super) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// The secret's characters are the key: FirstPromoter shows hexadecimal text and does not decode it.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of every length"))
    }

    fn verify(&self, body: &[u8], signature: &[u8]) -> bool {
        self.0.clone().chain_update(body).verify_slice(signature).is_ok()
    }
}

/// Whether the header is the signature of this body by one of the keys. Surrounding white space, letter case and a
/// leading `sha256=` do not matter. Every key is tried, so that the time taken does not tell which one matched.
pub(super) fn is_valid(keys: &[HmacKey], header: &[u8], body: &[u8]) -> bool {
    let header = header.trim_ascii();
    let header = match header.split_at_checked(7) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(b"sha256=") => rest.trim_ascii(),
        _ => header,
    };
    let mut signature = [0; 32];
    if hex::decode_to_slice(header, &mut signature).is_err() {
        return false;
    }
    keys.iter().fold(false, |valid, key| key.verify(body, &signature) | valid)
}

#[cfg(test)]
mod tests {
    use super::{HmacKey, is_valid};

    // printf 'the body' | openssl dgst -sha256 -hmac 0123456789abcdef
    const SIGNATURE: &str = "959b521d90a4b4f7b9f3a70abdd9718d2e2d7b84f5498875b49b0affab06d023";

    #[test]
    fn a_signature_of_any_of_the_secrets_is_valid_however_it_is_spelt() {
        let keys = [HmacKey::new(b"fedcba9876543210"), HmacKey::new(b"0123456789abcdef")];
        let (upper, prefixed) = (SIGNATURE.to_uppercase(), format!(" SHA256={SIGNATURE}\t"));
        for header in [SIGNATURE, upper.as_str(), prefixed.as_str()] {
            assert!(is_valid(&keys, header.as_bytes(), b"the body"), "{header}");
            assert!(!is_valid(&keys, header.as_bytes(), b"the body "), "{header}");
            assert!(!is_valid(&keys[..1], header.as_bytes(), b"the body"), "{header}");
            assert!(!is_valid(&[], header.as_bytes(), b"the body"), "{header}");
        }
        for header in ["", "sha256=", &SIGNATURE[1..], &format!("{SIGNATURE}00"), "zz"] {
            assert!(!is_valid(&keys, header.as_bytes(), b"the body"), "{header}");
        }
    }
}
