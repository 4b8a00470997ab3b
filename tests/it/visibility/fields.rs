//! Which fields who sees: stated here once more, so that a new field needs a decision.

use promograph::{graphql::catalog::CATALOG, read::model::Visibility};

/// Fields that not everybody sees who sees the row. All others are open.
const GUARDED: &[(&str, Visibility, &[&str])] = &[
    ("Promoter", Visibility::ContactEmail, &["email"]),
    ("Promoter", Visibility::Contact, &["custId", "w8FormUrl", "w9FormUrl"]),
    ("Promoter", Visibility::Staff, &["note"]),
    (
        "Profile",
        Visibility::Contact,
        &[
            "firstName",
            "lastName",
            "website",
            "companyName",
            "phoneNumber",
            "address",
            "vatId",
            "avatarUrl",
            "description",
            "socialAccounts",
        ],
    ),
    ("Profile", Visibility::ContactEmail, &["paypalEmail"]),
    ("Lead", Visibility::ContactEmail, &["email"]),
    ("Lead", Visibility::Contact, &["uid", "username", "website", "firstName", "lastName", "customFields"]),
    ("Lead", Visibility::Staff, &["suspicion", "suspicionRaw"]),
];

/// Open fields, stated so that a new field needs a decision.
const OPEN: &[(&str, &[&str])] = &[
    (
        "Promoter",
        &[
            "status",
            "statusRaw",
            "pref",
            "defaultRefId",
            "joinedAt",
            "parentId",
            "defaultPromotionId",
            "deletedAt",
            "updatedAt",
        ],
    ),
    ("Profile", &["firstPromoterId", "country", "promoterId", "deletedAt", "updatedAt"]),
    ("Balance", &["kind", "kindRaw", "unit", "unitRaw", "amount", "promoterId"]),
    (
        "Campaign",
        &[
            "name",
            "landingUrl",
            "description",
            "private",
            "color",
            "autoApproveRewards",
            "autoApprovePromoters",
            "offerId",
            "referralRewardId",
            "promotionRewardId",
            "targetRewardId",
            "deletedAt",
            "updatedAt",
        ],
    ),
    (
        "Promotion",
        &[
            "status",
            "statusRaw",
            "state",
            "stateRaw",
            "refId",
            "promoCode",
            "customerPromoCode",
            "targetReachedAt",
            "referralLink",
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
            "updatedAt",
        ],
    ),
    ("Offer", &["name", "amount", "unit", "unitRaw", "defaultPromoCode", "deletedAt", "updatedAt"]),
    (
        "Reward",
        &["name", "rewardType", "unit", "unitRaw", "amount", "perOfSale", "defaultPromoCode", "deletedAt", "updatedAt"],
    ),
    (
        "Lead",
        &[
            "state",
            "stateRaw",
            "customerSince",
            "cancelledAt",
            "planName",
            "createdAt",
            "splitPercentageValue",
            "visitorSubId",
            "promoterId",
            "promotionId",
            "splitPromotionId",
            "deletedAt",
            "updatedAt",
        ],
    ),
    (
        "Commission",
        &[
            "status",
            "statusRaw",
            "amount",
            "unit",
            "unitRaw",
            "saleAmount",
            "saleEventId",
            "tier",
            "splitType",
            "createdAt",
            "leadId",
            "promoterId",
            "promotionId",
            "deletedAt",
            "updatedAt",
        ],
    ),
    (
        "Payout",
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
            "promoterId",
            "campaignId",
            "rewardId",
            "deletedAt",
            "updatedAt",
        ],
    ),
    // The whole type is for admins.
    (
        "WebhookEvent",
        &[
            "protocol",
            "eventType",
            "eventId",
            "bodyHash",
            "body",
            "occurredAt",
            "receivedAt",
            "status",
            "statusRaw",
            "error",
            "attempts",
            "nextAttemptAt",
            "appliedAt",
            "deliveries",
            "lastDeliveredAt",
        ],
    ),
];

#[test]
fn every_field_has_a_stated_visibility() {
    for entity in CATALOG.iter() {
        for field in &entity.fields {
            let name = field.name.as_str();
            let guarded = GUARDED.iter().find(|(of, _, names)| *of == entity.name && names.contains(&name));
            let open = OPEN.iter().any(|(of, names)| *of == entity.name && names.contains(&name));
            let stated = match guarded {
                Some((_, visibility, _)) => Some(*visibility),
                None if open => Some(Visibility::Open),
                None if name == "id" || field.column == entity.key => Some(Visibility::Key),
                None => None,
            };
            assert_eq!(stated, Some(field.visibility), "{}.{name}", entity.name);
        }
    }
    let stated = GUARDED.iter().map(|(of, _, names)| (of, names)).chain(OPEN.iter().map(|(of, names)| (of, names)));
    for (of, name) in stated.flat_map(|(of, names)| names.iter().map(move |name| (of, name))) {
        assert!(CATALOG.get(of).is_some_and(|entity| entity.field(name).is_some()), "{of}.{name} is not declared");
    }
}
