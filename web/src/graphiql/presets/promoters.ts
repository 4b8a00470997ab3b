import type { Preset } from "./preset";

export const PROMOTERS: Preset[] = [
  {
    name: "TopPromoters",
    title: "Top promoters of last quarter",
    description: "Twenty by revenue, against the quarter before.",
    view: "table",
    query: `query TopPromoters {
  performance(
    period: { last: { count: 1, unit: QUARTER } }
    compareTo: PREVIOUS_PERIOD
    by: [PROMOTER]
    orderBy: [{ measure: REVENUE, direction: DESC }]
    first: 20
  ) {
    nodes {
      promoter {
        firstPromoterId
        name
        email
      }
      # Money is in minor units.
      revenue
      previous {
        revenue
      }
      sales
      customers
      earnings
    }
  }
}
`,
  },
  {
    name: "NewPromoters",
    title: "New promoters",
    description: "Who joined last, and what they have brought so far.",
    view: "table",
    query: `query NewPromoters {
  promoters(
    first: 50
    orderBy: [{ field: JOINED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      name
      email
      status
      joinedAt
      leads {
        totalCount
      }
      commissions {
        totalCount
      }
    }
  }
}
`,
  },
  {
    name: "PromotersWithoutCustomers",
    title: "Promoters without a customer",
    description: "They have referrals, but none of them pays.",
    view: "table",
    query: `query PromotersWithoutCustomers {
  promoters(
    first: 50
    filter: {
      leads: { some: {}, none: { customerSince: { isNull: false } } }
    }
    orderBy: [{ field: LEADS_COUNT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      name
      email
      joinedAt
      leads {
        totalCount
      }
    }
  }
}
`,
  },
  {
    name: "PromotionRules",
    title: "Promotions, offers, rewards",
    description: "Who promotes what, with counters, and what customer and promoter get.",
    view: "table",
    query: `query PromotionRules {
  promotions(
    first: 50
    orderBy: [{ field: SALES_TOTAL, direction: DESC }]
  ) {
    totalCount
    nodes {
      refId
      promoter {
        firstPromoterId
        name
        email
      }
      campaign {
        name
      }
      referralLink
      visitorsCount
      leadsCount
      customersCount
      # In minor units.
      salesTotal
      refundsTotal
      currentOffer {
        name
        amount
        unit
      }
      currentReferralReward {
        ...Rule
      }
    }
  }
}

fragment Rule on Reward {
  name
  unit
  amount
  perOfSale
}
`,
  },
];
