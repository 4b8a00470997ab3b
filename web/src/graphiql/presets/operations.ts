import type { Preset } from "./preset";

export const OPERATIONS: Preset[] = [
  {
    name: "Freshness",
    title: "How fresh is this?",
    description: "The last webhook, what still waits, and how many events are in which state.",
    view: "table",
    query: `query Freshness {
  freshness {
    lastReceivedAt
    lastAppliedAt
    lagMilliseconds
    eventsWithWarnings
    eventsHeldBack
    spooled
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
    view: "table",
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
  {
    name: "WhoAmI",
    title: "Who am I?",
    description: "The role and the rights of the token, and the currency.",
    view: "table",
    query: `query WhoAmI {
  viewer {
    role
    subject
    seesContactData
    expiresAt
    currency
  }
}
`,
  },
];
