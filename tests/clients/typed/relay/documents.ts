/** What Relay's compiler reads; it runs what it generates from this, never this file. */
import { graphql } from "relay-runtime";

export const leads = graphql`
  fragment documents_leads on Query
  @refetchable(queryName: "documentsLeadsPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 25 }, cursor: { type: "String" }) {
    leads(first: $count, after: $cursor, orderBy: [{ field: CREATED_AT, direction: DESC }])
      @connection(key: "documents_leads") {
      totalCount
      edges {
        node {
          id
          promoter {
            id
          }
        }
      }
    }
  }
`;

export const promoter = graphql`
  fragment documents_promoter on Promoter
  @refetchable(queryName: "documentsPromoterRefetchQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 1 }) {
    email
    commissions(first: $count) {
      nodes {
        id
      }
    }
  }
`;

export const page = graphql`
  query documentsPageQuery($promoter: ID!) {
    ...documents_leads
    promoter(id: $promoter) {
      ...documents_promoter
    }
  }
`;
