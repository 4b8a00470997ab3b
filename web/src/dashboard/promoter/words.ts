/** What the API's enums are called on the page. */
import type { BalanceKind, CommissionStatus, LeadState, PayoutMethodKind, PayoutStatus, PromoterStatus, PromotionState, Unit, WebhookEventStatus } from "../../generated/graphql";
import type { State } from "../../ui/columns";

type Words<Name extends string> = Record<Name, State>;

export const LEAD_STATES: Words<LeadState> = {
  ACTIVE: ["Customer", "good"],
  CANCELLED: ["Cancelled", "bad"],
  DENIED: ["Denied", "bad"],
  MOVED: ["Moved", "quiet"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
  REFUNDED: ["Refunded", "bad"],
  SIGNUP: ["Signed up", "open"],
  SUBSCRIBED: ["Opted in", "open"],
};

export const COMMISSION_STATUSES: Words<CommissionStatus> = {
  APPROVED: ["Approved", "good"],
  DENIED: ["Denied", "bad"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
};

export const PAYOUT_STATUSES: Words<PayoutStatus> = {
  CANCELLED: ["Cancelled", "quiet"],
  COMPLETED: ["Paid", "good"],
  FAILED: ["Failed", "bad"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
  PROCESSING: ["Processing", "open"],
};

export const PROMOTION_STATES: Words<PromotionState> = {
  ACCEPTED: ["Active", "good"],
  BLOCKED: ["Blocked", "bad"],
  INACTIVE: ["Inactive", "quiet"],
  NOT_SET: ["Not set", "quiet"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
  REJECTED: ["Rejected", "bad"],
};

const PROMOTER_STATUSES: Words<PromoterStatus> = {
  ACTIVE: ["Active", "good"],
  BLOCKED: ["Blocked", "bad"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
};

export const EVENT_STATUSES: Words<WebhookEventStatus> = {
  APPLIED: ["Applied", "good"],
  FAILED: ["Failed", "bad"],
  IGNORED: ["Ignored", "quiet"],
  OTHER: ["Other", "quiet"],
  PENDING: ["Pending", "open"],
  UNREADABLE: ["Unreadable", "bad"],
};

export const PAYOUT_METHODS: Words<PayoutMethodKind> = {
  BANK: ["Bank", "quiet"],
  CRYPTO: ["Cryptocurrency", "quiet"],
  CUSTOM: ["Custom", "quiet"],
  DOTS: ["Dots", "quiet"],
  OTHER: ["Other", "quiet"],
  PAYPAL: ["PayPal", "quiet"],
  WISE: ["Wise", "quiet"],
};

/** The word for a state; FirstPromoter's own for one that is unknown here. */
export function stateWord<Name extends string>(words: Words<Name>, state: Name | null | undefined, raw: string | null | undefined): State | null {
  if (!state) return null;
  return state === "OTHER" && raw ? [raw, "quiet"] : words[state];
}

export function paidWord(isPaid: boolean | null): State | null {
  if (isPaid === null) return null;
  return isPaid ? ["Paid", "good"] : ["Not paid", "open"];
}

export const UNITS: Record<Unit, string> = {
  CASH: "Cash",
  CREDITS: "Credits",
  DISCOUNT_PER: "Discount in percent",
  FREE_MONTHS: "Free months",
  MON_DISCOUNT: "Discount in money",
  OTHER: "Other",
  POINTS: "Points",
};

export const BALANCES: Record<Exclude<BalanceKind, "OTHER">, string> = {
  CURRENT: "Not yet paid",
  PENDING: "Not yet approved",
  PAID: "Paid",
  EARNED: "Earned in total",
};

/** Promoters known from version 2 webhooks have no status of their own: then that of their enrolments, the best first. */
export function promoterStatus(promoter: {
  status: PromoterStatus | null;
  archivedAt: string | null;
  promotions: { nodes: { state: PromotionState | null }[] } | null;
}): State | null {
  if (promoter.archivedAt) return ["Archived", "quiet"];
  if (promoter.status) return PROMOTER_STATUSES[promoter.status];
  const states = promoter.promotions?.nodes.map(({ state }) => state);
  const best = (["ACCEPTED", "PENDING", "INACTIVE", "REJECTED", "BLOCKED"] as const).find((state) => states?.includes(state));
  return best ? PROMOTION_STATES[best] : null;
}
