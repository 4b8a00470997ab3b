/** The answers that a component shows, cached for each token by TanStack Query. */
import { QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { TypedDocumentString } from "../generated/graphql";
import { onSessionChange, useSession } from "../session/session";
import { type RequestError, request } from "./request";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The server says in words why it refuses; only a lost connection is worth asking again.
      retry: (failures, error) => failures < 3 && (error as RequestError).code === "UNREACHABLE",
      staleTime: 10_000,
      // The server may be on this machine, whatever the browser thinks of the network.
      networkMode: "always",
    },
  },
});
// What a token has shown is gone with it.
onSessionChange(({ token, standing }) => {
  if (!token || standing.kind === "checking") queryClient.clear();
});

/** The answer to a document for the present token; asked again when the variables or the token change. */
export function useData<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  options: { enabled?: boolean; refetchInterval?: (data: Data | undefined) => number | false } = {},
): UseQueryResult<Data, RequestError> {
  const { token } = useSession();
  return useQuery<Data, RequestError>({
    queryKey: [token, document.toString(), variables],
    queryFn: ({ signal }) => request(token, document, variables, signal),
    enabled: Boolean(token) && options.enabled !== false,
    refetchInterval: ({ state }) => options.refetchInterval?.(state.data) ?? false,
    // The former answer until the new one is there, but never what another token may see.
    placeholderData: (previous, query) => (query?.queryKey[0] === token ? previous : undefined),
  });
}
