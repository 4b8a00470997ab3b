/** Referrals, customers, revenue or earnings over the period, with the compared period dashed. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { Interval, OverTimeQuery } from "../../generated/graphql";
import { Approximate } from "../../ui/approximate";
import { Chart } from "../../ui/chart";
import { Definition } from "../../ui/definition";
import { dayOf, periodDays } from "../../ui/file-name";
import { axisMoney, count, localTime, majorUnits, money } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { firstDayOf } from "../calendar";
import { useMeasures } from "../measures";
import { daysInWords } from "../period-presets";
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
        referrals customers revenue earnings
        previous { referrals customers revenue earnings }
      }
    }
  }
`);

type Row = NonNullable<OverTimeQuery["performance"]>["nodes"][number];
type Name = "referrals" | "customers" | "revenue" | "earnings";

const TITLES: Record<Name, string> = { referrals: "Referrals", customers: "Customers", revenue: "Revenue", earnings: "Earnings in cash" };

interface OverTimeProps {
  view: View;
  variables: ReportArguments;
  currency: string | null;
  /** A chart for each. */
  shown?: Name[];
}

export function OverTime({ view: { timezone }, variables, currency, shown = ["referrals", "customers", "revenue"] }: OverTimeProps) {
  const interval = intervalOf(variables.period);
  const cell = (name: Name, value: number | string | null | undefined) => String((isMoney(name) ? majorUnits(value, currency) : value) ?? "");
  const startOf = ({ start }: Row) => (start ? (interval === "HOUR" ? localTime(start, timezone) : dayOf(Date.parse(start), timezone)) : "");
  return (
    <Panel
      // Points by month are no answer to "by week", not even until it is there.
      key={interval}
      title={`Over time, by ${interval.toLowerCase()}`}
      document={OVER_TIME}
      variables={{ ...variables, interval }}
      height={252}
      days={({ performance }) => periodDays(performance, timezone)}
      csv={({ performance }) => ({
        header: ["start", ...shown.flatMap((name) => [name, `previous.${name}`])],
        rows: (performance?.nodes ?? []).map((row) => [startOf(row), ...shown.flatMap((name) => [cell(name, row[name]), cell(name, row.previous?.[name])])]),
      })}
    >
      {({ performance }) => (
        <div className="charts">
          {shown.map((name) => (
            <OneOverTime key={name} name={name} rows={performance?.nodes ?? NO_ROWS} interval={interval} timezone={timezone} currency={currency} />
          ))}
        </div>
      )}
    </Panel>
  );
}

interface OneProps {
  name: Name;
  rows: Row[];
  interval: Interval;
  timezone: string;
  currency: string | null;
}

function OneOverTime({ name, rows, interval, timezone, currency }: OneProps) {
  const title = TITLES[name];
  const { definition, isApproximate } = useMeasures().get(name);
  const { labels, titles } = useMemo(() => {
    const format = new Intl.DateTimeFormat(undefined, { ...LABELS[interval], timeZone: timezone });
    const labels = rows.map(({ start }) => (start ? format.format(new Date(start)) : ""));
    const titleOf = (row: Row, label: string) => (row.start && row.end && (interval === "WEEK" || isCut(row, interval, timezone)) ? daysInWords({ start: row.start, end: row.end }, timezone) : label);
    return { labels, titles: rows.map((row, index) => `${titleOf(row, labels[index] ?? "")}${isRunning(row) ? " so far" : ""}`) };
  }, [rows, interval, timezone]);
  const series = useMemo(() => {
    const isAhead = (start: string | null) => Date.parse(start ?? "") > Date.now();
    const partial = rows.flatMap((row, index) => (isRunning(row) || isCut(row, interval, timezone) ? [index] : []));
    const present = { label: title, partial, values: rows.map((row) => (isAhead(row.start) ? null : Number(row[name]))) };
    if (!rows.some(({ previous }) => previous)) return [present];
    return [present, { label: "Compared period", isPrevious: true, values: rows.map(({ previous }) => (previous ? Number(previous[name]) : null)) }];
  }, [rows, name, title, interval, timezone]);
  const format = useMemo(() => (isMoney(name) ? (value: number) => money(value, currency) : (value: number) => count(value)), [name, currency]);
  const formatAxis = useMemo(() => (isMoney(name) ? (value: number) => axisMoney(value, currency) : (value: number) => count(value)), [name, currency]);
  return (
    <div className="chart-with-title">
      <h3>{isApproximate && <Approximate />}<Definition term={title} text={definition} /></h3>
      <Chart kind="line" title={`${title} by ${interval.toLowerCase()}`} labels={labels} titles={titles} series={series} format={format} formatAxis={formatAxis} height={220} />
    </div>
  );
}

const NO_ROWS: Row[] = [];

function isMoney(name: Name): boolean {
  return name === "revenue" || name === "earnings";
}

function isRunning({ start, end }: Row): boolean {
  return Date.parse(start ?? "") <= Date.now() && Date.parse(end ?? "") > Date.now();
}

/** Whether the period begins or ends in the middle of an interval. */
function isCut({ start, end }: Row, interval: Interval, timezone: string): boolean {
  if (!start || !end || interval === "HOUR") return false;
  return [start, end].some((instant) => {
    const day = dayOf(Date.parse(instant), timezone);
    return firstDayOf(interval, day) !== day;
  });
}

const LABELS: Record<Interval, Intl.DateTimeFormatOptions> = {
  HOUR: { hour: "numeric", minute: "2-digit" },
  DAY: { day: "numeric", month: "short" },
  WEEK: { day: "numeric", month: "short" },
  MONTH: { month: "short", year: "2-digit" },
  QUARTER: { month: "short", year: "numeric" },
  YEAR: { year: "numeric" },
};
