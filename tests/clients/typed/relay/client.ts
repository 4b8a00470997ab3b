/** Relay: what its compiler made of the documents, run by its runtime against the server. */
import {
  type ConcreteRequest,
  Environment,
  type FragmentType,
  getSelector,
  Network,
  type OperationType,
  type ReaderFragment,
  RecordSource,
  Store,
  createOperationDescriptor,
  fetchQuery,
} from "relay-runtime";
import type { Server } from "../server.js";
import pageQuery, { type documentsPageQuery } from "./__generated__/documentsPageQuery.graphql.js";
import leadsPage, { type documentsLeadsPageQuery } from "./__generated__/documentsLeadsPageQuery.graphql.js";
import refetch, { type documentsPromoterRefetchQuery } from "./__generated__/documentsPromoterRefetchQuery.graphql.js";
import leadsFragment, { type documents_leads$data } from "./__generated__/documents_leads.graphql.js";
import promoterFragment, { type documents_promoter$data } from "./__generated__/documents_promoter.graphql.js";

export function connect({ url, token }: Server) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const network = Network.create(async ({ id, text, name }, variables) => {
    // A trusted document has an id, and no text.
    const body = JSON.stringify(id ? { doc_id: id, variables } : { query: text, operationName: name, variables });
    const response = await fetch(url, { method: "POST", headers, body });
    return await response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

/** What the store holds for a fragment. */
function read<Data>(environment: Environment, fragment: ReaderFragment, key: unknown): Data {
  const selector = getSelector(fragment, key as FragmentType);
  if (selector?.kind !== "SingularReaderSelector") throw new Error(`no ${fragment.name}`);
  return environment.lookup(selector).data as unknown as Data;
}

async function ask<Query extends OperationType>(environment: Environment, query: ConcreteRequest, variables: Query["variables"]) {
  // Kept, or the store may forget what the next page belongs to.
  environment.retain(createOperationDescriptor(query, variables));
  const data = await fetchQuery<Query>(environment, query, variables).toPromise();
  if (!data) throw new Error("no answer");
  return data;
}

/** The ids of all leads of the connection after the last page, and how many there are. */
export async function walk(environment: Environment, promoter: string) {
  const page = await ask<documentsPageQuery>(environment, pageQuery, { promoter });
  for (let pages = 1; ; pages += 1) {
    const { leads } = read<documents_leads$data & Connection>(environment, leadsFragment, page);
    if (!leads) throw new Error("no list");
    if (!leads.pageInfo.hasNextPage) return { ids: leads.edges.map(({ node }) => node.id), total: leads.totalCount, pages };
    await ask<documentsLeadsPageQuery>(environment, leadsPage, { count: 50, cursor: leads.pageInfo.endCursor });
  }
}

/** What the compiler adds to a fragment with `@connection`. */
interface Connection {
  leads: { pageInfo: { hasNextPage: boolean; endCursor: string } } | null;
}

/** How many commissions of a promoter the store holds, at first and when more are asked for by `node`. */
export async function refetched(environment: Environment, promoter: string) {
  const page = await ask<documentsPageQuery>(environment, pageQuery, { promoter });
  const first = read<documents_promoter$data>(environment, promoterFragment, page.promoter);
  const again = await ask<documentsPromoterRefetchQuery>(environment, refetch, { count: 3, id: promoter });
  const more = read<documents_promoter$data>(environment, promoterFragment, again.node);
  return [first.commissions?.nodes.length, more.commissions?.nodes.length];
}
