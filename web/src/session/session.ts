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
  | { kind: "accepted" }
  | { kind: "refused"; code: string; message: string }
  | { kind: "unreachable"; message: string };

export interface Session {
  /** Without "Bearer", without white space; empty when there is none. */
  token: string;
  standing: Standing;
}

let session: Session = { token: sessionStorage.getItem(KEY) ?? "", standing: { kind: "unknown" } };
const listeners = new Set<() => void>();

function change(next: Session) {
  session = next;
  for (const listener of listeners) listener();
}

/** Keeps a token as it was pasted, for example with "Bearer " in front of it. Empty text forgets it. */
export function setToken(text: string) {
  const token = cleanToken(text);
  if (token === session.token) return;
  if (!isSendable(token)) {
    // It cannot be sent, so it is not kept.
    change({ token: "", standing: { kind: "refused", code: "BAD_TOKEN", message: "The token holds a character that cannot be in a token." } });
    return;
  }
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
  change({ token, standing: { kind: "unknown" } });
}

/** Notes what an answer said about `token`; an answer to an earlier token says nothing about the present one. */
export function setStanding(token: string, standing: Standing) {
  if (token !== session.token) return;
  if (standing.kind === session.standing.kind && standing.kind !== "refused" && standing.kind !== "unreachable") return;
  change({ token, standing });
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}
