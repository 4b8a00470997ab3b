/** A table that can be sorted and searched, and holds ten thousand rows: only those in view are in the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, memo, useCallback, useId, useMemo, useRef, useState } from "react";
import { CopyButton } from "./copy-button";
import { download, toCsv, toTabs } from "./csv";
import "./data-table.css";
import "./sideways.css";
import { useDefinition } from "./definition";
import { fileName } from "./file-name";
import { type Sorting, type Value, nextSorting, searchRows, sortRows } from "./table-rows";

export interface Column<Row> {
  /** Unique in the table; the header of CSV. */
  key: string;
  /** The heading. */
  title: string;
  /** What the heading explains on hover and on focus. */
  definition?: string;
  /** Its figures are marked so in the heading. */
  isApproximate?: boolean;
  /** What the column is sorted and searched by, and what CSV holds. */
  value: (row: Row) => Value;
  /** What is shown; `value` as text if it is not given. */
  render?: (row: Row) => ReactNode;
  /** What is found instead of `value` and of the text that `render` gives. */
  text?: (row: Row) => string;
  /** What CSV holds instead of `value`, for example a time in the zone of the page. */
  csv?: (row: Row) => Value;
  /** Numbers stand at the right edge. */
  isNumeric?: boolean;
  /** A share of the width; 1 if it is not given. */
  width?: number;
}

export interface DataTableProps<Row> {
  /** What the table holds, for its label and the file's name. */
  title: string;
  /** A constant or memoised, as are `rows`, `rowKey` and `details`: rows are drawn anew when one of them changes. */
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Rows in their own order if it is not given. */
  initialSorting?: Sorting;
  /** The order, where it is kept elsewhere, and what changes it there. */
  sorting?: Sorting;
  setSorting?: (sorting: Sorting) => void;
  /** The days that the rows are about, for the file's name; today's state if it is not given. */
  days?: string;
  /** The rows are to be replaced: they are neither copied nor saved. */
  isOutdated?: boolean;
  /** Shown instead of rows. */
  empty?: ReactNode;
  /** The largest height, in pixels or as CSS has it; beyond it the rows scroll. "none" in a container of a fixed height. */
  maxHeight?: number | string;
  /** What a button in each row opens below it; null in a row that has nothing to open. */
  details?: (row: Row) => ReactNode;
  /** Shows a box that filters rows by the text of their values. */
  isSearchable?: boolean;
  /** Shown beside the number of rows, for example how far they are loaded. */
  status?: ReactNode;
  /** Further buttons, given the rows as they are shown. */
  tools?: (shown: Row[]) => ReactNode;
}

const ROW_HEIGHT = 40;
/** A column's least width in pixels, times its share. The first stays in view, so it is narrower on a phone. */
const COLUMN_WIDTH = 104;

export function DataTable<Row>({
  title,
  columns,
  rows,
  rowKey,
  initialSorting,
  sorting: givenSorting,
  setSorting: changeSorting,
  days,
  isOutdated,
  empty = "Nothing here.",
  maxHeight = 480,
  details,
  isSearchable,
  status,
  tools,
}: DataTableProps<Row>) {
  const [ownSorting, setOwnSorting] = useState<Sorting | null>(initialSorting ?? null);
  const sorting = givenSorting ?? ownSorting;
  const setSorting = changeSorting ?? setOwnSorting;
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const found = useMemo(() => searchRows(rows, columns, search), [rows, columns, search]);
  const shown = useMemo(() => sortRows(found, columns, sorting), [found, columns, sorting]);
  const toggle = useCallback((key: string) => setOpen((before) => new Set(before.has(key) ? [...before].filter((other) => other !== key) : [...before, key])), []);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => (shown[index] === undefined ? index : rowKey(shown[index])), [shown, rowKey]),
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    // A render in the middle of each scroll event would cost more frames than it saves.
    useFlushSync: false,
  });
  const widths = columns.map(({ width = 1 }, column) => `${column === 0 ? "min(60cqi, " : "("}${Math.round(COLUMN_WIDTH * width)}px)`);
  const template = columns.map(({ width = 1 }, column) => `minmax(calc(${widths[column]}), ${width}fr)`).join(" ");
  const minWidth = `calc(${widths.join(" + ")})`;
  return (
    <div className="data-table">
      <div className="data-table-tools">
        {isSearchable && <SearchBox title={title} search={search} setSearch={setSearch} />}
        <span className="data-table-count" aria-live="polite">
          {search && `${shown.length.toLocaleString()} of `}
          {rows.length.toLocaleString()} {rows.length === 1 ? "row" : "rows"}
        </span>
        {status}
        <span className="data-table-buttons">
          {tools?.(shown)}
          <ExportButtons title={title} columns={columns} shown={shown} days={days} isOutdated={isOutdated} />
        </span>
      </div>
      <div className="data-table-scroller sideways" ref={scroller} style={{ maxHeight }} tabIndex={0} role="group" aria-label={title}>
        <div role="table" aria-label={title} aria-rowcount={shown.length + 1} aria-colcount={columns.length} style={{ minWidth }}>
          <div role="rowgroup" className="data-table-head">
            <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
              {columns.map((column) => (
                <Heading key={column.key} column={column} sorting={sorting} setSorting={setSorting} />
              ))}
            </div>
          </div>
          {shown.length > 0 && (
            <div role="rowgroup" className="data-table-body" style={{ height: virtualizer.getTotalSize() }}>
              {virtualizer.getVirtualItems().map(({ index, key, start }) => {
                const row = shown[index];
                if (row === undefined) return null;
                return (
                  <div
                    key={key}
                    role="none"
                    className="data-table-item"
                    data-index={index}
                    // Only details make rows of different heights.
                    ref={details && virtualizer.measureElement}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <BodyRow
                      row={row}
                      index={index}
                      columns={columns}
                      template={template}
                      itemKey={String(key)}
                      isOpen={open.has(String(key))}
                      details={details}
                      toggle={toggle}
                    />
                  </div>
                );
              })}
            </div>
          )}
        </div>
        {shown.length === 0 && <div className="data-table-empty">{search && rows.length ? "No row has this text." : empty}</div>}
      </div>
    </div>
  );
}

interface BodyRowProps<Row> {
  row: Row;
  index: number;
  columns: Column<Row>[];
  template: string;
  itemKey: string;
  isOpen: boolean;
  details?: (row: Row) => ReactNode;
  toggle: (key: string) => void;
}

/** Memoised: scrolling draws the rows that come into view, and no other. */
const BodyRow = memo(function BodyRow<Row>({ row, index, columns, template, itemKey, isOpen, details, toggle }: BodyRowProps<Row>) {
  const detailsId = useId();
  const inner = details?.(row);
  return (
    <>
      <div role="row" aria-rowindex={index + 2} style={{ gridTemplateColumns: template }}>
        {columns.map(({ key, value, render, isNumeric }, column) => {
          const text = String(value(row) ?? "–");
          const shown = render ? render(row) : text;
          return (
            <div role="cell" key={key} className={isNumeric ? "numeric" : undefined} title={typeof shown === "string" ? shown : undefined}>
              {column === 0 && details && !inner && <span className="data-table-toggle-space" />}
              {column === 0 && inner && (
                <button
                  type="button"
                  className="data-table-toggle"
                  aria-label={`Details of ${text}`}
                  aria-expanded={isOpen}
                  aria-controls={isOpen ? detailsId : undefined}
                  onClick={() => toggle(itemKey)}
                />
              )}
              {shown}
            </div>
          );
        })}
      </div>
      {isOpen && inner && (
        <div role="row" className="data-table-details" id={detailsId}>
          <div role="cell" aria-colspan={columns.length}>{inner}</div>
        </div>
      )}
    </>
  );
}) as <Row>(props: BodyRowProps<Row>) => ReactNode;

function Heading<Row>({ column, sorting, setSorting }: { column: Column<Row>; sorting: Sorting | null; setSorting: (sorting: Sorting) => void }) {
  const { key, title, definition, isApproximate, isNumeric } = column;
  const { around, button, explanation } = useDefinition(definition);
  const sort = () => {
    setSorting(nextSorting(sorting, key, isNumeric));
    button.onClick();
  };
  const order = sorting?.key !== key ? "none" : sorting.descending ? "descending" : "ascending";
  return (
    <div role="columnheader" aria-sort={order} className={isNumeric ? "numeric" : undefined} {...around}>
      <button type="button" {...button} onClick={sort}>
        <span className={definition && "data-table-term"}>{isApproximate && <span aria-hidden="true">≈ </span>}{title}</span>
        <span aria-hidden="true" className="data-table-arrow">{order === "none" ? "" : order === "descending" ? "↓" : "↑"}</span>
      </button>
      {explanation}
    </div>
  );
}

function SearchBox({ title, search, setSearch }: { title: string; search: string; setSearch: (text: string) => void }) {
  return (
    <input
      type="search"
      className="data-table-search"
      aria-label={`Find in ${title}`}
      placeholder="Find"
      autoComplete="off"
      spellCheck={false}
      value={search}
      onChange={(event) => setSearch(event.target.value)}
    />
  );
}

type ExportProps<Row> = Pick<DataTableProps<Row>, "title" | "columns" | "days" | "isOutdated"> & { shown: Row[] };

/** What is shown, in its order: as a file, or for a sheet. */
export function ExportButtons<Row>({ title, columns, shown, days, isOutdated }: ExportProps<Row>) {
  const cells = () => shown.map((row) => columns.map(({ value, csv = value }) => String(csv(row) ?? "")));
  const header = columns.map(({ key }) => key);
  const save = () => download(fileName(title, days, "csv"), toCsv(header, cells()), "text/csv;charset=utf-8");
  const isDisabled = isOutdated || !shown.length;
  return (
    <>
      <CopyButton label="Copy" description={`Copy ${title} for a sheet`} text={() => toTabs(header, cells())} disabled={isDisabled} />
      <button type="button" onClick={save} disabled={isDisabled} aria-label={`${title} as CSV`}>CSV</button>
    </>
  );
}
