/** Sends operations to the server this page came from, and to no other. */
import type { Fetcher } from "@graphiql/toolkit";
import { type ExecutionResult, getOperationAST } from "graphql";
import { liveClientFor, messagesOf, said } from "../api/live";
import { NO_ANSWER } from "../api/no-answer";
import { setStanding } from "../session/session";

interface ErrorAnswer {
  errors?: { message?: string; extensions?: { code?: string; reason?: string } }[];
}

/** A fetcher for one token; another token needs another fetcher, and GraphiQL then asks for the schema again. */
export function fetcherFor(token: string): Fetcher {
  const live = liveClientFor(token);
  return async (params, options) => {
    const { query, variables, operationName } = params;
    const document = options?.documentAST;
    if (document && getOperationAST(document, operationName)?.operation === "subscription") return messagesOf(live, params);
    const headers: Record<string, string> = {
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
    };
    if (token) headers.authorization = `Bearer ${token}`;
    let response: Response;
    try {
      const body = JSON.stringify({ query, variables, operationName: operationName ?? undefined });
      response = await fetch("graphql", { method: "POST", headers, body, cache: "no-store", credentials: "omit" });
    } catch {
      setStanding(token, { kind: "unreachable", message: NO_ANSWER });
      throw said(NO_ANSWER);
    }
    const answer = await read(response);
    if (response.status === 401) {
      const error = (answer as ErrorAnswer).errors?.[0];
      setStanding(token, {
        kind: "refused",
        code: error?.extensions?.code ?? "UNAUTHENTICATED",
        message: error?.message ?? "The server wants a valid token.",
        reason: error?.extensions?.reason ?? null,
      });
    } else if (response.status === 404 || response.status >= 500) {
      const message = (answer as ErrorAnswer).errors?.[0]?.message ?? response.statusText;
      setStanding(token, { kind: "unreachable", message: `The server answers with HTTP ${response.status}: ${message}` });
    } else {
      setStanding(token, { kind: "accepted" });
    }
    return answer;
  };
}

async function read(response: Response): Promise<ExecutionResult> {
  const text = await response.text();
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    throw said(`HTTP ${response.status}: ${text.slice(0, 300) || "an empty answer"}`);
  }
}
