/** Earnings and payouts that are not cash. Units are never added. */
import { useData } from "../../api/use-data";
import { graphql } from "../../generated";
import type { Unit } from "../../generated/graphql";
import { periodDays } from "../../ui/file-name";
import { count } from "../../ui/format";
import { Panel } from "../../ui/panel";
import type { ReportArguments } from "../report-arguments";

const OTHER_UNITS = graphql(`
  query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
    performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {
      start
      end
      nodes { unit earnings payoutsPaid }
    }
  }
`);

const NAMES: Record<Unit, string> = {
  CASH: "Cash",
  CREDITS: "Credits",
  DISCOUNT_PER: "Discount, %",
  FREE_MONTHS: "Free months",
  MON_DISCOUNT: "Discount, money",
  OTHER: "Other",
  POINTS: "Points",
};

export function OtherUnits({ variables: { period, timezone, filter } }: { variables: ReportArguments }) {
  const variables = { period, timezone, filter: { ...filter, unit: { ne: "CASH" as const } } };
  const { data, error } = useData(OTHER_UNITS, variables);
  // Most programmes pay in cash alone.
  if (!error && !data?.performance?.nodes.length) return null;
  return (
    <Panel
      title="Earnings in other units"
      note="Not cash, and never added to it."
      document={OTHER_UNITS}
      variables={variables}
      height={150}
      days={(answer) => periodDays(answer.performance, timezone)}
      csv={({ performance }) => ({
        header: ["unit", "earnings", "payoutsPaid"],
        rows: (performance?.nodes ?? []).map(({ unit, earnings, payoutsPaid }) => [unit ?? "", earnings ?? "", payoutsPaid ?? ""]),
      })}
    >
      {({ performance }) => performance && (
        <table className="plain-table">
          <thead>
            <tr><th scope="col">Unit</th><th scope="col" className="numeric">Earned</th><th scope="col" className="numeric">Paid</th></tr>
          </thead>
          <tbody>
            {performance.nodes.map(({ unit, earnings, payoutsPaid }) => (
              <tr key={unit ?? ""}>
                <th scope="row">{unit ? NAMES[unit] : "Unknown"}</th>
                <td className="numeric">{count(earnings)}</td>
                <td className="numeric">{count(payoutsPaid)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
