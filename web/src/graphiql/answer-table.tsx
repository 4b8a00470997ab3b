/** A table of the answer; lists in its rows open below them. */
import { useMemo } from "react";
import { download } from "../ui/csv";
import { type Column, DataTable } from "../ui/data-table";
import { isId } from "./chart-choice";
import { type AnswerTable, type Cell, type Row, tableOfList, textOf } from "./flatten";

interface Props {
  title: string;
  table: AnswerTable;
  maxHeight: number | "none";
}

/** Rows that a column's width is taken from. */
const MEASURED = 200;

const rowKey = (row: Row) => String(row.index);

export function AnswerTableView({ title, table, maxHeight }: Props) {
  const columns = useMemo(() => columnsOf(table), [table]);
  const lists = useMemo(() => table.columns.filter(({ kind }) => kind === "list").map(({ key }) => key), [table]);
  const details = useMemo(() => (lists.length ? (row: Row) => <Lists row={row} lists={lists} /> : undefined), [lists]);
  return (
    <DataTable
      title={title}
      columns={columns}
      rows={table.rows}
      rowKey={rowKey}
      maxHeight={maxHeight}
      details={details}
      empty="The list is empty."
      isSearchable={maxHeight === "none" && table.rows.length > 10}
      tools={(shown) => (
        <button type="button" disabled={!shown.length} aria-label={`${title} as JSON`} onClick={() => saveRows(title, shown)}>
          JSON
        </button>
      )}
    />
  );
}

function Lists({ row, lists }: { row: Row; lists: string[] }) {
  return lists.map((key) => {
    const list = row.cells.get(key);
    return Array.isArray(list) ? <InnerList key={key} path={key} list={list} /> : null;
  });
}

function InnerList({ path, list }: { path: string; list: unknown[] }) {
  const table = useMemo(() => tableOfList(path, list), [path, list]);
  return <AnswerTableView title={path} table={table} maxHeight={280} />;
}

function columnsOf({ columns, rows }: AnswerTable): Column<Row>[] {
  return columns.map(({ key, kind }) => ({
    key,
    title: key,
    definition: key,
    isNumeric: kind === "number" && !isId(key),
    width: widthOf(key, rows.slice(0, MEASURED)),
    value: ({ cells }) => valueOf(cells.get(key)),
    render: kind === "list" ? ({ cells }) => sizeOf(cells.get(key)) : undefined,
  }));
}

/** A column is as wide as its text, within reason; one share of `DataTable` is about eleven letters. */
function widthOf(key: string, rows: Row[]): number {
  const longest = Math.max(key.length + 1, ...rows.map(({ cells }) => (Array.isArray(cells.get(key)) ? 8 : textOf(cells.get(key)).length)));
  return Math.min(Math.max(longest + 3, 8), 36) / 11;
}

function valueOf(cell: Cell | undefined): string | number | bigint | null {
  if (typeof cell === "number" || typeof cell === "bigint" || cell === null || cell === undefined) return cell ?? null;
  return textOf(cell);
}

function sizeOf(cell: Cell | undefined): string {
  return Array.isArray(cell) ? `${cell.length.toLocaleString()} ${cell.length === 1 ? "row" : "rows"}` : "–";
}

/** The rows as they are shown, their columns as names. */
function saveRows(title: string, rows: Row[]) {
  const lines = rows.map(({ cells }) => {
    const fields = [...cells].map(([name, cell]) => `${JSON.stringify(name)}: ${typeof cell === "bigint" ? cell : JSON.stringify(cell)}`);
    return `  { ${fields.join(", ")} }`;
  });
  download(`${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}.json`, `[\n${lines.join(",\n")}\n]\n`, "application/json");
}
