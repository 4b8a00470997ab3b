import { isRunning, useToday } from "./calendar";
import { comparedDays, daysInWords, periodName } from "./period-presets";
import { comparisonOf } from "./report-arguments";
import type { View } from "./view";

/** Which days these are, and which they are compared with; no days until the answer tells them. */
export function PeriodLine({ view, period }: { view: View; period: { start: string | null; end: string | null } | null | undefined }) {
  const { timezone } = view;
  const compareTo = comparisonOf(view);
  const isSoFar = isRunning(view.period, useToday(timezone));
  const span = period?.start && period.end ? { start: period.start, end: period.end } : null;
  return (
    <p className="period-line">
      <strong>{periodName(view.period)}{isSoFar && " so far"}</strong>{" "}
      {span && daysInWords(span, timezone)}
      {span && compareTo && `, compared with ${comparedDays(view.period, span, compareTo, timezone)}`}
    </p>
  );
}
