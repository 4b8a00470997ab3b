/** Whose token it is, as the server says. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { RequestError } from "../api/request";
import { useData } from "../api/use-data";
import { graphql } from "../generated";
import type { DashboardViewerQuery } from "../generated/graphql";
import { hasToken, useSession } from "./session";

const VIEWER = graphql(`
  query DashboardViewer {
    viewer { role subject seesContactData expiresAt currency promoter { id firstPromoterId name email } }
  }
`);

/** How often a server that does not answer is asked again, and one that accepts a token beyond its end. */
const RETRY_MS = 3_000;
/** The longest time that a timer of a browser can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** The viewer; asked again when the token ends, and while the server does not answer. */
export function useViewer(): UseQueryResult<DashboardViewerQuery, RequestError> {
  const session = useSession();
  return useData(VIEWER, {}, {
    enabled: hasToken(session),
    refetchInterval: (data) => {
      if (!data || session.standing.kind === "unreachable") return RETRY_MS;
      const left = Date.parse(data.viewer.expiresAt) - Date.now();
      return left > 0 ? Math.min(left + 100, LONGEST_MS) : RETRY_MS;
    },
  });
}
