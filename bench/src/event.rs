//! The HTTP requests of the load: signed webhooks with the bodies of [`demo::referral_created`].

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The token of the one endpoint.
pub const TOKEN: &str = "bench-token-0123456789";
/// The signing secret.
pub const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// The length of a request, roughly.
const REQUEST_BYTES: usize = 3_500;

/// Makes signed HTTP requests.
#[derive(Clone)]
pub struct RequestFactory {
    key: Hmac<Sha256>,
}

impl RequestFactory {
    /// # Errors
    /// Never: HMAC takes keys of every length.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { key: Hmac::new_from_slice(SECRET.as_bytes())? })
    }

    /// Appends the request of the event with this number.
    pub fn request(&self, number: u64, request: &mut Vec<u8>) {
        let body = demo::referral_created(number);
        let signature = hex::encode(self.key.clone().chain_update(&body).finalize().into_bytes());
        request.extend_from_slice(
            format!(
                "POST /webhooks/firstpromoter/{TOKEN} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
                 x-webhook-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
    }
}

/// Requests made in advance, so that making them takes no CPU during the load.
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Requests {
    /// The requests with these numbers.
    pub fn make(factory: &RequestFactory, numbers: std::ops::Range<u64>) -> Self {
        let count = usize::try_from(numbers.end - numbers.start).unwrap_or(0);
        let (mut bytes, mut ends) = (Vec::with_capacity(count * REQUEST_BYTES), Vec::with_capacity(count));
        for number in numbers {
            factory.request(number, &mut bytes);
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The request at this index.
    pub fn get(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }
}
