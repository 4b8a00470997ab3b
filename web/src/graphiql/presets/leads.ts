import type { Preset } from "./preset";

export const LEADS: Preset[] = [
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
      firstPromoterId
      email
      state
      createdAt
      customerSince
      planName
      promoter {
        firstPromoterId
        name
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
    name: "LeadsByState",
    title: "Leads by state and month",
    description: "How the leads of each month stand now.",
    view: "chart",
    query: `query LeadsByState {
  leads {
    groups(
      by: STATE
      interval: { field: CREATED_AT, unit: MONTH, timezone: "UTC" }
      orderBy: [{ field: START, direction: ASC }]
      first: 200
    ) {
      key {
        start
        state
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
    name: "LostCustomers",
    title: "Customers who left",
    description: "Cancelled after at least one payment, the latest first.",
    view: "table",
    query: `query LostCustomers {
  leads(
    first: 50
    filter: {
      state: { eq: CANCELLED }
      customerSince: { isNull: false }
    }
    orderBy: [{ field: CANCELLED_AT, direction: DESC }]
  ) {
    totalCount
    nodes {
      firstPromoterId
      email
      planName
      customerSince
      cancelledAt
      promoter {
        name
      }
      commissions {
        nodes {
          amount
          unit
          # In minor units.
          saleAmount
        }
      }
    }
  }
}
`,
  },
];
