/** Apollo Client: its cache, its pagination for lists in Relay's manner, its errors. */
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";
import { anyObject, leadsPage, promoterPage, replay, tooMany } from "./documents.js";
import type { LeadsPageQuery } from "./generated/graphql.js";
import type { Server } from "./server.js";

export function connect({ url, token }: Server, useGETForQueries = false) {
  return new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` }, useGETForQueries }),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { leads: relayStylePagination(["filter", "orderBy"]) } } },
    }),
  });
}

type Apollo = ReturnType<typeof connect>;

/** The ids of all leads as the cache holds them after the last page, and how many there are. */
export async function walk(client: Apollo) {
  const list = client.watchQuery({ query: leadsPage });
  // The list stays watched, as by a page on the screen.
  const watched = list.subscribe({});
  const complete = () => firstValueFrom(list.pipe(filter((result) => result.dataState === "complete" && !result.loading)));
  for (let pages = 1; ; pages += 1) {
    const { leads } = (await complete()).data as LeadsPageQuery;
    if (!leads) throw new Error("no list");
    if (!leads.pageInfo.hasNextPage) {
      watched.unsubscribe();
      return { ids: leads.edges.map(({ node }) => node.id), total: leads.totalCount, pages };
    }
    await list.fetchMore({ variables: { after: leads.pageInfo.endCursor } });
  }
}

export async function promoter(client: Apollo, id: string) {
  const { data } = await client.query({ query: promoterPage, variables: { id } });
  return data?.promoter;
}

/** The object behind any id: which type it is tells which fields there are. */
export async function object(client: Apollo, id: string) {
  const { data } = await client.query({ query: anyObject, variables: { id } });
  const node = data?.node;
  return node?.__typename === "Promoter" ? node.firstPromoterId : undefined;
}

/** The code of the error of a query that the server refuses. */
export async function refusal(client: Apollo) {
  try {
    await client.query({ query: tooMany });
  } catch (error) {
    if (CombinedGraphQLErrors.is(error)) return error.errors[0]?.extensions?.["code"];
    throw error;
  }
  return undefined;
}

export async function replayAll(client: Apollo) {
  const { data } = await client.mutate({ mutation: replay, variables: { input: { types: ["lead_signup"] } } });
  return data?.replayEvents.replayed;
}
