import { comparedDays, daysInWords, periodName } from "./period-presets";
import type { View } from "./view";

/** Which days these are, and which they are compared with; no days until the answer tells them. */
export function PeriodLine({ view, period }: { view: View; period: { start: string | null; end: string | null } | null | undefined }) {
  const { compareTo, timezone } = view;
  const unit = view.period.kind === "current" ? view.period.unit.toLowerCase() : "";
  const span = period?.start && period.end ? { start: period.start, end: period.end } : null;
  return (
    <p className="period-line">
      <strong>{periodName(view.period)}{unit && " so far"}</strong>{" "}
      {span && daysInWords(span, timezone)}
      {span && compareTo && `, compared with ${comparedDays(view.period, span, compareTo, timezone)}`}
    </p>
  );
}
