//! The enums. FirstPromoter may add values at any time: what is not named here is `OTHER`, and the
//! raw text is always beside it.

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
    "ACTIVE" = ["active", "approved"], "Accepted: its referrals count.";
    "PENDING" = ["pending"], "Signed up, waits to be accepted.";
    "BLOCKED" = ["blocked", "denied"], "Blocked: nothing is tracked any more.";
]);

enumeration!(
    /// `promotion.status`.
    PROMOTION_STATUS, "PromotionStatus", "Whether the promotion's offer is running.", [
    "OFFER_RUNNING" = ["offer_running"], "Referred people get the offer.";
    "OFFER_INACTIVE" = ["offer_inactive"], "The offer is not running.";
]);

enumeration!(
    /// `promotion.state`.
    PROMOTION_STATE, "PromotionState", "State of a promoter's enrolment in a campaign.", [
    "PENDING" = ["pending"], "Applied, waits to be accepted.";
    "ACCEPTED" = ["accepted"], "Takes part in the campaign.";
    "REJECTED" = ["rejected"], "Was not accepted.";
    "BLOCKED" = ["blocked"], "Nothing is tracked any more.";
    "INACTIVE" = ["inactive"], "Suspended: no new referrals; existing customers keep earning.";
    "NOT_SET" = ["not_set"], "FirstPromoter says that no state is set.";
]);

enumeration!(
    /// `lead.state`.
    LEAD_STATE, "LeadState", "Where a referred person is between signing up and leaving.", [
    "SUBSCRIBED" = ["subscribed"], "Opted in before signing up.";
    "SIGNUP" = ["signup", "lead"], "Registered, no sale yet.";
    "ACTIVE" = ["active", "customer"], "A customer: at least one sale.";
    "CANCELLED" = ["cancelled"], "Ended the subscription.";
    "REFUNDED" = ["refunded"], "Got the money back.";
    "DENIED" = ["denied"], "Disabled: not tracked any more.";
    "PENDING" = ["pending"], "Entered by the promoter by hand, waits for an admin.";
    "MOVED" = ["moved"], "Assigned to another promoter or campaign.";
]);

enumeration!(
    /// `lead.suspicion`.
    SUSPICION, "Suspicion", "What FirstPromoter's fraud check found.", [
    "NO_SUSPICION" = ["no_suspicion"], "Nothing.";
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
    PAYOUT_STATUS, "PayoutStatus", "How far a payout is.", [
    "PENDING" = ["pending"], "Not begun.";
    "PROCESSING" = ["processing"], "On its way.";
    "COMPLETED" = ["completed"], "Paid or fulfilled.";
    "FAILED" = ["failed"], "Failed.";
    "CANCELLED" = ["cancelled"], "Cancelled.";
]);

enumeration!(
    /// `unit` wherever there is an amount.
    UNIT, "Unit", "What an amount counts.", [
    "CASH" = ["cash"], "Money, in minor units of the account's currency (cents).";
    "CREDITS" = ["credits"], "Credits, a plain count.";
    "POINTS" = ["points"], "Points, a plain count.";
    "FREE_MONTHS" = ["free_months", "free_month"], "Months free of charge.";
    "MON_DISCOUNT" = ["mon_discount", "discount_mon", "discount"], "A discount in money, in minor units.";
    "DISCOUNT_PER" = ["discount_per"], "A discount in percent.";
]);

enumeration!(
    /// `balance.kind`.
    BALANCE_KIND, "BalanceKind", "Which of a promoter's balances.", [
    "EARNED" = ["earned"], "All that was ever earned.";
    "CURRENT" = ["current"], "Earned and not yet paid; may be negative after refunds.";
    "PAID" = ["paid"], "Already paid.";
    "PENDING" = ["pending"], "Not yet approved.";
]);

enumeration!(
    /// `webhook_event.status`.
    EVENT_STATUS, "WebhookEventStatus", "What became of a webhook event.", [
    "PENDING" = ["pending"], "Kept, not yet applied.";
    "APPLIED" = ["applied"], "Applied to the mirrored tables.";
    "IGNORED" = ["ignored"], "Kept, but nothing to apply: an unknown type or a test delivery.";
    "UNREADABLE" = ["unreadable"], "Kept, but not an event: no JSON, or no envelope.";
    "FAILED" = ["failed"], "Could not be applied; waits for a replay.";
]);

enumeration!(
    /// `payments_batch.status`.
    PAYMENTS_BATCH_STATUS, "PaymentsBatchStatus", "How far a payments batch is.", [
    "AWAITING_CONFIRMATION" = ["awaiting_confirmation"], "Somebody has to confirm it.";
    "PENDING" = ["pending"], "Not begun.";
    "PROCESSING" = ["processing"], "Being paid.";
    "COMPLETED" = ["completed"], "Paid.";
    "FAILED" = ["failed"], "Failed.";
]);

enumeration!(
    /// `payout_method.method`.
    PAYOUT_METHOD_KIND, "PayoutMethodKind", "By which service a promoter is paid.", [
    "PAYPAL" = ["paypal"], "PayPal.";
    "BANK" = ["bank"], "Bank transfer.";
    "WISE" = ["wise"], "Wise.";
    "CRYPTO" = ["crypto"], "Cryptocurrency.";
    "CUSTOM" = ["custom"], "A way that the programme defined.";
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
    COMMISSION_TYPE, "CommissionType", "What a commission was earned by.", [
    "SALE" = ["sale"], "A sale or its refund.";
    "CUSTOM" = ["custom"], "Granted by hand.";
]);

enumeration!(
    /// `lead.entry_source`.
    ENTRY_SOURCE, "EntrySource", "How a lead came into the programme.", [
    "API" = ["api"], "Through the API.";
    "COUPON" = ["coupon"], "By a promoter's coupon.";
    "COOKIE" = ["cookie"], "By a click on a referral link.";
    "MANUAL_ADMIN" = ["manual_admin"], "Entered by an admin.";
    "MANUAL_AFFILIATE" = ["manual_affiliate"], "Entered by the promoter.";
]);
