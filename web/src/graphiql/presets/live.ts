import type { Preset } from "./preset";

export const LIVE: Preset[] = [
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
        name
        email
      }
    }
    lastEventId
  }
}
`,
  },
  {
    name: "CommissionsLive",
    title: "Commissions as they change",
    description: "New ones, and those that are approved, denied or paid.",
    isLive: true,
    query: `subscription CommissionsLive {
  commissionChanged {
    updatedAt
    commission {
      firstPromoterId
      status
      # Cash and sales are in minor units.
      amount
      unit
      saleAmount
      promoter {
        name
        email
      }
    }
    lastEventId
  }
}
`,
  },
  {
    name: "WebhooksLive",
    title: "Webhooks as they arrive",
    description: "Each event when it is stored.",
    forAdmins: true,
    isLive: true,
    query: `subscription WebhooksLive {
  webhookEventReceived {
    webhookEvent {
      eventType
      status
      receivedAt
      error
    }
    lastEventId
  }
}
`,
  },
];
