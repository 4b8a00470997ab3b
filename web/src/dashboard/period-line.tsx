import { daysInWords, periodName } from "./period-presets";
import type { View } from "./view";

/** Which days these are, and which they are compared with. */
export function PeriodLine({ view, start, end }: { view: View; start: string | null | undefined; end: string | null | undefined }) {
  const { period, compareTo, timezone } = view;
  const unit = period.kind === "current" ? period.unit.toLowerCase() : "";
  const before = compareTo === "PREVIOUS_YEAR" ? "a year before" : "before";
  const compared = unit ? `the whole ${unit}` : compareTo === "PREVIOUS_YEAR" ? "the same period" : "the period";
  const comparison = compareTo && `compared with ${compared} ${before}`;
  return (
    <p className="period-line">
      <strong>{periodName(period)}{unit && " so far"}</strong>{" "}
      {[daysInWords(start ?? null, end ?? null, timezone), comparison].filter(Boolean).join(", ")}
    </p>
  );
}
