/** Subscriptions, over a WebSocket to the server this page came from. */
import type { FetcherParams } from "@graphiql/toolkit";
import type { ExecutionResult } from "graphql";
import { type Client, CloseCode, createClient } from "graphql-ws";
import { setStanding } from "./session";

/** A connection for one token: opened with the first subscription, closed after the last. */
export function liveClientFor(token: string): Client {
  const url = new URL("/graphql", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return createClient({
    url: url.href,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    retryAttempts: 2,
    on: {
      closed(event) {
        if (!(event instanceof CloseEvent) || event.code !== CloseCode.Forbidden) return;
        setStanding(token, { kind: "refused", code: "UNAUTHENTICATED", message: "The server closed the live connection." });
      },
    },
  });
}

/** The messages of a subscription; what ends it is an error in words. */
export function messagesOf(client: Client, { query, variables, operationName }: FetcherParams): AsyncIterableIterator<ExecutionResult> {
  const messages = client.iterate({
    query,
    variables: variables as Record<string, unknown> | undefined,
    operationName,
  }) as AsyncIterableIterator<ExecutionResult>;
  // By hand: a generator around it would keep the page's "stop" waiting for the next message.
  return {
    next: () => messages.next().catch((reason: unknown) => Promise.reject(inWords(reason))),
    return: (value) => messages.return?.(value) ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A list, as the server's own errors are: GraphiQL would show where in its scripts an `Error` was made. */
function inWords(reason: unknown): unknown {
  if (reason instanceof CloseEvent) {
    return [{ message: `The server closed the connection: ${reason.reason || "without a reason"} (${reason.code})` }];
  }
  return reason;
}
