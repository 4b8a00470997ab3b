/** What a promoter has earned and was paid, in each unit, as FirstPromoter last told it. */
import { graphql } from "../../generated";
import type { PromoterBalancesQuery, Unit } from "../../generated/graphql";
import { Definition } from "../../ui/definition";
import { majorUnits, money } from "../../ui/format";
import "../../ui/sideways.css";
import { Panel } from "../../ui/panel";
import { useMeasures } from "../measures";
import type { TableProps } from "./audience";
import { amountNumber, amountText, unitText } from "./amounts";
import { BALANCES, UNITS } from "./words";

const BALANCES_OF = graphql(`
  query PromoterBalances($promoter: ID!) {
    balances(first: 100, filter: { promoterId: { eq: $promoter } }) {
      nodes { id kind unit unitRaw amount }
    }
    performance(filter: { promoterId: { eq: $promoter } }) { totals { liability liabilityUnknown payoutsDue } }
  }
`);

type Balance = NonNullable<PromoterBalancesQuery["balances"]>["nodes"][number];
const OWED = [
  { name: "liability", title: "Approved and not paid" },
  { name: "liabilityUnknown", title: "Approved, unknown if paid" },
  { name: "payoutsDue", title: "Payouts due" },
] as const;
const KINDS = ["CURRENT", "PENDING", "PAID", "EARNED"] as const;

export function Balances({ promoter, currency, audience }: TableProps) {
  return (
    <Panel
      title={audience === "PROMOTER" ? "Your balance" : "Balances"}
      note="The state now, of all campaigns: the period does not apply. The table is as FirstPromoter last told it."
      document={BALANCES_OF}
      variables={{ promoter }}
      height={180}
      csv={({ balances, performance }) => ({
        header: ["figure", "unit", "amount"],
        rows: [
          ...OWED.map(({ name }) => [name, UNITS.CASH, String(majorUnits(performance?.totals[name], currency) ?? "")]),
          ...(balances?.nodes ?? []).map((balance) => [balance.kind.toLowerCase(), unitText(balance) ?? "", String(amountNumber(balance.amount, balance.unit, currency) ?? "")]),
        ],
      })}
    >
      {({ balances, performance }) => (
        <>
          {performance && <Owed totals={performance.totals} currency={currency} />}
          <BalanceTable balances={balances?.nodes ?? []} currency={currency} />
          {[performance?.totals.liability, ...(balances?.nodes ?? []).map(({ amount }) => amount)].some((amount) => Number(amount) < 0) && (
            <p className="panel-note">A negative amount comes from refunds: it is set off against what is earned next.</p>
          )}
        </>
      )}
    </Panel>
  );
}

function BalanceTable({ balances, currency }: { balances: Balance[]; currency: string | null }) {
  const units = byUnit(balances);
  if (!units.length) return null;
  // A kind of which nothing was told is no column.
  const kinds = KINDS.filter((kind) => units.some(([, , amounts]) => amounts.has(kind)));
  return (
    <div className="table-frame sideways" tabIndex={0} role="group" aria-label="Balances by unit">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Unit</th>
            {kinds.map((kind) => <th scope="col" className="numeric" key={kind}>{BALANCES[kind]}</th>)}
          </tr>
        </thead>
        <tbody>
          {units.map(([name, unit, amounts]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {kinds.map((kind) => <td className="numeric" key={kind}>{amountText(amounts.get(kind) ?? null, unit, currency)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Totals = NonNullable<PromoterBalancesQuery["performance"]>["totals"];

/** What is owed in cash, by the commissions and payouts that are known here. */
function Owed({ totals, currency }: { totals: Totals; currency: string | null }) {
  const measures = useMeasures();
  // Unknown only where version 1 webhooks have told of commissions.
  const shown = OWED.filter(({ name }) => name !== "liabilityUnknown" || Number(totals.liabilityUnknown));
  return (
    <dl className="facts owed">
      {shown.map(({ name, title }) => (
        <div key={name}>
          <dt><Definition term={title} text={measures.get(name).definition} /></dt>
          <dd>{money(totals[name], currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Cash first, then the units by name. */
function byUnit(balances: Balance[]): [name: string, unit: Unit, amounts: Map<Balance["kind"], string>][] {
  const units = new Map<string, [unit: Unit, amounts: Map<Balance["kind"], string>]>();
  for (const { kind, unit, unitRaw, amount } of balances) {
    const name = unitText({ unit, unitRaw }) ?? "Unknown";
    const [, amounts] = units.get(name) ?? [unit, new Map()];
    units.set(name, [unit, amounts.set(kind, amount)]);
  }
  return [...units]
    .map(([name, [unit, amounts]]): [string, Unit, Map<Balance["kind"], string>] => [name, unit, amounts])
    .sort(([a, unitA], [b, unitB]) => Number(unitB === "CASH") - Number(unitA === "CASH") || a.localeCompare(b));
}
