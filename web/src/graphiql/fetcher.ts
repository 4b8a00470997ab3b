/** Sends operations to the server this page came from, and to no other. */
import type { Fetcher, FetcherParams, Observable } from "@graphiql/toolkit";
import { type ExecutionResult, Kind, type OperationDefinitionNode, parse } from "graphql";
import type { Client, Sink } from "graphql-ws";
import { follow, liveClientFor, said } from "../api/live";
import { NO_ANSWER } from "../api/no-answer";
import { type AnswerError, refuse } from "../api/request";
import { setStanding } from "../session/session";
import { parseExactly } from "../ui/exact-json";
import { parseVariables } from "./exact-variables";
import { MAX_MESSAGES, type Run, beginRun } from "./runs";

interface ErrorAnswer {
  errors?: AnswerError[];
}

interface TokenFetcher {
  fetcher: Fetcher;
  /** Stops what runs: no answer and no message comes after this. */
  end(): void;
}

/**
 * A fetcher for one token; another token needs another fetcher, and GraphiQL then asks for the schema again.
 * `variablesText` gives what stands in the editor of variables: GraphiQL has rounded their big integers already.
 */
export function fetcherFor(token: string, variablesText: () => string): TokenFetcher {
  const live = liveClientFor(token);
  const ending = new AbortController();
  const fetcher: Fetcher = async (asked) => {
    if (!token) throw said("Sign in first.");
    // The page's own question for the schema.
    if (asked.operationName === "IntrospectionQuery") return await ask(token, asked, ending.signal);
    const operation = operationOf(asked);
    const params = { ...asked, operationName: operation?.name?.value, variables: parseVariables(variablesText()) };
    return observable(ending.signal, operation?.operation === "subscription" ? noted(live, params) : stoppable(token, params));
  };
  return { fetcher, end: () => ending.abort() };
}

/** The operation to run. GraphiQL learns some time after an edit which there are: if the one it names is gone, the first. */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | undefined {
  try {
    const operations = parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    return operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  } catch {
    // The server says what is wrong with it.
    return undefined;
  }
}

/** Starts an operation, and gives the way to stop it. */
type Start = (sink: Sink<ExecutionResult>) => () => void;

/** A subscription whose messages are kept. */
function noted(live: Client, params: FetcherParams): Start {
  return (sink) => {
    const tell = beginRun({ messages: [] });
    return follow(live, params, {
      ...sink,
      next(answer) {
        tell(({ messages: before }) => {
          const message = { number: (before?.[0]?.number ?? 0) + 1, at: Date.now(), answer };
          return { messages: [message, ...(before ?? [])].slice(0, MAX_MESSAGES) };
        });
        sink.next(answer);
      },
    });
  };
}

/** A request that GraphiQL can stop, by its button or by opening another tab: its answer would come into that tab. */
function stoppable(token: string, params: FetcherParams): Start {
  return (sink) => {
    const stop = new AbortController();
    const begun = performance.now();
    const tell = beginRun();
    const done = (facts: Partial<Run>) => tell(() => ({ ...facts, milliseconds: performance.now() - begun }));
    ask(token, params, stop.signal, done).then(
      (answer) => {
        tell(() => ({ cost: costOf(answer) }));
        sink.next(answer);
        sink.complete();
      },
      (error: unknown) => sink.error(error),
    );
    return () => stop.abort();
  };
}

/**
 * What GraphiQL runs, until `ending` says that the token is another. A run that was stopped says nothing more: GraphiQL
 * would take that for the end of the next one.
 */
function observable(ending: AbortSignal, start: Start): Observable<ExecutionResult> {
  return {
    subscribe(observer: unknown) {
      const sink = observer as Sink<ExecutionResult>;
      let isStopped = ending.aborted;
      if (isStopped) return { unsubscribe() {} };
      const end = start({
        next: (answer) => isStopped || sink.next(answer),
        error: (error) => isStopped || sink.error(error),
        complete: () => isStopped || sink.complete(),
      });
      const unsubscribe = () => {
        isStopped = true;
        ending.removeEventListener("abort", unsubscribe);
        end();
      };
      ending.addEventListener("abort", unsubscribe);
      return { unsubscribe };
    },
  };
}

async function ask(
  token: string,
  { query, variables, operationName }: FetcherParams,
  signal: AbortSignal,
  done?: (facts: Partial<Run>) => void,
): Promise<ExecutionResult> {
  const headers: Record<string, string> = {
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
  };
  if (token) headers.authorization = `Bearer ${token}`;
  let response: Response;
  let text: string;
  try {
    const body = JSON.stringify({ query, variables, operationName: operationName ?? undefined });
    response = await fetch("graphql", { method: "POST", headers, body, cache: "no-store", credentials: "omit", signal });
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    setStanding(token, { kind: "unreachable", message: NO_ANSWER });
    throw said(NO_ANSWER);
  }
  done?.({ bytes: new TextEncoder().encode(text).length, pointsLeft: response.headers.get("ratelimit-remaining") });
  const answer = read(response, text);
  judge(token, response, answer);
  return answer;
}

/** What an answer says about the token and the server. */
function judge(token: string, response: Response, answer: ExecutionResult) {
  const error = (answer as ErrorAnswer).errors?.[0];
  if (response.status === 401) {
    refuse(token, error);
  } else if (response.status === 404 || response.status >= 500) {
    const message = error?.message ?? response.statusText;
    setStanding(token, { kind: "unreachable", message: `The server answers with HTTP ${response.status}: ${message}` });
  } else {
    setStanding(token, { kind: "accepted" });
  }
}

function costOf({ extensions }: ExecutionResult): Run["cost"] {
  return (extensions as { cost?: Run["cost"] } | undefined)?.cost ?? null;
}

function read(response: Response, text: string): ExecutionResult {
  try {
    return parseExactly(text) as ExecutionResult;
  } catch {
    throw said(`HTTP ${response.status}: ${text.slice(0, 300) || "an empty answer"}`);
  }
}
