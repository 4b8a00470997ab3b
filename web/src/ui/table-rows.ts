/** The rows of a table in the order, and of the text, that its user chose. */

/** What a cell holds. Decimals and big integers may come as text; a column of them is numeric. */
export type Value = string | number | bigint | null;

export interface Sorting {
  key: string;
  descending: boolean;
}

interface SortedColumn<Row> {
  key: string;
  value: (row: Row) => Value;
  isNumeric?: boolean;
}

interface SearchedColumn<Row> extends SortedColumn<Row> {
  render?: (row: Row) => unknown;
  text?: (row: Row) => string;
}

/** Numbers begin with the largest, text with A; a second click turns it round. */
export function nextSorting(sorting: Sorting | null, key: string, isNumeric = false): Sorting {
  return sorting?.key === key ? { key, descending: !sorting.descending } : { key, descending: isNumeric };
}

const { compare: compareText } = new Intl.Collator(undefined, { numeric: true });

/** Rows without a value stand last in both directions; equal rows keep their order. */
export function sortRows<Row>(rows: Row[], columns: SortedColumn<Row>[], sorting: Sorting | null): Row[] {
  const column = columns.find(({ key }) => key === sorting?.key);
  if (!sorting || !column) return rows;
  const compare = column.isNumeric ? compareNumbers : compareValues;
  const sign = sorting.descending ? -1 : 1;
  return rows
    .map((row): [Value, Row] => [column.value(row), row])
    .sort(([a], [b]) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * compare(a, b);
    })
    .map(([, row]) => row);
}

function compareValues(a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (typeof a === "string" || typeof b === "string") return compareText(String(a), String(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** Numbers, also those that come as text: exactly, beyond 2^53 too. */
function compareNumbers(a: NonNullable<Value>, b: NonNullable<Value>): number {
  const difference = Number(a) - Number(b);
  if (difference) return difference;
  if (![a, b].every((value) => DECIMAL.test(String(value)))) return compareValues(a, b);
  return compareValues(scaled(a), scaled(b));
}

/** As many decimals as JavaScript writes of a number. */
const DECIMALS = 20;

function scaled(value: NonNullable<Value>): bigint {
  const [whole = "", fraction = ""] = String(value).split(".");
  return BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0"));
}

/** The rows of which a cell holds the text, in what it shows or stands for, whatever its case. */
export function searchRows<Row>(rows: Row[], columns: SearchedColumn<Row>[], search: string): Row[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (!wanted) return rows;
  const holds = (cell: unknown) => typeof cell !== "object" && String(cell ?? "").toLocaleLowerCase().includes(wanted);
  return rows.filter((row) => columns.some(({ value, render, text }) => (text ? holds(text(row)) : holds(value(row)) || holds(render?.(row)))));
}
