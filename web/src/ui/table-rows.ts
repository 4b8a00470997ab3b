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

/** Numbers begin with the largest, text with A; a second click turns it round. */
export function nextSorting(sorting: Sorting | null, key: string, isNumeric = false): Sorting {
  return sorting?.key === key ? { key, descending: !sorting.descending } : { key, descending: isNumeric };
}

const { compare: compareText } = new Intl.Collator(undefined, { numeric: true });

/** Rows without a value stand last in both directions; equal rows keep their order. */
export function sortRows<Row>(rows: Row[], columns: SortedColumn<Row>[], sorting: Sorting | null): Row[] {
  const column = columns.find(({ key }) => key === sorting?.key);
  if (!sorting || !column) return rows;
  const value = (row: Row) => numberOf(column.value(row), column.isNumeric);
  const sign = sorting.descending ? -1 : 1;
  return rows
    .map((row): [Value, Row] => [value(row), row])
    .sort(([a], [b]) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      if (typeof a === "string" || typeof b === "string") return sign * compareText(String(a), String(b));
      return sign * (a < b ? -1 : a > b ? 1 : 0);
    })
    .map(([, row]) => row);
}

/** Text of a numeric column as the number it is. */
function numberOf(value: Value, isNumeric = false): Value {
  return isNumeric && typeof value === "string" && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** The rows of which a value holds the text, whatever its case. */
export function searchRows<Row>(rows: Row[], columns: SortedColumn<Row>[], search: string): Row[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (!wanted) return rows;
  return rows.filter((row) => columns.some(({ value }) => String(value(row) ?? "").toLocaleLowerCase().includes(wanted)));
}
