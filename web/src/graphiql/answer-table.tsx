/** A table of the answer; lists in its rows open below them. */
import { type ReactNode, useMemo } from "react";
import { download } from "../ui/csv";
import { type Column, DataTable } from "../ui/data-table";
import { fileName } from "../ui/file-name";
import { isId } from "./chart-choice";
import { type AnswerTable, type Cell, type Row, tableOfList, textOf } from "./flatten";
import { timeLabel } from "./time-zone";

interface Props {
  title: string;
  table: AnswerTable;
  /** The zone in which times are shown. */
  timeZone: string;
  maxHeight: number | "none";
}

/** Rows that a column's width is taken from. */
const MEASURED = 200;

const rowKey = (row: Row) => String(row.index);

export function AnswerTableView({ title, table, timeZone, maxHeight }: Props) {
  const columns = useMemo(() => columnsOf(table, timeZone), [table, timeZone]);
  const lists = useMemo(() => table.columns.filter(({ kind }) => kind === "list").map(({ key }) => key), [table]);
  const details = useMemo(() => (lists.length ? (row: Row) => detailsOf(row, lists, timeZone) : undefined), [lists, timeZone]);
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

/** The lists of a row; null if they are empty. */
function detailsOf({ cells }: Row, lists: string[], timeZone: string): ReactNode {
  const filled = lists.flatMap((key) => {
    const list = cells.get(key);
    return Array.isArray(list) && list.length ? [<InnerList key={key} path={key} list={list} timeZone={timeZone} />] : [];
  });
  return filled.length ? filled : null;
}

function InnerList({ path, list, timeZone }: { path: string; list: unknown[]; timeZone: string }) {
  const table = useMemo(() => tableOfList(path, list), [path, list]);
  return <AnswerTableView title={path} table={table} timeZone={timeZone} maxHeight={280} />;
}

function columnsOf({ columns, rows }: AnswerTable, timeZone: string): Column<Row>[] {
  return columns.map(({ key, kind }) => ({
    key,
    title: key,
    definition: key,
    isNumeric: kind === "number" && !isId(key),
    width: widthOf(key, rows.slice(0, MEASURED), (cell) => (kind === "time" ? timeLabel(textOf(cell), timeZone) : textOf(cell))),
    value: ({ cells }) => valueOf(cells.get(key)),
    // A time is found as it is shown, and as the answer has it.
    text: kind === "time" ? ({ cells }) => `${timeLabel(textOf(cells.get(key)), timeZone)} ${textOf(cells.get(key))}` : undefined,
    render: kind === "list" ? ({ cells }) => sizeOf(cells.get(key)) : kind === "time" ? ({ cells }) => timeOf(cells.get(key), timeZone) : undefined,
  }));
}

/** A column is as wide as its text, within reason; one share of `DataTable` is about eleven letters. */
function widthOf(key: string, rows: Row[], shown: (cell: Cell | undefined) => string): number {
  const longest = Math.max(key.length + 1, ...rows.map(({ cells }) => (Array.isArray(cells.get(key)) ? 8 : shown(cells.get(key)).length)));
  return Math.min(Math.max(longest + 3, 8), 36) / 11;
}

function valueOf(cell: Cell | undefined): string | number | bigint | null {
  if (typeof cell === "number" || typeof cell === "bigint" || cell === null || cell === undefined) return cell ?? null;
  return textOf(cell);
}

/** A time as it is read; as the answer has it on hover, and in what is copied or saved. */
function timeOf(cell: Cell | undefined, timeZone: string): ReactNode {
  const text = textOf(cell);
  return text ? <time dateTime={text} title={text}>{timeLabel(text, timeZone)}</time> : "–";
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
  download(fileName(title, undefined, "json"), `[\n${lines.join(",\n")}\n]\n`, "application/json");
}
