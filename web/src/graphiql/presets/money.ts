import type { Preset } from "./preset";

export const MONEY: Preset[] = [
  {
    name: "WhatIsOwed",
    title: "What is owed, and for how long",
    description: "Approved and unpaid commissions in cash, by age.",
    view: "table",
    query: `query WhatIsOwed {
  performance {
    # In minor units of the currency that viewer { currency } names.
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
`,
  },
  {
    name: "OwedByPromoter",
    title: "Who is owed what",
    description: "The promoters with the largest liability.",
    view: "table",
    query: `query OwedByPromoter {
  performance(
    by: [PROMOTER]
    orderBy: [{ measure: LIABILITY, direction: DESC }]
    first: 50
  ) {
    nodes {
      promoter {
        firstPromoterId
        name
        email
      }
      # In minor units.
      liability
      longer: liability(age: OVER_90_DAYS)
      payoutsDue
    }
  }
}
`,
  },
  {
    name: "PromoterBalances",
    title: "Balances by unit",
    description: "What each promoter earned, is owed and was paid.",
    view: "table",
    query: `query PromoterBalances {
  promoters(
    first: 50
    filter: { status: { eq: ACTIVE } }
    orderBy: [{ field: JOINED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      name
      email
      # Cash is in minor units.
      balances {
        nodes {
          kind
          unit
          amount
        }
      }
    }
  }
}
`,
  },
  {
    name: "PendingCommissions",
    title: "Commissions that wait",
    description: "The newest pending ones, and how many there are of each status.",
    view: "table",
    query: `query PendingCommissions {
  commissions(
    first: 50
    filter: { status: { eq: PENDING } }
    orderBy: [{ field: CREATED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      createdAt
      # Cash and sales are in minor units.
      amount
      unit
      saleAmount
      tier
      promoter {
        firstPromoterId
        name
        email
      }
      lead {
        firstPromoterId
        email
        planName
      }
    }
  }
  all: commissions {
    groups(by: STATUS) {
      key {
        status
      }
      aggregate {
        count
      }
    }
  }
}
`,
  },
  {
    name: "LatestPayouts",
    title: "Latest payouts",
    description: "What was paid or is to be paid, to whom and for which period.",
    view: "table",
    query: `query LatestPayouts {
  payouts(
    first: 50
    orderBy: [{ field: CREATED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      status
      # Cash is in minor units.
      amount
      unit
      dueDate
      paidAt
      periodStart
      periodEnd
      promoter {
        firstPromoterId
        name
        email
      }
    }
  }
}
`,
  },
];
