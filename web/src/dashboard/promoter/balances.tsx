/** What a promoter has earned and was paid, in each unit, as FirstPromoter last told it. */
import { graphql } from "../../generated";
import type { PromoterBalancesQuery, Unit } from "../../generated/graphql";
import { Panel } from "../../ui/panel";
import type { TableProps } from "./audience";
import { amountText, unitText } from "./amounts";
import { BALANCES } from "./words";

const BALANCES_OF = graphql(`
  query PromoterBalances($promoter: ID!) {
    balances(first: 100, filter: { promoterId: { eq: $promoter } }) {
      nodes { id kind unit unitRaw amount }
    }
  }
`);

type Balance = NonNullable<PromoterBalancesQuery["balances"]>["nodes"][number];
const KINDS = ["CURRENT", "PENDING", "PAID", "EARNED"] as const;

export function Balances({ promoter, currency, audience }: TableProps) {
  return (
    <Panel
      title={audience === "PROMOTER" ? "Your balance" : "Balances"}
      note="As FirstPromoter last told it; the period does not apply."
      document={BALANCES_OF}
      variables={{ promoter }}
      height={110}
    >
      {({ balances }) => {
        const units = byUnit(balances?.nodes ?? []);
        if (!units.length) return <p className="quiet">Nothing earned so far.</p>;
        return (
          <div className="table-frame" tabIndex={0} role="group" aria-label="Balances by unit">
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">Unit</th>
                  {KINDS.map((kind) => <th scope="col" className="numeric" key={kind}>{BALANCES[kind]}</th>)}
                </tr>
              </thead>
              <tbody>
                {units.map(([name, unit, amounts]) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {KINDS.map((kind) => <td className="numeric" key={kind}>{amountText(amounts.get(kind) ?? null, unit, currency)}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Panel>
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
