/** Headline figures, each with its change against the compared period. */
import type { ReactNode } from "react";
import { percent } from "../ui/format";
import { Approximate } from "../ui/approximate";
import { Definition } from "../ui/definition";
import type { Measure } from "./measures";

export interface FigureProps {
  title: string;
  measure: Measure;
  value: number | string | null | undefined;
  /** The compared period's; undefined if nothing is compared. */
  previous?: number | string | null;
  format: (value: number | string | null | undefined) => string;
  /** Which direction is welcome; neither if it is not given. */
  good?: "up" | "down";
  /** The period goes on: a change is neither good nor bad yet. */
  isRunning?: boolean;
  /** A change is told in percentage points. */
  isRate?: boolean;
  /** Stands at the right of the title. */
  tools?: ReactNode;
}

export function Figure({ title, measure, value, previous, format, good, isRunning, isRate, tools }: FigureProps) {
  return (
    <div className="figure">
      <div className="figure-head">
        <Definition term={title} text={measure.definition} />
        {tools}
      </div>
      <p className="figure-value">
        {measure.isApproximate && value !== null && <Approximate />}
        {format(value)}
      </p>
      {previous !== undefined && <Change {...changeOf(value, previous, isRate)} before={format(previous)} good={good} isRunning={isRunning} />}
    </div>
  );
}

interface ChangeInWords {
  direction: "up" | "down" | "same" | "unknown";
  /** How much: "12.5%", "1.3 points". Empty where it cannot be told. */
  amount: string;
}

function Change({ direction, amount, before, good, isRunning }: ChangeInWords & { before: string } & Pick<FigureProps, "good" | "isRunning">) {
  const tone = !good || isRunning || direction === "same" || direction === "unknown" ? "" : direction === good ? "good" : "bad";
  return (
    <p className="figure-change">
      {direction === "same" && <span>{isRunning ? "So far unchanged" : "Unchanged"}</span>}
      {(direction === "up" || direction === "down") && (
        <span className={tone}>
          <span aria-hidden="true">{direction === "up" ? "▲" : "▼"}</span> {isRunning ? `So far ${direction}` : direction === "up" ? "Up" : "Down"} {amount}
        </span>
      )}{" "}
      <span className="quiet">{direction === "unknown" ? "nothing to compare" : `from ${before}`}</span>
    </p>
  );
}

function changeOf(value: number | string | null | undefined, previous: number | string | null, isRate = false): ChangeInWords {
  if (value === null || value === undefined || previous === null) return { direction: "unknown", amount: "" };
  const [now, before] = [Number(value), Number(previous)];
  if (now === before) return { direction: "same", amount: "" };
  const direction = now > before ? "up" : "down";
  if (isRate) return { direction, amount: `${(Math.abs(now - before) * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })} points` };
  return { direction, amount: before === 0 ? "" : percent(Math.abs((now - before) / before)) };
}
