/** Which chart an answer's table makes: chosen by its columns, and changed by the page's user. */
import type { ChartKind, Series } from "../ui/chart";
import { exactSum } from "./exact-sum";
import { type AnswerColumn, type AnswerTable, type Cell, type Row, textOf } from "./flatten";

/** What the user chose, as a link has it; what is missing or does not fit this table is chosen by the columns. */
export interface ChartWish {
  kind?: string;
  x?: string;
  series?: string;
  measures?: string;
}

export interface ChartChoice {
  kind: ChartKind;
  x: AnswerColumn;
  /** The column whose values are series of their own; null if each measure is one. */
  series: AnswerColumn | null;
  measures: string[];
}

export interface ChartOptions {
  categories: AnswerColumn[];
  measures: string[];
}

export const KINDS: readonly ChartKind[] = ["line", "bar", "stacked", "across"];
/** The measure of a table without numbers. */
export const ROWS = "rows";
const MAX_SERIES = 8;
const MAX_BARS = 60;
/** More bars, or longer labels, find no room along the lower edge. */
const MAX_UPRIGHT = 12;
const MAX_LABEL = 10;
/** Measures that differ more than this would flatten each other on one axis. */
const COMPARABLE = 20;

/** Numbers that name something are no quantities. */
export const isId = (key: string) => /(^|\.)(id|offset|tier|cursor|url)$|Id$/.test(key);
const isName = ({ key }: AnswerColumn) => /(^|\.)(name|title)$/i.test(key);

export function optionsOf({ columns }: AnswerTable): ChartOptions {
  const measures = columns.filter(({ key, kind, isRepeated }) => kind === "number" && !isId(key) && !isRepeated).map(({ key }) => key);
  return {
    categories: columns.filter(({ kind }) => kind !== "list"),
    measures: [...measures, ROWS],
  };
}

/** Null if the table has nothing to draw. */
export function choiceOf(table: AnswerTable, wish: ChartWish): ChartChoice | null {
  const { categories, measures } = optionsOf(table);
  const x = categories.find(({ key }) => key === wish.x) ?? firstX(table, categories);
  if (!x || !table.rows.length) return null;
  const wished = categories.find(({ key }) => key === wish.series && key !== x.key);
  const series = wished ?? (wish.series === undefined ? firstSeries(table, categories, x) : null);
  const chosen = wish.measures?.split(",").filter((measure) => measures.includes(measure)) ?? [];
  const some = chosen.length ? chosen : firstMeasures(table, measures);
  const kind = KINDS.find((each) => each === wish.kind) ?? firstKind(table, x, series);
  return { kind, x, series, measures: series ? some.slice(0, 1) : some };
}

/** Time first, then names: what a reader looks for along the axis. A column that is the same in rows that differ comes last. */
function firstX(table: AnswerTable, categories: AnswerColumn[]): AnswerColumn | undefined {
  const times = categories.filter(({ kind }) => kind === "time");
  // Of cohorts the months since; else where intervals begin.
  const axis = categories.find(({ key }) => /\.offset$/.test(key)) ?? times.find(({ key }) => /(^|\.)(start|cohort)$/.test(key));
  if (axis) return axis;
  const words = categories.filter(({ key, kind }) => kind === "text" && !isId(key));
  const byName = [...words.filter(isName), ...words];
  const ids = categories.filter(({ key }) => isId(key));
  // Masked names and addresses are the same in many rows; ids never are.
  const unique = [...byName, ...ids].find((column) => valuesOf(table, column) === table.rows.length);
  return unique ?? byName.find((column) => valuesOf(table, column) > 1) ?? times[0] ?? categories[0];
}

function valuesOf({ rows }: AnswerTable, { key }: AnswerColumn): number {
  return new Set(rows.map(({ cells }) => textOf(cells.get(key)))).size;
}

/** A column that tells apart the rows of one x. */
function firstSeries(table: AnswerTable, categories: AnswerColumn[], x: AnswerColumn): AnswerColumn | null {
  if (valuesOf(table, x) === table.rows.length) return null;
  const others = categories.filter((column) => column.key !== x.key && !isId(column.key) && valuesOf(table, column) > 1);
  const words = others.filter(({ kind }) => kind === "text");
  return words.find(isName) ?? words[0] ?? others.find(({ kind }) => kind === "time") ?? null;
}

function firstMeasures(table: AnswerTable, measures: string[]): string[] {
  const [first = ROWS, ...others] = measures.filter((measure) => measure !== ROWS);
  const largest = (key: string) => Math.max(...table.rows.map(({ cells }) => Math.abs(Number(numberOf(cells.get(key)) ?? 0))));
  const size = largest(first);
  const near = others.filter((key) => largest(key) * COMPARABLE >= size && largest(key) <= size * COMPARABLE);
  return first === ROWS ? [ROWS] : [first, ...near].slice(0, 4);
}

function firstKind({ rows }: AnswerTable, x: AnswerColumn, series: AnswerColumn | null): ChartKind {
  if (series) return x.kind === "number" ? "line" : "stacked";
  if (x.kind === "time") return "line";
  return rows.length > MAX_UPRIGHT || rows.some(({ cells }) => textOf(cells.get(x.key)).length > MAX_LABEL) ? "across" : "bar";
}

export interface Drawing {
  labels: string[];
  series: Series[];
  /** The same as cells: exact, and times as the answer has them. */
  header: string[];
  rows: string[][];
  /** What the reader has to know: what is left out or added up. Null if each row is drawn. */
  note: string | null;
}

/** By series and x, as text: exact. */
type Sums = Map<string, Map<string, string>>;

/** The rows of one x, and of one series, are added up. */
export function drawingOf(table: AnswerTable, { x, series, measures }: ChartChoice, label: (value: string, column: AnswerColumn) => string): Drawing {
  const rows = inOrder(table.rows, x);
  let isAddedUp = false;
  const all = [...new Set(rows.map((row) => textOf(row.cells.get(x.key))))];
  const shown = x.kind === "time" ? all : all.slice(0, MAX_BARS);
  const sums: Sums = new Map();
  for (const row of rows) {
    for (const measure of measures) {
      const value = measure === ROWS ? "1" : numberOf(row.cells.get(measure));
      if (value === null) continue;
      const name = series ? textOf(row.cells.get(series.key)) || "–" : measure;
      const at = textOf(row.cells.get(x.key));
      const sum = sums.get(name) ?? new Map<string, string>();
      const before = sum.get(at);
      isAddedUp ||= before !== undefined && measure !== ROWS;
      sums.set(name, sum.set(at, before === undefined ? value : exactSum(before, value)));
    }
  }
  const names = series ? largestOf(sums) : [...sums.keys()];
  const left = [
    all.length > shown.length && `the first ${shown.length} of ${all.length.toLocaleString()} values`,
    sums.size > names.length && `the ${names.length} largest of ${sums.size.toLocaleString()} series`,
  ].filter(Boolean);
  const notes = [left.length > 0 && `Shown: ${left.join(", ")}.`, isAddedUp && `Rows with the same ${x.key} are added up.`].filter(Boolean);
  return {
    labels: shown.map((value) => (value ? label(value, x) : "–")),
    series: names.map((name) => ({
      label: series ? label(name, series) : name,
      isPrevious: name.startsWith("previous."),
      values: shown.map((value) => pointOf(sums.get(name)?.get(value))),
    })),
    header: [x.key, ...names],
    rows: shown.map((value) => [value, ...names.map((name) => sums.get(name)?.get(value) ?? "")]),
    note: notes.join(" ") || null,
  };
}

/** Times and numbers along the axis rise; words stay in the answer's order. */
function inOrder(rows: Row[], { key, kind }: AnswerColumn): Row[] {
  const text = ({ cells }: Row) => textOf(cells.get(key));
  if (kind === "time") return rows.toSorted((a, b) => compare(text(a), text(b)));
  return kind === "number" ? rows.toSorted((a, b) => Number(text(a)) - Number(text(b))) : rows;
}

function largestOf(sums: Sums): string[] {
  const total = (values: Map<string, string>) => [...values.values()].reduce((sum, value) => sum + Math.abs(Number(value)), 0);
  const largest = [...sums].sort(([, a], [, b]) => total(b) - total(a)).slice(0, MAX_SERIES);
  return largest.map(([name]) => name);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A number as text; null for what is none. */
function numberOf(cell: Cell | undefined): string | null {
  const text = Array.isArray(cell) ? "" : textOf(cell);
  return text !== "" && Number.isFinite(Number(text)) ? text : null;
}

/** As exact as a picture has to be. */
function pointOf(value: string | undefined): number | null {
  return value === undefined ? null : Number(value);
}
