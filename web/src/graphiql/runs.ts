/** What is known about the last run of each tab beside its answer: how long it took, what is left, the messages that came. */
import { useSyncExternalStore } from "react";

export interface Message {
  /** Counts from 1. */
  number: number;
  /** When it came, in milliseconds since 1970. */
  at: number;
  /** As the server sent it. */
  answer: unknown;
}

export interface Run {
  /** From the request to its complete answer; null while it runs. */
  milliseconds: number | null;
  /** The answer's size in bytes, decompressed. */
  bytes: number | null;
  /** What the server says it cost, and the limit. */
  cost: { requested: number; maximum: number } | null;
  /** The points that are left of the token's share, as the server's header says. */
  pointsLeft: string | null;
  /** A subscription's messages, newest first; null for other operations. */
  messages: Message[] | null;
}

/** More messages than this are not kept. */
export const MAX_MESSAGES = 1000;

const runs = new Map<string, Run>();
const listeners = new Set<() => void>();
let openTab = "";

/** The id of the tab that is open, known before React draws it. */
export function currentTab(): string {
  return openTab;
}

export function setCurrentTab(id: string) {
  openTab = id;
}

/** The tab of the run that began last. */
export function lastRunTab(): string | null {
  return [...runs.keys()].at(-1) ?? null;
}

/** Begins a run in the tab that is open, and gives the way to say more about it. */
export function beginRun(first: Partial<Run> = {}): (change: (before: Run) => Partial<Run>) => void {
  const tab = openTab;
  let mine: Run = { milliseconds: null, bytes: null, cost: null, pointsLeft: null, messages: null, ...first };
  runs.delete(tab);
  const tell = () => {
    runs.set(tab, mine);
    for (const listener of listeners) listener();
  };
  tell();
  return (change) => {
    // Another run has begun in this tab since.
    if (runs.get(tab) !== mine) return;
    mine = { ...mine, ...change(mine) };
    tell();
  };
}

/** Forgets the runs of all tabs. */
export function forgetRuns() {
  runs.clear();
  for (const listener of listeners) listener();
}

export function useRun(tab: string): Run | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => runs.get(tab),
  );
}
