/** The campaigns side by side. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { CampaignFiguresQuery } from "../../generated/graphql";
import { Chart } from "../../ui/chart";
import { countColumn, moneyColumn } from "../../ui/columns";
import { type Column, DataTable, ExportButtons } from "../../ui/data-table";
import { axisMoney, money, percent } from "../../ui/format";
import { periodDays } from "../../ui/file-name";
import { Panel } from "../../ui/panel";
import { headingOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";
import { useView, type View } from "../view";

const CAMPAIGN_FIGURES = graphql(`
  query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
    performance(
      period: $period
      timezone: $timezone
      compareTo: $compareTo
      filter: $filter
      by: [CAMPAIGN]
      orderBy: [{ measure: NET_REVENUE, direction: DESC }]
      first: 1000
    ) {
      start
      end
      nodes {
        campaign { id name }
        referrals customers conversionRate revenue earnings netRevenue
        previous { netRevenue }
      }
    }
  }
`);

type Row = NonNullable<CampaignFiguresQuery["performance"]>["nodes"][number];

const rowKey = (row: Row) => row.campaign?.id ?? "";

export function Campaigns({ variables, currency }: { variables: ReportArguments; currency: string | null }) {
  const measures = useMeasures();
  const { compareTo, timezone } = variables;
  const { view, setView } = useView();
  const form = view.campaigns;
  const columns = useMemo(() => {
    const heading = (key: string, title: string, width?: number) => headingOf(measures, key, title, width);
    const all: Column<Row>[] = [
      { key: "campaign", title: "Campaign", width: 2.2, value: (row) => row.campaign?.name ?? null, render: (row) => row.campaign?.name ?? <span className="quiet">No campaign</span> },
      countColumn(heading("referrals", "Referrals", 1.1), (row) => row.referrals),
      countColumn(heading("customers", "Customers", 1.15), (row) => row.customers),
      { ...heading("conversionRate", "Conversion", 1.2), isNumeric: true, value: (row) => row.conversionRate, render: (row) => percent(row.conversionRate) },
      moneyColumn(heading("revenue", "Revenue", 1.3), currency, (row) => row.revenue),
      moneyColumn(heading("earnings", "Earnings", 1.3), currency, (row) => row.earnings),
      moneyColumn(heading("netRevenue", "Net revenue", 1.3), currency, (row) => row.netRevenue),
    ];
    if (!compareTo) return all;
    const previous = { key: "previous.netRevenue", title: "Compared", width: 1.3, definition: "Net revenue of the compared period.", isApproximate: measures.get("netRevenue").isApproximate };
    return [...all, moneyColumn<Row>(previous, currency, (row) => row.previous?.netRevenue)];
  }, [measures, currency, compareTo]);
  return (
    <Panel title="Campaigns" tools={<FormChoice form={form} setForm={(campaigns) => setView({ campaigns }, { replace: true })} />} document={CAMPAIGN_FIGURES} variables={variables} height={396}>
      {({ performance }, isOutdated) => {
        const rows = performance?.nodes ?? NO_ROWS;
        const shared = { title: "Campaigns", columns, days: periodDays(performance, timezone), isOutdated };
        return form === "table" ? (
          <DataTable {...shared} rows={rows} rowKey={rowKey} initialSorting={BEST_FIRST} empty="Nothing in this period." />
        ) : (
          <>
            <div className="data-table-tools chart-tools"><span className="data-table-buttons"><ExportButtons {...shared} shown={rows} /></span></div>
            <CampaignChart rows={rows} currency={currency} />
          </>
        );
      }}
    </Panel>
  );
}

type Form = View["campaigns"];

function FormChoice({ form, setForm }: { form: Form; setForm: (form: Form) => void }) {
  return (
    <span className="choice" role="group" aria-label="Campaigns as">
      {(["table", "chart"] as const).map((name) => (
        <button type="button" key={name} aria-pressed={form === name} onClick={() => setForm(name)}>{name === "table" ? "Table" : "Chart"}</button>
      ))}
    </span>
  );
}

/** The net revenue of the best, beside that of the compared period. */
function CampaignChart({ rows, currency }: { rows: Row[]; currency: string | null }) {
  const measures = useMeasures();
  const { labels, series } = useMemo(() => {
    const best = rows.slice(0, 20);
    const present = { label: measures.get("netRevenue").isApproximate ? "≈ Net revenue" : "Net revenue", values: best.map(({ netRevenue }) => Number(netRevenue)) };
    const previous = { label: "Compared period", isPrevious: true, values: best.map((row) => Number(row.previous?.netRevenue ?? 0)) };
    return { labels: best.map(({ campaign }) => campaign?.name ?? "No campaign"), series: best.some((row) => row.previous) ? [present, previous] : [present] };
  }, [rows, measures]);
  const format = useMemo(() => (value: number) => money(value, currency), [currency]);
  const formatAxis = useMemo(() => (value: number) => axisMoney(value, currency), [currency]);
  return <Chart kind="across" title="Net revenue by campaign" labels={labels} series={series} format={format} formatAxis={formatAxis} height={60 + labels.length * (series.length > 1 ? 44 : 32)} />;
}

const NO_ROWS: Row[] = [];
const BEST_FIRST = { key: "netRevenue", descending: true };
