/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query FilterCampaigns { campaigns(first: 200, orderBy: { field: NAME }) { nodes { id name } } }": typeof types.FilterCampaignsDocument,
    "query FilterCountries { profiles { groups(by: COUNTRY, first: 300) { key { country } } } }": typeof types.FilterCountriesDocument,
    "\n  query Measures {\n    measures { name description vendorName exactness reason }\n  }\n": typeof types.MeasuresDocument,
    "\n  query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      compareTo: $compareTo\n      filter: $filter\n      by: [CAMPAIGN]\n      orderBy: [{ measure: NET_REVENUE, direction: DESC }]\n      first: 1000\n    ) {\n      start\n      end\n      nodes {\n        campaign { id name }\n        referrals customers conversionRate revenue earnings netRevenue\n        previous { netRevenue }\n      }\n    }\n  }\n": typeof types.CampaignFiguresDocument,
    "\n  query LeadCohorts($timezone: TimeZone!, $filter: PerformanceFilter) {\n    leadCohorts(by: MONTH, months: 12, timezone: $timezone, filter: $filter) {\n      cohort size\n      periods { offset converted active }\n    }\n  }\n": typeof types.LeadCohortsDocument,
    "\n  query Funnel($referrals: LeadFilter!, $customers: LeadFilter!, $active: LeadFilter!, $cancelled: LeadFilter!) {\n    referrals: leads(filter: $referrals) { totalCount }\n    customers: leads(filter: $customers) { totalCount }\n    active: leads(filter: $active) { totalCount }\n    cancelled: leads(filter: $cancelled) { totalCount }\n  }\n": typeof types.FunnelDocument,
    "\n  query HeadlineFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        revenue netRevenue earnings payoutsPaid\n        referrals customers conversionRate cancellationRate\n        previous { revenue netRevenue earnings payoutsPaid referrals customers conversionRate cancellationRate }\n      }\n    }\n  }\n": typeof types.HeadlineFiguresDocument,
    "\n  query Liability($filter: PerformanceFilter) {\n    performance(filter: $filter) {\n      totals {\n        liability\n        upTo30: liability(age: DAYS_0_TO_30)\n        upTo60: liability(age: DAYS_31_TO_60)\n        upTo90: liability(age: DAYS_61_TO_90)\n        longer: liability(age: OVER_90_DAYS)\n        liabilityUnknown\n        payoutsDue\n      }\n    }\n  }\n": typeof types.LiabilityDocument,
    "\n  query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {\n      start\n      end\n      nodes { unit earnings payoutsPaid }\n    }\n  }\n": typeof types.OtherUnitsDocument,
    "\n  query OverTime($period: PerformancePeriod!, $timezone: TimeZone!, $interval: Interval!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, interval: $interval, compareTo: $compareTo, filter: $filter, first: 1000) {\n      start\n      end\n      nodes {\n        start\n        end\n        referrals customers revenue earnings\n        previous { referrals customers revenue earnings }\n      }\n    }\n  }\n": typeof types.OverTimeDocument,
    "\n  query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      filter: $filter\n      by: [PROMOTER]\n      orderBy: [{ measure: REVENUE, direction: DESC }]\n      first: 100\n    ) {\n      start\n      end\n      nodes {\n        promoter { id firstPromoterId name email }\n        referrals customers sales revenue earnings\n      }\n    }\n  }\n": typeof types.TopPromotersDocument,
    "\n  query WebhookHealth {\n    freshness {\n      lagMilliseconds lastReceivedAt lastAppliedAt\n      eventsWithWarnings eventsHeldBack spooled\n      counts { status count }\n    }\n  }\n": typeof types.WebhookHealthDocument,
    "\n  query PromoterBalances($promoter: ID!) {\n    balances(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes { id kind unit unitRaw amount }\n    }\n    performance(filter: { promoterId: { eq: $promoter } }) { totals { liability liabilityUnknown payoutsDue } }\n  }\n": typeof types.PromoterBalancesDocument,
    "\n  query PromoterCommissions($filter: CommissionFilter!, $after: String) {\n    commissions(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw saleAmount status statusRaw isPaid tier\n        lead { id email firstPromoterId }\n        promotion { campaign { name } }\n        payouts(first: 1, filter: { status: { eq: COMPLETED } }) { nodes { id } }\n      }\n    }\n  }\n": typeof types.PromoterCommissionsDocument,
    "\n  query PromoterLeads($filter: LeadFilter!, $after: String) {\n    leads(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId email uid state stateRaw planName createdAt customerSince cancelledAt\n        promotion { campaign { name } }\n      }\n    }\n  }\n": typeof types.PromoterLeadsDocument,
    "\n  query EventsOf($id: ID!) {\n    node(id: $id) {\n      ... on Promoter { events(first: 50) { ...EventsOfRow } }\n      ... on Lead { events(first: 50) { ...EventsOfRow } }\n      ... on Commission { events(first: 50) { ...EventsOfRow } }\n    }\n  }\n  fragment EventsOfRow on WebhookEventConnection {\n    totalCount\n    nodes { id eventId eventType protocol occurredAt receivedAt deliveries status statusRaw warnings }\n  }\n": typeof types.EventsOfDocument,
    "\n  query PromoterPayouts($filter: PayoutFilter!, $after: String) {\n    payouts(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw status statusRaw dueDate paidAt failedAt error\n        campaign { name }\n        payoutMethod { method methodRaw }\n      }\n    }\n  }\n": typeof types.PromoterPayoutsDocument,
    "\n  query PromoterFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid\n        previous { referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid }\n      }\n    }\n  }\n": typeof types.PromoterFiguresDocument,
    "\n  query PromoterHead($id: ID!) {\n    promoter(id: $id) {\n      id firstPromoterId name email custId status archivedAt deletedAt joinedAt lastLoginAt\n      profile { companyName country website }\n      promotions(first: 50) { totalCount nodes { state campaign { id name } } }\n      parent { id firstPromoterId name email }\n      children(first: 20, orderBy: [{ field: JOINED_AT, direction: DESC }]) { totalCount nodes { id firstPromoterId name email } }\n    }\n  }\n": typeof types.PromoterHeadDocument,
    "\n  query PromoterList($filter: PromoterFilter, $after: String) {\n    promoters(first: 200, after: $after, filter: $filter, orderBy: [{ field: JOINED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId name email status archivedAt joinedAt\n        promotions(first: 10) { totalCount nodes { state } }\n      }\n    }\n  }\n": typeof types.PromoterListDocument,
    "\n  query PromoterListFigures($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter, $after: String) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [PROMOTER], first: 1000, after: $after) {\n      start\n      end\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { promoter { id } referrals customers revenue earnings liability liabilityUnknown }\n    }\n  }\n": typeof types.PromoterListFiguresDocument,
    "\n  query PromoterPromotions($filter: PromotionFilter!, $after: String) {\n    promotions(first: 200, after: $after, filter: $filter, orderBy: [{ field: VISITORS_COUNT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId refId referralLink customerPromoCode state stateRaw\n        visitorsCount leadsCount customersCount salesCount salesTotal refundsTotal\n        campaign { name }\n      }\n    }\n  }\n": typeof types.PromoterPromotionsDocument,
    "\n  query LinksToShare($promoter: ID!) {\n    promotions(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes {\n        id referralLink refId customerPromoCode state stateRaw\n        campaign { name }\n      }\n    }\n  }\n": typeof types.LinksToShareDocument,
    "query CampaignCheck($id: ID!) { campaign(id: $id) { id } }": typeof types.CampaignCheckDocument,
    "subscription LeadChanges { leadChanged { id } }": typeof types.LeadChangesDocument,
    "subscription CommissionChanges { commissionChanged { id } }": typeof types.CommissionChangesDocument,
    "subscription PayoutChanges { payoutChanged { id } }": typeof types.PayoutChangesDocument,
    "subscription PromoterChanges { promoterChanged { id } }": typeof types.PromoterChangesDocument,
    "subscription ReceivedEvents { webhookEventReceived { id } }": typeof types.ReceivedEventsDocument,
    "\n  query DashboardViewer {\n    viewer { role subject seesContactData expiresAt currency promoter { id firstPromoterId name email } }\n  }\n": typeof types.DashboardViewerDocument,
};
const documents: Documents = {
    "query FilterCampaigns { campaigns(first: 200, orderBy: { field: NAME }) { nodes { id name } } }": types.FilterCampaignsDocument,
    "query FilterCountries { profiles { groups(by: COUNTRY, first: 300) { key { country } } } }": types.FilterCountriesDocument,
    "\n  query Measures {\n    measures { name description vendorName exactness reason }\n  }\n": types.MeasuresDocument,
    "\n  query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      compareTo: $compareTo\n      filter: $filter\n      by: [CAMPAIGN]\n      orderBy: [{ measure: NET_REVENUE, direction: DESC }]\n      first: 1000\n    ) {\n      start\n      end\n      nodes {\n        campaign { id name }\n        referrals customers conversionRate revenue earnings netRevenue\n        previous { netRevenue }\n      }\n    }\n  }\n": types.CampaignFiguresDocument,
    "\n  query LeadCohorts($timezone: TimeZone!, $filter: PerformanceFilter) {\n    leadCohorts(by: MONTH, months: 12, timezone: $timezone, filter: $filter) {\n      cohort size\n      periods { offset converted active }\n    }\n  }\n": types.LeadCohortsDocument,
    "\n  query Funnel($referrals: LeadFilter!, $customers: LeadFilter!, $active: LeadFilter!, $cancelled: LeadFilter!) {\n    referrals: leads(filter: $referrals) { totalCount }\n    customers: leads(filter: $customers) { totalCount }\n    active: leads(filter: $active) { totalCount }\n    cancelled: leads(filter: $cancelled) { totalCount }\n  }\n": types.FunnelDocument,
    "\n  query HeadlineFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        revenue netRevenue earnings payoutsPaid\n        referrals customers conversionRate cancellationRate\n        previous { revenue netRevenue earnings payoutsPaid referrals customers conversionRate cancellationRate }\n      }\n    }\n  }\n": types.HeadlineFiguresDocument,
    "\n  query Liability($filter: PerformanceFilter) {\n    performance(filter: $filter) {\n      totals {\n        liability\n        upTo30: liability(age: DAYS_0_TO_30)\n        upTo60: liability(age: DAYS_31_TO_60)\n        upTo90: liability(age: DAYS_61_TO_90)\n        longer: liability(age: OVER_90_DAYS)\n        liabilityUnknown\n        payoutsDue\n      }\n    }\n  }\n": types.LiabilityDocument,
    "\n  query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {\n      start\n      end\n      nodes { unit earnings payoutsPaid }\n    }\n  }\n": types.OtherUnitsDocument,
    "\n  query OverTime($period: PerformancePeriod!, $timezone: TimeZone!, $interval: Interval!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, interval: $interval, compareTo: $compareTo, filter: $filter, first: 1000) {\n      start\n      end\n      nodes {\n        start\n        end\n        referrals customers revenue earnings\n        previous { referrals customers revenue earnings }\n      }\n    }\n  }\n": types.OverTimeDocument,
    "\n  query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      filter: $filter\n      by: [PROMOTER]\n      orderBy: [{ measure: REVENUE, direction: DESC }]\n      first: 100\n    ) {\n      start\n      end\n      nodes {\n        promoter { id firstPromoterId name email }\n        referrals customers sales revenue earnings\n      }\n    }\n  }\n": types.TopPromotersDocument,
    "\n  query WebhookHealth {\n    freshness {\n      lagMilliseconds lastReceivedAt lastAppliedAt\n      eventsWithWarnings eventsHeldBack spooled\n      counts { status count }\n    }\n  }\n": types.WebhookHealthDocument,
    "\n  query PromoterBalances($promoter: ID!) {\n    balances(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes { id kind unit unitRaw amount }\n    }\n    performance(filter: { promoterId: { eq: $promoter } }) { totals { liability liabilityUnknown payoutsDue } }\n  }\n": types.PromoterBalancesDocument,
    "\n  query PromoterCommissions($filter: CommissionFilter!, $after: String) {\n    commissions(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw saleAmount status statusRaw isPaid tier\n        lead { id email firstPromoterId }\n        promotion { campaign { name } }\n        payouts(first: 1, filter: { status: { eq: COMPLETED } }) { nodes { id } }\n      }\n    }\n  }\n": types.PromoterCommissionsDocument,
    "\n  query PromoterLeads($filter: LeadFilter!, $after: String) {\n    leads(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId email uid state stateRaw planName createdAt customerSince cancelledAt\n        promotion { campaign { name } }\n      }\n    }\n  }\n": types.PromoterLeadsDocument,
    "\n  query EventsOf($id: ID!) {\n    node(id: $id) {\n      ... on Promoter { events(first: 50) { ...EventsOfRow } }\n      ... on Lead { events(first: 50) { ...EventsOfRow } }\n      ... on Commission { events(first: 50) { ...EventsOfRow } }\n    }\n  }\n  fragment EventsOfRow on WebhookEventConnection {\n    totalCount\n    nodes { id eventId eventType protocol occurredAt receivedAt deliveries status statusRaw warnings }\n  }\n": types.EventsOfDocument,
    "\n  query PromoterPayouts($filter: PayoutFilter!, $after: String) {\n    payouts(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw status statusRaw dueDate paidAt failedAt error\n        campaign { name }\n        payoutMethod { method methodRaw }\n      }\n    }\n  }\n": types.PromoterPayoutsDocument,
    "\n  query PromoterFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid\n        previous { referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid }\n      }\n    }\n  }\n": types.PromoterFiguresDocument,
    "\n  query PromoterHead($id: ID!) {\n    promoter(id: $id) {\n      id firstPromoterId name email custId status archivedAt deletedAt joinedAt lastLoginAt\n      profile { companyName country website }\n      promotions(first: 50) { totalCount nodes { state campaign { id name } } }\n      parent { id firstPromoterId name email }\n      children(first: 20, orderBy: [{ field: JOINED_AT, direction: DESC }]) { totalCount nodes { id firstPromoterId name email } }\n    }\n  }\n": types.PromoterHeadDocument,
    "\n  query PromoterList($filter: PromoterFilter, $after: String) {\n    promoters(first: 200, after: $after, filter: $filter, orderBy: [{ field: JOINED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId name email status archivedAt joinedAt\n        promotions(first: 10) { totalCount nodes { state } }\n      }\n    }\n  }\n": types.PromoterListDocument,
    "\n  query PromoterListFigures($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter, $after: String) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [PROMOTER], first: 1000, after: $after) {\n      start\n      end\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { promoter { id } referrals customers revenue earnings liability liabilityUnknown }\n    }\n  }\n": types.PromoterListFiguresDocument,
    "\n  query PromoterPromotions($filter: PromotionFilter!, $after: String) {\n    promotions(first: 200, after: $after, filter: $filter, orderBy: [{ field: VISITORS_COUNT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId refId referralLink customerPromoCode state stateRaw\n        visitorsCount leadsCount customersCount salesCount salesTotal refundsTotal\n        campaign { name }\n      }\n    }\n  }\n": types.PromoterPromotionsDocument,
    "\n  query LinksToShare($promoter: ID!) {\n    promotions(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes {\n        id referralLink refId customerPromoCode state stateRaw\n        campaign { name }\n      }\n    }\n  }\n": types.LinksToShareDocument,
    "query CampaignCheck($id: ID!) { campaign(id: $id) { id } }": types.CampaignCheckDocument,
    "subscription LeadChanges { leadChanged { id } }": types.LeadChangesDocument,
    "subscription CommissionChanges { commissionChanged { id } }": types.CommissionChangesDocument,
    "subscription PayoutChanges { payoutChanged { id } }": types.PayoutChangesDocument,
    "subscription PromoterChanges { promoterChanged { id } }": types.PromoterChangesDocument,
    "subscription ReceivedEvents { webhookEventReceived { id } }": types.ReceivedEventsDocument,
    "\n  query DashboardViewer {\n    viewer { role subject seesContactData expiresAt currency promoter { id firstPromoterId name email } }\n  }\n": types.DashboardViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query FilterCampaigns { campaigns(first: 200, orderBy: { field: NAME }) { nodes { id name } } }"): typeof import('./graphql.js').FilterCampaignsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query FilterCountries { profiles { groups(by: COUNTRY, first: 300) { key { country } } } }"): typeof import('./graphql.js').FilterCountriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Measures {\n    measures { name description vendorName exactness reason }\n  }\n"): typeof import('./graphql.js').MeasuresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      compareTo: $compareTo\n      filter: $filter\n      by: [CAMPAIGN]\n      orderBy: [{ measure: NET_REVENUE, direction: DESC }]\n      first: 1000\n    ) {\n      start\n      end\n      nodes {\n        campaign { id name }\n        referrals customers conversionRate revenue earnings netRevenue\n        previous { netRevenue }\n      }\n    }\n  }\n"): typeof import('./graphql.js').CampaignFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LeadCohorts($timezone: TimeZone!, $filter: PerformanceFilter) {\n    leadCohorts(by: MONTH, months: 12, timezone: $timezone, filter: $filter) {\n      cohort size\n      periods { offset converted active }\n    }\n  }\n"): typeof import('./graphql.js').LeadCohortsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Funnel($referrals: LeadFilter!, $customers: LeadFilter!, $active: LeadFilter!, $cancelled: LeadFilter!) {\n    referrals: leads(filter: $referrals) { totalCount }\n    customers: leads(filter: $customers) { totalCount }\n    active: leads(filter: $active) { totalCount }\n    cancelled: leads(filter: $cancelled) { totalCount }\n  }\n"): typeof import('./graphql.js').FunnelDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HeadlineFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        revenue netRevenue earnings payoutsPaid\n        referrals customers conversionRate cancellationRate\n        previous { revenue netRevenue earnings payoutsPaid referrals customers conversionRate cancellationRate }\n      }\n    }\n  }\n"): typeof import('./graphql.js').HeadlineFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Liability($filter: PerformanceFilter) {\n    performance(filter: $filter) {\n      totals {\n        liability\n        upTo30: liability(age: DAYS_0_TO_30)\n        upTo60: liability(age: DAYS_31_TO_60)\n        upTo90: liability(age: DAYS_61_TO_90)\n        longer: liability(age: OVER_90_DAYS)\n        liabilityUnknown\n        payoutsDue\n      }\n    }\n  }\n"): typeof import('./graphql.js').LiabilityDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {\n      start\n      end\n      nodes { unit earnings payoutsPaid }\n    }\n  }\n"): typeof import('./graphql.js').OtherUnitsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OverTime($period: PerformancePeriod!, $timezone: TimeZone!, $interval: Interval!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, interval: $interval, compareTo: $compareTo, filter: $filter, first: 1000) {\n      start\n      end\n      nodes {\n        start\n        end\n        referrals customers revenue earnings\n        previous { referrals customers revenue earnings }\n      }\n    }\n  }\n"): typeof import('./graphql.js').OverTimeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {\n    performance(\n      period: $period\n      timezone: $timezone\n      filter: $filter\n      by: [PROMOTER]\n      orderBy: [{ measure: REVENUE, direction: DESC }]\n      first: 100\n    ) {\n      start\n      end\n      nodes {\n        promoter { id firstPromoterId name email }\n        referrals customers sales revenue earnings\n      }\n    }\n  }\n"): typeof import('./graphql.js').TopPromotersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookHealth {\n    freshness {\n      lagMilliseconds lastReceivedAt lastAppliedAt\n      eventsWithWarnings eventsHeldBack spooled\n      counts { status count }\n    }\n  }\n"): typeof import('./graphql.js').WebhookHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterBalances($promoter: ID!) {\n    balances(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes { id kind unit unitRaw amount }\n    }\n    performance(filter: { promoterId: { eq: $promoter } }) { totals { liability liabilityUnknown payoutsDue } }\n  }\n"): typeof import('./graphql.js').PromoterBalancesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterCommissions($filter: CommissionFilter!, $after: String) {\n    commissions(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw saleAmount status statusRaw isPaid tier\n        lead { id email firstPromoterId }\n        promotion { campaign { name } }\n        payouts(first: 1, filter: { status: { eq: COMPLETED } }) { nodes { id } }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterCommissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterLeads($filter: LeadFilter!, $after: String) {\n    leads(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId email uid state stateRaw planName createdAt customerSince cancelledAt\n        promotion { campaign { name } }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterLeadsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventsOf($id: ID!) {\n    node(id: $id) {\n      ... on Promoter { events(first: 50) { ...EventsOfRow } }\n      ... on Lead { events(first: 50) { ...EventsOfRow } }\n      ... on Commission { events(first: 50) { ...EventsOfRow } }\n    }\n  }\n  fragment EventsOfRow on WebhookEventConnection {\n    totalCount\n    nodes { id eventId eventType protocol occurredAt receivedAt deliveries status statusRaw warnings }\n  }\n"): typeof import('./graphql.js').EventsOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterPayouts($filter: PayoutFilter!, $after: String) {\n    payouts(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId createdAt amount unit unitRaw status statusRaw dueDate paidAt failedAt error\n        campaign { name }\n        payoutMethod { method methodRaw }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterPayoutsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {\n    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {\n      start\n      end\n      totals {\n        referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid\n        previous { referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterHead($id: ID!) {\n    promoter(id: $id) {\n      id firstPromoterId name email custId status archivedAt deletedAt joinedAt lastLoginAt\n      profile { companyName country website }\n      promotions(first: 50) { totalCount nodes { state campaign { id name } } }\n      parent { id firstPromoterId name email }\n      children(first: 20, orderBy: [{ field: JOINED_AT, direction: DESC }]) { totalCount nodes { id firstPromoterId name email } }\n    }\n  }\n"): typeof import('./graphql.js').PromoterHeadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterList($filter: PromoterFilter, $after: String) {\n    promoters(first: 200, after: $after, filter: $filter, orderBy: [{ field: JOINED_AT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId name email status archivedAt joinedAt\n        promotions(first: 10) { totalCount nodes { state } }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterListFigures($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter, $after: String) {\n    performance(period: $period, timezone: $timezone, filter: $filter, by: [PROMOTER], first: 1000, after: $after) {\n      start\n      end\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { promoter { id } referrals customers revenue earnings liability liabilityUnknown }\n    }\n  }\n"): typeof import('./graphql.js').PromoterListFiguresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PromoterPromotions($filter: PromotionFilter!, $after: String) {\n    promotions(first: 200, after: $after, filter: $filter, orderBy: [{ field: VISITORS_COUNT, direction: DESC }]) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes {\n        id firstPromoterId refId referralLink customerPromoCode state stateRaw\n        visitorsCount leadsCount customersCount salesCount salesTotal refundsTotal\n        campaign { name }\n      }\n    }\n  }\n"): typeof import('./graphql.js').PromoterPromotionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LinksToShare($promoter: ID!) {\n    promotions(first: 100, filter: { promoterId: { eq: $promoter } }) {\n      nodes {\n        id referralLink refId customerPromoCode state stateRaw\n        campaign { name }\n      }\n    }\n  }\n"): typeof import('./graphql.js').LinksToShareDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query CampaignCheck($id: ID!) { campaign(id: $id) { id } }"): typeof import('./graphql.js').CampaignCheckDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription LeadChanges { leadChanged { id } }"): typeof import('./graphql.js').LeadChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription CommissionChanges { commissionChanged { id } }"): typeof import('./graphql.js').CommissionChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription PayoutChanges { payoutChanged { id } }"): typeof import('./graphql.js').PayoutChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription PromoterChanges { promoterChanged { id } }"): typeof import('./graphql.js').PromoterChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ReceivedEvents { webhookEventReceived { id } }"): typeof import('./graphql.js').ReceivedEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardViewer {\n    viewer { role subject seesContactData expiresAt currency promoter { id firstPromoterId name email } }\n  }\n"): typeof import('./graphql.js').DashboardViewerDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
