/** A view as the arguments of `performance`. */
import type { Interval, PerformanceComparison, PerformanceFilter, PerformancePeriod } from "../generated/graphql";
import type { Period, View } from "./view";

export interface ReportArguments {
  period: PerformancePeriod;
  timezone: string;
  compareTo: PerformanceComparison | null;
  filter: PerformanceFilter;
}

export function reportArguments({ period, timezone, compareTo, campaign, country }: View): ReportArguments {
  return { period: periodArgument(period), timezone, compareTo, filter: filterArgument({ campaign, country }) };
}

/** The same for one promoter. */
export function promoterArguments(view: View, promoter: string): ReportArguments {
  return { ...reportArguments(view), filter: { ...filterArgument({ campaign: view.campaign, country: null }), promoterId: { eq: promoter } } };
}

export function periodArgument(period: Period): PerformancePeriod {
  switch (period.kind) {
    case "last":
      return { last: { count: period.count, unit: period.unit } };
    case "current":
      return { current: period.unit };
    case "dates":
      return { dates: { from: period.from, to: period.to } };
  }
}

export function filterArgument({ campaign, country }: Pick<View, "campaign" | "country">): PerformanceFilter {
  return {
    ...(campaign && { campaignId: { eq: campaign } }),
    ...(country && { country: { eq: country } }),
  };
}

const DAYS = { DAY: 1, WEEK: 7, MONTH: 30, QUARTER: 91, YEAR: 365 };

/** The interval that gives a chart about 7 to 45 points. */
export function intervalOf(period: Period): Interval {
  const days = daysOf(period);
  if (days <= 2) return "HOUR";
  if (days <= 45) return "DAY";
  if (days <= 190) return "WEEK";
  if (days <= 4 * 366) return "MONTH";
  return days <= 12 * 366 ? "QUARTER" : "YEAR";
}

function daysOf(period: Period): number {
  switch (period.kind) {
    case "last":
      return period.count * DAYS[period.unit];
    case "current":
      return DAYS[period.unit];
    case "dates":
      return (Date.parse(period.to) - Date.parse(period.from)) / 86_400_000 + 1;
  }
}
