/** The campaigns side by side. */
import { useMemo, useState } from "react";
import { graphql } from "../../generated";
import type { CampaignFiguresQuery } from "../../generated/graphql";
import { Chart } from "../../ui/chart";
import { type Column, DataTable } from "../../ui/data-table";
import { axisMoney, count, majorUnits, money, percent } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { definitionOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";

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

export function Campaigns({ variables, currency }: { variables: ReportArguments; currency: string | null | undefined }) {
  const measures = useMeasures();
  const { compareTo } = variables;
  const [form, setForm] = useState<Form>("table");
  const columns = useMemo(() => {
    const all: Column<Row>[] = [
      { key: "campaign", title: "Campaign", width: 2, value: (row) => row.campaign?.name ?? null, render: (row) => row.campaign?.name ?? <span className="quiet">No campaign</span> },
      { key: "referrals", title: "Referrals", isNumeric: true, width: 1.1, value: (row) => row.referrals, render: (row) => count(row.referrals) },
      { key: "customers", title: "Customers", isNumeric: true, width: 1.15, value: (row) => row.customers, render: (row) => count(row.customers) },
      { key: "conversionRate", title: "Conversion", isNumeric: true, width: 1.2, value: (row) => row.conversionRate ?? null, render: (row) => percent(row.conversionRate) },
      { key: "revenue", title: "Revenue", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.revenue, currency), render: (row) => money(row.revenue, currency) },
      { key: "earnings", title: "Earnings", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.earnings, currency), render: (row) => money(row.earnings, currency) },
      { key: "netRevenue", title: "Net revenue", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.netRevenue, currency), render: (row) => money(row.netRevenue, currency) },
    ];
    const defined = all.map((column) => ({ ...column, definition: definitionOf(measures.get(column.key)) }));
    if (!compareTo) return defined;
    const previous: Column<Row> = {
      key: "previous.netRevenue",
      title: "Compared",
      definition: "Net revenue of the compared period.",
      isNumeric: true,
      width: 1.3,
      value: (row) => majorUnits(row.previous?.netRevenue, currency),
      render: (row) => money(row.previous?.netRevenue, currency),
    };
    return [...defined, previous];
  }, [measures, currency, compareTo]);
  return (
    <Panel title="Campaigns" note={<FormChoice form={form} setForm={setForm} />} document={CAMPAIGN_FIGURES} variables={variables} height={396}>
      {({ performance }) => form === "chart" ? <CampaignChart rows={performance?.nodes ?? NO_ROWS} currency={currency} /> : (
        <DataTable
          title="Campaigns"
          columns={columns}
          rows={performance?.nodes ?? NO_ROWS}
          rowKey={rowKey}
          initialSorting={BEST_FIRST}
          empty="Nothing in this period."
        />
      )}
    </Panel>
  );
}

type Form = "table" | "chart";

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
function CampaignChart({ rows, currency }: { rows: Row[]; currency: string | null | undefined }) {
  const { labels, series } = useMemo(() => {
    const best = rows.slice(0, 20);
    const present = { label: "Net revenue", values: best.map(({ netRevenue }) => Number(netRevenue)) };
    const previous = { label: "Compared period", isPrevious: true, values: best.map((row) => Number(row.previous?.netRevenue ?? 0)) };
    return { labels: best.map(({ campaign }) => campaign?.name ?? "No campaign"), series: best.some((row) => row.previous) ? [present, previous] : [present] };
  }, [rows]);
  const format = useMemo(() => (value: number) => money(value, currency), [currency]);
  const formatAxis = useMemo(() => (value: number) => axisMoney(value, currency), [currency]);
  return <Chart kind="bar" title="Net revenue by campaign" labels={labels} series={series} format={format} formatAxis={formatAxis} height={380} />;
}

const NO_ROWS: Row[] = [];
const BEST_FIRST = { key: "netRevenue", descending: true };
