/** A table that can be sorted, and holds ten thousand rows: only those in view are in the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { download, toCsv } from "./csv";

export interface Column<Row> {
  /** Unique in the table; the header of CSV. */
  key: string;
  /** The heading. */
  title: string;
  /** What the heading explains on hover and to screen readers. */
  definition?: string;
  /** What the column is sorted by, and what CSV holds. */
  value: (row: Row) => string | number | null;
  /** What is shown; `value` as text if it is not given. */
  render?: (row: Row) => ReactNode;
  /** Numbers stand at the right edge. */
  isNumeric?: boolean;
  /** A share of the width; 1 if it is not given. */
  width?: number;
}

interface Sorting {
  key: string;
  descending: boolean;
}

export interface DataTableProps<Row> {
  /** What the table holds, for the caption and the file's name. */
  title: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Rows in their own order if it is not given. */
  initialSorting?: Sorting;
  /** Shown instead of rows. */
  empty?: ReactNode;
  /** The largest height in pixels; beyond it the rows scroll. */
  maxHeight?: number;
}

const ROW_HEIGHT = 40;

export function DataTable<Row>({ title, columns, rows, rowKey, initialSorting, empty = "Nothing here.", maxHeight = 480 }: DataTableProps<Row>) {
  const [sorting, setSorting] = useState<Sorting | null>(initialSorting ?? null);
  const sorted = useMemo(() => sort(rows, columns, sorting), [rows, columns, sorting]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const template = columns.map(({ width = 1 }) => `minmax(${Math.round(90 * width)}px, ${width}fr)`).join(" ");
  const save = () => {
    const cells = sorted.map((row) => columns.map(({ value }) => String(value(row) ?? "")));
    download(`${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`, toCsv(columns.map(({ key }) => key), cells), "text/csv;charset=utf-8");
  };
  return (
    <div className="data-table">
      <div className="data-table-tools">
        <span>{sorted.length.toLocaleString()} {sorted.length === 1 ? "row" : "rows"}</span>
        <button type="button" onClick={save} disabled={!sorted.length} aria-label={`${title} as CSV`}>CSV</button>
      </div>
      <div className="data-table-scroller" ref={scroller} style={{ maxHeight }} tabIndex={0} role="region" aria-label={title}>
        <div role="table" aria-label={title} aria-rowcount={sorted.length + 1} aria-colcount={columns.length}>
          <div role="rowgroup" className="data-table-head">
            <div role="row" style={{ gridTemplateColumns: template }}>
              {columns.map(({ key, title: heading, definition, isNumeric }) => {
                const order = sorting?.key === key ? (sorting.descending ? "descending" : "ascending") : "none";
                return (
                  <div role="columnheader" key={key} aria-sort={order} className={isNumeric ? "numeric" : undefined}>
                    <button type="button" title={definition} onClick={() => setSorting(next(sorting, key, isNumeric))}>
                      {heading}
                      <span aria-hidden="true">{order === "none" ? "" : order === "descending" ? " ↓" : " ↑"}</span>
                    </button>
                  </div>
                );
              })}
            </div>
          </div>
          {sorted.length === 0 && <p className="data-table-empty">{empty}</p>}
          <div role="rowgroup" className="data-table-body" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const row = sorted[index];
              if (row === undefined) return null;
              return (
                <div role="row" key={rowKey(row)} aria-rowindex={index + 2} style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}>
                  {columns.map(({ key, value, render, isNumeric }) => (
                    <div role="cell" key={key} className={isNumeric ? "numeric" : undefined}>
                      {render ? render(row) : String(value(row) ?? "–")}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Numbers begin with the largest, text with A; a second click turns it round. */
function next(sorting: Sorting | null, key: string, isNumeric = false): Sorting {
  return sorting?.key === key ? { key, descending: !sorting.descending } : { key, descending: isNumeric };
}

/** Rows without a value stand last in both directions. */
function sort<Row>(rows: Row[], columns: Column<Row>[], sorting: Sorting | null): Row[] {
  const value = columns.find(({ key }) => key === sorting?.key)?.value;
  if (!sorting || !value) return rows;
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const [a, b] = [value(left), value(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
  });
}
