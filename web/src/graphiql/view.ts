/** How the answer of each tab is shown, as its user chose; a link carries it. */
import { useSyncExternalStore } from "react";
import type { ChartWish } from "./chart-choice";

export const FORMS = ["json", "table", "chart"] as const;
export type Form = (typeof FORMS)[number];

export interface View extends ChartWish {
  view: Form;
  /** The path of the table that is shown. */
  table?: string;
}

const FIRST: View = { view: "json" };
const views = new Map<string, View>();
const listeners = new Set<() => void>();

export function useView(tab: string): View {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => views.get(tab) ?? FIRST,
  );
}

export function changeView(tab: string, part: Partial<View>) {
  views.set(tab, { ...(views.get(tab) ?? FIRST), ...part });
  for (const listener of listeners) listener();
}

/** A view from the parts of a link; a link that names none is the dashboard's, where figures are looked at as tables. */
export function viewOf({ view, table, kind, x, series, measures }: Record<string, string>): View {
  return { view: FORMS.find((form) => form === view) ?? "table", table, kind, x, series, measures };
}

/** The parts of a link that show a view. */
export function partsOf(view: View): Record<string, string> {
  return Object.fromEntries(Object.entries(view).filter((part): part is [string, string] => part[1] !== undefined));
}
