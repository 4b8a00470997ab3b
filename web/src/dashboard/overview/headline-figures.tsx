/** The programme in eight figures. */
import { useCallback } from "react";
import { graphql } from "../../generated";
import type { HeadlineFiguresQuery } from "../../generated/graphql";
import { periodDays } from "../../ui/file-name";
import { count, majorUnits, money, percent } from "../../ui/format";
import { GraphiqlLink, Panel } from "../../ui/panel";
import { isRunning, useToday } from "../calendar";
import { Figure, type FigureProps } from "../figures";
import { useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";
import type { View } from "../view";

export const HEADLINE_FIGURES = graphql(`
  query HeadlineFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {
      start
      end
      totals {
        revenue netRevenue earnings payoutsPaid
        referrals customers conversionRate cancellationRate
        previous { revenue netRevenue earnings payoutsPaid referrals customers conversionRate cancellationRate }
      }
    }
  }
`);

type Totals = NonNullable<HeadlineFiguresQuery["performance"]>["totals"];
type Name = Exclude<keyof Totals, "previous">;

const FIGURES: { name: Name; title: string; kind: "money" | "count" | "rate"; good?: "up" | "down" }[] = [
  { name: "revenue", title: "Revenue", kind: "money", good: "up" },
  { name: "netRevenue", title: "Net revenue", kind: "money", good: "up" },
  { name: "earnings", title: "Earnings in cash", kind: "money" },
  { name: "payoutsPaid", title: "Payouts paid in cash", kind: "money" },
  { name: "referrals", title: "Referrals", kind: "count", good: "up" },
  { name: "customers", title: "Customers", kind: "count", good: "up" },
  { name: "conversionRate", title: "Conversion rate", kind: "rate", good: "up" },
  { name: "cancellationRate", title: "Cancellation rate", kind: "rate", good: "down" },
];

export function HeadlineFigures({ view, variables, currency }: { view: View; variables: ReportArguments; currency: string | null }) {
  const isSoFar = isRunning(view.period, useToday(view.timezone));
  const measures = useMeasures();
  const format = useCallback(
    (kind: "money" | "count" | "rate"): FigureProps["format"] =>
      kind === "money" ? (value) => money(value, currency) : kind === "rate" ? percent : count,
    [currency],
  );
  return (
    <Panel
      title="Figures"
      className="headline"
      document={HEADLINE_FIGURES}
      variables={variables}
      height={212}
      days={({ performance }) => periodDays(performance, variables.timezone)}
      csv={({ performance }) => ({
        header: ["measure", "value", "previous"],
        rows: FIGURES.map(({ name, kind }) => [name, ...[performance?.totals, performance?.totals.previous].map((totals) => String((kind === "money" ? majorUnits(totals?.[name], currency) : totals?.[name]) ?? ""))]),
      })}
    >
      {({ performance }) => (
        <div className="figures">
          {performance && FIGURES.map(({ name, title, kind, good }) => (
            <Figure
              key={name}
              title={title}
              measure={measures.get(name)}
              value={performance.totals[name]}
              previous={performance.totals.previous ? performance.totals.previous[name] : undefined}
              format={format(kind)}
              good={good}
              isRunning={isSoFar}
              isRate={kind === "rate"}
              tools={<GraphiqlLink title={title} document={HEADLINE_FIGURES} variables={variables} />}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}
