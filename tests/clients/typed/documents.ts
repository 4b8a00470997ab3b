/** What the typed clients ask: an overview, a list with pages and an object by its id; and one mutation. */
import { graphql } from "./generated/index.js";

export const leadFields = graphql(`
  fragment LeadFields on Lead {
    id
    state
    createdAt
    promoter {
      id
      email
    }
  }
`);

export const leadsPage = graphql(`
  query LeadsPage($after: String, $filter: LeadFilter) {
    leads(first: 25, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      totalCount
      edges {
        cursor
        node {
          ...LeadFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const promoterPage = graphql(`
  query PromoterPage($id: ID!, $commissions: Int = 5) {
    viewer {
      role
    }
    promoter(id: $id) {
      id
      firstPromoterId
      email
      joinedAt
      balances {
        nodes {
          id
          kind
          unit
          amount
        }
      }
      commissions(first: $commissions, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
        totalCount
        nodes {
          id
          status
          amount
          lead {
            ...LeadFields
          }
        }
      }
    }
  }
`);

export const anyObject = graphql(`
  query AnyObject($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Lead {
        state
      }
      ... on Promoter {
        firstPromoterId
      }
    }
  }
`);

export const tooMany = graphql(`
  query TooMany {
    leads(first: 100000) {
      totalCount
    }
  }
`);

export const replay = graphql(`
  mutation Replay($input: ReplayEventsInput!) {
    replayEvents(input: $input) {
      replayed
    }
  }
`);
