/** Columns of the kinds that tables have: text, counts, money, states, times. */
import type { Column } from "./data-table";
import { count, date, dateTime, localTime, majorUnits, money } from "./format";

/** A heading, with what it explains on hover. */
export type Heading = Pick<Column<never>, "key" | "title" | "definition" | "isApproximate" | "width">;

/** A state in a word, and how it is painted. The colour only repeats what the word says. */
export type State = [word: string, tone: "good" | "bad" | "open" | "quiet"];

export function textColumn<Row>(heading: Heading, text: (row: Row) => string | number | null | undefined): Column<Row> {
  return { ...heading, value: (row) => text(row) ?? null };
}

export function countColumn<Row>(heading: Heading, number: (row: Row) => number | null | undefined): Column<Row> {
  return { ...heading, isNumeric: true, value: (row) => number(row) ?? null, render: (row) => count(number(row)) };
}

/** Money that arrives in minor units; CSV has major ones. */
export function moneyColumn<Row>(heading: Heading, currency: string | null, minor: (row: Row) => number | string | null | undefined): Column<Row> {
  return {
    ...heading,
    isNumeric: true,
    value: (row) => majorUnits(minor(row), currency),
    render: (row) => money(minor(row), currency),
  };
}

export function stateColumn<Row>(heading: Heading, state: (row: Row) => State | null | undefined): Column<Row> {
  return {
    ...heading,
    value: (row) => state(row)?.[0] ?? null,
    render: (row) => <StateBadge state={state(row)} />,
  };
}

/** An instant, shown and exported in the zone of the page, and found as both. */
export function timeColumn<Row>(heading: Heading, timezone: string, instant: (row: Row) => string | null | undefined): Column<Row> {
  const local = (row: Row) => {
    const at = instant(row);
    return at ? localTime(at, timezone) : null;
  };
  return {
    width: 1.2,
    ...heading,
    value: (row) => instant(row) ?? null,
    csv: local,
    text: (row) => `${date(instant(row), timezone)} ${local(row) ?? ""}`,
    render: (row) => <span title={dateTime(instant(row), timezone)}>{date(instant(row), timezone)}</span>,
  };
}

export function StateBadge({ state }: { state: State | null | undefined }) {
  return state ? <span className={`state ${state[1]}`}>{state[0]}</span> : <>–</>;
}
