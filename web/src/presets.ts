/** The ready-made queries. Each has one named operation and needs no variables; the tests run all of them. */
export interface Preset {
  /** The operation's name, as written in the query: the tab is called so. */
  name: string;
  title: string;
  description: string;
  query: string;
}

export const PRESETS: Preset[] = [
  {
    name: "NewestLeads",
    title: "Newest leads",
    description: "Who came in last, through which promoter and campaign.",
    query: `query NewestLeads {
  leads(first: 20, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
    totalCount
    nodes {
      email
      state
      createdAt
      planName
      promoter { email }
      promotion { refId campaign { name } }
    }
  }
}
`,
  },
  {
    name: "PromoterBalances",
    title: "Promoters and balances",
    description: "What each promoter has earned, is owed and was paid, by unit.",
    query: `query PromoterBalances {
  promoters(first: 20, orderBy: [{ field: JOINED_AT, direction: DESC }]) {
    totalCount
    nodes {
      firstPromoterId
      email
      status
      joinedAt
      parentPromoter { id }
      balances { nodes { kind unit amount } }
    }
  }
}
`,
  },
  {
    name: "PromotionRules",
    title: "Promotions, offers, rewards",
    description: "Each enrolment with its link, counters, and what customer and promoter get.",
    query: `query PromotionRules {
  promotions(first: 20) {
    totalCount
    nodes {
      refId
      referralLink
      visitorsCount
      leadsCount
      customersCount
      salesTotal
      refundsTotal
      campaign { name }
      promoter { email }
      currentOffer { name amount unit }
      currentReferralReward { name unit amount perOfSale }
      currentTargetReward { name unit amount }
    }
  }
}
`,
  },
  {
    name: "CommissionsByStatus",
    title: "Commissions by status",
    description: "How many are pending, approved and denied, and the newest that wait for approval.",
    query: `query CommissionsByStatus {
  pending: commissions(filter: { status: { eq: PENDING } }, first: 20, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
    totalCount
    nodes { amount unit saleAmount tier createdAt promoter { email } lead { email } }
  }
  approved: commissions(filter: { status: { eq: APPROVED } }, first: 1) { totalCount }
  denied: commissions(filter: { status: { eq: DENIED } }, first: 1) { totalCount }
}
`,
  },
  {
    name: "Freshness",
    title: "How fresh is this?",
    description: "The last webhook event, the lag, and how many events are in which state.",
    query: `query Freshness {
  freshness { lastEventAt lagMs counts { status count } }
}
`,
  },
];
