//! Which fields who sees, and why: stated here once more, so that a new field needs a decision.

use promograph::{
    graphql::catalog::CATALOG,
    read::model::{FieldKind, Visibility, constant_case},
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase,
    example::{self, MIRA},
    on_both,
};

use Visibility::{Contact, ContactEmail, Open, Staff, StaffContact};

const ADMINS: &str = "admins alone see the type";
const COMPANY: &str = "finds a company, often of one person";
const FRAUD: &str = "a finding of the fraud check, not meant for the promoter";
const MAIL: &str = "an e-mail address";
const NAME: &str = "a name";
const NAMED: &str = "often made of the promoter's name, and chosen by the promoter";
const NOTE: &str = "free text of the staff on a person, not meant for that person";
const PAGE: &str = "the promoter's own page";
const PRODUCT: &str = "the company's product";
const PROGRAMME: &str = "the programme's own words, on no person";
const PROVIDER: &str = "a payment provider's words, which may name who is paid and the account";
const TAX: &str = "leads to a tax form";
const UPDATED: &str = "it moves with fields that promoters do not see";
const USER: &str = "finds the person in the company's application";
const WORD: &str = "a word of a list that the sender has";
/// Fields that hold no text: a date, a number, a flag, a word of a list, an id.
const NO_TEXT: &str = "";

/// Type, who sees these of its fields, and why.
const TABLE: &[(&str, Visibility, &str, &[&str])] = &[
    ("Promoter", ContactEmail, MAIL, &["email"]),
    ("Promoter", Contact, NAME, &["name"]),
    ("Promoter", Contact, USER, &["custId"]),
    ("Promoter", Contact, "a referral id in some of FirstPromoter's answers, a token in others", &["pref"]),
    ("Promoter", Contact, NAMED, &["defaultRefId"]),
    ("Promoter", Contact, TAX, &["w8FormUrl", "w9FormUrl"]),
    ("Promoter", Contact, "anything that the account asks for", &["customFields"]),
    ("Promoter", StaffContact, NOTE, &["note"]),
    (
        "Promoter",
        Open,
        NO_TEXT,
        &[
            "status",
            "statusRaw",
            "joinedAt",
            "lastLoginAt",
            "archivedAt",
            "parentId",
            "defaultPromotionId",
            "deletedAt",
        ],
    ),
    ("Profile", Contact, NAME, &["firstName", "lastName", "companyName"]),
    ("Profile", Contact, PAGE, &["website"]),
    ("Profile", Contact, COMPANY, &["companyNumber", "vatId"]),
    ("Profile", Contact, "a telephone number", &["phoneNumber"]),
    ("Profile", Contact, "an address", &["address"]),
    ("Profile", Contact, "a picture, and often an id, of the person", &["avatarUrl"]),
    ("Profile", Contact, "the promoter's own words", &["description"]),
    ("Profile", Contact, "the promoter's own pages", &["socialAccounts"]),
    ("Profile", ContactEmail, MAIL, &["paypalEmail"]),
    ("Profile", Open, "a country alone finds nobody", &["country"]),
    ("Profile", Open, NO_TEXT, &["firstPromoterId", "promoterId", "deletedAt"]),
    ("Balance", Open, NO_TEXT, &["kind", "kindRaw", "unit", "unitRaw", "amount", "promoterId"]),
    ("Campaign", Open, PROGRAMME, &["name", "description"]),
    ("Campaign", Open, "the company's own page", &["landingUrl"]),
    ("Campaign", Open, "a colour", &["color"]),
    (
        "Campaign",
        Open,
        NO_TEXT,
        &[
            "private",
            "autoApproveRewards",
            "autoApprovePromoters",
            "offerId",
            "referralRewardId",
            "promotionRewardId",
            "targetRewardId",
            "deletedAt",
        ],
    ),
    ("Promotion", Contact, NAMED, &["refId", "promoCode", "customerPromoCode"]),
    ("Promotion", Contact, "holds the referral id", &["referralLink"]),
    ("Promotion", Contact, PAGE, &["directUrl"]),
    (
        "Promotion",
        Open,
        NO_TEXT,
        &[
            "status",
            "statusRaw",
            "state",
            "stateRaw",
            "targetReachedAt",
            "createdAt",
            "hidden",
            "visitorsCount",
            "leadsCount",
            "customersCount",
            "activeCustomersCount",
            "salesCount",
            "refundsCount",
            "cancellationsCount",
            "salesTotal",
            "refundsTotal",
            "promoterId",
            "campaignId",
            "currentOfferId",
            "currentReferralRewardId",
            "currentPromotionRewardId",
            "currentTargetRewardId",
            "deletedAt",
        ],
    ),
    ("Offer", Open, PROGRAMME, &["name"]),
    ("Offer", Open, "the programme's code, no promoter's", &["defaultPromoCode"]),
    ("Offer", Open, NO_TEXT, &["amount", "unit", "unitRaw", "deletedAt"]),
    ("Reward", Open, PROGRAMME, &["name"]),
    ("Reward", Open, WORD, &["rewardType"]),
    ("Reward", Open, "the programme's code, no promoter's", &["defaultPromoCode"]),
    ("Reward", Open, NO_TEXT, &["unit", "unitRaw", "amount", "perOfSale", "deletedAt"]),
    ("Lead", ContactEmail, MAIL, &["email"]),
    ("Lead", Contact, USER, &["uid"]),
    ("Lead", Contact, NAME, &["username", "firstName", "lastName"]),
    ("Lead", Contact, "the lead's own page", &["website"]),
    ("Lead", Contact, "anything that the account asks for", &["customFields"]),
    ("Lead", Contact, "anything that the account sends along", &["metadata"]),
    ("Lead", Contact, "free text on a person", &["comment"]),
    ("Lead", Contact, "whatever stood in the link: promoters write names and addresses there", &["visitorSubId"]),
    ("Lead", Staff, FRAUD, &["suspicion", "suspicionRaw"]),
    ("Lead", Open, PRODUCT, &["planName"]),
    (
        "Lead",
        Open,
        NO_TEXT,
        &[
            "state",
            "stateRaw",
            "customerSince",
            "cancelledAt",
            "createdAt",
            "splitPercentageValue",
            "entrySource",
            "entrySourceRaw",
            "isExpired",
            "promoterId",
            "promotionId",
            "splitPromotionId",
            "deletedAt",
        ],
    ),
    ("Commission", Staff, FRAUD, &["isSelfReferral", "suspicion", "suspicionRaw"]),
    ("Commission", StaffContact, NOTE, &["internalNote"]),
    ("Commission", Contact, "free text to a person", &["externalNote"]),
    ("Commission", Open, "the id of a sale, no person's", &["saleEventId"]),
    ("Commission", Open, PRODUCT, &["planId"]),
    ("Commission", Open, WORD, &["splitType", "originalSaleCurrency"]),
    (
        "Commission",
        Open,
        NO_TEXT,
        &[
            "status",
            "statusRaw",
            "amount",
            "unit",
            "unitRaw",
            "saleAmount",
            "tier",
            "createdAt",
            "commissionType",
            "commissionTypeRaw",
            "originalSaleAmount",
            "isPaid",
            "isSplit",
            "statusUpdatedAt",
            "rewardId",
            "leadId",
            "promoterId",
            "promotionId",
            "deletedAt",
        ],
    ),
    ("Payout", StaffContact, PROVIDER, &["error"]),
    (
        "Payout",
        Open,
        NO_TEXT,
        &[
            "status",
            "statusRaw",
            "amount",
            "unit",
            "unitRaw",
            "paidAt",
            "dueDate",
            "hasIssues",
            "createdAt",
            "periodStart",
            "periodEnd",
            "taxRate",
            "totalInclTax",
            "processingStartedAt",
            "failedAt",
            "payoutMethodId",
            "paymentsBatchId",
            "promoterId",
            "campaignId",
            "rewardId",
            "deletedAt",
        ],
    ),
    ("PayoutMethod", Contact, "bank account and address", &["details"]),
    (
        "PayoutMethod",
        Open,
        NO_TEXT,
        &["method", "methodRaw", "addedAt", "isDisabled", "isSelected", "promoterId", "deletedAt"],
    ),
    // Promoters see no row of it.
    ("PaymentsBatch", StaffContact, PROVIDER, &["error"]),
    ("PaymentsBatch", Open, "of the whole batch, no promoter's", &["extReference", "extId"]),
    (
        "PaymentsBatch",
        Open,
        NO_TEXT,
        &[
            "status",
            "statusRaw",
            "total",
            "promotersCount",
            "createdAt",
            "scheduledAt",
            "processingStartedAt",
            "completedAt",
            "isPayable",
            "isRetriable",
            "deletedAt",
        ],
    ),
    ("ContractDocument", Open, PROGRAMME, &["contractName", "contractVersion"]),
    (
        "ContractDocument",
        Open,
        NO_TEXT,
        &["status", "statusRaw", "contractId", "signedAt", "createdAt", "promoterId", "deletedAt"],
    ),
    ("WebhookEvent", Open, ADMINS, &["protocol", "eventType", "eventId", "bodyHash", "body", "error", "warnings"]),
    (
        "WebhookEvent",
        Open,
        NO_TEXT,
        &[
            "occurredAt",
            "receivedAt",
            "status",
            "statusRaw",
            "heldSince",
            "attempts",
            "nextAttemptAt",
            "appliedAt",
            "deliveries",
            "lastDeliveredAt",
        ],
    ),
];

/// Who sees a field, as the table states it.
pub fn stated(entity: &str, field: &str) -> Option<Visibility> {
    let row = TABLE.iter().find(|(of, .., names)| *of == entity && names.contains(&field))?;
    Some(row.1)
}

/// Whether a field can hold whatever somebody writes: then its reason is about that.
fn holds_text(entity: &promograph::read::model::EntityType, field: &promograph::read::model::EntityField) -> bool {
    let raw = field.name.strip_suffix("Raw").is_some_and(|of| entity.field(of).is_some());
    matches!(field.kind, FieldKind::Text | FieldKind::Texts | FieldKind::Json | FieldKind::Bytes) && !raw
}

#[test]
fn every_field_has_a_stated_visibility_and_reason() {
    for entity in CATALOG.iter() {
        for field in &entity.fields {
            let name = field.name.as_str();
            let stated = TABLE.iter().filter(|(of, .., names)| *of == entity.name && names.contains(&name));
            let stated: Vec<_> = stated.map(|(_, visibility, reason, _)| (*visibility, *reason)).collect();
            let (visibility, reason) = match stated[..] {
                [stated] => stated,
                [] if name == "updatedAt" => (Staff, UPDATED),
                [] if name == "id" || field.column == entity.key => (Visibility::Key, NO_TEXT),
                _ => panic!("{}.{name} is stated {} times", entity.name, stated.len()),
            };
            assert_eq!(field.visibility, visibility, "{}.{name}", entity.name);
            if holds_text(entity, field) || visibility != Open && visibility != Visibility::Key {
                assert_eq!(field.reason, reason, "{}.{name}", entity.name);
                assert_ne!(reason, NO_TEXT, "{}.{name}", entity.name);
            } else {
                assert!(reason == NO_TEXT && !field.reason.is_empty(), "{}.{name}", entity.name);
            }
        }
    }
    for (of, .., names) in TABLE {
        for name in *names {
            assert!(CATALOG.get(of).is_some_and(|entity| entity.field(name).is_some()), "{of}.{name} is not declared");
        }
    }
}

/// Puts a text with a name into every field that may hold one.
async fn name_somebody(test: &TestDatabase) {
    for entity in CATALOG.iter().filter(|entity| entity.mirrored) {
        let texts = entity.fields.iter().filter(|field| {
            holds_text(entity, field) && matches!(field.visibility, Contact | ContactEmail | StaffContact)
        });
        for field in texts {
            let name = if field.kind == FieldKind::Json { "\"ann@example.com\"" } else { "ann@example.com" };
            let set = format!("update {} set {} = '{name}'", entity.table, field.column);
            test.database.write.execute_unprepared(&set).await.unwrap();
        }
    }
}

/// What is refused to whoever does not see a field: filters, orders, natural keys.
fn questions(
    entity: &promograph::read::model::EntityType,
    field: &promograph::read::model::EntityField,
) -> Vec<String> {
    let (list, name) = (entity.plural, &field.name);
    let mut asked = Vec::new();
    if field.filterable {
        asked.push(format!("{{ {list}(filter: {{ {name}: {{ isNull: false }} }}) {{ totalCount }} }}"));
    }
    if field.folded.is_some() {
        asked.push(format!("{{ {list}(filter: {{ {name}: {{ contains: \"a\" }} }}) {{ totalCount }} }}"));
    }
    if field.sort.is_some() {
        asked.push(format!("{{ {list}(orderBy: {{ field: {} }}) {{ totalCount }} }}", constant_case(name)));
    }
    if entity.natural_keys.contains(&field.column) {
        asked.push(format!("{{ {}({name}: \"ann@example.com\") {{ id }} }}", entity.singular));
    }
    asked
}

#[tokio::test]
async fn who_has_no_right_to_contact_data_sees_no_text_that_may_name_a_person_and_cannot_ask_by_it() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        example::tell(&app).await;
        example::pay(&app).await;
        name_somebody(&test).await;
        for entity in CATALOG.iter().filter(|entity| entity.mirrored) {
            for field in &entity.fields {
                let (list, name) = (entity.plural, field.name.as_str());
                let guarded = matches!(field.visibility, Contact | ContactEmail | StaffContact);
                if !guarded {
                    continue;
                }
                let document = format!("{{ {list} {{ nodes {{ {name} }} }} }}");
                let shown = async |client: crate::support::Client| {
                    let nodes = client.data(&document).await[list]["nodes"].clone();
                    nodes.as_array().unwrap().iter().map(|node| node[name].clone()).collect::<Vec<_>>()
                };
                let hidden = if field.visibility == ContactEmail { json!("a***@example.com") } else { Value::Null };
                let seen = shown(app.analyst(false)).await;
                assert!(!seen.is_empty() && seen.iter().all(|value| *value == hidden), "{document}: {seen:?}");
                for client in [app.admin(), app.analyst(true)] {
                    assert!(!shown(client).await.contains(&Value::Null), "{document}");
                }
                let own = shown(app.promoter(MIRA)).await;
                let expected = field.visibility != StaffContact;
                assert!(own.iter().all(|value| value.is_null() != expected), "{document}: {own:?}");
                for question in questions(entity, field) {
                    assert_eq!(app.analyst(false).query(&question).await.codes(), ["FORBIDDEN"], "{question}");
                    assert!(app.analyst(true).query(&question).await.codes().is_empty(), "{question}");
                    let refused = app.promoter(MIRA).query(&question).await.codes() == ["FORBIDDEN"];
                    assert_eq!(refused, !expected, "{question}");
                }
            }
        }
    })
    .await;
}
