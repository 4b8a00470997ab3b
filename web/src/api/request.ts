/** Asks the server this page came from, and no other: one typed document, one answer. */
import type { TypedDocumentString } from "../generated/graphql";
import { setStanding } from "../session/session";
import { NO_ANSWER } from "./no-answer";

/** Why a request has no data. */
export class RequestError extends Error {
  constructor(
    /** The server's code, `UNREACHABLE` if there was no answer. */
    readonly code: string,
    message: string,
    /** Why a token is refused: `expired`, `revoked`, ... Null for other errors. */
    readonly reason: string | null = null,
  ) {
    super(message);
  }
}

export interface AnswerError {
  message?: string;
  extensions?: { code?: string; reason?: string };
}

interface Answer<Data> {
  data?: Data | null;
  errors?: AnswerError[];
}

/** Notes that the server does not take the token: HTTP 401, with this error. */
export function refuse(token: string, error: AnswerError | undefined): RequestError {
  const code = error?.extensions?.code ?? "UNAUTHENTICATED";
  const message = error?.message ?? "The server wants a valid token.";
  const reason = error?.extensions?.reason ?? null;
  setStanding(token, { kind: "refused", code, message, reason });
  return new RequestError(code, message, reason);
}

/** Sends a document. An answer with errors is an error, even if it holds data: a page shows no half figures. */
export async function request<Data, Variables>(
  token: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  let response: Response;
  try {
    response = await fetch("graphql", {
      method: "POST",
      headers: { accept: "application/graphql-response+json", "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document.toString(), variables }),
      cache: "no-store",
      credentials: "omit",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    setStanding(token, { kind: "unreachable", message: NO_ANSWER });
    throw new RequestError("UNREACHABLE", NO_ANSWER);
  }
  const answer = await read<Data>(response);
  if (!answer) {
    // A proxy's page, say: not this server, which says nothing about the token.
    const message = `The server answers with HTTP ${response.status}, and not as GraphQL.`;
    setStanding(token, { kind: "unreachable", message });
    throw new RequestError("UNREACHABLE", message);
  }
  const error = answer.errors?.[0];
  if (response.status === 401) throw refuse(token, error);
  setStanding(token, { kind: "accepted" });
  if (error) throw new RequestError(error.extensions?.code ?? "UNKNOWN", error.message ?? "An error without a message.", error.extensions?.reason ?? null);
  if (!answer.data) throw new RequestError("UNKNOWN", `HTTP ${response.status}: an answer without data`);
  return answer.data;
}

/** The answer if it is one of GraphQL. */
async function read<Data>(response: Response): Promise<Answer<Data> | null> {
  try {
    const answer = (await response.json()) as Answer<Data> | null;
    return answer?.data !== undefined || answer?.errors ? answer : null;
  } catch {
    return null;
  }
}
