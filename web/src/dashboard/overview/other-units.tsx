/** Earnings and payouts that are not cash. Units are never added. */
import { graphql } from "../../generated";
import type { Unit } from "../../generated/graphql";
import { count } from "../../ui/format";
import { Panel } from "../../ui/panel";
import type { ReportArguments } from "../report-arguments";

const OTHER_UNITS = graphql(`
  query OtherUnits($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
    performance(period: $period, timezone: $timezone, filter: $filter, by: [UNIT]) {
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
  return (
    <Panel
      title="Earnings in other units"
      note="Not cash, and never added to it."
      document={OTHER_UNITS}
      variables={variables}
      height={150}
      csv={({ performance }) => ({
        header: ["unit", "earnings", "payoutsPaid"],
        rows: (performance?.nodes ?? []).map(({ unit, earnings, payoutsPaid }) => [unit ?? "", earnings, payoutsPaid]),
      })}
    >
      {({ performance }) => performance?.nodes.length ? (
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
      ) : <p className="quiet">None in this period.</p>}
    </Panel>
  );
}
