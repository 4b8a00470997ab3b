//! FirstPromoter's two example documents, posted and read back field by field.

use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, fixture, on_both};

const LEAD: &str = "{
  lead(firstPromoterId: 21381518) {
    firstPromoterId state stateRaw email uid customerSince cancelledAt planName suspicion suspicionRaw username website
    createdAt splitPercentageValue customFields visitorSubId deletedAt splitPromotion { id }
    promotion {
      firstPromoterId status statusRaw state refId promoCode customerPromoCode targetReachedAt referralLink hidden
      visitorsCount leadsCount customersCount activeCustomersCount salesCount refundsCount cancellationsCount
      salesTotal refundsTotal
      campaign { firstPromoterId name }
      currentOffer { firstPromoterId name amount unit unitRaw defaultPromoCode }
      currentReferralReward { firstPromoterId name rewardType amount unit perOfSale defaultPromoCode }
      currentPromotionReward { id } currentTargetReward { id }
    }
    promoter {
      firstPromoterId status email custId pref defaultRefId note w8FormUrl w9FormUrl joinedAt
      parent { id } defaultPromotion { firstPromoterId }
      balances { nodes { kind unit amount } }
      profile {
        firstPromoterId firstName lastName website companyName phoneNumber address vatId country paypalEmail avatarUrl
        description socialAccounts
      }
    }
  }
}";

#[tokio::test]
async fn the_lead_of_the_seed_document_is_visible_with_all_its_fields() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("seed_lead_signup")).await;
        app.settle().await;
        let mut data = app.admin().data(LEAD).await;
        let balances = data["lead"]["promoter"]["balances"]["nodes"].as_array_mut().unwrap();
        balances.sort_by_key(|balance| balance["kind"].to_string());
        assert_eq!(data, lead());
    })
    .await;
}

fn lead() -> Value {
    serde_json::from_str(LEAD_ANSWER).unwrap()
}

const LEAD_ANSWER: &str = r#"{ "lead": {
        "firstPromoterId": 21381518, "state": "SIGNUP", "stateRaw": "signup", "email": "goqucugo@mailinator.com",
        "uid": null, "customerSince": null, "cancelledAt": null, "planName": null, "suspicion": "NO_SUSPICION",
        "suspicionRaw": "no_suspicion", "username": null, "website": null, "createdAt": "2024-10-03T13:45:20.031Z",
        "splitPercentageValue": null, "customFields": null, "visitorSubId": null, "deletedAt": null,
        "splitPromotion": null,
        "promotion": {
            "firstPromoterId": 4210924, "status": "OFFER_RUNNING", "statusRaw": "offer_running", "state": null,
            "refId": "afpxunub", "promoCode": null, "customerPromoCode": null, "targetReachedAt": null,
            "referralLink": "https://www.example.com?_get=afpxunub", "hidden": false, "visitorsCount": 2,
            "leadsCount": 4, "customersCount": 3, "activeCustomersCount": 2, "salesCount": 3, "refundsCount": 1,
            "cancellationsCount": 1, "salesTotal": 201000, "refundsTotal": -1000,
            "campaign": { "firstPromoterId": 13202, "name": "Main Campaign" },
            "currentOffer": {
                "firstPromoterId": 67212, "name": "5% discount coupon", "amount": "5", "unit": "DISCOUNT_PER",
                "unitRaw": "discount_per", "defaultPromoCode": "EXAMPLE-5"
            },
            "currentReferralReward": {
                "firstPromoterId": 128312, "name": "20% recurring commission", "rewardType": "per_referral",
                "amount": "0", "unit": "CASH", "perOfSale": "20", "defaultPromoCode": null
            },
            "currentPromotionReward": null, "currentTargetReward": null
        },
        "promoter": {
            "firstPromoterId": 3920164, "status": "ACTIVE", "email": "promoter@example.com", "custId": null,
            "pref": "db1znwe", "defaultRefId": "myrefid", "note": null, "w8FormUrl": null, "w9FormUrl": null,
            "joinedAt": "2022-04-26T15:28:24.800Z", "parent": null,
            "defaultPromotion": { "firstPromoterId": 4210919 },
            "balances": { "nodes": [
                { "kind": "CURRENT", "unit": "CASH", "amount": "20044" },
                { "kind": "EARNED", "unit": "CASH", "amount": "50744" },
                { "kind": "PAID", "unit": "CASH", "amount": "30700" }
            ] },
            "profile": {
                "firstPromoterId": 3947800, "firstName": "Jane", "lastName": "Smith",
                "website": "https://janesmith.com", "companyName": null, "phoneNumber": null, "address": null,
                "vatId": null, "country": "US", "paypalEmail": null, "avatarUrl": null, "description": null,
                "socialAccounts": {
                    "facebook": { "url": "" }, "instagram": { "url": "" }, "linkedin": { "url": "" },
                    "twitter": { "url": "" }, "youtube": { "url": "" }
                }
            }
        }
    } }"#;

#[tokio::test]
async fn the_promoter_of_the_seed_document_is_visible_with_its_promotions() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        app.deliver(fixture("seed_promoter_signed_up")).await;
        app.settle().await;
        let document = r#"{ promoter(email: "newaffiliate@example.com") {
            firstPromoterId status email joinedAt defaultPromotion { refId }
            profile { firstPromoterId firstName companyName address country socialAccounts }
            balances { totalCount }
            promotions { nodes { firstPromoterId status refId visitorsCount referralLink campaign { name } currentOffer { name } } }
        } }"#;
        let data = app.admin().data(document).await;
        assert_eq!(
            data,
            json!({ "promoter": {
                "firstPromoterId": 9_000_800, "status": "PENDING", "email": "newaffiliate@example.com",
                "joinedAt": "2024-10-03T11:45:10.102Z", "defaultPromotion": { "refId": "cx2mn" },
                "profile": {
                    "firstPromoterId": 9_048_200, "firstName": "Jane", "companyName": "Smith Media", "address": null,
                    "country": "US", "socialAccounts": {
                        "facebook": { "url": "" }, "instagram": { "url": "" }, "linkedin": { "url": "" },
                        "tiktok": { "url": "" }, "twitch": { "url": "" },
                        "twitter": { "url": "https://twitter.com/janesmith" }, "youtube": { "url": "" },
                    },
                },
                "balances": { "totalCount": 0 },
                "promotions": { "nodes": [{
                    "firstPromoterId": 11_027_500, "status": "OFFER_RUNNING", "refId": "cx2mn", "visitorsCount": 0,
                    "referralLink": "https://www.example.com?_get=cx2mn", "campaign": { "name": "Main Campaign" },
                    "currentOffer": { "name": "5% discount coupon" },
                }] },
            } })
        );
    })
    .await;
}
