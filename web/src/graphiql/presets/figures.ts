import type { Preset } from "./preset";

export const FIGURES: Preset[] = [
  {
    name: "ProgrammeByMonth",
    title: "The programme by month",
    description: "Referrals, customers and revenue of twelve months.",
    view: "chart",
    query: `query ProgrammeByMonth {
  performance(
    period: { last: { count: 12, unit: MONTH } }
    interval: MONTH
  ) {
    # Money is in minor units: cents, for example.
    totals {
      referrals
      customers
      revenue
      netRevenue
    }
    nodes {
      start
      referrals
      customers
      revenue
      earnings
      netRevenue
    }
  }
}
`,
  },
  {
    name: "BestCampaigns",
    title: "Best campaigns of last quarter",
    description: "By net revenue, against the quarter before.",
    view: "chart",
    measures: "netRevenue,previous.netRevenue",
    query: `query BestCampaigns {
  performance(
    period: { last: { count: 1, unit: QUARTER } }
    compareTo: PREVIOUS_PERIOD
    by: [CAMPAIGN]
    orderBy: [{ measure: NET_REVENUE, direction: DESC }]
  ) {
    nodes {
      campaign {
        name
      }
      # Money is in minor units.
      netRevenue
      previous {
        netRevenue
      }
      revenue
      earnings
      sales
      customers
    }
  }
}
`,
  },
  {
    name: "RevenueByCampaign",
    title: "Revenue by campaign and month",
    description: "Which campaign brought what, month by month.",
    view: "chart",
    query: `query RevenueByCampaign {
  performance(
    period: { last: { count: 12, unit: MONTH } }
    interval: MONTH
    by: [CAMPAIGN]
    first: 1000
  ) {
    nodes {
      start
      campaign {
        name
      }
      # In minor units.
      revenue
    }
  }
}
`,
  },
  {
    name: "Conversion",
    title: "Conversion by campaign",
    description: "How many referrals of the last three months pay by now, and how fast.",
    view: "table",
    query: `query Conversion {
  performance(
    period: { last: { count: 3, unit: MONTH } }
    by: [CAMPAIGN]
    orderBy: [{ measure: CONVERSION_RATE, direction: DESC }]
  ) {
    nodes {
      campaign {
        name
      }
      referrals
      conversionRate
      # In milliseconds.
      timeToConvertMedian
    }
  }
}
`,
  },
  {
    name: "Retention",
    title: "Retention by month of sign-up",
    description: "What became of the leads of each month.",
    view: "table",
    query: `query Retention {
  leadCohorts(by: MONTH, months: 12) {
    cohort
    size
    periods {
      offset
      converted
      cancelled
      active
      # In minor units.
      revenue
    }
  }
}
`,
  },
  {
    name: "MeasureDefinitions",
    title: "What each measure means",
    description: "Definition, date, exactness and FirstPromoter’s name of every measure.",
    view: "table",
    query: `query MeasureDefinitions {
  measures {
    name
    description
    unit
    exactness
    reason
    dateField
    vendorName
    dimensions
  }
}
`,
  },
];
