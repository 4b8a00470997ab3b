//! The enums. FirstPromoter may add values at any time: a value that is not declared here is `OTHER`, and a field with
//! the suffix `Raw` has the original text.

use crate::read::model::{EnumType, EnumValue};

macro_rules! enumeration {
    ($(#[$doc:meta])* $constant:ident, $name:literal, $description:literal, [$($value:literal = [$($raw:literal),*], $meaning:literal;)*]) => {
        $(#[$doc])*
        pub static $constant: EnumType = EnumType {
            name: $name,
            description: $description,
            values: &[$(EnumValue { name: $value, description: $meaning, raw: &[$($raw),*] }),*],
        };
    };
}

enumeration!(
    /// `promoter.status`.
    PROMOTER_STATUS, "PromoterStatus", "Whether a promoter takes part in the programme.", [
    "ACTIVE" = ["active", "approved"], "Accepted: referrals are tracked.";
    "PENDING" = ["pending"], "Signed up, waits for acceptance.";
    "BLOCKED" = ["blocked", "denied"], "Blocked: nothing is tracked.";
]);

enumeration!(
    /// `promotion.status`.
    PROMOTION_STATUS, "PromotionStatus", "Whether the offer of a promotion is running.", [
    "OFFER_RUNNING" = ["offer_running"], "Referred people get the offer.";
    "OFFER_INACTIVE" = ["offer_inactive"], "The offer is not running.";
]);

enumeration!(
    /// `promotion.state`.
    PROMOTION_STATE, "PromotionState", "State of a promoter's enrolment in a campaign.", [
    "PENDING" = ["pending"], "Applied, waits for acceptance.";
    "ACCEPTED" = ["accepted"], "Takes part in the campaign.";
    "REJECTED" = ["rejected"], "Not accepted.";
    "BLOCKED" = ["blocked"], "Blocked: nothing is tracked.";
    "INACTIVE" = ["inactive"], "Suspended: no new referrals; existing customers keep earning.";
    "NOT_SET" = ["not_set"], "FirstPromoter has set no state.";
]);

enumeration!(
    /// `lead.state`.
    LEAD_STATE, "LeadState", "State of a lead, from sign-up to cancellation.", [
    "SUBSCRIBED" = ["subscribed"], "Opted in before signing up.";
    "SIGNUP" = ["signup", "lead"], "Signed up, without a sale so far.";
    "ACTIVE" = ["active", "customer"], "A customer with at least one sale.";
    "CANCELLED" = ["cancelled"], "Cancelled the subscription.";
    "REFUNDED" = ["refunded"], "Was refunded.";
    "DENIED" = ["denied"], "Disabled: not tracked.";
    "PENDING" = ["pending"], "Entered by the promoter, waits for an admin's approval.";
    "MOVED" = ["moved"], "Assigned to another promoter or campaign.";
]);

enumeration!(
    /// `lead.suspicion`.
    SUSPICION, "Suspicion", "Result of FirstPromoter's fraud check.", [
    "NO_SUSPICION" = ["no_suspicion"], "No suspicion.";
    "SAME_IP_SUSPICION" = ["same_ip_suspicion"], "Lead and promoter share an IP address.";
    "SAME_PROMOTER_EMAIL" = ["same_promoter_email"], "Lead and promoter share an e-mail address.";
    "AD_SOURCE" = ["ad_source"], "The click came from an advertisement.";
    "SELF_REFERRAL" = ["self_referral"], "The promoter referred itself.";
]);

enumeration!(
    /// `commission.status`.
    COMMISSION_STATUS, "CommissionStatus", "Whether a commission was approved.", [
    "PENDING" = ["pending"], "Waits for approval.";
    "APPROVED" = ["approved"], "Approved: it will be or was paid.";
    "DENIED" = ["denied"], "Denied.";
]);

enumeration!(
    /// `payout.status`.
    PAYOUT_STATUS, "PayoutStatus", "Progress of a payout.", [
    "PENDING" = ["pending"], "Not started.";
    "PROCESSING" = ["processing"], "Being paid.";
    "COMPLETED" = ["completed"], "Paid or fulfilled.";
    "FAILED" = ["failed"], "Failed.";
    "CANCELLED" = ["cancelled"], "Cancelled.";
]);

enumeration!(
    /// `unit` wherever there is an amount.
    UNIT, "Unit", "Unit of an amount.", [
    "CASH" = ["cash"], "Money, in minor units of the account's currency (cents).";
    "CREDITS" = ["credits"], "Number of credits.";
    "POINTS" = ["points"], "Number of points.";
    "FREE_MONTHS" = ["free_months", "free_month"], "Number of free months.";
    "MON_DISCOUNT" = ["mon_discount", "discount_mon", "discount"], "A discount in money, in minor units.";
    "DISCOUNT_PER" = ["discount_per"], "A discount in percent.";
]);

enumeration!(
    /// `balance.kind`.
    BALANCE_KIND, "BalanceKind", "Kind of a promoter's balance.", [
    "EARNED" = ["earned"], "Earned in total.";
    "CURRENT" = ["current"], "Earned and not yet paid. May be negative after refunds.";
    "PAID" = ["paid"], "Paid in total.";
    "PENDING" = ["pending"], "Earned, but not yet approved.";
]);

enumeration!(
    /// `webhook_event.status`.
    EVENT_STATUS, "WebhookEventStatus", "Status of processing a webhook event.", [
    "PENDING" = ["pending"], "Stored, not yet applied.";
    "APPLIED" = ["applied"], "Applied to the mirrored tables.";
    "IGNORED" = ["ignored"], "Stored; there is nothing to apply: an unknown type or a test delivery.";
    "UNREADABLE" = ["unreadable"], "Stored, but it is not an event: no JSON, or not the expected structure.";
    "FAILED" = ["failed"], "Could not be applied. Waits for a replay.";
]);

enumeration!(
    /// `payments_batch.status`.
    PAYMENTS_BATCH_STATUS, "PaymentsBatchStatus", "Progress of a payments batch.", [
    "AWAITING_CONFIRMATION" = ["awaiting_confirmation"], "Waits for confirmation.";
    "PENDING" = ["pending"], "Not started.";
    "PROCESSING" = ["processing"], "Being paid.";
    "COMPLETED" = ["completed"], "Paid.";
    "FAILED" = ["failed"], "Failed.";
]);

enumeration!(
    /// `payout_method.method`.
    PAYOUT_METHOD_KIND, "PayoutMethodKind", "Service by which a promoter is paid.", [
    "PAYPAL" = ["paypal"], "PayPal.";
    "BANK" = ["bank"], "Bank transfer.";
    "WISE" = ["wise"], "Wise.";
    "CRYPTO" = ["crypto"], "Cryptocurrency.";
    "CUSTOM" = ["custom"], "A custom method of the programme.";
    "DOTS" = ["dots"], "Dots.";
]);

enumeration!(
    /// `contract_document.status`.
    CONTRACT_DOCUMENT_STATUS, "ContractDocumentStatus", "Whether a contract document is signed.", [
    "PENDING" = ["pending"], "Waits for the promoter.";
    "SIGNED" = ["signed"], "Signed.";
]);

enumeration!(
    /// `commission.commission_type`.
    COMMISSION_TYPE, "CommissionType", "Origin of a commission.", [
    "SALE" = ["sale"], "A sale or its refund.";
    "CUSTOM" = ["custom"], "Granted manually.";
]);

enumeration!(
    /// `lead.entry_source`.
    ENTRY_SOURCE, "EntrySource", "How a lead was registered.", [
    "API" = ["api"], "Through the API.";
    "COUPON" = ["coupon"], "By a promoter's coupon.";
    "COOKIE" = ["cookie"], "By a click on a referral link.";
    "MANUAL_ADMIN" = ["manual_admin"], "Entered by an admin.";
    "MANUAL_AFFILIATE" = ["manual_affiliate"], "Entered by the promoter.";
]);

#[cfg(test)]
mod tests {
    use entity::webhook_event;
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn every_status_of_a_stored_event_is_a_value_of_its_enum() {
        let values: Vec<_> = EVENT_STATUS.values.iter().map(|value| value.raw).collect();
        let stored: Vec<_> = webhook_event::EventStatus::iter().map(|status| vec![status.as_str()]).collect();
        assert_eq!(values, stored);
    }
}
