/** A chart of series over labels: line, bars. Its figures stand beside it as a table, for those who do not see it. */
import { BarController, BarElement, CategoryScale, Chart as ChartJs, Filler, Legend, LineController, LineElement, LinearScale, PointElement, type Scale, Tooltip } from "chart.js";
import { useEffect, useRef, useSyncExternalStore } from "react";

ChartJs.register(BarController, BarElement, CategoryScale, Filler, Legend, LineController, LineElement, LinearScale, PointElement, Tooltip);

/** `across`: bars from left to right, for labels that are long. */
export type ChartKind = "line" | "bar" | "stacked" | "across";

export interface Series {
  label: string;
  /** One value for each label; null leaves a gap. */
  values: (number | null)[];
  /** Drawn dashed and pale: what the series is compared with. */
  isPrevious?: boolean;
  /** The values of parts of an interval, by their place: the line to and from them is dotted. */
  partial?: number[];
}

export interface ChartProps {
  kind: ChartKind;
  /** What the chart shows, for those who do not see it. */
  title: string;
  labels: string[];
  /** What each label stands for in full, in the tooltip and the table. */
  titles?: string[];
  series: Series[];
  /** How a value reads. */
  format?: (value: number) => string;
  /** How it reads on the axis, if it is shorter there. */
  formatAxis?: (value: number) => string;
  height?: number;
}

/** Told apart by those who see no red or green, and legible on both papers (Okabe and Ito). */
const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6", "--chart-7", "--chart-8"];

export function Chart({ kind, title, labels, titles = labels, series, format = readable, formatAxis = format, height = 260 }: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = useDark();
  useEffect(() => {
    if (!canvas.current) return;
    const style = getComputedStyle(document.body);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    // Below zero is told from above by a line.
    const grid = { color: ({ tick }: { tick?: { value: number } }) => colour(tick?.value === 0 ? "--control" : "--line") };
    // No ticks at half a customer.
    const precision = series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value))) ? 0 : undefined;
    const ticks = { color: colour("--quiet"), maxRotation: 0, autoSkipPadding: 12 };
    // Few enough for the room: skipped ones might hide the zero.
    const valueTicks = { ...ticks, precision, autoSkip: false, maxTicksLimit: 6, callback: (value: number | string) => formatAxis(Number(value)) };
    const labelTicks = kind === "across" ? { ...ticks, callback: shortened(labels) } : ticks;
    const chart = new ChartJs<"line" | "bar", (number | null)[]>(canvas.current, {
      type: kind === "line" ? "line" : "bar",
      data: {
        labels,
        datasets: series.map(({ label, values, isPrevious, partial = [] }, index) => {
          const tone = isPrevious ? colour("--quiet") : colour(COLOURS[index % COLOURS.length] ?? "--chart-1");
          return {
            label,
            data: values,
            borderColor: tone,
            backgroundColor: kind === "line" ? "transparent" : isPrevious ? `${tone}66` : tone,
            borderDash: isPrevious && kind === "line" ? DASHES : undefined,
            segment: { borderDash: ({ p0DataIndex, p1DataIndex }: { p0DataIndex: number; p1DataIndex: number }) => (partial.includes(p0DataIndex) || partial.includes(p1DataIndex) ? [2, 3] : undefined) },
            borderWidth: kind === "line" ? 2 : 0,
            pointRadius: labels.length > 60 ? 0 : 2,
            pointBackgroundColor: tone,
            tension: 0,
          };
        }),
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        indexAxis: kind === "across" ? "y" : "x",
        interaction: { mode: "index", axis: kind === "across" ? "y" : "x", intersect: false },
        scales: {
          [kind === "across" ? "y" : "x"]: { stacked: kind === "stacked", grid: { display: false }, ticks: labelTicks },
          [kind === "across" ? "x" : "y"]: { stacked: kind === "stacked", beginAtZero: true, grid, ticks: valueTicks },
        },
        plugins: {
          legend: { display: series.length > 1, position: "bottom", labels: { color: colour("--ink"), usePointStyle: true, pointStyle: kind === "line" ? "line" : "rect", pointStyleWidth: kind === "line" ? 26 : 12, ...(kind === "line" && { generateLabels: legendOf(series) }) } },
          tooltip: {
            callbacks: {
              title: ([item]) => (item ? titles[item.dataIndex] : ""),
              label({ dataset, parsed }) {
                const value = kind === "across" ? parsed.x : parsed.y;
                return `${dataset.label ?? ""}: ${value === null ? "–" : format(value)}`;
              },
            },
          },
        },
      },
    });
    return () => chart.destroy();
  }, [kind, labels, titles, series, format, formatAxis, isDark]);
  return (
    <figure className="chart" style={{ height }}>
      <canvas ref={canvas} role="img" aria-label={title} />
      <table className="visually-hidden">
        <caption>{title}</caption>
        <thead>
          <tr>
            <td />
            {series.map(({ label }, index) => <th scope="col" key={index}>{label}</th>)}
          </tr>
        </thead>
        <tbody>
          {titles.map((label, row) => (
            <tr key={row}>
              <th scope="row">{label}</th>
              {series.map(({ values }, index) => <td key={index}>{values[row] === null || values[row] === undefined ? "" : format(values[row])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** The legend's lines as in the chart: Chart.js takes those of points, which are never dashed. */
function legendOf(series: Series[]) {
  return (chart: ChartJs) =>
    ChartJs.defaults.plugins.legend.labels.generateLabels(chart).map((item) => ({ ...item, lineWidth: 2, lineDash: series[item.datasetIndex ?? 0]?.isPrevious ? DASHES : [] }));
}

const DASHES = [4, 4];

/** Long labels leave the bars two thirds of the room. */
function shortened(labels: string[]) {
  return function (this: Scale, _value: number | string, index: number): string {
    const label = labels[index] ?? "";
    const length = Math.max(8, Math.floor(this.chart.width / 3 / CHARACTER));
    return label.length > length ? `${label.slice(0, length - 1).trimEnd()}…` : label;
  };
}

/** The usual width of one, in pixels. */
const CHARACTER = 6.5;

const readable = (value: number) => value.toLocaleString();

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now: by the system, unless GraphiQL's user has chosen. */
function useDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const observer = new MutationObserver(listener);
      observer.observe(document.body, { attributeFilter: ["class"] });
      DARK.addEventListener("change", listener);
      return () => {
        observer.disconnect();
        DARK.removeEventListener("change", listener);
      };
    },
    () => document.body.classList.contains("graphiql-dark") || (DARK.matches && !document.body.classList.contains("graphiql-light")),
  );
}
