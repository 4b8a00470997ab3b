/** urql: with its normalised cache, by POST and by GET. */
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import { leadsPage, promoterPage, tooMany } from "./documents.js";
import type { Server } from "./server.js";

export function connect({ url, token }: Server, preferGetMethod: boolean) {
  return new Client({
    url,
    preferGetMethod,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    // A viewer has no id: it belongs to its token.
    exchanges: [
      cacheExchange({ keys: { Viewer: () => null }, resolvers: { Query: { leads: relayPagination() } } }),
      fetchExchange,
    ],
  });
}

/** Sends the hash of a document by GET, and the document only when it is asked for. */
export function persisted({ url, token }: Server) {
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  });
}

/** The ids of all leads as the cache holds them after the last page, and how many there are. */
export async function walk(client: Client) {
  let [after, pages] = [undefined as string | null | undefined, 0];
  for (;;) {
    const { data, error } = await client.query(leadsPage, { after });
    if (error || !data?.leads) throw error ?? new Error("no list");
    pages += 1;
    const { edges, pageInfo, totalCount } = data.leads;
    if (!pageInfo.hasNextPage) return { ids: edges.map(({ node }) => node.id), total: totalCount, pages };
    after = pageInfo.endCursor;
  }
}

export async function promoter(client: Client, id: string) {
  const { data, error } = await client.query(promoterPage, { id });
  if (error) throw error;
  return data?.promoter;
}

/** The code of the error of a query that the server refuses. */
export async function refusal(client: Client) {
  const { error } = await client.query(tooMany, {});
  return error?.graphQLErrors[0]?.extensions["code"];
}
