/** Referrals, customers and revenue over the period, with the compared period dashed. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { OverTimeQuery } from "../../generated/graphql";
import { Chart } from "../../ui/chart";
import { Definition } from "../../ui/definition";
import { periodDays } from "../../ui/file-name";
import { axisMoney, count, majorUnits, money } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { definitionOf, useMeasures } from "../measures";
import { intervalOf, type ReportArguments } from "../report-arguments";
import type { View } from "../view";

const OVER_TIME = graphql(`
  query OverTime($period: PerformancePeriod!, $timezone: TimeZone!, $interval: Interval!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
    performance(period: $period, timezone: $timezone, interval: $interval, compareTo: $compareTo, filter: $filter, first: 1000) {
      start
      end
      nodes {
        start
        end
        referrals customers revenue
        previous { referrals customers revenue }
      }
    }
  }
`);

type Row = NonNullable<OverTimeQuery["performance"]>["nodes"][number];
type Name = "referrals" | "customers" | "revenue";

const CHARTS: { name: Name; title: string }[] = [
  { name: "referrals", title: "Referrals" },
  { name: "customers", title: "Customers" },
  { name: "revenue", title: "Revenue" },
];

export function OverTime({ view, variables, currency }: { view: View; variables: ReportArguments; currency: string | null }) {
  const interval = intervalOf(view.period);
  const cell = (name: Name, value: number | undefined) => String((name === "revenue" ? majorUnits(value, currency) : value) ?? "");
  return (
    <Panel
      // Points by month are no answer to "by week", not even until it is there.
      key={interval}
      title={`Over time, by ${interval.toLowerCase()}`}
      document={OVER_TIME}
      variables={{ ...variables, interval }}
      height={252}
      days={({ performance }) => periodDays(performance, view.timezone)}
      csv={({ performance }) => ({
        header: ["start", ...CHARTS.flatMap(({ name }) => [name, `previous.${name}`])],
        rows: (performance?.nodes ?? []).map((row) => [row.start ?? "", ...CHARTS.flatMap(({ name }) => [cell(name, row[name]), cell(name, row.previous?.[name])])]),
      })}
    >
      {({ performance }) => (
        <div className="charts">
          {CHARTS.map(({ name, title }) => (
            <OneOverTime key={name} name={name} title={title} rows={performance?.nodes ?? []} interval={interval} timezone={view.timezone} currency={currency} />
          ))}
        </div>
      )}
    </Panel>
  );
}

interface OneProps {
  name: Name;
  title: string;
  rows: Row[];
  interval: string;
  timezone: string;
  currency: string | null;
}

function OneOverTime({ name, title, rows, interval, timezone, currency }: OneProps) {
  const measure = useMeasures().get(name);
  const labels = useMemo(() => {
    const format = new Intl.DateTimeFormat(undefined, { ...LABELS[interval], timeZone: timezone });
    return rows.map((row) => `${row.start ? format.format(new Date(row.start)) : ""}${isRunning(row) ? " so far" : ""}`);
  }, [rows, interval, timezone]);
  const series = useMemo(() => {
    const isAhead = (start: string | null) => Date.parse(start ?? "") > Date.now();
    const running = rows.findIndex(isRunning);
    const present = { label: title, unfinished: running < 0 ? undefined : running, values: rows.map((row) => (isAhead(row.start) ? null : row[name])) };
    if (!rows.some(({ previous }) => previous)) return [present];
    return [present, { label: "Compared period", isPrevious: true, values: rows.map(({ previous }) => previous?.[name] ?? null) }];
  }, [rows, name, title]);
  const format = useMemo(() => (name === "revenue" ? (value: number) => money(value, currency) : (value: number) => count(value)), [name, currency]);
  const formatAxis = useMemo(() => (name === "revenue" ? (value: number) => axisMoney(value, currency) : (value: number) => count(value)), [name, currency]);
  return (
    <div className="chart-with-title">
      <h3><Definition term={title} text={definitionOf(measure)} /></h3>
      <Chart kind="line" title={`${title} by ${interval.toLowerCase()}`} labels={labels} series={series} format={format} formatAxis={formatAxis} height={220} />
    </div>
  );
}

function isRunning({ start, end }: Row): boolean {
  return Date.parse(start ?? "") <= Date.now() && Date.parse(end ?? "") > Date.now();
}

const LABELS: Record<string, Intl.DateTimeFormatOptions> = {
  HOUR: { hour: "numeric", minute: "2-digit" },
  DAY: { day: "numeric", month: "short" },
  WEEK: { day: "numeric", month: "short" },
  MONTH: { month: "short", year: "2-digit" },
  QUARTER: { month: "short", year: "numeric" },
  YEAR: { year: "numeric" },
};
