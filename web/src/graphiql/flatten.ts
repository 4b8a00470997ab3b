/** An answer as tables: each list of it is one, and the values that stand in no list are one more. */
import { bigIntegerOf } from "../ui/exact-json";

export type Cell = string | number | bigint | boolean | null | unknown[];

export interface Row {
  /** The row's place in the answer. */
  index: number;
  cells: Map<string, Cell>;
}

export type ColumnKind = "number" | "time" | "text" | "list";

export interface AnswerColumn {
  key: string;
  kind: ColumnKind;
  /** Of the row that a list stands in: the same in each of the list's rows, so it is not to be added up. */
  isRepeated: boolean;
}

export interface AnswerTable {
  /** Where it stands in the answer, with dots; empty for the values outside of lists. */
  path: string;
  columns: AnswerColumn[];
  rows: Row[];
}

type Fields = Record<string, unknown>;

/** The tables of an answer's data, the lists first. */
export function tablesOf(data: unknown): AnswerTable[] {
  if (!fieldsOf(data)) return [];
  const lists: AnswerTable[] = [];
  const single = new Map<string, Cell>();
  visit(data, "", (path, list) => lists.push(...listTables(path, list.map(rowOf))), (path, cell) => single.set(path, cell));
  const pairs = [...single].map(([field, value]) => new Map<string, Cell>([["field", field], ["value", value]]));
  return single.size ? [...lists, tableOf("", pairs)] : lists;
}

/** Names each list and each value below a value, by its path. */
function visit(value: unknown, path: string, onList: (path: string, list: unknown[]) => void, onCell: (path: string, cell: Cell) => void) {
  const list = listOf(value);
  if (list) onList(path, list);
  const fields = fieldsOf(value);
  if (!fields) {
    if (!list) onCell(path, cellOf(value));
    return;
  }
  for (const [name, field] of Object.entries(fields)) {
    if (name !== "pageInfo" && !(list && isPaging(name))) visit(field, joined(path, name), onList, onCell);
  }
}

/** A list, and what is in the lists of its rows: each with the columns of the row that it belongs to. */
function listTables(path: string, rows: Map<string, Cell>[], ownPrefix = ""): AnswerTable[] {
  const table = tableOf(path, rows, ownPrefix);
  const inner = table.columns.filter(({ kind }) => kind === "list").flatMap(({ key }) => {
    const joinedRows = rows.flatMap((row) => {
      const list = row.get(key);
      const own = [...row].filter(([, cell]) => !Array.isArray(cell));
      return Array.isArray(list) ? list.map((item) => new Map([...own, ...[...rowOf(item)].map(([name, cell]): [string, Cell] => [joined(key, name), cell])])) : [];
    });
    return joinedRows.length ? listTables(joined(path, key), joinedRows, `${key}.`) : [];
  });
  return [table, ...inner];
}

function tableOf(path: string, rows: Map<string, Cell>[], ownPrefix = ""): AnswerTable {
  const keys = new Set(rows.flatMap((row) => [...row.keys()]));
  const columns = [...keys].map((key): AnswerColumn => ({
    key,
    kind: kindOf(rows.map((row) => row.get(key) ?? null)),
    isRepeated: !key.startsWith(ownPrefix),
  }));
  return { path, columns, rows: rows.map((cells, index) => ({ index, cells })) };
}

/** The rows of a list that stands inside a cell. */
export function tableOfList(path: string, list: unknown[]): AnswerTable {
  return tableOf(path, list.map(rowOf));
}

/** A list's item with its objects' fields beside its own. An item that is no object has the column "value". */
export function rowOf(item: unknown): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const set = (path: string, cell: Cell) => cells.set(path || "value", cell);
  visit(item, "", set, set);
  return cells;
}

/** A list, or the rows of a connection. */
function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  const fields = fieldsOf(value);
  if (Array.isArray(fields?.nodes)) return fields.nodes;
  if (!Array.isArray(fields?.edges)) return null;
  // An edge's node is the row; what the edge has beside it stands behind.
  return fields.edges.map((edge: unknown) => {
    const { node, ...beside } = fieldsOf(edge) ?? {};
    return fieldsOf(node) ? { ...fieldsOf(node), ...beside } : edge;
  });
}

const isPaging = (name: string) => name === "nodes" || name === "edges";

function fieldsOf(value: unknown): Fields | null {
  return value !== null && typeof value === "object" && !Array.isArray(value) && bigIntegerOf(value) === null ? (value as Fields) : null;
}

function cellOf(value: unknown): Cell {
  return bigIntegerOf(value) ?? (value as string | number | boolean | null);
}

const joined = (path: string, name: string) => (path ? `${path}.${name}` : name);

const NUMBER = /^-?\d+(\.\d+)?$/;
const TIME = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/;

function kindOf(cells: Cell[]): ColumnKind {
  const all = (check: (cell: Cell) => boolean) => {
    const values = cells.filter((cell) => cell !== null);
    return values.length > 0 && values.every(check);
  };
  if (cells.some(Array.isArray)) return "list";
  if (all((cell) => typeof cell === "number" || typeof cell === "bigint" || (typeof cell === "string" && NUMBER.test(cell)))) return "number";
  if (all(isTime)) return "time";
  return "text";
}

export function isTime(cell: Cell): boolean {
  return typeof cell === "string" && TIME.test(cell);
}

/** A cell as text, as a file holds it; null is empty. */
export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  return Array.isArray(cell) ? JSON.stringify(cell) : String(cell);
}
