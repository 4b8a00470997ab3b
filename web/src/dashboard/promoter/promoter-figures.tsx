/** A promoter's figures of the period, each with its change. */
import { useData } from "../../api/use-data";
import { graphql } from "../../generated";
import type { PromoterFiguresQuery } from "../../generated/graphql";
import { periodDays } from "../../ui/file-name";
import { count, majorUnits, money, percent } from "../../ui/format";
import { GraphiqlLink, Panel } from "../../ui/panel";
import { isRunning, useToday } from "../calendar";
import { Figure } from "../figures";
import { useMeasures } from "../measures";
import { NoDefinitions } from "../no-definitions";
import { PeriodLine } from "../period-line";
import type { ReportArguments } from "../report-arguments";
import type { View } from "../view";
import type { Viewer } from "./audience";

const FIGURES = graphql(`
  query PromoterFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
    performance(period: $period, timezone: $timezone, compareTo: $compareTo, filter: $filter) {
      start
      end
      totals {
        referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid
        previous { referrals customers conversionRate sales revenue refundedAmount earnings payoutsPaid }
      }
    }
  }
`);

type Totals = NonNullable<PromoterFiguresQuery["performance"]>["totals"];

type Value = number | string | null | undefined;

interface Shown {
  name: Exclude<keyof Totals, "previous" | "__typename">;
  title: string;
  /** Said to promoters about themselves. */
  ownTitle: string;
  kind: "money" | "count" | "rate";
  good?: "up" | "down";
}

const SHOWN: Shown[] = [
  { name: "referrals", title: "Referrals", ownTitle: "People you referred", kind: "count", good: "up" },
  { name: "customers", title: "Customers", ownTitle: "Became customers", kind: "count", good: "up" },
  { name: "conversionRate", title: "Conversion rate", ownTitle: "Of those referred, have paid", kind: "rate", good: "up" },
  { name: "sales", title: "Sales", ownTitle: "Sales", kind: "count", good: "up" },
  { name: "revenue", title: "Revenue", ownTitle: "Revenue", kind: "money", good: "up" },
  { name: "refundedAmount", title: "Refunds", ownTitle: "Refunds", kind: "money", good: "down" },
  { name: "earnings", title: "Earnings in cash", ownTitle: "You earned", kind: "money", good: "up" },
  { name: "payoutsPaid", title: "Payouts paid in cash", ownTitle: "You were paid", kind: "money" },
];

export function PromoterFigures({ view, variables, viewer }: { view: View; variables: ReportArguments; viewer: Viewer }) {
  // The panel asks the same; there is one answer for both.
  const { data, isPlaceholderData } = useData(FIGURES, variables);
  return (
    <>
      <PeriodLine view={view} period={isPlaceholderData ? null : data?.performance} />
      <NoDefinitions />
      <FiguresPanel view={view} variables={variables} viewer={viewer} />
    </>
  );
}

function FiguresPanel({ view, variables, viewer: { currency, role } }: { view: View; variables: ReportArguments; viewer: Viewer }) {
  const measures = useMeasures();
  const isSoFar = isRunning(view.period, useToday(view.timezone));
  const formats = { money: (value: Value) => money(value, currency), count, rate: percent };
  const cell = (value: Value, kind: Shown["kind"]) => String((kind === "money" ? majorUnits(value, currency) : value) ?? "");
  return (
    <Panel
      title={role === "PROMOTER" ? "Your figures" : "Figures"}
      className="headline"
      document={FIGURES}
      variables={variables}
      height={212}
      days={({ performance }) => periodDays(performance, variables.timezone)}
      csv={({ performance }) => ({
        header: ["measure", "value", "previous"],
        rows: SHOWN.map(({ name, kind }) => [name, cell(performance?.totals[name], kind), cell(performance?.totals.previous?.[name], kind)]),
      })}
    >
      {({ performance }) => (
        <div className="figures">
          {performance && SHOWN.map(({ name, title, ownTitle, kind, good }) => (
            <Figure
              key={name}
              title={role === "PROMOTER" ? ownTitle : title}
              measure={measures.get(name)}
              value={performance.totals[name]}
              previous={performance.totals.previous?.[name]}
              format={formats[kind]}
              good={good}
              isRunning={isSoFar}
              isRate={kind === "rate"}
              tools={<GraphiqlLink title={role === "PROMOTER" ? ownTitle : title} document={FIGURES} variables={variables} />}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}
