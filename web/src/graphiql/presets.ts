/** The ready-made operations. Each is named and alone in its document, and needs no variables; the tests run all of them. */
export interface Preset {
  /** The operation's name, as written in the query: the tab is called so. */
  name: string;
  title: string;
  description: string;
  /** Whether an analyst's token is refused. */
  forAdmins?: boolean;
  /** Whether it is a subscription, which runs until it is stopped. */
  isLive?: boolean;
  query: string;
}

export const PRESETS: Preset[] = [
  {
    name: "NewestLeads",
    title: "Newest leads",
    description: "Who came in last, through which promoter and campaign.",
    query: `query NewestLeads {
  leads(
    first: 20
    orderBy: [{ field: CREATED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      email
      state
      createdAt
      customerSince
      planName
      promoter {
        email
      }
      promotion {
        refId
        campaign {
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  },
  {
    name: "PromoterBalances",
    title: "Promoters and balances",
    description: "What each promoter earned, is owed and was paid, by unit.",
    query: `query PromoterBalances {
  promoters(
    first: 20
    filter: { status: { eq: ACTIVE } }
    orderBy: [{ field: JOINED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      email
      joinedAt
      # Money is in minor units: cents, for example.
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
    name: "TopEarners",
    title: "Top earners",
    description: "The highest earned balances in money, with what the promoters brought.",
    query: `query TopEarners {
  balances(
    first: 10
    filter: { kind: { eq: EARNED }, unit: { eq: CASH } }
    orderBy: [{ field: AMOUNT, direction: DESC }]
  ) {
    nodes {
      amount
      promoter {
        email
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
}
`,
  },
  {
    name: "PromotionRules",
    title: "Promotions, offers, rewards",
    description: "Who promotes what, with counters, and what customer and promoter get.",
    query: `query PromotionRules {
  promotions(
    first: 20
    orderBy: [{ field: SALES_TOTAL, direction: DESC }]
  ) {
    totalCount
    nodes {
      refId
      referralLink
      visitorsCount
      leadsCount
      customersCount
      salesTotal
      refundsTotal
      promoter {
        email
      }
      campaign {
        name
      }
      currentOffer {
        name
        amount
        unit
      }
      currentReferralReward {
        ...Rule
      }
      currentPromotionReward {
        ...Rule
      }
      currentTargetReward {
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
  {
    name: "CommissionsByStatus",
    title: "Commissions by status",
    description: "How many are pending, approved and denied, and the newest that wait.",
    query: `query CommissionsByStatus {
  approved: commissions(filter: { status: { eq: APPROVED } }) {
    totalCount
  }
  denied: commissions(filter: { status: { eq: DENIED } }) {
    totalCount
  }
  pending: commissions(
    first: 20
    filter: { status: { eq: PENDING } }
    orderBy: [{ field: CREATED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      createdAt
      amount
      unit
      saleAmount
      tier
      promoter {
        email
      }
      lead {
        email
        planName
      }
    }
  }
}
`,
  },
  {
    name: "LostCustomers",
    title: "Customers who left",
    description: "Cancelled after at least one payment, the latest first.",
    query: `query LostCustomers {
  leads(
    first: 20
    filter: {
      state: { eq: CANCELLED }
      customerSince: { isNull: false }
    }
    orderBy: [{ field: CANCELLED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      email
      planName
      customerSince
      cancelledAt
      commissions {
        nodes {
          amount
          unit
          saleAmount
        }
      }
    }
  }
}
`,
  },
  {
    name: "LeadsLive",
    title: "Leads as they change",
    description: "Each lead that comes in or changes from now on, until you stop it.",
    isLive: true,
    query: `subscription LeadsLive {
  leadChanged {
    updatedAt
    lead {
      firstPromoterId
      email
      state
      promoter {
        email
      }
    }
    lastEventId
  }
}
`,
  },
  {
    name: "Freshness",
    title: "How fresh is this?",
    description: "The last webhook, what still waits, and how many events are in which state.",
    query: `query Freshness {
  freshness {
    lastReceivedAt
    lastAppliedAt
    lagMilliseconds
    counts {
      status
      count
    }
  }
}
`,
  },
  {
    name: "WebhookTrouble",
    title: "Webhook events in trouble",
    description: "What could not be read or applied, and why; and the last that came.",
    forAdmins: true,
    query: `query WebhookTrouble {
  trouble: webhookEvents(
    first: 20
    filter: { status: { in: [FAILED, UNREADABLE, IGNORED] } }
  ) {
    totalCount
    nodes {
      ...Event
    }
  }
  latest: webhookEvents(first: 5) {
    totalCount
    nodes {
      ...Event
    }
  }
}

fragment Event on WebhookEvent {
  id
  eventType
  status
  error
  attempts
  occurredAt
  receivedAt
}
`,
  },
];
