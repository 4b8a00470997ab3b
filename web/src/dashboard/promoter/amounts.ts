/** Amounts, which are money or something else: points, free months, discounts. */
import type { Unit } from "../../generated/graphql";
import { textColumn } from "../../ui/columns";
import type { Column } from "../../ui/data-table";
import { count, majorUnits, money } from "../../ui/format";
import { UNITS } from "./words";

/** An amount and its unit, side by side: amounts of different units look alike otherwise. */
export function amountColumns<Row extends { amount: string | null; unit: Unit | null; unitRaw: string | null }>(currency: string | null): Column<Row>[] {
  return [
    {
      key: "amount",
      title: "Amount",
      isNumeric: true,
      value: ({ amount, unit }) => amountNumber(amount, unit, currency),
      render: ({ amount, unit }) => amountText(amount, unit, currency),
    },
    textColumn({ key: "unit", title: "Unit" }, unitText),
  ];
}

/** As CSV has it: money in major units. */
export function amountNumber(amount: string | null, unit: Unit | null, currency: string | null): number | null {
  if (isMoney(unit)) return majorUnits(amount, currency);
  return amount === null ? null : Number(amount);
}

export function amountText(amount: string | null, unit: Unit | null, currency: string | null): string {
  return isMoney(unit) ? money(amount, currency) : count(amount);
}

export function unitText({ unit, unitRaw }: { unit: Unit | null; unitRaw: string | null }): string | null {
  return unit && unit !== "OTHER" ? UNITS[unit] : unitRaw;
}

function isMoney(unit: Unit | null): boolean {
  return unit === "CASH" || unit === "MON_DISCOUNT";
}

