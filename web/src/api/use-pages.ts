/** All rows of a list, page after page, so that a table can sort them and CSV holds them all. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { TypedDocumentString } from "../generated/graphql";
import { useSession } from "../session/session";
import { type RequestError, request } from "./request";

/** A page of a list, as every connection has it. */
export interface Connection<Row> {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: Row[];
}

export interface Pages<Row, Data = unknown> {
  rows: Row[];
  /** The first page's answer, for what else it tells. */
  first: Data | null;
  /** How many rows there are; null before the first page. */
  total: number | null;
  /** Whether the first page, or a next one, is on its way. */
  isLoading: boolean;
  /** Whether rows are missing: it was stopped, or there are more than the limit. */
  isPartial: boolean;
  error: RequestError | null;
  stop: () => void;
  /** Loads on: after a stop, an error, or the limit. */
  more: () => void;
}

/** So many rows are loaded unasked. */
const LIMIT = 10_000;
/** Shorter lists are read again when something may have changed. */
const MAX_REFRESHED_PAGES = 5;

/** `document` takes the cursor as `$after` and selects `totalCount`; `connectionOf` must be a constant. */
export function usePages<Data, Variables extends { after?: string | null }, Row>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  connectionOf: (data: Data) => Connection<Row> | null | undefined,
): Pages<Row, Data> {
  const { token } = useSession();
  const [isStopped, setStopped] = useState(false);
  const [limit, setLimit] = useState(LIMIT);
  const query = useInfiniteQuery<Data, RequestError, { pages: Data[] }, unknown[], string | null>({
    queryKey: [token, document.toString(), variables, "pages"],
    queryFn: ({ pageParam, signal }) => request(token, document, { ...variables, after: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => {
      const page = connectionOf(last)?.pageInfo;
      return page?.hasNextPage ? page.endCursor : undefined;
    },
    // A long list is as it was when it was loaded: reading all its pages again is asking too much of the server.
    enabled: ({ state }) => Boolean(token) && (state.data?.pages.length ?? 0) <= MAX_REFRESHED_PAGES,
  });
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => connectionOf(page)?.nodes ?? []) ?? [], [data, connectionOf]);
  const last = data?.pages.at(-1);
  const isGoingOn = hasNextPage && !isStopped && !error && rows.length < limit;
  useEffect(() => {
    if (isGoingOn && !isFetching) void fetchNextPage();
  }, [isGoingOn, isFetching, fetchNextPage]);
  return {
    rows,
    first: data?.pages[0] ?? null,
    total: last ? (connectionOf(last)?.totalCount ?? null) : null,
    isLoading: isGoingOn || query.isLoading,
    isPartial: hasNextPage && !isGoingOn,
    error,
    stop: () => setStopped(true),
    more: () => {
      setStopped(false);
      if (rows.length >= limit) setLimit(rows.length + LIMIT);
      if (error) void (hasNextPage ? fetchNextPage() : refetch());
    },
  };
}
