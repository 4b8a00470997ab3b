/** What is owed to promoters now, and for how long. */
import { graphql } from "../../generated";
import type { LiabilityQuery, PerformanceFilter } from "../../generated/graphql";
import { Definition } from "../../ui/definition";
import { majorUnits, money } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { useMeasures } from "../measures";
import { ViewLink } from "../view-link";

const LIABILITY = graphql(`
  query Liability($filter: PerformanceFilter) {
    performance(filter: $filter) {
      totals {
        liability
        upTo30: liability(age: DAYS_0_TO_30)
        upTo60: liability(age: DAYS_31_TO_60)
        upTo90: liability(age: DAYS_61_TO_90)
        longer: liability(age: OVER_90_DAYS)
        liabilityUnknown
        payoutsDue
      }
    }
  }
`);

type Totals = NonNullable<LiabilityQuery["performance"]>["totals"];

const AGES: { name: keyof Totals; title: string }[] = [
  { name: "upTo30", title: "0 to 30 days" },
  { name: "upTo60", title: "31 to 60 days" },
  { name: "upTo90", title: "61 to 90 days" },
  { name: "longer", title: "Over 90 days" },
];
const OTHERS: { name: "liabilityUnknown" | "payoutsDue"; title: string }[] = [
  { name: "payoutsDue", title: "Payouts due" },
  { name: "liabilityUnknown", title: "Unknown if paid" },
];

export function Liability({ filter, currency }: { filter: PerformanceFilter; currency: string | null }) {
  const measures = useMeasures();
  return (
    <Panel
      title="Owed to promoters"
      definition={measures.get("liability").definition}
      note="State now: the period does not apply."
      document={LIABILITY}
      variables={{ filter }}
      height={250}
      csv={({ performance }) => ({
        header: ["measure", "value"],
        rows: [{ name: "liability" as const }, ...AGES, ...OTHERS].map(({ name }) => [name, String(majorUnits(performance?.totals[name], currency) ?? "")]),
      })}
    >
      {({ performance }) => performance && <Owed totals={performance.totals} currency={currency} />}
    </Panel>
  );
}

function Owed({ totals, currency }: { totals: Totals; currency: string | null }) {
  const measures = useMeasures();
  const largest = Math.max(1, ...AGES.map(({ name }) => Number(totals[name])));
  return (
    <>
      <div className="owed-head">
        <p className="figure-value">{money(totals.liability, currency)}</p>
        <ViewLink change={{ promoter: "all", sort: { key: "liability", descending: true } }}>By promoter</ViewLink>
      </div>
      <table className="meters">
        <caption className="visually-hidden">Owed, by age</caption>
        <tbody>
          {AGES.map(({ name, title }) => (
            <tr key={name}>
              <th scope="row">{title}</th>
              <td className="meter-cell" aria-hidden="true"><span className="meter"><span style={{ width: `${(100 * Math.max(0, Number(totals[name]))) / largest}%` }} data-age={name} /></span></td>
              <td className="numeric">{money(totals[name], currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="pairs">
        {OTHERS.map(({ name, title }) => (
          <div key={name}>
            <dt><Definition term={title} text={measures.get(name).definition} /></dt>
            <dd>{money(totals[name], currency)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
