/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A 64-bit integer. Output: a JSON number. Input: a number, or a string of digits for clients whose numbers are exact only up to 2^53. */
  BigInt: { input: number | string; output: number; }
  /** A day of a calendar: `2025-05-01`. */
  Date: { input: string; output: string; }
  /** A point in time in RFC 3339. Output: UTC with milliseconds, `2025-05-01T00:00:00.000Z`. Input: any offset and precision, or a date, which is the start of that day in UTC: `2025-05-01` is `2025-05-01T00:00:00Z`. */
  DateTime: { input: string; output: string; }
  /** A decimal number with up to four digits after the point. Output: a string, so that nothing is rounded. Input: a string, or a number of up to 15 digits. */
  Decimal: { input: string | number; output: string; }
  /** Any JSON value. Output only. */
  JSON: { input: unknown; output: unknown; }
  /** The name of a time zone in the IANA database, such as `Europe/Berlin` or `America/New_York`, or `UTC`. */
  TimeZone: { input: string; output: string; }
};

/** A filter of Balance rows. All given conditions must hold. */
export type BalanceFilter = {
  /** Compares `amount`. */
  amount?: InputMaybe<DecimalFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<BalanceFilter>>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `kind`. */
  kind?: InputMaybe<BalanceKindFilter>;
  /** Compares `kindRaw`. */
  kindRaw?: InputMaybe<StringFilter>;
  /** This filter does not match. */
  not?: InputMaybe<BalanceFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<BalanceFilter>>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** Compares `unit`. */
  unit?: InputMaybe<UnitFilter>;
  /** Compares `unitRaw`. */
  unitRaw?: InputMaybe<StringFilter>;
};

/** The fields by which Balance rows can be grouped. */
export type BalanceGroupField =
  /** By `kind`. */
  | 'KIND'
  /** By `kindRaw`. */
  | 'KIND_RAW'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** One term of a sort order of groups of Balance rows. */
export type BalanceGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: BalanceGroupOrderField;
};

/** What groups of Balance rows can be sorted by: keys, which `by` must name too, and figures. */
export type BalanceGroupOrderField =
  /** By `amount { avg }`. */
  | 'AMOUNT_AVG'
  /** By `amount { max }`. */
  | 'AMOUNT_MAX'
  /** By `amount { min }`. */
  | 'AMOUNT_MIN'
  /** By `amount { sum }`. */
  | 'AMOUNT_SUM'
  /** By the number of rows. */
  | 'COUNT'
  /** By `kind`. */
  | 'KIND'
  /** By `kindRaw`. */
  | 'KIND_RAW'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** Conditions on groups of Balance rows. All given conditions must hold. */
export type BalanceHaving = {
  /** Compares figures of `amount`. */
  amount?: InputMaybe<DecimalHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
};

/** Kind of a promoter's balance. */
export type BalanceKind =
  /** Earned and not yet paid. May be negative after refunds. */
  | 'CURRENT'
  /** Earned in total. */
  | 'EARNED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Paid in total. */
  | 'PAID'
  /** Earned, but not yet approved. */
  | 'PENDING';

/** Compares a BalanceKind. All given comparators must hold. */
export type BalanceKindFilter = {
  /** Equal to. */
  eq?: InputMaybe<BalanceKind>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<BalanceKind>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<BalanceKind>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<BalanceKind>>;
};

/** A condition on the Balance rows that belong to another row. */
export type BalanceListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<BalanceFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<BalanceFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<BalanceFilter>;
};

/** One term of a sort order of Balance rows. */
export type BalanceOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: BalanceOrderField;
};

/** What Balance rows can be sorted by. */
export type BalanceOrderField =
  /** By `amount`. */
  | 'AMOUNT'
  /** By `id`. */
  | 'ID';

/** Compares a BigInt. All given comparators must hold. */
export type BigIntFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['BigInt']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['BigInt']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['BigInt']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['BigInt']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['BigInt']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['BigInt']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['BigInt']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['BigInt']['input']>>;
};

/** Conditions on the figures of a field. All given conditions must hold. */
export type BigIntHaving = {
  /** The average of the rows that have a value, rounded half away from zero to four digits after the point. Null if no row has one. */
  avg?: InputMaybe<DecimalFilter>;
  /** The greatest value. Null if no row has one. */
  max?: InputMaybe<BigIntFilter>;
  /** The smallest value. Null if no row has one. */
  min?: InputMaybe<BigIntFilter>;
  /** The sum. Null if no row has a value; an error if it does not fit into 64 bits. */
  sum?: InputMaybe<BigIntFilter>;
};

/** Compares a Boolean. All given comparators must hold. */
export type BooleanFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A filter of Campaign rows. All given conditions must hold. */
export type CampaignFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<CampaignFilter>>;
  /** Compares `autoApprovePromoters`. */
  autoApprovePromoters?: InputMaybe<BooleanFilter>;
  /** Compares `autoApproveRewards`. */
  autoApproveRewards?: InputMaybe<BooleanFilter>;
  /** Compares `color`. */
  color?: InputMaybe<StringFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `description`. */
  description?: InputMaybe<StringFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `landingUrl`. */
  landingUrl?: InputMaybe<StringFilter>;
  /** Some, none or all of `leads` match a filter. */
  leads?: InputMaybe<LeadListFilter>;
  /** Compares `name`. */
  name?: InputMaybe<SearchFilter>;
  /** This filter does not match. */
  not?: InputMaybe<CampaignFilter>;
  /** `offer` is not null and matches this filter. */
  offer?: InputMaybe<OfferFilter>;
  /** Compares `offerId`. */
  offerId?: InputMaybe<IdFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<CampaignFilter>>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** Compares `private`. */
  private?: InputMaybe<BooleanFilter>;
  /** `promotionReward` is not null and matches this filter. */
  promotionReward?: InputMaybe<RewardFilter>;
  /** Compares `promotionRewardId`. */
  promotionRewardId?: InputMaybe<IdFilter>;
  /** Some, none or all of `promotions` match a filter. */
  promotions?: InputMaybe<PromotionListFilter>;
  /** `referralReward` is not null and matches this filter. */
  referralReward?: InputMaybe<RewardFilter>;
  /** Compares `referralRewardId`. */
  referralRewardId?: InputMaybe<IdFilter>;
  /** `targetReward` is not null and matches this filter. */
  targetReward?: InputMaybe<RewardFilter>;
  /** Compares `targetRewardId`. */
  targetRewardId?: InputMaybe<IdFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which Campaign rows can be grouped. */
export type CampaignGroupField =
  /** By `autoApprovePromoters`. */
  | 'AUTO_APPROVE_PROMOTERS'
  /** By `autoApproveRewards`. */
  | 'AUTO_APPROVE_REWARDS'
  /** By `color`. */
  | 'COLOR'
  /** By `description`. */
  | 'DESCRIPTION'
  /** By `landingUrl`. */
  | 'LANDING_URL'
  /** By `name`. */
  | 'NAME'
  /** By `offerId`. */
  | 'OFFER_ID'
  /** By `private`. */
  | 'PRIVATE'
  /** By `promotionRewardId`. */
  | 'PROMOTION_REWARD_ID'
  /** By `referralRewardId`. */
  | 'REFERRAL_REWARD_ID'
  /** By `targetRewardId`. */
  | 'TARGET_REWARD_ID';

/** One term of a sort order of groups of Campaign rows. */
export type CampaignGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: CampaignGroupOrderField;
};

/** What groups of Campaign rows can be sorted by: keys, which `by` must name too, and figures. */
export type CampaignGroupOrderField =
  /** By `autoApprovePromoters`. */
  | 'AUTO_APPROVE_PROMOTERS'
  /** By `autoApproveRewards`. */
  | 'AUTO_APPROVE_REWARDS'
  /** By `color`. */
  | 'COLOR'
  /** By the number of rows. */
  | 'COUNT'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `description`. */
  | 'DESCRIPTION'
  /** By `landingUrl`. */
  | 'LANDING_URL'
  /** By `name`. */
  | 'NAME'
  /** By `offerId`. */
  | 'OFFER_ID'
  /** By `offerId { countDistinct }`. */
  | 'OFFER_ID_COUNT_DISTINCT'
  /** By `private`. */
  | 'PRIVATE'
  /** By `promotionRewardId`. */
  | 'PROMOTION_REWARD_ID'
  /** By `promotionRewardId { countDistinct }`. */
  | 'PROMOTION_REWARD_ID_COUNT_DISTINCT'
  /** By `referralRewardId`. */
  | 'REFERRAL_REWARD_ID'
  /** By `referralRewardId { countDistinct }`. */
  | 'REFERRAL_REWARD_ID_COUNT_DISTINCT'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `targetRewardId`. */
  | 'TARGET_REWARD_ID'
  /** By `targetRewardId { countDistinct }`. */
  | 'TARGET_REWARD_ID_COUNT_DISTINCT'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of Campaign rows. All given conditions must hold. */
export type CampaignHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `offerId`. */
  offerId?: InputMaybe<IdHaving>;
  /** Compares figures of `promotionRewardId`. */
  promotionRewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `referralRewardId`. */
  referralRewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `targetRewardId`. */
  targetRewardId?: InputMaybe<IdHaving>;
};

/** Groups Campaign rows by calendar intervals of a time. */
export type CampaignInterval = {
  /** The time. */
  field: CampaignTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Campaign rows that belong to another row. */
export type CampaignListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<CampaignFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<CampaignFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<CampaignFilter>;
};

/** One term of a sort order of Campaign rows. */
export type CampaignOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: CampaignOrderField;
};

/** What Campaign rows can be sorted by. */
export type CampaignOrderField =
  /** By `id`. */
  | 'ID'
  /** By the number of rows that `leads { totalCount }` counts. */
  | 'LEADS_COUNT'
  /** By `name`. */
  | 'NAME'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT'
  /** By the number of rows that `promotions { totalCount }` counts. */
  | 'PROMOTIONS_COUNT';

/** The times by whose intervals Campaign rows can be grouped. */
export type CampaignTimeField =
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** A filter of Commission rows. All given conditions must hold. */
export type CommissionFilter = {
  /** Compares `amount`. */
  amount?: InputMaybe<DecimalFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<CommissionFilter>>;
  /** Compares `commissionType`. */
  commissionType?: InputMaybe<CommissionTypeFilter>;
  /** Compares `commissionTypeRaw`. */
  commissionTypeRaw?: InputMaybe<StringFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Some, none or all of `events` match a filter. */
  events?: InputMaybe<WebhookEventListFilter>;
  /** Compares `externalNote`. */
  externalNote?: InputMaybe<StringFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `internalNote`. */
  internalNote?: InputMaybe<StringFilter>;
  /** Compares `isPaid`. */
  isPaid?: InputMaybe<BooleanFilter>;
  /** Compares `isSelfReferral`. */
  isSelfReferral?: InputMaybe<BooleanFilter>;
  /** Compares `isSplit`. */
  isSplit?: InputMaybe<BooleanFilter>;
  /** `lead` is not null and matches this filter. */
  lead?: InputMaybe<LeadFilter>;
  /** Compares `leadId`. */
  leadId?: InputMaybe<IdFilter>;
  /** This filter does not match. */
  not?: InputMaybe<CommissionFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<CommissionFilter>>;
  /** Compares `originalSaleAmount`. */
  originalSaleAmount?: InputMaybe<BigIntFilter>;
  /** Compares `originalSaleCurrency`. */
  originalSaleCurrency?: InputMaybe<StringFilter>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** Compares `planId`. */
  planId?: InputMaybe<StringFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** `promotion` is not null and matches this filter. */
  promotion?: InputMaybe<PromotionFilter>;
  /** Compares `promotionId`. */
  promotionId?: InputMaybe<IdFilter>;
  /** `reward` is not null and matches this filter. */
  reward?: InputMaybe<RewardFilter>;
  /** Compares `rewardId`. */
  rewardId?: InputMaybe<IdFilter>;
  /** Compares `saleAmount`. */
  saleAmount?: InputMaybe<BigIntFilter>;
  /** Compares `saleEventId`. */
  saleEventId?: InputMaybe<StringFilter>;
  /** Compares `splitType`. */
  splitType?: InputMaybe<StringFilter>;
  /** Compares `status`. */
  status?: InputMaybe<CommissionStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `statusUpdatedAt`. */
  statusUpdatedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `suspicion`. */
  suspicion?: InputMaybe<SuspicionFilter>;
  /** Compares `suspicionRaw`. */
  suspicionRaw?: InputMaybe<StringFilter>;
  /** Compares `tier`. */
  tier?: InputMaybe<BigIntFilter>;
  /** Compares `unit`. */
  unit?: InputMaybe<UnitFilter>;
  /** Compares `unitRaw`. */
  unitRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which Commission rows can be grouped. */
export type CommissionGroupField =
  /** By `commissionType`. */
  | 'COMMISSION_TYPE'
  /** By `commissionTypeRaw`. */
  | 'COMMISSION_TYPE_RAW'
  /** By `externalNote`. */
  | 'EXTERNAL_NOTE'
  /** By `internalNote`. */
  | 'INTERNAL_NOTE'
  /** By `isPaid`. */
  | 'IS_PAID'
  /** By `isSelfReferral`. */
  | 'IS_SELF_REFERRAL'
  /** By `isSplit`. */
  | 'IS_SPLIT'
  /** By `leadId`. */
  | 'LEAD_ID'
  /** By `originalSaleCurrency`. */
  | 'ORIGINAL_SALE_CURRENCY'
  /** By `planId`. */
  | 'PLAN_ID'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promotionId`. */
  | 'PROMOTION_ID'
  /** By `rewardId`. */
  | 'REWARD_ID'
  /** By `saleEventId`. */
  | 'SALE_EVENT_ID'
  /** By `splitType`. */
  | 'SPLIT_TYPE'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `suspicion`. */
  | 'SUSPICION'
  /** By `suspicionRaw`. */
  | 'SUSPICION_RAW'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** One term of a sort order of groups of Commission rows. */
export type CommissionGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: CommissionGroupOrderField;
};

/** What groups of Commission rows can be sorted by: keys, which `by` must name too, and figures. */
export type CommissionGroupOrderField =
  /** By `amount { avg }`. */
  | 'AMOUNT_AVG'
  /** By `amount { max }`. */
  | 'AMOUNT_MAX'
  /** By `amount { min }`. */
  | 'AMOUNT_MIN'
  /** By `amount { sum }`. */
  | 'AMOUNT_SUM'
  /** By `commissionType`. */
  | 'COMMISSION_TYPE'
  /** By `commissionTypeRaw`. */
  | 'COMMISSION_TYPE_RAW'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `externalNote`. */
  | 'EXTERNAL_NOTE'
  /** By `internalNote`. */
  | 'INTERNAL_NOTE'
  /** By `isPaid`. */
  | 'IS_PAID'
  /** By `isSelfReferral`. */
  | 'IS_SELF_REFERRAL'
  /** By `isSplit`. */
  | 'IS_SPLIT'
  /** By `leadId`. */
  | 'LEAD_ID'
  /** By `leadId { countDistinct }`. */
  | 'LEAD_ID_COUNT_DISTINCT'
  /** By `originalSaleAmount { avg }`. */
  | 'ORIGINAL_SALE_AMOUNT_AVG'
  /** By `originalSaleAmount { max }`. */
  | 'ORIGINAL_SALE_AMOUNT_MAX'
  /** By `originalSaleAmount { min }`. */
  | 'ORIGINAL_SALE_AMOUNT_MIN'
  /** By `originalSaleAmount { sum }`. */
  | 'ORIGINAL_SALE_AMOUNT_SUM'
  /** By `originalSaleCurrency`. */
  | 'ORIGINAL_SALE_CURRENCY'
  /** By `planId`. */
  | 'PLAN_ID'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `promotionId`. */
  | 'PROMOTION_ID'
  /** By `promotionId { countDistinct }`. */
  | 'PROMOTION_ID_COUNT_DISTINCT'
  /** By `rewardId`. */
  | 'REWARD_ID'
  /** By `rewardId { countDistinct }`. */
  | 'REWARD_ID_COUNT_DISTINCT'
  /** By `saleAmount { avg }`. */
  | 'SALE_AMOUNT_AVG'
  /** By `saleAmount { max }`. */
  | 'SALE_AMOUNT_MAX'
  /** By `saleAmount { min }`. */
  | 'SALE_AMOUNT_MIN'
  /** By `saleAmount { sum }`. */
  | 'SALE_AMOUNT_SUM'
  /** By `saleEventId`. */
  | 'SALE_EVENT_ID'
  /** By `splitType`. */
  | 'SPLIT_TYPE'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `statusUpdatedAt { max }`. */
  | 'STATUS_UPDATED_AT_MAX'
  /** By `statusUpdatedAt { min }`. */
  | 'STATUS_UPDATED_AT_MIN'
  /** By `suspicion`. */
  | 'SUSPICION'
  /** By `suspicionRaw`. */
  | 'SUSPICION_RAW'
  /** By `tier { avg }`. */
  | 'TIER_AVG'
  /** By `tier { max }`. */
  | 'TIER_MAX'
  /** By `tier { min }`. */
  | 'TIER_MIN'
  /** By `tier { sum }`. */
  | 'TIER_SUM'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of Commission rows. All given conditions must hold. */
export type CommissionHaving = {
  /** Compares figures of `amount`. */
  amount?: InputMaybe<DecimalHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `leadId`. */
  leadId?: InputMaybe<IdHaving>;
  /** Compares figures of `originalSaleAmount`. */
  originalSaleAmount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
  /** Compares figures of `promotionId`. */
  promotionId?: InputMaybe<IdHaving>;
  /** Compares figures of `rewardId`. */
  rewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `saleAmount`. */
  saleAmount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `tier`. */
  tier?: InputMaybe<BigIntHaving>;
};

/** Groups Commission rows by calendar intervals of a time. */
export type CommissionInterval = {
  /** The time. */
  field: CommissionTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Commission rows that belong to another row. */
export type CommissionListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<CommissionFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<CommissionFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<CommissionFilter>;
};

/** One term of a sort order of Commission rows. */
export type CommissionOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: CommissionOrderField;
};

/** What Commission rows can be sorted by. */
export type CommissionOrderField =
  /** By `amount`. */
  | 'AMOUNT'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `id`. */
  | 'ID'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT'
  /** By `saleAmount`. */
  | 'SALE_AMOUNT';

/** Whether a commission was approved. */
export type CommissionStatus =
  /** Approved: it will be or was paid. */
  | 'APPROVED'
  /** Denied. */
  | 'DENIED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Waits for approval. */
  | 'PENDING';

/** Compares a CommissionStatus. All given comparators must hold. */
export type CommissionStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<CommissionStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<CommissionStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<CommissionStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<CommissionStatus>>;
};

/** The times by whose intervals Commission rows can be grouped. */
export type CommissionTimeField =
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `statusUpdatedAt`. */
  | 'STATUS_UPDATED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** Origin of a commission. */
export type CommissionType =
  /** Granted manually. */
  | 'CUSTOM'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** A sale or its refund. */
  | 'SALE';

/** Compares a CommissionType. All given comparators must hold. */
export type CommissionTypeFilter = {
  /** Equal to. */
  eq?: InputMaybe<CommissionType>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<CommissionType>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<CommissionType>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<CommissionType>>;
};

/** A filter of ContractDocument rows. All given conditions must hold. */
export type ContractDocumentFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<ContractDocumentFilter>>;
  /** Compares `contractId`. */
  contractId?: InputMaybe<BigIntFilter>;
  /** Compares `contractName`. */
  contractName?: InputMaybe<StringFilter>;
  /** Compares `contractVersion`. */
  contractVersion?: InputMaybe<StringFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** This filter does not match. */
  not?: InputMaybe<ContractDocumentFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<ContractDocumentFilter>>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** Compares `signedAt`. */
  signedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `status`. */
  status?: InputMaybe<ContractDocumentStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which ContractDocument rows can be grouped. */
export type ContractDocumentGroupField =
  /** By `contractName`. */
  | 'CONTRACT_NAME'
  /** By `contractVersion`. */
  | 'CONTRACT_VERSION'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW';

/** One term of a sort order of groups of ContractDocument rows. */
export type ContractDocumentGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: ContractDocumentGroupOrderField;
};

/** What groups of ContractDocument rows can be sorted by: keys, which `by` must name too, and figures. */
export type ContractDocumentGroupOrderField =
  /** By `contractName`. */
  | 'CONTRACT_NAME'
  /** By `contractVersion`. */
  | 'CONTRACT_VERSION'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `signedAt { max }`. */
  | 'SIGNED_AT_MAX'
  /** By `signedAt { min }`. */
  | 'SIGNED_AT_MIN'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of ContractDocument rows. All given conditions must hold. */
export type ContractDocumentHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
};

/** Groups ContractDocument rows by calendar intervals of a time. */
export type ContractDocumentInterval = {
  /** The time. */
  field: ContractDocumentTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the ContractDocument rows that belong to another row. */
export type ContractDocumentListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<ContractDocumentFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<ContractDocumentFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<ContractDocumentFilter>;
};

/** One term of a sort order of ContractDocument rows. */
export type ContractDocumentOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: ContractDocumentOrderField;
};

/** What ContractDocument rows can be sorted by. */
export type ContractDocumentOrderField =
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `id`. */
  | 'ID'
  /** By `signedAt`. */
  | 'SIGNED_AT';

/** Whether a contract document is signed. */
export type ContractDocumentStatus =
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Waits for the promoter. */
  | 'PENDING'
  /** Signed. */
  | 'SIGNED';

/** Compares a ContractDocumentStatus. All given comparators must hold. */
export type ContractDocumentStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<ContractDocumentStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<ContractDocumentStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<ContractDocumentStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<ContractDocumentStatus>>;
};

/** The times by whose intervals ContractDocument rows can be grouped. */
export type ContractDocumentTimeField =
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `signedAt`. */
  | 'SIGNED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** Compares a DateTime. All given comparators must hold. */
export type DateTimeFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['DateTime']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['DateTime']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['DateTime']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['DateTime']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['DateTime']['input']>>;
};

/** Compares a Decimal. All given comparators must hold. */
export type DecimalFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['Decimal']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['Decimal']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['Decimal']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['Decimal']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['Decimal']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['Decimal']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['Decimal']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['Decimal']['input']>>;
};

/** Conditions on the figures of a field. All given conditions must hold. */
export type DecimalHaving = {
  /** The average of the rows that have a value, rounded half away from zero to four digits after the point. Null if no row has one. */
  avg?: InputMaybe<DecimalFilter>;
  /** The greatest value. Null if no row has one. */
  max?: InputMaybe<DecimalFilter>;
  /** The smallest value. Null if no row has one. */
  min?: InputMaybe<DecimalFilter>;
  /** The sum. Null if no row has a value; an error if it does not fit into 64 bits. */
  sum?: InputMaybe<DecimalFilter>;
};

/** How a lead was registered. */
export type EntrySource =
  /** Through the API. */
  | 'API'
  /** By a click on a referral link. */
  | 'COOKIE'
  /** By a promoter's coupon. */
  | 'COUPON'
  /** Entered by an admin. */
  | 'MANUAL_ADMIN'
  /** Entered by the promoter. */
  | 'MANUAL_AFFILIATE'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER';

/** Compares a EntrySource. All given comparators must hold. */
export type EntrySourceFilter = {
  /** Equal to. */
  eq?: InputMaybe<EntrySource>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<EntrySource>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<EntrySource>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<EntrySource>>;
};

/** How exact a measure is. */
export type Exactness =
  /** Webhooks do not tell all of it. */
  | 'APPROXIMATE'
  /** It follows from rows that the mirror has. */
  | 'EXACT';

/** Compares a ID. All given comparators must hold. */
export type IdFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['ID']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['ID']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** Conditions on the figures of a field. All given conditions must hold. */
export type IdHaving = {
  /** Number of different rows that are referred to. Null is not counted. */
  countDistinct?: InputMaybe<BigIntFilter>;
};

/** Compares a Int. All given comparators must hold. */
export type IntFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['Int']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['Int']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['Int']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['Int']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['Int']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['Int']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['Int']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['Int']['input']>>;
};

/** An interval of the calendar of a time zone. */
export type Interval =
  /** A day of local time: 23 or 25 hours where clocks change. */
  | 'DAY'
  /** An hour of local time. Where clocks change within an hour, the change ends it. */
  | 'HOUR'
  /** A month. */
  | 'MONTH'
  /** Three months from January, April, July or October. */
  | 'QUARTER'
  /** A week from Monday to Sunday (ISO 8601). */
  | 'WEEK'
  /** A year. */
  | 'YEAR';

/** A filter of Lead rows. All given conditions must hold. */
export type LeadFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<LeadFilter>>;
  /** Compares `cancelledAt`. */
  cancelledAt?: InputMaybe<DateTimeFilter>;
  /** Compares `comment`. */
  comment?: InputMaybe<StringFilter>;
  /** Some, none or all of `commissions` match a filter. */
  commissions?: InputMaybe<CommissionListFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** Compares `customerSince`. */
  customerSince?: InputMaybe<DateTimeFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `email`. */
  email?: InputMaybe<SearchFilter>;
  /** Compares `entrySource`. */
  entrySource?: InputMaybe<EntrySourceFilter>;
  /** Compares `entrySourceRaw`. */
  entrySourceRaw?: InputMaybe<StringFilter>;
  /** Some, none or all of `events` match a filter. */
  events?: InputMaybe<WebhookEventListFilter>;
  /** Compares `firstName`. */
  firstName?: InputMaybe<StringFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `isExpired`. */
  isExpired?: InputMaybe<BooleanFilter>;
  /** Compares `lastName`. */
  lastName?: InputMaybe<StringFilter>;
  /** This filter does not match. */
  not?: InputMaybe<LeadFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<LeadFilter>>;
  /** Compares `planName`. */
  planName?: InputMaybe<StringFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** `promotion` is not null and matches this filter. */
  promotion?: InputMaybe<PromotionFilter>;
  /** Compares `promotionId`. */
  promotionId?: InputMaybe<IdFilter>;
  /** Compares `splitPercentageValue`. */
  splitPercentageValue?: InputMaybe<DecimalFilter>;
  /** `splitPromotion` is not null and matches this filter. */
  splitPromotion?: InputMaybe<PromotionFilter>;
  /** Compares `splitPromotionId`. */
  splitPromotionId?: InputMaybe<IdFilter>;
  /** Compares `state`. */
  state?: InputMaybe<LeadStateFilter>;
  /** Compares `stateRaw`. */
  stateRaw?: InputMaybe<StringFilter>;
  /** Compares `suspicion`. */
  suspicion?: InputMaybe<SuspicionFilter>;
  /** Compares `suspicionRaw`. */
  suspicionRaw?: InputMaybe<StringFilter>;
  /** Compares `uid`. */
  uid?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `username`. */
  username?: InputMaybe<StringFilter>;
  /** Compares `visitorSubId`. */
  visitorSubId?: InputMaybe<StringFilter>;
  /** Compares `website`. */
  website?: InputMaybe<StringFilter>;
};

/** The fields by which Lead rows can be grouped. */
export type LeadGroupField =
  /** By `comment`. */
  | 'COMMENT'
  /** By `email`. */
  | 'EMAIL'
  /** By `entrySource`. */
  | 'ENTRY_SOURCE'
  /** By `entrySourceRaw`. */
  | 'ENTRY_SOURCE_RAW'
  /** By `firstName`. */
  | 'FIRST_NAME'
  /** By `isExpired`. */
  | 'IS_EXPIRED'
  /** By `lastName`. */
  | 'LAST_NAME'
  /** By `planName`. */
  | 'PLAN_NAME'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promotionId`. */
  | 'PROMOTION_ID'
  /** By `splitPromotionId`. */
  | 'SPLIT_PROMOTION_ID'
  /** By `state`. */
  | 'STATE'
  /** By `stateRaw`. */
  | 'STATE_RAW'
  /** By `suspicion`. */
  | 'SUSPICION'
  /** By `suspicionRaw`. */
  | 'SUSPICION_RAW'
  /** By `uid`. */
  | 'UID'
  /** By `username`. */
  | 'USERNAME'
  /** By `visitorSubId`. */
  | 'VISITOR_SUB_ID'
  /** By `website`. */
  | 'WEBSITE';

/** One term of a sort order of groups of Lead rows. */
export type LeadGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: LeadGroupOrderField;
};

/** What groups of Lead rows can be sorted by: keys, which `by` must name too, and figures. */
export type LeadGroupOrderField =
  /** By `cancelledAt { max }`. */
  | 'CANCELLED_AT_MAX'
  /** By `cancelledAt { min }`. */
  | 'CANCELLED_AT_MIN'
  /** By `comment`. */
  | 'COMMENT'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `customerSince { max }`. */
  | 'CUSTOMER_SINCE_MAX'
  /** By `customerSince { min }`. */
  | 'CUSTOMER_SINCE_MIN'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `email`. */
  | 'EMAIL'
  /** By `entrySource`. */
  | 'ENTRY_SOURCE'
  /** By `entrySourceRaw`. */
  | 'ENTRY_SOURCE_RAW'
  /** By `firstName`. */
  | 'FIRST_NAME'
  /** By `isExpired`. */
  | 'IS_EXPIRED'
  /** By `lastName`. */
  | 'LAST_NAME'
  /** By `planName`. */
  | 'PLAN_NAME'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `promotionId`. */
  | 'PROMOTION_ID'
  /** By `promotionId { countDistinct }`. */
  | 'PROMOTION_ID_COUNT_DISTINCT'
  /** By `splitPercentageValue { avg }`. */
  | 'SPLIT_PERCENTAGE_VALUE_AVG'
  /** By `splitPercentageValue { max }`. */
  | 'SPLIT_PERCENTAGE_VALUE_MAX'
  /** By `splitPercentageValue { min }`. */
  | 'SPLIT_PERCENTAGE_VALUE_MIN'
  /** By `splitPercentageValue { sum }`. */
  | 'SPLIT_PERCENTAGE_VALUE_SUM'
  /** By `splitPromotionId`. */
  | 'SPLIT_PROMOTION_ID'
  /** By `splitPromotionId { countDistinct }`. */
  | 'SPLIT_PROMOTION_ID_COUNT_DISTINCT'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `state`. */
  | 'STATE'
  /** By `stateRaw`. */
  | 'STATE_RAW'
  /** By `suspicion`. */
  | 'SUSPICION'
  /** By `suspicionRaw`. */
  | 'SUSPICION_RAW'
  /** By `uid`. */
  | 'UID'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN'
  /** By `username`. */
  | 'USERNAME'
  /** By `visitorSubId`. */
  | 'VISITOR_SUB_ID'
  /** By `website`. */
  | 'WEBSITE';

/** Conditions on groups of Lead rows. All given conditions must hold. */
export type LeadHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
  /** Compares figures of `promotionId`. */
  promotionId?: InputMaybe<IdHaving>;
  /** Compares figures of `splitPercentageValue`. */
  splitPercentageValue?: InputMaybe<DecimalHaving>;
  /** Compares figures of `splitPromotionId`. */
  splitPromotionId?: InputMaybe<IdHaving>;
};

/** Groups Lead rows by calendar intervals of a time. */
export type LeadInterval = {
  /** The time. */
  field: LeadTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Lead rows that belong to another row. */
export type LeadListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<LeadFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<LeadFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<LeadFilter>;
};

/** One term of a sort order of Lead rows. */
export type LeadOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: LeadOrderField;
};

/** What Lead rows can be sorted by. */
export type LeadOrderField =
  /** By `cancelledAt`. */
  | 'CANCELLED_AT'
  /** By the number of rows that `commissions { totalCount }` counts. */
  | 'COMMISSIONS_COUNT'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `customerSince`. */
  | 'CUSTOMER_SINCE'
  /** By `email`. */
  | 'EMAIL'
  /** By `id`. */
  | 'ID';

/** State of a lead, from sign-up to cancellation. */
export type LeadState =
  /** A customer with at least one sale. */
  | 'ACTIVE'
  /** Cancelled the subscription. */
  | 'CANCELLED'
  /** Disabled: not tracked. */
  | 'DENIED'
  /** Assigned to another promoter or campaign. */
  | 'MOVED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Entered by the promoter, waits for an admin's approval. */
  | 'PENDING'
  /** Was refunded. */
  | 'REFUNDED'
  /** Signed up, without a sale so far. */
  | 'SIGNUP'
  /** Opted in before signing up. */
  | 'SUBSCRIBED';

/** Compares a LeadState. All given comparators must hold. */
export type LeadStateFilter = {
  /** Equal to. */
  eq?: InputMaybe<LeadState>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<LeadState>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<LeadState>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<LeadState>>;
};

/** The times by whose intervals Lead rows can be grouped. */
export type LeadTimeField =
  /** By `cancelledAt`. */
  | 'CANCELLED_AT'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `customerSince`. */
  | 'CUSTOMER_SINCE'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** The age of what is owed. */
export type LiabilityAge =
  /** At most 30 days. */
  | 'DAYS_0_TO_30'
  /** 31 to 60 days. */
  | 'DAYS_31_TO_60'
  /** 61 to 90 days. */
  | 'DAYS_61_TO_90'
  /** More than 90 days. */
  | 'OVER_90_DAYS';

/** The unit of a measure's values. */
export type MeasureUnit =
  /** An amount in the unit of the argument `unit`; money in minor units. */
  | 'AMOUNT'
  /** A number. */
  | 'COUNT'
  /** Milliseconds. */
  | 'MILLISECONDS'
  /** Money, in minor units of the account's currency (cents). */
  | 'MONEY'
  /** A fraction: 0.25 is 25 %. */
  | 'RATE';

/** A filter of Offer rows. All given conditions must hold. */
export type OfferFilter = {
  /** Compares `amount`. */
  amount?: InputMaybe<DecimalFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<OfferFilter>>;
  /** Some, none or all of `campaigns` match a filter. */
  campaigns?: InputMaybe<CampaignListFilter>;
  /** Compares `defaultPromoCode`. */
  defaultPromoCode?: InputMaybe<StringFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `name`. */
  name?: InputMaybe<SearchFilter>;
  /** This filter does not match. */
  not?: InputMaybe<OfferFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<OfferFilter>>;
  /** Some, none or all of `promotions` match a filter. */
  promotions?: InputMaybe<PromotionListFilter>;
  /** Compares `unit`. */
  unit?: InputMaybe<UnitFilter>;
  /** Compares `unitRaw`. */
  unitRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which Offer rows can be grouped. */
export type OfferGroupField =
  /** By `defaultPromoCode`. */
  | 'DEFAULT_PROMO_CODE'
  /** By `name`. */
  | 'NAME'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** One term of a sort order of groups of Offer rows. */
export type OfferGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: OfferGroupOrderField;
};

/** What groups of Offer rows can be sorted by: keys, which `by` must name too, and figures. */
export type OfferGroupOrderField =
  /** By `amount { avg }`. */
  | 'AMOUNT_AVG'
  /** By `amount { max }`. */
  | 'AMOUNT_MAX'
  /** By `amount { min }`. */
  | 'AMOUNT_MIN'
  /** By `amount { sum }`. */
  | 'AMOUNT_SUM'
  /** By the number of rows. */
  | 'COUNT'
  /** By `defaultPromoCode`. */
  | 'DEFAULT_PROMO_CODE'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `name`. */
  | 'NAME'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of Offer rows. All given conditions must hold. */
export type OfferHaving = {
  /** Compares figures of `amount`. */
  amount?: InputMaybe<DecimalHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
};

/** Groups Offer rows by calendar intervals of a time. */
export type OfferInterval = {
  /** The time. */
  field: OfferTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** One term of a sort order of Offer rows. */
export type OfferOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: OfferOrderField;
};

/** What Offer rows can be sorted by. */
export type OfferOrderField =
  /** By the number of rows that `campaigns { totalCount }` counts. */
  | 'CAMPAIGNS_COUNT'
  /** By `id`. */
  | 'ID'
  /** By `name`. */
  | 'NAME'
  /** By the number of rows that `promotions { totalCount }` counts. */
  | 'PROMOTIONS_COUNT';

/** The times by whose intervals Offer rows can be grouped. */
export type OfferTimeField =
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** Direction of a sort order. Null sorts as the lowest value. */
export type OrderDirection =
  /** Lowest first. */
  | 'ASC'
  /** Highest first. */
  | 'DESC';

/** A filter of PaymentsBatch rows. All given conditions must hold. */
export type PaymentsBatchFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<PaymentsBatchFilter>>;
  /** Compares `completedAt`. */
  completedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `error`. */
  error?: InputMaybe<StringFilter>;
  /** Compares `extId`. */
  extId?: InputMaybe<StringFilter>;
  /** Compares `extReference`. */
  extReference?: InputMaybe<StringFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `isPayable`. */
  isPayable?: InputMaybe<BooleanFilter>;
  /** Compares `isRetriable`. */
  isRetriable?: InputMaybe<BooleanFilter>;
  /** This filter does not match. */
  not?: InputMaybe<PaymentsBatchFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<PaymentsBatchFilter>>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** Compares `processingStartedAt`. */
  processingStartedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `promotersCount`. */
  promotersCount?: InputMaybe<BigIntFilter>;
  /** Compares `scheduledAt`. */
  scheduledAt?: InputMaybe<DateTimeFilter>;
  /** Compares `status`. */
  status?: InputMaybe<PaymentsBatchStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `total`. */
  total?: InputMaybe<DecimalFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which PaymentsBatch rows can be grouped. */
export type PaymentsBatchGroupField =
  /** By `error`. */
  | 'ERROR'
  /** By `extId`. */
  | 'EXT_ID'
  /** By `extReference`. */
  | 'EXT_REFERENCE'
  /** By `isPayable`. */
  | 'IS_PAYABLE'
  /** By `isRetriable`. */
  | 'IS_RETRIABLE'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW';

/** One term of a sort order of groups of PaymentsBatch rows. */
export type PaymentsBatchGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: PaymentsBatchGroupOrderField;
};

/** What groups of PaymentsBatch rows can be sorted by: keys, which `by` must name too, and figures. */
export type PaymentsBatchGroupOrderField =
  /** By `completedAt { max }`. */
  | 'COMPLETED_AT_MAX'
  /** By `completedAt { min }`. */
  | 'COMPLETED_AT_MIN'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `error`. */
  | 'ERROR'
  /** By `extId`. */
  | 'EXT_ID'
  /** By `extReference`. */
  | 'EXT_REFERENCE'
  /** By `isPayable`. */
  | 'IS_PAYABLE'
  /** By `isRetriable`. */
  | 'IS_RETRIABLE'
  /** By `processingStartedAt { max }`. */
  | 'PROCESSING_STARTED_AT_MAX'
  /** By `processingStartedAt { min }`. */
  | 'PROCESSING_STARTED_AT_MIN'
  /** By `promotersCount { avg }`. */
  | 'PROMOTERS_COUNT_AVG'
  /** By `promotersCount { max }`. */
  | 'PROMOTERS_COUNT_MAX'
  /** By `promotersCount { min }`. */
  | 'PROMOTERS_COUNT_MIN'
  /** By `promotersCount { sum }`. */
  | 'PROMOTERS_COUNT_SUM'
  /** By `scheduledAt { max }`. */
  | 'SCHEDULED_AT_MAX'
  /** By `scheduledAt { min }`. */
  | 'SCHEDULED_AT_MIN'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `total { avg }`. */
  | 'TOTAL_AVG'
  /** By `total { max }`. */
  | 'TOTAL_MAX'
  /** By `total { min }`. */
  | 'TOTAL_MIN'
  /** By `total { sum }`. */
  | 'TOTAL_SUM'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of PaymentsBatch rows. All given conditions must hold. */
export type PaymentsBatchHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promotersCount`. */
  promotersCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `total`. */
  total?: InputMaybe<DecimalHaving>;
};

/** Groups PaymentsBatch rows by calendar intervals of a time. */
export type PaymentsBatchInterval = {
  /** The time. */
  field: PaymentsBatchTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** One term of a sort order of PaymentsBatch rows. */
export type PaymentsBatchOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: PaymentsBatchOrderField;
};

/** What PaymentsBatch rows can be sorted by. */
export type PaymentsBatchOrderField =
  /** By `completedAt`. */
  | 'COMPLETED_AT'
  /** By `id`. */
  | 'ID'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT'
  /** By `total`. */
  | 'TOTAL';

/** Progress of a payments batch. */
export type PaymentsBatchStatus =
  /** Waits for confirmation. */
  | 'AWAITING_CONFIRMATION'
  /** Paid. */
  | 'COMPLETED'
  /** Failed. */
  | 'FAILED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Not started. */
  | 'PENDING'
  /** Being paid. */
  | 'PROCESSING';

/** Compares a PaymentsBatchStatus. All given comparators must hold. */
export type PaymentsBatchStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<PaymentsBatchStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PaymentsBatchStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PaymentsBatchStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PaymentsBatchStatus>>;
};

/** The times by whose intervals PaymentsBatch rows can be grouped. */
export type PaymentsBatchTimeField =
  /** By `completedAt`. */
  | 'COMPLETED_AT'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `processingStartedAt`. */
  | 'PROCESSING_STARTED_AT'
  /** By `scheduledAt`. */
  | 'SCHEDULED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** A filter of Payout rows. All given conditions must hold. */
export type PayoutFilter = {
  /** Compares `amount`. */
  amount?: InputMaybe<DecimalFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<PayoutFilter>>;
  /** `campaign` is not null and matches this filter. */
  campaign?: InputMaybe<CampaignFilter>;
  /** Compares `campaignId`. */
  campaignId?: InputMaybe<IdFilter>;
  /** Some, none or all of `commissions` match a filter. */
  commissions?: InputMaybe<CommissionListFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `dueDate`. */
  dueDate?: InputMaybe<DateTimeFilter>;
  /** Compares `error`. */
  error?: InputMaybe<StringFilter>;
  /** Compares `failedAt`. */
  failedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `hasIssues`. */
  hasIssues?: InputMaybe<BooleanFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** This filter does not match. */
  not?: InputMaybe<PayoutFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<PayoutFilter>>;
  /** Compares `paidAt`. */
  paidAt?: InputMaybe<DateTimeFilter>;
  /** `paymentsBatch` is not null and matches this filter. */
  paymentsBatch?: InputMaybe<PaymentsBatchFilter>;
  /** Compares `paymentsBatchId`. */
  paymentsBatchId?: InputMaybe<IdFilter>;
  /** `payoutMethod` is not null and matches this filter. */
  payoutMethod?: InputMaybe<PayoutMethodFilter>;
  /** Compares `payoutMethodId`. */
  payoutMethodId?: InputMaybe<IdFilter>;
  /** Compares `periodEnd`. */
  periodEnd?: InputMaybe<DateTimeFilter>;
  /** Compares `periodStart`. */
  periodStart?: InputMaybe<DateTimeFilter>;
  /** Compares `processingStartedAt`. */
  processingStartedAt?: InputMaybe<DateTimeFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** `reward` is not null and matches this filter. */
  reward?: InputMaybe<RewardFilter>;
  /** Compares `rewardId`. */
  rewardId?: InputMaybe<IdFilter>;
  /** Compares `status`. */
  status?: InputMaybe<PayoutStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `taxRate`. */
  taxRate?: InputMaybe<DecimalFilter>;
  /** Compares `totalInclTax`. */
  totalInclTax?: InputMaybe<DecimalFilter>;
  /** Compares `unit`. */
  unit?: InputMaybe<UnitFilter>;
  /** Compares `unitRaw`. */
  unitRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which Payout rows can be grouped. */
export type PayoutGroupField =
  /** By `campaignId`. */
  | 'CAMPAIGN_ID'
  /** By `error`. */
  | 'ERROR'
  /** By `hasIssues`. */
  | 'HAS_ISSUES'
  /** By `paymentsBatchId`. */
  | 'PAYMENTS_BATCH_ID'
  /** By `payoutMethodId`. */
  | 'PAYOUT_METHOD_ID'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `rewardId`. */
  | 'REWARD_ID'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** One term of a sort order of groups of Payout rows. */
export type PayoutGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: PayoutGroupOrderField;
};

/** What groups of Payout rows can be sorted by: keys, which `by` must name too, and figures. */
export type PayoutGroupOrderField =
  /** By `amount { avg }`. */
  | 'AMOUNT_AVG'
  /** By `amount { max }`. */
  | 'AMOUNT_MAX'
  /** By `amount { min }`. */
  | 'AMOUNT_MIN'
  /** By `amount { sum }`. */
  | 'AMOUNT_SUM'
  /** By `campaignId`. */
  | 'CAMPAIGN_ID'
  /** By `campaignId { countDistinct }`. */
  | 'CAMPAIGN_ID_COUNT_DISTINCT'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `dueDate { max }`. */
  | 'DUE_DATE_MAX'
  /** By `dueDate { min }`. */
  | 'DUE_DATE_MIN'
  /** By `error`. */
  | 'ERROR'
  /** By `failedAt { max }`. */
  | 'FAILED_AT_MAX'
  /** By `failedAt { min }`. */
  | 'FAILED_AT_MIN'
  /** By `hasIssues`. */
  | 'HAS_ISSUES'
  /** By `paidAt { max }`. */
  | 'PAID_AT_MAX'
  /** By `paidAt { min }`. */
  | 'PAID_AT_MIN'
  /** By `paymentsBatchId`. */
  | 'PAYMENTS_BATCH_ID'
  /** By `paymentsBatchId { countDistinct }`. */
  | 'PAYMENTS_BATCH_ID_COUNT_DISTINCT'
  /** By `payoutMethodId`. */
  | 'PAYOUT_METHOD_ID'
  /** By `payoutMethodId { countDistinct }`. */
  | 'PAYOUT_METHOD_ID_COUNT_DISTINCT'
  /** By `periodEnd { max }`. */
  | 'PERIOD_END_MAX'
  /** By `periodEnd { min }`. */
  | 'PERIOD_END_MIN'
  /** By `periodStart { max }`. */
  | 'PERIOD_START_MAX'
  /** By `periodStart { min }`. */
  | 'PERIOD_START_MIN'
  /** By `processingStartedAt { max }`. */
  | 'PROCESSING_STARTED_AT_MAX'
  /** By `processingStartedAt { min }`. */
  | 'PROCESSING_STARTED_AT_MIN'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `rewardId`. */
  | 'REWARD_ID'
  /** By `rewardId { countDistinct }`. */
  | 'REWARD_ID_COUNT_DISTINCT'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `taxRate { avg }`. */
  | 'TAX_RATE_AVG'
  /** By `taxRate { max }`. */
  | 'TAX_RATE_MAX'
  /** By `taxRate { min }`. */
  | 'TAX_RATE_MIN'
  /** By `taxRate { sum }`. */
  | 'TAX_RATE_SUM'
  /** By `totalInclTax { avg }`. */
  | 'TOTAL_INCL_TAX_AVG'
  /** By `totalInclTax { max }`. */
  | 'TOTAL_INCL_TAX_MAX'
  /** By `totalInclTax { min }`. */
  | 'TOTAL_INCL_TAX_MIN'
  /** By `totalInclTax { sum }`. */
  | 'TOTAL_INCL_TAX_SUM'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of Payout rows. All given conditions must hold. */
export type PayoutHaving = {
  /** Compares figures of `amount`. */
  amount?: InputMaybe<DecimalHaving>;
  /** Compares figures of `campaignId`. */
  campaignId?: InputMaybe<IdHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `paymentsBatchId`. */
  paymentsBatchId?: InputMaybe<IdHaving>;
  /** Compares figures of `payoutMethodId`. */
  payoutMethodId?: InputMaybe<IdHaving>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
  /** Compares figures of `rewardId`. */
  rewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `taxRate`. */
  taxRate?: InputMaybe<DecimalHaving>;
  /** Compares figures of `totalInclTax`. */
  totalInclTax?: InputMaybe<DecimalHaving>;
};

/** Groups Payout rows by calendar intervals of a time. */
export type PayoutInterval = {
  /** The time. */
  field: PayoutTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Payout rows that belong to another row. */
export type PayoutListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<PayoutFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<PayoutFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<PayoutFilter>;
};

/** A filter of PayoutMethod rows. All given conditions must hold. */
export type PayoutMethodFilter = {
  /** Compares `addedAt`. */
  addedAt?: InputMaybe<DateTimeFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<PayoutMethodFilter>>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `isDisabled`. */
  isDisabled?: InputMaybe<BooleanFilter>;
  /** Compares `isSelected`. */
  isSelected?: InputMaybe<BooleanFilter>;
  /** Compares `method`. */
  method?: InputMaybe<PayoutMethodKindFilter>;
  /** Compares `methodRaw`. */
  methodRaw?: InputMaybe<StringFilter>;
  /** This filter does not match. */
  not?: InputMaybe<PayoutMethodFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<PayoutMethodFilter>>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which PayoutMethod rows can be grouped. */
export type PayoutMethodGroupField =
  /** By `isDisabled`. */
  | 'IS_DISABLED'
  /** By `isSelected`. */
  | 'IS_SELECTED'
  /** By `method`. */
  | 'METHOD'
  /** By `methodRaw`. */
  | 'METHOD_RAW'
  /** By `promoterId`. */
  | 'PROMOTER_ID';

/** One term of a sort order of groups of PayoutMethod rows. */
export type PayoutMethodGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: PayoutMethodGroupOrderField;
};

/** What groups of PayoutMethod rows can be sorted by: keys, which `by` must name too, and figures. */
export type PayoutMethodGroupOrderField =
  /** By `addedAt { max }`. */
  | 'ADDED_AT_MAX'
  /** By `addedAt { min }`. */
  | 'ADDED_AT_MIN'
  /** By the number of rows. */
  | 'COUNT'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `isDisabled`. */
  | 'IS_DISABLED'
  /** By `isSelected`. */
  | 'IS_SELECTED'
  /** By `method`. */
  | 'METHOD'
  /** By `methodRaw`. */
  | 'METHOD_RAW'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of PayoutMethod rows. All given conditions must hold. */
export type PayoutMethodHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
};

/** Groups PayoutMethod rows by calendar intervals of a time. */
export type PayoutMethodInterval = {
  /** The time. */
  field: PayoutMethodTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** Service by which a promoter is paid. */
export type PayoutMethodKind =
  /** Bank transfer. */
  | 'BANK'
  /** Cryptocurrency. */
  | 'CRYPTO'
  /** A custom method of the programme. */
  | 'CUSTOM'
  /** Dots. */
  | 'DOTS'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** PayPal. */
  | 'PAYPAL'
  /** Wise. */
  | 'WISE';

/** Compares a PayoutMethodKind. All given comparators must hold. */
export type PayoutMethodKindFilter = {
  /** Equal to. */
  eq?: InputMaybe<PayoutMethodKind>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PayoutMethodKind>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PayoutMethodKind>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PayoutMethodKind>>;
};

/** A condition on the PayoutMethod rows that belong to another row. */
export type PayoutMethodListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<PayoutMethodFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<PayoutMethodFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<PayoutMethodFilter>;
};

/** One term of a sort order of PayoutMethod rows. */
export type PayoutMethodOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: PayoutMethodOrderField;
};

/** What PayoutMethod rows can be sorted by. */
export type PayoutMethodOrderField =
  /** By `id`. */
  | 'ID'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT';

/** The times by whose intervals PayoutMethod rows can be grouped. */
export type PayoutMethodTimeField =
  /** By `addedAt`. */
  | 'ADDED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** One term of a sort order of Payout rows. */
export type PayoutOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: PayoutOrderField;
};

/** What Payout rows can be sorted by. */
export type PayoutOrderField =
  /** By `amount`. */
  | 'AMOUNT'
  /** By the number of rows that `commissions { totalCount }` counts. */
  | 'COMMISSIONS_COUNT'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `dueDate`. */
  | 'DUE_DATE'
  /** By `id`. */
  | 'ID'
  /** By `paidAt`. */
  | 'PAID_AT';

/** Progress of a payout. */
export type PayoutStatus =
  /** Cancelled. */
  | 'CANCELLED'
  /** Paid or fulfilled. */
  | 'COMPLETED'
  /** Failed. */
  | 'FAILED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Not started. */
  | 'PENDING'
  /** Being paid. */
  | 'PROCESSING';

/** Compares a PayoutStatus. All given comparators must hold. */
export type PayoutStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<PayoutStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PayoutStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PayoutStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PayoutStatus>>;
};

/** The times by whose intervals Payout rows can be grouped. */
export type PayoutTimeField =
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `dueDate`. */
  | 'DUE_DATE'
  /** By `failedAt`. */
  | 'FAILED_AT'
  /** By `paidAt`. */
  | 'PAID_AT'
  /** By `periodEnd`. */
  | 'PERIOD_END'
  /** By `periodStart`. */
  | 'PERIOD_START'
  /** By `processingStartedAt`. */
  | 'PROCESSING_STARTED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** What a period is compared with. */
export type PerformanceComparison =
  /** The period before it: as many calendar units for `last` and `current`; for `dates` as many months if they are whole months, else as many days; as long for `instants`. The first day is compared with the first day, and so on; months, quarters and years with as many months. */
  | 'PREVIOUS_PERIOD'
  /** The same period a year before. Each interval is compared with the same dates and local times: a week with its seven dates, whatever their weekday. 29 February has nothing to be compared with; in the year behind, its rows are those of the interval that ends with 28 February. */
  | 'PREVIOUS_YEAR';

/** The days of a period. */
export type PerformanceDates = {
  /** The first day. */
  from: Scalars['Date']['input'];
  /** The last day. */
  to: Scalars['Date']['input'];
};

/** What figures are grouped by. Rows without a value are a group of their own. */
export type PerformanceDimension =
  /** The campaign: of the promotion of a lead, commission or sale; of a payout and of an enrolment itself. Promoters who join have none. */
  | 'CAMPAIGN'
  /** The present status of a commission: `commission.status`. */
  | 'COMMISSION_STATUS'
  /** The country of the promoter: `promoter.profile.country`, two letters. */
  | 'COUNTRY'
  /** How the lead was registered: `lead.entrySource`, which version 1 webhooks do not tell. */
  | 'ENTRY_SOURCE'
  /** The present state of the lead: `lead.state`. Null for a commission without a lead. */
  | 'LEAD_STATE'
  /** The present offer of the promotion: `promotion.currentOfferId`. */
  | 'OFFER'
  /** The promoter who recruited the promoter: `promoter.parentId`. */
  | 'PARENT_PROMOTER'
  /** The present status of a payout: `payout.status`. */
  | 'PAYOUT_STATUS'
  /** The plan: `lead.planName`, for commissions and sales `commission.planId`, which version 1 webhooks do not tell. */
  | 'PLAN'
  /** The promoter: who referred a lead; who earned a commission; who owns the lead of a sale, else who earned its commission; who is paid; who joined or was enrolled. */
  | 'PROMOTER'
  /** The promotion: of a lead, of a commission, of the lead of a sale (else of its commission), or the enrolment itself. Payouts and promoters who join have none. */
  | 'PROMOTION'
  /** The reward by which a commission was earned or a payout is paid: `commission.rewardId`, `payout.rewardId`. Of a sale: that of its commission. Version 1 webhooks do not tell it. */
  | 'REWARD'
  /** The sub id of the lead's click: `lead.visitorSubId`, which version 2 webhooks do not tell. Contact data. */
  | 'SUB_ID'
  /** The result of the fraud check: `lead.suspicion`, for commissions and sales `commission.suspicion`. Not for promoters. */
  | 'SUSPICION'
  /** The tier of a commission: `commission.tier`. */
  | 'TIER'
  /** The unit of a commission or payout: `commission.unit`, `payout.unit`. Sales are always money. */
  | 'UNIT';

/** A filter of the rows that are counted. All given conditions must hold. One that a selected measure does not know is an error. */
export type PerformanceFilter = {
  /** The campaign: of the promotion of a lead, commission or sale; of a payout and of an enrolment itself. Promoters who join have none. */
  campaignId?: InputMaybe<IdFilter>;
  /** The present status of a commission: `commission.status`. */
  commissionStatus?: InputMaybe<CommissionStatusFilter>;
  /** The country of the promoter: `promoter.profile.country`, two letters. */
  country?: InputMaybe<StringFilter>;
  /** How the lead was registered: `lead.entrySource`, which version 1 webhooks do not tell. */
  entrySource?: InputMaybe<EntrySourceFilter>;
  /** The present state of the lead: `lead.state`. Null for a commission without a lead. */
  leadState?: InputMaybe<LeadStateFilter>;
  /** The present offer of the promotion: `promotion.currentOfferId`. */
  offerId?: InputMaybe<IdFilter>;
  /** The promoter who recruited the promoter: `promoter.parentId`. */
  parentPromoterId?: InputMaybe<IdFilter>;
  /** The present status of a payout: `payout.status`. */
  payoutStatus?: InputMaybe<PayoutStatusFilter>;
  /** The plan: `lead.planName`, for commissions and sales `commission.planId`, which version 1 webhooks do not tell. */
  plan?: InputMaybe<StringFilter>;
  /** The promoter: who referred a lead; who earned a commission; who owns the lead of a sale, else who earned its commission; who is paid; who joined or was enrolled. */
  promoterId?: InputMaybe<IdFilter>;
  /** The promotion: of a lead, of a commission, of the lead of a sale (else of its commission), or the enrolment itself. Payouts and promoters who join have none. */
  promotionId?: InputMaybe<IdFilter>;
  /** The reward by which a commission was earned or a payout is paid: `commission.rewardId`, `payout.rewardId`. Of a sale: that of its commission. Version 1 webhooks do not tell it. */
  rewardId?: InputMaybe<IdFilter>;
  /** Whether FirstPromoter takes the promoter for the customer: of commissions and sales. `{ eq: false }` includes those of which it is not known. Not for promoters. */
  selfReferral?: InputMaybe<BooleanFilter>;
  /** The sub id of the lead's click: `lead.visitorSubId`, which version 2 webhooks do not tell. Contact data. */
  subId?: InputMaybe<StringFilter>;
  /** The result of the fraud check: `lead.suspicion`, for commissions and sales `commission.suspicion`. Not for promoters. */
  suspicion?: InputMaybe<SuspicionFilter>;
  /** The tier of a commission: `commission.tier`. */
  tier?: InputMaybe<BigIntFilter>;
  /** The unit of a commission or payout: `commission.unit`, `payout.unit`. Sales are always money. */
  unit?: InputMaybe<UnitFilter>;
};

/** The instants of a period. */
export type PerformanceInstants = {
  /** The first instant. */
  from: Scalars['DateTime']['input'];
  /** The first instant that is not part of it. */
  to: Scalars['DateTime']['input'];
};

/** Complete intervals before the running one. */
export type PerformanceLast = {
  /** How many, at least 1. */
  count: Scalars['Int']['input'];
  /** Of which kind. */
  unit: Interval;
};

/** A measure to sort by. */
export type PerformanceMeasure =
  /** By `activationRate`. */
  | 'ACTIVATION_RATE'
  /** By `activeCustomers`. */
  | 'ACTIVE_CUSTOMERS'
  /** By `averageOrderValue`. */
  | 'AVERAGE_ORDER_VALUE'
  /** By `cancellations`. */
  | 'CANCELLATIONS'
  /** By `cancellationRate`. */
  | 'CANCELLATION_RATE'
  /** By `commissions`. */
  | 'COMMISSIONS'
  /** By `commissionRate`. */
  | 'COMMISSION_RATE'
  /** By `conversionRate`. */
  | 'CONVERSION_RATE'
  /** By `customers`. */
  | 'CUSTOMERS'
  /** By `earnings`. */
  | 'EARNINGS'
  /** By `earningsApproved`. */
  | 'EARNINGS_APPROVED'
  /** By `earningsDenied`. */
  | 'EARNINGS_DENIED'
  /** By `earningsPaid`. */
  | 'EARNINGS_PAID'
  /** By `earningsPending`. */
  | 'EARNINGS_PENDING'
  /** By `enrolments`. */
  | 'ENROLMENTS'
  /** By `grossSales`. */
  | 'GROSS_SALES'
  /** By `liability`. */
  | 'LIABILITY'
  /** By `liabilityUnknown`. */
  | 'LIABILITY_UNKNOWN'
  /** By `netRevenue`. */
  | 'NET_REVENUE'
  /** By `payoutsDue`. */
  | 'PAYOUTS_DUE'
  /** By `payoutsPaid`. */
  | 'PAYOUTS_PAID'
  /** By `promotersActive`. */
  | 'PROMOTERS_ACTIVE'
  /** By `promotersFirstReferral`. */
  | 'PROMOTERS_FIRST_REFERRAL'
  /** By `promotersJoined`. */
  | 'PROMOTERS_JOINED'
  /** By `referrals`. */
  | 'REFERRALS'
  /** By `referralToCustomerRate`. */
  | 'REFERRAL_TO_CUSTOMER_RATE'
  /** By `refundedAmount`. */
  | 'REFUNDED_AMOUNT'
  /** By `refundCount`. */
  | 'REFUND_COUNT'
  /** By `refundRate`. */
  | 'REFUND_RATE'
  /** By `revenue`. */
  | 'REVENUE'
  /** By `revenuePerCustomer`. */
  | 'REVENUE_PER_CUSTOMER'
  /** By `revenuePerReferral`. */
  | 'REVENUE_PER_REFERRAL'
  /** By `sales`. */
  | 'SALES'
  /** By `selfReferrals`. */
  | 'SELF_REFERRALS'
  /** By `suspicious`. */
  | 'SUSPICIOUS'
  /** By `timeToConvertMedian`. */
  | 'TIME_TO_CONVERT_MEDIAN'
  /** By `timeToConvertP90`. */
  | 'TIME_TO_CONVERT_P90';

/** One term of the sort order of a report. */
export type PerformanceOrder = {
  /** The direction: the largest first, if it is not given. */
  direction?: OrderDirection;
  /** The measure to sort by. Amounts: those in cash. */
  measure: PerformanceMeasure;
};

/** A period: exactly one of these. */
export type PerformancePeriod =
  /** The running one, from its beginning to its end. */
  { current: Interval; dates?: never; instants?: never; last?: never; }
  |  /** From one day to another, both included, in `timezone`. */
  { current?: never; dates: PerformanceDates; instants?: never; last?: never; }
  |  /** From one instant to another, which is not included. */
  { current?: never; dates?: never; instants: PerformanceInstants; last?: never; }
  |  /** The last complete hours, days, weeks, months, quarters or years. */
  { current?: never; dates?: never; instants?: never; last: PerformanceLast; };

/** A filter of Profile rows. All given conditions must hold. */
export type ProfileFilter = {
  /** Compares `address`. */
  address?: InputMaybe<StringFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<ProfileFilter>>;
  /** Compares `avatarUrl`. */
  avatarUrl?: InputMaybe<StringFilter>;
  /** Compares `companyName`. */
  companyName?: InputMaybe<SearchFilter>;
  /** Compares `companyNumber`. */
  companyNumber?: InputMaybe<StringFilter>;
  /** Compares `country`. */
  country?: InputMaybe<StringFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `description`. */
  description?: InputMaybe<StringFilter>;
  /** Compares `firstName`. */
  firstName?: InputMaybe<SearchFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `lastName`. */
  lastName?: InputMaybe<SearchFilter>;
  /** This filter does not match. */
  not?: InputMaybe<ProfileFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<ProfileFilter>>;
  /** Compares `paypalEmail`. */
  paypalEmail?: InputMaybe<StringFilter>;
  /** Compares `phoneNumber`. */
  phoneNumber?: InputMaybe<StringFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `vatId`. */
  vatId?: InputMaybe<StringFilter>;
  /** Compares `website`. */
  website?: InputMaybe<StringFilter>;
};

/** The fields by which Profile rows can be grouped. */
export type ProfileGroupField =
  /** By `address`. */
  | 'ADDRESS'
  /** By `avatarUrl`. */
  | 'AVATAR_URL'
  /** By `companyName`. */
  | 'COMPANY_NAME'
  /** By `companyNumber`. */
  | 'COMPANY_NUMBER'
  /** By `country`. */
  | 'COUNTRY'
  /** By `description`. */
  | 'DESCRIPTION'
  /** By `firstName`. */
  | 'FIRST_NAME'
  /** By `lastName`. */
  | 'LAST_NAME'
  /** By `paypalEmail`. */
  | 'PAYPAL_EMAIL'
  /** By `phoneNumber`. */
  | 'PHONE_NUMBER'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `vatId`. */
  | 'VAT_ID'
  /** By `website`. */
  | 'WEBSITE';

/** One term of a sort order of groups of Profile rows. */
export type ProfileGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: ProfileGroupOrderField;
};

/** What groups of Profile rows can be sorted by: keys, which `by` must name too, and figures. */
export type ProfileGroupOrderField =
  /** By `address`. */
  | 'ADDRESS'
  /** By `avatarUrl`. */
  | 'AVATAR_URL'
  /** By `companyName`. */
  | 'COMPANY_NAME'
  /** By `companyNumber`. */
  | 'COMPANY_NUMBER'
  /** By the number of rows. */
  | 'COUNT'
  /** By `country`. */
  | 'COUNTRY'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `description`. */
  | 'DESCRIPTION'
  /** By `firstName`. */
  | 'FIRST_NAME'
  /** By `lastName`. */
  | 'LAST_NAME'
  /** By `paypalEmail`. */
  | 'PAYPAL_EMAIL'
  /** By `phoneNumber`. */
  | 'PHONE_NUMBER'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN'
  /** By `vatId`. */
  | 'VAT_ID'
  /** By `website`. */
  | 'WEBSITE';

/** Conditions on groups of Profile rows. All given conditions must hold. */
export type ProfileHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
};

/** Groups Profile rows by calendar intervals of a time. */
export type ProfileInterval = {
  /** The time. */
  field: ProfileTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** One term of a sort order of Profile rows. */
export type ProfileOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: ProfileOrderField;
};

/** What Profile rows can be sorted by. */
export type ProfileOrderField =
  /** By `companyName`. */
  | 'COMPANY_NAME'
  /** By `firstName`. */
  | 'FIRST_NAME'
  /** By `id`. */
  | 'ID'
  /** By `lastName`. */
  | 'LAST_NAME';

/** The times by whose intervals Profile rows can be grouped. */
export type ProfileTimeField =
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** A filter of Promoter rows. All given conditions must hold. */
export type PromoterFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<PromoterFilter>>;
  /** Compares `archivedAt`. */
  archivedAt?: InputMaybe<DateTimeFilter>;
  /** Some, none or all of `balances` match a filter. */
  balances?: InputMaybe<BalanceListFilter>;
  /** Some, none or all of `children` match a filter. */
  children?: InputMaybe<PromoterListFilter>;
  /** Some, none or all of `commissions` match a filter. */
  commissions?: InputMaybe<CommissionListFilter>;
  /** Some, none or all of `contractDocuments` match a filter. */
  contractDocuments?: InputMaybe<ContractDocumentListFilter>;
  /** Compares `custId`. */
  custId?: InputMaybe<StringFilter>;
  /** `defaultPromotion` is not null and matches this filter. */
  defaultPromotion?: InputMaybe<PromotionFilter>;
  /** Compares `defaultPromotionId`. */
  defaultPromotionId?: InputMaybe<IdFilter>;
  /** Compares `defaultRefId`. */
  defaultRefId?: InputMaybe<StringFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `email`. */
  email?: InputMaybe<SearchFilter>;
  /** Some, none or all of `events` match a filter. */
  events?: InputMaybe<WebhookEventListFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `joinedAt`. */
  joinedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `lastLoginAt`. */
  lastLoginAt?: InputMaybe<DateTimeFilter>;
  /** Some, none or all of `leads` match a filter. */
  leads?: InputMaybe<LeadListFilter>;
  /** Compares `name`. */
  name?: InputMaybe<StringFilter>;
  /** This filter does not match. */
  not?: InputMaybe<PromoterFilter>;
  /** Compares `note`. */
  note?: InputMaybe<StringFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<PromoterFilter>>;
  /** `parent` is not null and matches this filter. */
  parent?: InputMaybe<PromoterFilter>;
  /** Compares `parentId`. */
  parentId?: InputMaybe<IdFilter>;
  /** Some, none or all of `payoutMethods` match a filter. */
  payoutMethods?: InputMaybe<PayoutMethodListFilter>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** Compares `pref`. */
  pref?: InputMaybe<StringFilter>;
  /** `profile` is not null and matches this filter. */
  profile?: InputMaybe<ProfileFilter>;
  /** Some, none or all of `promotions` match a filter. */
  promotions?: InputMaybe<PromotionListFilter>;
  /** Compares `status`. */
  status?: InputMaybe<PromoterStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `w8FormUrl`. */
  w8FormUrl?: InputMaybe<StringFilter>;
  /** Compares `w9FormUrl`. */
  w9FormUrl?: InputMaybe<StringFilter>;
};

/** The fields by which Promoter rows can be grouped. */
export type PromoterGroupField =
  /** By `custId`. */
  | 'CUST_ID'
  /** By `defaultPromotionId`. */
  | 'DEFAULT_PROMOTION_ID'
  /** By `defaultRefId`. */
  | 'DEFAULT_REF_ID'
  /** By `email`. */
  | 'EMAIL'
  /** By `name`. */
  | 'NAME'
  /** By `note`. */
  | 'NOTE'
  /** By `parentId`. */
  | 'PARENT_ID'
  /** By `pref`. */
  | 'PREF'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `w8FormUrl`. */
  | 'W8_FORM_URL'
  /** By `w9FormUrl`. */
  | 'W9_FORM_URL';

/** One term of a sort order of groups of Promoter rows. */
export type PromoterGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: PromoterGroupOrderField;
};

/** What groups of Promoter rows can be sorted by: keys, which `by` must name too, and figures. */
export type PromoterGroupOrderField =
  /** By `archivedAt { max }`. */
  | 'ARCHIVED_AT_MAX'
  /** By `archivedAt { min }`. */
  | 'ARCHIVED_AT_MIN'
  /** By the number of rows. */
  | 'COUNT'
  /** By `custId`. */
  | 'CUST_ID'
  /** By `defaultPromotionId`. */
  | 'DEFAULT_PROMOTION_ID'
  /** By `defaultPromotionId { countDistinct }`. */
  | 'DEFAULT_PROMOTION_ID_COUNT_DISTINCT'
  /** By `defaultRefId`. */
  | 'DEFAULT_REF_ID'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `email`. */
  | 'EMAIL'
  /** By `joinedAt { max }`. */
  | 'JOINED_AT_MAX'
  /** By `joinedAt { min }`. */
  | 'JOINED_AT_MIN'
  /** By `lastLoginAt { max }`. */
  | 'LAST_LOGIN_AT_MAX'
  /** By `lastLoginAt { min }`. */
  | 'LAST_LOGIN_AT_MIN'
  /** By `name`. */
  | 'NAME'
  /** By `note`. */
  | 'NOTE'
  /** By `parentId`. */
  | 'PARENT_ID'
  /** By `parentId { countDistinct }`. */
  | 'PARENT_ID_COUNT_DISTINCT'
  /** By `pref`. */
  | 'PREF'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN'
  /** By `w8FormUrl`. */
  | 'W8_FORM_URL'
  /** By `w9FormUrl`. */
  | 'W9_FORM_URL';

/** Conditions on groups of Promoter rows. All given conditions must hold. */
export type PromoterHaving = {
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `defaultPromotionId`. */
  defaultPromotionId?: InputMaybe<IdHaving>;
  /** Compares figures of `parentId`. */
  parentId?: InputMaybe<IdHaving>;
};

/** Groups Promoter rows by calendar intervals of a time. */
export type PromoterInterval = {
  /** The time. */
  field: PromoterTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Promoter rows that belong to another row. */
export type PromoterListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<PromoterFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<PromoterFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<PromoterFilter>;
};

/** One term of a sort order of Promoter rows. */
export type PromoterOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: PromoterOrderField;
};

/** What Promoter rows can be sorted by. */
export type PromoterOrderField =
  /** By the number of rows that `balances { totalCount }` counts. */
  | 'BALANCES_COUNT'
  /** By the number of rows that `children { totalCount }` counts. */
  | 'CHILDREN_COUNT'
  /** By the number of rows that `commissions { totalCount }` counts. */
  | 'COMMISSIONS_COUNT'
  /** By the number of rows that `contractDocuments { totalCount }` counts. */
  | 'CONTRACT_DOCUMENTS_COUNT'
  /** By `email`. */
  | 'EMAIL'
  /** By `id`. */
  | 'ID'
  /** By `joinedAt`. */
  | 'JOINED_AT'
  /** By the number of rows that `leads { totalCount }` counts. */
  | 'LEADS_COUNT'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT'
  /** By the number of rows that `payoutMethods { totalCount }` counts. */
  | 'PAYOUT_METHODS_COUNT'
  /** By the number of rows that `promotions { totalCount }` counts. */
  | 'PROMOTIONS_COUNT';

/** Whether a promoter takes part in the programme. */
export type PromoterStatus =
  /** Accepted: referrals are tracked. */
  | 'ACTIVE'
  /** Blocked: nothing is tracked. */
  | 'BLOCKED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Signed up, waits for acceptance. */
  | 'PENDING';

/** Compares a PromoterStatus. All given comparators must hold. */
export type PromoterStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<PromoterStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PromoterStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PromoterStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PromoterStatus>>;
};

/** The times by whose intervals Promoter rows can be grouped. */
export type PromoterTimeField =
  /** By `archivedAt`. */
  | 'ARCHIVED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `joinedAt`. */
  | 'JOINED_AT'
  /** By `lastLoginAt`. */
  | 'LAST_LOGIN_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** A filter of Promotion rows. All given conditions must hold. */
export type PromotionFilter = {
  /** Compares `activeCustomersCount`. */
  activeCustomersCount?: InputMaybe<BigIntFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<PromotionFilter>>;
  /** `campaign` is not null and matches this filter. */
  campaign?: InputMaybe<CampaignFilter>;
  /** Compares `campaignId`. */
  campaignId?: InputMaybe<IdFilter>;
  /** Compares `cancellationsCount`. */
  cancellationsCount?: InputMaybe<BigIntFilter>;
  /** Some, none or all of `commissions` match a filter. */
  commissions?: InputMaybe<CommissionListFilter>;
  /** Compares `createdAt`. */
  createdAt?: InputMaybe<DateTimeFilter>;
  /** `currentOffer` is not null and matches this filter. */
  currentOffer?: InputMaybe<OfferFilter>;
  /** Compares `currentOfferId`. */
  currentOfferId?: InputMaybe<IdFilter>;
  /** `currentPromotionReward` is not null and matches this filter. */
  currentPromotionReward?: InputMaybe<RewardFilter>;
  /** Compares `currentPromotionRewardId`. */
  currentPromotionRewardId?: InputMaybe<IdFilter>;
  /** `currentReferralReward` is not null and matches this filter. */
  currentReferralReward?: InputMaybe<RewardFilter>;
  /** Compares `currentReferralRewardId`. */
  currentReferralRewardId?: InputMaybe<IdFilter>;
  /** `currentTargetReward` is not null and matches this filter. */
  currentTargetReward?: InputMaybe<RewardFilter>;
  /** Compares `currentTargetRewardId`. */
  currentTargetRewardId?: InputMaybe<IdFilter>;
  /** Compares `customerPromoCode`. */
  customerPromoCode?: InputMaybe<StringFilter>;
  /** Compares `customersCount`. */
  customersCount?: InputMaybe<BigIntFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `directUrl`. */
  directUrl?: InputMaybe<StringFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `hidden`. */
  hidden?: InputMaybe<BooleanFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Some, none or all of `leads` match a filter. */
  leads?: InputMaybe<LeadListFilter>;
  /** Compares `leadsCount`. */
  leadsCount?: InputMaybe<BigIntFilter>;
  /** This filter does not match. */
  not?: InputMaybe<PromotionFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<PromotionFilter>>;
  /** Compares `promoCode`. */
  promoCode?: InputMaybe<StringFilter>;
  /** `promoter` is not null and matches this filter. */
  promoter?: InputMaybe<PromoterFilter>;
  /** Compares `promoterId`. */
  promoterId?: InputMaybe<IdFilter>;
  /** Compares `refId`. */
  refId?: InputMaybe<SearchFilter>;
  /** Compares `referralLink`. */
  referralLink?: InputMaybe<StringFilter>;
  /** Compares `refundsCount`. */
  refundsCount?: InputMaybe<BigIntFilter>;
  /** Compares `refundsTotal`. */
  refundsTotal?: InputMaybe<BigIntFilter>;
  /** Compares `salesCount`. */
  salesCount?: InputMaybe<BigIntFilter>;
  /** Compares `salesTotal`. */
  salesTotal?: InputMaybe<BigIntFilter>;
  /** Some, none or all of `splitLeads` match a filter. */
  splitLeads?: InputMaybe<LeadListFilter>;
  /** Compares `state`. */
  state?: InputMaybe<PromotionStateFilter>;
  /** Compares `stateRaw`. */
  stateRaw?: InputMaybe<StringFilter>;
  /** Compares `status`. */
  status?: InputMaybe<PromotionStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `targetReachedAt`. */
  targetReachedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `visitorsCount`. */
  visitorsCount?: InputMaybe<BigIntFilter>;
};

/** The fields by which Promotion rows can be grouped. */
export type PromotionGroupField =
  /** By `campaignId`. */
  | 'CAMPAIGN_ID'
  /** By `currentOfferId`. */
  | 'CURRENT_OFFER_ID'
  /** By `currentPromotionRewardId`. */
  | 'CURRENT_PROMOTION_REWARD_ID'
  /** By `currentReferralRewardId`. */
  | 'CURRENT_REFERRAL_REWARD_ID'
  /** By `currentTargetRewardId`. */
  | 'CURRENT_TARGET_REWARD_ID'
  /** By `customerPromoCode`. */
  | 'CUSTOMER_PROMO_CODE'
  /** By `directUrl`. */
  | 'DIRECT_URL'
  /** By `hidden`. */
  | 'HIDDEN'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoCode`. */
  | 'PROMO_CODE'
  /** By `referralLink`. */
  | 'REFERRAL_LINK'
  /** By `refId`. */
  | 'REF_ID'
  /** By `state`. */
  | 'STATE'
  /** By `stateRaw`. */
  | 'STATE_RAW'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW';

/** One term of a sort order of groups of Promotion rows. */
export type PromotionGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: PromotionGroupOrderField;
};

/** What groups of Promotion rows can be sorted by: keys, which `by` must name too, and figures. */
export type PromotionGroupOrderField =
  /** By `activeCustomersCount { avg }`. */
  | 'ACTIVE_CUSTOMERS_COUNT_AVG'
  /** By `activeCustomersCount { max }`. */
  | 'ACTIVE_CUSTOMERS_COUNT_MAX'
  /** By `activeCustomersCount { min }`. */
  | 'ACTIVE_CUSTOMERS_COUNT_MIN'
  /** By `activeCustomersCount { sum }`. */
  | 'ACTIVE_CUSTOMERS_COUNT_SUM'
  /** By `campaignId`. */
  | 'CAMPAIGN_ID'
  /** By `campaignId { countDistinct }`. */
  | 'CAMPAIGN_ID_COUNT_DISTINCT'
  /** By `cancellationsCount { avg }`. */
  | 'CANCELLATIONS_COUNT_AVG'
  /** By `cancellationsCount { max }`. */
  | 'CANCELLATIONS_COUNT_MAX'
  /** By `cancellationsCount { min }`. */
  | 'CANCELLATIONS_COUNT_MIN'
  /** By `cancellationsCount { sum }`. */
  | 'CANCELLATIONS_COUNT_SUM'
  /** By the number of rows. */
  | 'COUNT'
  /** By `createdAt { max }`. */
  | 'CREATED_AT_MAX'
  /** By `createdAt { min }`. */
  | 'CREATED_AT_MIN'
  /** By `currentOfferId`. */
  | 'CURRENT_OFFER_ID'
  /** By `currentOfferId { countDistinct }`. */
  | 'CURRENT_OFFER_ID_COUNT_DISTINCT'
  /** By `currentPromotionRewardId`. */
  | 'CURRENT_PROMOTION_REWARD_ID'
  /** By `currentPromotionRewardId { countDistinct }`. */
  | 'CURRENT_PROMOTION_REWARD_ID_COUNT_DISTINCT'
  /** By `currentReferralRewardId`. */
  | 'CURRENT_REFERRAL_REWARD_ID'
  /** By `currentReferralRewardId { countDistinct }`. */
  | 'CURRENT_REFERRAL_REWARD_ID_COUNT_DISTINCT'
  /** By `currentTargetRewardId`. */
  | 'CURRENT_TARGET_REWARD_ID'
  /** By `currentTargetRewardId { countDistinct }`. */
  | 'CURRENT_TARGET_REWARD_ID_COUNT_DISTINCT'
  /** By `customersCount { avg }`. */
  | 'CUSTOMERS_COUNT_AVG'
  /** By `customersCount { max }`. */
  | 'CUSTOMERS_COUNT_MAX'
  /** By `customersCount { min }`. */
  | 'CUSTOMERS_COUNT_MIN'
  /** By `customersCount { sum }`. */
  | 'CUSTOMERS_COUNT_SUM'
  /** By `customerPromoCode`. */
  | 'CUSTOMER_PROMO_CODE'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `directUrl`. */
  | 'DIRECT_URL'
  /** By `hidden`. */
  | 'HIDDEN'
  /** By `leadsCount { avg }`. */
  | 'LEADS_COUNT_AVG'
  /** By `leadsCount { max }`. */
  | 'LEADS_COUNT_MAX'
  /** By `leadsCount { min }`. */
  | 'LEADS_COUNT_MIN'
  /** By `leadsCount { sum }`. */
  | 'LEADS_COUNT_SUM'
  /** By `promoterId`. */
  | 'PROMOTER_ID'
  /** By `promoterId { countDistinct }`. */
  | 'PROMOTER_ID_COUNT_DISTINCT'
  /** By `promoCode`. */
  | 'PROMO_CODE'
  /** By `referralLink`. */
  | 'REFERRAL_LINK'
  /** By `refundsCount { avg }`. */
  | 'REFUNDS_COUNT_AVG'
  /** By `refundsCount { max }`. */
  | 'REFUNDS_COUNT_MAX'
  /** By `refundsCount { min }`. */
  | 'REFUNDS_COUNT_MIN'
  /** By `refundsCount { sum }`. */
  | 'REFUNDS_COUNT_SUM'
  /** By `refundsTotal { avg }`. */
  | 'REFUNDS_TOTAL_AVG'
  /** By `refundsTotal { max }`. */
  | 'REFUNDS_TOTAL_MAX'
  /** By `refundsTotal { min }`. */
  | 'REFUNDS_TOTAL_MIN'
  /** By `refundsTotal { sum }`. */
  | 'REFUNDS_TOTAL_SUM'
  /** By `refId`. */
  | 'REF_ID'
  /** By `salesCount { avg }`. */
  | 'SALES_COUNT_AVG'
  /** By `salesCount { max }`. */
  | 'SALES_COUNT_MAX'
  /** By `salesCount { min }`. */
  | 'SALES_COUNT_MIN'
  /** By `salesCount { sum }`. */
  | 'SALES_COUNT_SUM'
  /** By `salesTotal { avg }`. */
  | 'SALES_TOTAL_AVG'
  /** By `salesTotal { max }`. */
  | 'SALES_TOTAL_MAX'
  /** By `salesTotal { min }`. */
  | 'SALES_TOTAL_MIN'
  /** By `salesTotal { sum }`. */
  | 'SALES_TOTAL_SUM'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `state`. */
  | 'STATE'
  /** By `stateRaw`. */
  | 'STATE_RAW'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW'
  /** By `targetReachedAt { max }`. */
  | 'TARGET_REACHED_AT_MAX'
  /** By `targetReachedAt { min }`. */
  | 'TARGET_REACHED_AT_MIN'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN'
  /** By `visitorsCount { avg }`. */
  | 'VISITORS_COUNT_AVG'
  /** By `visitorsCount { max }`. */
  | 'VISITORS_COUNT_MAX'
  /** By `visitorsCount { min }`. */
  | 'VISITORS_COUNT_MIN'
  /** By `visitorsCount { sum }`. */
  | 'VISITORS_COUNT_SUM';

/** Conditions on groups of Promotion rows. All given conditions must hold. */
export type PromotionHaving = {
  /** Compares figures of `activeCustomersCount`. */
  activeCustomersCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `campaignId`. */
  campaignId?: InputMaybe<IdHaving>;
  /** Compares figures of `cancellationsCount`. */
  cancellationsCount?: InputMaybe<BigIntHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `currentOfferId`. */
  currentOfferId?: InputMaybe<IdHaving>;
  /** Compares figures of `currentPromotionRewardId`. */
  currentPromotionRewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `currentReferralRewardId`. */
  currentReferralRewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `currentTargetRewardId`. */
  currentTargetRewardId?: InputMaybe<IdHaving>;
  /** Compares figures of `customersCount`. */
  customersCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `leadsCount`. */
  leadsCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `promoterId`. */
  promoterId?: InputMaybe<IdHaving>;
  /** Compares figures of `refundsCount`. */
  refundsCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `refundsTotal`. */
  refundsTotal?: InputMaybe<BigIntHaving>;
  /** Compares figures of `salesCount`. */
  salesCount?: InputMaybe<BigIntHaving>;
  /** Compares figures of `salesTotal`. */
  salesTotal?: InputMaybe<BigIntHaving>;
  /** Compares figures of `visitorsCount`. */
  visitorsCount?: InputMaybe<BigIntHaving>;
};

/** Groups Promotion rows by calendar intervals of a time. */
export type PromotionInterval = {
  /** The time. */
  field: PromotionTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the Promotion rows that belong to another row. */
export type PromotionListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<PromotionFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<PromotionFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<PromotionFilter>;
};

/** One term of a sort order of Promotion rows. */
export type PromotionOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: PromotionOrderField;
};

/** What Promotion rows can be sorted by. */
export type PromotionOrderField =
  /** By `activeCustomersCount`. */
  | 'ACTIVE_CUSTOMERS_COUNT'
  /** By the number of rows that `commissions { totalCount }` counts. */
  | 'COMMISSIONS_COUNT'
  /** By `customersCount`. */
  | 'CUSTOMERS_COUNT'
  /** By `id`. */
  | 'ID'
  /** By `leadsCount`. */
  | 'LEADS_COUNT'
  /** By the number of rows that `leads { totalCount }` counts. */
  | 'LEADS_TOTAL_COUNT'
  /** By `refId`. */
  | 'REF_ID'
  /** By `salesCount`. */
  | 'SALES_COUNT'
  /** By `salesTotal`. */
  | 'SALES_TOTAL'
  /** By the number of rows that `splitLeads { totalCount }` counts. */
  | 'SPLIT_LEADS_COUNT'
  /** By `visitorsCount`. */
  | 'VISITORS_COUNT';

/** State of a promoter's enrolment in a campaign. */
export type PromotionState =
  /** Takes part in the campaign. */
  | 'ACCEPTED'
  /** Blocked: nothing is tracked. */
  | 'BLOCKED'
  /** Suspended: no new referrals; existing customers keep earning. */
  | 'INACTIVE'
  /** FirstPromoter has set no state. */
  | 'NOT_SET'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Applied, waits for acceptance. */
  | 'PENDING'
  /** Not accepted. */
  | 'REJECTED';

/** Compares a PromotionState. All given comparators must hold. */
export type PromotionStateFilter = {
  /** Equal to. */
  eq?: InputMaybe<PromotionState>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PromotionState>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PromotionState>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PromotionState>>;
};

/** Whether the offer of a promotion is running. */
export type PromotionStatus =
  /** The offer is not running. */
  | 'OFFER_INACTIVE'
  /** Referred people get the offer. */
  | 'OFFER_RUNNING'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER';

/** Compares a PromotionStatus. All given comparators must hold. */
export type PromotionStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<PromotionStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<PromotionStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<PromotionStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<PromotionStatus>>;
};

/** The times by whose intervals Promotion rows can be grouped. */
export type PromotionTimeField =
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `targetReachedAt`. */
  | 'TARGET_REACHED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** The events to replay. All given conditions must hold. */
export type ReplayEventsInput = {
  /** Events with one of these `id`s, at most 1,000. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Events that were received at or after this time. */
  receivedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Events that were received before this time. */
  receivedUntil?: InputMaybe<Scalars['DateTime']['input']>;
  /** Events with one of these statuses. */
  statuses?: InputMaybe<Array<ReplayableStatus>>;
  /** Events of one of these types, as FirstPromoter writes them. */
  types?: InputMaybe<Array<Scalars['String']['input']>>;
  /** If true, only events with warnings. */
  withWarnings?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A status from which an event can be replayed. */
export type ReplayableStatus =
  /** Applied before. */
  | 'APPLIED'
  /** Could not be applied. */
  | 'FAILED'
  /** There was nothing to apply. */
  | 'IGNORED';

/** A filter of Reward rows. All given conditions must hold. */
export type RewardFilter = {
  /** Compares `amount`. */
  amount?: InputMaybe<DecimalFilter>;
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<RewardFilter>>;
  /** Some, none or all of `campaignsAsPromotionReward` match a filter. */
  campaignsAsPromotionReward?: InputMaybe<CampaignListFilter>;
  /** Some, none or all of `campaignsAsReferralReward` match a filter. */
  campaignsAsReferralReward?: InputMaybe<CampaignListFilter>;
  /** Some, none or all of `campaignsAsTargetReward` match a filter. */
  campaignsAsTargetReward?: InputMaybe<CampaignListFilter>;
  /** Some, none or all of `commissions` match a filter. */
  commissions?: InputMaybe<CommissionListFilter>;
  /** Compares `defaultPromoCode`. */
  defaultPromoCode?: InputMaybe<StringFilter>;
  /** Compares `deletedAt`. */
  deletedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `firstPromoterId`. */
  firstPromoterId?: InputMaybe<BigIntFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `name`. */
  name?: InputMaybe<SearchFilter>;
  /** This filter does not match. */
  not?: InputMaybe<RewardFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<RewardFilter>>;
  /** Some, none or all of `payouts` match a filter. */
  payouts?: InputMaybe<PayoutListFilter>;
  /** Compares `perOfSale`. */
  perOfSale?: InputMaybe<DecimalFilter>;
  /** Some, none or all of `promotionsAsPromotionReward` match a filter. */
  promotionsAsPromotionReward?: InputMaybe<PromotionListFilter>;
  /** Some, none or all of `promotionsAsReferralReward` match a filter. */
  promotionsAsReferralReward?: InputMaybe<PromotionListFilter>;
  /** Some, none or all of `promotionsAsTargetReward` match a filter. */
  promotionsAsTargetReward?: InputMaybe<PromotionListFilter>;
  /** Compares `rewardType`. */
  rewardType?: InputMaybe<StringFilter>;
  /** Compares `unit`. */
  unit?: InputMaybe<UnitFilter>;
  /** Compares `unitRaw`. */
  unitRaw?: InputMaybe<StringFilter>;
  /** Compares `updatedAt`. */
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** The fields by which Reward rows can be grouped. */
export type RewardGroupField =
  /** By `defaultPromoCode`. */
  | 'DEFAULT_PROMO_CODE'
  /** By `name`. */
  | 'NAME'
  /** By `rewardType`. */
  | 'REWARD_TYPE'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW';

/** One term of a sort order of groups of Reward rows. */
export type RewardGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: RewardGroupOrderField;
};

/** What groups of Reward rows can be sorted by: keys, which `by` must name too, and figures. */
export type RewardGroupOrderField =
  /** By `amount { avg }`. */
  | 'AMOUNT_AVG'
  /** By `amount { max }`. */
  | 'AMOUNT_MAX'
  /** By `amount { min }`. */
  | 'AMOUNT_MIN'
  /** By `amount { sum }`. */
  | 'AMOUNT_SUM'
  /** By the number of rows. */
  | 'COUNT'
  /** By `defaultPromoCode`. */
  | 'DEFAULT_PROMO_CODE'
  /** By `deletedAt { max }`. */
  | 'DELETED_AT_MAX'
  /** By `deletedAt { min }`. */
  | 'DELETED_AT_MIN'
  /** By `name`. */
  | 'NAME'
  /** By `perOfSale { avg }`. */
  | 'PER_OF_SALE_AVG'
  /** By `perOfSale { max }`. */
  | 'PER_OF_SALE_MAX'
  /** By `perOfSale { min }`. */
  | 'PER_OF_SALE_MIN'
  /** By `perOfSale { sum }`. */
  | 'PER_OF_SALE_SUM'
  /** By `rewardType`. */
  | 'REWARD_TYPE'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `unit`. */
  | 'UNIT'
  /** By `unitRaw`. */
  | 'UNIT_RAW'
  /** By `updatedAt { max }`. */
  | 'UPDATED_AT_MAX'
  /** By `updatedAt { min }`. */
  | 'UPDATED_AT_MIN';

/** Conditions on groups of Reward rows. All given conditions must hold. */
export type RewardHaving = {
  /** Compares figures of `amount`. */
  amount?: InputMaybe<DecimalHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `perOfSale`. */
  perOfSale?: InputMaybe<DecimalHaving>;
};

/** Groups Reward rows by calendar intervals of a time. */
export type RewardInterval = {
  /** The time. */
  field: RewardTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** One term of a sort order of Reward rows. */
export type RewardOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: RewardOrderField;
};

/** What Reward rows can be sorted by. */
export type RewardOrderField =
  /** By the number of rows that `campaignsAsPromotionReward { totalCount }` counts. */
  | 'CAMPAIGNS_AS_PROMOTION_REWARD_COUNT'
  /** By the number of rows that `campaignsAsReferralReward { totalCount }` counts. */
  | 'CAMPAIGNS_AS_REFERRAL_REWARD_COUNT'
  /** By the number of rows that `campaignsAsTargetReward { totalCount }` counts. */
  | 'CAMPAIGNS_AS_TARGET_REWARD_COUNT'
  /** By the number of rows that `commissions { totalCount }` counts. */
  | 'COMMISSIONS_COUNT'
  /** By `id`. */
  | 'ID'
  /** By `name`. */
  | 'NAME'
  /** By the number of rows that `payouts { totalCount }` counts. */
  | 'PAYOUTS_COUNT'
  /** By the number of rows that `promotionsAsPromotionReward { totalCount }` counts. */
  | 'PROMOTIONS_AS_PROMOTION_REWARD_COUNT'
  /** By the number of rows that `promotionsAsReferralReward { totalCount }` counts. */
  | 'PROMOTIONS_AS_REFERRAL_REWARD_COUNT'
  /** By the number of rows that `promotionsAsTargetReward { totalCount }` counts. */
  | 'PROMOTIONS_AS_TARGET_REWARD_COUNT';

/** The times by whose intervals Reward rows can be grouped. */
export type RewardTimeField =
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `updatedAt`. */
  | 'UPDATED_AT';

/** The role of a token. */
export type Role =
  /** Reads and does everything. */
  | 'ADMIN'
  /** Reads every row of the programme; contact data only if the token allows it. */
  | 'ANALYST'
  /** Reads the promoter's own rows. */
  | 'PROMOTER';

/** Compares or searches a text. All given comparators must hold. */
export type SearchFilter = {
  /** Contains this text. Ignores case and Unicode composition. A letter with an accent is another letter: `Jose` is not in `José`. */
  contains?: InputMaybe<Scalars['String']['input']>;
  /** Equal to. */
  eq?: InputMaybe<Scalars['String']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['String']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['String']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['String']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['String']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['String']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Starts with this text, compared as by `contains`. */
  startsWith?: InputMaybe<Scalars['String']['input']>;
};

/** Compares a String. All given comparators must hold. */
export type StringFilter = {
  /** Equal to. */
  eq?: InputMaybe<Scalars['String']['input']>;
  /** Greater than. */
  gt?: InputMaybe<Scalars['String']['input']>;
  /** Greater than or equal to. */
  gte?: InputMaybe<Scalars['String']['input']>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Less than. */
  lt?: InputMaybe<Scalars['String']['input']>;
  /** Less than or equal to. */
  lte?: InputMaybe<Scalars['String']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Scalars['String']['input']>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** Compares a list of texts. */
export type StringListFilter = {
  /** Whether the list is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Result of FirstPromoter's fraud check. */
export type Suspicion =
  /** The click came from an advertisement. */
  | 'AD_SOURCE'
  /** No suspicion. */
  | 'NO_SUSPICION'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Lead and promoter share an IP address. */
  | 'SAME_IP_SUSPICION'
  /** Lead and promoter share an e-mail address. */
  | 'SAME_PROMOTER_EMAIL'
  /** The promoter referred itself. */
  | 'SELF_REFERRAL';

/** Compares a Suspicion. All given comparators must hold. */
export type SuspicionFilter = {
  /** Equal to. */
  eq?: InputMaybe<Suspicion>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Suspicion>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Suspicion>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Suspicion>>;
};

/** Unit of an amount. */
export type Unit =
  /** Money, in minor units of the account's currency (cents). */
  | 'CASH'
  /** Number of credits. */
  | 'CREDITS'
  /** A discount in percent. */
  | 'DISCOUNT_PER'
  /** Number of free months. */
  | 'FREE_MONTHS'
  /** A discount in money, in minor units. */
  | 'MON_DISCOUNT'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Number of points. */
  | 'POINTS';

/** Compares a Unit. All given comparators must hold. */
export type UnitFilter = {
  /** Equal to. */
  eq?: InputMaybe<Unit>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<Unit>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<Unit>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<Unit>>;
};

/** A filter of WebhookEvent rows. All given conditions must hold. */
export type WebhookEventFilter = {
  /** All of these filters match. True if empty. */
  and?: InputMaybe<Array<WebhookEventFilter>>;
  /** Compares `appliedAt`. */
  appliedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `attempts`. */
  attempts?: InputMaybe<IntFilter>;
  /** Compares `bodyHash`. */
  bodyHash?: InputMaybe<StringFilter>;
  /** Compares `deliveries`. */
  deliveries?: InputMaybe<IntFilter>;
  /** Compares `error`. */
  error?: InputMaybe<StringFilter>;
  /** Compares `eventId`. */
  eventId?: InputMaybe<StringFilter>;
  /** Compares `eventType`. */
  eventType?: InputMaybe<StringFilter>;
  /** Compares `heldSince`. */
  heldSince?: InputMaybe<DateTimeFilter>;
  /** Compares `id`. */
  id?: InputMaybe<IdFilter>;
  /** Compares `lastDeliveredAt`. */
  lastDeliveredAt?: InputMaybe<DateTimeFilter>;
  /** Compares `nextAttemptAt`. */
  nextAttemptAt?: InputMaybe<DateTimeFilter>;
  /** This filter does not match. */
  not?: InputMaybe<WebhookEventFilter>;
  /** Compares `occurredAt`. */
  occurredAt?: InputMaybe<DateTimeFilter>;
  /** At least one of these filters matches. False if empty. */
  or?: InputMaybe<Array<WebhookEventFilter>>;
  /** Compares `protocol`. */
  protocol?: InputMaybe<StringFilter>;
  /** Compares `receivedAt`. */
  receivedAt?: InputMaybe<DateTimeFilter>;
  /** Compares `status`. */
  status?: InputMaybe<WebhookEventStatusFilter>;
  /** Compares `statusRaw`. */
  statusRaw?: InputMaybe<StringFilter>;
  /** Compares `warnings`. */
  warnings?: InputMaybe<StringListFilter>;
};

/** The fields by which WebhookEvent rows can be grouped. */
export type WebhookEventGroupField =
  /** By `bodyHash`. */
  | 'BODY_HASH'
  /** By `error`. */
  | 'ERROR'
  /** By `eventId`. */
  | 'EVENT_ID'
  /** By `eventType`. */
  | 'EVENT_TYPE'
  /** By `protocol`. */
  | 'PROTOCOL'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW';

/** One term of a sort order of groups of WebhookEvent rows. */
export type WebhookEventGroupOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to sort by. */
  field: WebhookEventGroupOrderField;
};

/** What groups of WebhookEvent rows can be sorted by: keys, which `by` must name too, and figures. */
export type WebhookEventGroupOrderField =
  /** By `appliedAt { max }`. */
  | 'APPLIED_AT_MAX'
  /** By `appliedAt { min }`. */
  | 'APPLIED_AT_MIN'
  /** By `attempts { avg }`. */
  | 'ATTEMPTS_AVG'
  /** By `attempts { max }`. */
  | 'ATTEMPTS_MAX'
  /** By `attempts { min }`. */
  | 'ATTEMPTS_MIN'
  /** By `attempts { sum }`. */
  | 'ATTEMPTS_SUM'
  /** By `bodyHash`. */
  | 'BODY_HASH'
  /** By the number of rows. */
  | 'COUNT'
  /** By `deliveries { avg }`. */
  | 'DELIVERIES_AVG'
  /** By `deliveries { max }`. */
  | 'DELIVERIES_MAX'
  /** By `deliveries { min }`. */
  | 'DELIVERIES_MIN'
  /** By `deliveries { sum }`. */
  | 'DELIVERIES_SUM'
  /** By `error`. */
  | 'ERROR'
  /** By `eventId`. */
  | 'EVENT_ID'
  /** By `eventType`. */
  | 'EVENT_TYPE'
  /** By `heldSince { max }`. */
  | 'HELD_SINCE_MAX'
  /** By `heldSince { min }`. */
  | 'HELD_SINCE_MIN'
  /** By `lastDeliveredAt { max }`. */
  | 'LAST_DELIVERED_AT_MAX'
  /** By `lastDeliveredAt { min }`. */
  | 'LAST_DELIVERED_AT_MIN'
  /** By `nextAttemptAt { max }`. */
  | 'NEXT_ATTEMPT_AT_MAX'
  /** By `nextAttemptAt { min }`. */
  | 'NEXT_ATTEMPT_AT_MIN'
  /** By `occurredAt { max }`. */
  | 'OCCURRED_AT_MAX'
  /** By `occurredAt { min }`. */
  | 'OCCURRED_AT_MIN'
  /** By `protocol`. */
  | 'PROTOCOL'
  /** By `receivedAt { max }`. */
  | 'RECEIVED_AT_MAX'
  /** By `receivedAt { min }`. */
  | 'RECEIVED_AT_MIN'
  /** By the start of the interval, which needs `interval`. */
  | 'START'
  /** By `status`. */
  | 'STATUS'
  /** By `statusRaw`. */
  | 'STATUS_RAW';

/** Conditions on groups of WebhookEvent rows. All given conditions must hold. */
export type WebhookEventHaving = {
  /** Compares figures of `attempts`. */
  attempts?: InputMaybe<BigIntHaving>;
  /** Compares the number of rows. */
  count?: InputMaybe<BigIntFilter>;
  /** Compares figures of `deliveries`. */
  deliveries?: InputMaybe<BigIntHaving>;
};

/** Groups WebhookEvent rows by calendar intervals of a time. */
export type WebhookEventInterval = {
  /** The time. */
  field: WebhookEventTimeField;
  /** The time zone of its calendar. */
  timezone: Scalars['TimeZone']['input'];
  /** The interval. */
  unit: Interval;
};

/** A condition on the WebhookEvent rows that belong to another row. */
export type WebhookEventListFilter = {
  /** Every row matches this filter. True if there are none. */
  every?: InputMaybe<WebhookEventFilter>;
  /** No row matches this filter. */
  none?: InputMaybe<WebhookEventFilter>;
  /** At least one row matches this filter. */
  some?: InputMaybe<WebhookEventFilter>;
};

/** One term of a sort order of WebhookEvent rows. */
export type WebhookEventOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field: WebhookEventOrderField;
};

/** What WebhookEvent rows can be sorted by. */
export type WebhookEventOrderField =
  /** By `id`. */
  | 'ID'
  /** By `receivedAt`. */
  | 'RECEIVED_AT';

/** Status of processing a webhook event. */
export type WebhookEventStatus =
  /** Applied to the mirrored tables. */
  | 'APPLIED'
  /** Could not be applied. Waits for a replay. */
  | 'FAILED'
  /** Stored; there is nothing to apply: an unknown type or a test delivery. */
  | 'IGNORED'
  /** A value that this version does not know. The field with the suffix `Raw` has the original text. */
  | 'OTHER'
  /** Stored, not yet applied. */
  | 'PENDING'
  /** Stored, but it is not an event: no JSON, or not the expected structure. */
  | 'UNREADABLE';

/** Compares a WebhookEventStatus. All given comparators must hold. */
export type WebhookEventStatusFilter = {
  /** Equal to. */
  eq?: InputMaybe<WebhookEventStatus>;
  /** Equal to one of these values, at most 1,000. */
  in?: InputMaybe<Array<WebhookEventStatus>>;
  /** Whether the value is null. */
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  /** Not equal to. False for null. */
  ne?: InputMaybe<WebhookEventStatus>;
  /** Equal to none of these values, at most 1,000. False for null. */
  notIn?: InputMaybe<Array<WebhookEventStatus>>;
};

/** The times by whose intervals WebhookEvent rows can be grouped. */
export type WebhookEventTimeField =
  /** By `appliedAt`. */
  | 'APPLIED_AT'
  /** By `heldSince`. */
  | 'HELD_SINCE'
  /** By `lastDeliveredAt`. */
  | 'LAST_DELIVERED_AT'
  /** By `nextAttemptAt`. */
  | 'NEXT_ATTEMPT_AT'
  /** By `occurredAt`. */
  | 'OCCURRED_AT'
  /** By `receivedAt`. */
  | 'RECEIVED_AT';

export type FilterCampaignsQueryVariables = Exact<{ [key: string]: never; }>;


export type FilterCampaignsQuery = { __typename?: 'Query', campaigns: { __typename?: 'CampaignConnection', nodes: Array<{ __typename?: 'Campaign', id: string, name: string | null }> } | null };

export type FilterCountriesQueryVariables = Exact<{ [key: string]: never; }>;


export type FilterCountriesQuery = { __typename?: 'Query', profiles: { __typename?: 'ProfileConnection', groups: Array<{ __typename?: 'ProfileGroup', key: { __typename?: 'ProfileGroupKey', country: string | null } }> } | null };

export type MeasuresQueryVariables = Exact<{ [key: string]: never; }>;


export type MeasuresQuery = { __typename?: 'Query', measures: Array<{ __typename?: 'Measure', name: string, description: string, vendorName: string | null, exactness: Exactness, reason: string | null }> };

export type CampaignFiguresQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  compareTo?: InputMaybe<PerformanceComparison>;
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type CampaignFiguresQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, nodes: Array<{ __typename?: 'PerformanceRow', referrals: number, customers: number, conversionRate: string | null, revenue: number, earnings: string | null, netRevenue: string, campaign: { __typename?: 'Campaign', id: string, name: string | null } | null, previous: { __typename?: 'PerformanceFigures', netRevenue: string } | null }> } | null };

export type LeadCohortsQueryVariables = Exact<{
  timezone: Scalars['TimeZone']['input'];
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type LeadCohortsQuery = { __typename?: 'Query', leadCohorts: Array<{ __typename?: 'LeadCohort', cohort: string, size: number, periods: Array<{ __typename?: 'LeadCohortPeriod', offset: number, converted: number, active: number }> }> | null };

export type FunnelQueryVariables = Exact<{
  referrals: LeadFilter;
  customers: LeadFilter;
  active: LeadFilter;
  cancelled: LeadFilter;
}>;


export type FunnelQuery = { __typename?: 'Query', referrals: { __typename?: 'LeadConnection', totalCount: number } | null, customers: { __typename?: 'LeadConnection', totalCount: number } | null, active: { __typename?: 'LeadConnection', totalCount: number } | null, cancelled: { __typename?: 'LeadConnection', totalCount: number } | null };

export type HeadlineFiguresQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  compareTo?: InputMaybe<PerformanceComparison>;
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type HeadlineFiguresQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, totals: { __typename?: 'PerformanceTotals', revenue: number, netRevenue: string, earnings: string, payoutsPaid: string, referrals: number, customers: number, conversionRate: string | null, cancellationRate: string | null, previous: { __typename?: 'PerformanceFigures', revenue: number, netRevenue: string, earnings: string | null, payoutsPaid: string | null, referrals: number, customers: number, conversionRate: string | null, cancellationRate: string | null } | null } } | null };

export type LiabilityQueryVariables = Exact<{
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type LiabilityQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', totals: { __typename?: 'PerformanceTotals', liability: string, liabilityUnknown: string, payoutsDue: string, upTo30: string, upTo60: string, upTo90: string, longer: string } } | null };

export type OtherUnitsQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type OtherUnitsQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, nodes: Array<{ __typename?: 'PerformanceRow', unit: Unit | null, earnings: string | null, payoutsPaid: string | null }> } | null };

export type OverTimeQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  interval: Interval;
  compareTo?: InputMaybe<PerformanceComparison>;
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type OverTimeQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, nodes: Array<{ __typename?: 'PerformanceRow', start: string | null, end: string | null, referrals: number, customers: number, revenue: number, earnings: string | null, previous: { __typename?: 'PerformanceFigures', referrals: number, customers: number, revenue: number, earnings: string | null } | null }> } | null };

export type TopPromotersQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type TopPromotersQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, nodes: Array<{ __typename?: 'PerformanceRow', referrals: number, customers: number, sales: number, revenue: number, earnings: string | null, promoter: { __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null } | null }> } | null };

export type WebhookHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhookHealthQuery = { __typename?: 'Query', freshness: { __typename?: 'Freshness', lagMilliseconds: number, lastReceivedAt: string | null, lastAppliedAt: string | null, eventsWithWarnings: number | null, eventsHeldBack: number | null, spooled: number | null, counts: Array<{ __typename?: 'WebhookEventCount', status: WebhookEventStatus, count: number }> | null } | null };

export type PromoterBalancesQueryVariables = Exact<{
  promoter: Scalars['ID']['input'];
}>;


export type PromoterBalancesQuery = { __typename?: 'Query', balances: { __typename?: 'BalanceConnection', nodes: Array<{ __typename?: 'Balance', id: string, kind: BalanceKind, unit: Unit, unitRaw: string, amount: string }> } | null, performance: { __typename?: 'Performance', totals: { __typename?: 'PerformanceTotals', liability: string, liabilityUnknown: string, payoutsDue: string } } | null };

export type PromoterCommissionsQueryVariables = Exact<{
  filter: CommissionFilter;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterCommissionsQuery = { __typename?: 'Query', commissions: { __typename?: 'CommissionConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'Commission', id: string, firstPromoterId: number, createdAt: string | null, amount: string | null, unit: Unit | null, unitRaw: string | null, saleAmount: number | null, status: CommissionStatus | null, statusRaw: string | null, isPaid: boolean | null, tier: number | null, lead: { __typename?: 'Lead', id: string, email: string | null, firstPromoterId: number } | null, promotion: { __typename?: 'Promotion', campaign: { __typename?: 'Campaign', name: string | null } | null } | null, payouts: { __typename?: 'PayoutConnection', nodes: Array<{ __typename?: 'Payout', id: string }> } | null }> } | null };

export type PromoterLeadsQueryVariables = Exact<{
  filter: LeadFilter;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterLeadsQuery = { __typename?: 'Query', leads: { __typename?: 'LeadConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'Lead', id: string, firstPromoterId: number, email: string | null, uid: string | null, state: LeadState | null, stateRaw: string | null, planName: string | null, createdAt: string | null, customerSince: string | null, cancelledAt: string | null, promotion: { __typename?: 'Promotion', campaign: { __typename?: 'Campaign', name: string | null } | null } | null }> } | null };

export type EventsOfQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type EventsOfQuery = { __typename?: 'Query', node:
    | { __typename?: 'Balance' }
    | { __typename?: 'Campaign' }
    | { __typename?: 'Commission', events: { __typename?: 'WebhookEventConnection', totalCount: number, nodes: Array<{ __typename?: 'WebhookEvent', id: string, eventId: string, eventType: string, protocol: string, occurredAt: string | null, receivedAt: string, deliveries: number, status: WebhookEventStatus, statusRaw: string, warnings: Array<string> | null }> } | null }
    | { __typename?: 'ContractDocument' }
    | { __typename?: 'Lead', events: { __typename?: 'WebhookEventConnection', totalCount: number, nodes: Array<{ __typename?: 'WebhookEvent', id: string, eventId: string, eventType: string, protocol: string, occurredAt: string | null, receivedAt: string, deliveries: number, status: WebhookEventStatus, statusRaw: string, warnings: Array<string> | null }> } | null }
    | { __typename?: 'Offer' }
    | { __typename?: 'PaymentsBatch' }
    | { __typename?: 'Payout' }
    | { __typename?: 'PayoutMethod' }
    | { __typename?: 'Profile' }
    | { __typename?: 'Promoter', events: { __typename?: 'WebhookEventConnection', totalCount: number, nodes: Array<{ __typename?: 'WebhookEvent', id: string, eventId: string, eventType: string, protocol: string, occurredAt: string | null, receivedAt: string, deliveries: number, status: WebhookEventStatus, statusRaw: string, warnings: Array<string> | null }> } | null }
    | { __typename?: 'Promotion' }
    | { __typename?: 'Reward' }
    | { __typename?: 'WebhookEvent' }
   | null };

export type EventsOfRowFragment = { __typename?: 'WebhookEventConnection', totalCount: number, nodes: Array<{ __typename?: 'WebhookEvent', id: string, eventId: string, eventType: string, protocol: string, occurredAt: string | null, receivedAt: string, deliveries: number, status: WebhookEventStatus, statusRaw: string, warnings: Array<string> | null }> };

export type PromoterPayoutsQueryVariables = Exact<{
  filter: PayoutFilter;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterPayoutsQuery = { __typename?: 'Query', payouts: { __typename?: 'PayoutConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'Payout', id: string, firstPromoterId: number, createdAt: string | null, amount: string | null, unit: Unit | null, unitRaw: string | null, status: PayoutStatus | null, statusRaw: string | null, dueDate: string | null, paidAt: string | null, failedAt: string | null, error: string | null, campaign: { __typename?: 'Campaign', name: string | null } | null, payoutMethod: { __typename?: 'PayoutMethod', method: PayoutMethodKind | null, methodRaw: string | null } | null }> } | null };

export type PromoterFiguresQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  compareTo?: InputMaybe<PerformanceComparison>;
  filter?: InputMaybe<PerformanceFilter>;
}>;


export type PromoterFiguresQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, totals: { __typename?: 'PerformanceTotals', referrals: number, customers: number, conversionRate: string | null, sales: number, revenue: number, refundedAmount: number, earnings: string, payoutsPaid: string, previous: { __typename?: 'PerformanceFigures', referrals: number, customers: number, conversionRate: string | null, sales: number, revenue: number, refundedAmount: number, earnings: string | null, payoutsPaid: string | null } | null } } | null };

export type PromoterHeadQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type PromoterHeadQuery = { __typename?: 'Query', promoter: { __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null, custId: string | null, status: PromoterStatus | null, archivedAt: string | null, deletedAt: string | null, joinedAt: string | null, lastLoginAt: string | null, profile: { __typename?: 'Profile', companyName: string | null, country: string | null, website: string | null } | null, promotions: { __typename?: 'PromotionConnection', totalCount: number, nodes: Array<{ __typename?: 'Promotion', state: PromotionState | null, campaign: { __typename?: 'Campaign', id: string, name: string | null } | null }> } | null, parent: { __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null } | null, children: { __typename?: 'PromoterConnection', totalCount: number, nodes: Array<{ __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null }> } | null } | null };

export type PromoterListQueryVariables = Exact<{
  filter?: InputMaybe<PromoterFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterListQuery = { __typename?: 'Query', promoters: { __typename?: 'PromoterConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null, status: PromoterStatus | null, archivedAt: string | null, joinedAt: string | null, promotions: { __typename?: 'PromotionConnection', totalCount: number, nodes: Array<{ __typename?: 'Promotion', state: PromotionState | null }> } | null }> } | null };

export type PromoterListFiguresQueryVariables = Exact<{
  period: PerformancePeriod;
  timezone: Scalars['TimeZone']['input'];
  filter?: InputMaybe<PerformanceFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterListFiguresQuery = { __typename?: 'Query', performance: { __typename?: 'Performance', start: string | null, end: string | null, totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'PerformanceRow', referrals: number, customers: number, revenue: number, earnings: string | null, liability: string, liabilityUnknown: string, promoter: { __typename?: 'Promoter', id: string } | null }> } | null };

export type PromoterPromotionsQueryVariables = Exact<{
  filter: PromotionFilter;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PromoterPromotionsQuery = { __typename?: 'Query', promotions: { __typename?: 'PromotionConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ __typename?: 'Promotion', id: string, firstPromoterId: number, refId: string | null, referralLink: string | null, customerPromoCode: string | null, state: PromotionState | null, stateRaw: string | null, visitorsCount: number | null, leadsCount: number | null, customersCount: number | null, salesCount: number | null, salesTotal: number | null, refundsTotal: number | null, campaign: { __typename?: 'Campaign', name: string | null } | null }> } | null };

export type LinksToShareQueryVariables = Exact<{
  promoter: Scalars['ID']['input'];
}>;


export type LinksToShareQuery = { __typename?: 'Query', promotions: { __typename?: 'PromotionConnection', nodes: Array<{ __typename?: 'Promotion', id: string, referralLink: string | null, refId: string | null, customerPromoCode: string | null, state: PromotionState | null, stateRaw: string | null, campaign: { __typename?: 'Campaign', name: string | null } | null }> } | null };

export type CampaignCheckQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type CampaignCheckQuery = { __typename?: 'Query', campaign: { __typename?: 'Campaign', id: string } | null };

export type LeadChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LeadChangesSubscription = { __typename?: 'Subscription', leadChanged: { __typename?: 'LeadChange', id: string } };

export type CommissionChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type CommissionChangesSubscription = { __typename?: 'Subscription', commissionChanged: { __typename?: 'CommissionChange', id: string } };

export type PayoutChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type PayoutChangesSubscription = { __typename?: 'Subscription', payoutChanged: { __typename?: 'PayoutChange', id: string } };

export type PromoterChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type PromoterChangesSubscription = { __typename?: 'Subscription', promoterChanged: { __typename?: 'PromoterChange', id: string } };

export type ReceivedEventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ReceivedEventsSubscription = { __typename?: 'Subscription', webhookEventReceived: { __typename?: 'WebhookEventReceived', id: string } };

export type DashboardViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type DashboardViewerQuery = { __typename?: 'Query', viewer: { __typename?: 'Viewer', role: Role, subject: string, seesContactData: boolean, expiresAt: string, currency: string | null, promoter: { __typename?: 'Promoter', id: string, firstPromoterId: number, name: string | null, email: string | null } | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const EventsOfRowFragmentDoc = new TypedDocumentString(`
    fragment EventsOfRow on WebhookEventConnection {
  totalCount
  nodes {
    id
    eventId
    eventType
    protocol
    occurredAt
    receivedAt
    deliveries
    status
    statusRaw
    warnings
  }
}
    `, {"fragmentName":"EventsOfRow"}) as unknown as TypedDocumentString<EventsOfRowFragment, unknown>;
export const FilterCampaignsDocument = new TypedDocumentString(`
    query FilterCampaigns {
  campaigns(first: 200, orderBy: {field: NAME}) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<FilterCampaignsQuery, FilterCampaignsQueryVariables>;
export const FilterCountriesDocument = new TypedDocumentString(`
    query FilterCountries {
  profiles {
    groups(by: COUNTRY, first: 300) {
      key {
        country
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FilterCountriesQuery, FilterCountriesQueryVariables>;
export const MeasuresDocument = new TypedDocumentString(`
    query Measures {
  measures {
    name
    description
    vendorName
    exactness
    reason
  }
}
    `) as unknown as TypedDocumentString<MeasuresQuery, MeasuresQueryVariables>;
export const CampaignFiguresDocument = new TypedDocumentString(`
    query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
  performance(
    period: $period
    timezone: $timezone
    compareTo: $compareTo
    filter: $filter
    by: [CAMPAIGN]
    orderBy: [{measure: NET_REVENUE, direction: DESC}]
    first: 1000
  ) {
    start
    end
    nodes {
      campaign {
        id
        name
      }
      referrals
      customers
      conversionRate
      revenue
      earnings
      netRevenue
      previous {
        netRevenue
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignFiguresQuery, CampaignFiguresQueryVariables>;
export const LeadCohortsDocument = new TypedDocumentString(`
    query LeadCohorts($timezone: TimeZone!, $filter: PerformanceFilter) {
  leadCohorts(by: MONTH, months: 12, timezone: $timezone, filter: $filter) {
    cohort
    size
    periods {
      offset
      converted
      active
    }
  }
}
    `) as unknown as TypedDocumentString<LeadCohortsQuery, LeadCohortsQueryVariables>;
export const FunnelDocument = new TypedDocumentString(`
    query Funnel($referrals: LeadFilter!, $customers: LeadFilter!, $active: LeadFilter!, $cancelled: LeadFilter!) {
  referrals: leads(filter: $referrals) {
    totalCount
  }
  customers: leads(filter: $customers) {
    totalCount
  }
  active: leads(filter: $active) {
    totalCount
  }
  cancelled: leads(filter: $cancelled) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<FunnelQuery, FunnelQueryVariables>;
export const HeadlineFiguresDocument = new TypedDocumentString(`
    query HeadlineFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
  performance(
    period: $period
    timezone: $timezone
    compareTo: $compareTo
    filter: $filter
  ) {
    start
    end
    totals {
      revenue
      netRevenue
      earnings
      payoutsPaid
      referrals
      customers
      conversionRate
      cancellationRate
      previous {
        revenue
        netRevenue
        earnings
        payoutsPaid
        referrals
        customers
        conversionRate
        cancellationRate
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HeadlineFiguresQuery, HeadlineFiguresQueryVariables>;
export const LiabilityDocument = new TypedDocumentString(`
    query Liability($filter: PerformanceFilter) {
  performance(filter: $filter) {
    totals {
      liability
      upTo30: liability(age: DAYS_0_TO_30)
      upTo60: liability(age: DAYS_31_TO_60)
      upTo90: liability(age: DAYS_61_TO_90)
      longer: liability(age: OVER_90_DAYS)
      liabilityUnknown
      payoutsDue
    }
  }
}
    `) as unknown as TypedDocumentString<LiabilityQuery, LiabilityQueryVariables>;
export const OtherUnitsDocument = new TypedDocumentString(`
    query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
  performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {
    start
    end
    nodes {
      unit
      earnings
      payoutsPaid
    }
  }
}
    `) as unknown as TypedDocumentString<OtherUnitsQuery, OtherUnitsQueryVariables>;
export const OverTimeDocument = new TypedDocumentString(`
    query OverTime($period: PerformancePeriod!, $timezone: TimeZone!, $interval: Interval!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
  performance(
    period: $period
    timezone: $timezone
    interval: $interval
    compareTo: $compareTo
    filter: $filter
    first: 1000
  ) {
    start
    end
    nodes {
      start
      end
      referrals
      customers
      revenue
      earnings
      previous {
        referrals
        customers
        revenue
        earnings
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OverTimeQuery, OverTimeQueryVariables>;
export const TopPromotersDocument = new TypedDocumentString(`
    query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
  performance(
    period: $period
    timezone: $timezone
    filter: $filter
    by: [PROMOTER]
    orderBy: [{measure: REVENUE, direction: DESC}]
    first: 100
  ) {
    start
    end
    nodes {
      promoter {
        id
        firstPromoterId
        name
        email
      }
      referrals
      customers
      sales
      revenue
      earnings
    }
  }
}
    `) as unknown as TypedDocumentString<TopPromotersQuery, TopPromotersQueryVariables>;
export const WebhookHealthDocument = new TypedDocumentString(`
    query WebhookHealth {
  freshness {
    lagMilliseconds
    lastReceivedAt
    lastAppliedAt
    eventsWithWarnings
    eventsHeldBack
    spooled
    counts {
      status
      count
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookHealthQuery, WebhookHealthQueryVariables>;
export const PromoterBalancesDocument = new TypedDocumentString(`
    query PromoterBalances($promoter: ID!) {
  balances(first: 100, filter: {promoterId: {eq: $promoter}}) {
    nodes {
      id
      kind
      unit
      unitRaw
      amount
    }
  }
  performance(filter: {promoterId: {eq: $promoter}}) {
    totals {
      liability
      liabilityUnknown
      payoutsDue
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterBalancesQuery, PromoterBalancesQueryVariables>;
export const PromoterCommissionsDocument = new TypedDocumentString(`
    query PromoterCommissions($filter: CommissionFilter!, $after: String) {
  commissions(
    first: 200
    after: $after
    filter: $filter
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      firstPromoterId
      createdAt
      amount
      unit
      unitRaw
      saleAmount
      status
      statusRaw
      isPaid
      tier
      lead {
        id
        email
        firstPromoterId
      }
      promotion {
        campaign {
          name
        }
      }
      payouts(first: 1, filter: {status: {eq: COMPLETED}}) {
        nodes {
          id
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterCommissionsQuery, PromoterCommissionsQueryVariables>;
export const PromoterLeadsDocument = new TypedDocumentString(`
    query PromoterLeads($filter: LeadFilter!, $after: String) {
  leads(
    first: 200
    after: $after
    filter: $filter
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      firstPromoterId
      email
      uid
      state
      stateRaw
      planName
      createdAt
      customerSince
      cancelledAt
      promotion {
        campaign {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterLeadsQuery, PromoterLeadsQueryVariables>;
export const EventsOfDocument = new TypedDocumentString(`
    query EventsOf($id: ID!) {
  node(id: $id) {
    ... on Promoter {
      events(first: 50) {
        ...EventsOfRow
      }
    }
    ... on Lead {
      events(first: 50) {
        ...EventsOfRow
      }
    }
    ... on Commission {
      events(first: 50) {
        ...EventsOfRow
      }
    }
  }
}
    fragment EventsOfRow on WebhookEventConnection {
  totalCount
  nodes {
    id
    eventId
    eventType
    protocol
    occurredAt
    receivedAt
    deliveries
    status
    statusRaw
    warnings
  }
}`) as unknown as TypedDocumentString<EventsOfQuery, EventsOfQueryVariables>;
export const PromoterPayoutsDocument = new TypedDocumentString(`
    query PromoterPayouts($filter: PayoutFilter!, $after: String) {
  payouts(
    first: 200
    after: $after
    filter: $filter
    orderBy: [{field: CREATED_AT, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      firstPromoterId
      createdAt
      amount
      unit
      unitRaw
      status
      statusRaw
      dueDate
      paidAt
      failedAt
      error
      campaign {
        name
      }
      payoutMethod {
        method
        methodRaw
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterPayoutsQuery, PromoterPayoutsQueryVariables>;
export const PromoterFiguresDocument = new TypedDocumentString(`
    query PromoterFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
  performance(
    period: $period
    timezone: $timezone
    compareTo: $compareTo
    filter: $filter
  ) {
    start
    end
    totals {
      referrals
      customers
      conversionRate
      sales
      revenue
      refundedAmount
      earnings
      payoutsPaid
      previous {
        referrals
        customers
        conversionRate
        sales
        revenue
        refundedAmount
        earnings
        payoutsPaid
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterFiguresQuery, PromoterFiguresQueryVariables>;
export const PromoterHeadDocument = new TypedDocumentString(`
    query PromoterHead($id: ID!) {
  promoter(id: $id) {
    id
    firstPromoterId
    name
    email
    custId
    status
    archivedAt
    deletedAt
    joinedAt
    lastLoginAt
    profile {
      companyName
      country
      website
    }
    promotions(first: 50) {
      totalCount
      nodes {
        state
        campaign {
          id
          name
        }
      }
    }
    parent {
      id
      firstPromoterId
      name
      email
    }
    children(first: 20, orderBy: [{field: JOINED_AT, direction: DESC}]) {
      totalCount
      nodes {
        id
        firstPromoterId
        name
        email
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterHeadQuery, PromoterHeadQueryVariables>;
export const PromoterListDocument = new TypedDocumentString(`
    query PromoterList($filter: PromoterFilter, $after: String) {
  promoters(
    first: 200
    after: $after
    filter: $filter
    orderBy: [{field: JOINED_AT, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      firstPromoterId
      name
      email
      status
      archivedAt
      joinedAt
      promotions(first: 10) {
        totalCount
        nodes {
          state
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterListQuery, PromoterListQueryVariables>;
export const PromoterListFiguresDocument = new TypedDocumentString(`
    query PromoterListFigures($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter, $after: String) {
  performance(
    period: $period
    timezone: $timezone
    filter: $filter
    by: [PROMOTER]
    first: 1000
    after: $after
  ) {
    start
    end
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      promoter {
        id
      }
      referrals
      customers
      revenue
      earnings
      liability
      liabilityUnknown
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterListFiguresQuery, PromoterListFiguresQueryVariables>;
export const PromoterPromotionsDocument = new TypedDocumentString(`
    query PromoterPromotions($filter: PromotionFilter!, $after: String) {
  promotions(
    first: 200
    after: $after
    filter: $filter
    orderBy: [{field: VISITORS_COUNT, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      firstPromoterId
      refId
      referralLink
      customerPromoCode
      state
      stateRaw
      visitorsCount
      leadsCount
      customersCount
      salesCount
      salesTotal
      refundsTotal
      campaign {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PromoterPromotionsQuery, PromoterPromotionsQueryVariables>;
export const LinksToShareDocument = new TypedDocumentString(`
    query LinksToShare($promoter: ID!) {
  promotions(first: 100, filter: {promoterId: {eq: $promoter}}) {
    nodes {
      id
      referralLink
      refId
      customerPromoCode
      state
      stateRaw
      campaign {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LinksToShareQuery, LinksToShareQueryVariables>;
export const CampaignCheckDocument = new TypedDocumentString(`
    query CampaignCheck($id: ID!) {
  campaign(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<CampaignCheckQuery, CampaignCheckQueryVariables>;
export const LeadChangesDocument = new TypedDocumentString(`
    subscription LeadChanges {
  leadChanged {
    id
  }
}
    `) as unknown as TypedDocumentString<LeadChangesSubscription, LeadChangesSubscriptionVariables>;
export const CommissionChangesDocument = new TypedDocumentString(`
    subscription CommissionChanges {
  commissionChanged {
    id
  }
}
    `) as unknown as TypedDocumentString<CommissionChangesSubscription, CommissionChangesSubscriptionVariables>;
export const PayoutChangesDocument = new TypedDocumentString(`
    subscription PayoutChanges {
  payoutChanged {
    id
  }
}
    `) as unknown as TypedDocumentString<PayoutChangesSubscription, PayoutChangesSubscriptionVariables>;
export const PromoterChangesDocument = new TypedDocumentString(`
    subscription PromoterChanges {
  promoterChanged {
    id
  }
}
    `) as unknown as TypedDocumentString<PromoterChangesSubscription, PromoterChangesSubscriptionVariables>;
export const ReceivedEventsDocument = new TypedDocumentString(`
    subscription ReceivedEvents {
  webhookEventReceived {
    id
  }
}
    `) as unknown as TypedDocumentString<ReceivedEventsSubscription, ReceivedEventsSubscriptionVariables>;
export const DashboardViewerDocument = new TypedDocumentString(`
    query DashboardViewer {
  viewer {
    role
    subject
    seesContactData
    expiresAt
    currency
    promoter {
      id
      firstPromoterId
      name
      email
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardViewerQuery, DashboardViewerQueryVariables>;