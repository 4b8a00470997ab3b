/** A chart of the answer, and the boxes that change it. */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Chart } from "../ui/chart";
import { CopyButton } from "../ui/copy-button";
import { download, toCsv, toTabs } from "../ui/csv";
import { fileName } from "../ui/file-name";
import { type ChartChoice, KINDS, ROWS, choiceOf, drawingOf, optionsOf } from "./chart-choice";
import type { AnswerColumn, AnswerTable } from "./flatten";
import { timeLabel } from "./time-zone";
import type { View } from "./view";

interface Props {
  title: string;
  table: AnswerTable;
  /** The zone in which the answer's intervals begin. */
  timeZone: string;
  view: View;
  change(part: Partial<View>): void;
}

const KIND_NAMES = { line: "Line", bar: "Bars", stacked: "Stacked bars", across: "Bars across" };

export function AnswerChart({ title, table, timeZone, view, change }: Props) {
  const { kind, x, series, measures } = view;
  const choice = useMemo(() => choiceOf(table, { kind, x, series, measures }), [table, kind, x, series, measures]);
  const label = useCallback((value: string, column: AnswerColumn) => (column.kind === "time" ? timeLabel(value, timeZone) : value), [timeZone]);
  const place = useRef<HTMLDivElement>(null);
  const height = useHeight(place);
  const drawing = useMemo(() => choice && drawingOf(table, choice, label), [table, choice, label]);
  if (!choice || !drawing) return <p className="bench-note">Nothing to draw: the answer has no rows.</p>;
  return (
    <div className="answer-chart">
      <Choices table={table} choice={choice} change={change} />
      <div className="chart-place" ref={place}>
        <Chart
          kind={choice.kind}
          title={`${choice.measures.join(", ")} by ${choice.x.key}`}
          labels={drawing.labels}
          series={drawing.series}
          height={choice.kind === "across" ? Math.max(height, drawing.labels.length * Math.max(24, drawing.series.length * 10 + 8)) : height}
        />
      </div>
      <div className="chart-foot">
        <p className="bench-note">{drawing.note}</p>
        <CopyButton label="Copy" description="Copy the chart's figures for a sheet" text={() => toTabs(drawing.header, drawing.rows)} />
        <button
          type="button"
          aria-label="The chart's figures as CSV"
          onClick={() => download(fileName(`${title} chart`, undefined, "csv"), toCsv(drawing.header, drawing.rows), "text/csv;charset=utf-8")}
        >
          CSV
        </button>
      </div>
    </div>
  );
}

function Choices({ table, choice, change }: { table: AnswerTable; choice: ChartChoice; change: Props["change"] }) {
  const { categories, measures } = optionsOf(table);
  return (
    <div className="chart-choices">
      <label>
        Chart
        <select value={choice.kind} onChange={(event) => change({ kind: event.target.value })}>
          {KINDS.map((kind) => <option key={kind} value={kind}>{KIND_NAMES[kind]}</option>)}
        </select>
      </label>
      <label>
        X axis
        <select value={choice.x.key} onChange={(event) => change({ x: event.target.value })}>
          {categories.map(({ key }) => <option key={key}>{key}</option>)}
        </select>
      </label>
      <label>
        Series
        <select value={choice.series?.key ?? ""} onChange={(event) => change({ series: event.target.value })}>
          <option value="">one for each measure</option>
          {categories.filter(({ key }) => key !== choice.x.key).map(({ key }) => <option key={key}>{key}</option>)}
        </select>
      </label>
      {choice.series ? (
        <label>
          Measure
          <select value={choice.measures[0]} onChange={(event) => change({ measures: event.target.value })}>
            {measures.map((measure) => <option key={measure} value={measure}>{nameOf(measure)}</option>)}
          </select>
        </label>
      ) : (
        <Measures all={measures} chosen={choice.measures} change={change} />
      )}
    </div>
  );
}

function Measures({ all, chosen, change }: { all: string[]; chosen: string[]; change: Props["change"] }) {
  const toggle = (measure: string) => {
    const next = all.filter((each) => (each === measure ? !chosen.includes(each) : chosen.includes(each)));
    if (next.length) change({ measures: next.join(",") });
  };
  return (
    <fieldset>
      <legend>Measures</legend>
      {all.map((measure) => (
        <label key={measure}>
          <input type="checkbox" checked={chosen.includes(measure)} onChange={() => toggle(measure)} />
          {nameOf(measure)}
        </label>
      ))}
    </fieldset>
  );
}

const nameOf = (measure: string) => (measure === ROWS ? "number of rows" : measure);

/** How high a place is now: a chart fills it. */
function useHeight(place: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setHeight(Math.floor(entry.contentRect.height)));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return height;
}
