/** Subscriptions, over a WebSocket to the server this page came from. */
import type { FetcherParams } from "@graphiql/toolkit";
import type { ExecutionResult } from "graphql";
import { type Client, CloseCode, type Sink, createClient } from "graphql-ws";
import { setStanding } from "../session/session";
import { exactly } from "../ui/exact-json";
import { NO_ANSWER } from "./no-answer";

/** A connection for one token: opened with the first subscription, closed after the last. */
export function liveClientFor(token: string): Client {
  const url = new URL("graphql", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return createClient({
    url: url.href,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    retryAttempts: 2,
    jsonMessageReviver: exactly,
    on: {
      closed(event) {
        if (isLost(event)) setStanding(token, { kind: "unreachable", message: NO_ANSWER });
        if (!(event instanceof CloseEvent) || event.code !== CloseCode.Forbidden) return;
        const reason = /expired|revoked/.exec(event.reason)?.[0] ?? null;
        setStanding(token, { kind: "refused", code: "UNAUTHENTICATED", message: "The server closed the live connection.", reason });
      },
    },
  });
}

/** Hands over the messages of a subscription; what ends it is an error in words. Gives the way to stop it. */
export function follow(client: Client, { query, variables, operationName }: FetcherParams, sink: Sink<ExecutionResult>): () => void {
  const payload = { query, variables: variables as Record<string, unknown> | undefined, operationName };
  return client.subscribe(payload, {
    next: (message) => sink.next(message as ExecutionResult),
    error: (reason) => sink.error(inWords(reason)),
    complete: () => sink.complete(),
  });
}

/** An error in words alone: GraphiQL would show where in its scripts an `Error` was made, and not these. */
export function said(message: string): { message: string }[] {
  return [{ message }];
}

/** Closed without a word, or never open: the server is gone, or was never there. */
function isLost(reason: unknown): boolean {
  return reason instanceof CloseEvent ? reason.code === 1006 : reason instanceof Event;
}

function inWords(reason: unknown): unknown {
  if (isLost(reason)) return said(NO_ANSWER);
  if (reason instanceof CloseEvent) {
    return said(`The server closed the connection: ${reason.reason || "without a reason"} (${reason.code})`);
  }
  return reason instanceof Error ? said(reason.message) : reason;
}
