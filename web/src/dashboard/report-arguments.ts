/** A view as the arguments of `performance`. */
import type { Interval, PerformanceComparison, PerformanceFilter, PerformancePeriod } from "../generated/graphql";
import { firstDayOf } from "./calendar";
import type { Period, View } from "./view";

export interface ReportArguments {
  period: PerformancePeriod;
  timezone: string;
  compareTo: PerformanceComparison | null;
  filter: PerformanceFilter;
}

/** `today` in the view's zone. */
export function reportArguments(view: View, today: string): ReportArguments {
  return { period: periodArgument(view.period, today), timezone: view.timezone, compareTo: comparisonOf(view), filter: filterArgument(view) };
}

/** The same for one promoter. */
export function promoterArguments(view: View, today: string, promoter: string): ReportArguments {
  return { ...reportArguments(view, today), filter: { ...filterArgument({ campaign: view.campaign, country: null }), promoterId: { eq: promoter } } };
}

/** The running year is compared with the same days of last year: as many days before would begin in its middle. */
export function comparisonOf({ period, compareTo }: View): View["compareTo"] {
  return compareTo && period.kind === "current" && period.unit === "YEAR" ? "PREVIOUS_YEAR" : compareTo;
}

/** The running period ends today, so that it is compared with as much time before, not with a whole month. */
function periodArgument(period: Period, today: string): PerformancePeriod {
  switch (period.kind) {
    case "last":
      return { last: { count: period.count, unit: period.unit } };
    case "current":
      return { dates: { from: firstDayOf(period.unit, today), to: today } };
    case "dates":
      return { dates: { from: period.from, to: period.to } };
  }
}

function filterArgument({ campaign, country }: Pick<View, "campaign" | "country">): PerformanceFilter {
  return {
    ...(campaign && { campaignId: { eq: campaign } }),
    ...(country && { country: { eq: country } }),
  };
}

const DAYS = { HOUR: 1 / 24, DAY: 1, WEEK: 7, MONTH: 30, QUARTER: 91, YEAR: 365 };

/** The interval that gives a chart about 7 to 45 points. */
export function intervalOf(period: PerformancePeriod): Interval {
  const days = daysOf(period);
  if (days <= 2) return "HOUR";
  if (days <= 45) return "DAY";
  if (days <= 190) return "WEEK";
  if (days <= 4 * 366) return "MONTH";
  return days <= 12 * 366 ? "QUARTER" : "YEAR";
}

function daysOf({ last, dates }: PerformancePeriod): number {
  if (last) return last.count * DAYS[last.unit];
  return dates ? (Date.parse(dates.to) - Date.parse(dates.from)) / 86_400_000 + 1 : 0;
}
