//! Signed webhooks of about 3 kB, each another `referral.created` that names a new lead, one of 20,000
//! promoters and one of 30,000 promotions.

use std::fmt::Write as _;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The token of the one endpoint.
pub const TOKEN: &str = "bench-token-0123456789";
/// The secret that bodies are signed with.
pub const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// Promoters that events name.
pub const PROMOTERS: u64 = 20_000;
/// Promotions that events name.
pub const PROMOTIONS: u64 = 30_000;
/// The least length of a body.
const BODY_BYTES: usize = 3_000;

/// Makes whole HTTP requests.
#[derive(Clone)]
pub struct Maker {
    key: Hmac<Sha256>,
}

impl Maker {
    /// # Errors
    /// Never: HMAC takes keys of every length.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { key: Hmac::new_from_slice(SECRET.as_bytes())? })
    }

    /// Appends the request with the event of this number.
    pub fn request(&self, number: u64, request: &mut Vec<u8>) {
        let body = body(number);
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

/// Requests that are made before they are needed, so that making them costs nothing then.
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Requests {
    /// The requests with these numbers.
    pub fn make(maker: &Maker, numbers: std::ops::Range<u64>) -> Self {
        let count = usize::try_from(numbers.end - numbers.start).unwrap_or(0);
        let (mut bytes, mut ends) = (Vec::with_capacity(count * (BODY_BYTES + 512)), Vec::with_capacity(count));
        for number in numbers {
            maker.request(number, &mut bytes);
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// One of them.
    pub fn get(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }
}

/// Scatters numbers evenly.
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 17
}

/// The event's time: every event is a second later than the one before, so all of them win.
fn time(number: u64) -> String {
    let (day, second) = (number / 86_400, number % 86_400);
    let (month, day) = (day / 28 % 12 + 1, day % 28 + 1);
    format!("2025-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

fn body(number: u64) -> String {
    let promotion = scattered(number) % PROMOTIONS;
    let promoter = promotion * PROMOTERS / PROMOTIONS;
    let (campaign, lead, at) = (promotion % 20 + 1, 30_000_000 + number, time(number));
    let mut body = String::with_capacity(BODY_BYTES + 160);
    // Writing to a string cannot fail.
    let _ = write!(
        body,
        r##"{{"event_id":"7d3c1f00-0000-4000-8000-{number:012}","event_type":"referral.created","action":"created","entity_type":"referral","entity_id":{lead},"changes":{{}},"data":{{"id":{lead},"state":"signup","email":"lead{number}@customer.example.com","uid":"cus_{lead:x}","metadata":{{"plan":"team"}},"entry_source":"cookie","created_at":"{at}","customer_since":null,"fraud_check":"no_suspicion","username":"lead{number}","first_name":"Anna","last_name":"Example","website":"https://customer{number}.example.com","comment":null,"is_expired":false,"promoter_campaign":{{"id":{},"campaign_id":{campaign},"promoter_id":{},"state":"accepted","ref_token":"ref{promotion}","ref_link":"https://shop.example.com/?fpr=ref{promotion}","coupon":"CODE{promotion}","display_coupon":"CODE{promotion}","created_at":"2024-02-11T08:15:42Z","stats":{{"clicks_count":{number},"referrals_count":{},"customers_count":7,"active_customers_count":5,"sales_count":9,"revenue_amount":{}}},"promoter":{{"id":{},"email":"promoter{promoter}@partners.example.com","name":"Promoter {promoter}"}},"campaign":{{"id":{campaign},"name":"Campaign {campaign}","color":"#3b82f6"}}}},"session":["##,
        6_000_000 + promotion,
        5_000_000 + promoter,
        number % 1000,
        number * 100,
        5_000_000 + promoter,
    );
    let mut page = 0;
    while body.len() < BODY_BYTES {
        let visit = scattered(number * 64 + page);
        let _ = write!(
            body,
            r#"{}{{"url":"https://shop.example.com/articles/{visit:x}","ms":{},"from":"newsletter"}}"#,
            if page == 0 { "" } else { "," },
            visit % 100_000
        );
        page += 1;
    }
    let _ = write!(body, r#"]}},"timestamp":"{at}"}}"#);
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_distinct_and_of_three_kilobytes() {
        for number in [0, 1, 999_999] {
            let body = body(number);
            assert!((BODY_BYTES..BODY_BYTES + 150).contains(&body.len()), "{}", body.len());
            assert_eq!(body.matches('{').count(), body.matches('}').count());
        }
        assert_ne!(body(1), body(2));
    }

    #[test]
    fn a_later_event_has_a_later_time() {
        assert!((0..200_000).step_by(977).map(time).is_sorted());
    }
}
