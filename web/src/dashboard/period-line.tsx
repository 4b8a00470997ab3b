import { daysInWords, periodName } from "./period-presets";
import type { View } from "./view";

/** Which days these are, and which they are compared with. */
export function PeriodLine({ view, start, end }: { view: View; start: string | null | undefined; end: string | null | undefined }) {
  const { period, compareTo, timezone } = view;
  const unit = period.kind === "current" ? period.unit.toLowerCase() : "";
  return (
    <p className="period-line">
      <strong>{periodName(period)}{unit && " so far"}</strong>{" "}
      {daysInWords(start ?? null, end ?? null, timezone)}
      {compareTo === "PREVIOUS_PERIOD" && (unit ? `, compared with the whole ${unit} before` : ", compared with the period before")}
      {compareTo === "PREVIOUS_YEAR" && (unit ? `, compared with the whole ${unit} a year before` : ", compared with the same period a year before")}
    </p>
  );
}
