/** Days of a zone, written as `2026-03-01`. */
import { useSyncExternalStore } from "react";
import { dayOf } from "../ui/file-name";
import type { Period, PeriodUnit } from "./view";

/** The present day; a page that stays open over midnight is drawn anew. */
export function useToday(timezone: string): string {
  return useSyncExternalStore(everyMinute, () => dayOf(Date.now(), timezone));
}

function everyMinute(listener: () => void): () => void {
  const timer = setInterval(listener, 60_000);
  return () => clearInterval(timer);
}

/** The first day of the week (from Monday), month, ... that a day is in. */
export function firstDayOf(unit: PeriodUnit, day: string): string {
  const date = new Date(day);
  switch (unit) {
    case "DAY":
      break;
    case "WEEK":
      date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
      break;
    case "MONTH":
      date.setUTCDate(1);
      break;
    case "QUARTER":
      date.setUTCMonth(Math.floor(date.getUTCMonth() / 3) * 3, 1);
      break;
    case "YEAR":
      date.setUTCMonth(0, 1);
      break;
  }
  return date.toISOString().slice(0, 10);
}

/** Whether a period goes on: what it holds so far is not all of it. */
export function isRunning(period: Period, today: string): boolean {
  return period.kind === "current" || (period.kind === "dates" && period.to >= today);
}
