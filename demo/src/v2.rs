//! The `data` of webhooks v2, in the form of the REST API.

use serde_json::{Value, json};

use super::{
    actors::{Commission, Enrolment, Lead, PaymentsBatch, Payout, PayoutMethod, Promoter, Referred},
    clock::time,
    ids::IdRange,
    programme::{Campaign, PAYOUT_PERIOD, PAYOUT_WAIT, Reward, RewardKind},
};

pub fn promoter(ids: IdRange, promoter: &Promoter) -> Value {
    let (traits, person, number) = (promoter.traits(ids), promoter.person(ids), promoter.number as u64);
    let filled = |has: bool, text: String| if has { text } else { String::new() };
    let mut data = promoter_in_short(ids, promoter);
    data["cust_id"] = json!(filled(traits.is_multiple_of(3), format!("crm-{}", 1000 + number)));
    data["balances"] = Promoter::by_unit(|unit| promoter.earned[unit]);
    data["joined_at"] = json!(time(promoter.joined_at));
    data["parent_promoter"] = json!(promoter.parent.map(|parent| json!({ "id": ids.promoter(parent) })));
    data["profile"] = json!({
        "id": ids.promoter(promoter.number) + 27_000,
        "first_name": person.first,
        "last_name": person.last,
        "website": filled(traits.is_multiple_of(2), person.website(number)),
        "company_name": filled(traits % 5 < 2, person.company()),
        "phone_number": if traits.is_multiple_of(7) { "+1 202 555 0143" } else { "" },
        "address": if traits.is_multiple_of(7) { "1 Example Street\nExampletown" } else { "" },
        "country": person.country,
        "paypal_email": filled(traits % 3 == 1, person.email(number)),
        "avatar": "",
    });
    data
}

/// A promoter as other objects nest it.
pub fn promoter_in_short(ids: IdRange, promoter: &Promoter) -> Value {
    let person = promoter.person(ids);
    json!({
        "id": ids.promoter(promoter.number),
        "email": promoter.email(ids),
        "name": format!("{} {}", person.first, person.last),
    })
}

fn campaign(ids: IdRange, campaign: &Campaign) -> Value {
    json!({ "id": ids.campaign(campaign.number), "name": campaign.name, "color": campaign.color })
}

pub fn enrolment(ids: IdRange, promoter: &Promoter, enrolment: &Enrolment) -> Value {
    let (campaign, counters) = (enrolment.campaign, &enrolment.counters);
    let own_code = enrolment.id % 4 == 0;
    let display_coupon = || format!("{}-{}", enrolment.ref_id.to_uppercase(), campaign.offer.number);
    let rules = [&campaign.referral, &campaign.promotion, &campaign.target];
    let mut data = enrolment_in_short(ids, promoter, enrolment);
    data["state"] = json!(enrolment.state);
    data["stats"] = json!({
        "clicks_count": counters.visitors,
        "referrals_count": counters.leads,
        "sales_count": counters.sales,
        "customers_count": counters.customers,
        "revenue_amount": counters.sales_total + counters.refunds_total,
    });
    data["coupon"] = json!(own_code.then(|| format!("coupon_{}", enrolment.id)));
    data["display_coupon"] = json!(own_code.then(display_coupon));
    data["ref_token"] = json!(enrolment.ref_id);
    data["ref_link"] = json!(format!("{}?fpr={}", campaign.landing(), enrolment.ref_id));
    data["rewards_for_promoters"] = rules.into_iter().flatten().map(|rule| listed_reward(ids, rule)).collect();
    data
}

/// An enrolment as other objects nest it.
fn enrolment_in_short(ids: IdRange, promoter: &Promoter, enrolment: &Enrolment) -> Value {
    json!({
        "id": enrolment.id,
        "campaign_id": ids.campaign(enrolment.campaign.number),
        "promoter_id": ids.promoter(promoter.number),
        "created_at": time(enrolment.created_at),
        "promoter": promoter_in_short(ids, promoter),
        "campaign": campaign(ids, enrolment.campaign),
    })
}

fn listed_reward(ids: IdRange, reward: &Reward) -> Value {
    let kind = match reward.kind {
        RewardKind::Referral | RewardKind::Promotion => "sale",
        RewardKind::Target => "target",
        RewardKind::Tier => "tier",
    };
    let inner = json!({ "name": reward.name, "promoter_reward_type": kind, "hide_reward": false, "tier_level": 1 });
    json!({ "apply_on": "all", "product_ids": [], "reward_id": ids.reward(reward.number), "reward": inner })
}

pub fn referral(ids: IdRange, promoter: &Promoter, lead: &Lead) -> Value {
    let (traits, person, number) = (lead.who.traits(ids), lead.who.person(ids), lead.who.person.unsigned_abs());
    let mut data = referral_in_short(ids, lead.who);
    if lead.state == "moved" {
        data["email"] = json!(format!("{} (moved)", lead.who.email(ids)));
    }
    data["state"] = json!(lead.state);
    data["metadata"] = if traits.is_multiple_of(3) { json!({ "seats": 1 + traits % 60 }) } else { json!({}) };
    data["entry_source"] = json!(lead.source);
    data["created_at"] = json!(time(lead.created_at));
    data["customer_since"] = json!(lead.customer_since.map(time));
    data["promoter_campaign"] = enrolment_in_short(ids, promoter, &promoter.enrolments[lead.enrolment]);
    data["fraud_check"] = json!(lead.who.suspicion(ids));
    data["username"] = json!(traits.is_multiple_of(6).then(|| format!("{}{number}", person.first.to_lowercase())));
    data["website"] = json!(traits.is_multiple_of(9).then(|| person.website(number)));
    data["split_details"] = split_details(ids, lead.split);
    data["is_expired"] = json!(false);
    data
}

/// A referral as commissions nest it.
fn referral_in_short(ids: IdRange, who: Referred) -> Value {
    json!({ "id": ids.lead(who.number), "email": who.email(ids), "uid": who.uid(ids) })
}

fn split_details(ids: IdRange, split: Option<(i64, usize, i64)>) -> Value {
    split.map_or(Value::Null, |(enrolment, promoter, share)| {
        json!([{ "promoter_campaign_id": enrolment, "promoter_id": ids.promoter(promoter), "percentage": share }])
    })
}

pub fn commission(ids: IdRange, promoter: &Promoter, commission: &Commission) -> Value {
    let sale = commission.sale.as_ref();
    let original = sale.map(|(lead, sale)| sale.original(*lead, ids));
    json!({
        "id": commission.id,
        "status": commission.status,
        "metadata": {},
        "is_self_referral": sale.map(|(lead, _)| lead.is_promoter(ids)),
        "commission_type": if sale.is_some() { "sale" } else { "custom" },
        "sale_amount": sale.map(|(_, sale)| sale.price),
        "original_sale_amount": original.map(|(amount, _)| amount),
        "original_sale_currency": original.and_then(|(_, currency)| currency),
        "event_id": sale.map(|(lead, sale)| sale.id(ids.lead(lead.number))),
        "plan_id": sale.map(|(_, sale)| sale.plan),
        "tier": commission.tier,
        "unit": commission.reward.unit.as_str(),
        "fraud_check": sale.map(|(lead, _)| lead.suspicion(ids)),
        "amount": commission.amount,
        "is_paid": commission.is_paid,
        "is_split": commission.is_split,
        "created_at": time(commission.created_at),
        "status_updated_at": commission.status_updated_at.map(time),
        "promoter_campaign": enrolment_in_short(ids, promoter, &promoter.enrolments[commission.enrolment]),
        "referral": sale.map(|(lead, _)| referral_in_short(ids, *lead)),
        "reward": { "id": ids.reward(commission.reward.number), "name": commission.reward.name },
    })
}

/// The REST API documents no `due_date`; v1's payouts have it, and its reports of what is due do.
pub fn payout(ids: IdRange, promoter: &Promoter, payout: &Payout) -> Value {
    json!({
        "id": payout.id,
        "status": payout.status,
        "amount": payout.amount,
        "payments_batch_id": payout.batch,
        "tax_rate": 0,
        "unit": payout.unit.as_str(),
        "period_start": time(payout.created_at - PAYOUT_PERIOD),
        "period_end": time(payout.created_at),
        "due_date": time(payout.created_at + PAYOUT_WAIT),
        "paid_at": payout.paid_at.map(time),
        "processing_started_at": payout.processing_started_at.map(time),
        "failed_at": payout.failed_at.map(time),
        "error": payout.failed_at.map(|_| "the account does not accept payments"),
        "total_incl_tax": payout.amount,
        "created_at": time(payout.created_at),
        "payout_method": promoter.method.map(|method| payout_method(ids, promoter, method)),
        "promoter": promoter_in_short(ids, promoter),
        "campaign": campaign(ids, promoter.enrolments[payout.enrolment].campaign),
    })
}

pub fn payout_method(ids: IdRange, promoter: &Promoter, method: PayoutMethod) -> Value {
    json!({
        "id": ids.promoter(promoter.number),
        "method": method.kind,
        "date_added": time(method.added_at),
        "is_disabled": false,
        "is_selected": true,
        "details": { "email": promoter.email(ids) },
    })
}

pub fn payments_batch(batch: &PaymentsBatch, status: &str, completed_at: Option<i64>) -> Value {
    json!({
        "id": batch.id,
        "status": status,
        "ext_reference": format!("RUN-{}", batch.id % 1000),
        "scheduled_at": time(batch.started_at),
        "processing_started_at": (status != "pending").then(|| time(batch.started_at)),
        "completed_at": completed_at.map(time),
        "is_payable": status == "pending",
        "is_retriable": false,
        "total": batch.total,
        "promoters_count": batch.promoters,
    })
}

pub fn contract_document(ids: IdRange, promoter: &Promoter, enrolment: &Enrolment, at: i64) -> Value {
    json!({
        "id": enrolment.id,
        "promoter_id": ids.promoter(promoter.number),
        "signed_at": time(at),
        "created_at": time(enrolment.created_at),
        "status": "signed",
        "contract": { "id": enrolment.campaign.number, "name": format!("{}: terms", enrolment.campaign.name) },
        "contract_version": "3",
    })
}
