/** How many customers stay, by the month in which they were referred. */
import { graphql } from "../../generated";
import type { LeadCohortsQuery, PerformanceFilter } from "../../generated/graphql";
import { dayOf } from "../../ui/file-name";
import { count, percent } from "../../ui/format";
import "../../ui/sideways.css";
import { Panel } from "../../ui/panel";

const LEAD_COHORTS = graphql(`
  query LeadCohorts($timezone: TimeZone!, $filter: PerformanceFilter) {
    leadCohorts(by: MONTH, months: 12, timezone: $timezone, filter: $filter) {
      cohort size
      periods { offset converted active }
    }
  }
`);

type Cohort = NonNullable<LeadCohortsQuery["leadCohorts"]>[number];

export function Cohorts({ timezone, filter }: { timezone: string; filter: PerformanceFilter }) {
  const month = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: timezone });
  return (
    <Panel
      title="Customer retention"
      definition="Leads by the month of their creation. A cell is the part of those who had paid by the end of that month and had not cancelled: active / sum of converted. Of a lead only the last cancellation is known."
      note="By month of referral, and the months since then. Always the last 12 months: the period does not apply."
      document={LEAD_COHORTS}
      variables={{ timezone, filter }}
      height={460}
      csv={({ leadCohorts }) => ({
        header: ["cohort", "referrals", "offset", "customers", "active", "retention"],
        rows: (leadCohorts ?? []).flatMap((cohort) => retentionOf(cohort).map((cell) => [dayOf(Date.parse(cohort.cohort), timezone), cohort.size, cell.offset, cell.customers, cell.active, cell.retention ?? ""].map(String))),
      })}
    >
      {({ leadCohorts }) => {
        const cohorts = leadCohorts ?? [];
        const offsets = Array.from({ length: Math.max(0, ...cohorts.map(({ periods }) => periods.length)) }, (_, offset) => offset);
        return (
          <div className="heat-map sideways" tabIndex={0} role="region" aria-label="Customer retention, table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Referred in</th>
                  <th scope="col" className="numeric">Referrals</th>
                  <th scope="col" className="numeric">Customers</th>
                  {offsets.map((offset) => <th scope="col" key={offset} className="heat-column" title={offset ? `${offset} months later` : "The month itself"}>+{offset}<span className="visually-hidden"> months</span></th>)}
                </tr>
              </thead>
              <tbody>
                {cohorts.map((cohort) => {
                  const cells = retentionOf(cohort);
                  return (
                    <tr key={cohort.cohort}>
                      <th scope="row">{month.format(new Date(cohort.cohort))}</th>
                      <td className="numeric">{count(cohort.size)}</td>
                      <td className="numeric">{count(cells.at(-1)?.customers ?? 0)}</td>
                      {offsets.map((offset) => <Cell key={offset} cell={cells[offset]} />)}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        );
      }}
    </Panel>
  );
}

interface Retention {
  offset: number;
  /** Who had paid by then. */
  customers: number;
  active: number;
  /** Null where nobody had paid. */
  retention: number | null;
}

function retentionOf({ periods }: Cohort): Retention[] {
  let customers = 0;
  return periods.map(({ offset, converted, active }) => {
    customers += converted;
    return { offset, customers, active, retention: customers ? active / customers : null };
  });
}

function Cell({ cell }: { cell: Retention | undefined }) {
  if (!cell) return <td />;
  if (cell.retention === null) return <td className="heat quiet">–</td>;
  // The lower half is rare: colour tells the upper half apart.
  const strength = Math.max(0, (cell.retention - 0.5) * 2);
  return (
    <td className="heat" style={{ backgroundColor: `color-mix(in srgb, var(--chart-1) ${Math.round(6 + strength * 40)}%, var(--paper))` }} title={`${count(cell.active)} of ${count(cell.customers)} customers`}>
      {percent(Math.round(cell.retention * 100) / 100)}
    </td>
  );
}
