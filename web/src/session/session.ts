/**
 * The token, and what the server last said about it.
 *
 * The token lives in the tab's session storage only: it is gone when the tab is closed, no other tab sees it, and it is
 * never part of an address.
 */
import { useSyncExternalStore } from "react";
import { cleanToken, isSendable } from "./token";

const KEY = "promograph.token";

/** What is known about the present token. */
export type Standing =
  | { kind: "unknown" }
  /** It was just given, and the server is asked. */
  | { kind: "checking" }
  | { kind: "accepted" }
  /** `reason` is the server's: `expired`, `revoked`, or null if it does not say. */
  | { kind: "refused"; code: string; message: string; reason: string | null }
  | { kind: "unreachable"; message: string };

export interface Session {
  /** Without "Bearer", without white space; empty when there is none. */
  token: string;
  standing: Standing;
}

let session: Session = { token: sessionStorage.getItem(KEY) ?? "", standing: { kind: "unknown" } };
const listeners = new Set<(session: Session) => void>();

function change(next: Session) {
  session = next;
  for (const listener of listeners) listener(next);
}

/** Keeps a token as it was pasted, for example with "Bearer " in front of it. Empty text forgets it. */
export function setToken(text: string) {
  const token = cleanToken(text);
  if (!isSendable(token)) {
    // It cannot be sent, so it is not kept.
    forget({ kind: "refused", code: "BAD_TOKEN", message: "The token holds a character that cannot be in a token.", reason: null });
  } else if (token) {
    sessionStorage.setItem(KEY, token);
    // Also if it is the same: somebody wants to know again.
    change({ token, standing: { kind: "checking" } });
  } else {
    forget({ kind: "unknown" });
  }
}

function forget(standing: Standing) {
  sessionStorage.removeItem(KEY);
  change({ token: "", standing });
}

/** Notes what an answer said about `token`; an answer to an earlier token says nothing about the present one. */
export function setStanding(token: string, standing: Standing) {
  if (token !== session.token || (standing.kind === "accepted" && session.standing.kind === "accepted")) return;
  change({ token, standing });
}

export function onSessionChange(listener: (session: Session) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session {
  return useSyncExternalStore(onSessionChange, () => session);
}

/** Whether there is a token that may count. */
export function hasToken({ token, standing }: Session): boolean {
  return Boolean(token) && standing.kind !== "refused";
}

/** Whether the page asks for a token: until the one that was given is accepted. */
export function isSignedOut(session: Session): boolean {
  return !hasToken(session) || session.standing.kind === "checking";
}
