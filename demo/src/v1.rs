//! The `data` of webhooks v1.

use serde_json::{Value, json};

use super::{
    actors::{Commission, Enrolment, Lead, Promoter},
    clock::time,
    ids::IdRange,
    programme::{Campaign, Offer, Rate, Reward, RewardKind},
    random::code,
};

/// A lead: the root of lead events, or nested in a reward's.
pub fn lead(ids: IdRange, lead: &Lead) -> Value {
    let (traits, person, number) = (lead.who.traits(ids), lead.who.person(ids), lead.who.person.unsigned_abs());
    let custom_fields =
        traits.is_multiple_of(3).then(|| json!({ "company_name": person.company(), "seats": 1 + traits % 60 }));
    let sub_ids = ["newsletter", "video", "sidebar", "podcast"];
    json!({
        "id": ids.lead(lead.who.number),
        "state": lead.state,
        "email": lead.who.email(ids),
        "uid": lead.who.uid(ids),
        "customer_since": lead.customer_since.map(time),
        "cancelled_at": lead.cancelled_at.map(time),
        "plan_name": lead.customer_since.map(|_| lead.plan().name),
        "suspicion": lead.who.suspicion(ids),
        "username": traits.is_multiple_of(6).then(|| format!("{}{number}", person.first.to_lowercase())),
        "website": traits.is_multiple_of(9).then(|| person.website(number)),
        "created_at": time(lead.created_at),
        "split_promotion_id": lead.split.map(|(promotion, _, _)| promotion),
        "split_percentage_value": lead.split.map(|(_, _, share)| share),
        "custom_fields": custom_fields,
        "visitor_sub_id": sub_ids.get(usize::try_from(traits >> 40).unwrap_or_default() % 9),
    })
}

pub fn promotion(ids: IdRange, promoter: &Promoter, enrolment: &Enrolment) -> Value {
    let (campaign, counters) = (enrolment.campaign, &enrolment.counters);
    let own_code = enrolment.id % 4 == 0;
    let customer_code = || format!("{}-{}", enrolment.ref_id.to_uppercase(), campaign.offer.number);
    json!({
        "id": enrolment.id,
        "status": if campaign.running { "offer_running" } else { "offer_inactive" },
        "ref_id": enrolment.ref_id,
        "promo_code": own_code.then(|| format!("coupon_{}", enrolment.id)),
        "customer_promo_code": own_code.then(customer_code),
        "target_reached_at": enrolment.target_reached_at.map(time),
        "promoter_id": ids.promoter(promoter.number),
        "campaign_id": ids.campaign(campaign.number),
        "referral_link": format!("{}?fpr={}", campaign.landing(), enrolment.ref_id),
        "current_offer": offer(ids, &campaign.offer),
        "current_referral_reward": campaign.referral.as_ref().map(|rule| reward(ids, rule)),
        "current_promotion_reward": campaign.promotion.as_ref().map(|rule| reward(ids, rule)),
        "current_target_reward": campaign.target.as_ref().map(|rule| reward(ids, rule)),
        "campaign_name": campaign.name,
        "hidden": enrolment.id % 50 == 0,
        "visitors_count": counters.visitors,
        "leads_count": counters.leads,
        "customers_count": counters.customers,
        "refunds_count": counters.refunds,
        "cancellations_count": counters.cancellations,
        "sales_count": counters.sales,
        "sales_total": counters.sales_total,
        "refunds_total": counters.refunds_total,
        "active_customers_count": counters.active_customers,
    })
}

/// `fresh`: at signup, with a temporary password and without balances.
pub fn promoter(ids: IdRange, promoter: &Promoter, fresh: bool) -> Value {
    let (traits, person, number) = (promoter.traits(ids), promoter.person(ids), promoter.number as u64);
    let (earned, paid) = (&promoter.earned, &promoter.paid);
    let balance = |amounts: &dyn Fn(usize) -> i64| (!fresh).then(|| Promoter::by_unit(amounts));
    let filled = |has: bool, text: String| if has { text } else { String::new() };
    let handle = format!("{}{number}", person.last.to_lowercase());
    let social = |has, platform| json!({ "url": filled(has, format!("https://{platform}.example.com/{handle}")) });
    let id = ids.promoter(promoter.number);
    json!({
        "id": id,
        "status": if promoter.accepted { "active" } else { "pending" },
        "cust_id": traits.is_multiple_of(3).then(|| format!("crm-{}", 1000 + number)),
        "email": promoter.email(ids),
        "created_at": time(promoter.joined_at),
        "temp_password": fresh.then(|| format!("{}-Demo", code(traits ^ 1, 6))),
        "default_promotion_id": promoter.enrolments[0].id,
        "pref": code(traits, 7),
        "default_ref_id": promoter.enrolments[0].ref_id,
        "note": traits.is_multiple_of(11).then_some("Met at a conference; wants the newsletter kit."),
        "w8_form_url": traits.is_multiple_of(13).then(|| format!("https://files.example.com/w8/{id}.pdf")),
        "w9_form_url": traits.is_multiple_of(17).then(|| format!("https://files.example.com/w9/{id}.pdf")),
        "parent_promoter_id": promoter.parent.map(|parent| ids.promoter(parent)),
        "earnings_balance": balance(&|unit| earned[unit]),
        "current_balance": balance(&|unit| earned[unit] - paid[unit]),
        "paid_balance": balance(&|unit| paid[unit]),
        "auth_token": code(traits ^ 2, 32),
        "profile": {
            "id": id + 27_000,
            "first_name": person.first,
            "last_name": person.last,
            "website": filled(traits.is_multiple_of(2), person.website(number)),
            "company_name": filled(traits % 5 < 2, person.company()),
            "phone_number": if traits.is_multiple_of(7) { "+1 202 555 0143" } else { "" },
            "address": if traits.is_multiple_of(7) { "1 Example Street\nExampletown" } else { "" },
            "vat_id": "",
            "country": person.country,
            "paypal_email": filled(traits % 3 == 1, person.email(number)),
            "avatar_url": "",
            "description": null,
            "social_accounts": {
                "twitter": social(traits.is_multiple_of(3), "twitter"),
                "youtube": social(traits.is_multiple_of(5), "youtube"),
                "facebook": { "url": "" },
                "linkedin": social(traits.is_multiple_of(4), "linkedin"),
                "instagram": { "url": "" },
            },
        },
        "promotions": [],
    })
}

/// A commission, without lead, promoter and promotion.
pub fn reward_created(ids: IdRange, commission: &Commission) -> Value {
    let sale = commission.sale.as_ref();
    json!({
        "id": commission.id,
        "status": commission.status,
        "amount": commission.amount,
        "unit": commission.reward.unit.as_str(),
        "created_at": time(commission.created_at),
        "event_id": sale.map(|(lead, sale)| sale.id(ids.lead(lead.number))),
        "conversion_amount": sale.map(|(_, sale)| sale.price),
        "tier_level": commission.tier,
        "split_type": null,
    })
}

pub fn campaign(ids: IdRange, campaign: &Campaign) -> Value {
    json!({
        "id": ids.campaign(campaign.number),
        "name": campaign.name,
        "landing_url": campaign.landing(),
        "description": campaign.description,
        "private": campaign.private,
        "color": campaign.color,
        "default_webhook_url": null,
        "auto_approve_rewards": campaign.auto_approve,
        "auto_approve_promoters": campaign.auto_approve,
        "offer": offer(ids, &campaign.offer),
        "referral_reward": campaign.referral.as_ref().map(|rule| reward(ids, rule)),
        "promotion_reward": campaign.promotion.as_ref().map(|rule| reward(ids, rule)),
        "target_reward": campaign.target.as_ref().map(|rule| reward(ids, rule)),
    })
}

fn offer(ids: IdRange, offer: &Offer) -> Value {
    json!({
        "id": ids.offer(offer.number),
        "name": offer.name,
        "amount": offer.amount,
        "unit": offer.unit,
        "default_promo_code": offer.promo_code,
    })
}

pub fn reward(ids: IdRange, reward: &Reward) -> Value {
    let kind = match reward.kind {
        RewardKind::Referral | RewardKind::Tier => "per_referral",
        RewardKind::Promotion => "per_promotion",
        RewardKind::Target => "per_target",
    };
    let (amount, per_of_sale) = match reward.rate {
        Rate::Amount(amount) => (Some(amount), None),
        #[expect(clippy::cast_precision_loss, reason = "hundredths of a percent are small")]
        Rate::Share(hundredths) => (None, Some(hundredths as f64 / 100.0)),
    };
    json!({
        "id": ids.reward(reward.number),
        "amount": amount,
        "type": kind,
        "unit": reward.unit.as_str(),
        "name": reward.name,
        "per_of_sale": per_of_sale,
        "default_promo_code": "",
    })
}
