//! Webhooks v2 for load tests: independent `referral.created` events of about 3 kB, each with a new lead, one of
//! 20,000 promoters and one of 30,000 promotions.

use std::fmt::Write as _;

/// The number of promoters that events refer to.
pub const LOAD_PROMOTERS: u64 = 20_000;
/// The number of promotions that events refer to.
pub const LOAD_PROMOTIONS: u64 = 30_000;
/// The minimum length of a body.
const MIN_BODY_BYTES: usize = 3_000;

/// Hashes a number.
fn hashed(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 17
}

/// The time of an event: a second after the one before, so that every event updates what it refers to.
fn time(number: u64) -> String {
    let (day, second) = (number / 86_400, number % 86_400);
    let (month, day) = (day / 28 % 12 + 1, day % 28 + 1);
    format!("2025-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The body of the event with this number.
#[must_use]
pub fn referral_created(number: u64) -> String {
    let promotion = hashed(number) % LOAD_PROMOTIONS;
    let promoter = promotion * LOAD_PROMOTERS / LOAD_PROMOTIONS;
    let (campaign, lead, at) = (promotion % 20 + 1, 30_000_000 + number, time(number));
    let mut body = String::with_capacity(MIN_BODY_BYTES + 160);
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
    while body.len() < MIN_BODY_BYTES {
        let visit = hashed(number * 64 + page);
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
    fn bodies_are_distinct_json_of_three_kilobytes() {
        for number in [0, 1, 999_999] {
            let body = referral_created(number);
            assert!((MIN_BODY_BYTES..MIN_BODY_BYTES + 150).contains(&body.len()), "{}", body.len());
            serde_json::from_str::<serde_json::Value>(&body).unwrap();
        }
        assert_ne!(referral_created(1), referral_created(2));
    }

    #[test]
    fn a_later_event_has_a_later_time() {
        assert!((0..200_000).step_by(977).map(time).is_sorted());
    }
}
